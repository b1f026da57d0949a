import type { Kind } from '../records/kind';
import { deleteOptions, type Field, listOptions, options, returnAllOrLimit } from './fields';
import { type Declaration, operation } from './operation';
import { getMany, getOne } from './read';
import { createOne, deleteOne, updateOne, upsertOne } from './write';

/** What an operation of one resource has instead of what is common. */
type Own = Partial<Declaration>;

/** Where no fields are usual. */
type WithFields = Own & Pick<Declaration, 'fields'>;

/**
 * The operations that most resources have.
 *
 * @param kind what they read and write
 * @param id the field that picks a record
 * @param one what a person calls a record within a sentence
 * @returns each as a function of what is different for this resource
 */
export function crud(kind: Kind, id: Field, one: string) {
	const aOne = `${/^[aeiou]/i.test(one) ? 'an' : 'a'} ${one}`;
	return {
		create: (own: WithFields) =>
			operation({
				name: 'Create',
				value: 'create',
				action: `Create ${one}`,
				description: `Create ${aOne} exactly once, even if Plivo does not answer`,
				run: createOne(kind),
				...own,
			}),
		upsert: (own: WithFields) =>
			operation({
				name: 'Create or Update',
				value: 'upsert',
				action: `Create or update ${one}`,
				description: 'Create a new record, or update the current one if it already exists (upsert)',
				run: upsertOne(kind),
				...own,
			}),
		del: (own: Own & Pick<Declaration, 'description'>) =>
			operation({
				name: 'Delete',
				value: 'delete',
				action: `Delete ${one}`,
				fields: [id, deleteOptions],
				run: deleteOne(kind, id.name),
				...own,
			}),
		get: (own: Own = {}) =>
			operation({
				name: 'Get',
				value: 'get',
				action: `Get ${one}`,
				description: `Retrieve ${aOne}`,
				fields: [id, options],
				run: getOne(kind, id.name),
				...own,
			}),
		getAll: (own: Own = {}) =>
			operation({
				name: 'Get Many',
				value: 'getAll',
				action: `Get many ${one}s`,
				description: `Retrieve a list of ${one}s`,
				fields: [...returnAllOrLimit, listOptions],
				run: getMany(kind),
				...own,
			}),
		update: (own: WithFields) =>
			operation({
				name: 'Update',
				value: 'update',
				action: `Update ${one}`,
				description: `Change ${aOne}; fields that you leave out keep their values`,
				run: updateOne(kind, id.name),
				...own,
			}),
	};
}
