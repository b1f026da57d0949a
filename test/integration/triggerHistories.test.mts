import fc from '../support/fastCheck.mts';
import { LONG } from '../support/lane.mts';
import type { IDataObject, WorkflowActivateMode } from 'n8n-workflow';

import { plivoTime } from '../../nodes/PlivoSipTrunking/input/time.ts';
import { withCallDefaults } from '../../simulator/calls.mts';
import type { Fault, Simulator, Variants } from '../../simulator/simulator.mts';
import { activate, closeAccounts, newAccount } from '../support/account.mts';
import { first } from '../support/elements.mts';
import type { ActiveNode } from '../support/engine.mts';

const HISTORIES = LONG ? 500 : 60;

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** A record appears an hour after the call's end at the latest, in seconds. */
const LATEST = 3_600;

/** Plivo's clock moves on by so much with each request, and records appear meanwhile: pages shift. */
const REQUEST_TAKES = 3_000;

/** Calls that end within seconds of each other, or in the same. */
interface Burst {
	/** Seconds from the start of the history to the first end. */
	at: number;
	/** For each call: seconds after the first, seconds until its record appears, whether it failed. */
	calls: Array<{ after: number; late: number; failed: boolean; inbound: boolean }>;
}

type Step =
	| { kind: 'poll'; wait: number }
	| { kind: 'overlap'; wait: number }
	| { kind: 'fault'; wait: number; nth: number; fault: Fault }
	| { kind: 'activate'; wait: number; activation: WorkflowActivateMode }
	/** This computer's clock is set, by so many hours. */
	| { kind: 'clock'; wait: number; hours: number }
	/** What was stored is lost. */
	| { kind: 'forget'; wait: number };

interface History {
	/** Plivo's clock less this computer's when the history begins; from then on only Plivo's moves on. */
	clockSkew: number;
	/** Whether Plivo tells its clock, and whether calls of the same second change places with each page. */
	variants: Pick<Variants, 'date' | 'order'>;
	event: 'callEnded' | 'callFailed';
	onlyInbound: boolean;
	maxPerPoll: number;
	catchUp: boolean;
	bursts: Burst[];
	steps: Step[];
}

const wait = fc.oneof(
	{ weight: 6, arbitrary: fc.integer({ min: 1, max: 150 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 150, max: 4_000 }) },
);

const fault = fc.constantFrom<Fault>(
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 503, html: true },
	{ kind: 'reset' },
	{ kind: 'truncate' },
	{ kind: 'badJson' },
	{ kind: 'empty' },
	// Pages overtake each other.
	{ kind: 'delay', ms: 5 },
	{ kind: 'delay', ms: 5 },
);

const step = fc.oneof<Array<{ weight: number; arbitrary: fc.Arbitrary<Step> }>>(
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('poll' as const), wait }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('overlap' as const), wait }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('fault' as const),
			wait,
			nth: fc.integer({ min: 1, max: 4 }),
			fault,
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('activate' as const),
			wait,
			activation: fc.constantFrom<WorkflowActivateMode>(
				'init',
				'update',
				'leadershipChange',
				'activate',
			),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('clock' as const),
			wait,
			hours: fc.constantFrom(-80, -30, -2, 2, 30, 80),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), wait }) },
);

const burst: fc.Arbitrary<Burst> = fc.record({
	at: fc.integer({ min: -100, max: 900 }),
	calls: fc.array(
		fc.record({
			after: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 90 })),
			late: fc.oneof(
				fc.constant(0),
				fc.integer({ min: 0, max: 60 }),
				fc.integer({ min: 60, max: LATEST }),
			),
			failed: fc.boolean(),
			inbound: fc.boolean(),
		}),
		{ minLength: 1, maxLength: 40, size: 'max' },
	),
});

const history: fc.Arbitrary<History> = fc.record({
	clockSkew: fc.constantFrom(-72 * HOUR, -2 * HOUR, 0, 2 * HOUR),
	variants: fc.record({
		date: fc.constantFrom('there', 'missing'),
		order: fc.constantFrom('newest', 'newest', 'unstable'),
	}),
	event: fc.constantFrom('callEnded', 'callEnded', 'callFailed'),
	onlyInbound: fc.boolean(),
	maxPerPoll: fc.constantFrom(10, 40, 500, 500),
	catchUp: fc.boolean(),
	bursts: fc.array(burst, { minLength: 1, maxLength: 5 }),
	steps: fc.array(step, { minLength: 2, maxLength: 8 }),
});

interface Call {
	id: string;
	matches: boolean;
	appearsAt: number;
	/** Whether it has to be emitted; `free`: it appeared just while the trigger was being switched on. */
	due: 'yes' | 'no' | 'free';
}

/** Plays a history on a simulator of its own; answers what was emitted and what should have been. */
class Play {
	readonly calls: Call[] = [];
	readonly emitted: IDataObject[] = [];
	private node?: ActiveNode;
	private stored: IDataObject = {};
	private clock: number;
	private readonly appearing: Array<{ at: number; record: IDataObject }>;
	/** How often records have appeared while a poll was reading. */
	shifts = 0;

