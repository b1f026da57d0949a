import type { FastifyInstance } from 'fastify';

import { shown } from './api.mts';
import type { FaultRule } from './faults.mts';
import type { KindName, PlivoRecord } from './records.mts';
import type { Simulator } from './simulator.mts';

const escaped = (value: unknown) =>
	String(
		typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? ''),
	).replace(
		/[&<>]/g,
		(character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] as string,
	);

function table(title: string, records: PlivoRecord[]): string {
	const some = records.slice(-50).map(shown);
	const fields = [...new Set(some.flatMap((record) => Object.keys(record)))].slice(0, 12);
	const row = (cells: unknown[], tag: string) =>
		`<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
	return `<h2>${title} (${records.length})</h2><table>${row(fields, 'th')}${some
		.map((record) =>
			row(
				fields.map((field) => record[field]),
				'td',
			),
		)
		.join('')}</table>`;
}

/** `GET /`: the account as tables. `/_simulator/…`: to look at and change everything from outside. */
export function addControl(server: FastifyInstance, simulator: Simulator): void {
	const { state, requests, faults, options } = simulator;
	const asJson = () =>
		Object.fromEntries(
			Object.entries(state).map(([kind, records]) => [kind, [...records.values()].map(shown)]),
		);
	const bodyOf = <T,>(body: unknown) => JSON.parse(String(body || '{}')) as T;

	server.get('/', async (_request, reply) => {
		const tables = Object.entries(state).map(([kind, records]) =>
			table(kind, [...records.values()]),
		);
		const log = requests.map(({ at, method, path, status, fault }) => ({
			time: new Date(at).toISOString(),
			method,
			path,
			status,
			fault,
		}));
		await reply
			.type('text/html')
			.send(
				`<!doctype html><title>Plivo SIP Trunking simulator</title><style>body{font:14px system-ui;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 6px;text-align:left}</style><h1>Plivo SIP Trunking simulator</h1>${tables.join('')}${table('requests', log)}`,
			);
	});
	server.get('/_simulator/state', async () => asJson());
	server.get('/_simulator/requests', async () => requests);
	server.post('/_simulator/faults', async (request) => {
		faults.add(bodyOf<FaultRule>(request.body));
		return { ok: true };
	});
	server.delete('/_simulator/faults', async () => {
		faults.clear();
		return { ok: true };
	});
	server.post('/_simulator/reset', async () => {
		simulator.reset();
		return { ok: true };
	});
	server.post('/_simulator/seed', async (request) => {
		simulator.seed(bodyOf<Partial<Record<KindName, number>>>(request.body));
		return { ok: true };
	});
	server.post('/_simulator/calls', async (request) => {
		const calls = bodyOf<PlivoRecord[] | PlivoRecord>(request.body);
		return [calls].flat().map((call) => simulator.add('calls', call));
	});
	server.post('/_simulator/options', async (request) => {
		Object.assign(options, bodyOf<Partial<typeof options>>(request.body));
		return { ok: true };
	});
}
