import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { type Executor, runs } from '../run/operation';
import type { Field } from './fields';

/** What makes an operation. */
export interface Declaration {
	/** As the editor calls it. */
	readonly name: string;
	/** As saved workflows call it. */
	readonly value: string;
	/** What it does, for the list of all the node's actions. */
	readonly action: string;
	readonly description: string;
	/** In the order in which the editor shows them. One that others have too must be the same object. */
	readonly fields: readonly Field[];
	/** What it runs. */
	readonly run: Executor;
}

/** An operation as n8n's list of operations has it, and its fields. */
export interface Operation {
	readonly option: INodePropertyOptions;
	readonly fields: readonly Field[];
}

/** One operation: all there is to it. */
export const operation = ({ fields, run, ...texts }: Declaration): Operation => ({
	option: { ...texts, routing: runs(run, fields) },
	fields,
});

/** A resource as n8n's list of resources has it, what chooses one of its operations, and these. */
export interface Resource {
	readonly option: INodePropertyOptions;
	readonly selector: INodeProperties;
	readonly operations: readonly Operation[];
}

/**
 * One resource.
 *
 * @param texts as the editor and as saved workflows call it
 * @param byDefault the value of the operation that is chosen at first
 * @param operations in the order in which the editor lists them
 */
export const resource = (
	texts: { name: string; value: string },
	byDefault: string,
	operations: readonly Operation[],
): Resource => ({
	option: texts,
	selector: {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [texts.value] } },
		options: operations.map(({ option }) => option),
		default: byDefault,
	},
	operations,
});
