import type { IDataObject } from 'n8n-workflow';

import { isGone, isTaken, PlivoFailure } from '../failure';
import { hold, recordClaim } from '../records/accountState';
import { allRecords, findRecord } from '../records/find';
import { idOf, type Kind, labelled, matches, pick, referencesOf, without } from '../records/kind';
import { getRecord } from '../records/list';
import { checkMoves } from '../records/liveNumbers';
import { ORIGINATION_URI } from '../records/originationUri';
import { namesOf, trunksUsing } from '../records/references';
import { TRUNK } from '../records/trunk';
import { ensureRecord } from '../records/ensure';
import { deleteRecord } from '../records/remove';
import { requireUnchanged, updateHeld, updateRecord } from '../records/update';
import type { Channel } from '../transport/channel';
import { type Fields, resolved, type Step, theirLogin } from './plan';
import { noteDone, type Transaction, write } from './transaction';

/** Notes a record that is there, and has it refer to what the steps before it came to. */
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
	changes: IDataObject,
	failure: unknown,
): Promise<void> {
	const { kind, record } = step;
	const all = await allRecords(transaction.channel, kind);
	const other = all.find(({ uri }) => uri === changes.uri);
	if (!other) throw failure;
	requireApproved(
		transaction,
		`Plivo accepts each address only once, and the ${labelled(kind, other, idOf(kind, other))} has this one`,
		// A new plan would say the same: only Plivo's refusal tells.
		"Run it without 'Plan Digest' to use that one, or give one of the two another address first.",
	);
	requireUsable(transaction, step, other);
	noteDone(transaction, { ...step, action: 'reuse', id: idOf(kind, other) }, other);
	transaction.warnings.push(
		`Plivo accepts each address only once, so the ${labelled(kind, other, idOf(kind, other))} is used; the ${labelled(kind, record, step.id)} is no longer needed by this customer.`,
	);
}

/** Makes a record, or goes on with the one that somebody else has made at the same moment. */
export async function create(transaction: Transaction, step: Step): Promise<void> {
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
	transaction.inDoubt.push(...ensured.inDoubt);
	if (ensured.created) {
		transaction.made.add(step.key);
		noteLogin(transaction, step, idOf(kind, ensured.record));
		return noteDone(transaction, step, ensured.record);
	}
	// Somebody was faster. It is theirs: it is used, and only what the password doesn't touch is changed.
	const id = idOf(kind, ensured.record);
	const theirs = without(wanted, 'name', ...LOGIN);
	const different = Object.keys(theirs).filter(
		(field) => !matches(ensured.record, { [field]: theirs[field] }),
	);
	if (different.length > 0) {
		const made = labelled(kind, ensured.record, id);
		const problem = `somebody has just created the ${made}, with another ${different.join(' and ')}`;
		requireApproved(transaction, problem);
	}
	requireUsable(transaction, step, ensured.record);
	noteDone(transaction, { ...step, action: 'reuse' }, ensured.record);
	if ('password' in wanted) {
		transaction.warnings.push(theirLogin(label));
	}
	if (different.length === 0) return;
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
		`the ${labelled(kind, record, id)} has this ${record.uri === fields.uri ? 'address' : 'name'} already, ${isChanging ? 'and is about to get another one' : 'with another login'}`,
		'Plivo accepts each address only once: change that origination URI first (Origination URI, Update).',
	);
}

/** If the run fails, another try of it may set the login anew: nobody has begun to use it. */
function noteLogin({ loginsSet }: Transaction, step: Step, id: string): void {
	if ('password' in step.fields) loginsSet.set(id, step.generatesPassword ?? false);
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
	let isOurs = true;
	const after = await write(
		transaction,
		doing,
		undo,
		async (entry) =>
			await hold(
				channel,
				kind === TRUNK ? [] : ownTrunkClaims(transaction),
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
							if (!login && matches(current, changes)) {
								// Another worker was faster: it isn't ours to undo.
								entry.happened = 'no';
								isOurs = false;
								return {};
							}
							requireAsPlanned(step, id, current);
							// The plan's moves are allowed, or there are none; a number may have been routed here since.
							if (!transaction.options.moveRoutedNumbers) {
								await checkMoves(channel, { kind, record: current, changes }, false);
							}
							return changes;
						},
						changes,
						async (written, current) => {
							const known = { ...pick(current, ['name']), ...written };
							await requireUnchanged(channel, kind, id, known, current);
							await refuseOthers(transaction, kind, record, id);
						},
					),
			),
	);
	noteLogin(transaction, step, id);
	made.delete(step.key);
	const done: Step = isOurs ? { ...step, fields: changes as Fields } : { ...step, action: 'reuse' };
	noteDone(transaction, done, after);
}

/**
 * What is taken back is what the plan has seen, so that must be what is there.
 *
 * @throws PlivoFailure of kind `conflict`
 */
function requireAsPlanned({ kind, record, before }: Step, id: string, current: IDataObject): void {
	const other = Object.keys(before).filter((field) => !matches(current, pick(before, [field])));
	if (other.length === 0) return;
	throw new PlivoFailure(
		'conflict',
		`somebody has just changed ${other.join(' and ')} of the ${labelled(kind, record, id)}`,
		'Run it again to get a new plan.',
	);
}

/** The plan's trunks stay what they are, while what they use is changed because it is theirs alone. */
const ownTrunkClaims = ({ ownTrunks }: Transaction) =>
	[...ownTrunks.keys()].map((id) => recordClaim(TRUNK, id, true));

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
		`the ${labelled(kind, record, id)} is used by ${namesOf(others)} now`,
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
	transaction: Transaction,
	record: IDataObject,
): Promise<boolean> {
	const claims = [
		recordClaim(kind, id),
		...ownTrunkClaims(transaction),
		// What it is to refer to again stays, or is gone before.
		...referencesOf(kind, old).map((one) => recordClaim(one.kind, one.id, true)),
	];
	return await hold(channel, claims, async () => {
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
		const refuseUsed = async () => {
			const users = kind === TRUNK ? [] : await trunksUsing(channel, kind, id);
			const others = users.filter((trunk) => !isOwn(transaction.ownTrunks, trunk));
			if (others.length === 0) return;
			throw new PlivoFailure('conflict', `it is used by ${namesOf(others)} now`, '');
		};
		await refuseUsed();
		if (!matches(current, set)) {
			await updateHeld(channel, kind, id, set, current, async () => {
				const known = { ...pick(current, ['name']), ...set };
				await requireUnchanged(channel, kind, id, known, current);
				await refuseUsed();
			});
		}
		if (matches(current, pick(before, empty))) return true;
		throw new PlivoFailure(
			'conflict',
			`${empty.join(' and ')} had no value before, and Plivo offers no way to empty it`,
			'',
		);
	});
}
