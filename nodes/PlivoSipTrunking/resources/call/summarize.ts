import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { summarizeCalls } from '../../executors/summarize';
import { options, shownFor } from '../fields';
import { callFilterFields } from './fields';

export const summarize: INodePropertyOptions = {
	name: 'Summarize',
	value: 'summarize',
	action: 'Summarize calls',
	description: 'Count calls, answers, faults, minutes and cost, by trunk, cause, country or day',
	routing: runs({ method: 'GET', url: '/Zentrunk/Call/' }, summarizeCalls),
};

export const summarizeFields = shownFor('call', 'summarize', [
	callFilterFields,
	options({
		displayName: 'Group By',
		name: 'groupBy',
		type: 'options',
		options: [
			{ name: 'Country', value: 'country', description: 'Of the other end of the line' },
			{ name: 'Day', value: 'day', description: 'On which the call ended, in UTC' },
			{ name: 'Hangup Cause Code', value: 'hangupCauseCode', description: 'Why the call ended' },
			{ name: 'Trunk', value: 'trunk' },
		],
		default: 'trunk',
		description: 'One row for each of these; without it, one row over all calls',
	}),
]);
