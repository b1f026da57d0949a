import type { IDataObject, WorkflowActivateMode } from 'n8n-workflow';

import {
	type Fault,
	type PlivoRecord,
	type Simulator,
	type Variants,
} from '../../simulator/simulator.mts';
import { activate, closeAccounts, newAccount } from '../support/account.mts';
import { there } from '../support/elements.mts';
import type { ActiveNode } from '../support/engine.mts';
import fc from '../support/fastCheck.mts';
import { LONG } from '../support/lane.mts';

const HISTORIES = LONG ? 40 : 20;

const HOUR = 3_600_000;

/** What somebody else does to the account; `of` picks the trunk, by its place among those that are there. */
type Change =
	| { kind: 'create'; count: number; late: number }
	| { kind: 'remove'; of: number; count: number }
	| { kind: 'rename' | 'switch' | 'attach' | 'secure'; of: number }
	/** Nothing but how Plivo shows what was never set. */
	| { kind: 'reshape'; of: number; unset: null | '' | undefined };

interface Step {
	kind: 'poll' | 'overlap' | 'fault' | 'restart' | 'activate' | 'forget';
	/** Before it. */
	between: Change[];
	/** Before the so-manieth request of it, all at once. */
	during: { request: number; changes: Change[] };
	fault: Fault;
	nth: number;
	/** Both clocks jump by so many hours before it, this computer's and Plivo's. */
	jumps: [ours: number, theirs: number];
}

interface History {
	variants: Pick<Variants, 'order' | 'date' | 'time'>;
	maxPerPoll: number;
	catchUp: boolean;
	/** Which trunk is watched alone, by its place; -1: all. */
	watched: number;
	trunks: number;
	steps: Step[];
}

const place = fc.nat({ max: 1_000 });

const change = fc.oneof<Array<{ weight: number; arbitrary: fc.Arbitrary<Change> }>>(
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('create' as const),
			count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
			late: fc.constantFrom(0, 0, 3_000),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('remove' as const),
			of: place,
			count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
		}),
	},
	{
		weight: 4,
		arbitrary: fc.record({
			kind: fc.constantFrom('rename' as const, 'switch', 'attach', 'secure'),
			of: place,
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('reshape' as const),
			of: place,
			unset: fc.constantFrom(null, '' as const, undefined),
		}),
	},
);

const step: fc.Arbitrary<Step> = fc.record({
	kind: fc.constantFrom<Step['kind']>(
		'poll',
		'poll',
		'poll',
		'overlap',
		'fault',
		'fault',
		'restart',
		'activate',
		'forget',
	),
	between: fc.array(change, { maxLength: 4 }),
	during: fc.record({
		request: fc.integer({ min: 1, max: 6 }),
		changes: fc.array(change, { maxLength: 3 }),
	}),
	fault: fc.constantFrom<Fault>(
		{ kind: 'status', status: 500 },
		{ kind: 'status', status: 404, html: true },
		{ kind: 'reset' },
		{ kind: 'truncate' },
		{ kind: 'badJson' },
		{ kind: 'empty' },
	),
	nth: fc.integer({ min: 1, max: 6 }),
	jumps: fc.tuple(fc.constantFrom(0, 0, -30, 30), fc.constantFrom(0, 0, -30, 30)),
});

const history: fc.Arbitrary<History> = fc.record({
	variants: fc.record({
		order: fc.constantFrom('newest', 'oldest', 'id', 'unstable'),
		date: fc.constantFrom('there', 'missing'),
		time: fc.constantFrom('T', 'missing'),
	}),
	maxPerPoll: fc.constantFrom(3, 10, 500),
	catchUp: fc.boolean(),
	watched: fc.constantFrom(-1, -1, -1, 0),
	trunks: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 15, max: 70 })),
	steps: fc.array(step, { minLength: 2, maxLength: 7 }),
});

const WATCHED = [
	'name',
	'trunk_status',
	'trunk_direction',
	'secure',
	'credential_uuid',
	'ipacl_uuid',
	'primary_uri_uuid',
	'fallback_uri_uuid',
];

