import type { IDataObject } from 'n8n-workflow';

import { cancelled, isGone, isTaken, PlivoFailure } from '../failure';
import { hold, recordClaim, stateOf } from '../records/accountState';
import { allRecords, findRecord } from '../records/find';
import { idOf, type Kind, labelled, matches, pick, without } from '../records/kind';
import { getRecord } from '../records/list';
import { ORIGINATION_URI } from '../records/originationUri';
import { PHONE_NUMBER, type Route, routeOf } from '../records/phoneNumber';
import { guardDelete, namesOf, numbersOf, trunksUsing } from '../records/references';
import { applicationPath, clearRoute, noteRouted, requireTakesCalls } from '../records/route';
import { TRUNK } from '../records/trunk';
import {
	deleteRecord,
	destroy,
	ensureRecord,
	routeNumber,
	updateHeld,
	updateRecord,
} from '../records/write';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { settling } from '../transport/settling';
import { type Plan, type Reference, resolved, type ShownStep, shownStep, type Step } from './plan';

/** How one step is undone. */
interface Undo {
	/** What it takes back, with its id; a continuation of "Undone:" and "Left:". */
	what: string;
	/** `perhaps` while Plivo hasn't confirmed the step. */
	happened: 'no' | 'perhaps' | 'yes';
	/**
	 * @param channel with the patience of a roll-back
	 * @returns whether there was anything to take back
	 * @throws PlivoFailure when it can't be taken back, with the reason
	 */
	run: (channel: Channel) => Promise<boolean>;
}

/** A record that was meant to be deleted and is still there, on purpose. */
export interface Kept extends IDataObject {
	kind: string;
	id: string;
	reason: string;
}

/** What applying a plan came to. */
export interface Applied {
	/** The records of the plan as they are now, by the steps' keys. */
	readonly records: ReadonlyMap<string, IDataObject>;
	readonly done: ShownStep[];
	readonly kept: Kept[];
	/** Whole sentences for the output. */
	readonly warnings: string[];
}

export interface ApplyOptions {
	/** Whether what was done is undone when a step fails. */
	readonly rollback: boolean;
	/** Route numbers to a trunk that is disabled, and delete what is used. */
	readonly allowDisabledTrunk?: boolean;
	readonly force?: boolean;
}

/** Attempts of each undo after its first, whatever the operation's own patience is. */
const ROLLBACK_RETRIES = 3;

/** A plan under way. */
interface Transaction extends Omit<Applied, 'records'> {
	readonly channel: Channel;
	readonly options: ApplyOptions;
	readonly records: Map<string, IDataObject>;
	readonly ids: Map<string, string>;
	/** The trunks of the plan that are there: what each is, by its id. */
	readonly ownTrunks: ReadonlyMap<string, string>;
	/** Keys of records that this transaction has made: nobody else knows them yet. */
	readonly made: Set<string>;
	/** Credentials that got a generated password. */
	readonly generated: string[];
	/** Ids of records that the plan changes. */
	readonly changing: ReadonlySet<string>;
	/** Keys of records that are there and get a login. */
	readonly logins: ReadonlySet<string>;
	/** Numbers whose route could not be cleared: they go dead with the trunk, as the user wants it. */
	readonly stuck: Set<string>;
	readonly undos: Undo[];
	/** The step under way, a continuation of "Could not". */
	doing: string;
}

/**
 * Does a plan's steps in order; when one fails, those before it are undone in reverse.
 *
 * Nothing goes out after the execution was stopped, so nothing is undone then.
 *
 * @throws PlivoFailure that tells what failed, what was undone and what is left, with ids
 */
