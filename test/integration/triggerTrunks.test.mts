/** What the trigger tells of trunks, in n8n's engine. */
import { plivoTime } from '../../nodes/PlivoSipTrunking/input/time.ts';
import type { PlivoRecord, Simulator, Variants } from '../../simulator/simulator.mts';
import {
	activate as activateOn,
	closeAccounts,
	type Json,
	newAccount,
} from '../support/account.mts';
import { exactly, nth } from '../support/elements.mts';
import type { ActiveNode } from '../support/engine.mts';

const MINUTE = 60_000;

let plivo: Simulator;
let clock: number;

beforeEach(async () => {
	clock = Date.now() - 120 * MINUTE;
	plivo = await newAccount({ rateLimit: true, now: () => clock });
});

afterEach(closeAccounts);

const activate = async (
	parameters: Json = {},
	earlier: Parameters<typeof activateOn>[3] = {},
): Promise<ActiveNode> => await activateOn(plivo, 'trunkChanged', parameters, earlier);

/** By id: the order is that of Plivo's list. */
const sorted = <Change extends PlivoRecord>(changes: Change[]): Change[] =>
	[...changes].sort((one, other) => (String(one.trunk_id) < String(other.trunk_id) ? -1 : 1));

const trunkChanges = (node: ActiveNode) =>
	sorted(
		node.emitted.map(({ change, trunk_id, changed_fields }) => ({
			change,
			trunk_id,
			changed_fields,
		})),
	);

/** Changes a trunk as any other client of Plivo would. */
const change = (trunk: PlivoRecord, fields: PlivoRecord) =>
	plivo.state.trunks.set(String(trunk.trunk_id), {
		...plivo.state.trunks.get(String(trunk.trunk_id)),
		...fields,
		updated_at: plivoTime(clock),
	});

it('tells what was made, changed and removed, with before and after', async () => {
	const [kept, changed, removed] = exactly(
		3,
		[1, 2, 3].map((serial) =>
			plivo.addTrunk({ name: `Trunk ${serial}`, credential_uuid: `credential-${serial}` }),
		),
	);
	const node = await activate();
	await node.poll();
	expect(node.emitted).toEqual([]);

	change(kept, {});
	change(changed, { trunk_status: 'disabled', ipacl_uuid: 'list-1' });
	plivo.state.trunks.delete(String(removed.trunk_id));
	const created = plivo.addTrunk({ name: 'New' });
	await node.poll();
	await node.poll();

	expect(trunkChanges(node)).toEqual(
		sorted([
			{
				change: 'changed',
				trunk_id: changed.trunk_id,
				changed_fields: ['trunk_status', 'ipacl_uuid'],
			},
			{ change: 'removed', trunk_id: removed.trunk_id, changed_fields: [] },
			{ change: 'created', trunk_id: created.trunk_id, changed_fields: [] },
		]),
	);
	const told = (trunk: PlivoRecord) =>
		node.emitted.find(({ trunk_id }) => trunk_id === trunk.trunk_id);
	expect(told(changed)).toMatchObject({
		name: 'Trunk 2',
		before: { trunk_status: 'enabled', ipacl_uuid: null, credential_uuid: 'credential-2' },
		after: { trunk_status: 'disabled', ipacl_uuid: 'list-1', credential_uuid: 'credential-2' },
	});
	expect(told(removed)).toMatchObject({ before: { name: 'Trunk 3' }, after: null });
	expect(told(created)).toMatchObject({ before: null, after: { name: 'New' } });
});

it('tells after an outage only the newest state', async () => {
	const trunk = plivo.addTrunk();
	const before = await activate();
	change(trunk, { trunk_status: 'disabled', name: 'One' });
	change(trunk, { trunk_status: 'enabled', name: 'Two' });
	const after = await activate({}, { staticData: before.stored, activation: 'init' });
	expect(trunkChanges(after)).toEqual([
		{ change: 'changed', trunk_id: trunk.trunk_id, changed_fields: ['name'] },
	]);
});

it('starts from now on after a switch, or catches up', async () => {
	const before = await activate();
	const trunk = plivo.addTrunk();
	const anew = await activate({}, { staticData: before.stored });
	const catchingUp = await activate({ options: { catchUp: true } }, { staticData: before.stored });
	expect(anew.emitted).toEqual([]);
	expect(trunkChanges(catchingUp)).toMatchObject([{ change: 'created', trunk_id: trunk.trunk_id }]);
});

