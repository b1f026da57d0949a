import type { IDataObject } from 'n8n-workflow';

import { checkedBoolean } from '../input/boolean';
import { wholeNumber } from '../input/number';
import { type Kind, pick } from '../records/kind';
import { getRecord, type Listing, listRecords } from '../records/list';
import type { Executor, Operation } from '../run/operation';

/** How a record is shown. */
export type View = (record: IDataObject) => IDataObject;

/** Whether only the main fields are wanted. */
export const isSimplified = (operation: Operation): boolean =>
	checkedBoolean('Simplify', operation.parameter('simplify', false));

/** A record whole, or its main fields with Simplify. */
export function viewOf(operation: Operation, { mainFields }: Kind): View {
	if (!mainFields || !isSimplified(operation)) return (record) => record;
	return (record) =>
		pick(
			record,
			mainFields.filter((field) => field in record),
		);
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
 * Reads all records of a kind, or up to a limit.
 *
 * @param listingOf what the filters ask of Plivo, and what of them is left to be done here
 */
export const getMany =
	(
		kind: Kind,
		listingOf: (operation: Operation) => Listing = () => ({}),
		view = viewOf,
	): Executor =>
	(operation) => {
		const { pageConcurrency: pages = 20 } = operation.options;
		const listing: Listing = {
			...listingOf(operation),
			limit: checkedBoolean('Return All', operation.parameter('returnAll', false))
				? Infinity
				: wholeNumber('Limit', operation.parameter('limit', 50), 1, Infinity),
			pageConcurrency: wholeNumber('Page Concurrency', pages, 1, 20),
		};
		const shown = view(operation, kind);
		return async (channel) => (await listRecords(channel, kind, listing)).map(shown);
	};