export async function apply(channel: Channel, plan: Plan, options: ApplyOptions): Promise<Applied> {
	const transaction: Transaction = {
		channel,
		options,
		records: new Map(),
		ids: new Map(plan.steps.flatMap(({ key, id }) => (id === undefined ? [] : [[key, id]]))),
		ownTrunks: new Map(
			plan.steps.flatMap(({ kind, id, record }) =>
				kind === TRUNK && id ? [[id, TRUNK.identityOf(record)] as const] : [],
			),
		),
		made: new Set(),
		generated: [],
		done: [],
		kept: [],
		warnings: [...plan.warnings],
		changing: new Set(
			plan.steps.flatMap(({ action, id }) => (action === 'change' && id ? [id] : [])),
		),
		logins: new Set(
			plan.steps.flatMap(({ action, key, fields }) =>
				action === 'change' && 'password' in fields ? [key] : [],
			),
		),
		stuck: new Set(),
		undos: [],
		doing: '',
	};
	const main = plan.steps.filter(({ tidying }) => !tidying);
	const tidying = plan.steps.filter((step) => step.tidying);
	const inOrder = async () => {
		for (const steps of grouped(main)) await carryOut(transaction, steps);
	};
	await inOrder().catch(async (failure: unknown): Promise<never> => {
		throw await failed(transaction, failure);
	});
	await tidyUp(transaction, tidying);
	return transaction;
}

/** Steps one by one; numbers that go to the same trunk together, so that it is looked at once. */
function grouped(steps: readonly Step[]): Step[][] {
	const groups: Step[][] = [];
	for (const step of steps) {
		const group = groups.at(-1);
		const same = group?.[0]?.action === 'route' && step.action === 'route';
		if (same && JSON.stringify(group?.[0]?.to) === JSON.stringify(step.to)) group?.push(step);
		else groups.push([step]);
	}
	return groups;
}

async function carryOut(transaction: Transaction, [step, ...others]: Step[]): Promise<void> {
	if (!step) return;
	switch (step.action) {
		case 'reuse':
			return await reuse(transaction, step);
		case 'create':
			return await create(transaction, step);
		case 'change':
			return await changeAll(transaction, step);
		case 'route':
			return await route(transaction, [step, ...others]);
		case 'unroute':
			return await unroute(transaction, step);
		case 'delete':
			return await deleteTrunk(transaction, step);
	}
}

async function reuse(transaction: Transaction, step: Step): Promise<void> {
	const late = lateChanges(transaction, step);
	if (Object.keys(late).length === 0) return noteDone(transaction, step, step.record);
	const before = pick(step.record, Object.keys(late));
	await change(transaction, { ...step, action: 'change', before }, late);
}

async function changeAll(transaction: Transaction, step: Step): Promise<void> {
	const late = lateChanges(transaction, step);
	const before = { ...step.before, ...pick(step.record, Object.keys(late)) };
	const changes = { ...resolved(step.fields, transaction.ids), ...late };
	const isAddress = step.kind === ORIGINATION_URI && 'uri' in changes;
	await change(transaction, { ...step, before }, changes).catch(async (failure: unknown) => {
		if (!isAddress || !isTaken(failure)) throw failure;
		await useInstead(transaction, step, changes, failure);
	});
}

/** References that are others than planned, since a record before it was replaced by another. */
function lateChanges({ ids }: Transaction, { refersTo = {}, record }: Step): IDataObject {
	const wanted = resolved(refersTo, ids);
	const different = Object.keys(wanted).filter((field) => !matches(record, pick(wanted, [field])));
	return pick(wanted, different);
}

/** Plivo takes an address once: the origination URI that has it is used, and the customer's own no longer. */
async function useInstead(
	transaction: Transaction,
	step: Step,
	changes: IDataObject,
	failure: unknown,
): Promise<void> {
	const { kind, record } = step;
	const all = await allRecords(transaction.channel, kind);
	const other = all.find(({ uri }) => uri === changes.uri);
	if (!other) throw failure;
	requireUsable(transaction, step, other);
	noteDone(transaction, { ...step, action: 'reuse', id: idOf(kind, other) }, other);
	transaction.warnings.push(
		`Plivo takes each address once, so the ${labelled(kind, other, idOf(kind, other))} is used; the ${labelled(kind, record, step.id)} is no longer needed by this customer.`,
	);
}

