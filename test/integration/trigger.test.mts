import type { INodeParameters } from 'n8n-workflow';

import { withAmounts } from '../../nodes/PlivoSipTrunking/records/amounts.ts';
import { CALL } from '../../nodes/PlivoSipTrunking/records/call.ts';
import { plivoTime } from '../../nodes/PlivoSipTrunking/input/time.ts';
import type { PlivoRecord, Simulator } from '../../simulator/simulator.mts';
import {
	activate as activateOn,
	closeAccounts,
	credentialsOf,
	type Json,
	newAccount,
	testEvent,
} from '../support/account.mts';
import type { ActiveNode } from '../support/engine.mts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let plivo: Simulator;
let clock: number;

beforeEach(async () => {
	clock = Date.now() - 2 * HOUR;
	plivo = await newAccount({ rateLimit: true, now: () => clock });
});

afterEach(closeAccounts);

const activate = async (
	event: string,
	parameters: Json = {},
	earlier: Parameters<typeof activateOn>[3] = {},
): Promise<ActiveNode> => await activateOn(plivo, event, parameters, earlier);

/** A call that ended some time ago, by default just now. */
const endCall = (record: PlivoRecord = {}, ago = 0) =>
	plivo.addCall({ end_time: plivoTime(clock - ago), ...record });

