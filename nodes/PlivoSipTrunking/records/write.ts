import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { timeFromPlivo } from '../input/time';
import type { Channel } from '../transport/channel';
import { isGone, isTaken, PlivoFailure, unlessGone } from '../failure';
import { pause } from '../transport/pause';
import { request } from '../transport/request';
import { LOOKS, settling } from '../transport/settling';
import {
	hold,
	identityClaim,
	noteOpenWrite,
	noteWrite,
	type OpenCreate,
	type Reading,
	recordClaim,
	stateOf,
	writesOf,
} from './accountState';
import { currentReading, findRecord } from './find';
import {
	idOf,
	type Kind,
	labelled,
	matches,
	pick,
	recordPath,
	referencesOf,
	without,
} from './kind';
import { getRecord } from './list';
import { PHONE_NUMBER } from './phoneNumber';
import { guardDelete, numbersOf, trunksUsing, useOf } from './references';
import { TRUNK, trunkDomain } from './trunk';

/** Between Plivo's clock and `created_at`, which has whole seconds. */
const CLOCK_SLACK_MS = 2_000;

/** A reading that was right so short a time before tells what was there when a create was sent. */
const BASELINE_MS = 30_000;

/** A record that was made. */
export interface Created {
	/** All of it, as Plivo has it, without the password. */
	readonly record: IDataObject;
	/** False where it may be somebody else's: found after an answer was lost, or made at the same moment. */
	readonly ours: boolean;
	/** Whole sentences for the output. */
	readonly warnings: string[];
}

/** The claims of work that makes or changes a record with these fields: what it refers to stays. */
const referenceClaims = (kind: Kind, fields: IDataObject) =>
	referencesOf(kind, fields).map((reference) => recordClaim(reference.kind, reference.id, true));

/** Nothing of the new name is made meanwhile, in either direction. */
const renameClaims = (kind: Kind, { name, alias }: IDataObject) =>
	name === undefined
		? alias === undefined
			? []
			: [identityClaim(kind, { alias })]
		: ['inbound', 'outbound'].map((trunk_direction) =>
				identityClaim(kind, { name, trunk_direction }),
			);

/**
 * Makes a record, exactly once, and answers all of it.
 *
 * @param fields Plivo's fields, checked
 * @throws PlivoFailure; of kind `conflict` when it can't be told whether it was made, or which it is
 */
export async function createRecord(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
): Promise<Created> {
	// Two equal creates at a time could not be told apart afterwards.
	return await hold(channel, [identityClaim(kind, fields)], async () => {
		const made = await makeOne(channel, kind, fields).catch(
			async (failure: unknown): Promise<never> => {
				if (!isTaken(failure)) throw failure;
				throw await takenBy(channel, kind, fields, failure);
			},
		);
		const id = idOf(kind, made.record);
		const record = await complete(channel, kind, id, made.record);
		noteWrite(channel, kind, id, record);
		return { ...made, record };
	});
}

async function takenBy(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	failure: PlivoFailure,
): Promise<PlivoFailure> {
	const other = await sameName(channel, kind, fields).catch(() => undefined);
	if (!other) return failure;
	return new PlivoFailure(
		'conflict',
		`There is already ${anA(labelled(kind, other, idOf(kind, other)))}`,
		`Plivo takes each name once: ${failure.message}. Choose another name, or use Create or Update to change the one that is there.`,
		failure.details,
	);
}

const anA = (words: string) => `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`;

/** Whatever has the name, in either direction. */
async function sameName(
	channel: Channel,
	kind: Kind,
	{ name, uri }: IDataObject,
): Promise<IDataObject | undefined> {
	const { records } = await currentReading(channel, kind);
	const all = [...records.values()];
	return (
		all.find((record) => matches(record, { name })) ??
		(uri === undefined ? undefined : all.find((record) => record.uri === uri))
	);
}

/**
 * Makes a record whose identity is held. What Plivo adds to it may be missing from the answer.
 *
 * What it refers to stays until it is made: from then on it is seen to use it.
 */
async function makeOne(channel: Channel, kind: Kind, fields: IDataObject): Promise<Created> {
	const { sentAgain, ...made } = await hold(
		channel,
		referenceClaims(kind, fields),
		async () => await make(channel, kind, fields),
	);
	return sentAgain ? await withoutTwin(channel, kind, fields, made.record, sentAgain) : made;
}

