import type { IDataObject } from 'n8n-workflow';

import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Fault, Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, type Operation, run as runOn } from '../support/account.mts';
import { exactly } from '../support/elements.mts';
import type { NodeRun } from '../support/engine.mts';
import { LONG } from '../support/lane.mts';
import { sideBySide } from '../support/sideBySide.mts';

/**
 * Every fifth request fails, in all ways in which an API can: afterwards the account is held against
 * what the node has reported. A few accounts are worked on side by side, since each has a rate limit of
 * its own; what fails is decided by seeds.
 */
const FAULTS: Fault[] = [
	{ kind: 'status', status: 429 },
	{ kind: 'status', status: 429, retryAfter: 0 },
	{ kind: 'status', status: 429, retryAfter: 1 },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 500, done: true },
	{ kind: 'html' },
	{ kind: 'html', done: true },
	{ kind: 'status', status: 503 },
	{ kind: 'reset' },
	{ kind: 'reset', done: true },
	{ kind: 'hang' },
	{ kind: 'hang', done: true },
	{ kind: 'truncate' },
];

const SHARE = 0.2;

/** More of them would keep this process so busy that requests time out which no fault has met. */
const SIDE_BY_SIDE = 4;

/** Accounts for one kind of work, and the work's items on each; in `npm test` a tenth of the accounts. */
const spread = (accounts: number, total: number) =>
	Array.from({ length: LONG ? accounts : accounts / 10 }, (_, index) => ({
		seed: index + 1,
		count: total / accounts,
	}));

beforeEach(() => {
	jest.replaceProperty(settling, 'ms', 300);
	// The back-off has tests of its own: what is done doesn't depend on its length.
	const random = Math.random.bind(Math);
	jest.spyOn(Math, 'random').mockImplementation(() => random() / 5);
});
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

/** Plivo's limit in a shorter window: on a busy machine, a request may arrive a second later than it has left. */
const LIMIT = { requests: 300, windowMs: 4_000 };

const account = async () => await newAccount({ rateLimit: LIMIT });

/**
 * Runs an operation on many items while the account fails.
 *
 * @param maxRetries at 10 the chance that one of all items fails for good is under one in a thousand
 */
async function run(
	simulator: Simulator,
	randomSeed: number,
	[resource, operation, parameters]: Operation,
	items: IDataObject[],
	maxRetries = 10,
): Promise<NodeRun> {
	simulator.faults.add({ probability: SHARE, randomSeed, faults: FAULTS });
	const options = { timeout: 2, maxRetries };
	return await runOn(
		simulator,
		resource,
		operation,
		{ ...parameters, options },
		{ items, continueOnFail: 'continueErrorOutput' },
	);
}

/** The outputs of a run in which no item failed: one for each, in order. */
function outputs({ error, items, outputs: [, failed] }: NodeRun, count: number): IDataObject[] {
	expect(error).toBeUndefined();
	expect(failed ?? []).toEqual([]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
		Array.from({ length: count }, (_, item) => ({ item })),
	);
	return items.map(({ json }) => json);
}

/** The faults have come, and the account's own limit was never the reason of a 429. */
function expectRough({ requests }: Simulator) {
	const faulty = requests.filter(({ fault }) => fault);
	expect(faulty.length / requests.length).toBeGreaterThan(SHARE / 2);
	expect(requests.filter(({ status, fault }) => status === 429 && !fault)).toEqual([]);
}

const numbered = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));

