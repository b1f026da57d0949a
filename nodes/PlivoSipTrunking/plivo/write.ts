import { deepCopy, type IDataObject } from 'n8n-workflow';

import { type Channel, hold } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';
import { request } from '../transport/request';
import { timeFromPlivo } from './filters';
import { note, sharedListing } from './journal';
import { type Kind, ORIGINATION_URI, PHONE_NUMBER, TRUNK } from './kinds';
import { lookAfresh } from './look';
import { getRecord, recordPath, without } from './read';

/** Ids of made records are kept so many; older ones can't be taken for the result of a new request. */
const REMEMBERED_IDS = 10_000;

/** Between Plivo's clock and `created_at`, which has whole seconds. */
const CLOCK_SLACK_MS = 2_000;

/** A record's fields without what Plivo never returns. */
function withoutSecrets(fields: IDataObject): IDataObject {
	return without(fields, 'password');
}

/** Whether a record has all these values; a password can't be compared and counts as equal. */
export function matches(record: IDataObject, fields: IDataObject): boolean {
	return Object.entries(withoutSecrets(fields)).every(([field, value]) =>
		sameValue(record[field], value),
	);
}

function sameValue(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other)) {
		return (
			one.every((entry) => other.includes(entry)) && other.every((entry) => one.includes(entry))
		);
	}
	// Plivo leaves out or nulls what was never set.
	return (one ?? '') === (other ?? '') || (one === undefined && other === false);
}

/** Plivo's domain of a trunk (plivo.com/docs/sip-trunking/api/trunks). */
const trunkDomain = (trunkId: string) => `${trunkId}.zt.plivo.com`;

/**
 * Makes a record, exactly once, and answers all of it.
 *
 * Where an attempt got no answer, Plivo's list tells whether it was carried out: exactly one record
 * with all that was sent, not made by another request of this process, is its result.
 *
 * @param body Plivo's fields, checked
 * @returns the record as Plivo has it: a trunk is read back, since Plivo sets its domain; everything
 *   else is what was sent (without the password), with its id
 * @throws PlivoFailure; of kind `conflict` when several records can be the result
 */
export async function createRecord(
	channel: Channel,
	kind: Kind,
	body: IDataObject,
): Promise<IDataObject> {
	// Two equal creates at a time could not be told apart afterwards.
	const key = `create ${kind.path} ${JSON.stringify(body)}`;
	return await hold(channel, key, async () => {
		const answer = await request(channel, {
			method: 'POST',
			path: kind.path,
			body,
			flaw: (made) => (made[kind.idField] ? undefined : `has no ${kind.idField}`),
			lookForResult: async (firstSent) => await findResult(channel, kind, body, firstSent),
		});
		const id = String(answer[kind.idField]);
		remember(channel, id);
		const record = await whole(channel, kind, id, answer, body);
		note(channel, kind, id, record);
		return record;
	});
}

async function whole(
	channel: Channel,
	kind: Kind,
	id: string,
	answer: IDataObject,
	body: IDataObject,
): Promise<IDataObject> {
	if (kind !== TRUNK) {
		const defaults = kind === ORIGINATION_URI ? { authentication_needed: false } : {};
		return { [kind.idField]: id, ...defaults, ...withoutSecrets(body) };
	}
	// Found by a look: the record is complete already.
	if (answer.trunk_domain) return answer;
	return await readBack(channel, { trunk_id: id, trunk_domain: trunkDomain(id), ...body });
}

function remember({ account: { made } }: Channel, id: string) {
	made.add(id);
	if (made.size > REMEMBERED_IDS) made.delete(made.values().next().value as string);
}

/** The trunk as Plivo has it now; when that can't be read, what is known of it: it is there for sure. */
async function readBack(channel: Channel, known: IDataObject): Promise<IDataObject> {
	return await getRecord(channel, TRUNK, String(known.trunk_id)).catch((error: unknown) => {
		if (channel.signal?.aborted) throw error;
		channel.log(`Trunk ${String(known.trunk_id)} could not be read back`);
		return known;
	});
}

/** The record that an attempt without an answer has made, if it has. */
async function findResult(
	channel: Channel,
	kind: Kind,
	body: IDataObject,
	firstSent: number,
): Promise<IDataObject | undefined> {
	const look = async () => await lookAfresh(channel, kind, narrowing(kind, body));
	// Many creates share a look: one page that failed for good must not leave them all in doubt.
	const records = await look()
		.catch(look)
		.catch((error: unknown): never => {
			if (!(error instanceof PlivoFailure) || channel.signal?.aborted) throw error;
			throw new PlivoFailure(
				'conflict',
				`Whether the ${kind.label} was created is unknown: Plivo gave no answer, and its list could not be read (${error.message})`,
				`Look for it in the Plivo console before running this again${named(body)}.`,
				error.details,
			);
		});
	// Plivo's clock is known by now: the look has brought it along.
	const sent = firstSent + channel.account.clockOffset;
	const candidates = records.filter(
		(record) =>
			matches(record, body) &&
			!channel.account.made.has(String(record[kind.idField])) &&
			notOlderThan(record, sent - CLOCK_SLACK_MS),
	);
	if (candidates.length < 2) return candidates[0];
	throw new PlivoFailure(
		'conflict',
		`Several ${kind.label}s can be the one that was just created: ${candidates
			.map((record) => String(record[kind.idField]))
			.join(', ')}`,
		'Plivo gave no answer to the request, and its list has more than one record with the same values. Keep one of them and delete the others in the Plivo console.',
	);
}

