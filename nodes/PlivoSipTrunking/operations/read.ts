import type { IDataObject } from 'n8n-workflow';

import { checkedBoolean } from '../input/boolean';
import { checkedId } from '../input/id';
import { checkedName } from '../input/name';
import { wholeNumber } from '../input/number';
import { isBlank } from '../input/text';
import { withHangup } from '../knowledge/hangup';
import { flatEnds, withQuality } from '../knowledge/quality';
import { readAccount } from '../records/account';
import { CALL, callFilters } from '../records/call';
import { type Kind, pick, recordPath, without } from '../records/kind';
import { getRecord, type Listing, listRecords } from '../records/list';
import { isRoutedTo, numberFilters, PHONE_NUMBER } from '../records/phoneNumber';
import { TRUNK, trunkFilters } from '../records/trunk';
import type { Executor, Operation } from '../run/operation';
import { request } from '../transport/request';

/** The id in the parameter that picks a record. */
export const pickedId = (operation: Operation, kind: Kind, parameter: string): string =>
	kind === PHONE_NUMBER ? operation.phoneNumber(parameter) : operation.id(parameter, kind);

/**
 * Reads one record.
 *
 * @param parameter the parameter that picks it
 */
export const getOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = pickedId(operation, kind, parameter);
		const shown = shownBy(operation, kind);
		return async (channel) => [shown(await getRecord(channel, kind, id))];
	};

/** Reads all records of a kind, or up to a limit; filters are the operation's query. */
export const getMany =
	(kind: Kind): Executor =>
	(operation) => {
		const limit = checkedBoolean('Return All', operation.parameter('returnAll', false))
			? Infinity
			: wholeNumber('Limit', operation.parameter('limit', 50), 1, Infinity);
		const pageConcurrency = wholeNumber(
			'Page Concurrency',
			operation.options.pageConcurrency ?? 20,
			1,
			20,
		);
		const listing: Listing = { ...wanted(operation, kind), limit, pageConcurrency };
		const shown = shownBy(operation, kind);
		return async (channel) => (await listRecords(channel, kind, listing)).map(shown);
	};

/** What the filters of a listing ask of Plivo, and what of them is left to be done here. */
export function wanted(operation: Operation, kind: Kind): Listing {
	switch (kind) {
		case TRUNK: {
			const { name } = operation.qs;
			const filters = trunkFilters(operation.qs);
			const part = isBlank(name) ? '' : checkedName('Name Contains', name).toLowerCase();
			const accept = (trunk: IDataObject) =>
				String(trunk.name ?? '')
					.toLowerCase()
					.includes(part);
			return { filters, ...(part && { accept }) };
		}
		case PHONE_NUMBER: {
			const { trunkId, ...filters } = numberFilters(operation.qs);
			if (trunkId === undefined) return { filters };
			const id = checkedId('Trunk', trunkId);
			return { filters, accept: (number) => isRoutedTo(number, id) };
		}
		case CALL:
			return {
				filters: callFilters(operation.qs, { timezone: operation.timezone, now: Date.now() }),
			};
		default:
			return {};
	}
}

/** Reads a call's quality figures. */
export const getInsights: Executor = (operation) => {
	const id = operation.id('callId', CALL);
	const simplify = isSimplified(operation);
	return async (channel) => {
		const { body } = await request(channel, {
			method: 'GET',
			path: `${recordPath(CALL, id)}Insights/`,
			subject: `quality figures for call ${id}`,
			flaw: (figures) => (Object.keys(figures).length > 1 ? undefined : 'has no quality figures'),
		});
		const insights = withQuality(without(body, 'api_id'));
		return [{ [CALL.idField]: id, ...(simplify ? (flatEnds(insights) as IDataObject) : insights) }];
	};
};

/** Reads the account's own record. */
export const getAccount: Executor = () => async (channel) => [await readAccount(channel)];

const isSimplified = (operation: Operation): boolean =>
	checkedBoolean('Simplify', operation.parameter('simplify', false));

/** How an operation's options show a record. */
function shownBy(operation: Operation, kind: Kind): (record: IDataObject) => IDataObject {
	const mainFields = isSimplified(operation) ? kind.mainFields : undefined;
	const explain =
		kind === CALL && checkedBoolean('Explain Hangup', operation.options.explainHangup ?? true);
	return (record) => {
		const whole = explain ? withHangup(record) : record;
		if (!mainFields) return whole;
		const main = mainFields.filter((field) => field in record);
		const added = Object.keys(whole).filter((field) => !(field in record));
		return pick(whole, [...main, ...added]);
	};
}
