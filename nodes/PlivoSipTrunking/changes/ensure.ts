import { isGone, PlivoFailure, unlessGone } from '../failure';
import { hold, identityClaim } from '../records/accountState';
import { currentReading, findRecord } from '../records/find';
import {
	type AccountRecord,
	idOf,
	type Kind,
	labelled,
	matches,
	type Values,
	without,
} from '../records/kind';
import { getRecord } from '../records/list';
import { findMoves } from '../records/liveNumbers';
import type { Channel } from '../transport/channel';
import { type Created, createRecord } from './create';
import { deleteRecord, inUseGuard } from './remove';
import { type Change, settle } from './settle';
import { updateRecord } from './update';

/** Looks for another record of the same identity that another process may have made at the same moment. */
interface TwinSeen<R> {
	/** Ours, once the list shows it. */
	readonly own?: R;
	/** The others of its identity. */
	readonly others: readonly R[];
	readonly isUnread?: boolean;
}

/** What a look for twins has shown. */
export interface Twins<R> {
	/** As it was seen last; nothing where it never was. */
	readonly own?: R;
	/** The one that stays where ours has to go. */
	readonly winner?: R;
}

/**
 * Decides with another process, which has made the same at the same moment, whose record stays: without a word between
 * them, and whatever order the list has.
 *
 * Of two that see each other, the one with the greater id goes at once. The other waits for that. If nothing
 * happens, the other process looked before ours existed and keeps its own: so ours goes.
 *
 * @param idOf a record's id, by which the two are compared
 * @param read one reading of the identity
 */
export const twinsOf = <R extends AccountRecord>(
	idOf: (record: R) => string,
	read: (channel: Channel) => Promise<TwinSeen<R>>,
): Change<TwinSeen<R>, Twins<R>> => ({
	claims: [],
	maybe: '',
	look: async (channel) =>
		await read(channel).catch((failure: unknown): TwinSeen<R> => {
			if (channel.signal?.aborted) throw failure;
			return { others: [], isUnread: true };
		}),
	decide(seen, { settled, waitingFor }) {
		const later = (next: string) => ({ look: 'later', waitingFor: next }) as const;
		if (!seen) return later('ours');
		const { own, others } = seen;
		const isWaitingForOther = waitingFor === 'the other';
		if (!own) return settled ? { done: {} } : later(isWaitingForOther ? 'the other' : 'ours');
		const [other] = [...others].sort((one, next) => (idOf(one) < idOf(next) ? -1 : 1));
		if (!other) return { done: { own } };
		const isSecond = idOf(other) < idOf(own);
		if (isSecond || (settled && isWaitingForOther)) return { done: { own, winner: other } };
		return later('the other');
	},
});

/** A record that is there for sure. */
export interface Ensured extends Created {
	readonly created: boolean;
}

const asFound = (record: AccountRecord, warnings: string[] = []): Ensured => ({
	record,
	created: false,
	whose: 'theirs',
	warnings,
});

/**
 * The record of an identity, made when there is none. Its identity is held by the caller.
 *
 * @param wanted Plivo's fields, checked, with `name`
 * @param onMade called as soon as it is made, before it is clear whether it stays
 * @throws PlivoFailure; of kind `conflict` when another record of the name is in the way
 */
export async function makeSure(
	channel: Channel,
	kind: Kind,
	wanted: Values,
	onMade: (made: Created) => void = () => {},
): Promise<Ensured> {
	const made = await createRecord(channel, { kind, fields: wanted, wasAbsent: true });
	if (made.whose === 'theirs') return asFound(made.record);
	onMade(made);
	const id = idOf(kind, made.record);
	const { own, winner } = await settle(channel, twinsIn(kind, made.record));
	const record = own ?? made.record;
	if (!own) return { ...made, created: true, warnings: [uncheckedWarning(kind, record)] };
	if (!winner) return { ...made, record, created: true };
	const left = made.whose === 'ours' ? await deleteTwin(channel, kind, id, winner) : 'both';
	if (left === 'theirs') return asFound(winner);
	if (left === 'ours') return { ...made, record, created: true };
	return { ...made, record, created: true, warnings: [twinWarning(channel, kind, record, winner)] };
}

const twinsIn = (kind: Kind, record: AccountRecord) =>
	twinsOf(
		(one) => idOf(kind, one),
		async (channel) => {
			const id = idOf(kind, record);
			const reading = await currentReading(channel, kind);
			const alike = reading.ofIdentity(kind.identityOf(record));
			return {
				own: reading.records.get(id),
				others: alike.filter((other) => idOf(kind, other) !== id),
			};
		},
	);