function noteDone(transaction: Transaction, step: Step, record: IDataObject): void {
	transaction.records.set(step.key, record);
	transaction.ids.set(step.key, idOf(step.kind, record));
	transaction.done.push(shownStep(step, record));
}

/**
 * Makes one write.
 *
 * @param doing a continuation of "Could not"
 * @param work is given the undo, to tell more about it
 */
async function write<T>(
	transaction: Transaction,
	doing: string,
	undo: Pick<Undo, 'what' | 'run'>,
	work: (undo: Undo) => Promise<T>,
): Promise<T> {
	const entry: Undo = { ...undo, happened: 'perhaps' };
	// Before the write: when it fails without an answer, it may have been carried out.
	transaction.undos.push(entry);
	transaction.doing = doing;
	const result = await work(entry).catch((failure: unknown): never => {
		const open = failure instanceof PlivoFailure && failure.details.maybeDone;
		if (entry.happened === 'yes') throw failure;
		if (!open) entry.happened = 'no';
		else entry.run = afterSettling(entry.run, failure.details.openSince);
		throw failure;
	});
	if (entry.happened === 'perhaps') entry.happened = 'yes';
	return result;
}

/** What may still be carried out is waited for before it is looked at. */
const afterSettling =
	(run: Undo['run'], openSince = performance.now()): Undo['run'] =>
	async (channel) => {
		const wait = openSince + settling.ms - performance.now();
		if (wait > 0) await pause(wait, channel.signal);
		return await run(channel);
	};

async function create(transaction: Transaction, step: Step): Promise<void> {
	const { channel } = transaction;
	const { kind } = step;
	const wanted = resolved(step.fields, transaction.ids);
	const label = labelled(kind, wanted);
	let made: { id: string; ours: boolean } | undefined;
	const undo = {
		what: label,
		run: async (patient: Channel) => await undoCreate(patient, kind, wanted, made),
	};
	const ensured = await write(transaction, `create ${label}`, undo, async (entry) => {
		const result = await ensureRecord(channel, kind, wanted, undefined, ({ record, ours }) => {
			made = { id: idOf(kind, record), ours };
			entry.what = labelled(kind, wanted, made.id);
			entry.happened = 'yes';
		});
		if (!result.created) entry.happened = 'no';
		return result;
	});
	transaction.warnings.push(...ensured.warnings);
	if (ensured.created) {
		transaction.made.add(step.key);
		noteGenerated(transaction, step, idOf(kind, ensured.record));
		return noteDone(transaction, step, ensured.record);
	}
	// Somebody was faster. It is theirs: it is used, and only what the password doesn't touch is changed.
	requireUsable(transaction, step, ensured.record);
	noteDone(transaction, { ...step, action: 'reuse' }, ensured.record);
	if ('password' in wanted) {
		transaction.warnings.push(
			`The ${label} was created by someone else at the same moment and is used as it is, with their password.`,
		);
	}
	const theirs = without(wanted, 'name', ...LOGIN);
	const different = Object.keys(theirs).filter(
		(field) => !matches(ensured.record, { [field]: theirs[field] }),
	);
	if (different.length === 0) return;
	const id = idOf(kind, ensured.record);
	await change(
		transaction,
		{
			...step,
			action: 'change',
			id,
			record: ensured.record,
			before: pick(ensured.record, different),
		},
		pick(theirs, different),
	);
}

/** What is set together with a password. */
const LOGIN = ['authentication_needed', 'username', 'password'];

/**
 * Where Plivo takes an address once, the origination URI that has it may be another than the plan knows: with
 * another login, calls would fail, and one that the plan changes will soon have another address.
 *
 * @throws PlivoFailure of kind `conflict`
 */
