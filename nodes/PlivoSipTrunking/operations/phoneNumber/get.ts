import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getOne } from '../read';
import { PHONE_NUMBER } from '../../records/phoneNumber';
import { options, phoneNumberLocator, shownFor, simplify } from '../fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get a phone number',
	description: 'Read one phone number of the account',
	routing: runs(
		{ method: 'GET', url: '/Number/{phoneNumber}/' },
		getOne(PHONE_NUMBER, 'phoneNumber'),
	),
};

export const getFields = shownFor('phoneNumber', 'get', [
	phoneNumberLocator(),
	simplify,
	options(),
]);
