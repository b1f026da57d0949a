import type { INodeProperties } from 'n8n-workflow';

import type { Field } from './fields';
import type { Resource } from './operation';

/** All fields in one order, in which each operation finds its own in theirs. */
function inOneOrder(lists: ReadonlyArray<readonly Field[]>): Field[] {
	const left = lists.map((list) => [...list]);
	const order: Field[] = [];
	for (;;) {
		const heads = left.flatMap(([first]) => first ?? []);
		if (heads.length === 0) return order;
		const next = heads.find((head) => left.every((list) => list.indexOf(head) < 1));
		if (!next) {
			const names = [...new Set(heads.map(({ name }) => name))].join(', ');
			throw new Error(`Operations share fields, but in different orders: ${names}`);
		}
		order.push(next);
		for (const list of left) if (list[0] === next) list.shift();
	}
}

/**
 * The field with its conditions. n8n has one on the resource and one on the operation, each by itself:
 * resources share them unless an operation would come to show a field that it doesn't have.
 */
function shown(field: Field, resources: readonly Resource[]): INodeProperties[] {
	const groups: Array<{ resources: Resource[]; operations: Set<string> }> = [];
	for (const one of resources) {
		const own = one.operations.filter(({ fields }) => fields.includes(field));
		if (own.length === 0) continue;
		const together = (group?: Set<string>) =>
			new Set([...(group ?? []), ...own.map(({ option }) => String(option.value))]);
		const group = groups.find((other) => {
			const operations = together(other.operations);
			return [...other.resources, one].every((each) =>
				each.operations.every(
					({ option, fields }) => operations.has(String(option.value)) === fields.includes(field),
				),
			);
		});
		if (group) {
			group.resources.push(one);
			group.operations = together(group.operations);
		} else {
			groups.push({ resources: [one], operations: together() });
		}
	}
	return groups.map((group) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			// First, as n8n looks at no further condition after one on a parameter that holds an expression:
			// it would show the field of another operation, and want it filled in.
			show: {
				resource: group.resources.map(({ option }) => option.value),
				operation: [...group.operations],
				...field.displayOptions?.show,
			},
		},
	}));
}

/**
 * The properties of the node: what chooses the operation, and the fields. A field that operations share is one property,
 * wherever its conditions allow it: n8n evaluates an expression once more for every further property of its name, shown
 * or not.
 *
 * @param byDefault the resource that is chosen at first
 * @throws Error where operations share fields, but in different orders
 */
export function propertiesOf(
	resources: readonly Resource[],
	{ option: { value: byDefault } }: Resource,
): INodeProperties[] {
	const fields = inOneOrder(
		resources.flatMap(({ operations }) => operations.map((one) => one.fields)),
	);
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ option }) => option),
			default: byDefault,
			// For all operations, also one that a workflow written by hand has and the node has not.
			routing: { send: { paginate: true } },
		},
		...resources.map(({ selector }) => selector),
		...fields.flatMap((field) => shown(field, resources)),
	];
}
