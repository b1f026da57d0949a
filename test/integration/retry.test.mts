import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator, Fault, FaultRule } from '../../simulator/simulator.mts';
import { only } from '../support/elements.mts';
import { takeLogs } from '../support/engine.mts';
import {
	closeAccounts,
	credentialsOf,
	newAccount,
	type Operation,
	run,
	sentTo,
} from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

beforeEach(() => {
	takeLogs();
	// No test of what is done needs to wait for it: the back-off itself has tests of its own.
	jest.spyOn(Math, 'random').mockReturnValue(0.01);
	jest.replaceProperty(settling, 'ms', 300);
});
afterEach(() => jest.restoreAllMocks());

const CREATE: INodeParameters = {
	name: 'Acme',
	uri: 'sip.acme.com;transport=tcp',
	options: { timeout: 1 },
};

const createTrunk = (): Operation => [
	'trunk',
	'create',
	{
		name: 'Acme',
		trunkDirection: 'inbound',
		primaryUriId: String(plivo.addUri().uri_uuid),
		options: { timeout: 1 },
	},
];

const getUri = (id: unknown, options: IDataObject = {}): Operation => [
	'originationUri',
	'get',
	{ originationUriId: id, options: { timeout: 1, ...options } },
];

/** The faults that leave open whether the work was done. */
const MAYBE: Array<[string, Fault]> = [
	['500', { kind: 'status', status: 500 }],
	['500 after the work', { kind: 'status', status: 500, done: true }],
	['502 with a web page', { kind: 'html' }],
	['502 with a web page, after the work', { kind: 'html', done: true }],
	['503', { kind: 'status', status: 503 }],
	['503 after the work', { kind: 'status', status: 503, done: true }],
	['504 after the work', { kind: 'status', status: 504, done: true }],
	['520', { kind: 'status', status: 520, html: true }],
	['a broken connection', { kind: 'reset' }],
	['a broken connection after the work', { kind: 'reset', done: true }],
	['no answer', { kind: 'hang' }],
	['no answer after the work', { kind: 'hang', done: true }],
	['half an answer', { kind: 'truncate' }],
	['broken JSON', { kind: 'badJson' }],
	['an empty answer', { kind: 'empty' }],
];

const NEVER: Array<[string, Fault]> = [
	['429', { kind: 'status', status: 429 }],
	['429 with Retry-After', { kind: 'status', status: 429, retryAfter: 0 }],
	['429 with a date', { kind: 'status', status: 429, retryAfter: new Date(0).toUTCString() }],
];

const once = (fault: Fault, rule: Partial<FaultRule> = {}) =>
	plivo.faults.add({ times: 1, ...rule, faults: [fault] });

const always = (fault: Fault, rule: Partial<FaultRule> = {}) =>
	plivo.faults.add({ ...rule, faults: [fault] });

const count = (method: string) =>
	plivo.requests.filter((request) => request.method === method).length;

/** What other writes do after one: test/unit/changes/decide.test.mts, and the simulation. */
describe('one failed attempt', () => {
	describe.each([...MAYBE, ...NEVER])('%s', (_, fault) => {
		it('of a create: made exactly once, and told as if nothing had happened', async () => {
			const smooth = await run(plivo, 'originationUri', 'create', CREATE);
			plivo.reset();
			once(fault, { method: 'POST' });
			const { json, error } = await run(plivo, 'originationUri', 'create', CREATE);
			expect(error).toBeUndefined();
			const { uri_uuid: id, ...made } = only(json);
			const { uri_uuid: _id, ...expected } = only(smooth.json);
			expect(made).toMatchObject(expected);
			expect([...plivo.state.uris.keys()]).toEqual([id]);
		});

		it('of a read: read', async () => {
			const uri = plivo.addUri();
			once(fault, { method: 'GET' });
			const { json, error } = await run(plivo, ...getUri(uri.uri_uuid));
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ uri_uuid: uri.uri_uuid }]);
			expect(count('GET')).toBe(2);
		});
	});

	it.each(NEVER)('%s of a create is repeated without a look', async (_, fault) => {
		once(fault, { method: 'POST' });
		await run(plivo, 'originationUri', 'create', CREATE);
		expect(plivo.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
	});

	it('leaves a line in the log', async () => {
		once({ kind: 'status', status: 503, done: true }, { method: 'POST' });
		await run(plivo, 'originationUri', 'create', CREATE);
		const lines = takeLogs().filter((line) => line.includes('POST /Zentrunk/URI/'));
		expect(lines).toEqual([expect.stringContaining('attempt 1 failed (Plivo is not available')]);
		expect(lines.every((line) => line.includes('"level":"debug"'))).toBe(true);
	});
});

