import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Field } from '../../nodes/PlivoSipTrunking/operations/fields.ts';
import {
	operation as declared,
	resource,
	type Resource,
} from '../../nodes/PlivoSipTrunking/operations/operation.ts';
import { propertiesOf } from '../../nodes/PlivoSipTrunking/operations/properties.ts';
import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { only } from '../support/elements.mts';

const field = (name: string, more: Partial<Field> = {}): Field => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
	...more,
});

const operation = (value: string, ...fields: Field[]) =>
	declared({
		name: value,
		value,
		action: value,
		description: '',
		fields,
		run: () => async () => [],
	});

const resourceOf = (value: string, ...operations: Array<ReturnType<typeof operation>>) =>
	resource({ name: value, value }, 'create', operations);

const pairs = (resources: Resource[]) =>
	resources.flatMap(({ option, operations }) =>
		operations.map((one) => [String(option.value), String(one.option.value), one.fields] as const),
	);

/** What an operation shows, in order. */
const shownBy = (properties: INodeProperties[], resource: string, operation: string) =>
	properties
		.filter(({ displayOptions }) => {
			const { resource: resources, operation: operations } = displayOptions?.show ?? {};
			return resources?.includes(resource) && operations?.includes(operation);
		})
		.map(({ name, description }) => [name, description]);

const showsOf = (properties: INodeProperties[], name: string) =>
	properties
		.filter((one) => one.name === name)
		.map(({ displayOptions }) => displayOptions?.show as Record<string, string[]>);

const id = field('id');
const name = field('name');
const address = field('address', { displayOptions: { show: { kind: ['x'] } } });
const options = field('options');

const thing = resourceOf(
	'thing',
	operation('create', name, address, options),
	operation('upsert', name, address, options),
	operation('get', id, options),
	operation('update', id, field('changes'), options),
	operation('delete', { ...id, description: 'Own' }, options),
	operation('empty'),
);
const other = resourceOf(
	'other',
	operation('create', field('kind'), name, options),
	operation('upsert', field('kind'), name, options),
	operation('get', id, options),
	operation('delete', id, options),
);

describe('a field that operations share', () => {
	const properties = propertiesOf([thing, other], thing);

	it('is one property, also of several resources', () => {
		expect(showsOf(properties, 'name')).toEqual([
			{ resource: ['thing', 'other'], operation: ['create', 'upsert'] },
		]);
	});

	it('is two where together an operation would show what it does not have', () => {
		expect(showsOf(properties, 'id')).toEqual([
			{ resource: ['thing'], operation: ['get', 'update'] },
			{ resource: ['other'], operation: ['get', 'delete'] },
			// With a description of its own.
			{ resource: ['thing'], operation: ['delete'] },
		]);
	});

	it('has its own conditions behind those on resource and operation', () => {
		const show = only(showsOf(properties, 'address'));
		expect(Object.keys(show)).toEqual(['resource', 'operation', 'kind']);
	});

	it.each(pairs([thing, other]))('is shown by %s %s in its order', (of, value, fields) => {
		expect(shownBy(properties, of, value)).toEqual(
			fields.map((one) => [one.name, one.description]),
		);
	});

	it('is left as it was', () => {
		expect(id.displayOptions).toBeUndefined();
		expect(address.displayOptions).toEqual({ show: { kind: ['x'] } });
	});

	it('can not be in one order here and in another there', () => {
		const turned = resourceOf('turned', operation('move', options, id));
		expect(() => propertiesOf([thing, turned], thing)).toThrow(
			'Operations share fields, but in different orders: options, id',
		);
	});
});

it('what chooses the operation comes first', () => {
	const [chooser, ...rest] = propertiesOf([thing, other], other);
	expect(chooser).toMatchObject({
		name: 'resource',
		default: 'other',
		options: [{ value: 'thing' }, { value: 'other' }],
	});
	expect(rest.slice(0, 2)).toEqual([thing.selector, other.selector]);
});

describe('the node', () => {
	const { properties } = new PlivoSipTrunking().description;

	it('has each parameter once for a resource and operation under the same conditions', () => {
		const seen = new Set<string>();
		for (const { name: parameter, displayOptions } of properties) {
			const { resource: of = [''], operation: by = [''], ...shown } = displayOptions?.show ?? {};
			for (const one of of) {
				for (const value of by) {
					const key = JSON.stringify([parameter, one, value, shown, displayOptions?.hide]);
					expect(seen.has(key)).toBe(false);
					seen.add(key);
				}
			}
		}
	});

	it('declares a field once: equal ones are one property, unless others would show it', () => {
		// Each further property costs an evaluation of every expression in a parameter of its name.
		const operations = new Map(
			properties
				.filter(({ name }) => name === 'operation')
				.map((one) => [
					String(one.displayOptions?.show?.resource),
					(one.options as INodePropertyOptions[]).map(({ value }) => value),
				]),
		);
		type Shown = { resource: string[]; operation: string[] };
		const equal = new Map<string, [Shown, ...Shown[]]>();
		for (const { displayOptions, ...rest } of properties) {
			if (!displayOptions?.show?.operation) continue;
			const { resource, operation, ...own } = displayOptions.show as unknown as Shown;
			const key = JSON.stringify([rest, own]);
			const before = equal.get(key);
			if (before) before.push({ resource, operation });
			else equal.set(key, [{ resource, operation }]);
		}
		const countOf = ({ resource, operation }: Shown) =>
			[...new Set(resource)].flatMap((of) =>
				[...new Set(operation)].filter((value) => operations.get(of)?.includes(value)),
			).length;
		const needless = [...equal].filter(([, [one, ...others]]) =>
			others.some((other) => {
				const together = {
					resource: [...one.resource, ...other.resource],
					operation: [...one.operation, ...other.operation],
				};
				return countOf(together) === countOf(one) + countOf(other);
			}),
		);
		expect(needless.map(([key]) => key)).toEqual([]);
	});
});
