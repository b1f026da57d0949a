/** The example workflows that adopt an account and report its drift, in a real n8n. */
import { readFileSync, writeFileSync } from 'node:fs';

import type { Mail } from '../../demo/mailbox.mts';
import type { LoggedRequest } from '../../simulator/simulator.mts';
import { only } from '../support/elements.mts';
import { type ExampleStand, linkIn, readable, startExamples, submit } from './exampleStand.mts';
import { makeByHand } from './handMade.mts';
import { eventually } from './stand.mts';

let examples: ExampleStand;
let stand: ExampleStand['stand'];
let mailbox: ExampleStand['mailbox'];
let session: ExampleStand['session'];
let editor: ExampleStand['editor'];
/** The path of the data tables. */
let tables: string;

beforeAll(async () => {
	examples = await startExamples('workflows-drift');
	({ stand, mailbox, session, editor } = examples);
	const { id } = (await session('GET', '/projects/personal')) as { id: string };
	tables = `/projects/${id}/data-tables`;
});

afterAll(async () => await examples?.close());

interface Table {
	id: string;
	name: string;
}

const tableOf = async (): Promise<Table | undefined> => {
	const { data } = (await session('GET', tables)) as { data: Table[] };
	return data.find(({ name }) => name === 'Customers');
};

const COLUMNS = [
	'name',
	'direction',
	'pbx',
	'fallback_pbx',
	'phone_numbers',
	'username',
	'credential_id',
	'ip_acl_id',
];

async function rowsInTable(): Promise<Array<Record<string, unknown>>> {
	const { id } = (await tableOf())!;
	const { data } = (await session('GET', `${tables}/${id}/rows?take=250`)) as {
		data: Array<Record<string, unknown>>;
	};
	return data;
}

/** The table with these rows and no others. */
async function fill(rows: Array<Record<string, unknown>>): Promise<void> {
	const old = await tableOf();
	if (old) await session('DELETE', `${tables}/${old.id}`);
	const columns = [
		...COLUMNS.map((name) => ({ name, type: 'string' })),
		{ name: 'secure', type: 'boolean' },
	];
	const { id } = (await session('POST', tables, { name: 'Customers', columns })) as Table;
	for (let at = 0; at < rows.length; at += 200)
		await session('POST', `${tables}/${id}/insert`, {
			data: rows.slice(at, at + 200),
			returnType: 'count',
		});
}

/** Runs the report; answers its mail, if there is one. */
async function report(): Promise<Mail | undefined> {
	const seen = mailbox.mails.length;
	const id = await examples.run('nightlyDriftReport', 'Try it now');
	await eventually(
		'the report',
		async () => (['new', 'running'].includes(await examples.statusOf(id)) ? undefined : true),
		150,
	);
	return mailbox.mails.slice(seen).find(({ subject }) => subject.startsWith('Plivo drift'));
}

/** The names in a section of the mail. */
const namesIn = ({ html }: Mail, title: string) => {
	const section = html.split('<h3>').find((part) => part.startsWith(title)) ?? '';
	return [...section.matchAll(/<b>(.*?)<\/b>/g)]
		.map(([, name = '']) => name)
		.filter((name) => !/^Repair/.test(name));
};

describe('Adopt what is there', () => {
	it('an account of 100 trunks made by hand is adopted, and the report is empty', async () => {
		stand.simulator.reset();
		makeByHand(stand.simulator, 100);
		await examples.ended(await examples.run('adoptWhatIsThere', 'Try it now'));
		const rows = await rowsInTable();
		expect(rows).toHaveLength(100);
		expect(await report()).toBeUndefined();
		expect(examples.writes()).toEqual([]);
		// Once more: no row twice.
		await examples.ended(await examples.run('adoptWhatIsThere', 'Try it now'));
		expect(await rowsInTable()).toHaveLength(100);
	});

	it('two directions become one row; what can’t be told apart is left out and stays in the report', async () => {
		const { addTrunk, addUri, addCredential, reset } = stand.simulator;
		reset();
		await fill([]);
		const { uri_uuid } = addUri({ name: 'pbx', uri: 'pbx.example:5060' });
		const { credential_uuid } = addCredential({ name: 'login', username: 'pairlogin' });
		const inbound = (name: string) =>
			addTrunk({ name, trunk_direction: 'inbound', primary_uri_uuid: uri_uuid });
		inbound('Pair inbound');
		addTrunk({ name: 'Pair outbound', trunk_direction: 'outbound', credential_uuid });
		inbound('Twin inbound');
		inbound('Twin');
		addTrunk({ name: 'No address', trunk_direction: 'inbound', primary_uri_uuid: null });
		await examples.ended(await examples.run('adoptWhatIsThere', 'Try it now'));
		expect((await rowsInTable()).map(({ name, direction }) => [name, direction]).sort()).toEqual([
			['Pair', 'both'],
			['Twin', 'inbound'],
		]);
		const mail = (await report())!;
		expect(namesIn(mail, 'On the account, not in the table').sort()).toEqual([
			'No address',
			'Twin',
		]);
	});
});

