import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { usePlivo } from '../support/plivo.mts';

const plivo = usePlivo({ rateLimit: false });

const listTrunks = async (parameters: INodeParameters = { returnAll: true }) =>
	await plivo.run({ resource: 'trunk', operation: 'getAll', simplify: false, ...parameters });

const ids = (records: Iterable<IDataObject>) => [...records].map(({ trunk_id }) => trunk_id);
const stored = () => [...plivo.simulator.state.trunks.keys()];
const pages = () => plivo.simulator.requests.map(({ query }) => Number(query.offset));

/** Does something to the account when the page at an offset is asked for. */
function whenAskedFor(offset: number, change: () => void) {
	let done = false;
	plivo.simulator.requests.push = function (...requests) {
		const hit = requests.some(({ query }) => Number(query.offset) === offset);
		if (hit && !done) {
			done = true;
			change();
		}
		return Array.prototype.push.apply(this, requests);
	};
}
afterEach(() => delete (plivo.simulator.requests as { push?: unknown }).push);

describe('a list', () => {
	it.each([0, 1, 19, 20, 21, 40, 41, 399])('of %d records is whole and in order', async (count) => {
		plivo.simulator.seed({ trunks: count });
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(ids(json)).toEqual(stored());
		expect(pages().sort((one, other) => one - other)).toEqual(
			Array.from({ length: Math.max(1, Math.ceil(count / 20)) }, (_, page) => page * 20),
		);
	});

	it('is in order even when its pages come in another', async () => {
		plivo.simulator.seed({ trunks: 200 });
		for (const offset of [20, 60, 100]) {
			plivo.simulator.faults.add({
				nth: offset / 20 + 1,
				faults: [{ kind: 'delay', ms: 100 }],
			});
		}
		const { json } = await listTrunks();
		expect(ids(json)).toEqual(stored());
	});

	it('goes on with the pages behind one that takes long', async () => {
		plivo.simulator.seed({ trunks: 400 });
		const { requests, faults } = plivo.simulator;
		faults.add({ nth: 2, faults: [{ kind: 'delay', ms: 2_000 }] });
		const running = listTrunks({ returnAll: true, options: { pageConcurrency: 4 } });
		while (requests.length < 1 + 8) await new Promise(setImmediate);
		await new Promise((resolve) => setTimeout(resolve, 200));
		// The first page, and twice as many as are under way at a time: no more are kept in memory.
		expect(requests).toHaveLength(1 + 8);
		expect(ids((await running).json)).toEqual(stored());
		expect(requests).toHaveLength(20);
	});

	it.each([1, 3, 8, 20])('asks for %d pages at a time', async (pageConcurrency) => {
		plivo.simulator.seed({ trunks: 600 });
		plivo.simulator.options.latencyMs = 60;
		const running = listTrunks({ returnAll: true, options: { pageConcurrency } });
		while (plivo.simulator.requests.length < 2) await new Promise(setImmediate);
		await new Promise((resolve) => setTimeout(resolve, 30));
		expect(plivo.simulator.requests).toHaveLength(1 + pageConcurrency);
		expect(ids((await running).json)).toEqual(stored());
	});

	it('warns of nothing while many pages are under way', async () => {
		const warned = jest.fn();
		process.on('warning', warned);
		plivo.simulator.seed({ trunks: 600 });
		await listTrunks({ returnAll: true, options: { pageConcurrency: 20 } });
		await new Promise(setImmediate);
		process.off('warning', warned);
		expect(warned).not.toHaveBeenCalled();
	});

	it.each([
		[1, [0]],
		[20, [0]],
		[21, [0, 20]],
		[45, [0, 20, 40]],
		[1000, [0, 20, 40, 60, 80]],
	])('with limit %d fetches no page more than it needs', async (limit, offsets) => {
		plivo.simulator.seed({ trunks: 100 });
		const { json } = await listTrunks({ limit });
		expect(ids(json)).toEqual(stored().slice(0, limit));
		expect(pages()).toEqual(offsets);
	});

	it('stops asking when it has found as many as are wanted', async () => {
		for (let made = 0; made < 300; made++) {
			plivo.simulator.addTrunk({ name: made % 2 === 0 ? `Acme ${made}` : `Other ${made}` });
		}
		const { json } = await listTrunks({ limit: 5, filters: { name: 'acme' } });
		expect(json.map(({ name }) => name)).toEqual([0, 2, 4, 6, 8].map((n) => `Acme ${n}`));
		expect(pages()).toEqual([0]);
	});

	it('keeps to its filters when Plivo ignores them', async () => {
		plivo.simulator.seed({ trunks: 60 });
		plivo.simulator.options.ignoreListFilters = true;
		const { json } = await listTrunks({ returnAll: true, filters: { trunkDirection: 'inbound' } });
		expect(json).toHaveLength(30);
		expect(new Set(json.map(({ trunk_direction }) => trunk_direction))).toEqual(
			new Set(['inbound']),
		);
	});

	it('repeats no other page when one fails for good', async () => {
		plivo.simulator.seed({ trunks: 2000 });
		plivo.simulator.faults.add({ nth: 4, faults: [{ kind: 'status', status: 403 }] });
		plivo.simulator.faults.add({ from: 4, faults: [{ kind: 'status', status: 503 }] });
		const { error } = await listTrunks();
		expect(error?.httpCode).toBe('403');
		await new Promise((resolve) => setTimeout(resolve, 800));
		// The first page and those that were under way.
		expect(plivo.simulator.requests.length).toBeLessThanOrEqual(1 + 2 + 8);
	});
});