/** How a create may fail, in the node's words. */
const REASONS =
	/^(Plivo received too many|Plivo had an internal error|Plivo is not available|Plivo did not answer|Plivo's answer|The connection to Plivo broke|Whether the .* is unknown)/;

/** Two kinds of records to create: one is read back and tells when it was made, the other isn't. */
const TRUNKS = {
	name: 'trunks',
	idField: 'trunk_id',
	create: (simulator: Simulator): Operation => [
		'trunk',
		'create',
		{
			name: '=New {{ $json.number }}',
			trunkDirection: 'outbound',
			sipAuthentication: 'credential',
			credentialId: String(simulator.addCredential().credential_uuid),
		},
	],
	shown: ({ name, trunk_domain }: IDataObject) => ({ name, trunk_domain }),
} as const;
const URIS = {
	name: 'uris',
	idField: 'uri_uuid',
	create: (_simulator: Simulator): Operation => [
		'originationUri',
		'create',
		{
			name: '=New {{ $json.number }}',
			uri: '=u{{ $json.number }}.example.com;transport=tcp',
		},
	],
	shown: ({ name, uri }: IDataObject) => ({ name, uri }),
} as const;

jest.setTimeout(180_000);

describe('with a fifth of all requests failing', () => {
	it('creates lose nothing and make nothing twice', async () => {
		await sideBySide(spread(20, 2_000), SIDE_BY_SIDE, async ({ seed, count }) => {
			const simulator = await account();
			const kind = seed % 2 === 0 ? TRUNKS : URIS;
			const result = await run(simulator, seed, kind.create(simulator), numbered(count));
			const done = outputs(result, count);
			expectRough(simulator);
			expect(done.map(({ name }) => name)).toEqual(
				numbered(count).map(({ number }) => `New ${number}`),
			);
			expect(done.map((record) => record[kind.idField]).sort()).toEqual(
				[...simulator.state[kind.name].keys()].sort(),
			);
			for (const record of done) {
				expect(simulator.state[kind.name].get(String(record[kind.idField]))).toMatchObject(
					kind.shown(record),
				);
			}
		});
	});

	it('creates that are tried once: made when reported so, and else only in doubt', async () => {
		const errors = await sideBySide(spread(20, 500), SIDE_BY_SIDE, async ({ seed, count }) => {
			const simulator = await account();
			const kind = seed % 2 === 0 ? TRUNKS : URIS;
			const result = await run(simulator, seed, kind.create(simulator), numbered(count), 0);
			expect(result.error).toBeUndefined();
			const [done, failed] = exactly(2, result.outputs);
			const items = [...done, ...failed].map(
				({ pairedItem }) => (pairedItem as { item: number }).item,
			);
			expect(items.sort((one, other) => one - other)).toEqual([...Array(count).keys()]);
			const records = simulator.state[kind.name];
			for (const { json } of done) {
				expect(records.get(String(json[kind.idField]))).toMatchObject(kind.shown(json));
			}
			const names = [...records.values()].map(({ name }) => String(name));
			expect(new Set(names).size).toBe(names.length);
			for (const { json, pairedItem } of failed) {
				expect(json.error).toMatch(REASONS);
				const inDoubt = /^Whether the |may have been created$/.test(String(json.error));
				const { item } = pairedItem as { item: number };
				if (!inDoubt) expect(names).not.toContain(`New ${item}`);
			}
			return failed.length;
		});
		expect(errors.reduce((sum, failed) => sum + failed)).toBeGreaterThan(LONG ? 15 : 2);
	});

	it('updates all take effect', async () => {
		await sideBySide(spread(10, 500), SIDE_BY_SIDE, async ({ seed, count }) => {
			const simulator = await account();
			simulator.seed({ trunks: count });
			const items = [...simulator.state.trunks.keys()].map((id, number) => ({ id, number }));
			const result = await run(
				simulator,
				seed,
				[
					'trunk',
					'update',
					{
						trunkId: '={{ $json.id }}',
						updateFields: { name: '=Renamed {{ $json.number }}' },
					},
				],
				items,
			);
			const done = outputs(result, count);
			expectRough(simulator);
			const expected = items.map(({ id, number }) => [id, `Renamed ${number}`]);
			expect(done.map(({ trunk_id, name }) => [trunk_id, name])).toEqual(expected);
			const trunks = [...simulator.state.trunks.values()];
			expect(trunks.map(({ trunk_id, name }) => [trunk_id, name])).toEqual(expected);
		});
	});

	it('deletes delete these and no others', async () => {
		await sideBySide(spread(10, 500), SIDE_BY_SIDE, async ({ seed, count }) => {
			const simulator = await account();
			simulator.seed({ uris: 2 * count, trunks: 10 });
			const { uris, trunks } = simulator.state;
			const used = new Set([...trunks.values()].map((trunk) => trunk.primary_uri_uuid));
			const ids = [...uris.keys()].filter((id) => !used.has(id));
			const [doomed, kept] = [ids.slice(0, count), ids.slice(count)];
			const result = await run(
				simulator,
				seed,
				['originationUri', 'delete', { originationUriId: '={{ $json.id }}' }],
				doomed.map((id) => ({ id })),
			);
			expect(outputs(result, count)).toEqual(doomed.map((id) => ({ deleted: true, uri_uuid: id })));
			expectRough(simulator);
			expect([...uris.keys()].filter((id) => !used.has(id))).toEqual(kept);
			expect(trunks.size).toBe(10);
		});
	});

	it('attachments attach, each to its own trunk', async () => {
		await sideBySide(spread(10, 500), SIDE_BY_SIDE, async ({ seed, count }) => {
			const simulator = await account();
			const { uri_uuid } = simulator.addUri();
			const items = numbered(count).map(() => ({
				trunk: simulator.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: uri_uuid })
					.trunk_id,
				uri: simulator.addUri().uri_uuid,
			})) as IDataObject[];
			const result = await run(
				simulator,
				seed,
				[
					'trunk',
					'attachOriginationUri',
					{
						trunkId: '={{ $json.trunk }}',
						originationUriId: '={{ $json.uri }}',
						role: 'fallback',
					},
				],
				items,
			);
			const done = outputs(result, count);
			expectRough(simulator);
			const expected = items.map(({ trunk, uri }) => [trunk, uri_uuid, uri]);
			const links = (trunk: IDataObject) => [
				trunk.trunk_id,
				trunk.primary_uri_uuid,
				trunk.fallback_uri_uuid,
			];
			expect(done.map(links)).toEqual(expected);
			expect(([...simulator.state.trunks.values()] as IDataObject[]).map(links)).toEqual(expected);
		});
	});

	it('lists are whole, in order, without doubles', async () => {
		await sideBySide(spread(10, 500), SIDE_BY_SIDE, async ({ seed, count }) => {
			const simulator = await account();
			simulator.seed({ trunks: 53 });
			const newestFirst = [...simulator.state.trunks.keys()].reverse();
			const result = await run(
				simulator,
				seed,
				['trunk', 'getAll', { returnAll: true, simplify: false }],
				numbered(count),
			);
			expectRough(simulator);
			const [done, failed = []] = exactly(2, result.outputs);
			expect(failed).toEqual([]);
			const lists = Array.from({ length: count }, (_, item) =>
				done.filter(({ pairedItem }) => (pairedItem as { item: number }).item === item),
			);
			for (const list of lists) expect(list.map(({ json }) => json.trunk_id)).toEqual(newestFirst);
		});
	});
});
