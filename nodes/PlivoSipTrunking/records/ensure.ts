import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { isTaken, PlivoFailure } from '../failure';
import { pause } from '../transport/pause';
import { LOOKS, settling } from '../transport/settling';
import { hold, identityClaim, noteWrite, stateOf } from './accountState';
import { currentReading, findRecord } from './find';
import { idOf, type Kind, labelled, matches, without } from './kind';
import { checkMoves } from './liveNumbers';
import { requireUnchanged, updateRecord } from './update';
import { isGivenUp, stillThere } from './remove';
import { twinOf } from './twins';
import { complete, type Created, makeOne, perhapsSecond, sameName, takenBy } from './create';

/** What making sure of a record came to. */
export interface Ensured extends Created {
	readonly created: boolean;
	/** Those of the warnings that name a record which may be ours as well: it stays, whatever becomes of this one. */
	readonly inDoubt: readonly string[];
}

/**
 * The record of an identity, made when there is none. Its identity is held by the caller.
 *
 * @param wanted Plivo's fields, checked, with `name`
 * @param found what `findRecord` has answered for it
 * @param onMade told as soon as it is made, before it is clear whether it stays
 * @throws PlivoFailure; of kind `conflict` when another record of the name is in the way
 */
export async function ensureRecord(
	channel: Channel,
	kind: Kind,
	wanted: IDataObject,
	found: IDataObject | undefined,
	onMade: (made: Created) => void = () => {},
): Promise<Ensured> {
	if (found) return asFound(found);
	const made = await makeOne(channel, kind, wanted).catch(async (failure: unknown) => {
		if (!isTaken(failure)) throw failure;
		return await insteadOf(channel, kind, wanted, failure);
	});
	if ('created' in made) return made;
	onMade(made);
	// Found after a lost answer: ours may still come, if this one is another process's.
	if (!made.ours) await pause(settling.ms, channel.signal);
	const id = idOf(kind, made.record);
	const { own, winner, unread } = await twinsOf(channel, kind, made.record);
	// One that was found may be somebody else's, and is never deleted for its twin.
	if (winner && made.ours && (await isGivenUp(channel, kind, id, winner))) {
		return { ...asFound(winner), warnings: made.warnings, inDoubt: made.warnings };
	}
	if (!made.ours && (await isLost(channel, kind, id, wanted))) {
		const left = winner ?? (await findRecord(channel, kind, wanted));
		if (!left) throw vanished(kind, wanted, id);
		if (!matches(left, wanted)) {
			return { ...asFound(left), warnings: made.warnings, inDoubt: made.warnings };
		}
		// What was found was somebody else's, and has given way to this one, which is perhaps ours.
		onMade({ ...made, record: left });
		return { ...made, record: left, created: true, inDoubt: made.warnings };
	}
	const record = own ?? (await complete(channel, kind, id, made.record));
	noteWrite(channel, kind, id, record);
	const other = winner && (await stillThere(channel, kind, idOf(kind, winner), winner));
	const inDoubt = [
		...made.warnings,
		...(other && !made.ours ? [perhapsSecond(channel, kind, record, idOf(kind, other))] : []),
	];
	const warnings = [
		...inDoubt,
		...(other && made.ours ? [twinWarning(channel, kind, record, other)] : []),
		...(unread ? [uncheckedWarning(kind, record)] : []),
	];
	return { ...made, record, warnings, inDoubt, created: true };
}

const asFound = (record: IDataObject): Ensured => ({
	record,
	created: false,
	ours: false,
	warnings: [],
	inDoubt: [],
});

/** Whether a record that was found is gone again, or has got another name; where that can't be read, it isn't. */
async function isLost(
	channel: Channel,
	kind: Kind,
	id: string,
	wanted: IDataObject,
): Promise<boolean> {
	const still = await stillThere(channel, kind, id, wanted);
	return still === undefined || kind.identityOf(still) !== kind.identityOf(wanted);
}

const vanished = (kind: Kind, wanted: IDataObject, id: string) =>
	new PlivoFailure(
		'conflict',
		`Plivo gave no answer to the request for the ${labelled(kind, wanted)}, and ${id}, which was found then, is gone again or has another name`,
		'Somebody else has deleted or renamed it. Run it again.',
		{ maybeDone: true },
	);

