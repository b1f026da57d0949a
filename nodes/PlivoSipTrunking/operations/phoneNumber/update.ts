import { PHONE_NUMBER } from '../../records/phoneNumber';
import { body, collection, phoneNumber, writeOptions } from '../fields';
import { operation } from '../operation';
import { updateOne } from '../write';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update a phone number',
	description: 'Change the alias of a number, or move it to a subaccount',
	fields: [
		phoneNumber,
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
		writeOptions,
	],
	run: updateOne(PHONE_NUMBER, 'phoneNumber'),
});
