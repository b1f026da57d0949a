import { setTimeout as wait } from 'node:timers/promises';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Simulator, PlivoRecord } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, run } from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const listTrunks = async (parameters: INodeParameters = { returnAll: true }) =>
	await run(plivo, 'trunk', 'getAll', { simplify: false, ...parameters });

const ids = (records: Iterable<IDataObject>) => [...records].map(({ trunk_id }) => trunk_id);
const trunks = () => plivo.state.trunks;
/** In Plivo's order. */
const stored = () => {
	const made = [...trunks().keys()];
	return plivo.variants.order === 'newest' ? made.reverse() : made;
};
const pages = () => plivo.requests.map(({ query }) => Number(query.offset));
const timesRead = () => pages().filter((offset) => offset === 0).length;

/** Pages overlap by one record. */
const offsetsFor = (count: number) =>
	Array.from({ length: Math.max(1, Math.ceil((count - 1) / 19)) }, (_, page) => page * 19);

/** Trunks that come before all others in the list, whatever its order. */
function addInFront(count: number) {
	const before = [...trunks()];
	if (plivo.variants.order === 'newest') return addTrunks(count);
	trunks().clear();
	addTrunks(count);
	for (const [id, trunk] of before) trunks().set(id, trunk);
}

/** Trunks that come behind all others in the list. */
function addAtEnd(count: number) {
	const before = [...trunks()];
	if (plivo.variants.order !== 'newest') return addTrunks(count);
	trunks().clear();
	addTrunks(count);
	for (const [id, trunk] of before) trunks().set(id, trunk);
}

function addTrunks(count: number) {
	for (let added = 0; added < count; added++) plivo.addTrunk();
}

const remove = (gone: Iterable<string>) => [...gone].forEach((id) => trunks().delete(id));

/** Does something to the account when the page at an offset is asked for, the first time. */
function whenAskedFor(offset: number, change: () => void) {
	let done = false;
	plivo.onRequest(({ query }) => {
		if (done || Number(query?.offset) !== offset) return;
		done = true;
		change();
	});
}