/** Somebody was faster, or a list didn't show it yet: what has the identity is the record that is meant. */
async function insteadOf(
	channel: Channel,
	kind: Kind,
	wanted: IDataObject,
	failure: PlivoFailure,
): Promise<Ensured> {
	const from = performance.now();
	for (const part of LOOKS) {
		await pause(Math.max(0, from + part * settling.ms - performance.now()), channel.signal);
		stateOf(channel).readings.delete(kind.path);
		const found = await findRecord(channel, kind, wanted);
		if (found) return asFound(found);
		const other = await sameName(channel, kind, wanted);
		// It has shown up between the two looks; or it is one record for an address that many customers share.
		const isMeant =
			other !== undefined &&
			(kind.identityOf(other) === kind.identityOf(wanted) ||
				(wanted.uri !== undefined && other.uri === wanted.uri));
		if (isMeant) return asFound(other);
		if (other) throw await takenBy(channel, kind, wanted, failure);
	}
	throw failure;
}

function twinWarning(
	channel: Channel,
	kind: Kind,
	record: IDataObject,
	other: IDataObject,
): string {
	const twin = labelled(kind, other, idOf(kind, other));
	// Told as well where another item of the run fails, and no output is shown.
	channel.wrote?.(`found another ${twin} beside it`);
	return `There is another ${twin}, made by somebody else at the same moment, and ${idOf(kind, record)} could not be deleted again: compare the two in the Plivo console.`;
}

const uncheckedWarning = (kind: Kind, record: IDataObject) =>
	`Whether somebody else has just made the same record could not be checked: look for a second ${labelled(kind, record)} in the Plivo console.`;

/** Looks for a record of the same identity that another process has made at the same moment: see {@link twinOf}. */
async function twinsOf(channel: Channel, kind: Kind, record: IDataObject) {
	const id = idOf(kind, record);
	const identity = kind.identityOf(record);
	return await twinOf(
		channel,
		(one) => idOf(kind, one),
		async () => {
			const reading = await currentReading(channel, kind);
			const alike = reading.ofIdentity(identity);
			return {
				own: reading.records.get(id),
				others: alike.filter((other) => idOf(kind, other) !== id),
			};
		},
	);
}

/** What `upsertRecord` did, and the record. */
export interface Upserted {
	readonly record: IDataObject;
	readonly created: boolean;
	readonly changed: boolean;
	readonly warnings: string[];
}

/**
 * The record of this name, made when there is none, brought in line when it differs.
 *
 * @param wanted Plivo's fields, checked, with `name`; a trunk's direction belongs to its identity
 * @param mayMove whether calls of live numbers may go elsewhere by it
 * @throws PlivoFailure; of kind `conflict` when several records have the name
 */
export async function upsertRecord(
	channel: Channel,
	kind: Kind,
	wanted: IDataObject,
	mayMove: boolean,
): Promise<Upserted> {
	return await hold(channel, [identityClaim(kind, wanted)], async () => {
		const found = await findRecord(channel, kind, wanted);
		const ensured = await ensureRecord(channel, kind, wanted, found);
		const { record, created, warnings } = ensured;
		if (kind.identityOf(record) !== kind.identityOf(wanted)) {
			return sharedInstead(kind, record, wanted, warnings);
		}
		if (created || (matches(record, wanted) && !('password' in wanted))) {
			return { record, created, changed: created, warnings };
		}
		let moved: string[] = [];
		const changed = await updateRecord(
			channel,
			kind,
			idOf(kind, record),
			async (current) => {
				if (kind.identityOf(current) === kind.identityOf(wanted)) {
					moved = await checkMoves(channel, { kind, record: current, changes: wanted }, mayMove);
					return wanted;
				}
				throw new PlivoFailure(
					'conflict',
					`Somebody has just renamed the ${labelled(kind, record, idOf(kind, record))} to "${String(current.name)}"`,
					'Nothing was changed. Run it again: it looks the name up again.',
				);
			},
			// The name is held already.
			without(wanted, 'name'),
			async (changes, current) =>
				await requireUnchanged(channel, kind, idOf(kind, record), changes, current),
		);
		return { record: changed, created: false, changed: true, warnings: [...warnings, ...moved] };
	});
}

/** Plivo takes an address once: the record of another name that has it is used as it is. */
function sharedInstead(
	kind: Kind,
	record: IDataObject,
	wanted: IDataObject,
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