function requireUsable(
	{ changing, logins }: Transaction,
	{ kind, key, fields }: Step,
	record: IDataObject,
): void {
	if (kind !== ORIGINATION_URI) return;
	const id = idOf(kind, record);
	const isChanging = changing.has(id);
	const sameLogin = matches(
		record,
		pick(
			// Names and passwords of a login are texts, never references to other records.
			fields as IDataObject,
			LOGIN.filter((field) => field in fields),
		),
	);
	if (!isChanging && sameLogin && !logins.has(key)) return;
	throw new PlivoFailure(
		'conflict',
		`the ${labelled(kind, record, id)} has this address already, ${isChanging ? 'and is about to get another one' : 'with another login'}`,
		'Plivo takes each address once: change that origination URI first (Origination URI, Update).',
	);
}

/** A generated password that no output shows is set anew by the next run. */
function noteGenerated({ generated }: Transaction, step: Step, id: string): void {
	if (step.generatesPassword) generated.push(id);
}

async function undoCreate(
	channel: Channel,
	kind: Kind,
	wanted: IDataObject,
	made: { id: string; ours: boolean } | undefined,
): Promise<boolean> {
	const found = made ? { [kind.idField]: made.id } : await findRecord(channel, kind, wanted);
	if (!found) return false;
	if (made?.ours) {
		await deleteRecord(channel, kind, idOf(kind, found)).catch((failure: unknown) => {
			if (!isGone(failure)) throw failure;
		});
		return true;
	}
	throw new PlivoFailure(
		'conflict',
		`${idOf(kind, found)} has its name, but Plivo gave no answer when it was created, so it may be somebody else's`,
		'',
	);
}

async function change(transaction: Transaction, step: Step, changes: IDataObject): Promise<void> {
	const { channel, made } = transaction;
	const { kind, record } = step;
	const id = step.id ?? idOf(kind, record);
	const label = labelled(kind, record, id);
	const login = 'password' in changes;
	const what = login ? `the new password of ${label}` : `changes to ${label}`;
	const undo = {
		what,
		run: async (patient: Channel) => {
			if (login) throw new PlivoFailure('conflict', 'the old password is not known', '');
			return await restore(patient, kind, id, step.before, changes, transaction, record);
		},
	};
	const doing = login ? `set ${what}` : `change ${label}`;
	const after = await write(
		transaction,
		doing,
		undo,
		async () =>
			await updateRecord(
				channel,
				kind,
				id,
				async (current) => {
					if (kind.identityOf(current) !== kind.identityOf(record)) {
						throw new PlivoFailure(
							'conflict',
							`somebody has renamed the ${label} to "${String(current.name)}"`,
							'Run it again to get a new plan.',
						);
					}
					// Once more, now that nobody of this process can begin to use it.
					await refuseOthers(transaction, kind, record, id);
					return changes;
				},
				changes,
				async () => await refuseOthers(transaction, kind, record, id),
			),
	);
	noteGenerated(transaction, step, id);
	made.delete(step.key);
	noteDone(transaction, { ...step, fields: changes }, after);
}

/** Whether a trunk is still the one that the plan has found. */
const isOwn = (own: ReadonlyMap<string, string>, trunk: IDataObject) =>
	own.get(String(trunk.trunk_id)) === TRUNK.identityOf(trunk);

async function refuseOthers(
	transaction: Transaction,
	kind: Kind,
	record: IDataObject,
	id: string,
): Promise<void> {
	if (kind === TRUNK) return;
	const users = await trunksUsing(transaction.channel, kind, id);
	const others = users.filter((trunk) => !isOwn(transaction.ownTrunks, trunk));
	if (others.length === 0) return;
	throw new PlivoFailure(
		'conflict',
		`the ${labelled(kind, record, id)} is used by trunk ${namesOf(others)} now`,
		'Run it again to get a new plan.',
	);
}