describe.each(['newest', 'oldest'] as const)('a list in the order %s first', (order) => {
	beforeEach(() => (plivo.variants.order = order));

	it.each([0, 1, 19, 20, 21, 38, 39, 40, 41, 399])(
		'of %d records is whole and in order',
		async (count) => {
			plivo.seed({ trunks: count });
			const { json, error } = await listTrunks();
			expect(error).toBeUndefined();
			expect(ids(json)).toEqual(stored());
			expect(pages().sort((one, other) => one - other)).toEqual(offsetsFor(count));
		},
	);

	it('is in order even when its pages come in another', async () => {
		plivo.seed({ trunks: 200 });
		for (const page of [1, 3, 5]) {
			plivo.faults.add({ nth: page + 1, faults: [{ kind: 'delay', ms: 100 }] });
		}
		const { json } = await listTrunks();
		expect(ids(json)).toEqual(stored());
		expect(pages()).toHaveLength(offsetsFor(200).length);
	});

	it('stops asking when it has found as many as are wanted', async () => {
		for (let made = 0; made < 300; made++) {
			plivo.addTrunk({ name: made % 2 === 0 ? `Acme ${made}` : `Other ${made}` });
		}
		const { json } = await listTrunks({ limit: 5, filters: { name: 'acme' } });
		const expected = stored()
			.map((id) => String(trunks().get(id)?.name))
			.filter((name) => name.startsWith('Acme'));
		expect(json.map(({ name }) => name)).toEqual(expected.slice(0, 5));
		expect(pages()).toEqual([0]);
	});

	it('that loses records while it is read is read again, and nothing is missing', async () => {
		plivo.seed({ trunks: 200 });
		whenAskedFor(95, () => remove(stored().slice(0, 3)));
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(ids(json)).toEqual(stored());
		expect(timesRead()).toBe(2);
	});

	it('that gets records at its end is read again, and has them', async () => {
		plivo.seed({ trunks: 195 });
		whenAskedFor(95, () => addAtEnd(30));
		const { json } = await listTrunks();
		expect(ids(json)).toEqual(stored());
	});

	it('that gets records in front has none twice, and has them', async () => {
		plivo.seed({ trunks: 200 });
		whenAskedFor(57, () => addInFront(7));
		const { json } = await listTrunks();
		expect(ids(json)).toEqual(stored());
	});

	it.each([19, 38])(
		'that loses one record and gets another, so that its count stays the same, is whole (page %d)',
		async (offset) => {
			plivo.seed({ trunks: 60 });
			whenAskedFor(offset, () => {
				remove(stored().slice(0, 1));
				addAtEnd(1);
			});
			const { json, error } = await listTrunks();
			expect(error).toBeUndefined();
			expect(ids(json)).toEqual(stored());
			expect(timesRead()).toBeGreaterThanOrEqual(2);
		},
	);

	it('that loses records in both of its readings has all that stay, none twice', async () => {
		plivo.seed({ trunks: 100 });
		let readings = 0;
		plivo.onRequest(({ query }) => {
			if (Number(query?.offset) === 0) readings++;
			if (Number(query?.offset) === 57 && readings <= 2) remove(stored().slice(0, 1));
		});
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(ids(json)).toEqual(expect.arrayContaining(stored()));
		expect(new Set(ids(json)).size).toBe(json.length);
	});

	it('with a limit has none twice and none left out, whatever comes in front meanwhile', async () => {
		plivo.seed({ trunks: 100 });
		const before = stored();
		whenAskedFor(19, () => addInFront(7));
		const { json } = await listTrunks({ limit: 45 });
		expect([before.slice(0, 45), stored().slice(0, 45)]).toContainEqual(ids(json));
	});

	it('ends when the account is emptied meanwhile', async () => {
		plivo.seed({ trunks: 200 });
		whenAskedFor(38, () => trunks().clear());
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});

	it.each(['in front', 'at its end'])(
		'that gets a record %s with every page has all that were there all the while',
		async (place) => {
			plivo.seed({ trunks: 200 });
			const before = stored();
			plivo.onRequest(() => (place === 'in front' ? addInFront(1) : addAtEnd(1)));
			const { json, error } = await listTrunks();
			expect(error).toBeUndefined();
			expect(new Set(ids(json)).size).toBe(json.length);
			expect(ids(json)).toEqual(expect.arrayContaining(before));
			expect(timesRead()).toBeLessThanOrEqual(5);
		},
	);

	it('that shows others with every page is refused after five tries', async () => {
		const turnOver = () => {
			trunks().clear();
			addTrunks(60);
		};
		turnOver();
		plivo.onRequest(turnOver);
		const { json, error } = await listTrunks();
		expect(json).toEqual([]);
		expect(error?.message).toBe('The list of trunks kept changing while it was read');
		expect(error?.description).toContain('Try again');
		expect(timesRead()).toBeGreaterThanOrEqual(5);
		expect(pages().length).toBeLessThan(100);
	});
});

describe('a list whose ties change places with every page', () => {
	it.each([21, 40, 60])('has all of its %d records, none twice', async (count) => {
		plivo.variants.order = 'unstable';
		plivo.seed({ trunks: count });
		const { json, error } = await listTrunks();
		expect(error).toBeUndefined();
		expect(ids(json).sort()).toEqual([...trunks().keys()].sort());
	});
});

describe('calls that come while all are read', () => {
	it('do not keep the others from being answered', async () => {
		plivo.seed({ calls: 400 });
		const before = [...plivo.state.calls.keys()];
		let asked = 0;
		plivo.onRequest(() => {
			if (++asked % 5 === 0) plivo.addCall();
		});
		const { json, error } = await run(plivo, 'call', 'getAll', { returnAll: true });
		expect(error).toBeUndefined();
		const answered = json.map(({ call_uuid }) => call_uuid);
		expect(new Set(answered).size).toBe(answered.length);
		expect(answered).toEqual(expect.arrayContaining(before));
	});
});