describe('a create without an answer', () => {
	const lost: Fault = { kind: 'reset', done: true };

	it('is adopted when exactly one record can be its result, among many', async () => {
		for (let other = 0; other < 50; other++) plivo.addUri();
		plivo.addUri({ name: 'Acme', uri: 'other.acme.com;transport=tcp' });
		plivo.addUri({ name: 'Other', uri: String(CREATE.uri) });
		const before = new Set(plivo.state.uris.keys());
		once(lost, { method: 'POST' });
		const { json } = await run(plivo, 'originationUri', 'create', CREATE);
		expect(before.has(String(only(json).uri_uuid))).toBe(false);
		expect(plivo.state.uris.size).toBe(53);
	});

	it('stops and names the candidates when several can be', async () => {
		const twins = [1, 2].map(() =>
			plivo.addUri({ name: 'Acme', uri: CREATE.uri, authentication_needed: false }),
		);
		once({ kind: 'reset' }, { method: 'POST' });
		const { error } = await run(plivo, 'originationUri', 'create', CREATE);
		for (const { uri_uuid } of twins) expect(error?.message).toContain(String(uri_uuid));
		expect(error?.message).toMatch(
			/^Plivo gave no answer .* and it is unclear whether .* include its result$/,
		);
		expect(plivo.state.uris.size).toBe(2);
		expect(count('POST')).toBe(1);
	});

	it('takes no trunk for its result that is older', async () => {
		plivo.variants.names = 'none';
		const create = createTrunk();
		const old = plivo.addTrunk({
			name: 'Acme',
			trunk_direction: 'inbound',
			primary_uri_uuid: create[2].primaryUriId,
			created_at: '2026-01-01 00:00:00',
		});
		once({ kind: 'reset' }, { method: 'POST' });
		const { json, error } = await run(plivo, ...create);
		expect(error).toBeUndefined();
		expect(only(json).trunk_id).not.toBe(old.trunk_id);
		expect(plivo.state.trunks.size).toBe(2);
	});

	it.each([
		['ahead', 3 * 3600_000],
		['behind', -3 * 3600_000],
	])("knows a trunk's age when the computer's clock is %s", async (_, offset) => {
		const create = createTrunk();
		const realNow = Date.now;
		plivo.options.now = realNow;
		jest.spyOn(Date, 'now').mockImplementation(() => realNow() + offset);
		once(lost, { method: 'POST' });
		const { error } = await run(plivo, ...create);
		expect(error).toBeUndefined();
		expect(plivo.state.trunks.size).toBe(1);
	});

	it('takes no record for its result that this process has made for another item', async () => {
		once(lost, { method: 'POST', nth: 2 });
		once({ kind: 'reset' }, { method: 'POST', nth: 4 });
		const { json } = await run(plivo, 'originationUri', 'create', CREATE, { items: [{}, {}, {}] });
		const ids = json.map(({ uri_uuid }) => uri_uuid);
		expect(new Set(ids).size).toBe(3);
		expect(new Set(plivo.state.uris.keys())).toEqual(new Set(ids));
	});

	it('is not reported as failed after the last attempt if it was carried out', async () => {
		once(lost, { method: 'POST' });
		const { json, error } = await run(plivo, 'originationUri', 'create', {
			...CREATE,
			options: { maxRetries: 0 },
		});
		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		expect(plivo.state.uris.size).toBe(1);
	});

	it('says that the result is unknown when the list cannot be read', async () => {
		once(lost, { method: 'POST' });
		always({ kind: 'status', status: 503 }, { method: 'GET' });
		const { error } = await run(plivo, 'originationUri', 'create', {
			...CREATE,
			options: { maxRetries: 1 },
		});
		expect(error?.message).toMatch(/The origination URI "Acme" may have been created$/);
		expect(error?.description).toContain('Look for it before you run this again');
		expect(count('POST')).toBe(1);
	});

	it('is in no doubt any more once it was looked for and then refused', async () => {
		once({ kind: 'reset' }, { method: 'POST' });
		once({ kind: 'status', status: 400 }, { method: 'POST' });
		const { error } = await run(plivo, 'originationUri', 'create', CREATE);
		expect(count('POST')).toBe(2);
		expect(error?.message).toBe('Plivo refused the request as invalid: simulated 400');
		expect(`${error?.message} ${error?.description}`).not.toMatch(/may have been|perhaps/);
	});

	it('never looks at what was listed before it was asked for', async () => {
		for (let turn = 1; turn <= 3; turn++) {
			once(lost, { method: 'POST' });
			const { json } = await run(plivo, 'originationUri', 'create', {
				...CREATE,
				name: `Acme ${turn}`,
			});
			expect(plivo.state.uris.size).toBe(turn);
			expect(plivo.state.uris.has(String(only(json).uri_uuid))).toBe(true);
		}
	});

	it('shares its look with others that need one at the same time', async () => {
		// Once the list is known, what is new needs no question whether somebody uses it.
		once(lost, { method: 'POST' });
		await run(plivo, 'originationUri', 'create', CREATE);
		plivo.clearRequests();
		always(lost, { method: 'POST' });
		const items = Array.from({ length: 50 }, (_, number) => ({ number }));
		const { json } = await run(
			plivo,
			'originationUri',
			'create',
			{ ...CREATE, name: '=U{{ $json.number }}' },
			{ items },
		);
		expect(json.map(({ name }) => name)).toEqual(items.map(({ number }) => `U${number}`));
		expect(plivo.state.uris.size).toBe(51);
		// Three pages a look; without sharing there would be 50 looks.
		expect(count('GET')).toBeLessThanOrEqual(12);
	});
});

