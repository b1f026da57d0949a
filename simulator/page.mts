import { type PlivoRecord, shown, type State } from './records.mts';
import type { Simulator } from './simulator.mts';

/** So many rows of each table are shown, the newest. */
const SHOWN_ROWS = 50;

const STYLE = `
	body { font: 14px system-ui; margin: 2em; }
	table { border-collapse: collapse; font-size: 12px; }
	td, th { border: 1px solid #8888; padding: 2px 6px; text-align: left; white-space: nowrap; }
	:root { color-scheme: light dark; }`;

const TITLES: Record<keyof State, string> = {
	trunks: 'Trunks',
	uris: 'Origination URIs',
	credentials: 'Credentials',
	ipacls: 'IP access control lists',
	numbers: 'Phone numbers',
	calls: 'Calls',
	applications: 'Applications',
	compliance: 'Compliance applications',
	rents: 'Rents',
	stock: 'Numbers to rent',
};

/** What the pages of no platform show. */
const SECRETS = /password|secret/i;

/** The account, the platforms and the last requests as an HTML page; no passwords. */
export function statePage({ state, platforms, requests }: Simulator): string {
	const tables = Object.entries(TITLES).map(([kind, title]) =>
		table(title, state[kind as keyof State].all()),
	);
	const others = Object.entries(platforms.all()).flatMap(([platform, kinds]) =>
		Object.entries(kinds)
			.filter(([, records]) => Array.isArray(records) && records.length > 0)
			.map(([kind, records]) =>
				table(
					`${platform}: ${kind.replaceAll('_', ' ')}`,
					(records as unknown[]).map(withoutSecrets),
				),
			),
	);
	const log = [...requests, ...platforms.requests]
		.sort((a, b) => a.at - b.at)
		.slice(-SHOWN_ROWS)
		.map(({ at, method, path, status, fault }) => ({
			time: new Date(at).toISOString(),
			method,
			path,
			status: status || 'no answer',
			fault,
		}));
	return `<!doctype html><meta charset="utf-8"><title>Plivo SIP Trunking simulator</title><style>${STYLE}</style>
<h1>Plivo SIP Trunking simulator</h1>${[...tables, ...others].join('')}${table('Last requests', log)}`;
}

const withoutSecrets = (record: unknown): PlivoRecord =>
	JSON.parse(
		JSON.stringify({ record }, (name, value: unknown) => (SECRETS.test(name) ? undefined : value)),
	).record as PlivoRecord;

function table(title: string, records: PlivoRecord[]): string {
	const rows = records
		.slice(-SHOWN_ROWS)
		.reverse()
		.map((record) => shown(record));
	const fields = [...new Set(rows.flatMap((record) => Object.keys(record)))];
	const row = (cells: unknown[], tag: string) =>
		`<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
	const body = rows.map((record) =>
		row(
			fields.map((field) => record[field]),
			'td',
		),
	);
	return `<h2>${title} (${records.length})</h2><table>${row(fields, 'th')}${body.join('')}</table>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(value: unknown): string {
	const text = typeof value === 'object' && value !== null ? value : String(value ?? '');
	return (typeof text === 'string' ? text : JSON.stringify(text)).replace(
		/[&<>]/g,
		(character) => ENTITIES[character] ?? character,
	);
}
