import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';

import { FAILED_CALL } from '../knowledge/hangup';
import { callFilterFields, explainHangup } from '../operations/callFields';
import {
	collection,
	type Field,
	optional,
	optionsWith,
	simplify,
	trunkId,
} from '../operations/fields';

/** The filters of call records, less the times: a trigger has its own. */
export const CALL_FILTERS =
	// A collection's options are fields.
	(callFilterFields.options as INodeProperties[]).filter(({ type }) => type !== 'dateTime');

const event: INodeProperties = {
	displayName: 'Trigger On',
	name: 'event',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Call Ended',
			value: 'callEnded',
			description: 'A call on a SIP trunk ended, whatever the reason',
		},
		{
			name: 'Call Failed',
			value: 'callFailed',
			description: FAILED_CALL,
		},
		{
			name: 'Trunk Changed',
			value: 'trunkChanged',
			description: 'A trunk was created or deleted, or its status, routing or name changed',
		},
	],
	default: 'callFailed',
};

const trunk: Field = { ...optional(trunkId), description: 'Only this trunk' };

const catchUp: Field = {
	displayName: 'Catch Up',
	name: 'catchUp',
	type: 'boolean',
	default: false,
	description:
		'Whether to start with what happened while the workflow was inactive, up to 90 days back. Restarts of n8n never lose anything.',
};

const maxPerPoll: Field = {
	displayName: 'Max per Poll',
	name: 'maxPerPoll',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 2000 },
	default: 500,
	description: 'Max number of items per poll; the others follow in later polls',
};

const shownForEvents = (events: string[], fields: Field[]): INodeProperties[] =>
	updateDisplayOptions({ show: { event: events } }, fields);

export const properties: INodeProperties[] = [
	event,
	...shownForEvents(
		['callEnded', 'callFailed'],
		[
			collection(
				'Filters',
				'filters',
				'Add Filter',
				[...CALL_FILTERS, trunk].sort((one, other) =>
					one.displayName.localeCompare(other.displayName),
				),
			),
			simplify,
			optionsWith(catchUp, explainHangup, maxPerPoll),
		],
	),
	...shownForEvents(
		['trunkChanged'],
		[collection('Filters', 'filters', 'Add Filter', [trunk]), optionsWith(catchUp, maxPerPoll)],
	),
];

/** The collections of an event's fields. */
export const collectionsOf = (event: unknown): Field[] =>
	properties.filter(
		({ type, displayOptions }) =>
			type === 'collection' && displayOptions?.show?.event?.includes(String(event)),
	);
