import { PHONE_NUMBER } from '../../records/phoneNumber';
import { body, phoneNumber, updateFields, writeOptions } from '../fields';
import { operation } from '../operation';
import { updateOne } from '../write';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update phone number',
	description: 'Change the alias of a phone number, or move it to a subaccount',
	fields: [
		phoneNumber,
		updateFields(
			{
				displayName: 'Alias',
				name: 'alias',
				type: 'string',
				default: '',
				placeholder: 'e.g. Front desk',
				description: 'A name that you will recognize the number by',
				routing: body('alias'),
			},
			{
				displayName: 'Subaccount',
				name: 'subaccount',
				type: 'string',
				default: '',
				placeholder: 'e.g. SAXXXXXXXXXXXXXXXXXX',
				description: 'Auth ID of the subaccount to move the number to',
				routing: body('subaccount'),
			},
		),
		writeOptions,
	],
	run: updateOne(PHONE_NUMBER, 'phoneNumber'),
});
