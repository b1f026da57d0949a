import type { IDataObject } from 'n8n-workflow';

import { checkedChoice } from '../input/choice';
import { isBlank } from '../input/text';
import {
	type CallGrouping,
	type CallSummaryRow,
	createCallSummary,
} from '../knowledge/callSummary';
import { CALL } from '../records/call';
import { allRecords } from '../records/find';
import { pagesOf } from '../records/list';
import { TRUNK } from '../records/trunk';
import type { Operation } from '../run/operation';
import type { Channel } from '../transport/channel';
import { type Field, unlisted, optionsWith } from './fields';
import { operation } from './operation';
import { callFilterFields, callListing } from './callFields';

const GROUPINGS = ['trunk', 'hangupCauseCode', 'country', 'day'] as const;

const groupBy: Field = {
	displayName: 'Group By',
	name: 'groupBy',
	type: 'options',
	options: [
		{ name: 'Country', value: 'country', description: 'Of the other end of the line' },
		{ name: 'Day', value: 'day', description: 'On which the call ended, in UTC' },
		{ name: 'Hangup Cause Code', value: 'hangupCauseCode', description: 'Why the call ended' },
		{ name: 'No Grouping', value: '', description: 'One item for all calls' },
		{ name: 'Trunk', value: 'trunk', description: 'With its name' },
	],
	default: '',
	description:
		'How to group the calls: one item for each group. talk_minutes is how long people talked; billed_minutes is what Plivo bills, with each call rounded up.',
};

/** The field; where that is empty, the option of the same name. */
function groupingOf({ parameter, options }: Operation): CallGrouping {
	const grouping = [parameter('groupBy', ''), options.groupBy].find((value) => !isBlank(value));
	return grouping === undefined ? '' : checkedChoice('Group By', grouping, GROUPINGS);
}

/** Rows by trunk with its name; null for a trunk that isn't there any more. */
async function named(channel: Channel, rows: CallSummaryRow[]): Promise<IDataObject[]> {
	const trunks = await allRecords(channel, TRUNK);
	const names = new Map(trunks.map(({ trunk_domain: domain, name }) => [domain, name ?? null]));
	return rows.map((row) => ({
		trunk_name: names.get(row.trunk_domain ?? '') ?? null,
		...row,
	}));
}

export const summarize = operation({
	name: 'Summarize',
	value: 'summarize',
	action: 'Summarize calls',
	description:
		'Count calls, answers and failures, and add up talk time, billed time and cost, by trunk, cause, country or day',
	fields: [
		groupBy,
		callFilterFields,
		// Understood as an option too: n8n drops what isn't declared.
		optionsWith(
			unlisted({
				...groupBy,
				description: "The same as the field 'Group By', and used where that is empty",
			}),
		),
	],
	run: (operation) => {
		const grouping = groupingOf(operation);
		const summary = createCallSummary(grouping);
		const listing = callListing(operation);
		return async (channel) => {
			// While the pages come in: the memory it takes doesn't grow with the number of calls.
			for await (const calls of pagesOf(channel, CALL, listing)) {
				for (const call of calls) summary.add(call);
			}
			const rows = summary.rows();
			return grouping === 'trunk' && rows.length > 0 ? await named(channel, rows) : rows;
		};
	},
});
