import type { AxiosInstance } from 'axios';

import { type Fault, type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { accountOf } from './account.mts';

let simulator: Simulator;
let account: AxiosInstance;

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false });
	account = accountOf(simulator);
});

beforeEach(() => simulator.reset());

afterAll(async () => await simulator.close());

const IP_ACL = 'Zentrunk/IPAccessControlList/';
const GOOD = { name: 'Office', ip_addresses: ['203.0.113.1'] };

/** What a client sees of a create that meets a fault: the answer, or the code of the error. */
async function createUnder(fault: Fault) {
	simulator.faults.add({ method: 'POST', faults: [fault] });
	const outcome = await account
		.post(IP_ACL, GOOD, { timeout: fault.kind.startsWith('hang') ? 100 : 0 })
		.catch((error: { code?: string }) => error.code);
	return { outcome, made: simulator.state.ipacls.size };
}

describe('a broken connection', () => {
	it.each<[Fault, string, number]>([
		[{ kind: 'reset' }, 'ECONNRESET', 0],
		[{ kind: 'reset', done: true }, 'ECONNRESET', 1],
		[{ kind: 'resetAfter' }, 'ECONNRESET', 1],
		[{ kind: 'hang' }, 'ECONNABORTED', 0],
		[{ kind: 'hangAfter' }, 'ECONNABORTED', 1],
		[{ kind: 'truncate' }, 'ERR_BAD_RESPONSE', 1],
	])('%j is %s to the client, and %d records are made', async (fault, code, records) => {
		const { outcome, made } = await createUnder(fault);
		expect(outcome).toBe(code);
		expect(made).toBe(records);
		expect(simulator.requests).toMatchObject([{ status: 0, fault: fault.kind, body: GOOD }]);
	});
});

describe('slow', () => {
	it.each<[Fault, number | string]>([
		[{ kind: 'slow', ms: 50 }, 504],
		[{ kind: 'slow', as: 'reset', ms: 50 }, 'ECONNRESET'],
		[{ kind: 'slow', as: 'hang', ms: 150 }, 'ECONNABORTED'],
	])('%j: the answer is lost, and the request carried out later', async (fault, outcome) => {
		simulator.faults.add({ method: 'POST', faults: [fault] });
		const answer = await account.post(IP_ACL, GOOD, { timeout: 100 }).then(
			({ status }) => status,
			({ code }: { code: string }) => code,
		);
		expect(answer).toBe(outcome);
		expect([simulator.state.ipacls.size, simulator.unfinished]).toEqual([0, 1]);
		while (simulator.unfinished > 0) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(simulator.state.ipacls.size).toBe(1);
	});

	it('waits as long as the variant says, and not for a reset', async () => {
		simulator.variants.slow = 20;
		await createUnder({ kind: 'slow' });
		simulator.reset();
		await new Promise((resolve) => setTimeout(resolve, 60));
		expect([simulator.state.ipacls.size, simulator.unfinished]).toEqual([0, 0]);
	});
});

