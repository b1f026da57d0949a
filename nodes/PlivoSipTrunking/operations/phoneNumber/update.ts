import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { updateOne } from '../write';
import { PHONE_NUMBER } from '../../records/phoneNumber';
import { body, collection, options, phoneNumberLocator, shownFor } from '../fields';

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update a phone number',
	description: 'Change the alias of a number, or move it to a subaccount',
	routing: runs(
		{ method: 'POST', url: '/Number/{phoneNumber}/' },
		updateOne(PHONE_NUMBER, 'phoneNumber'),
	),
};

export const updateFields = shownFor('phoneNumber', 'update', [
	phoneNumberLocator(),
	collection('Update Fields', 'updateFields', 'Add Field', [
		{
			displayName: 'Alias',
			name: 'alias',
			type: 'string',
			default: '',
			placeholder: 'e.g. Front desk',
			description: 'What you will recognize the number by',
			routing: body('alias'),
		},
		{
			displayName: 'Subaccount',
			name: 'subaccount',
			type: 'string',
			default: '',
			placeholder: 'e.g. SAXXXXXXXXXXXXXXXXXX',
			description: 'Auth ID of the subaccount that the number moves to',
			routing: body('subaccount'),
		},
	]),
	options(),
]);