/** A record that was made; `sentAgain`: an earlier attempt may be carried out as well. */
interface Made extends Created {
	readonly sentAgain?: OpenCreate;
}

async function make(channel: Channel, kind: Kind, fields: IDataObject): Promise<Made> {
	const state = stateOf(channel);
	// Hashed, since a password may be among the fields.
	const key = createHash('sha256')
		.update(`${kind.path}${JSON.stringify(fields)}`)
		.digest('hex');
	const open = state.openCreates.get(key);
	if (open) {
		// The same was asked for before, perhaps in another try of this run, and it stayed open.
		const isAhead = (part: number) =>
			part === 1 || open.open.openSince + part * settling.ms > performance.now();
		const found = await findResult(channel, kind, fields, open, LOOKS.filter(isAhead));
		state.openCreates.delete(key);
		if (found) return madeBefore(channel, kind, found, open.warnings);
	}
	const before = state.readings.get(kind.path);
	const sent = performance.now();
	let evidence: OpenCreate | undefined;
	const answered = await request(channel, {
		method: 'POST',
		path: kind.path,
		body: fields,
		flaw: (answer) => (answer[kind.idField] ? undefined : `has no ${kind.idField}`),
		lookForResult: async (since) => {
			evidence = { before, sent, open: since };
			return await findResult(channel, kind, fields, evidence);
		},
	}).catch((failure: unknown): never => {
		const isOpen = failure instanceof PlivoFailure && failure.details.maybeDone;
		if (!(failure instanceof PlivoFailure) || !(isOpen || evidence?.isUnclear)) throw failure;
		const since = failure.details.openSince ?? performance.now();
		const firstAt = evidence?.open.firstAt ?? Date.now() - (performance.now() - sent);
		const { unusedAtFirst } = evidence ?? {};
		state.openCreates.set(key, {
			before,
			sent,
			open: { firstAt, openSince: since },
			unusedAtFirst,
		});
		// What it refers to may yet be in use.
		for (const reference of referencesOf(kind, fields)) {
			noteOpenWrite(channel, reference.kind, reference.id, since);
		}
		if (failure.kind === 'conflict') throw failure;
		throw new PlivoFailure(
			failure.kind,
			`${failure.message}. The ${labelled(kind, fields)} may have been created`,
			`Look for it before you run this again. ${failure.description}`,
			{ ...failure.details, maybeDone: true },
		);
	});
	const id = idOf(kind, answered.body);
	state.made.set(id, true);
	const record = {
		[kind.idField]: id,
		...kind.defaults,
		...without(fields, 'password'),
		...(answered.found && answered.body),
	};
	noteWrite(channel, kind, id, record);
	channel.wrote?.(`created ${labelled(kind, record, id)}`);
	if (!answered.sent || answered.found) {
		return { record, ours: !answered.found, warnings: evidence?.warnings ?? [] };
	}
	return { record, ours: true, warnings: [], sentAgain: { before, sent, open: answered.sent } };
}

/** A record that an earlier request has made after all. */
function madeBefore(
	channel: Channel,
	kind: Kind,
	record: IDataObject,
	warnings: string[] = [],
): Created {
	const id = idOf(kind, record);
	stateOf(channel).made.set(id, true);
	noteWrite(channel, kind, id, record);
	channel.wrote?.(`created ${labelled(kind, record, id)}`);
	return { record, ours: false, warnings };
}

/** The new record with what Plivo has added to it. */
async function complete(
	channel: Channel,
	kind: Kind,
	id: string,
	record: IDataObject,
): Promise<IDataObject> {
	if (kind.defaults !== undefined || record.trunk_domain !== undefined) return record;
	return await readBack(channel, kind, id, { trunk_domain: trunkDomain(id), ...record });
}

/** The record as Plivo has it now; when that can't be read, what is known of it: it is there for sure. */
async function readBack(
	channel: Channel,
	kind: Kind,
	id: string,
	known: IDataObject,
): Promise<IDataObject> {
	return await getRecord(channel, kind, id).catch((error: unknown) => {
		if (channel.signal?.aborted) throw error;
		channel.log(`The ${kind.label} ${id} could not be read back`);
		return known;
	});
}

