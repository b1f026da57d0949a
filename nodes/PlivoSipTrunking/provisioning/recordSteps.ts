import type { IDataObject } from 'n8n-workflow';

import { isGone, isTaken, PlivoFailure } from '../failure';
import type { Created } from '../changes/create';
import { makeSure } from '../changes/ensure';
import { deleteRecord } from '../changes/remove';
import { type Update, updateRecord } from '../changes/update';
import { hold, recordClaim } from '../records/accountState';
import { allRecords, findRecord } from '../records/find';
import {
	type AccountRecord,
	idOf,
	type Kind,
	labelled,
	matches,
	pick,
	type Values,
	without,
} from '../records/kind';
import { findMoves } from '../records/liveNumbers';
import { ORIGINATION_URI } from '../records/originationUri';
import { namesOf, trunksUsing } from '../records/references';
import { TRUNK, type Trunk } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { type Fields, resolved, type Step, theirLogin } from './plan';
import { noteDone, type Transaction, write } from './transaction';

/** Notes a record that is there, and has it refer to the records that the steps before it have made or found. */
export async function reuse(transaction: Transaction, step: Step): Promise<void> {
	const late = lateChanges(transaction, step);
	if (Object.keys(late).length === 0) return noteDone(transaction, step, step.record);
	requireApproved(
		transaction,
		`the ${labelled(step.kind, step.record, step.id)} would have to change`,
	);
	const before = pick(step.record, Object.keys(late));
	await change(transaction, { ...step, action: 'change', before }, late);
}

/** Changes a record that is there. */
export async function changeAll(transaction: Transaction, step: Step): Promise<void> {
	const late = lateChanges(transaction, step);
	const before = { ...step.before, ...pick(step.record, Object.keys(late)) };
	const changes = { ...resolved(step.fields, transaction.ids), ...late };
	const isAddress = step.kind === ORIGINATION_URI && 'uri' in changes;
	await change(transaction, { ...step, before }, changes).catch(async (failure: unknown) => {
		if (!isAddress || !isTaken(failure)) throw failure;
		await useInstead(transaction, step, changes, failure);
	});
}

/**
 * Nothing is changed that an approved plan doesn't name.
 *
 * @param problem why something else would have to be
 * @throws PlivoFailure of kind `conflict`
 */
function requireApproved(
	{ options }: Transaction,
	problem: string,
	remedy = 'Run it again to get a new plan.',
): void {
	if (options.approved) throw new PlivoFailure('conflict', problem, remedy);
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
	changes: Values,
	failure: unknown,
): Promise<void> {
	const { kind, record } = step;
	const all = await allRecords(transaction.channel, kind);
	const other = all.find(({ uri }) => uri === changes.uri);
	if (!other) throw failure;
	requireApproved(
		transaction,
		`Plivo accepts each address only once, and the ${labelled(kind, other, idOf(kind, other))} has this one`,
		// A new plan would say the same: only Plivo's refusal shows it.
		"Run it without 'Plan Digest' to use that one, or give one of the two another address first.",
	);
	requireUsable(transaction, step, other);
	noteDone(transaction, { ...step, action: 'reuse', id: idOf(kind, other) }, other);
	transaction.warnings.push(
		`Plivo accepts each address only once, so the ${labelled(kind, other, idOf(kind, other))} is used; the ${labelled(kind, record, step.id)} is no longer needed by this customer.`,
	);
}

