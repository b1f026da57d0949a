import { deepCopy, type IDataObject } from 'n8n-workflow';

import { guardDelete } from '../plivo/dependents';
import { sharedListing } from '../plivo/journal';
import { type Kind, ORIGINATION_URI, TRUNK } from '../plivo/kinds';
import { getRecord, listRecords, without } from '../plivo/read';
import { originationUriChanges } from '../plivo/rules';
import {
	createRecord,
	deleteRecord,
	findByName,
	holdRecord,
	identityFilter,
	matches,
	updateRecord,
} from '../plivo/write';
import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';
import { type Job, labelled, note, write } from './job';

/**
 * The one record of a name, if there is one. Only reads; a run of many items lists the account once.
 *
 * @param identity `name`, for a trunk also `trunk_direction`
 * @throws PlivoFailure of kind `conflict`, naming the ids, when several have the name
 */
export async function lookFor(
	channel: Channel,
	kind: Kind,
	identity: IDataObject,
): Promise<IDataObject | undefined> {
	const records = await sharedListing(channel, kind, identityFilter(kind, identity));
	return findByName(kind, records, identity);
}

/**
 * Makes the record, or brings the one that was found in line; what is in line stays untouched.
 *
 * @param wanted Plivo's fields, checked, with `name`; without a password where there is a record
 * @param found by `lookFor`
 * @returns the record as it is now
 */
export async function ensure(
	job: Job,
	kind: Kind,
	wanted: IDataObject,
	found: IDataObject | undefined,
): Promise<IDataObject> {
	if (!found) return await make(job, kind, wanted);
	const different = Object.keys(wanted).filter(
		(field) => !matches(found, { [field]: wanted[field] }),
	);
	if (different.length > 0) return await change(job, kind, found, pick(wanted, different));
	note(job, 'reused', kind, found);
	return found;
}

const pick = (record: IDataObject, fields: string[]): IDataObject =>
	Object.fromEntries(fields.map((field) => [field, record[field]]));

async function make(job: Job, kind: Kind, wanted: IDataObject): Promise<IDataObject> {
	let id: string | undefined;
	const reverse = {
		what: labelled(kind, wanted),
		run: async (channel: Channel) => {
			const made = id ?? (await findMade(channel, kind, wanted));
			if (made === undefined) return false;
			// Others may have come to depend on it meanwhile; and what could not be undone still does.
			await guardDelete(channel, kind, made, false);
			await deleteRecord(channel, kind, made);
			return true;
		},
	};
	const record = await write(job, `create ${reverse.what}`, reverse, async (step) => {
		const made = await createRecord(job.channel, kind, wanted).catch((failure: unknown): never => {
			// Any other failure comes after a look that has not found it.
			const open = failure instanceof PlivoFailure && /conflict|cancelled/.test(failure.kind);
			if (!open) step.happened = 'no';
			throw failure;
		});
		id = String(made[kind.idField]);
		step.what = labelled(kind, wanted, id);
		return made;
	});
	note(job, 'made', kind, record);
	return record;
}

/** What a create without a known outcome has made: there was no record of the name before. */
async function findMade(
	channel: Channel,
	kind: Kind,
	wanted: IDataObject,
): Promise<string | undefined> {
	const records = await listRecords(channel, kind, { filters: identityFilter(kind, wanted) });
	const made = records.filter((record) => matches(record, wanted));
	if (made.length < 2) return made[0] && String(made[0][kind.idField]);
	throw new PlivoFailure(
		'conflict',
		`which one was made can't be told of ${made.map((record) => String(record[kind.idField])).join(', ')}`,
		'',
	);
}

async function change(
	job: Job,
	kind: Kind,
	found: IDataObject,
	changes: IDataObject,
): Promise<IDataObject> {
	const { channel } = job;
	const id = String(found[kind.idField]);
	const before = deepCopy(pick(found, Object.keys(changes)));
	const label = labelled(kind, found, id);
	const reverse = {
		what: `changes to ${label}`,
		run: async (patient: Channel) => await restore(patient, kind, id, before),
	};
	const record = await write(
		job,
		`change ${label}`,
		reverse,
		async () =>
			await holdRecord(channel, kind, id, async () => {
				const sent = kind === ORIGINATION_URI ? originationUriChanges(changes, found) : changes;
				return await updateRecord(channel, kind, id, sent, found);
			}),
	);
	note(job, 'changed', kind, record, Object.keys(changes));
	return record;
}

/** Gives fields their old values. Whether Plivo lets a field be emptied is not documented, so that isn't tried. */
async function restore(
	channel: Channel,
	kind: Kind,
	id: string,
	before: IDataObject,
): Promise<boolean> {
	return await holdRecord(channel, kind, id, async () => {
		const current = await getRecord(channel, kind, id);
		if (matches(current, before)) return false;
		const empty = Object.keys(before).filter((field) => (before[field] ?? '') === '');
		const old = without(before, ...empty);
		if (!matches(current, old)) await updateRecord(channel, kind, id, old, current);
		if (matches(current, pick(before, empty))) return true;
		throw new PlivoFailure(
			'conflict',
			`${empty.join(' and ')} had no value before, and Plivo offers no way to empty it`,
			'',
		);
	});
}

/** Whether a trunk carries calls is somebody's decision, perhaps after an abuse: it is left as it is. */
export function warnIfDisabled(job: Job, trunk: IDataObject): void {
	if (trunk.trunk_status !== 'disabled') return;
	job.warnings.push(
		`The ${labelled(TRUNK, trunk, String(trunk.trunk_id))} is disabled and was left so: it carries no calls until you enable it (Trunk, Enable).`,
	);
}