describe('giving up', () => {
	it.each([
		[0, 1, ''],
		[2, 3, 'Tried 3 times over'],
		[5, 6, 'Tried 6 times over'],
	])('after Max Retries %d: %d attempts', async (maxRetries, attempts, said) => {
		always({ kind: 'status', status: 503 });
		const { error } = await run(plivo, ...getUri('0a1b', { maxRetries }));
		expect(error?.message).toMatch(/^Plivo is not available at the moment: simulated 503/);
		expect(error?.httpCode).toBe('503');
		expect(error?.description).toContain(said);
		expect(count('GET')).toBe(attempts);
	});

	it('with the last 429 when nothing gets through, once a whole window has passed', async () => {
		always({ kind: 'status', status: 429, retryAfter: '0' });
		const from = performance.now();
		const { error } = await run(plivo, ...getUri('0a1b', { maxRetries: 2 }));
		expect(error?.message).toMatch(/^Plivo received too many requests for this account/);
		expect(error?.httpCode).toBe('429');
		expect(performance.now() - from).toBeGreaterThanOrEqual(5_000);
		expect(performance.now() - from).toBeLessThan(15_000);
		expect(error?.description).toContain(`Tried ${count('GET')} times over`);
	});

	it('with the first 429 where nothing is to be repeated', async () => {
		always({ kind: 'status', status: 429, retryAfter: '0' });
		const { error } = await run(plivo, ...getUri('0a1b', { maxRetries: 0 }));
		expect(error?.httpCode).toBe('429');
		expect(count('GET')).toBe(1);
	});

	it.each([
		[400, /^Plivo refused the request as invalid/],
		[401, /^Plivo did not accept the Auth ID and Auth Token/],
		[403, /^Plivo does not allow this/],
		[404, /^Plivo has no origination URI 0a1b/],
		[405, /^Plivo does not offer this operation/],
		[422, /^A required field is missing/],
		[302, /redirect, which is not followed/],
	])('at once at a %d, which no repetition changes', async (status, message) => {
		always({ kind: 'status', status });
		const { error } = await run(plivo, ...getUri('0a1b'));
		expect(error?.message).toMatch(message);
		expect(error?.httpCode).toBe(String(status));
		expect(error?.description).not.toContain('Tried');
		expect(count('GET')).toBe(1);
	});

	it('of a delete of what was never there: an error, not a success', async () => {
		const { error } = await run(plivo, 'originationUri', 'delete', {
			originationUriId: 'never-there',
		});
		expect(error?.message).toMatch(/^Plivo has no origination URI never-there/);
	});

	it('with what could not be reached, and how often it was tried', async () => {
		const parameters = { ...CREATE, options: { maxRetries: 1 } };
		const { error } = await run(plivo, 'originationUri', 'create', parameters, {
			credentials: { ...credentialsOf(plivo), baseUrl: 'http://127.0.0.1:1/v1' },
		});
		expect(error?.message).toBe('Plivo could not be reached (ECONNREFUSED)');
		expect(error?.description).toContain('Tried 2 times');
	});
});

it('an odd Retry-After is quoted, with what is odd', async () => {
	always({ kind: 'status', status: 429, retryAfter: '604800' });
	const { error } = await run(plivo, ...getUri('0a1b', { maxRetries: 0 }));
	expect(error?.description).toContain('Plivo asked to wait "604800"');
	expect(error?.description).toContain('a single wait is at most 30 seconds');
});

describe('options out of range', () => {
	it.each([
		['maxRetries', 'Max Retries', [-1, 11, 1.5, 'three']],
		['timeout', 'Timeout', [0, 301, 0.5, 'long']],
		['pageConcurrency', 'Page Concurrency', [0, 21, 2.5, 'many']],
	])('%s is refused by name', async (option, label, values) => {
		for (const value of values) {
			const { error } = await run(plivo, 'trunk', 'getAll', { options: { [option]: value } });
			expect(error?.message).toMatch(
				new RegExp(`^'${label}' is .*, but must be a whole number from \\d+ to`),
			);
		}
		expect(sentTo(plivo)).toEqual([]);
	});

	it('are accepted at their bounds', async () => {
		for (const options of [
			{ maxRetries: 0, timeout: 1, pageConcurrency: 1 },
			{ maxRetries: 10, timeout: 300, pageConcurrency: 20 },
		]) {
			const { error } = await run(plivo, 'trunk', 'getAll', { options });
			expect(error).toBeUndefined();
		}
	});
});
