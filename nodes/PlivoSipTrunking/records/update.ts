import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { request } from '../transport/request';
import { hold, identityClaim, noteOpenWrite, noteWrite, recordClaim } from './accountState';
import { type Kind, labelled, matches, pick, recordPath, referencesOf, without } from './kind';
import { getRecord } from './list';
import { PHONE_NUMBER } from './phoneNumber';

/** The claims of work that makes or changes a record with these fields: what it refers to stays. */
export const referenceClaims = (kind: Kind, fields: IDataObject) =>
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

/** As `Call.recheck`, given what is written and the record as it was read. */
type Recheck = (changes: IDataObject, current: IDataObject) => Promise<unknown>;

/**
 * Changes a record.
 *
 * @param changesOf is given the record as it is; answers the fields to change, checked, or none
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
	recheck?: Recheck,
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
	recheck?: Recheck,
): Promise<IDataObject> {
	const body = kind.restated(changes, current);
	const restated = without(body, ...Object.keys(changes));
	await post(channel, kind, id, body, `${kind.label} ${id}`, async () => {
		if (Object.keys(restated).length > 0) {
			await requireUnchanged(channel, kind, id, restated, current);
		}
		await recheck?.(changes, current);
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
		'Run it again: it starts from what is there now.',
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

/** The record as Plivo has it now; when that can't be read, what is known of it: it is there for sure. */
export async function readBack(
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
