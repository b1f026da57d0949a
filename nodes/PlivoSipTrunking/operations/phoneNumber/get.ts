import { PHONE_NUMBER } from '../../records/phoneNumber';
import { options, phoneNumber } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';
import { numberFields } from './fields';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get phone number',
	description: 'Retrieve a phone number of the account',
	fields: [phoneNumber, ...numberFields, options],
	run: getOne(PHONE_NUMBER, 'phoneNumber'),
});