/** What of a trunk is told, as text; what was never set is one. */
const pictureOf = (trunk: IDataObject | PlivoRecord) =>
	JSON.stringify(WATCHED.map((field) => trunk[field] || null));

/** Plays a history on a simulator of its own, and follows what the trigger says of it. */
class Play {
	/** What is wrong with what was emitted. */
	readonly wrong: string[] = [];
	emitted = 0;
	private node?: ActiveNode;
	private stored: IDataObject = {};
	/** The account as the trigger has told of it so far. */
	private known = new Map<string, string>();
	/** Trunks that came, went or changed while the trigger started: either state of them will do. */
	private readonly free = new Set<string>();
	private touched = new Set<string>();
	/** Trunks that lists may not show yet. */
	private readonly late = new Set<string>();
	private serial = 0;
	private jumped = 0;
	private watched?: string;

	constructor(
		private readonly plivo: Simulator,
		private readonly told: History,
	) {
		plivo.options.now = () => Date.now() + this.jumped;
		this.apply({ kind: 'create', count: told.trunks, late: 0 });
		if (told.watched >= 0) [this.watched] = this.plivo.state.trunks.keys();
	}

	private apply(one: Change) {
		const { trunks } = this.plivo.state;
		const touch = (trunk: PlivoRecord) => this.touched.add(String(trunk.trunk_id));
		if (one.kind === 'create') {
			for (let count = 0; count < one.count; count++) {
				const trunk = this.plivo.addTrunk({ name: `Trunk ${++this.serial}` });
				touch(trunk);
				if (one.late === 0) continue;
				trunks.noteMaking(trunk, this.plivo.options.now(), one.late);
				this.late.add(String(trunk.trunk_id));
			}
			return;
		}
		const all = [...trunks.values()];
		if (all.length === 0) return;
		const from = one.of % all.length;
		if (one.kind === 'remove') {
			for (const trunk of all.slice(from, from + one.count)) {
				trunks.delete(String(trunk.trunk_id));
				touch(trunk);
			}
			return;
		}
		// The record itself, as Plivo's own lateness goes by it.
		const trunk = there(all[from]);
		touch(trunk);
		switch (one.kind) {
			case 'rename':
				trunk.name = `Trunk ${++this.serial}`;
				break;
			case 'switch':
				trunk.trunk_status = trunk.trunk_status === 'enabled' ? 'disabled' : 'enabled';
				break;
			case 'attach':
				trunk.credential_uuid = `credential-${++this.serial}`;
				break;
			case 'secure':
				trunk.secure = trunk.secure !== true;
				break;
			case 'reshape':
				for (const field of ['ipacl_uuid', 'primary_uri_uuid', 'fallback_uri_uuid']) {
					trunk[field] = one.unset;
				}
				if (trunk.secure !== true) trunk.secure = one.unset === undefined ? undefined : false;
		}
	}

	private async activate(activation: WorkflowActivateMode) {
		const isNew =
			this.stored.kept === undefined || (activation === 'activate' && !this.told.catchUp);
		const pictures = () =>
			new Map([...this.plivo.state.trunks].map(([id, trunk]) => [id, pictureOf(trunk)]));
		const before = pictures();
		const parameters = {
			...(this.watched !== undefined && { filters: { trunkId: this.watched } }),
			options: { maxPerPoll: this.told.maxPerPoll, catchUp: this.told.catchUp, maxRetries: 0 },
		};
		const node = await activate(this.plivo, 'trunkChanged', parameters, {
			staticData: this.stored,
			activation,
		}).catch(() => undefined);
		// An activation that fails leaves nothing running, as n8n has it, until the next one.
		this.node = node;
		if (!node) return;
		if (isNew) {
			this.known = before;
			this.free.clear();
			for (const id of [...this.touched, ...this.late]) this.free.add(id);
		}
		this.take();
	}

	/** As n8n does: a restart has nothing but what was stored. */
	private take() {
		if (!this.node) return;
		for (const event of this.node.emitted.splice(0)) this.hear(event);
		this.stored = JSON.parse(JSON.stringify(this.node.stored)) as IDataObject;
	}