describe('a list that changes while it is read', () => {
	it('is read again when records went, and nothing is missing', async () => {
		plivo.simulator.seed({ trunks: 200 });
		const gone = stored().slice(0, 3);
		whenAskedFor(100, () => gone.forEach((id) => plivo.simulator.state.trunks.delete(id)));
		const { json } = await listTrunks();
		expect(ids(json)).toEqual(stored());
		expect(pages().filter((offset) => offset === 0)).toHaveLength(2);
	});

	it('is read again when records came, and has them', async () => {
		plivo.simulator.seed({ trunks: 195 });
		whenAskedFor(100, () => {
			for (let added = 0; added < 30; added++) plivo.simulator.addTrunk();
		});
		const { json } = await listTrunks();
		expect(ids(json)).toEqual(stored());
	});

	it('has no record twice when others come before it', async () => {
		plivo.simulator.seed({ trunks: 200 });
		const { trunks } = plivo.simulator.state;
		whenAskedFor(60, () => {
			const old = [...trunks];
			trunks.clear();
			for (let added = 0; added < 7; added++) plivo.simulator.addTrunk();
			for (const [id, trunk] of old) trunks.set(id, trunk);
		});
		const { json } = await listTrunks();
		expect(new Set(ids(json)).size).toBe(json.length);
		expect(ids(json)).toEqual(stored());
	});

	it('is read twice at most, however it goes on', async () => {
		plivo.simulator.seed({ trunks: 200 });
		const { requests } = plivo.simulator;
		requests.push = function (...more) {
			plivo.simulator.addTrunk();
			return Array.prototype.push.apply(this, more);
		};
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(json.length).toBeGreaterThanOrEqual(200);
		expect(new Set(ids(json)).size).toBe(json.length);
		expect(pages().filter((offset) => offset === 0)).toHaveLength(2);
	});

	it('ends when the account is emptied meanwhile', async () => {
		plivo.simulator.seed({ trunks: 200 });
		whenAskedFor(40, () => plivo.simulator.state.trunks.clear());
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});
});

describe('a listing that is not one', () => {
	it.each([
		['no count', { objects: [] }, 'is a list without its "meta" count'],
		['no records', { meta: { total_count: 3 } }, 'is a list without "objects"'],
		[
			'a record without id',
			{ meta: { total_count: 1 }, objects: [{ name: 'A' }] },
			'has a trunk without its trunk_id',
		],
	])('is refused: %s', async (_, body, problem) => {
		plivo.simulator.faults.add({ faults: [{ kind: 'status', status: 200, body }] });
		const { error } = await listTrunks({ returnAll: true, options: { maxRetries: 0 } });
		expect(error?.message).toBe(`Plivo's answer ${problem}`);
	});
});