/**
 * Gives fields their old values, unless somebody else has changed them since. Whether Plivo lets a field be
 * emptied is not documented, so that isn't tried.
 */
async function restore(
	channel: Channel,
	kind: Kind,
	id: string,
	old: IDataObject,
	changes: IDataObject,
	{ ownTrunks }: Transaction,
	record: IDataObject,
): Promise<boolean> {
	return await hold(channel, [recordClaim(kind, id)], async () => {
		const current = await getRecord(channel, kind, id);
		if (kind.identityOf(current) !== kind.identityOf(record)) {
			throw new PlivoFailure(
				'conflict',
				`somebody has renamed it to "${String(current.name)}"`,
				'',
			);
		}
		const ours = Object.keys(old).filter((field) => matches(current, pick(changes, [field])));
		const before = pick(old, ours);
		if (matches(current, before)) return false;
		const empty = Object.keys(before).filter((field) => (before[field] ?? '') === '');
		const set = without(before, ...empty);
		const users = kind === TRUNK ? [] : await trunksUsing(channel, kind, id);
		const others = users.filter((trunk) => !isOwn(ownTrunks, trunk));
		if (others.length > 0) {
			throw new PlivoFailure('conflict', `trunk ${namesOf(others)} uses it now`, '');
		}
		if (!matches(current, set)) await updateHeld(channel, kind, id, set, current);
		if (matches(current, pick(before, empty))) return true;
		throw new PlivoFailure(
			'conflict',
			`${empty.join(' and ')} had no value before, and Plivo offers no way to empty it`,
			'',
		);
	});
}

async function route(transaction: Transaction, steps: Step[]): Promise<void> {
	const { channel, ids, options } = transaction;
	// Steps that route say where to.
	const to = steps[0]?.to as Reference | Route;
	const target: Route =
		'ref' in to ? { kind: 'trunk', id: ids.get(to.ref) ?? '' } : { kind: to.kind, id: to.id };
	const claims = target.kind === 'trunk' ? [recordClaim(TRUNK, target.id, true)] : [];
	await hold(channel, claims, async () => {
		if (target.kind === 'trunk') {
			// Also one that this run has made: somebody may have disabled it since.
			transaction.doing = `route phone number ${steps[0]?.key ?? ''}`;
			requireTakesCalls(
				await getRecord(channel, TRUNK, target.id),
				options.allowDisabledTrunk ?? false,
			);
		}
		for (const step of steps) await routeOne(transaction, step, target);
	});
}

async function routeOne(transaction: Transaction, step: Step, target: Route): Promise<void> {
	const { channel } = transaction;
	const number = step.key;
	const old = routeOf(step.before.application);
	const undo = {
		what: `the route of phone number ${number}`,
		run: async (patient: Channel) => {
			const now = routeOf((await getRecord(patient, PHONE_NUMBER, number)).application);
			if (now?.id !== target.id) return false;
			if (old) await routeNumber(patient, number, old.id, applicationPath(patient, old));
			else await clearRoute(patient, number);
			return true;
		},
	};
	const application = applicationPath(channel, target);
	await write(transaction, `route phone number ${number}`, undo, async () => {
		// Once more: between plan and route, somebody else may have sent it to where it must not be taken from.
		const now = routeOf((await getRecord(channel, PHONE_NUMBER, number)).application);
		if (now?.id !== old?.id || now?.kind !== old?.kind) {
			throw new PlivoFailure(
				'conflict',
				`it is routed to ${now ? `${now.kind} ${now.id}` : 'nothing'} now`,
				'Run it again to get a new plan.',
			);
		}
		await routeNumber(channel, number, target.id, application);
		noteRouted(channel, { ...step.before, number }, application);
	});
	noteDone(transaction, step, { ...step.record, application });
}

