import { type CallGrouping, createCallSummary } from '../knowledge/callSummary';
import { CALL } from '../records/call';
import { pagesOf } from '../records/list';
import type { Executor } from '../run/operation';
import { badInput } from '../failure';
import { wanted } from './read';

const GROUPINGS: readonly CallGrouping[] = ['', 'trunk', 'hangupCauseCode', 'country', 'day'];

/**
 * Adds up the calls that the filters let through while their pages come in, so that the memory it
 * takes doesn't grow with the number of calls.
 *
 * @returns a row per group of `options.groupBy`; without it one row over all
 */
export const summarizeCalls: Executor = (operation) => {
	const summary = createCallSummary(checkedGrouping(operation.options.groupBy ?? ''));
	const listing = wanted(operation, CALL);
	return async (channel) => {
		for await (const calls of pagesOf(channel, CALL, listing)) {
			for (const call of calls) summary.add(call);
		}
		return summary.rows();
	};
};

function checkedGrouping(value: unknown): CallGrouping {
	const grouping = GROUPINGS.find((known) => known === value);
	if (grouping === undefined) {
		throw badInput(
			'Group By',
			'is not a way to group calls',
			'Choose trunk, hangupCauseCode, country or day, or leave it out for one row over all calls.',
		);
	}
	return grouping;
}
