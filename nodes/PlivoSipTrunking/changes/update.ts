import type { IDataObject } from 'n8n-workflow';

import { type Findings, goneAsData, PlivoFailure } from '../failure';
import { identityClaim, noteWrite, recordClaim } from '../records/accountState';
import {
	type AccountRecord,
	type Kind,
	labelled,
	matches,
	pick,
	recordPath,
	referencesOf,
	type Values,
	without,
} from '../records/kind';
import { getRecord } from '../records/list';
import type { Channel } from '../transport/channel';
import { type Change, finalFailure, settle } from './settle';

/** The claims of work that makes or changes a record with these fields: what it refers to stays. */
export const referenceClaims = (kind: Kind, fields: Values) =>
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

/** What is to be changed of a record. */
export interface Update<R extends AccountRecord = AccountRecord> {
	/**
	 * The fields to change of the record as it was first read, checked; none: nothing is written. Pure.
	 *
	 * @throws PlivoFailure where the record isn't one to change
	 */
	readonly changesOf: (current: R) => Values;
	/** What of the changes is known before: what it refers to stays, its new name is nobody else's. */
	readonly known?: Values;
	/** Looks, at each look, for what is to be known of the changes to the record as it is. */
	readonly guard?: (channel: Channel, current: R, changes: Values) => Promise<Findings>;
}

/** A record that was updated, or left as it was. */
export interface Updated<R extends AccountRecord = AccountRecord> {
	readonly record: R;
	/** False where it was as it is to be. */
	readonly changed: boolean;
	/** What the guard had to say of the changes that were made. */
	readonly warnings: readonly string[];
}

interface Seen<R> extends Findings {
	/** Nothing where it is gone. */
	readonly record?: R;
}

/** The update of a record: what was read for it must still hold at each further attempt. */
export const updating = <R extends AccountRecord>(
	kind: Kind<R>,
	id: string,
	{ changesOf, known = {}, guard }: Update<R>,
): Change<Seen<R>, Updated<R>> => ({
	claims: [recordClaim(kind, id), ...renameClaims(kind, known), ...referenceClaims(kind, known)],
	maybe: `The ${kind.label} ${id} may have been changed`,
	async look(channel, { answer, before }) {
		const seen = async () => {
			const record = await getRecord(channel, kind, id);
			const changes = changesOf(before?.record ?? record);
			if (answer || Object.keys(changes).length === 0) return { record };
			return { record, ...(await guard?.(channel, record, changes)) };
		};
		return await seen().catch(goneAsData);
	},
	decide(seen, history) {
		const final = finalFailure(history);
		if (final) return { refuse: final };
		const { record: before, warnings = [] } = history.before ?? {};
		if (!before) return seen?.objection ? { refuse: seen.objection } : { look: 'now' };
		const changes = changesOf(before);
		const after = { ...before, ...without(changes, 'password'), [kind.idField]: id };
		if (history.answer) {
			const isComplete = kind.defaults !== undefined || seen || history.unseen;
			if (!isComplete) return { look: 'now' };
			return { done: { record: seen?.record ?? after, changed: true, warnings } };
		}
		if (Object.keys(changes).length === 0)
			return { done: { record: before, changed: false, warnings: [] } };
		if (!seen) return { look: 'now' };
		const { record: now, objection } = seen;
		if (objection || !now) return { refuse: objection ?? gone(kind, id) };
		if (history.open && !('password' in changes) && matches(now, changes)) {
			return { done: { record: now, changed: true, warnings } };
		}
		const body = kind.restated(changes, before);
		const others = Object.keys(body).filter(
			(field) => !matches(now, pick(before, [field])) && !matches(now, pick(body, [field])),
		);
		if (others.length > 0) return { refuse: changedMeanwhile(kind, id, before, others) };
		const subject = `${kind.label} ${id}`;
		return { send: { method: 'POST', path: recordPath(kind, id), body, subject } };
	},
	note(channel, { record, changed }) {
		if (!changed) return;
		noteWrite(channel, kind, id, record);
		channel.wrote?.(`changed ${labelled(kind, record, id)}`);
	},
});

const gone = (kind: Kind, id: string) =>
	new PlivoFailure('conflict', `The ${kind.label} ${id} is gone`, 'Somebody else has deleted it.');

function changedMeanwhile(kind: Kind, id: string, record: AccountRecord, fields: string[]) {
	const labels = fields.map((field) => `'${kind.fields[field]?.label ?? field}'`);
	return new PlivoFailure(
		'conflict',
		`Somebody has just changed ${labels.join(' and ')} of the ${labelled(kind, record, id)}`,
		'Run it again: it starts from what is there now.',
	);
}

/**
 * Changes a record.
 *
 * @returns the whole record: a trunk is read back, others are what they were with the changes
 * @throws PlivoFailure; of kind `conflict` where somebody else changes it meanwhile
 */
export async function updateRecord<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	id: string,
	update: Update<R>,
): Promise<Updated<R>> {
	return await settle(channel, updating(kind, id, update));
}
