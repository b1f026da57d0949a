import { type CallGrouping, createCallSummary } from '../plivo/callSummary';
import { CALL } from '../plivo/kinds';
import { pagesOf } from '../plivo/read';
import { badInput } from '../transport/failure';
import type { Executor } from './operation';
import { wanted } from './read';

const GROUPINGS: readonly CallGrouping[] = ['', 'trunk', 'hangupCauseCode', 'country', 'day'];

/**
 * Adds up the calls that the filters let through while their pages come in, so that the memory it
 * takes doesn't grow with the number of calls.
 *
 * @returns a row per group of `options.groupBy`; without it one row over all
 */
export const summarizeCalls: Executor = async (operation) => {
	const summary = createCallSummary(checkedGrouping(operation.options.groupBy ?? ''));
	for await (const calls of pagesOf(operation.channel, CALL, wanted(operation, CALL))) {
		for (const call of calls) summary.add(call);
	}
	return summary.rows();
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