async function unroute(transaction: Transaction, step: Step): Promise<void> {
	const { channel, warnings } = transaction;
	const number = step.key;
	const old = routeOf(step.before.application);
	const undo = {
		what: `the route of phone number ${number}`,
		run: async (patient: Channel) => {
			const { application } = await getRecord(patient, PHONE_NUMBER, number);
			if (!old || routeOf(application)) return false;
			await routeNumber(patient, number, old.id, applicationPath(patient, old));
			return true;
		},
	};
	let cleared = true;
	await write(transaction, `take phone number ${number} off its trunk`, undo, async () => {
		await clearRoute(channel, number).catch((failure: unknown) => {
			if (!(failure instanceof PlivoFailure) || failure.kind !== 'conflict') throw failure;
			cleared = false;
		});
	});
	warnings.push(
		cleared
			? `Phone number ${number} has no route now: its calls fail.`
			: `Phone number ${number} could not be taken off the trunk: its calls fail once the trunk is gone.`,
	);
	if (cleared) noteDone(transaction, step, step.record);
	else transaction.stuck.add(number);
}

async function deleteTrunk(transaction: Transaction, step: Step): Promise<void> {
	const { channel } = transaction;
	const id = step.id ?? '';
	const label = labelled(TRUNK, step.record, id);
	const undo = {
		what: `the deletion of ${label}`,
		run: async (patient: Channel) => {
			const still = await getRecord(patient, TRUNK, id).catch((failure: unknown) => {
				if (isGone(failure)) return undefined;
				throw failure;
			});
			if (still) return false;
			throw new PlivoFailure('conflict', 'a deleted trunk cannot be brought back', '');
		},
	};
	await write(transaction, `delete ${label}`, undo, async () => {
		const guard = async () => await refuseRouted(transaction, id);
		await guard();
		await destroy(channel, TRUNK, id, guard).catch((failure: unknown) => {
			if (!isGone(failure)) throw failure;
		});
	});
	noteDone(transaction, step, step.record);
}

/** Once more, right before the trunk goes: somebody else may have routed a number to it meanwhile. */
async function refuseRouted({ channel, stuck }: Transaction, trunkId: string): Promise<void> {
	const routed = await numbersOf(channel, trunkId);
	const digits = routed.map(({ number }) => String(number)).filter((one) => !stuck.has(one));
	if (digits.length === 0) return;
	throw new PlivoFailure(
		'conflict',
		`${digits.slice(0, 10).join(', ')} ${digits.length === 1 ? 'is' : 'are'} routed to it now`,
		'Run it again to get a new plan.',
	);
}

/** One failure must not leave the other records behind, and what failed once may work the next time. */
const SWEEPS = 2;

/** Deletes what nothing else uses; there is no way back any more, so what fails is named and the rest goes on. */
async function tidyUp(transaction: Transaction, steps: Step[]): Promise<void> {
	let open: Array<{ step: Step; failure?: PlivoFailure }> = steps.map((step) => ({ step }));
	for (let sweep = 1; sweep <= SWEEPS && open.length > 0; sweep++) {
		const left: typeof open = [];
		for (const { step } of open) {
			await tidy(transaction, step).catch((failure: unknown) => {
				if (!(failure instanceof PlivoFailure)) throw failure;
				left.push({ step, failure });
			});
		}
		open = left;
	}
	const [first] = open;
	if (!first?.failure) return;
	const left = open.map(
		({ step, failure }) =>
			`${labelled(step.kind, step.record, step.id)}: ${sentence(failure?.message ?? '')}`,
	);
	const { done } = transaction;
	const trunks = done
		.filter(({ action, kind }) => action === 'deleted' && kind === TRUNK.label)
		.map((step) => labelled(TRUNK, { ...step }, step.id));
	const moved = (how: 'routed' | 'unrouted', words: string) => {
		const numbers = done.filter(({ action }) => action === how).map(({ id }) => String(id));
		return numbers.length === 0 ? '' : ` ${words}: ${numbers.join(', ')}.`;
	};
	const numbers = moved('routed', 'Rerouted') + moved('unrouted', 'Without a route now');
	const told = `The ${trunks.join(' and the ')} was deleted, but not everything that belonged to it.${numbers} Left: ${left.join(' ')}`;
	throw new PlivoFailure(
		first.failure.kind,
		told,
		`Delete what is left by its ID, with the Delete operation of its resource. ${first.failure.description}`,
		{ ...first.failure.details, isAccount: true, left: told },
	);
}