	constructor(
		private readonly plivo: Simulator,
		private readonly told: History,
	) {
		hoursOff = 0;
		const start = Date.now() + told.clockSkew;
		this.clock = start;
		let serial = 0;
		this.appearing = told.bursts
			.flatMap(({ at, calls }) =>
				calls.map(({ after, late, failed, inbound }) => {
					const end = start + (at + after) * SECOND;
					// Whole seconds later than the end's own second.
					const appearsAt = end + late * SECOND;
					const id = `call-${++serial}`;
					this.calls.push({
						id,
						matches: (told.event === 'callEnded' || failed) && (!told.onlyInbound || inbound),
						appearsAt,
						due: 'yes',
					});
					const record = {
						call_uuid: id,
						end_time: plivoTime(end),
						call_direction: inbound ? 'inbound' : 'outbound',
						...(failed && { hangup_cause_code: 4350, bill_duration: 0 }),
					};
					return { at: appearsAt, record };
				}),
			)
			.sort((one, other) => one.at - other.at);
		plivo.options.now = () => {
			this.pass(REQUEST_TAKES);
			return this.clock;
		};
	}

	private pass(ms: number) {
		this.clock += ms;
		let appeared = 0;
		while (this.appearing.length > 0 && first(this.appearing).at <= this.clock) {
			const { record } = this.appearing.shift() as { record: IDataObject };
			this.plivo.state.calls.set(record.call_uuid as string, withCallDefaults(record, this.clock));
			appeared++;
		}
		if (ms === REQUEST_TAKES && appeared > 0) this.shifts++;
	}

	private async activate(activation: WorkflowActivateMode) {
		const { event, onlyInbound, maxPerPoll, catchUp } = this.told;
		const parameters = {
			...(onlyInbound && { filters: { callDirection: 'inbound' } }),
			options: { maxPerPoll, catchUp, maxRetries: 0, explainHangup: false },
		};
		const isNew = this.stored.kept === undefined || (activation === 'activate' && !catchUp);
		const before = this.clock;
		this.node = await activate(this.plivo, event, parameters, {
			staticData: this.stored,
			activation,
		});
		this.take();
		if (!isNew) return;
		const done = new Set(this.emitted.map(({ call_uuid }) => call_uuid));
		for (const call of this.calls) {
			if (done.has(call.id) || call.appearsAt > this.clock) continue;
			if (call.appearsAt <= before) call.due = 'no';
			else if (call.due === 'yes') call.due = 'free';
		}
	}

	/** As n8n does: a restart or deploy has nothing but what was stored. */
	private take() {
		if (!this.node) return;
		this.emitted.push(...this.node.emitted.splice(0));
		this.stored = JSON.parse(JSON.stringify(this.node.stored)) as IDataObject;
	}

	private async poll(times = 1) {
		await Promise.all(Array.from({ length: times }, async () => await this.node?.poll()));
		this.take();
	}

	async run() {
		await this.activate('activate');
		for (const step of this.told.steps) {
			this.pass(step.wait * SECOND);
			switch (step.kind) {
				case 'poll':
					await this.poll();
					break;
				case 'overlap':
					await this.poll(2);
					break;
				case 'fault':
					this.plivo.faults.add({ nth: step.nth, times: 1, faults: [step.fault] });
					await this.poll();
					this.plivo.faults.clear();
					break;
				case 'clock':
					hoursOff += step.hours;
					await this.poll();
					break;
				case 'forget':
					this.stored = {};
					await this.activate('init');
					break;
				case 'activate':
					await this.activate(step.activation);
			}
		}
		await this.drain();
	}

	/** Polls until nothing more can come. */
	private async drain() {
		const last = this.appearing.at(-1)?.at ?? this.clock;
		this.pass(Math.max(0, last - this.clock) + SECOND);
		// Never more polls than calls, whatever goes wrong.
		let polls = 0;
		for (let before = -1; before !== this.emitted.length && polls <= this.calls.length; polls++) {
			before = this.emitted.length;
			await this.poll();
		}
	}
}

/** This computer's clock less the real one, in hours. */
let hoursOff = 0;

beforeEach(() => {
	const real = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => real() + hoursOff * HOUR);
});
afterEach(() => void jest.restoreAllMocks());

it(`emits each matching call exactly once in ${HISTORIES} random histories`, async () => {
	const totals = { emitted: 0, shifts: 0 };
	await fc.assert(
		fc.asyncProperty(history, async (told) => {
			const plivo = await newAccount({ rateLimit: true, variants: told.variants });
			try {
				const play = new Play(plivo, told);
				await play.run();
				const times = new Map<unknown, number>();
				for (const { call_uuid } of play.emitted) {
					times.set(call_uuid, (times.get(call_uuid) ?? 0) + 1);
				}
				const wrong = play.calls.filter(({ id, matches, due }) => {
					const count = times.get(id) ?? 0;
					if (!matches || due === 'no') return count !== 0;
					return due === 'yes' ? count !== 1 : count > 1;
				});
				expect(wrong.map((call) => ({ ...call, times: times.get(call.id) ?? 0 }))).toEqual([]);
				totals.emitted += play.emitted.length;
				totals.shifts += play.shifts;
			} finally {
				await closeAccounts();
			}
		}),
		// Making a failing one shorter would take longer than the test may: it is told as it is, with its seed and path.
		{ numRuns: HISTORIES, endOnFailure: true },
	);
	// Histories in which nothing happens would prove nothing.
	expect(totals.emitted).toBeGreaterThan(2 * HISTORIES);
	expect(totals.shifts).toBeGreaterThan(HISTORIES / 10);
}, 120_000);