const named = (body: IDataObject) =>
	typeof body.name === 'string' && body.name ? ` (its name is "${body.name}")` : '';

/** Plivo's filters for a trunk's fields keep the look short; other kinds have none. */
function narrowing(kind: Kind, body: IDataObject): IDataObject {
	if (kind !== TRUNK) return {};
	return without(body, 'name');
}

function notOlderThan(record: IDataObject, time: number): boolean {
	const createdAt = timeFromPlivo(record.created_at);
	return Number.isNaN(createdAt) || createdAt >= time;
}

/**
 * Changes a record.
 *
 * @param changes the fields to change, checked; for a trunk without its direction
 * @param current the record as it is, where it has just been read; saves reading it
 * @returns the whole record: a trunk is read back, others are what they were with the changes
 * @throws PlivoFailure
 */
export async function updateRecord(
	channel: Channel,
	kind: Kind,
	id: string,
	changes: IDataObject,
	current?: IDataObject,
): Promise<IDataObject> {
	const before = current ?? (await getRecord(channel, kind, id));
	await request(channel, {
		method: 'POST',
		path: recordPath(kind, id),
		body: kind === TRUNK ? { trunk_direction: before.trunk_direction, ...changes } : changes,
		subject: `${kind.label} ${id}`,
	});
	const changed = { ...before, ...withoutSecrets(changes), [kind.idField]: id };
	const after = kind === TRUNK ? await readBack(channel, changed) : changed;
	note(channel, kind, id, after);
	return after;
}

/** One change at a time to a record, so that what is carried over is never stale. */
export async function holdRecord<T>(
	channel: Channel,
	kind: Kind,
	id: string,
	work: () => Promise<T>,
): Promise<T> {
	return await hold(channel, `${kind.path}${id}`, work);
}

/**
 * Deletes a record. One that is gone already after a repeated attempt counts as deleted.
 *
 * @throws PlivoFailure, with `httpCode` 404 when there was none
 */
export async function deleteRecord(channel: Channel, kind: Kind, id: string): Promise<void> {
	await request(channel, {
		method: 'DELETE',
		path: recordPath(kind, id),
		subject: `${kind.label} ${id}`,
	});
	note(channel, kind, id);
}

/**
 * Routes a number to a trunk or an application; it takes effect at once.
 *
 * @param number digits
 * @param target a trunk's or an application's id
 * @throws PlivoFailure
 */
export async function routeNumber(channel: Channel, number: string, target: string): Promise<void> {
	await request(channel, {
		method: 'POST',
		path: recordPath(PHONE_NUMBER, number),
		body: { app_id: target },
		subject: `phone number ${number}, or no application or trunk ${target}`,
	});
}

/** What `upsertRecord` did, and the record. */
export interface Upserted {
	readonly record: IDataObject;
	readonly created: boolean;
	readonly changed: boolean;
	/** The record before it was changed. */
	readonly previous?: IDataObject;
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
	const name = String(wanted.name);
	return await hold(channel, `name ${kind.path}${name}`, async () => {
		const records = await sharedListing(channel, kind, identityFilter(kind, wanted));
		const found = findByName(kind, records, wanted);
		if (!found) {
			const record = await createRecord(channel, kind, wanted);
			return { record, created: true, changed: true };
		}
		if (matches(found, wanted) && !('password' in wanted)) {
			return { record: found, created: false, changed: false };
		}
		const id = String(found[kind.idField]);
		const record = await holdRecord(
			channel,
			kind,
			id,
			async () => await updateRecord(channel, kind, id, wanted, found),
		);
		return { record, created: false, changed: true, previous: deepCopy(found) };
	});
}

/** Plivo's filter that narrows a listing to records of the same identity. */
export function identityFilter(kind: Kind, wanted: IDataObject): IDataObject {
	return kind === TRUNK ? { trunk_direction: wanted.trunk_direction } : {};
}

/**
 * The one record of a name (and direction, for a trunk).
 *
 * @throws PlivoFailure of kind `conflict`, naming the ids, when there are several
 */
export function findByName(
	kind: Kind,
	records: IDataObject[],
	wanted: IDataObject,
): IDataObject | undefined {
	const identity = { ...identityFilter(kind, wanted), name: wanted.name };
	const found = records.filter((record) => matches(record, identity));
	if (found.length < 2) return found[0];
	const ids = found.map((record) => String(record[kind.idField])).join(', ');
	throw new PlivoFailure(
		'conflict',
		`${found.length} ${kind.label}s are named "${String(wanted.name)}": ${ids}`,
		'Which of them is meant can’t be told, so nothing was written. Rename or delete all but one, or use the Update operation with an ID.',
	);
}
