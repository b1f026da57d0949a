import { callFilters, listingOf } from '../records/call';
import type { Listing } from '../records/list';
import type { Operation } from '../run/operation';
import { collection, type Field, query, textField } from './fields';

export const callId: Field = {
	displayName: 'Call ID',
	name: 'callId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	modes: [
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 5f5fbbfa-7c39-4d8f-9a21-3b1c8f0e6d42',
		},
	],
	description: 'The call_uuid of the call record',
};

export const explainHangup: Field = {
	displayName: 'Explain Hangup',
	name: 'explainHangup',
	type: 'boolean',
	default: true,
	description:
		'Whether to add why the call ended, whose side it was on and what to do about it, as hangup_meaning, hangup_owner, hangup_is_fault, hangup_retryable and hangup_fix',
};

/** The filters of call records. */
export const callFilterFields: Field = collection('Filters', 'filters', 'Add Filter', [
	{
		displayName: 'Direction',
		name: 'callDirection',
		type: 'options',
		options: [
			{ name: 'Inbound', value: 'inbound' },
			{ name: 'Outbound', value: 'outbound' },
		],
		default: 'inbound',
		description: 'Which way the call went',
		routing: query('call_direction'),
	},
	{
		displayName: 'Ended After',
		name: 'endedAfter',
		type: 'dateTime',
		default: '',
		description:
			'Earliest end of the call; a date without a time is that whole day. Plivo keeps records for 90 days, and searches the last 30 if you leave this out.',
		routing: query('end_time__gte'),
	},
	{
		displayName: 'Ended Before',
		name: 'endedBefore',
		type: 'dateTime',
		default: '',
		description:
			'Latest end of the call; a date without a time is that whole day, in the time zone of the workflow',
		routing: query('end_time__lte'),
	},
	textField({
		displayName: 'From Number',
		name: 'fromNumber',
		placeholder: 'e.g. +1 415 555 0123',
		description:
			'The caller: the whole number, or first digits with * behind them, such as +1 415*',
		routing: query('from_number'),
	}),
	textField({
		displayName: 'Hangup Cause Code',
		name: 'hangupCauseCode',
		placeholder: 'e.g. 4410',
		description:
			'Why the call ended: one of Plivo’s four-digit codes. Filter by code, since its name varies between records.',
		routing: query('hangup_cause_code'),
	}),
	{
		displayName: 'Hangup Source',
		name: 'hangupSource',
		type: 'options',
		options: [
			{ name: 'Carrier', value: 'carrier' },
			{ name: 'Customer', value: 'customer' },
			{ name: 'Plivo', value: 'zentrunk' },
		],
		default: 'customer',
		description: 'Which side ended the call',
		routing: query('hangup_source'),
	},
	{
		displayName: 'Maximum Duration',
		name: 'maxDuration',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 3600,
		description:
			'Maximum billed seconds. Plivo rounds them up and cannot filter by talk time: a call of 32 seconds counts as 60.',
		routing: query('bill_duration__lte'),
	},
	{
		displayName: 'Minimum Duration',
		name: 'minDuration',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'Minimum billed seconds. Plivo rounds them up and cannot filter by talk time: a call of 32 seconds counts as 60.',
		routing: query('bill_duration__gte'),
	},
	{
		displayName: 'STIR Verification',
		name: 'stirVerification',
		type: 'options',
		options: [
			{ name: 'Not Applicable', value: 'Not Applicable' },
			{ name: 'Not Verified', value: 'Not Verified' },
			{ name: 'Verified', value: 'Verified' },
		],
		default: 'Verified',
		description: 'Whether the caller ID was verified',
		routing: query('stir_verification'),
	},
	textField({
		displayName: 'To Number',
		name: 'toNumber',
		placeholder: 'e.g. +44 20 7946 0123',
		description:
			'The number that was called: the whole number, or first digits with * behind them, such as +44 20*',
		routing: query('to_number'),
	}),
]);

/** What the filters of call records ask of Plivo, and which calls they mean. */
export const callListing = ({ qs, timezone }: Operation): Listing =>
	listingOf(callFilters(qs, { timezone, now: Date.now() }));
