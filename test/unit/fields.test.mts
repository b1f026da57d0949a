import type { INodeProperties } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { type Field, joined, shownFor } from '../../nodes/PlivoSipTrunking/resources/fields.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
	...more,
});

/** What an operation shows, in order. */
const shownBy = (operation: string, fields: INodeProperties[]) =>
	fields
		.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation))
		.map(({ name, description }) => [name, description]);

describe('fields that operations begin or end with', () => {
	const id = field('id');
	const options = field('options');
	const resource = [
		...shownFor('thing', ['create', 'upsert'], [field('name'), field('address'), options]),
		...shownFor('thing', 'get', [id, options]),
		...shownFor('thing', 'update', [id, field('changes'), options]),
		...shownFor('thing', 'move', [field('address'), id, field('options', { description: 'Own' })]),
		...shownFor('thing', 'delete', [field('id', { description: 'Own' }), options]),
		...shownFor('thing', 'empty', [options]),
	];
	const result = joined(resource);

	it('are one field each', () => {
		const count = (name: string) => result.filter((one) => one.name === name).length;
		// Of the ids, one comes second and another has a description of its own; so do the last options.
		expect({ id: count('id'), options: count('options') }).toEqual({ id: 3, options: 2 });
	});

	it.each(['create', 'upsert', 'get', 'update', 'move', 'delete', 'empty'])(
		'are shown by %s as before, in their order',
		(operation) => {
			expect(shownBy(operation, result)).toEqual(shownBy(operation, resource));
			expect(shownBy(operation, result).length).toBeGreaterThan(0);
		},
	);

	it('leave what they were made of as it was', () => {
		const before = JSON.stringify(resource);
		joined(resource);
		expect(JSON.stringify(resource)).toBe(before);
	});
});

describe('the node', () => {
	it('has each parameter once for a resource and operation under the same conditions', () => {
		const seen = new Set<string>();
		for (const { name, displayOptions } of new PlivoSipTrunking().description.properties) {
			const { resource = [], operation = [''], ...rest } = displayOptions?.show ?? {};
			for (const one of operation) {
				const key = JSON.stringify([name, resource, one, rest]);
				expect(seen.has(key)).toBe(false);
				seen.add(key);
			}
		}
	});
});
