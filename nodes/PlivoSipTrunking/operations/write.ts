import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { createRecord } from '../records/create';
import { upsertRecord } from '../records/ensure';
import { checkedFields, type Kind } from '../records/kind';
import { deleteRecord } from '../records/remove';
import { updateRecord } from '../records/update';
import type { Executor, Operation } from '../run/operation';
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
			return [withWarnings(shown(record), [...kind.warningsAbout(fields), ...warnings])];
		};
	};

/** Makes a record unless there is one of its name; brings that in line where it differs. */
export const upsertOne =
	(kind: Kind, fieldsOf = givenFields): Executor =>
	(operation) => {
		const fields = fieldsOf(operation, kind);
		const shown = writtenView(operation, kind);
		return async (channel) => {
			const { record, created, changed, warnings } = await upsertRecord(channel, kind, fields);
			return [
				withWarnings({ ...shown(record), created, changed }, [
					...kind.warningsAbout(fields),
					...warnings,
				]),
			];
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

/** Changes the fields that are given. */
export const updateOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = operation.id(parameter, kind);
		const shown = writtenView(operation, kind);
		const changes = changesOf(operation, kind);
		return async (channel) => {
			const record = await updateRecord(channel, kind, id, () => changes, changes);
			return [withWarnings(shown(record), kind.warningsAbout(changes))];
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