const FAULT = {
	hangup_cause_code: 4350,
	hangup_cause_name: 'temporary_unavailable',
	hangup_source: 'customer',
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

	it('explains the hangup unless told not to', async () => {
		const explaining = await activate('callEnded', { simplify: false });
		const plain = await activate('callEnded', {
			simplify: false,
			options: { explainHangup: false },
		});
		const short = await activate('callEnded');
		const call = withAmounts(endCall(FAULT));
		await explaining.poll();
		await plain.poll();
		await short.poll();
		expect(explaining.emitted).toEqual([
			{
				...call,
				hangup_meaning: 'Your PBX or platform said that it is temporarily unavailable.',
				hangup_owner: 'customer',
				hangup_is_fault: true,
				hangup_retryable: true,
				hangup_fix:
					'Check that the PBX or platform is online, and read its log at the time of the call.',
			},
		]);
		expect(plain.emitted).toEqual([call]);
		expect(Object.keys(short.emitted[0] ?? {})).toEqual([
			...(CALL.mainFields ?? []),
			...Object.keys(explaining.emitted[0] ?? {}).filter(
				(field) => field.startsWith('hangup_') && !(field in call),
			),
		]);
	});

	it('callFailed emits faults only: a busy callee is none, an inbound call that no agent takes is one', async () => {
		const node = await activate('callFailed');
		endCall();
		endCall(BUSY);
		const failed = [endCall(FAULT), endCall({ ...BUSY, call_direction: 'inbound' })];
		await node.poll();
		expect(ids(node.emitted).sort()).toEqual(ids(failed).sort());
	});

	it('asks Plivo for what it can filter by', async () => {
		const node = await activate('callEnded', {
			filters: {
				callDirection: 'outbound',
				fromNumber: '+1 415*',
				toNumber: '+44 20 7946 0100',
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
				to_number: '442079460100',
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

	it('takes a whole number for that number, and first digits with * for all that begin so', async () => {
		const whole = await activate('callEnded', { filters: { toNumber: '+44 20 7946 010' } });
		const first = await activate('callEnded', { filters: { toNumber: '+44 20 7946 010*' } });
		const calls = ['+44207946010', '+442079460100'].map((to_number) => endCall({ to_number }));
		await whole.poll();
		await first.poll();
		await whole.poll();
		expect(ids(whole.emitted)).toEqual(ids(calls.slice(0, 1)));
		expect(ids(first.emitted).sort()).toEqual(ids(calls).sort());
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
});

describe('a call whose record has no usable end', () => {
	const withEnd = (call: PlivoRecord, end_time: unknown) =>
		plivo.state.calls.set(String(call.call_uuid), { ...call, end_time });

	it.each([0, 25, 300])('is emitted once, and so are the %i calls with it', async (others) => {
		const node = await activate('callEnded');
		clock += MINUTE;
		const calls = Array.from({ length: others }, (_, index) => endCall({}, (index % 50) * 1000));
		const odd = endCall();
		// Plivo counts it in its minute, and nobody can read it.
		withEnd(odd, plivoTime(clock).replace(/..$/, '99'));
		await node.poll();
		for (let minutes = 0; minutes < 4; minutes++) {
			clock += 25 * MINUTE;
			calls.push(endCall());
			await node.poll();
		}
		expect(node.errors).toEqual([]);
		expect(ids(node.emitted).sort()).toEqual(ids([odd, ...calls]).sort());
	});

	it('is not emitted again once it has one, nor holds up those behind it', async () => {
		const node = await activate('callEnded', { options: { maxPerPoll: 1 } });
		clock += MINUTE;
		const odd = endCall();
		const call = endCall();
		withEnd(odd, plivoTime(clock).replace(/..$/, '99'));
		await node.poll();
		withEnd(odd, plivoTime(clock));
		for (let polls = 0; polls < 3; polls++) await node.poll();
		expect(node.errors).toEqual([]);
		expect(ids(node.emitted)).toEqual(ids([odd, call]));
	});

	it('shows in a test run of the editor, behind those that have one', async () => {
		const odd = endCall();
		withEnd(odd, plivoTime(clock).replace(/..$/, '99'));
		const call = endCall({}, 90_000);
		const { items } = await testEvent(plivo, 'callEnded');
		expect(ids((items ?? []).map(({ json }) => json))).toEqual([call.call_uuid]);
	});
});

describe('calls that come late, or while they are read', () => {
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

	it('does not emit twice when polls overlap', async () => {
		const node = await activate('callEnded');
		const call = endCall();
		await Promise.all([node.poll(), node.poll(), node.poll()]);
		await node.poll();
		expect(ids(node.emitted)).toEqual([call.call_uuid]);
	});

	it.each([3, 20, 60])('emits a call once whose record comes %d minutes late', async (minutes) => {
		// More calls than a page has, so that the late one is on none that is read anyway.
		const calls: PlivoRecord[] = [];
		const endSome = () => {
			for (let call = 0; call < 25; call++) calls.push(endCall({}, call * 2000));
		};
		endSome();
		const node = await activate('callEnded');
		calls.length = 0;
		const end = clock;
		for (let passed = 0; passed < minutes; passed++) {
			clock += MINUTE;
			endSome();
			await node.poll();
		}
		calls.push(endCall({ end_time: plivoTime(end) }));
		for (let polls = 0; polls < 3; polls++) {
			await node.poll();
			clock += MINUTE;
		}
		expect(ids(node.emitted).sort()).toEqual(ids(calls).sort());
	});

	it('asks once where nothing is new, and finds one late call among more than a thousand by their counts', async () => {
		const node = await activate('callEnded', { options: { maxPerPoll: 2000 } });
		clock += HOUR;
		for (let call = 0; call < 1200; call++) endCall({}, call * 3000);
		for (let polls = 0; polls < 4; polls++) await node.poll();
		expect(node.emitted).toHaveLength(1200);
		plivo.clearRequests();
		await node.poll();
		expect(plivo.requests).toHaveLength(1);

		const late = endCall({}, 40 * MINUTE);
		plivo.clearRequests();
		await node.poll();
		expect(ids(node.emitted.slice(1200))).toEqual([late.call_uuid]);
		// All of the hour would be 60 pages.
		expect(plivo.requests.length).toBeLessThan(25);
	});
});

describe('many calls', () => {
	it('catches up with an outage of hours, so much with each poll, the oldest first', async () => {
		const node = await activate('callFailed');
		clock += HOUR;
		const failed: PlivoRecord[] = [];
		for (let index = 0; index < 4500; index++) {
			const call = endCall(index % 100 === 0 ? FAULT : {}, (4500 - index) * 600);
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
		const other = await newAccount({ authId: 'MAOTHER', now: () => clock });
		other.addCall();
		const earlier = { staticData: before.stored, activation: 'update' as const };
		const after = await activateOn(other, 'callEnded', {}, earlier);
		await after.poll();
		expect(after.emitted).toEqual([]);
	});

	it.each<[string, string, INodeParameters]>([
		['the event', 'callEnded', { filters: { trunkId: '1' } }],
		['a filter', 'callFailed', { filters: { trunkId: '1', callDirection: 'outbound' } }],
		['the trunk', 'callFailed', { filters: { trunkId: '2' } }],
	])('starts from now on when %s has changed', async (_what, event, parameters) => {
		const before = await activate('callFailed', { filters: { trunkId: '1' } });
		clock += MINUTE;
		const first = endCall({ ...FAULT, trunk_domain: '1.zt.plivo.com' });
		await before.poll();
		expect(ids(before.emitted)).toEqual([first.call_uuid]);
		clock += MINUTE;
		for (const trunk_domain of ['1.zt.plivo.com', '2.zt.plivo.com']) {
			for (let call = 0; call < 25; call++) {
				endCall({ trunk_domain }, call * 1000);
				endCall({ ...FAULT, trunk_domain }, call * 1000);
			}
		}
		const after = await activate(event, parameters, {
			staticData: before.stored,
			activation: 'update',
		});
		await after.poll();
		expect(after.emitted).toEqual([]);
		clock += MINUTE;
		const call = endCall({ ...FAULT, trunk_domain: '1.zt.plivo.com' });
		const other = endCall({ ...FAULT, trunk_domain: '2.zt.plivo.com' });
		await after.poll();
		const isOfOther = JSON.stringify(parameters).includes('"2"');
		expect(ids(after.emitted)).toEqual([(isOfOther ? other : call).call_uuid]);
	});
});

describe('a clock of this computer that is wrong', () => {
	const cases = (['there', 'missing'] as const).flatMap((date) =>
		[-2, 2].flatMap((hours) => [0, 5, 30].map((old) => ({ date, hours, old }))),
	);
	it.each(cases)(
		'loses nothing and repeats nothing: Date $date, Plivo $hours h from it, $old calls before',
		async ({ date, hours, old }) => {
			plivo.variants.date = date;
			clock = Date.now() + hours * HOUR;
			for (let call = 0; call < old; call++) endCall({}, call * MINUTE);
			const node = await activate('callEnded');
			await node.poll();
			const calls: PlivoRecord[] = [];
			for (let minutes = 0; minutes < 5; minutes++) {
				clock += MINUTE;
				for (let call = 0; call < 25; call++) calls.push(endCall({}, call * 1000));
				await node.poll();
			}
			calls.push(endCall({}, 50 * MINUTE));
			await node.poll();
			await node.poll();
			expect(node.errors).toEqual([]);
			expect(ids(node.emitted).sort()).toEqual(ids(calls).sort());
		},
	);

	it.each([-2, 2])(
		'asks for nothing that Plivo no longer keeps, without a Date header, Plivo %d h from it',
		async (hours) => {
			plivo.variants.date = 'missing';
			const now = Date.now() + hours * HOUR;
			clock = now - 120 * DAY;
			endCall();
			const before = await activate('callEnded');
			clock = now;
			endCall({}, 100 * DAY);
			const kept = endCall({}, 80 * DAY);
			const after = await activate(
				'callEnded',
				{},
				{ staticData: before.stored, activation: 'init' },
			);
			expect(ids(after.emitted)).toEqual([kept.call_uuid]);
		},
	);
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
		const credentials = { ...credentialsOf(plivo), authToken: 'wrong' };
		await expect(activate('callEnded', {}, { credentials })).rejects.toThrow(
			'Plivo did not accept the Auth ID and Auth Token',
		);
	});
});

describe('a test run in the editor', () => {
	it('shows the latest call that matches, and leaves the state as it is', async () => {
		endCall(FAULT, HOUR);
		const latest = endCall(FAULT, MINUTE);
		endCall();
		const node = await activate('callFailed');
		const run = await testEvent(plivo, 'callFailed', {}, node.stored);
		expect(run.error).toBeUndefined();
		expect(ids(run.items?.map(({ json }) => json) ?? [])).toEqual([latest.call_uuid]);
		expect(run.staticData).toEqual(node.stored);
	});

	it('shows a trunk as if it had just been made', async () => {
		const trunk = plivo.addTrunk();
		const run = await testEvent(plivo, 'trunkChanged');
		expect(run.items?.map(({ json }) => json)).toMatchObject([
			{ change: 'created', trunk_id: trunk.trunk_id, before: null },
		]);
	});

	it('says that there is nothing yet', async () => {
		endCall();
		const run = await testEvent(plivo, 'callFailed');
		expect(run.error?.message).toBe('There is nothing yet that would start the workflow');
	});
});

describe('bad input is refused by field, before any request', () => {
	it.each<[string, string, INodeParameters]>([
		["'Trigger On' is unknown", 'callStarted', {}],
		[
			'\'Direction\' is "in", which is not one of the choices',
			'callEnded',
			{ filters: { callDirection: 'in' } },
		],
		[
			'\'Hangup Source\' is "plivo", which is not one of the choices',
			'callEnded',
			{ filters: { hangupSource: 'plivo' } },
		],
		[
			'\'STIR Verification\' is "yes", which is not one of the choices',
			'callEnded',
			{ filters: { stirVerification: 'yes' } },
		],
		[
			'\'Hangup Cause Code\' is "busy", but must be a whole number from 1000 to 9999',
			'callEnded',
			{ filters: { hangupCauseCode: 'busy' } },
		],
		[
			'\'From Number\' is "Alice", which has letters',
			'callEnded',
			{ filters: { fromNumber: 'Alice' } },
		],
		['\'To Number\' is "+", which has no digits', 'callFailed', { filters: { toNumber: '+' } }],
		[
			"'Minimum Duration' is greater than 'Maximum Duration'",
			'callEnded',
			{ filters: { minDuration: 60, maxDuration: 30 } },
		],
		["'Trunk' is not an ID", 'callEnded', { filters: { trunkId: 'a/b' } }],
		["'Trunk' is not an ID", 'trunkChanged', { filters: { trunkId: 'a/b' } }],
		[
			"'Max per Poll' is 0, but must be a whole number from 1 to 2000",
			'callEnded',
			{ options: { maxPerPoll: 0 } },
		],
		[
			"'Max Retries' is 99, but must be a whole number from 0 to 10",
			'trunkChanged',
			{ options: { maxRetries: 99 } },
		],
		[
			"'Timeout' is 0.5, but must be a whole number from 1 to 300",
			'callEnded',
			{ options: { timeout: 0.5 } },
		],
	])('%s (%s)', async (message, event, parameters) => {
		await expect(activate(event, parameters)).rejects.toThrow(message);
		expect(plivo.requests).toEqual([]);
	});
});