/**
 * The record that an attempt without an answer has made, if it has: looked for until the request can't be
 * carried out any more and a list would show it.
 *
 * @throws PlivoFailure that says so, with `maybeDone`, where it can't be told, also since something could not be read
 */
async function findResult(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	evidence: OpenCreate,
	looks: readonly number[] = LOOKS,
): Promise<IDataObject | undefined> {
	return await lookAgain(channel, kind, fields, evidence, looks).catch((error: unknown): never => {
		if (!(error instanceof PlivoFailure) || error.details.maybeDone || channel.signal?.aborted) {
			throw error;
		}
		throw new PlivoFailure(
			'conflict',
			`Whether the ${labelled(kind, fields)} was created is unknown: Plivo gave no answer, and what could tell it could not be read (${error.message})`,
			'Look for it in the Plivo console before running this again.',
			{ ...error.details, maybeDone: true, openSince: performance.now() },
		);
	});
}

async function lookAgain(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	evidence: OpenCreate,
	looks: readonly number[],
): Promise<IDataObject | undefined> {
	let atFirst: ReadonlySet<string> | undefined;
	for (const part of looks) {
		const at = evidence.open.openSince + part * settling.ms;
		if (at > performance.now()) await pause(at - performance.now(), channel.signal);
		const reading = await look(channel, kind);
		const isLast = part === 1;
		const found = await resultAmong(channel, kind, fields, evidence, reading, { atFirst, isLast });
		if (found) return found;
		atFirst ??= new Set(reading.ids);
		evidence.unusedAtFirst ??= await unusedNow(channel, kind, fields, evidence, reading);
	}
	return undefined;
}

/** Those of a reading that may be the result of a lost create, and that nothing uses. */
async function unusedNow(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	evidence: OpenCreate,
	{ records }: Reading,
): Promise<ReadonlySet<string>> {
	const unknown = [...records.values()].filter(
		(record) => verdictOn(channel, kind, record, fields, evidence) === 'unknown',
	);
	// Where it can't be told, the last look decides alone.
	const unused = await unusedOf(channel, kind, unknown).catch(() => []);
	return new Set(unused.map((record) => idOf(kind, record)));
}

async function look(channel: Channel, kind: Kind): Promise<Reading> {
	const read = async () => await currentReading(channel, kind);
	// Many creates share a look: one page that failed for good must not leave them all in doubt.
	return await read().catch(read);
}

type Verdict = 'new' | 'unknown' | 'no';

/** Whether a record can be what the request has made. */
function verdictOn(
	channel: Channel,
	kind: Kind,
	record: IDataObject,
	fields: IDataObject,
	{ before, sent, open }: OpenCreate,
): Verdict {
	const id = idOf(kind, record);
	if (!matches(record, fields)) return 'no';
	const { made } = stateOf(channel);
	if (made.has(id) || before?.records.has(id)) return 'no';
	// It refers to a record that this process has just made, so it can't be older.
	if (referencesOf(kind, fields).some((reference) => made.has(reference.id))) return 'new';
	const isSince = isSinceFirst(channel, open, record.created_at);
	if (isSince !== undefined) return isSince ? 'new' : 'no';
	return before && sent - before.checkedAt < BASELINE_MS ? 'new' : 'unknown';
}

/** Whether a time of Plivo's is not before the first attempt; nothing where that can't be told. */
function isSinceFirst(
	{ account: { clockOffset } }: Channel,
	{ firstAt }: OpenCreate['open'],
	time: unknown,
): boolean | undefined {
	const at = timeFromPlivo(time);
	if (clockOffset === undefined || Number.isNaN(at)) return undefined;
	return at >= firstAt + clockOffset - CLOCK_SLACK_MS;
}