async function tidy(transaction: Transaction, step: Step): Promise<void> {
	const { channel, options, kept, warnings } = transaction;
	const { kind, record } = step;
	const id = step.id ?? '';
	await hold(channel, [recordClaim(kind, id)], async () => {
		// After the trunk's deletion: another run may just have deleted the last other user.
		const users = await trunksUsing(channel, kind, id);
		if (users.length > 0 && !options.force) {
			kept.push({ kind: kind.label, id, reason: `used by ${namesOf(users)}` });
			return;
		}
		const guard = async () => await guardDelete(channel, kind, id, options.force ?? false);
		await destroy(channel, kind, id, guard).catch((failure: unknown) => {
			if (!isGone(failure)) throw failure;
		});
		noteDone(transaction, step, record);
		if (users.length > 0) {
			warnings.push(`The ${labelled(kind, record, id)} was also used by ${namesOf(users)}.`);
		}
	});
}

async function failed(transaction: Transaction, failure: unknown): Promise<unknown> {
	const { channel, doing, generated, undos, options } = transaction;
	for (const id of generated) stateOf(channel).passwordsNeverShown.set(id, true);
	if (!(failure instanceof PlivoFailure) || doing === '' || failure.kind === 'skipped') {
		return failure;
	}
	const written = undos.filter(({ happened }) => happened !== 'no');
	if (channel.signal?.aborted) {
		const left = standing(written);
		return new PlivoFailure('cancelled', cancelled().message, left, { isAccount: true, left });
	}
	const outcome = options.rollback
		? await takeBack(channel, written)
		: `'Roll Back' is off. ${standing(written)}`;
	return new PlivoFailure(
		failure.kind,
		`Could not ${doing}: ${sentence(failure.message)} ${outcome}`,
		failure.description,
		{
			...failure.details,
			isAccount: true,
			left: /^Undone.*Left: |^Left: |Roll-back is off/s.test(outcome) ? outcome : undefined,
		},
	);
}

async function takeBack(channel: Channel, written: Undo[]): Promise<string> {
	const undone: string[] = [];
	const left: string[] = [];
	let maxRetries = Math.max(channel.limits.maxRetries, ROLLBACK_RETRIES);
	for (const { what, run, happened } of [...written].reverse()) {
		const limits = { ...channel.limits, maxRetries };
		const done = await run({ ...channel, limits }).catch((failure: unknown) => {
			if (!(failure instanceof PlivoFailure)) throw failure;
			left.push(`${happened === 'perhaps' ? 'perhaps ' : ''}${what}: ${sentence(failure.message)}`);
			// Plivo is out of reach: each of the others gets one attempt, for the sake of everyone's time.
			if (failure.kind === 'unreachable' || (failure.details.httpCode ?? 0) >= 500) maxRetries = 0;
			return false;
		});
		if (done) undone.push(what);
	}
	const told = undone.length > 0 ? [`Undone: ${undone.join(', ')}.`] : [];
	told.push(left.length > 0 ? `Left: ${left.join(' ')}` : 'Nothing is left behind.');
	return told.join(' ');
}

function standing(written: Undo[]): string {
	if (written.length === 0) return 'Nothing had been written.';
	const stands = written.map(
		({ what, happened }) => `${happened === 'perhaps' ? 'perhaps ' : ''}${what}`,
	);
	return `This stands: ${stands.join(', ')}. Another run continues from there.`;
}

/** With a full stop, unless it ends like a sentence. */
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