it('emits a few at a time, and of one trunk only when asked to', async () => {
	const few = await activate({ options: { maxPerPoll: 2 } });
	const trunks = [1, 2, 3].map(() => plivo.addTrunk());
	const one = await activate({
		filters: { trunkId: nth(trunks, 1).trunk_id as string },
	});
	await few.poll();
	expect(few.emitted).toHaveLength(2);
	await few.poll();
	await few.poll();
	expect(trunkChanges(few)).toEqual(
		sorted(trunks).map(({ trunk_id }) => ({ change: 'created', trunk_id, changed_fields: [] })),
	);
	for (const trunk of trunks) change(trunk, { name: 'Renamed' });
	await one.poll();
	expect(trunkChanges(one)).toEqual([
		{ change: 'changed', trunk_id: nth(trunks, 1).trunk_id, changed_fields: ['name'] },
	]);
});

it('asks for no more trunks that went at once than it can tell of at once', async () => {
	const trunks = Array.from({ length: 30 }, () => plivo.addTrunk());
	const node = await activate({ options: { maxPerPoll: 10 } });
	const one = await activate({ filters: { trunkId: nth(trunks, 7).trunk_id as string } });
	plivo.state.trunks.clear();
	for (const told of [10, 20, 30, 30]) {
		plivo.clearRequests();
		await node.poll();
		expect(node.emitted).toHaveLength(told);
		expect(plivo.requests.length).toBeLessThanOrEqual(11);
	}
	expect(new Set(node.emitted.map(({ trunk_id }) => trunk_id)).size).toBe(30);
	plivo.clearRequests();
	await one.poll();
	expect(trunkChanges(one)).toMatchObject([{ change: 'removed' }]);
	expect(plivo.requests).toHaveLength(2);
});

it('asks for each of them in its turn, also where one is only missing from the list', async () => {
	const gone = [plivo.addTrunk(), plivo.addTrunk()];
	// The newest: Plivo lists it first.
	const missing = plivo.addTrunk();
	const node = await activate({ options: { maxPerPoll: 1 } });
	plivo.state.trunks.noteMaking(missing, clock, MINUTE);
	for (const { trunk_id } of gone) plivo.state.trunks.delete(String(trunk_id));
	for (let polls = 0; polls < 4; polls++) await node.poll();
	expect(trunkChanges(node)).toEqual(
		sorted(
			gone.map(({ trunk_id }) => ({ change: 'removed' as const, trunk_id, changed_fields: [] })),
		),
	);
});

it('takes no trunk for removed that slipped from one page to another', async () => {
	plivo.variants.order = 'oldest';
	const trunks = Array.from({ length: 45 }, () => plivo.addTrunk());
	const node = await activate();
	// The first trunks go while the pages are read, so those at the seam move to the page read before; others
	// come, so the count stays the same.
	const gone = trunks.slice(0, 2);
	const created: PlivoRecord[] = [];
	let pages = 0;
	const stop = plivo.onRequest(() => {
		if (++pages !== 2) return;
		stop();
		for (const { trunk_id } of gone) plivo.state.trunks.delete(String(trunk_id));
		created.push(plivo.addTrunk(), plivo.addTrunk());
	});
	await node.poll();
	await node.poll();
	expect(trunkChanges(node)).toEqual(
		sorted([
			...created.map(({ trunk_id }) => ({ change: 'created', trunk_id, changed_fields: [] })),
			...gone.map(({ trunk_id }) => ({ change: 'removed', trunk_id, changed_fields: [] })),
		]),
	);
});

it('takes no trunk for removed that is only missing from the list', async () => {
	const trunk = plivo.addTrunk();
	const node = await activate();
	plivo.state.trunks.noteMaking(trunk, clock, MINUTE);
	await node.poll();
	clock += MINUTE;
	await node.poll();
	expect(node.emitted).toEqual([]);

	plivo.state.trunks.delete(String(trunk.trunk_id));
	// A web page's 404 is no proof either.
	plivo.faults.add({
		path: /\/Trunk\/\d+\/$/,
		times: 1,
		faults: [{ kind: 'status', status: 404, html: true }],
	});
	await node.poll();
	expect(node.emitted).toEqual([]);
	expect(node.errors).toHaveLength(1);
	await node.poll();
	expect(trunkChanges(node)).toEqual([
		{ change: 'removed', trunk_id: trunk.trunk_id, changed_fields: [] },
	]);
});

it.each<Variants['time']>(['T', 'space', 'missing'])(
	'does not mind how Plivo writes created_at (%s)',
	async (time) => {
		plivo.addTrunk();
		plivo.variants.time = time;
		const node = await activate();
		await node.poll();
		plivo.variants.time = 'T';
		await node.poll();
		expect(node.emitted).toEqual([]);
		expect(node.errors).toEqual([]);
	},
);