describe('the nightly drift report', () => {
	it('rows that can’t be read are named by row and field, and say nothing of their trunks', async () => {
		const { addTrunk, addUri, addNumber, reset, authId } = stand.simulator;
		reset();
		const { uri_uuid } = addUri({ name: 'pbx', uri: 'pbx.example:5060' });
		for (const [name, number] of [
			['Sideways inbound', '14155550041'],
			['Bad number', '14155550071'],
		]) {
			const { trunk_id } = addTrunk({
				name,
				trunk_direction: 'inbound',
				primary_uri_uuid: uri_uuid,
			});
			addNumber({
				number,
				application: `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk_id)}/`,
			});
		}
		stand.simulator.clearRequests();
		await fill([
			{ name: ' \u200b', direction: 'both', pbx: 'a.example;transport=tls' },
			{ name: 'Double', direction: 'both', pbx: 'a.example;transport=tls' },
			{ name: ' Double\u00a0', direction: 'inbound', pbx: 'b.example' },
			{ name: 'Sideways', direction: 'sideways', phone_numbers: '+14155550041' },
			{ name: 'No PBX', direction: 'inbound' },
			{ name: 'Out', direction: 'outbound', phone_numbers: '+14155550001' },
			{ name: 'Bad number', direction: 'inbound', pbx: 'c.example', phone_numbers: '12' },
			{ name: 'Not ours', direction: 'inbound', pbx: 'd.example', phone_numbers: '+14155550001' },
		]);
		const mail = (await report())!;
		for (const line of [
			'Row 1, name: is empty',
			'Row 2, name: "Double" is in rows 2 and 3; each customer has one row',
			'Row 3, name: "Double" is in rows 2 and 3',
			'Row 4, direction: is "sideways", not inbound, outbound or both',
			'Row 5, pbx: is empty, but the direction includes inbound calls',
			'Row 6, phone_numbers: are set, but the direction is outbound',
			"Row 7, inbound: 'Phone Numbers' contains",
			"Row 8, inbound: 'Phone Numbers' contains 14155550001, which is not on the account",
		])
			expect(readable(mail.html)).toContain(line);
		expect(namesIn(mail, 'On the account')).toEqual([]);
		expect(mail.html).toContain('Nothing here can be repaired automatically');
		expect(examples.writes()).toEqual([]);
	});

	it('missing, different and in no row: told in one mail, repaired by one click', async () => {
		const { addTrunk, addUri, addCredential, addNumber, reset, state, authId } = stand.simulator;
		reset();
		const { credential_uuid } = addCredential({ name: 'Initech', username: 'initechsip' });
		const uri = addUri({ name: 'Initech', uri: 'old.initech.example:5060' });
		const trunk = addTrunk({
			name: 'Initech inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri.uri_uuid,
		});
		addTrunk({
			name: 'Initech outbound',
			trunk_direction: 'outbound',
			credential_uuid,
			secure: false,
		});
		addTrunk({ name: 'Forgotten <b>', trunk_direction: 'outbound', credential_uuid });
		addNumber({
			number: '14155550001',
			application: `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk.trunk_id)}/`,
		});
		addNumber({ number: '14155550002' });
		await fill([
			{
				name: 'Globex',
				direction: 'both',
				pbx: 'sip.globex.example;transport=tls',
				phone_numbers: '+1 415 555 0002',
				username: 'globexsip',
			},
			{ name: 'Initech', direction: 'both', pbx: 'new.initech.example:5060', secure: true },
		]);
		stand.simulator.clearRequests();
		const mail = (await report())!;
		await editor.page.setContent(mail.html);
		await editor.picture('drift 1 mail');
		expect(mail.subject).toBe('Plivo drift: 1 missing, 1 different, 2 not in the table');
		expect(namesIn(mail, 'Missing')).toEqual(['Globex']);
		expect(namesIn(mail, 'Different')).toEqual(['Initech']);
		expect(namesIn(mail, 'On the account')).toEqual(['Forgotten &#60;b&#62;', 'Initech inbound']);
		for (const line of [
			'create inbound trunk',
			'route +14155550002 from nowhere to the inbound trunk',
			'change URI of the origination URI &#34;Initech&#34;, which moves calls to 14155550001 (uri: old.initech.example:5060 → new.initech.example:5060)',
			'change Secure of the outbound trunk',
			'Plivo bills encrypted calls',
			'+14155550001 is routed to this trunk, but not in its row',
		])
			expect(mail.html).toContain(line);
		expect(examples.writes()).toEqual([]);

		// Between mail and click, somebody changes one of them.
		addCredential({ name: 'Globex', username: 'globexsip' });
		const seen = mailbox.mails.length;
		await editor.page.goto(linkIn(mail, /Repair/));
		await editor.picture('drift 2 page', editor.page.locator('body'));
		await editor.page.click('#submit-btn');
		await editor.page.getByText('The repair has started').waitFor();
		const result = await examples.nextMail(seen, /repaired/);
		await editor.page.setContent(result.html);
		await editor.picture('drift 3 result');
		expect(result.subject).toBe('Plivo drift: 2 repaired, 1 not');
		expect(namesIn(result, 'Not repaired')).toEqual(['Globex']);
		expect(result.html).toContain('The plan is no longer the one that was approved');
		expect(
			state.trunks
				.all()
				.map(({ name }) => name)
				.sort(),
		).toEqual(['Forgotten <b>', 'Globex inbound', 'Initech inbound', 'Initech outbound']);

		// The next report plans the rest anew; after its repair only what is in no row is left.
		const again = (await report())!;
		expect(again.subject).toBe('Plivo drift: 1 missing, 2 not in the table');
		await submit(linkIn(again, /Repair/));
		const rest = await examples.nextMail(seen + 2, /1 repaired, 0 not/);
		const { password } = only(state.credentials.all().filter(({ name }) => name === 'Globex'));
		expect(rest.html).toContain('Rotate Password');
		expect(rest.html).not.toContain(String(password));
		expect(examples.onDisk(String(password))).toEqual([]);
		const last = (await report())!;
		expect(last.subject).toBe('Plivo drift: 2 not in the table');
		expect(last.html).toContain('Nothing here can be repaired automatically');
	});

	it('numbers are compared as the node reads them, however the table writes them', async () => {
		const { addTrunk, addUri, addNumber, reset, authId } = stand.simulator;
		reset();
		const written = {
			Brackets: ['+44 (0)20 7946 0001', ['442079460001']],
			Zeros: ['0044 20 7946 0002', ['442079460002']],
			Decimals: ['14155550100.0', ['14155550100']],
			Bars: ['+14155550101|+14155550102', ['14155550101', '14155550102']],
			Spaces: ['+14155550103 +14155550104', ['14155550103', '14155550104']],
		} as const;
		const rows = Object.entries(written).map(([name, [phone_numbers, numbers]]) => {
			const pbx = `${name.toLowerCase()}.example:5060`;
			const { uri_uuid } = addUri({ name, uri: pbx });
			const { trunk_id } = addTrunk({
				name: `${name} inbound`,
				trunk_direction: 'inbound',
				primary_uri_uuid: uri_uuid,
			});
			const application = `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk_id)}/`;
			for (const number of numbers) addNumber({ number, application });
			return { name, direction: 'inbound', pbx, phone_numbers };
		});
		await fill(rows);
		expect(await report()).toBeUndefined();
	});

	it('what was changed by hand since the last report is seen', async () => {
		const { addTrunk, addUri, addNumber, reset, state, authId } = stand.simulator;
		reset();
		const { uri_uuid } = addUri({ name: 'Soylent', uri: 'sip.soylent.example:5060' });
		const route = (id: unknown) => `/v1/Account/${authId}/Zentrunk/Trunk/${String(id)}/`;
		const { trunk_id } = addTrunk({
			name: 'Soylent inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
		// The number in the middle: at either end of a list a change is seen more easily.
		for (let n = 1; n <= 50; n++)
			addNumber({
				number: String(14155550000 + n),
				application: n === 25 ? route(trunk_id) : null,
			});
		await fill([
			{
				name: 'Soylent',
				direction: 'inbound',
				pbx: 'sip.soylent.example:5060',
				phone_numbers: '+14155550025',
			},
		]);
		expect(await report()).toBeUndefined();
		Object.assign(state.numbers.get('14155550025')!, { application: null });
		expect((await report())?.subject).toBe('Plivo drift: 1 different');
		Object.assign(state.numbers.get('14155550025')!, { application: route(trunk_id) });
		expect(await report()).toBeUndefined();
	});
});

it('1,000 customers: one listing of each kind', async () => {
	const { simulator } = stand;
	simulator.reset();
	const { addTrunk, addUri, addCredential, addNumber, authId } = simulator;
	const rows = Array.from({ length: 1_000 }, (_, n) => {
		const name = `Customer ${n}`;
		const { uri_uuid } = addUri({ name, uri: `pbx${n}.example:5060` });
		const { credential_uuid } = addCredential({ name, username: `customer${n}` });
		const { trunk_id } = addTrunk({
			name: `${name} inbound`,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
		addTrunk({ name: `${name} outbound`, trunk_direction: 'outbound', credential_uuid });
		const number = String(14150000000 + n);
		addNumber({
			number,
			application: `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk_id)}/`,
		});
		return { name, direction: 'both', pbx: `pbx${n}.example:5060`, phone_numbers: number };
	});
	await fill(rows);
	const figures = [{ rss: residentMb(examples.n8n.pid) }];
	for (let round = 0; round < 3; round++) {
		simulator.clearRequests();
		Object.assign(simulator.options, { latencyMs: 50, rateLimit: false });
		const started = performance.now();
		expect(await report()).toBeUndefined();
		const seconds = Math.round(performance.now() - started) / 1000;
		const counted = countsOf(simulator.requests);
		figures.push({ ...counted, seconds, rss: residentMb(examples.n8n.pid) } as never);
		// No record is read for itself, and a page of a list not more often than the workflow lists it.
		const kinds = {
			'/Zentrunk/Trunk/': 'trunks',
			'/Number/': 'numbers',
			'/Zentrunk/URI/': 'uris',
			'/Zentrunk/Credential/': 'credentials',
		} as const;
		const pages = {
			'/Zentrunk/Trunk/': 2,
			'/Number/': 2,
			'/Zentrunk/URI/': 1,
			'/Zentrunk/Credential/': 1,
		};
		expect(Object.keys(counted.counts).sort()).toEqual(
			Object.keys(pages)
				.map((path) => `GET ${path}`)
				.sort(),
		);
		for (const [path, listings] of Object.entries(pages)) {
			const all = simulator.state[kinds[path as keyof typeof pages]].size;
			// Pages overlap by one record; some more tell whether the list stayed the same. What was read is kept for a
			// minute: a machine that takes longer lists once more.
			const most = listings + Math.floor(seconds / 60);
			expect(counted.counts[`GET ${path}`]).toBeLessThan((all / 19 + 12) * most);
		}
	}
	Object.assign(simulator.options, { latencyMs: 0, rateLimit: true });
	writeFileSync('test-artifacts/drift-figures.json', JSON.stringify(figures, null, '\t'));
	// Twice a thousand customers through every expression of n8n's.
}, 600_000);

/** Requests by what they ask for; records by their kind. */
function countsOf(requests: LoggedRequest[]) {
	const counts: Record<string, number> = {};
	for (const { method, path, query } of requests) {
		const kind = path.replace(
			/(?<=(Trunk|URI|Credential|IPAccessControlList|Number)\/)[^/]+\/$/,
			'<id>/',
		);
		const filters = Object.keys(query).filter((name) => !['limit', 'offset'].includes(name));
		const key = [method, kind, ...filters].join(' ');
		counts[key] = (counts[key] ?? 0) + 1;
	}
	const times = requests.map(({ at }) => at);
	return { counts, total: requests.length, span: (Math.max(...times) - Math.min(...times)) / 1000 };
}

/** Resident memory of a process and all below it, in MB. */
function residentMb(pid: number): number {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
		.trim()
		.split(' ')
		.filter(Boolean);
	const own =
		Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
	return Math.round(own + children.reduce((sum, child) => sum + residentMb(Number(child)), 0));
}