async function resultAmong(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	evidence: OpenCreate,
	{ records }: Reading,
	{ atFirst, isLast }: { atFirst?: ReadonlySet<string>; isLast: boolean },
): Promise<IDataObject | undefined> {
	const judged = [...records.values()].map((record) => {
		const verdict = verdictOn(channel, kind, record, fields, evidence);
		// What came after the first look was not there before.
		const cameLater = atFirst !== undefined && !atFirst.has(idOf(kind, record));
		return { record, verdict: verdict === 'unknown' && cameLater ? 'new' : verdict };
	});
	const fresh = judged.filter(({ verdict }) => verdict === 'new').map(({ record }) => record);
	const [first] = fresh;
	if (first && fresh.length === 1) return first;
	// One that was there at the first look may be older: it counts only if no other one comes.
	if (!isLast && fresh.length === 0) return undefined;
	const unknown = judged.filter(({ verdict }) => verdict === 'unknown').map(({ record }) => record);
	evidence.isUnclear ||= unknown.length > 0;
	const unused = fresh.length > 1 ? fresh : await unusedOf(channel, kind, unknown);
	const wasUnused = unknown.filter((record) => evidence.unusedAtFirst?.has(idOf(kind, record)));
	const inUse = unknown.filter((record) => ![...unused, ...wasUnused].includes(record));
	const usedSince = await usedSinceOf(channel, kind, inUse, evidence);
	const perhaps = [...new Set([...unused, ...wasUnused, ...usedSince])];
	if (perhaps.length === 0) return undefined;
	const [only, ...others] = perhaps;
	if (only && others.length === 0 && unused.length === 1 && kind !== TRUNK) {
		// It may be older. Nothing uses it, so it can be made exactly what was asked for.
		const exact = await madeExact(channel, kind, fields, only);
		if ('password' in fields) evidence.warnings = [perhapsOthers(kind, only)];
		return exact;
	}
	const ids = perhaps.map((record) => idOf(kind, record)).join(', ');
	throw new PlivoFailure(
		'conflict',
		`Whether the ${labelled(kind, fields)} was created can't be told: ${ids} ${others.length > 0 ? 'are' : 'is'} exactly like it`,
		'Plivo gave no answer to the request. Keep one of them, and delete the extra ones in the Plivo console.',
		{ maybeDone: true },
	);
}

const perhapsOthers = (kind: Kind, record: IDataObject) =>
	`Plivo gave no answer to the request for the ${labelled(kind, record, idOf(kind, record))}, which was found then and got this password. If somebody else has just made it, their password is no longer valid.`;

/** A record that was found has what was asked for, save that its password can't be seen: it is set once more. */
async function madeExact(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	record: IDataObject,
): Promise<IDataObject> {
	if (!('password' in fields)) return record;
	const id = idOf(kind, record);
	await updateHeld(channel, kind, id, fields, record).catch((failure: unknown): never => {
		if (!(failure instanceof PlivoFailure) || failure.kind === 'cancelled') throw failure;
		throw new PlivoFailure(
			'conflict',
			`The ${labelled(kind, fields)} was perhaps created (${id}), but Plivo gave no answer, and its password could not be set again: ${failure.message}`,
			`Delete it, or set its password with the Update operation. ${failure.description}`,
			{ ...failure.details, maybeDone: true },
		);
	});
	return record;
}

/** Those that nothing uses: a record in use is older than the request. */
async function unusedOf(
	channel: Channel,
	kind: Kind,
	records: IDataObject[],
): Promise<IDataObject[]> {
	const uses = await Promise.all(
		records.map(async (record) => await useOf(channel, kind, idOf(kind, record))),
	);
	return records.filter((_record, index) => uses[index] === undefined);
}

/**
 * Those that are in use only by what was written since a create was sent, by this process or, as the times of trunks
 * say, by another: such a use makes no record older than the request.
 */
async function usedSinceOf(
	channel: Channel,
	kind: Kind,
	records: IDataObject[],
	{ sent, open }: OpenCreate,
): Promise<IDataObject[]> {
	const isSince = await Promise.all(
		records.map(async (record) => {
			const id = idOf(kind, record);
			const user = kind === TRUNK ? PHONE_NUMBER : TRUNK;
			const users = await (kind === TRUNK
				? numbersOf(channel, id)
				: trunksUsing(channel, kind, id));
			const writes = writesOf(stateOf(channel), user);
			return users.every(
				(one) =>
					(writes.get(idOf(user, one))?.at ?? 0) > sent ||
					[one.created_at, one.updated_at].some((time) => isSinceFirst(channel, open, time)),
			);
		}),
	);
	return records.filter((_record, index) => isSince[index]);
}

