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
export const crud = (kind: Kind, id: Field, one: string) => ({
	...writing(kind, id, one),
	...reading(kind, id, one),
});

const withArticle = (one: string) => `${/^[aeiou]/i.test(one) ? 'an' : 'a'} ${one}`;

function writing(kind: Kind, id: Field, one: string) {
	return {
		create: (own: WithFields) =>
			operation({
				name: 'Create',
				value: 'create',
				action: `Create ${one}`,
				description: `Create ${withArticle(one)} exactly once, even if Plivo does not answer`,
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
		update: (own: WithFields) =>
			operation({
				name: 'Update',
				value: 'update',
				action: `Update ${one}`,
				description: `Change ${withArticle(one)}; fields that you leave out keep their values`,
				run: updateOne(kind, id.name),
				...own,
			}),
	};
}

function reading(kind: Kind, id: Field, one: string) {
	return {
		get: (own: Own = {}) =>
			operation({
				name: 'Get',
				value: 'get',
				action: `Get ${one}`,
				description: `Retrieve ${withArticle(one)}`,
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
	};
}
