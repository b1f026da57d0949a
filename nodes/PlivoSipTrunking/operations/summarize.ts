import { checkedChoice } from '../input/choice';
import { isBlank } from '../input/text';
import { type CallGrouping, createCallSummary } from '../knowledge/callSummary';
import { CALL } from '../records/call';
import { pagesOf } from '../records/list';
import type { Executor, Operation } from '../run/operation';
import { wanted } from './read';

const GROUPINGS = ['trunk', 'hangupCauseCode', 'country', 'day'] as const;

/**
 * Adds up the calls that the filters let through while their pages come in, so that the memory it
 * takes doesn't grow with the number of calls.
 *
 * @returns a row per group of `groupBy`; without it one row over all
 */
export const summarizeCalls: Executor = (operation) => {
	const summary = createCallSummary(groupingOf(operation));
	const listing = wanted(operation, CALL);
	return async (channel) => {
		for await (const calls of pagesOf(channel, CALL, listing)) {
			for (const call of calls) summary.add(call);
		}
		return summary.rows();
	};
};

/** The field; or, where that is empty, the option of the same name, as workflows of before have it. */
function groupingOf(operation: Operation): CallGrouping {
	const given = [operation.parameter('groupBy', ''), operation.options.groupBy];
	const grouping = given.find((value) => !isBlank(value));
	return grouping === undefined ? '' : checkedChoice('Group By', grouping, GROUPINGS);
}
