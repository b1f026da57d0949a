import type { IDataObject, INodeParameters, WorkflowActivateMode } from 'n8n-workflow';

import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';
import { plivoTime } from '../../nodes/PlivoSipTrunking/plivo/filters.ts';
import { type PlivoRecord, type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { type ActiveNode, activateNode, pollNode } from '../support/engine.mts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let plivo: Simulator;
let clock: number;

beforeEach(async () => {
	clock = Date.now() - 2 * HOUR;
	plivo = await startSimulator({ now: () => clock });
});

afterEach(async () => await plivo.close());

const setup = (event: string, parameters: INodeParameters = {}) => ({
	parameters: { event, ...parameters },
	credentials: { authId: plivo.authId, authToken: plivo.authToken, baseUrl: plivo.url },
});

const activate = async (
	event: string,
	parameters: INodeParameters = {},
	earlier: { staticData?: IDataObject; activation?: WorkflowActivateMode } = {},
): Promise<ActiveNode> =>
	await activateNode(PlivoSipTrunkingTrigger, { ...setup(event, parameters), ...earlier });

/** A call that ended some time ago, by default just now. */
const endCall = (record: PlivoRecord = {}, ago = 0) =>
	plivo.addCall({ end_time: plivoTime(clock - ago), ...record });

const FAULT = {
	hangup_cause_code: 4350,
	hangup_cause_name: 'temporary_unavailable',
	bill_duration: 0,
};
const BUSY = { hangup_cause_code: 4410, hangup_cause_name: 'user_busy', bill_duration: 0 };

const ids = (calls: PlivoRecord[]) => calls.map(({ call_uuid }) => call_uuid);

describe('calls', () => {
	it('emits nothing old, then each call once, the oldest first', async () => {
		endCall({}, DAY);
		endCall({}, 30_000);
		endCall();
		const node = await activate('callEnded');
		await node.poll();
		clock += MINUTE;
		await node.poll();
		expect(node.emitted).toEqual([]);

		const calls = [endCall({}, 20_000), endCall({}, 10_000), endCall()];
		await node.poll();
		await node.poll();
		clock += MINUTE;
		await node.poll();
		expect(ids(node.emitted)).toEqual(ids(calls));
		expect(node.errors).toEqual([]);
	});

	it('starts on an account without calls', async () => {
		const node = await activate('callEnded');
		clock += MINUTE;
		const call = endCall();
		await node.poll();
		await node.poll();
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it('emits a call whose record comes a minute late, also in a second that was read before', async () => {
		const node = await activate('callEnded');
		clock += MINUTE;
		const prompt = endCall();
		await node.poll();
		const late = endCall();
		clock += MINUTE;
		const later = endCall({}, MINUTE);
		await node.poll();
		await node.poll();
		expect(ids(node.emitted).sort()).toEqual(ids([prompt, late, later]).sort());
	});

	it('explains the hangup unless told not to', async () => {
		const explaining = await activate('callEnded');
		const plain = await activate('callEnded', { options: { explainHangup: false } });
		const call = endCall(FAULT);
		await explaining.poll();
		await plain.poll();
		expect(explaining.emitted).toEqual([
			{
				...call,
				hangup: expect.objectContaining({ owner: 'customer', is_fault: true }) as unknown,
			},
		]);
		expect(plain.emitted).toEqual([call]);
	});

	it('callFailed emits faults only: a busy callee is none', async () => {
		const node = await activate('callFailed');
		endCall();
		endCall(BUSY);
		const failed = endCall(FAULT);
		await node.poll();
		expect(ids(node.emitted)).toEqual([failed.call_uuid]);
	});

	it('asks Plivo for what it can filter by', async () => {
		const node = await activate('callEnded', {
			filters: {
				callDirection: 'outbound',
				fromNumber: '+1 415',
				toNumber: '+44',
				hangupCauseCode: '4350',
				hangupSource: 'customer',
				stirVerification: 'Not Applicable',
				minDuration: 0,
				maxDuration: 30,
			},
		});
		const call = endCall(FAULT);
		endCall(BUSY);
		plivo.clearRequests();
		await node.poll();
		expect(plivo.requests.map(({ query }) => query)).toEqual([
			{
				call_direction: 'outbound',
				from_number: '1415',
				to_number: '44',
				hangup_cause_code: '4350',
				hangup_source: 'customer',
				stir_verification: 'Not Applicable',
				bill_duration__gte: '0',
				bill_duration__lte: '30',
				end_time__gte: expect.any(String) as unknown,
				limit: '20',
				offset: '0',
			},
		]);
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it.each([
		['picked from the list', { __rl: true, mode: 'list', value: '21784100000000007' }],
		['from an expression', '21784100000000007'],
	])('emits the calls of one trunk, %s', async (_how, trunkId) => {
		const node = await activate('callEnded', { filters: { trunkId } });
		endCall();
		const call = endCall({ trunk_domain: '21784100000000007.zt.plivo.com' });
		await node.poll();
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it('emits no more than asked for at a time, and the rest with the next polls', async () => {
		const node = await activate('callEnded', { options: { maxPerPoll: 10 } });
		clock += MINUTE;
		const calls = Array.from({ length: 25 }, (_, index) =>
			endCall({}, 40_000 - Math.floor(index / 7) * 1000),
		);
		const sizes: number[] = [];
		for (let polls = 0; polls < 4; polls++) {
			const before = node.emitted.length;
			await node.poll();
			sizes.push(node.emitted.length - before);
		}
		expect(sizes).toEqual([10, 10, 5, 0]);
		expect(ids(node.emitted).sort()).toEqual(ids(calls).sort());
		const ends = node.emitted.map(({ end_time }) => String(end_time));
		expect(ends).toEqual([...ends].sort());
	});

	it('misses none when pages overtake each other and shift', async () => {
		const node = await activate('callEnded');
		clock += 20 * MINUTE;
		const calls = Array.from({ length: 70 }, (_, index) => endCall({}, (70 - index) * 15_000));
		// The second page is read last, when a new call has moved all others by one.
		plivo.faults.add({ nth: 3, faults: [{ kind: 'delay', ms: 50 }] });
		let requests = 0;
		plivo.options.now = () => {
			if (++requests === 4) {
				plivo.options.now = () => clock;
				calls.push(endCall());
			}
			return clock;
		};
		await node.poll();
		clock += MINUTE;
		await node.poll();
		expect(ids(node.emitted).sort()).toEqual(ids(calls).sort());
	});

	it('catches up with an outage of hours, so much with each poll, the oldest first', async () => {
		const node = await activate('callFailed');
		clock += HOUR;
		const failed: PlivoRecord[] = [];
		for (let index = 0; index < 6000; index++) {
			const call = endCall(index % 100 === 0 ? FAULT : {}, (6000 - index) * 500);
			if (index % 100 === 0) failed.push(call);
		}
		plivo.clearRequests();
		await node.poll();
		// A poll reads no more than 4,000 records, 20 at a time, and a few counts.
		expect(plivo.requests.length).toBeLessThan(210);
		expect(node.emitted.length).toBeGreaterThan(0);
		expect(ids(node.emitted)).toEqual(ids(failed.slice(0, node.emitted.length)));
		await node.poll();
		await node.poll();
		expect(ids(node.emitted)).toEqual(ids(failed));
	}, 30_000);

	it('does not emit twice when polls overlap', async () => {
		const node = await activate('callEnded');
		const call = endCall();
		await Promise.all([node.poll(), node.poll(), node.poll()]);
		await node.poll();
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it('takes a call that ended in the future for a mistake, and goes on', async () => {
		const node = await activate('callEnded');
		const odd = endCall({ end_time: plivoTime(Date.now() + 400 * DAY) });
		await node.poll();
		clock += MINUTE;
		const call = endCall();
		await node.poll();
		await node.poll();
		expect(ids(node.emitted)).toEqual(ids([odd, call]));
	});

	it('keeps no more static data than for the calls of the last minutes', async () => {
		const node = await activate('callEnded');
		for (let minutes = 0; minutes < 20; minutes++) {
			clock += MINUTE;
			for (let calls = 0; calls < 30; calls++) endCall({}, calls * 2000);
			await node.poll();
		}
		expect(node.emitted).toHaveLength(600);
		expect(JSON.stringify(node.stored).length).toBeLessThan(8_000);
	});
});

describe('across restarts, deploys and switches', () => {
	it.each(['init', 'leadershipChange', 'update'] as const)(
		'goes on where it was after "%s"',
		async (activation) => {
			const before = await activate('callEnded');
			clock += MINUTE;
			const first = endCall();
			await before.poll();
			clock += 3 * HOUR;
			const missed = [endCall({}, 2 * HOUR), endCall({}, HOUR)];
			const after = await activate('callEnded', {}, { staticData: before.stored, activation });
			clock += MINUTE;
			await after.poll();
			expect(ids(before.emitted)).toEqual([first.call_uuid]);
			expect(ids(after.emitted)).toEqual(ids(missed));
		},
	);

	it('goes on after a restart when nothing was emitted, and so nothing stored, since the activation', async () => {
		const before = await activate('callFailed');
		for (let polls = 0; polls < 3; polls++) {
			clock += HOUR;
			endCall();
			await before.poll();
		}
		const failed = endCall(FAULT);
		const after = await activate(
			'callFailed',
			{},
			{ staticData: before.stored, activation: 'init' },
		);
		expect(before.emitted).toEqual([]);
		expect(ids(after.emitted)).toEqual([failed.call_uuid]);
	});

	it('starts from now on when it is switched off and on', async () => {
		const before = await activate('callEnded');
		endCall();
		await before.poll();
		clock += HOUR;
		endCall({}, 30 * MINUTE);
		endCall();
		const after = await activate('callEnded', {}, { staticData: before.stored });
		await after.poll();
		expect(after.emitted).toEqual([]);
		clock += MINUTE;
		const call = endCall();
		await after.poll();
		expect(ids(after.emitted)).toEqual([call.call_uuid]);
	});

	it('catches up after a switch when asked to', async () => {
		const options = { options: { catchUp: true } };
		endCall();
		const before = await activate('callEnded', options);
		clock += MINUTE;
		const first = endCall();
		await before.poll();
		clock += HOUR;
		const missed = [endCall({}, 30 * MINUTE), endCall()];
		const after = await activate('callEnded', options, { staticData: before.stored });
		await after.poll();
		expect(ids(before.emitted)).toEqual([first.call_uuid]);
		expect(ids(after.emitted)).toEqual(ids(missed));
	});

	it('catches up with no more than the 90 days that Plivo keeps', async () => {
		const start = clock;
		clock -= 120 * DAY;
		endCall();
		const before = await activate('callEnded');
		clock = start;
		endCall({}, 100 * DAY);
		const kept = endCall({}, 80 * DAY);
		const after = await activate(
			'callEnded',
			{},
			{ staticData: before.stored, activation: 'init' },
		);
		expect(ids(after.emitted)).toEqual([kept.call_uuid]);
	});

	it('starts anew with another account', async () => {
		const before = await activate('callEnded');
		endCall();
		await before.poll();
		const other = await startSimulator({ authId: 'MAOTHER', now: () => clock });
		try {
			other.addCall();
			const after = await activateNode(PlivoSipTrunkingTrigger, {
				parameters: { event: 'callEnded' },
				credentials: { authId: 'MAOTHER', authToken: other.authToken, baseUrl: other.url },
				staticData: before.stored,
				activation: 'update',
			});
			await after.poll();
			expect(after.emitted).toEqual([]);
		} finally {
			await other.close();
		}
	});
});

describe('when Plivo fails', () => {
	it('says so, keeps its state, and emits with the next poll', async () => {
		const node = await activate('callEnded', { options: { maxRetries: 0 } });
		const call = endCall();
		plivo.faults.add({ faults: [{ kind: 'status', status: 503 }], times: 1 });
		await node.poll();
		expect(node.emitted).toEqual([]);
		expect(node.errors).toEqual([
			expect.objectContaining({
				name: 'NodeApiError',
				httpCode: '503',
				message: expect.stringContaining('Plivo is not available at the moment') as unknown,
				description: expect.stringContaining('status.plivo.com') as unknown,
			}),
		]);
		await node.poll();
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it('repeats a request within a poll', async () => {
		const node = await activate('callEnded');
		const call = endCall();
		plivo.faults.add({ faults: [{ kind: 'reset' }], times: 1 });
		await node.poll();
		expect(node.errors).toEqual([]);
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it('does not activate with a wrong token', async () => {
		const credentials = { authId: plivo.authId, authToken: 'wrong', baseUrl: plivo.url };
		await expect(
			activateNode(PlivoSipTrunkingTrigger, { ...setup('callEnded'), credentials }),
		).rejects.toThrow('Plivo did not accept the Auth ID and Auth Token');
	});
});

describe('trunks', () => {
	const trunkChanges = (node: ActiveNode) =>
		node.emitted.map(({ change, trunk_id, changed_fields }) => ({
			change,
			trunk_id,
			changed_fields,
		}));

	/** Changes a trunk as any other client of Plivo would. */
	const change = (trunk: PlivoRecord, fields: PlivoRecord) =>
		plivo.state.trunks.set(String(trunk.trunk_id), {
			...plivo.state.trunks.get(String(trunk.trunk_id)),
			...fields,
			updated_at: plivoTime(clock),
		});

	it('tells what was made, changed and removed, with before and after', async () => {
		const [kept, changed, removed] = [1, 2, 3].map((serial) =>
			plivo.addTrunk({ name: `Trunk ${serial}`, credential_uuid: `credential-${serial}` }),
		);
		const node = await activate('trunkChanged');
		await node.poll();
		expect(node.emitted).toEqual([]);

		change(kept, {});
		change(changed, { trunk_status: 'disabled', ipacl_uuid: 'list-1' });
		plivo.state.trunks.delete(String(removed.trunk_id));
		const created = plivo.addTrunk({ name: 'New' });
		await node.poll();
		await node.poll();

		expect(trunkChanges(node)).toEqual([
			{
				change: 'changed',
				trunk_id: changed.trunk_id,
				changed_fields: ['trunk_status', 'ipacl_uuid'],
			},
			{ change: 'removed', trunk_id: removed.trunk_id, changed_fields: [] },
			{ change: 'created', trunk_id: created.trunk_id, changed_fields: [] },
		]);
		expect(node.emitted[0]).toMatchObject({
			name: 'Trunk 2',
			before: { trunk_status: 'enabled', ipacl_uuid: null, credential_uuid: 'credential-2' },
			after: { trunk_status: 'disabled', ipacl_uuid: 'list-1', credential_uuid: 'credential-2' },
		});
		expect(node.emitted[1]).toMatchObject({ before: { name: 'Trunk 3' }, after: null });
		expect(node.emitted[2]).toMatchObject({ before: null, after: { name: 'New' } });
	});

	it('tells after an outage only the newest state', async () => {
		const trunk = plivo.addTrunk();
		const before = await activate('trunkChanged');
		change(trunk, { trunk_status: 'disabled', name: 'One' });
		change(trunk, { trunk_status: 'enabled', name: 'Two' });
		const after = await activate(
			'trunkChanged',
			{},
			{ staticData: before.stored, activation: 'init' },
		);
		expect(trunkChanges(after)).toEqual([
			{ change: 'changed', trunk_id: trunk.trunk_id, changed_fields: ['name'] },
		]);
	});

	it('starts from now on after a switch, or catches up', async () => {
		const before = await activate('trunkChanged');
		const trunk = plivo.addTrunk();
		const anew = await activate('trunkChanged', {}, { staticData: before.stored });
		const catchingUp = await activate(
			'trunkChanged',
			{ options: { catchUp: true } },
			{ staticData: before.stored },
		);
		expect(anew.emitted).toEqual([]);
		expect(trunkChanges(catchingUp)).toMatchObject([
			{ change: 'created', trunk_id: trunk.trunk_id },
		]);
	});

	it('emits a few at a time, and of one trunk only when asked to', async () => {
		const few = await activate('trunkChanged', { options: { maxPerPoll: 2 } });
		const trunks = [1, 2, 3].map(() => plivo.addTrunk());
		const one = await activate('trunkChanged', {
			filters: { trunkId: trunks[1].trunk_id as string },
		});
		await few.poll();
		expect(few.emitted).toHaveLength(2);
		await few.poll();
		await few.poll();
		expect(few.emitted.map(({ trunk_id }) => trunk_id)).toEqual(
			trunks.map(({ trunk_id }) => trunk_id),
		);
		for (const trunk of trunks) change(trunk, { name: 'Renamed' });
		await one.poll();
		expect(trunkChanges(one)).toEqual([
			{ change: 'changed', trunk_id: trunks[1].trunk_id, changed_fields: ['name'] },
		]);
	});

	it('takes no trunk for removed that slipped from one page to another', async () => {
		const trunks = Array.from({ length: 25 }, () => plivo.addTrunk());
		const node = await activate('trunkChanged');
		// The first trunk goes while the pages are read, so the 21st moves to the page read before; another
		// one comes, so the count stays the same.
		let requests = 0;
		let created: PlivoRecord = {};
		plivo.options.now = () => {
			if (++requests === 2) {
				plivo.options.now = () => clock;
				plivo.state.trunks.delete(String(trunks[0].trunk_id));
				created = plivo.addTrunk();
			}
			return clock;
		};
		await node.poll();
		await node.poll();
		expect(trunkChanges(node)).toEqual([
			{ change: 'created', trunk_id: created.trunk_id, changed_fields: [] },
			{ change: 'removed', trunk_id: trunks[0].trunk_id, changed_fields: [] },
		]);
	});
});

describe('a test run in the editor', () => {
	const test = async (event: string, parameters?: INodeParameters, staticData?: IDataObject) =>
		await pollNode(PlivoSipTrunkingTrigger, {
			...setup(event, parameters),
			mode: 'manual',
			staticData,
		});

	it('shows the latest call that matches, and leaves the state as it is', async () => {
		endCall(FAULT, HOUR);
		const latest = endCall(FAULT, MINUTE);
		endCall();
		const node = await activate('callFailed');
		const run = await test('callFailed', {}, node.stored);
		expect(run.error).toBeUndefined();
		expect(ids(run.items?.map(({ json }) => json) ?? [])).toEqual([latest.call_uuid]);
		expect(run.staticData).toEqual(node.stored);
	});

	it('shows a trunk as if it had just been made', async () => {
		const trunk = plivo.addTrunk();
		const run = await test('trunkChanged');
		expect(run.items?.map(({ json }) => json)).toMatchObject([
			{ change: 'created', trunk_id: trunk.trunk_id, before: null },
		]);
	});

	it('says that there is nothing yet', async () => {
		endCall();
		const run = await test('callFailed');
		expect(run.error?.message).toBe('There is nothing yet that would start the workflow');
	});
});

describe('bad input is refused by field, before any request', () => {
	it.each<[string, string, INodeParameters]>([
		['Event is unknown', 'callStarted', {}],
		[
			'Direction is not a value that Plivo knows',
			'callEnded',
			{ filters: { callDirection: 'in' } },
		],
		['Hangup Source is not a value', 'callEnded', { filters: { hangupSource: 'plivo' } }],
		['STIR Verification is not a value', 'callEnded', { filters: { stirVerification: 'yes' } }],
		['Hangup Cause Code is not a code', 'callEnded', { filters: { hangupCauseCode: 'busy' } }],
		['From Number is not a phone number', 'callEnded', { filters: { fromNumber: 'Alice' } }],
		['To Number is not a phone number', 'callFailed', { filters: { toNumber: '+' } }],
		[
			'Minimum Duration is greater than Maximum Duration',
			'callEnded',
			{ filters: { minDuration: 60, maxDuration: 30 } },
		],
		['Trunk is not an ID', 'callEnded', { filters: { trunkId: 'a/b' } }],
		['Trunk is not an ID', 'trunkChanged', { filters: { trunkId: 'a/b' } }],
		['Max per Poll must be a whole number', 'callEnded', { options: { maxPerPoll: 0 } }],
		['Max Retries must be a whole number', 'trunkChanged', { options: { maxRetries: 99 } }],
		['Timeout must be a whole number', 'callEnded', { options: { timeout: 0.5 } }],
	])('%s (%s)', async (message, event, parameters) => {
		await expect(activate(event, parameters)).rejects.toThrow(message);
		expect(plivo.requests).toEqual([]);
	});
});
