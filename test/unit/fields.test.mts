import type { INodeProperties } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { type Field, shownFor } from '../../nodes/PlivoSipTrunking/operations/fields.ts';
import { joined } from '../../nodes/PlivoSipTrunking/operations/joined.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
	...more,
});

/** What an operation shows, in order. */
const shownBy = (resource: string, operation: string, fields: INodeProperties[]) =>
	fields
		.filter(({ displayOptions }) => {
			const { resource: resources, operation: operations } = displayOptions?.show ?? {};
			return resources?.includes(resource) && operations?.includes(operation);
		})
		.map(({ name, description }) => [name, description]);

describe('equal fields of several operations', () => {
	const id = field('id');
	const options = field('options');
	const own = { description: 'Own' };
	const selector = (resource: string): INodeProperties => ({
		...field('operation'),
		displayOptions: { show: { resource: [resource] } },
	});
	const fields = [
		selector('thing'),
		...shownFor('thing', ['create', 'upsert'], [field('name'), field('address'), options]),
		...shownFor('thing', 'get', [id, options]),
		...shownFor('thing', 'update', [id, field('changes'), options]),
		...shownFor('thing', 'move', [field('address'), id, field('options', own)]),
		...shownFor('thing', 'delete', [field('id', own), options]),
		...shownFor('thing', 'empty', [options]),
		selector('other'),
		...shownFor('other', ['create', 'upsert'], [field('kind'), field('name'), options]),
		...shownFor('other', ['get', 'delete'], [id, options]),
	];
	const result = joined(fields);

	it('are one field, also of several resources', () => {
		const shows = (name: string) =>
			result
				.filter((one) => one.name === name)
				.map(({ displayOptions }) => displayOptions?.show as Record<string, string[]>);
		expect(shows('name')).toEqual([
			{ resource: ['thing', 'other'], operation: ['create', 'upsert'] },
		]);
		expect(shows('address')).toHaveLength(1);
		// The second is the one with a description of its own.
		expect(shows('options')).toHaveLength(2);
	});

	it('stay two where together another operation would show them', () => {
		const shown = result
			.filter(({ name, description }) => name === 'id' && !description)
			.map(({ displayOptions }) => displayOptions?.show);
		expect(shown).toEqual([
			{ resource: ['thing'], operation: ['get', 'update'] },
			{ resource: ['other'], operation: ['get', 'delete'] },
			// Behind the address, where the others have it in front.
			{ resource: ['thing'], operation: ['move'] },
		]);
	});

	const operations: Array<[string, string]> = fields.flatMap(({ displayOptions }) => {
		const [resource] = displayOptions?.show?.resource as string[];
		const own = (displayOptions?.show?.operation ?? []) as string[];
		return own.map((operation): [string, string] => [resource, operation]);
	});

	it.each([...new Map(operations.map((one) => [one.join('.'), one])).values()])(
		'are shown by %s %s as before, in their order',
		(resource, operation) => {
			const before = shownBy(resource, operation, fields);
			expect(before.length).toBeGreaterThan(0);
			expect(shownBy(resource, operation, result)).toEqual(before);
		},
	);

	it('come behind what chooses the operation', () => {
		expect(result.slice(0, 2)).toEqual([selector('thing'), selector('other')]);
	});

	it('leave what they were made of as it was', () => {
		const before = JSON.stringify(fields);
		joined(fields);
		expect(JSON.stringify(fields)).toBe(before);
	});
});

describe('the node', () => {
	it('has each parameter once for a resource and operation under the same conditions', () => {
		const seen = new Set<string>();
		for (const { name, displayOptions } of new PlivoSipTrunking().description.properties) {
			const { resource = [''], operation = [''], ...rest } = displayOptions?.show ?? {};
			for (const of of resource) {
				for (const one of operation) {
					const key = JSON.stringify([name, of, one, rest]);
					expect(seen.has(key)).toBe(false);
					seen.add(key);
				}
			}
		}
	});
});