/** Makes a record, or uses the one that somebody else has made at the same moment. */
export async function create(transaction: Transaction, step: Step): Promise<void> {
	const { channel } = transaction;
	const { kind } = step;
	const wanted = resolved(step.fields, transaction.ids);
	const label = labelled(kind, wanted);
	let made: Created | undefined;
	const undo = {
		what: label,
		run: async (patient: Channel) => await undoCreate(patient, kind, wanted, made),
	};
	const ensured = await write(transaction, `create ${label}`, undo, async (entry) => {
		const result = await makeSure(channel, kind, wanted, (one) => {
			made = one;
			entry.what = labelled(kind, wanted, idOf(kind, one.record));
			entry.happened = 'yes';
		});
		if (!result.created) entry.happened = 'no';
		return result;
	});
	transaction.warnings.push(...ensured.warnings);
	if (ensured.created) {
		transaction.made.add(step.key);
		return noteDone(transaction, step, ensured.record);
	}
	await useTheirs(transaction, step, wanted, ensured.record);
}

/** Somebody was faster. The record is theirs: it is used, and only what the password doesn't touch is changed. */
async function useTheirs(
	transaction: Transaction,
	step: Step,
	wanted: Values,
	record: AccountRecord,
): Promise<void> {
	const { kind } = step;
	const id = idOf(kind, record);
	const theirs = without(wanted, 'name', ...LOGIN);
	const different = Object.keys(theirs).filter(
		(field) => !matches(record, { [field]: theirs[field] }),
	);
	if (different.length > 0) {
		requireApproved(
			transaction,
			`somebody has just created the ${labelled(kind, record, id)}, with another ${different.join(' and ')}`,
		);
	}
	requireUsable(transaction, step, record);
	noteDone(transaction, { ...step, action: 'reuse' }, record);
	if ('password' in wanted) {
		transaction.warnings.push(theirLogin(labelled(kind, wanted)));
	}
	if (different.length === 0) return;
	const before = pick(record, different);
	await change(
		transaction,
		{ ...step, action: 'change', id, record, before },
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
	record: AccountRecord,
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
		`the ${labelled(kind, record, id)} has this ${record.uri === fields.uri ? 'address' : 'name'} already, ${isChanging ? 'and is about to get another one' : 'with another login'}`,
		'Plivo accepts each address only once: change that origination URI first (Origination URI, Update).',
	);
}

async function undoCreate(
	channel: Channel,
	kind: Kind,
	wanted: Values,
	made: Created | undefined,
): Promise<boolean> {
	const found = made?.record ?? (await findRecord(channel, kind, wanted));
	if (!found) return false;
	const id = idOf(kind, found);
	if (made?.whose === 'ours') {
		await deleteRecord(channel, kind, id).catch((failure: unknown) => {
			if (!isGone(failure)) throw failure;
		});
		return true;
	}
	throw new PlivoFailure(
		'conflict',
		`${id} has its name, but Plivo gave no answer when it was created, so it may be somebody else's`,
		'',
	);
}

async function change(transaction: Transaction, step: Step, changes: Values): Promise<void> {
	const { made } = transaction;
	const { kind, record } = step;
	const id = step.id ?? idOf(kind, record);
	const label = labelled(kind, record, id);
	const login = 'password' in changes;
	const what = login ? `the new password of ${label}` : `changes to ${label}`;
	const undo = {
		what,
		run: async (patient: Channel) => {
			if (login) throw new PlivoFailure('conflict', 'the old password is not known', '');
			return await restore({ ...transaction, channel: patient }, { ...step, id }, changes);
		},
	};
	const update: Update = {
		changesOf(current) {
			if (!login && matches(current, changes)) return {};
			requireAsPlanned(step, id, current);
			return changes;
		},
		known: changes,
		async guard(holding, current, changing) {
			// Also a number that was routed here since the plan was made.
			const mayMove = transaction.options.moveRoutedNumbers ?? false;
			const moved = { kind, record: current, changes: changing };
			const moves = await findMoves(holding, moved, mayMove);
			// Last, for who uses it may have changed while the numbers were read.
			const objection = await objectionTo(holding, transaction, step, current);
			return objection ? { objection } : moves;
		},
	};
	const doing = login ? `set ${what}` : `change ${label}`;
	const after = await write(transaction, doing, undo, async (entry) => {
		const updated = await withOwnTrunks(
			transaction,
			kind,
			async (holding) => await updateRecord(holding, kind, id, update),
		);
		// Another worker was faster: it isn't ours to undo.
		if (!updated.changed) entry.happened = 'no';
		return updated;
	});
	made.delete(step.key);
	transaction.warnings.push(...after.warnings);
	const done: Step = after.changed
		? { ...step, fields: changes as Fields }
		: { ...step, action: 'reuse' };
	noteDone(transaction, done, after.record);
}

