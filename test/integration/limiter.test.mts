import { accountAt } from '../../nodes/PlivoSipTrunking/transport/channel.ts';
import { exactly, nth } from '../support/elements.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	credentialsOf,
	type Json,
	newAccount,
	type Operation,
	run,
} from '../support/account.mts';

const create = (more: Json = {}): Operation => [
	'originationUri',
	'create',
	{ name: '={{ $json.name }}', uri: '={{ $json.name }}.example.com;transport=tcp', ...more },
];

const items = (count: number, prefix = 'u') =>
	Array.from({ length: count }, (_, number) => ({ name: `${prefix}${number}` }));

describe('an account with the rate limit of Plivo', () => {
	let plivo: Simulator;
	beforeEach(async () => {
		plivo = await newAccount({ rateLimit: true });
	});
	afterEach(closeAccounts);
	const statuses = () => new Set(plivo.requests.map(({ status }) => status));

	it('takes more creates than a window holds: one request each, none refused', async () => {
		const { json, error } = await run(plivo, ...create(), { items: items(320) });
		expect(error).toBeUndefined();
		expect(json.map(({ name }) => name)).toEqual(items(320).map(({ name }) => name));
		expect(plivo.requests).toHaveLength(320);
		expect(statuses()).toEqual(new Set([201]));
	}, 30_000);
});

describe('an account that several executions use', () => {
	let plivo: Simulator;
	beforeEach(async () => {
		plivo = await newAccount({ rateLimit: true });
	});
	afterEach(closeAccounts);

	it('serves a run of one item before a run of hundreds has ended', async () => {
		// Long enough for the other run to begin while most of these still queue.
		plivo.options.latencyMs = 250;
		const many = run(plivo, ...create(), { items: items(200, 'many') });
		while (plivo.requests.length < 10) await new Promise((go) => setTimeout(go, 5));
		const one = run(plivo, ...create(), { items: items(1, 'one') });
		await Promise.all([many, one]);
		const names = plivo.requests.map(({ body }) => (body as { name: string }).name);
		expect(names).toHaveLength(201);
		expect(names.indexOf('one0')).toBeLessThan(150);
	}, 30_000);
});

describe('a 429', () => {
	let plivo: Simulator;
	beforeEach(async () => {
		plivo = await newAccount();
	});
	afterEach(closeAccounts);

	it('that comes now and then is waited out and never surfaces', async () => {
		plivo.faults.add({
			method: 'POST',
			probability: 0.1,
			randomSeed: 7,
			faults: [{ kind: 'status', status: 429 }],
		});
		const { json, error } = await run(plivo, ...create(), { items: items(100) });
		expect(error).toBeUndefined();
		expect(json).toHaveLength(100);
		expect(plivo.state.uris.size).toBe(100);
		const refused = plivo.requests.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThan(5);
		expect(plivo.requests).toHaveLength(100 + refused.length);
	}, 30_000);

	it('is not counted against Max Retries while others get through', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0.05);
		plivo.faults.add({
			method: 'GET',
			path: /\/slow\//,
			times: 4,
			faults: [{ kind: 'status', status: 429 }],
		});
		plivo.addUri({ uri_uuid: 'slow' });
		plivo.addUri({ uri_uuid: 'quick' });
		const get = async (id: string, maxRetries: number) =>
			await run(plivo, 'originationUri', 'get', { originationUriId: id, options: { maxRetries } });
		let ended = false;
		const slow = get('slow', 1).finally(() => (ended = true));
		while (!ended) {
			await get('quick', 0);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		expect((await slow).error).toBeUndefined();
		jest.restoreAllMocks();
	});

	it('with Retry-After holds back every request of the account', async () => {
		plivo.faults.add({
			times: 1,
			faults: [{ kind: 'status', status: 429, retryAfter: 1 }],
		});
		const uris = [1, 2, 3].map(() => plivo.addUri());
		const get = async (index: number) =>
			await run(plivo, 'originationUri', 'get', {
				originationUriId: String(nth(uris, index).uri_uuid),
			});
		const first = get(0);
		while (plivo.requests[0]?.status !== 429) await new Promise((go) => setTimeout(go, 5));
		await new Promise((resolve) => setTimeout(resolve, 50));
		await Promise.all([first, get(1), get(2)]);
		const [refused, ...others] = exactly(
			4,
			plivo.requests.map(({ at }) => at),
		);
		for (const at of others) expect(at - refused).toBeGreaterThanOrEqual(990);
	});
});

describe('the limiter', () => {
	let plivo: Simulator;
	beforeEach(async () => {
		plivo = await newAccount();
	});
	afterEach(closeAccounts);

	it('is one for all credentials of an account, and another for another account', async () => {
		const uri = plivo.addUri();
		const { authId, authToken, baseUrl } = credentialsOf(plivo);
		const getAt = async (baseUrlAsTyped: string) => {
			const parameters = { originationUriId: String(uri.uri_uuid) };
			const credentials = { authId, authToken, baseUrl: baseUrlAsTyped };
			await run(plivo, 'originationUri', 'get', parameters, { credentials });
		};
		const account = accountAt(`${baseUrl}/Account/${authId}`);
		const other = accountAt(`${baseUrl}/Account/MAOTHER`);
		await getAt(baseUrl);
		await getAt(` ${baseUrl}/\n`);
		expect(account.limiter.accepted()).toBe(2);
		expect(other.limiter.accepted()).toBe(0);
	});

	it("checks the use of what a run deletes by Plivo's filters, however many trunks there are", async () => {
		plivo.seed({ trunks: 90 });
		const uris = Array.from({ length: 25 }, () => ({ id: plivo.addUri().uri_uuid }));
		const { json, error } = await run(
			plivo,
			'originationUri',
			'delete',
			{ originationUriId: '={{ $json.id }}' },
			{ items: uris as Array<{ id: string }> },
		);
		expect(error).toBeUndefined();
		expect(json).toHaveLength(25);
		const asked = plivo.requests.filter(({ method }) => method === 'GET');
		const filters = asked.map(({ query: { limit: _limit, offset: _offset, ...filter } }) => filter);
		const expected = uris.flatMap(({ id }) => [
			{ primary_uri_uuid: id },
			{ fallback_uri_uuid: id },
		]);
		const sorted = (list: object[]) => list.map((entry) => JSON.stringify(entry)).sort();
		expect(sorted(filters)).toEqual(sorted(expected));
		expect(plivo.requests).toHaveLength(3 * 25);
	});
});
