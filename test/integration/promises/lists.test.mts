import type { Simulator } from '../../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	trunkPath,
	wordsOf,
} from '../../support/account.mts';
import { nth } from '../../support/elements.mts';
import { liveTrunk, named, onceBefore } from './helper.mts';

afterEach(closeAccounts);

/** Trunks that use a URI which has no part in the test. */
function addTrunks(simulator: Simulator, count: number) {
	const { uri_uuid } = simulator.addUri({ name: 'Shared' });
	return Array.from({ length: count }, (_, number) =>
		simulator.addTrunk({
			name: `T${number}`,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		}),
	);
}

const isLaterPage = (path: string) => (request: { method: string; path: string; query: object }) =>
	request.method === 'GET' &&
	request.path === path &&
	Number((request.query as { offset?: string }).offset ?? 0) > 0;

const getAll = { returnAll: true };

describe('a list that shifts while it is read', () => {
	it('is whole although one record goes and one comes, so that the count stays the same', async () => {
		const simulator = await newAccount({ variants: { order: 'oldest' } });
		const trunks = addTrunks(simulator, 60);
		onceBefore(simulator, isLaterPage('/Zentrunk/Trunk/'), () => {
			simulator.state.trunks.delete(String(nth(trunks, 5).trunk_id));
			simulator.addTrunk({ name: 'New' });
		});
		const { json, error } = await run(simulator, 'trunk', 'getAll', getAll);
		expect(error).toBeUndefined();
		expect(json.map(({ name }) => String(name)).sort()).toEqual(named(simulator.state.trunks));
	});

	it('has every record that stays although others go during the second reading as well', async () => {
		const simulator = await newAccount({ variants: { order: 'oldest' } });
		const trunks = addTrunks(simulator, 60);
		let doomed = 3;
		const goDuringReading = () =>
			onceBefore(simulator, isLaterPage('/Zentrunk/Trunk/'), () => {
				simulator.state.trunks.delete(String(nth(trunks, doomed++).trunk_id));
			});
		let readings = 0;
		simulator.onRequest(({ method, query }) => {
			if (method === 'GET' && Number(query.offset) === 0 && ++readings <= 2) goDuringReading();
		});
		const { json, error } = await run(simulator, 'trunk', 'getAll', getAll);
		expect(error).toBeUndefined();
		const names = json.map(({ name }) => String(name));
		expect(new Set(names).size).toBe(names.length);
		expect(names).toEqual(expect.arrayContaining(named(simulator.state.trunks)));
	});

	it.each([40, 41, 60])(
		'is whole where ties come in another order on each page: %d',
		async (count) => {
			const simulator = await newAccount({ variants: { order: 'unstable' } });
			simulator.options.now = () => 1_795_000_000_000;
			addTrunks(simulator, count);
			const { json, error } = await run(simulator, 'trunk', 'getAll', getAll);
			expect(error).toBeUndefined();
			expect(json.map(({ name }) => String(name)).sort()).toEqual(named(simulator.state.trunks));
		},
	);
});

describe('a delete that believed such a list would cut off live calls', () => {
	it('of an origination URI: it stays, and so does the trunk that slipped from page to page', async () => {
		const simulator = await newAccount({ variants: { order: 'oldest' } });
		// Plivo may ignore a filter: then all trunks come, in pages.
		simulator.options.ignoreListFilters = true;
		const before = addTrunks(simulator, 20);
		const { uriId, trunkId } = liveTrunk(simulator);
		addTrunks(simulator, 40).forEach((trunk, number) => (trunk.name = `U${number}`));
		onceBefore(simulator, isLaterPage('/Zentrunk/Trunk/'), () => {
			simulator.state.trunks.delete(String(nth(before, 5).trunk_id));
			simulator.addTrunk({ name: 'New' });
		});
		const result = await run(simulator, 'originationUri', 'delete', { originationUriId: uriId });
		expect(wordsOf(result)).toContain(trunkId);
		expect(simulator.state.uris.has(uriId)).toBe(true);
		expect(simulator.state.trunks.has(trunkId)).toBe(true);
	});

	it('of a trunk: it stays, since the number that slipped from page to page is routed to it', async () => {
		const simulator = await newAccount({ variants: { order: 'oldest' } });
		const before = Array.from({ length: 20 }, () => simulator.addNumber());
		const { trunkId, digits } = liveTrunk(simulator);
		for (let more = 0; more < 30; more++) simulator.addNumber();
		onceBefore(simulator, isLaterPage('/Number/'), () => {
			simulator.state.numbers.delete(String(nth(before, 5).number));
			simulator.addNumber();
		});
		const result = await run(simulator, 'trunk', 'delete', { trunkId });
		expect(wordsOf(result)).toContain(digits);
		expect(simulator.state.trunks.has(trunkId)).toBe(true);
	});

	it('is refused where no clean reading can be had; Force deletes, and says that it did not know', async () => {
		const simulator = await newAccount({ variants: { order: 'oldest' } });
		const { trunkId, number } = liveTrunk(simulator);
		number.application = null;
		for (let more = 0; more < 30; more++) simulator.addNumber();
		// With each page one goes and one comes.
		simulator.onRequest(({ path }) => {
			if (path !== '/Number/') return;
			simulator.state.numbers.delete(String([...simulator.state.numbers.keys()][0]));
			simulator.addNumber({ application: trunkPath(simulator, '21784100000009999') });
		});
		const refused = await run(simulator, 'trunk', 'delete', { trunkId });
		expect(wordsOf(refused)).toMatch(/not deleted: whether it is in use could not be checked/);
		expect(simulator.state.trunks.has(trunkId)).toBe(true);
		const forced = await run(simulator, 'trunk', 'delete', { trunkId, options: { force: true } });
		expect(outputOf(forced)).toMatchObject({
			deleted: true,
			warnings: [expect.stringContaining('could not be checked')],
		});
	});
});
