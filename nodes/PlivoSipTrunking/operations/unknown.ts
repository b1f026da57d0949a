import { badInput } from '../failure';
import { isBlank } from '../input/text';
import type { Executor } from '../run/operation';
import type { Operation, Resource } from './operation';

/**
 * Runs where a workflow that was written by hand names no operation of the node, and says which there
 * are: n8n would send a request to nowhere and show its 404.
 */
export const refuseUnknown =
	(resources: readonly Resource[]): Executor =>
	({ parameter }) => {
		const chosen = parameter('resource', '');
		const resource = resources.find(({ option }) => option.value === chosen);
		if (!resource) throw notOneOf(resources, 'Resource', chosen);
		throw notOneOf(resource.operations, 'Operation', parameter('operation', ''));
	};

function notOneOf(known: ReadonlyArray<Operation | Resource>, label: string, value: unknown) {
	const names = known.map(({ option }) => option.value).join(', ');
	return badInput(
		label,
		isBlank(value) ? 'is missing' : `is "${String(value)}", which this node doesn't have`,
		`Choose one from the list instead of using an expression: ${names}.`,
	);
}