	/** Holds an event against all that came before it. */
	private hear(event: IDataObject) {
		this.emitted++;
		const { trunk_id, change: what, changed_fields } = event;
		const id = String(trunk_id);
		const [before, after] = [event.before, event.after] as Array<IDataObject | null>;
		const known = this.known.get(id);
		const had = before ? pictureOf(before) : undefined;
		const has = after ? pictureOf(after) : undefined;
		const expected = had === undefined ? 'created' : has === undefined ? 'removed' : 'changed';
		const isFree = this.free.delete(id);
		if (what !== expected || had === has || (had !== known && !isFree)) {
			this.wrong.push(`${String(what)} ${id} ${String(changed_fields)}: ${known} ${had} ${has}`);
		}
		if (has === undefined) this.known.delete(id);
		else this.known.set(id, has);
	}

	private async poll(times = 1) {
		await Promise.all(Array.from({ length: times }, async () => await this.node?.poll()));
		this.take();
	}

	private async play({ kind, between, during, fault, nth, jumps: [ours, theirs] }: Step) {
		hoursOff += ours;
		this.jumped += (theirs - ours) * HOUR;
		for (const one of between) this.apply(one);
		this.touched = new Set();
		let requests = 0;
		const stop = this.plivo.onRequest(() => {
			if (++requests === during.request) for (const one of during.changes) this.apply(one);
		});
		switch (kind) {
			case 'poll':
				await this.poll();
				break;
			case 'overlap':
				await this.poll(2);
				break;
			case 'fault':
				this.plivo.faults.add({ nth, times: 1, faults: [fault] });
				await this.poll();
				this.plivo.faults.clear();
				break;
			case 'forget':
				this.stored = {};
				await this.activate('init');
				break;
			default:
				await this.activate(kind === 'restart' ? 'init' : 'activate');
		}
		stop();
	}

	async run() {
		await this.activate('activate');
		for (const one of this.told.steps) await this.play(one);
		// All that was made shows by now.
		this.jumped += 1_000 * HOUR;
		// A listing whose pages don't agree is refused, and n8n tries again.
		for (let tries = 0; !this.node && tries < 5; tries++) await this.activate('init');
		// Where each page has another order, a listing may leave a new trunk out: a later one has it.
		for (let quiet = 0, polls = 0; quiet < 12 && polls < 500; polls++) {
			const before = this.emitted;
			await this.poll();
			quiet =
				this.emitted === before ? quiet + (this.told.variants.order === 'unstable' ? 1 : 6) : 0;
		}
		const ids = new Set([...this.known.keys(), ...this.plivo.state.trunks.keys()]);
		for (const id of ids) {
			if (this.free.has(id) || (this.watched !== undefined && id !== this.watched)) continue;
			const trunk = this.plivo.state.trunks.get(id);
			const now = trunk && pictureOf(trunk);
			if (this.known.get(id) !== now) this.wrong.push(`lost ${id}: ${this.known.get(id)} ${now}`);
		}
		if (!this.node) this.wrong.push('could not be activated');
	}
}

/** This computer's clock less the real one, in hours. */
let hoursOff = 0;

beforeEach(() => {
	hoursOff = 0;
	const real = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => real() + hoursOff * HOUR);
});
afterEach(() => void jest.restoreAllMocks());

it(`tells each change of a trunk, and nothing else, in ${HISTORIES} random histories`, async () => {
	let emitted = 0;
	await fc.assert(
		fc.asyncProperty(history, async (told) => {
			const plivo = await newAccount({ rateLimit: true, variants: told.variants });
			try {
				const play = new Play(plivo, told);
				await play.run();
				expect(play.wrong).toEqual([]);
				emitted += play.emitted;
			} finally {
				await closeAccounts();
			}
		}),
		// Making a failing one shorter would take longer than the test may: it is told as it is, with its seed and path.
		{ numRuns: HISTORIES, endOnFailure: true },
	);
	// Histories in which nothing happens would prove nothing.
	expect(emitted).toBeGreaterThan(10 * HISTORIES);
}, 600_000);
