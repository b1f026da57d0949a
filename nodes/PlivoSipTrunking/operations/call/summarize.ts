import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { summarizeCalls } from '../summarize';
import { type Field, options, shownFor } from '../fields';
import { callFilterFields } from './fields';

export const summarize: INodePropertyOptions = {
	name: 'Summarize',
	value: 'summarize',
	action: 'Summarize calls',
	description:
		'Add up calls, answers, faults, talk time, billed time and cost, by trunk, cause, country or day',
	routing: runs({ method: 'GET', url: '/Zentrunk/Call/' }, summarizeCalls),
};

const groupBy: Field = {
	displayName: 'Group By',
	name: 'groupBy',
	type: 'options',
	options: [
		{ name: 'Country', value: 'country', description: 'Of the other end of the line' },
		{ name: 'Day', value: 'day', description: 'On which the call ended, in UTC' },
		{ name: 'Hangup Cause Code', value: 'hangupCauseCode', description: 'Why the call ended' },
		{ name: 'No Grouping', value: '', description: 'One row over all calls' },
		{ name: 'Trunk', value: 'trunk' },
	],
	default: '',
	description:
		'One row for each of these. talk_minutes is how long people talked, billed_minutes what Plivo bills: each call rounded up.',
};

export const summarizeFields = shownFor('call', 'summarize', [
	groupBy,
	callFilterFields,
	// Also here, for workflows that have it as an option: n8n drops what isn't declared.
	options({
		...groupBy,
		description: 'The same as the field Group By, and used where that is empty',
	}),
]);
