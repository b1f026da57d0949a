import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { isTaken, PlivoFailure } from '../failure';
import { request } from '../transport/request';
import { settling } from '../transport/settling';
import {
	hold,
	identityClaim,
	noteOpenWrite,
	noteWrite,
	type OpenCreate,
	stateOf,
} from './accountState';
import { currentReading } from './find';
import { idOf, type Kind, labelled, matches, referencesOf, without } from './kind';
import { trunkDomain } from './trunk';
import { findResult, verdictOn } from './lostCreate';
import { readBack, referenceClaims } from './update';
import { isGivenUp } from './remove';

/** A record that was made. */
export interface Created {
	/** All of it, as Plivo has it, without the password. */
	readonly record: IDataObject;
	/** False where it may be somebody else's: found after an answer was lost, or made at the same moment. */
	readonly ours: boolean;
	/** Whole sentences for the output. */
	readonly warnings: string[];
}

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

/** What Plivo's refusal of a name as taken means, with the record that has it. */
export async function takenBy(
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
		`Plivo accepts each name only once: ${failure.message}. Choose another name, or use Create or Update to change the one that is there.`,
		failure.details,
	);
}

const anA = (words: string) => `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`;

/** Whatever has the name, in either direction. */
export async function sameName(
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
export async function makeOne(channel: Channel, kind: Kind, fields: IDataObject): Promise<Created> {
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
		// The same was asked for before, perhaps in another try of this run, and stayed open: by now it would be listed.
		const found = await findResult(channel, kind, fields, open, [1]);
		state.openCreates.delete(key);
		if (found) {
			noteMade(channel, kind, found);
			return { record: found, ours: false, warnings: open.warnings ?? [] };
		}
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
		const since = failure.details.openSince ?? evidence?.open.openSince ?? performance.now();
		const firstAt = evidence?.open.firstAt ?? Date.now() - (performance.now() - sent);
		const { unusedAtFirst } = evidence ?? {};
		state.openCreates.set(key, {
			before,
			sent,
			open: { firstAt, openSince: since },
			unusedAtFirst,
		});
		// Nothing else is made of its name before a list would show it, and what it refers to may yet be in use.
		state.openWrites.set(identityClaim(kind, fields).key, since + settling.ms);
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
	const record = {
		[kind.idField]: idOf(kind, answered.body),
		...kind.defaults,
		...without(fields, 'password'),
		...(answered.found && answered.body),
	};
	noteMade(channel, kind, record);
	if (!answered.sent || answered.found) {
		return { record, ours: !answered.found, warnings: evidence?.warnings ?? [] };
	}
	return { record, ours: true, warnings: [], sentAgain: { before, sent, open: answered.sent } };
}

function noteMade(channel: Channel, kind: Kind, record: IDataObject): void {
	const id = idOf(kind, record);
	stateOf(channel).made.set(id, true);
	noteWrite(channel, kind, id, record);
	channel.wrote?.(`created ${labelled(kind, record, id)}`);
}

/** The new record with what Plivo has added to it. */
export async function complete(
	channel: Channel,
	kind: Kind,
	id: string,
	record: IDataObject,
): Promise<IDataObject> {
	if (kind.defaults !== undefined || record.trunk_domain !== undefined) return record;
	return await readBack(channel, kind, id, { trunk_domain: trunkDomain(id), ...record });
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
	if (twin && (await isGivenUp(channel, kind, id, twin))) {
		return { record: twin, ours: false, warnings: [] };
	}
	const perhaps = twin ?? alike.find(({ verdict }) => verdict === 'unknown')?.other;
	if (reading && !perhaps) return { record, ours: true, warnings: [] };
	const second = perhaps ? idOf(kind, perhaps) : 'another one of the same name';
	return { record, ours: true, warnings: [perhapsSecond(channel, kind, record, second)] };
}

/** The warning of a second record, perhaps ours; told as well where another item of the run fails, and no output is shown. */
export function perhapsSecond(
	channel: Channel,
	kind: Kind,
	record: IDataObject,
	second: string,
): string {
	channel.wrote?.(`perhaps created ${second} as well`);
	return `Plivo gave no answer to an attempt to create the ${labelled(kind, record, idOf(kind, record))}, and ${second} is perhaps a second one: compare the two in the Plivo console.`;
}