/**
 * Deletes a record of ours that has a twin; not where the twin is gone, or somebody has begun to use ours.
 *
 * @returns whose record is left
 */
async function deleteTwin(
	channel: Channel,
	kind: Kind,
	id: string,
	twin: AccountRecord,
): Promise<'ours' | 'theirs' | 'both'> {
	let isTwinGone = false;
	const guard = async (holding: Channel) => {
		isTwinGone = (await unlessGone(getRecord(holding, kind, idOf(kind, twin)))) === undefined;
		const failure = new PlivoFailure('conflict', 'The other one is gone', '');
		return isTwinGone ? [{ failure }] : await inUseGuard(kind, id)(holding);
	};
	return await deleteRecord(channel, kind, id, { guard }).then(
		() => 'theirs',
		(failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			// Somebody else may have deleted ours.
			return isGone(failure) ? 'theirs' : isTwinGone ? 'ours' : 'both';
		},
	);
}

function twinWarning(
	channel: Channel,
	kind: Kind,
	record: AccountRecord,
	other: AccountRecord,
): string {
	const twin = labelled(kind, other, idOf(kind, other));
	// For the error of another item as well: no output is shown then.
	channel.wrote?.(`found another ${twin} beside it`);
	return `There is another ${twin}, made by somebody else at the same moment, and ${idOf(kind, record)} could not be deleted again: compare the two in the Plivo console.`;
}

const uncheckedWarning = (kind: Kind, record: AccountRecord) =>
	`Whether somebody else has just made the same record could not be checked: look for a second ${labelled(kind, record)} in the Plivo console.`;

/** The record of an upsert, and what was done to it. */
export interface Upserted {
	readonly record: AccountRecord;
	readonly created: boolean;
	readonly changed: boolean;
	readonly warnings: string[];
}

/**
 * The record of this name, made when there is none, changed where it differs.
 *
 * @param wanted Plivo's fields, checked, with `name`; a trunk's direction belongs to its identity
 * @param mayMove whether calls of live numbers may go elsewhere by it
 * @throws PlivoFailure; of kind `conflict` when several records have the name
 */
export async function upsertRecord(
	channel: Channel,
	kind: Kind,
	wanted: Values,
	mayMove: boolean,
): Promise<Upserted> {
	return await hold(channel, [identityClaim(kind, wanted)], async (holding) => {
		const found = await findRecord(holding, kind, wanted);
		const ensured = found ? asFound(found) : await makeSure(holding, kind, wanted);
		const { record, created, warnings } = ensured;
		if (kind.identityOf(record) !== kind.identityOf(wanted)) {
			return sharedInstead(kind, record, wanted, warnings);
		}
		if (created || (matches(record, wanted) && !('password' in wanted))) {
			return { record, created, changed: created, warnings };
		}
		const id = idOf(kind, record);
		const update = {
			changesOf: (current: AccountRecord) => {
				if (kind.identityOf(current) === kind.identityOf(wanted)) return wanted;
				throw renamedMeanwhile(kind, record, current);
			},
			// The name is held already.
			known: without(wanted, 'name'),
			guard: async (guarding: Channel, current: AccountRecord, changes: Values) =>
				await findMoves(guarding, { kind, record: current, changes }, mayMove),
		};
		const changed = await updateRecord(holding, kind, id, update);
		const all = [...warnings, ...changed.warnings];
		return { record: changed.record, created: false, changed: true, warnings: all };
	});
}

const renamedMeanwhile = (kind: Kind, record: AccountRecord, current: AccountRecord) =>
	new PlivoFailure(
		'conflict',
		`Somebody has just renamed the ${labelled(kind, record, idOf(kind, record))} to "${current.name}"`,
		'Nothing was changed. Run it again: it looks the name up again.',
	);

/** Plivo takes an address once: the record of another name that has it is used as it is. */
function sharedInstead(
	kind: Kind,
	record: AccountRecord,
	wanted: Values,
	warnings: string[],
): Upserted {
	const label = labelled(kind, record, idOf(kind, record));
	if (!matches(record, without(wanted, 'name')) || 'password' in wanted) {
		throw new PlivoFailure(
			'conflict',
			`Plivo accepts each address only once, and the ${label} has this one already, with other settings`,
			'Use that record, or change it with the Update operation.',
		);
	}
	return {
		record,
		created: false,
		changed: false,
		warnings: [
			...warnings,
			`Plivo accepts each address only once: the ${label} has this one already and was left as it is.`,
		],
	};
}
