import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { createRecord } from '../changes/create';
import { upsertRecord } from '../changes/ensure';
import { type AccountRecord, checkedFields, type Kind, type Values } from '../records/kind';
import { findMoves } from '../records/liveNumbers';
import { openTrunkWarnings } from '../records/openTrunk';
import { deleteRecord } from '../changes/remove';
import { TRUNK } from '../records/trunk';
import { type Update, updateRecord } from '../changes/update';
import type { Executor, Operation } from '../run/operation';
import type { Channel } from '../transport/channel';
import { force, isOn, moveRoutedNumbers } from './fields';
import { writtenView } from './read';

/** The fields of a record that an operation wants to exist, checked. */
type FieldsOf = (operation: Operation, kind: Kind) => Values;

const givenFields: FieldsOf = ({ body }, kind) => checkedFields(kind, body);

/** A record with what is allowed but probably not meant, if anything. */
export const withWarnings = (record: IDataObject, warnings: string[]): IDataObject =>
	warnings.length > 0 ? { ...record, warnings } : record;

/** Makes a record, exactly once. */
export const createOne =
	(kind: Kind, fieldsOf = givenFields): Executor =>
	(operation) => {
		const fields = fieldsOf(operation, kind);
		const shown = writtenView(operation, kind);
		return async (channel) => {
			const { record, warnings } = await createRecord(channel, { kind, fields });
			const about = await warningsOf(channel, kind, fields, record);
			return [withWarnings(shown(record), [...about, ...warnings])];
		};
	};

/** What is allowed but probably not meant of fields that have been written, and of the record that has them now. */
async function warningsOf(
	channel: Channel,
	kind: Kind,
	fields: Values,
	record: AccountRecord,
): Promise<string[]> {
	return [
		...kind.warningsAbout(fields),
		...(kind === TRUNK ? await openTrunkWarnings(channel, TRUNK.parse(record)) : []),
	];
}

/** Makes a record unless there is one of its name; changes that where it differs. */
export const upsertOne =
	(kind: Kind, fieldsOf = givenFields): Executor =>
	(operation) => {
		const fields = fieldsOf(operation, kind);
		const shown = writtenView(operation, kind);
		const mayMove = isOn(operation, moveRoutedNumbers);
		return async (channel) => {
			const { record, created, changed, warnings } = await upsertRecord(
				channel,
				kind,
				fields,
				mayMove,
			);
			const about = await warningsOf(channel, kind, fields, record);
			return [withWarnings({ ...shown(record), created, changed }, [...about, ...warnings])];
		};
	};

/**
 * The fields that Update Fields changes, checked.
 *
 * @throws PlivoFailure of kind `input`, also when there are none
 */
export function changesOf({ body }: Operation, kind: Kind): Values {
	if (Object.keys(body).length > 0) return checkedFields(kind, body);
	throw badInput('Update Fields', 'is empty, so nothing would change', 'Add at least one field.');
}

/**
 * Changes a record as its user asks, wherever calls go afterwards.
 *
 * @param target the record
 * @param update what to change; its guard may object for another reason
 * @returns with `warnings`: live numbers whose calls that has moved or cut off, with the old and the new address, and
 *   what is probably not meant
 * @throws PlivoFailure
 */
export async function changeByHand<R extends AccountRecord>(
	channel: Channel,
	{ kind, id }: { readonly kind: Kind<R>; readonly id: string },
	update: Update<R>,
): Promise<{ record: R; warnings: string[] }> {
	const { record, warnings } = await updateRecord(channel, kind, id, {
		...update,
		async guard(holding, current, changes) {
			const moves = await findMoves(holding, { kind, record: current, changes }, true);
			// Last: a number that is routed to it meanwhile is an objection, not a warning.
			return { ...moves, ...(await update.guard?.(holding, current, changes)) };
		},
	});
	const about = await warningsOf(channel, kind, update.known ?? {}, record);
	return { record, warnings: [...about, ...warnings] };
}

/** Changes the fields that are given. */
export const updateOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = operation.id(parameter, kind);
		const shown = writtenView(operation, kind);
		const changes = changesOf(operation, kind);
		return async (channel) => {
			const update = { changesOf: () => changes, known: changes };
			const { record, warnings } = await changeByHand(channel, { kind, id }, update);
			return [withWarnings(shown(record), warnings)];
		};
	};

/** Deletes a record unless something depends on it. */
export const deleteOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = operation.id(parameter, kind);
		const forced = isOn(operation, force);
		return async (channel) => {
			const { warnings } = await deleteRecord(channel, kind, id, { force: forced });
			return [withWarnings({ deleted: true, [kind.idField]: id }, warnings)];
		};
	};
