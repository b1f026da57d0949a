import type { IDataObject } from 'n8n-workflow';

import { checkedBoolean } from '../input/boolean';
import { checkedChoice } from '../input/choice';
import { entriesOf } from '../input/list';
import { wholeNumber } from '../input/number';
import { isBlank } from '../input/text';
import { type AccountRecord, type Kind, pickKnown } from '../records/kind';
import { getRecord, type Listing, listRecords } from '../records/list';
import type { Executor, Operation } from '../run/operation';
import { isOn, simplifyOption } from './fields';

/** How a record is shown. */
export type View = (record: IDataObject) => IDataObject;

/** How much of a record is wanted: all of it, its main fields, or these. */
export type Extent = 'raw' | 'simplified' | readonly string[];

/** @throws PlivoFailure of kind `input`, naming the field */
export function extentOf({ parameter }: Operation): Extent {
	// n8n has a value for it only where the node is an AI agent's tool.
	const output = parameter('output', '');
	if (isBlank(output)) {
		return checkedBoolean('Simplify', parameter('simplify', false)) ? 'simplified' : 'raw';
	}
	const mode = checkedChoice('Output', output, ['simplified', 'raw', 'selectedFields'] as const);
	if (mode !== 'selectedFields') return mode;
	const fields = parameter('outputFields', []);
	return Array.isArray(fields) ? fields.map(String) : entriesOf(fields, /[,\s]+/).map(String);
}

/** A record whole, its main fields with Simplify, or the fields that are chosen for an AI agent. */
export const viewOf = (operation: Operation, kind: Kind): View =>
	viewTo(kind.mainFields ? extentOf(operation) : 'raw', kind);

/** @param always what an operation adds to the record, and returns in any case */
export function viewTo(
	extent: Extent,
	{ idField, mainFields = [] }: Kind,
	always: readonly string[] = [],
): View {
	if (extent === 'raw') return (record) => record;
	const fields = extent === 'simplified' ? mainFields : [idField, ...extent];
	return (record) => pickKnown(record, [...new Set([...fields, ...always])]);
}

/** A record that was written: whole, or with the option Simplify its main fields. */
export function writtenView(operation: Operation, kind: Kind): View {
	return viewTo(isOn(operation, simplifyOption) && kind.mainFields ? 'simplified' : 'raw', kind);
}

/**
 * Reads one record.
 *
 * @param parameter the parameter that picks it
 */
export const getOne =
	(kind: Kind, parameter: string, view = viewOf): Executor =>
	(operation) => {
		const id = operation.id(parameter, kind);
		const shown = view(operation, kind);
		return async (channel) => [shown(await getRecord(channel, kind, id))];
	};

/**
 * How much of a list is read, and how fast: Return All, Limit and Page Concurrency.
 *
 * @throws PlivoFailure of kind `input`, naming the field
 */
export const extentOfList = ({ parameter, options }: Operation) => ({
	limit: checkedBoolean('Return All', parameter('returnAll', false))
		? Infinity
		: wholeNumber('Limit', parameter('limit', 50), 1, Infinity),
	pageConcurrency: wholeNumber('Page Concurrency', options.pageConcurrency ?? 20, 1, 20),
});

/**
 * Reads all records of a kind, or up to a limit.
 *
 * @param listingOf what the filters ask of Plivo, and what of them is left to be done here
 */
export const getMany =
	<R extends AccountRecord>(
		kind: Kind<R>,
		listingOf: (operation: Operation) => Listing<R> = () => ({}),
		view = viewOf,
	): Executor =>
	(operation) => {
		const listing = { ...listingOf(operation), ...extentOfList(operation) };
		const shown = view(operation, kind);
		return async (channel) => (await listRecords(channel, kind, listing)).map(shown);
	};
