import type { IDataObject } from 'n8n-workflow';

import { callFilters, numberFilters, trunkFilters } from '../plivo/filters';
import { explainHangup } from '../plivo/hangup';
import { CALL, type Kind, PHONE_NUMBER, TRUNK } from '../plivo/kinds';
import { withQuality } from '../plivo/quality';
import { getRecord, type Listing, listRecords, recordPath, without } from '../plivo/read';
import { isRoutedTo } from '../plivo/route';
import { checkedId, checkedText } from '../plivo/rules';
import { simplified } from '../plivo/simplify';
import { wholeNumber } from '../transport/channel';
import { request } from '../transport/request';
import type { Executor, Operation } from './operation';

/**
 * Reads one record.
 *
 * @param parameter the parameter that picks it
 */
export const getOne =
	(kind: Kind, parameter: string): Executor =>
	async (operation) => {
		const id =
			kind === PHONE_NUMBER ? operation.phoneNumber(parameter) : operation.id(parameter, kind);
		return [shown(operation, kind, await getRecord(operation.channel, kind, id))];
	};

/** Reads all records of a kind, or up to a limit; filters are the operation's query. */
export const getMany =
	(kind: Kind): Executor =>
	async (operation) => {
		const limit = operation.parameter('returnAll', false)
			? Infinity
			: wholeNumber('Limit', operation.parameter('limit', 50), 1, Infinity);
		const pageConcurrency = wholeNumber(
			'Page Concurrency',
			operation.options.pageConcurrency ?? 8,
			1,
			20,
		);
		const listing: Listing = { ...wanted(operation, kind), limit, pageConcurrency };
		const records = await listRecords(operation.channel, kind, listing);
		return records.map((record) => shown(operation, kind, record));
	};

/** What the filters of a listing ask of Plivo, and what of them is left to be done here. */
export function wanted(operation: Operation, kind: Kind): Listing {
	switch (kind) {
		case TRUNK: {
			const { name, ...filters } = trunkFilters(operation.qs);
			const part = name === undefined ? '' : checkedText('Name Contains', name).toLowerCase();
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
export const getInsights: Executor = async (operation) => {
	const id = operation.id('callId', CALL);
	const answer = await request(operation.channel, {
		method: 'GET',
		path: `${recordPath(CALL, id)}Insights/`,
		subject: `quality figures for call ${id}`,
		flaw: (figures) => (Object.keys(figures).length > 1 ? undefined : 'has no quality figures'),
	});
	return [{ [CALL.idField]: id, ...withQuality(without(answer, 'api_id')) }];
};

function shown(operation: Operation, kind: Kind, record: IDataObject): IDataObject {
	const kept = operation.parameter('simplify', false) ? simplified(kind, record) : record;
	if (kind !== CALL || operation.options.explainHangup !== true) return kept;
	return { ...kept, hangup: explainHangup(record) };
}