/**
 * What is taken back is what the plan has seen, so that must be what is there.
 *
 * @throws PlivoFailure of kind `conflict`
 */
function requireAsPlanned(
	{ kind, record, before }: Step,
	id: string,
	current: AccountRecord,
): void {
	const other = Object.keys(before).filter((field) => !matches(current, pick(before, [field])));
	if (other.length === 0) return;
	throw new PlivoFailure(
		'conflict',
		`somebody has just changed ${other.join(' and ')} of the ${labelled(kind, record, id)}`,
		'Run it again to get a new plan.',
	);
}

/** The plan's trunks stay what they are, while what they use is changed because it is theirs alone. */
const withOwnTrunks = async <T>(
	{ channel, ownTrunks }: Transaction,
	kind: Kind,
	work: (holding: Channel) => Promise<T>,
): Promise<T> => {
	const own = kind === TRUNK ? [] : [...ownTrunks.keys()];
	return await hold(
		channel,
		own.map((id) => recordClaim(TRUNK, id, true)),
		work,
	);
};

/** Why a record that was this customer's alone must not be changed: it has another name, or another trunk uses it. */
async function objectionTo(
	channel: Channel,
	{ ownTrunks }: Transaction,
	{ kind, record }: Step,
	current: AccountRecord,
): Promise<PlivoFailure | undefined> {
	const id = idOf(kind, current);
	if (kind.identityOf(current) !== kind.identityOf(record)) {
		return new PlivoFailure(
			'conflict',
			`somebody has renamed the ${labelled(kind, record, id)} to "${current.name}"`,
			'Run it again to get a new plan.',
		);
	}
	if (kind === TRUNK) return undefined;
	const users = await trunksUsing(channel, kind, id);
	const isOwn = (trunk: Trunk) => ownTrunks.get(trunk.trunk_id) === TRUNK.identityOf(trunk);
	const others = users.filter((trunk) => !isOwn(trunk));
	if (others.length === 0) return undefined;
	return new PlivoFailure(
		'conflict',
		`the ${labelled(kind, record, id)} is used by ${namesOf(others)} now`,
		'Run it again to get a new plan.',
	);
}

/**
 * Gives fields their old values, unless somebody else has changed them since. Whether Plivo lets a field be
 * emptied is not documented, so that isn't tried.
 *
 * @returns whether there was anything to take back
 */
async function restore(transaction: Transaction, step: Step, changes: Values): Promise<boolean> {
	const { kind, id = '', before: old } = step;
	const isEmpty = (field: string) => (old[field] ?? '') === '';
	const changedBack = (current: AccountRecord) =>
		Object.keys(old).filter(
			(field) => matches(current, pick(changes, [field])) && !matches(current, pick(old, [field])),
		);
	const update: Update = {
		changesOf: (current) =>
			pick(
				old,
				changedBack(current).filter((field) => !isEmpty(field)),
			),
		known: pick(
			old,
			Object.keys(old).filter((field) => !isEmpty(field)),
		),
		guard: async (holding, current) => ({
			objection: await objectionTo(holding, transaction, step, current),
		}),
	};
	const { record: after, changed } = await withOwnTrunks(
		transaction,
		kind,
		async (holding) => await updateRecord(holding, kind, id, update),
	);
	const stuck = changedBack(after);
	if (stuck.length === 0) return changed;
	throw new PlivoFailure(
		'conflict',
		`${stuck.join(' and ')} had no value before, and Plivo offers no way to empty it`,
		'',
	);
}
