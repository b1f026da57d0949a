import type { INodeProperties } from 'n8n-workflow';

/** A field and the operations that show it: for each resource, their names. */
interface Shared {
	readonly key: string;
	readonly field: INodeProperties;
	readonly shownBy: Map<string, Set<string>>;
}

const shown = (field: INodeProperties, parameter: 'resource' | 'operation') =>
	(field.displayOptions?.show?.[parameter] ?? []) as string[];

/** The operations that show a field, each with its resource; none for what chooses the operation. */
const operationsOf = (field: INodeProperties) =>
	shown(field, 'resource').flatMap((resource) =>
		shown(field, 'operation').map((operation) => ({ resource, operation })),
	);

/** The field without its operations. */
const keyOf = (field: INodeProperties) =>
	JSON.stringify({
		...field,
		displayOptions: { show: { ...field.displayOptions?.show, resource: [], operation: [] } },
	});

function add(operations: Map<string, Set<string>>, resource: string, operation: string) {
	operations.set(resource, (operations.get(resource) ?? new Set()).add(operation));
}

/** One sequence in which each operation finds its fields in their order. */
function sequenceOf(fields: INodeProperties[]): Shared[] {
	const sequence: Shared[] = [];
	const last = new Map<string, Shared>();
	for (const field of fields) {
		const key = keyOf(field);
		for (const { resource, operation } of operationsOf(field)) {
			const path = `${resource}.${operation}`;
			const next = sequence.indexOf(last.get(path)!) + 1;
			let shared = sequence.slice(next).find((other) => other.key === key);
			if (!shared) {
				shared = { key, field, shownBy: new Map() };
				sequence.splice(next, 0, shared);
			}
			add(shared.shownBy, resource, operation);
			last.set(path, shared);
		}
	}
	return sequence;
}

/**
 * A condition is on the resource and on the operation, each by itself: resources go together when none
 * of them has an operation of the others that doesn't show the field.
 */
function displayed({ field, shownBy }: Shared, all: Shared['shownBy']): INodeProperties[] {
	const groups: Array<{ resources: string[]; operations: Set<string> }> = [];
	const fits = (resource: string, operations: Set<string>) =>
		[...all.get(resource)!].every((one) => operations.has(one) === shownBy.get(resource)!.has(one));
	for (const [resource, own] of shownBy) {
		const group = groups.find(({ resources, operations }) => {
			const together = new Set([...operations, ...own]);
			return [...resources, resource].every((one) => fits(one, together));
		});
		if (!group) {
			groups.push({ resources: [resource], operations: new Set(own) });
			continue;
		}
		group.resources.push(resource);
		own.forEach((operation) => group.operations.add(operation));
	}
	return groups.map(({ resources, operations }) => ({
		...field,
		displayOptions: {
			show: { ...field.displayOptions?.show, resource: resources, operation: [...operations] },
		},
	}));
}

/**
 * Makes one of the equal fields of several operations: n8n evaluates every field for every item, also
 * those of other operations, as long as the names are the same. Each operation shows the same fields
 * in the same order as before.
 *
 * @param fields of all resources
 */
export function joined(fields: INodeProperties[]): INodeProperties[] {
	const all: Shared['shownBy'] = new Map();
	for (const { resource, operation } of fields.flatMap(operationsOf)) add(all, resource, operation);
	const selectors = fields.filter((field) => operationsOf(field).length === 0);
	return [...selectors, ...sequenceOf(fields).flatMap((shared) => displayed(shared, all))];
}
