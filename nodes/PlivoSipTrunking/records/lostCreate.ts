import type { IDataObject } from 'n8n-workflow';

import { timeFromPlivo } from '../input/time';
import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { pause } from '../transport/pause';
import { LOOKS, settling } from '../transport/settling';
import { type OpenCreate, type Reading, stateOf, writesOf } from './accountState';
import { currentReading } from './find';
import { idOf, type Kind, labelled, matches, referencesOf } from './kind';
import { PHONE_NUMBER } from './phoneNumber';
import { numbersOf, trunksUsing, useOf } from './references';
import { TRUNK } from './trunk';
import { requireUnchanged, updateHeld } from './update';

/** Between Plivo's clock and `created_at`, which has whole seconds. */
const CLOCK_SLACK_MS = 2_000;

/** A reading that was right so short a time before tells what was there when a create was sent. */
const BASELINE_MS = 30_000;

/**
 * The record that an attempt without an answer has made, if it has: looked for until the request can't be
 * carried out any more and a list would show it.
 *
 * @throws PlivoFailure that says so, with `maybeDone`, where it can't be told, also since something could not be read
 */
export async function findResult(
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
			`Whether the ${labelled(kind, fields)} was created is unknown: Plivo gave no answer, and what would tell could not be read (${error.message})`,
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
export function verdictOn(
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
		`Whether the ${labelled(kind, fields)} was created is unclear: ${ids} ${others.length > 0 ? 'are' : 'is'} exactly like it`,
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
	const recheck = async () => {
		await requireUnchanged(channel, kind, id, fields, record);
		const use = await useOf(channel, kind, id);
		if (use) throw new PlivoFailure('conflict', `it is in use now: ${use}`, '');
	};
	await updateHeld(channel, kind, id, fields, record, recheck).catch((failure: unknown): never => {
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
