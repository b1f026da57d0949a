import type { IDataObject } from 'n8n-workflow';

import { releaseNumber } from '../changes/remove';
import { routePhoneNumber, unroutePhoneNumber } from '../changes/route';
import { checkedId } from '../input/id';
import { APPLICATION } from '../records/application';
import type { Listing } from '../records/list';
import { isRoutedTo, numberFilters, PHONE_NUMBER, type PhoneNumber } from '../records/phoneNumber';
import { TRUNK } from '../records/trunk';
import type { Executor, Operation } from '../run/operation';
import type { Channel } from '../transport/channel';
import { crud } from './crud';
import {
	allowDisabledTrunk,
	applicationId,
	body,
	collection,
	force,
	inboundTrunkId,
	isOn,
	listOptions,
	optional,
	options,
	optionsWith,
	phoneNumber as numberId,
	query,
	returnAllOrLimit,
	skipComplianceCheck,
	textField,
	updateFields,
	viewFields,
	writeOptions,
} from './fields';
import { operation, resource } from './operation';
import { extentOf, getMany, viewTo } from './read';
import { NUMBER_TYPES, rent, searchAvailable, services } from './rentNumber';
import { withWarnings } from './write';

/** How much of a number's record is returned. */
const numberFields = viewFields([
	...(PHONE_NUMBER.mainFields ?? []),
	'added_on',
	'carrier',
	'cnam',
	'cnam_lookup',
	'compliance_application_id',
	'compliance_status',
	'mms_enabled',
	'sms_rate',
	'sub_account',
	'voice_rate',
]);

/** What routing adds to a number's record: returned in any case. */
const ROUTE_FIELDS = ['previous_application', 'unrouted', 'warnings'];

const filters = collection('Filters', 'filters', 'Add Filter', [
	textField({
		displayName: 'Alias',
		name: 'alias',
		placeholder: 'e.g. Front desk',
		description: 'The full alias of the number',
		routing: query('alias'),
	}),
	textField({
		displayName: 'Number Starts With',
		name: 'numberStartsWith',
		placeholder: 'e.g. +1 415',
		description: 'The first digits, including the country code',
		routing: query('number_startswith'),
	}),
	services,
	textField({
		displayName: 'Subaccount',
		name: 'subaccount',
		placeholder: 'e.g. SAXXXXXXXXXXXXXXXXXX',
		description: 'Auth ID of the subaccount that the number belongs to',
		routing: query('subaccount'),
	}),
	{
		...optional(inboundTrunkId),
		description:
			'The trunk that the number is routed to. Plivo cannot filter by it, so all numbers are read.',
		routing: query('trunkId'),
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: NUMBER_TYPES,
		default: 'local',
		description: 'The type of number',
		routing: query('type'),
	},
]);

/** Plivo can't filter by trunk. */
function listing({ qs }: Operation): Listing<PhoneNumber> {
	const { trunkId, ...filters } = numberFilters(qs);
	if (trunkId === undefined) return { filters };
	const id = checkedId(TRUNK.idLabel, trunkId, TRUNK.idKind);
	return { filters, accept: (number) => isRoutedTo(number, id) };
}

const release = operation({
	name: 'Release',
	value: 'release',
	// All that an AI agent sees of a tool; n8n's lint allows it no comma.
	action: 'Release phone number for good after asking a person',
	description:
		'Give a number back to Plivo. It is lost for good: its calls and messages end, and others can rent it. This cannot be undone, so an AI agent should ask first.',
	fields: [
		numberId,
		optionsWith({
			...force,
			description:
				'Whether to release it even if its calls go to a trunk. Callers reach nobody from then on.',
		}),
	],
	run: (operation) => {
		const number = operation.id('phoneNumber', PHONE_NUMBER);
		const forced = isOn(operation, force);
		return async (channel) => {
			const { warnings } = await releaseNumber(channel, number, forced);
			return [withWarnings({ released: true, number }, warnings)];
		};
	},
});

/**
 * Changes where the calls of a number go.
 *
 * @param changeOf checks the other values, and returns the change
 */
const changeRoute =
	(
		changeOf: (operation: Operation) => (channel: Channel, number: string) => Promise<IDataObject>,
	): Executor =>
	(operation) => {
		const number = operation.id('phoneNumber', PHONE_NUMBER);
		const change = changeOf(operation);
		const shown = viewTo(extentOf(operation), PHONE_NUMBER, ROUTE_FIELDS);
		return async (channel) => [shown(await change(channel, number))];
	};

/** These are about trunks. */
const NO_OPTIONS = { allowDisabledTrunk: false, skipComplianceCheck: false };

const routeToApplication = operation({
	name: 'Route to Application',
	value: 'routeToApplication',
	action: 'Route phone number to application',
	description: 'Send the calls of a number to a Plivo voice application, effective immediately',
	fields: [
		numberId,
		{ ...applicationId, description: 'The voice application that receives the calls' },
		...numberFields,
		options,
	],
	run: changeRoute((operation) => {
		const id = operation.id('applicationId', APPLICATION);
		return async (channel, number) =>
			await routePhoneNumber(channel, number, { kind: 'application', id }, NO_OPTIONS);
	}),
});

const routeToTrunk = operation({
	name: 'Route to Trunk',
	value: 'routeToTrunk',
	action: 'Route phone number to trunk',
	description: 'Send the calls of a number to an inbound trunk, effective immediately',
	fields: [
		numberId,
		{
			...inboundTrunkId,
			description:
				'An inbound trunk. A number that is routed to an outbound trunk stops answering.',
		},
		...numberFields,
		optionsWith(allowDisabledTrunk, skipComplianceCheck),
	],
	run: changeRoute((operation) => {
		const id = operation.id('trunkId', TRUNK);
		const options = {
			allowDisabledTrunk: isOn(operation, allowDisabledTrunk),
			skipComplianceCheck: isOn(operation, skipComplianceCheck),
		};
		return async (channel, number) =>
			await routePhoneNumber(channel, number, { kind: 'trunk', id }, options);
	}),
});

const unroute = operation({
	name: 'Unroute',
	value: 'unroute',
	action: 'Unroute phone number',
	description:
		"Remove a number from its trunk or application, effective immediately. Plivo may refuse: 'unrouted' in the output says whether it worked.",
	fields: [numberId, ...numberFields, options],
	run: changeRoute(() => unroutePhoneNumber),
});

const { get, getAll, update } = crud(PHONE_NUMBER, numberId, 'phone number');

export const phoneNumber = resource({ name: 'Phone Number', value: 'phoneNumber' }, 'getAll', [
	get({
		description: 'Retrieve a phone number of the account',
		fields: [numberId, ...numberFields, options],
	}),
	getAll({
		description: 'Retrieve a list of phone numbers, optionally filtered',
		fields: [...returnAllOrLimit, ...numberFields, filters, listOptions],
		run: getMany(PHONE_NUMBER, listing),
	}),
	release,
	rent,
	routeToApplication,
	routeToTrunk,
	searchAvailable,
	unroute,
	update({
		description: 'Change the alias of a phone number, or move it to a subaccount',
		fields: [
			numberId,
			updateFields(
				textField({
					displayName: 'Alias',
					name: 'alias',
					placeholder: 'e.g. Front desk',
					description: 'A name that you will recognize the number by',
					routing: body('alias'),
				}),
				textField({
					displayName: 'Subaccount',
					name: 'subaccount',
					placeholder: 'e.g. SAXXXXXXXXXXXXXXXXXX',
					description: 'Auth ID of the subaccount to move the number to',
					routing: body('subaccount'),
				}),
			),
			writeOptions,
		],
	}),
]);