describe('an answer that is none', () => {
	it.each<[Fault, { status: number; data: unknown }, number]>([
		[{ kind: 'empty' }, { status: 200, data: '' }, 1],
		[{ kind: 'html' }, { status: 502, data: expect.stringContaining('<h1>Bad Gateway') }, 0],
		[{ kind: 'html', done: true }, { status: 502, data: expect.any(String) }, 1],
		[{ kind: 'badJson' }, { status: 201, data: expect.stringMatching(/^\{"api_id":"[^}]*$/) }, 1],
		[{ kind: 'redirect', location: 'http://127.0.0.1:9/' }, { status: 302, data: '' }, 0],
		[{ kind: 'delay', ms: 1 }, { status: 201, data: { ipacl_uuid: expect.any(String) } }, 1],
	])('%j', async (fault, answer, records) => {
		const { outcome, made } = await createUnder(fault);
		expect(outcome).toMatchObject(answer);
		expect(made).toBe(records);
	});

	it('badJson and truncate cut lists too', async () => {
		simulator.seed({ ipacls: 5 });
		simulator.faults.add({ faults: [{ kind: 'badJson' }], times: 1 });
		simulator.faults.add({ faults: [{ kind: 'truncate' }] });
		expect(typeof (await account.get(IP_ACL)).data).toBe('string');
		await expect(account.get(IP_ACL)).rejects.toMatchObject({ code: 'ERR_BAD_RESPONSE' });
	});

	it('huge is more than 5 MB', async () => {
		simulator.faults.add({ faults: [{ kind: 'huge' }] });
		const { headers } = await account.get(IP_ACL);
		expect(Number(headers['content-length'])).toBeGreaterThan(5 * 1024 * 1024);
	});

	it('a redirect names its target', async () => {
		simulator.faults.add({ faults: [{ kind: 'redirect', location: 'http://127.0.0.1:9/x' }] });
		expect((await account.get(IP_ACL)).headers.location).toBe('http://127.0.0.1:9/x');
	});
});

describe('a status', () => {
	it('comes before the work, or with `done` after it', async () => {
		const before = await createUnder({ kind: 'status', status: 503 });
		expect(before).toMatchObject({ outcome: { status: 503 }, made: 0 });
		simulator.faults.clear();
		const after = await createUnder({ kind: 'status', status: 500, done: true });
		expect(after).toMatchObject({ outcome: { status: 500 }, made: 1 });
	});

	it('has the body, headers and Retry-After of the rule', async () => {
		const status = 429;
		simulator.faults.add({
			faults: [
				{
					kind: 'status',
					status,
					body: { message: 'slow' },
					headers: { 'X-Y': 'z' },
					retryAfter: 3,
				},
			],
			times: 1,
		});
		simulator.faults.add({ faults: [{ kind: 'status', status, body: 'slow' }], times: 1 });
		simulator.faults.add({ faults: [{ kind: 'status', status, html: true }] });
		const [json, text, html] = [
			await account.get(IP_ACL),
			await account.get(IP_ACL),
			await account.get(IP_ACL),
		];
		expect(json.data).toEqual({ message: 'slow' });
		expect(json.headers).toMatchObject({ 'x-y': 'z', 'retry-after': '3' });
		expect([text.data, text.headers['content-type']]).toEqual([
			'slow',
			expect.stringContaining('text/plain'),
		]);
		expect(html.headers['content-type']).toContain('text/html');
	});
});

describe('a rule', () => {
	const statuses = async (count: number, path = IP_ACL) => {
		const seen: number[] = [];
		for (let sent = 0; sent < count; sent++) seen.push((await account.get(path)).status);
		return seen;
	};
	const FAULTS: Fault[] = [{ kind: 'status', status: 500 }];

	it('nth: only that request', async () => {
		simulator.faults.add({ nth: 2, faults: FAULTS });
		expect(await statuses(3)).toEqual([200, 500, 200]);
	});

	it('from: that request and the later ones', async () => {
		simulator.faults.add({ from: 2, faults: FAULTS });
		expect(await statuses(3)).toEqual([200, 500, 500]);
	});

	it('times: so many at most', async () => {
		simulator.faults.add({ times: 2, faults: FAULTS });
		expect(await statuses(3)).toEqual([500, 500, 200]);
	});

	it('method and path: those requests alone', async () => {
		simulator.faults.add({ method: 'POST', faults: FAULTS });
		simulator.faults.add({ path: 'Trunk/', faults: FAULTS });
		simulator.faults.add({ path: /\/URI\/$/, faults: FAULTS });
		expect(await statuses(1)).toEqual([200]);
		expect(await statuses(1, 'Zentrunk/URI/')).toEqual([500]);
		expect((await account.get('Zentrunk/URI/1/')).status).toBe(404);
		expect(await statuses(1, 'Zentrunk/Trunk/')).toEqual([500]);
		expect((await account.post(IP_ACL, GOOD)).status).toBe(500);
	});

	it('probability and choice: the same for the same seed', async () => {
		const run = async (randomSeed: number) => {
			simulator.reset();
			const faults = [503, 500].map((status): Fault => ({ kind: 'status', status }));
			simulator.faults.add({ probability: 0.5, randomSeed, faults });
			return (await statuses(40)).join(' ');
		};
		const first = await run(7);
		expect(new Set(first.split(' '))).toEqual(new Set(['200', '500', '503']));
		expect(await run(7)).toBe(first);
		expect(await run(8)).not.toBe(first);
	});

	it('of no or an unknown fault is an error', () => {
		expect(() => simulator.faults.add({ faults: [] })).toThrow('at least one fault');
		const unknown = { kind: 'flood' } as unknown as Fault;
		expect(() => simulator.faults.add({ faults: [unknown] })).toThrow(
			'"flood" is none of the faults',
		);
	});

	it('a request that is refused for its credentials meets no fault', async () => {
		simulator.faults.add({ faults: FAULTS });
		expect((await accountOf(simulator, 'Basic x').get(IP_ACL)).status).toBe(401);
	});
});