describe('the pages of a list', () => {
	it('go on behind one that takes long', async () => {
		plivo.seed({ trunks: 400 });
		const { requests, faults } = plivo;
		faults.add({ nth: 2, faults: [{ kind: 'delay', ms: 2_000 }] });
		const running = listTrunks({ returnAll: true, options: { pageConcurrency: 4 } });
		while (requests.length < 1 + 1 + 8) await wait(5);
		await wait(100);
		// The first page, the one that is waited for, and behind it twice as many as are under way at a time: no
		// more are kept in memory.
		expect(requests).toHaveLength(1 + 1 + 8);
		expect(ids((await running).json)).toEqual(stored());
		expect(requests).toHaveLength(offsetsFor(400).length);
	});

	/** The requests that have left when no more may leave before one is answered: the first page has been by then. */
	async function askedAtOnce(pageConcurrency: number, options: INodeParameters): Promise<number> {
		plivo.seed({ trunks: 19 * (pageConcurrency + 2) });
		// Long enough for a busy machine to send them all before the first of them is answered.
		plivo.options.latencyMs = 500;
		const running = listTrunks({ returnAll: true, options });
		while (plivo.requests.length < 1 + pageConcurrency) await wait(5);
		await wait(30);
		const asked = plivo.requests.length - 1;
		expect(ids((await running).json)).toEqual(stored());
		return asked;
	}

	it.each([1, 3, 8, 20])('are asked for %d at a time', async (pageConcurrency) => {
		expect(await askedAtOnce(pageConcurrency, { pageConcurrency })).toBe(pageConcurrency);
	});

	it('are asked for 20 at a time where nothing is said', async () => {
		expect(await askedAtOnce(20, {})).toBe(20);
	});

	it('cause no warning while many are under way', async () => {
		const warned = jest.fn();
		process.on('warning', warned);
		plivo.seed({ trunks: 600 });
		await listTrunks({ returnAll: true, options: { pageConcurrency: 20 } });
		await new Promise(setImmediate);
		process.off('warning', warned);
		expect(warned).not.toHaveBeenCalled();
	});

	it.each([
		[1, [0]],
		[20, [0]],
		[21, [0, 19]],
		[39, [0, 19]],
		[40, [0, 19, 38]],
		[45, [0, 19, 38]],
		[1000, [0, 19, 38, 57, 76, 95]],
	])('are no more than a limit of %d needs', async (limit, offsets) => {
		plivo.seed({ trunks: 100 });
		const { json } = await listTrunks({ limit });
		expect(ids(json)).toEqual(stored().slice(0, limit));
		expect(pages()).toEqual(offsets);
	});

	it('are held against the filters when Plivo ignores them', async () => {
		plivo.seed({ trunks: 60 });
		plivo.options.ignoreListFilters = true;
		const { json } = await listTrunks({ returnAll: true, filters: { trunkDirection: 'inbound' } });
		const inbound = (trunk: PlivoRecord) => trunk.trunk_direction === 'inbound';
		expect(ids(json).sort()).toEqual(
			[...trunks().values()]
				.filter(inbound)
				.map(({ trunk_id }) => trunk_id)
				.sort(),
		);
		expect(json).toHaveLength(30);
	});

	it('are not repeated when another one fails for good', async () => {
		plivo.seed({ trunks: 800 });
		plivo.faults.add({ nth: 4, faults: [{ kind: 'status', status: 403 }] });
		plivo.faults.add({ from: 4, faults: [{ kind: 'status', status: 503 }] });
		const { error } = await listTrunks();
		expect(error?.httpCode).toBe('403');
		await wait(1_500);
		// The first page, those that were under way, and one for each that had come.
		expect(plivo.requests.length).toBeLessThanOrEqual(1 + 2 + 20);
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
		plivo.faults.add({ faults: [{ kind: 'status', status: 200, body }] });
		const { error } = await listTrunks({ returnAll: true, options: { maxRetries: 0 } });
		expect(error?.message).toBe(`Plivo's answer ${problem}`);
	});
});
