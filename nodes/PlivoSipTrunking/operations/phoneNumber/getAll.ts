import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getMany } from '../read';
import { PHONE_NUMBER } from '../../records/phoneNumber';
import {
	collection,
	options,
	pageConcurrency,
	query,
	returnAllOrLimit,
	shownFor,
	simplify,
	trunkLocator,
} from '../fields';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many phone numbers',
	description: 'Read all phone numbers of the account, or those that match filters',
	routing: runs({ method: 'GET', url: '/Number/' }, getMany(PHONE_NUMBER)),
};

export const getAllFields = shownFor('phoneNumber', 'getAll', [
	...returnAllOrLimit,
	simplify,
	collection('Filters', 'filters', 'Add Filter', [
		{
			displayName: 'Alias',
			name: 'alias',
			type: 'string',
			default: '',
			placeholder: 'e.g. Front desk',
			description: 'The whole alias of the number',
			routing: query('alias'),
		},
		{
			displayName: 'Number Starts With',
			name: 'numberStartsWith',
			type: 'string',
			default: '',
			placeholder: 'e.g. +1 415',
			description: 'The first digits, with country code',
			routing: query('number_startswith'),
		},
		{
			displayName: 'Services',
			name: 'services',
			type: 'multiOptions',
			options: [
				{ name: 'MMS', value: 'mms' },
				{ name: 'SMS', value: 'sms' },
				{ name: 'Voice', value: 'voice' },
			],
			default: ['voice'],
			description: 'What the number can do',
			routing: query('services'),
		},
		{
			displayName: 'Subaccount',
			name: 'subaccount',
			type: 'string',
			default: '',
			placeholder: 'e.g. SAXXXXXXXXXXXXXXXXXX',
			description: 'Auth ID of the subaccount that has the number',
			routing: query('subaccount'),
		},
		trunkLocator({
			required: false,
			search: 'searchInboundTrunks',
			description:
				'The trunk that the number is routed to. Plivo cannot filter by it, so all numbers are read.',
			routing: query('trunkId'),
		}),
		{
			displayName: 'Type',
			name: 'type',
			type: 'options',
			options: [
				{ name: 'Fixed', value: 'fixed' },
				{ name: 'Local', value: 'local' },
				{ name: 'Mobile', value: 'mobile' },
				{ name: 'National', value: 'national' },
				{ name: 'Toll-Free', value: 'tollfree' },
			],
			default: 'local',
			description: 'What kind of number it is',
			routing: query('type'),
		},
	]),
	options(pageConcurrency),
]);