/** After a create was sent again: if the first attempt has been carried out after all, ours goes. */
async function withoutTwin(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	record: IDataObject,
	evidence: OpenCreate,
): Promise<Created> {
	const id = idOf(kind, record);
	const reading = await currentReading(channel, kind).catch(() => undefined);
	const alike = [...(reading?.records.values() ?? [])].map((other) => ({
		other,
		verdict: verdictOn(channel, kind, other, fields, evidence),
	}));
	const twin = alike.find(({ verdict }) => verdict === 'new')?.other;
	if (twin && (await isGivenUp(channel, kind, id))) {
		return { record: twin, ours: false, warnings: [] };
	}
	const perhaps = twin ?? alike.find(({ verdict }) => verdict === 'unknown')?.other;
	if (reading && !perhaps) return { record, ours: true, warnings: [] };
	const second = perhaps ? idOf(kind, perhaps) : 'another one of the same name';
	return { record, ours: true, warnings: [perhapsSecond(channel, kind, record, second)] };
}

/** Told as well where another item of the run fails, and no output is shown. */
function perhapsSecond(channel: Channel, kind: Kind, record: IDataObject, second: string): string {
	channel.wrote?.(`perhaps created ${second} as well`);
	return `Plivo gave no answer to an attempt to create the ${labelled(kind, record, idOf(kind, record))}, and ${second} is perhaps a second one: compare the two in the Plivo console.`;
}

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
	if (winner && made.ours && (await isGivenUp(channel, kind, id))) {
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
	const inDoubt = [
		...made.warnings,
		...(winner && !made.ours ? [perhapsSecond(channel, kind, record, idOf(kind, winner))] : []),
	];
	const warnings = [
		...inDoubt,
		...(winner && made.ours ? [twinWarning(channel, kind, record, winner)] : []),
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

/** Whether a record that was found is gone again; where that can't be read, it isn't. */
const hasGone = async (channel: Channel, kind: Kind, id: string): Promise<boolean> =>
	(await stillThere(channel, kind, id, {})) === undefined;

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

/** @param otherwise taken for the record where it can't be read */
async function stillThere(
	channel: Channel,
	kind: Kind,
	id: string,
	otherwise: IDataObject,
): Promise<IDataObject | undefined> {
	const still = await unlessGone(getRecord(channel, kind, id)).catch(() => otherwise);
	if (still === undefined) noteWrite(channel, kind, id);
	return still;
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
	for (const part of LOOKS) {
		await pause(part * settling.ms, channel.signal);
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

/** Deletes a record of ours that another one stands for; not where somebody has begun to use it. */
async function isGivenUp(channel: Channel, kind: Kind, id: string): Promise<boolean> {
	return await deleteRecord(channel, kind, id).then(
		() => true,
		async (failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			// Somebody else has deleted it.
			if (isGone(failure)) return await hasGone(channel, kind, id);
			const openSince = failure instanceof PlivoFailure ? failure.details.openSince : undefined;
			if (openSince === undefined) return false;
			// The delete may still be carried out: ours is no answer before it can't be any more.
			await pause(Math.max(0, openSince + settling.ms - performance.now()), channel.signal);
			if (!(await hasGone(channel, kind, id))) return false;
			channel.wrote?.(`deleted ${kind.label} ${id}`);
			return true;
		},
	);
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
	return `There is another ${twin}, made by somebody else at the same moment, and ${idOf(kind, record)} could not be taken back: compare the two in the Plivo console.`;
}

const uncheckedWarning = (kind: Kind, record: IDataObject) =>
	`Whether somebody else made the same at this moment could not be checked: look for a second ${labelled(kind, record)} in the Plivo console.`;

/**
 * Looks for a record of the same identity that another process has made at the same moment, and decides
 * with it which of the two stays: without a word between them, and whatever order the list has.
 *
 * Of two that see each other, the one with the greater id gives way at once. The other waits for that. If
 * it waits in vain, the other had looked before ours was there, and goes on with its own: so ours gives way.
 *
 * @returns `own`: the record as the list shows it; `winner`: the other one, where ours has to give way
 */
async function twinsOf(
	channel: Channel,
	kind: Kind,
	record: IDataObject,
): Promise<{ own?: IDataObject; winner?: IDataObject; unread?: boolean }> {
	const id = idOf(kind, record);
	const identity = kind.identityOf(record);
	let from = performance.now();
	let own: IDataObject | undefined;
	let twin: IDataObject | undefined;
	let unread = false;
	for (let look = 0; look < LOOKS.length; look++) {
		const at = from + (LOOKS[look] ?? 1) * settling.ms;
		if (at > performance.now()) await pause(at - performance.now(), channel.signal);
		const reading = await currentReading(channel, kind).catch((failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			unread = true;
			return undefined;
		});
		if (reading) unread = false;
		const seen = reading?.records.get(id);
		if (!reading || !seen) continue;
		const others = reading
			.ofIdentity(identity)
			.filter((other) => idOf(kind, other) !== id)
			.sort((one, other) => (idOf(kind, one) < idOf(kind, other) ? -1 : 1));
		const [other] = others;
		if (!other) return { own: seen };
		if (idOf(kind, other) < id) return { own: seen, winner: other };
		if (!twin) {
			// The whole time from now on.
			from = performance.now();
			look = 0;
		}
		own = seen;
		twin = other;
	}
	return { own, winner: twin, unread };
}

/**
 * Changes a record.
 *
 * @param changesOf is given the record as it is; answers the fields to change, checked, or none
 * @param recheck as `Call.recheck`
 * @param wanted what of the changes is known before: what it refers to stays, its new name is nobody else's
 * @returns the whole record: a trunk is read back, others are what they were with the changes
 * @throws PlivoFailure
 */
export async function updateRecord(
	channel: Channel,
	kind: Kind,
	id: string,
	changesOf: (current: IDataObject) => IDataObject | Promise<IDataObject>,
	wanted: IDataObject = {},
	recheck?: () => Promise<unknown>,
): Promise<IDataObject> {
	return await hold(
		channel,
		[recordClaim(kind, id), ...renameClaims(kind, wanted), ...referenceClaims(kind, wanted)],
		async () => {
			const current = await getRecord(channel, kind, id);
			const changes = await changesOf(current);
			if (Object.keys(changes).length === 0) return current;
			return await updateHeld(channel, kind, id, changes, current, recheck);
		},
	);
}

/** Changes a record that is held. */
export async function updateHeld(
	channel: Channel,
	kind: Kind,
	id: string,
	changes: IDataObject,
	current: IDataObject,
	recheck?: () => Promise<unknown>,
): Promise<IDataObject> {
	const body = kind.restated(changes, current);
	const restated = without(body, ...Object.keys(changes));
	await post(channel, kind, id, body, `${kind.label} ${id}`, async () => {
		if (Object.keys(restated).length > 0) {
			await requireUnchanged(channel, kind, id, restated, current);
		}
		await recheck?.();
	});
	channel.wrote?.(`changed ${labelled(kind, { ...current, ...changes }, id)}`);
	const changed = { ...current, ...without(changes, 'password'), [kind.idField]: id };
	const after = kind.defaults === undefined ? await readBack(channel, kind, id, changed) : changed;
	noteWrite(channel, kind, id, after);
	return after;
}

/**
 * Before a further attempt to change a record: what was taken from what was read must still be so, or be what the
 * attempt before has made of it; else it would take back what somebody else has changed since.
 *
 * @param fields as they are written
 * @param current the record as it was read
 * @throws PlivoFailure of kind `conflict`
 */
export async function requireUnchanged(
	channel: Channel,
	kind: Kind,
	id: string,
	fields: IDataObject,
	current: IDataObject,
): Promise<void> {
	const now = await getRecord(channel, kind, id);
	const others = Object.keys(fields).filter(
		(field) => !matches(now, pick(current, [field])) && !matches(now, pick(fields, [field])),
	);
	if (others.length === 0) return;
	const labels = others.map((field) => `'${kind.fields[field]?.label ?? field}'`);
	throw new PlivoFailure(
		'conflict',
		`Somebody has just changed ${labels.join(' and ')} of the ${labelled(kind, current, id)}`,
		'Run it again: it begins with what is there now.',
	);
}

async function post(
	channel: Channel,
	kind: Kind,
	id: string,
	body: IDataObject,
	subject: string,
	recheck: () => Promise<unknown>,
): Promise<void> {
	const open = (since?: number) => {
		if (since !== undefined) noteOpenWrite(channel, kind, id, since);
	};
	const { sent } = await request(channel, {
		method: 'POST',
		path: recordPath(kind, id),
		body,
		subject,
		recheck,
	}).catch((failure: unknown): never => {
		if (failure instanceof PlivoFailure) open(failure.details.openSince);
		throw failure;
	});
	open(sent?.openSince);
}

/** What deleting came to. */
export interface Deleted {
	/** What Force has overridden, as whole sentences for the output. */
	readonly warnings: string[];
}

/**
 * Deletes a record unless something depends on it; nothing of this process begins to depend on it
 * meanwhile.
 *
 * @param force although something does, or that could not be checked
 * @throws PlivoFailure; with `httpCode` 404 when there was none
 */
export async function deleteRecord(
	channel: Channel,
	kind: Kind,
	id: string,
	force = false,
): Promise<Deleted> {
	return await hold(channel, [recordClaim(kind, id)], async () => {
		const guard = async () => await guardDelete(channel, kind, id, force);
		const warnings = await guard();
		await destroy(channel, kind, id, guard);
		return { warnings };
	});
}

/** Deletes a record that is held and known to be unused. One that is gone after a repeated attempt counts as deleted. */
export async function destroy(
	channel: Channel,
	kind: Kind,
	id: string,
	recheck?: () => Promise<unknown>,
): Promise<void> {
	const subject = `${kind.label} ${id}`;
	await request(channel, { method: 'DELETE', path: recordPath(kind, id), subject, recheck }).catch(
		async (failure: unknown) => {
			if (!(failure instanceof PlivoFailure) || !failure.details.maybeDone) throw failure;
			const failed = () => {
				// It may still be carried out: nothing begins to use the record before that can't be any more.
				noteOpenWrite(channel, kind, id, failure.details.openSince ?? performance.now());
				return failure;
			};
			if (channel.signal?.aborted) throw failed();
			// What counts is whether it is there.
			const still = await unlessGone(getRecord(channel, kind, id)).catch(() => {
				throw failed();
			});
			if (still) throw failed();
		},
	);
	noteWrite(channel, kind, id);
	channel.wrote?.(`deleted ${subject}`);
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
 * @throws PlivoFailure; of kind `conflict` when several records have the name
 */
export async function upsertRecord(
	channel: Channel,
	kind: Kind,
	wanted: IDataObject,
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
		const changed = await updateRecord(
			channel,
			kind,
			idOf(kind, record),
			(current) => {
				if (kind.identityOf(current) === kind.identityOf(wanted)) return wanted;
				throw new PlivoFailure(
					'conflict',
					`Somebody has just renamed the ${labelled(kind, record, idOf(kind, record))} to "${String(current.name)}"`,
					'Nothing was changed. Run it again: it looks the name up again.',
				);
			},
			// The name is held already.
			without(wanted, 'name'),
		);
		return { record: changed, created: false, changed: true, warnings };
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
			`Plivo takes each address once, and the ${label} has this one already, with other settings`,
			'Use that record, or change it with the Update operation.',
		);
	}
	return {
		record,
		created: false,
		changed: false,
		warnings: [
			...warnings,
			`Plivo takes each address once: the ${label} has this one already and was left as it is.`,
		],
	};
}

/**
 * Routes a number to a trunk or an application; it takes effect at once. The number is held.
 *
 * @param number digits
 * @param target a trunk's or an application's id; empty: to nothing, which Plivo may refuse or ignore
 * @param recheck as `Call.recheck`
 * @throws PlivoFailure
 */
export async function routeNumber(
	channel: Channel,
	number: string,
	target: string,
	application: string | null,
	recheck: () => Promise<unknown>,
): Promise<void> {
	const subject = `phone number ${number}, or no application or trunk ${target}`;
	await post(channel, PHONE_NUMBER, number, { app_id: target }, subject, recheck);
	noteWrite(channel, PHONE_NUMBER, number, { number, application });
	channel.wrote?.(`routed phone number ${number}`);
}
