import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { createRecord } from '../records/create';
import { upsertRecord } from '../records/ensure';
import { checkedFields, type Kind } from '../records/kind';
import { checkMoves } from '../records/liveNumbers';
import { openTrunkWarnings } from '../records/openTrunk';
import { deleteRecord } from '../records/remove';
import { TRUNK } from '../records/trunk';
import { updateRecord } from '../records/update';
import type { Executor, Operation } from '../run/operation';
import type { Channel } from '../transport/channel';
import { writtenView } from './read';

/** The fields of a record that an operation wants to exist, checked. */
type FieldsOf = (operation: Operation, kind: Kind) => IDataObject;

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
			const { record, warnings } = await createRecord(channel, kind, fields);
			const about = await warningsOf(channel, kind, fields, record);
			return [withWarnings(shown(record), [...about, ...warnings])];
		};
	};

/** What is allowed but probably not meant of fields that have been written, and of the record that has them now. */
async function warningsOf(
	channel: Channel,
	kind: Kind,
	fields: IDataObject,
	record: IDataObject,
): Promise<string[]> {
	const isNewlyOpen = kind === TRUNK && 'ipacl_uuid' in fields;
	return [
		...kind.warningsAbout(fields),
		...(isNewlyOpen ? await openTrunkWarnings(channel, record) : []),
	];
}

/** Makes a record unless there is one of its name; brings that in line where it differs. */
export const upsertOne =
	(kind: Kind, fieldsOf = givenFields): Executor =>
	(operation) => {
		const fields = fieldsOf(operation, kind);
		const shown = writtenView(operation, kind);
		const mayMove = checkedBoolean(
			'Move Routed Numbers',
			operation.options.moveRoutedNumbers ?? false,
		);
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
export function changesOf({ body }: Operation, kind: Kind): IDataObject {
	if (Object.keys(body).length > 0) return checkedFields(kind, body);
	throw badInput('Update Fields', 'is empty, so nothing would change', 'Add at least one field.');
}

/** A record to change. */
interface Target {
	readonly kind: Kind;
	readonly id: string;
	/** The changes, as far as they are known before. */
	readonly wanted: IDataObject;
}

/**
 * Changes a record as its user asks, wherever calls go afterwards.
 *
 * @param changesOf and `recheck` as those of `updateRecord`
 * @returns with `warnings`: live numbers whose calls that has moved or cut off, with the old and the new address, and
 *   what is probably not meant
 * @throws PlivoFailure
 */
export async function changeByHand(
	channel: Channel,
	{ kind, id, wanted }: Target,
	changesOf: (current: IDataObject) => IDataObject | Promise<IDataObject>,
	recheck?: () => Promise<unknown>,
): Promise<{ record: IDataObject; warnings: string[] }> {
	let warnings: string[] = [];
	const change = async (current: IDataObject) => {
		const changes = await changesOf(current);
		warnings = await checkMoves(channel, { kind, record: current, changes }, true);
		return changes;
	};
	const record = await updateRecord(channel, kind, id, change, wanted, recheck);
	const about = await warningsOf(channel, kind, wanted, record);
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
			const target = { kind, id, wanted: changes };
			const { record, warnings } = await changeByHand(channel, target, () => changes);
			return [withWarnings(shown(record), warnings)];
		};
	};

/** Deletes a record unless something depends on it. */
export const deleteOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = operation.id(parameter, kind);
		const force = checkedBoolean('Force', operation.options.force ?? false);
		return async (channel) => {
			const { warnings } = await deleteRecord(channel, kind, id, force);
			return [withWarnings({ deleted: true, [kind.idField]: id }, warnings)];
		};
	};
