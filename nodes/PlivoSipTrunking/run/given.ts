import type { IDataObject, INodeProperties, INodePropertyCollection } from 'n8n-workflow';

import { badInput } from '../failure';
import { isObject, objectOf } from '../input/json';
import { CHECK_EXPRESSION, isBlank } from '../input/text';

/** A field as an operation declares it. Which operations show it is added by `propertiesOf`. */
export interface Field extends INodeProperties {
	/**
	 * Of an entry of a collection, or of a collection for all its entries: an AI agent can't leave it empty either,
	 * since the operation would then do more than is meant.
	 */
	readonly neverEmpty?: true;
}

/** What a collection holds. */
export interface Given {
	/** By the entries' names; of a resource locator, what it points to. */
	readonly values: IDataObject;
	/** What an AI agent has left empty. */
	readonly leftOut: readonly Field[];
}

/** What a resource locator points to; any other value as it is. */
export function located(value: unknown): unknown {
	return isObject(value) && '__rl' in value ? value.value : value;
}

/** Whether an expression finds nothing. An empty text may be one of the choices. */
function isMissing({ type, options = [] }: Field, value: unknown): boolean {
	if (options.some((choice) => 'value' in choice && choice.value === value)) return false;
	return (
		isBlank(value) || (type === 'fixedCollection' && Object.keys(objectOf(value)).length === 0)
	);
}

/**
 * Reads a collection of fields: options, filters, fields to update. A missing value never means yes, so whatever is in
 * it must have one. An entry whose expression finds nothing is in what n8n hands over, as `undefined` (n8n-core
 * 2.41.1, getNodeParameter); what `routing` sends lacks it.
 *
 * @param given its value, expressions resolved
 * @param isTool an AI agent has filled it in: what it leaves empty is left out unless it is `neverEmpty`
 * @throws PlivoFailure of kind `input`, naming the entry by its label
 */
export function givenIn(collection: Field, given: unknown, isTool: boolean): Given {
	const { displayName: within, description, options = [], neverEmpty } = collection;
	const present = objectOf(given);
	const values: IDataObject = {};
	const leftOut: Field[] = [];
	// The options of a collection are fields.
	for (const entry of options as Field[]) {
		if (!(entry.name in present)) continue;
		const value = located(present[entry.name]);
		if (!isMissing(entry, value)) {
			// As the collection is, JSON.
			values[entry.name] = (
				entry.type === 'fixedCollection' ? givenGroups(entry, value, isTool) : value
			) as IDataObject[string];
		} else if (isTool && !neverEmpty && !entry.neverEmpty) {
			leftOut.push(entry);
		} else {
			const remedy = [
				`Give it a value, or remove it from '${within}'.`,
				description,
				CHECK_EXPRESSION,
			];
			throw badInput(entry.displayName, 'is empty', remedy.filter(Boolean).join(' '));
		}
	}
	return { values, leftOut };
}

/** A fixed collection's groups, each a collection whose fields are named after both. */
function givenGroups(entry: Field, given: unknown, isTool: boolean): IDataObject {
	const groups = Object.entries(objectOf(given));
	return Object.fromEntries(
		groups.map(([name, value]) => {
			const group = (entry.options as INodePropertyCollection[]).find((one) => one.name === name);
			const options = group?.values.map((field) => ({
				...field,
				displayName: `${entry.displayName}: ${field.displayName}`,
			}));
			return [name, givenIn({ ...entry, options, description: undefined }, value, isTool).values];
		}),
	);
}
