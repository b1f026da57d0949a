import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { unroute as execute } from '../write';
import { options, phoneNumberLocator, shownFor } from '../fields';

export const unroute: INodePropertyOptions = {
	name: 'Unroute',
	value: 'unroute',
	action: 'Unroute a phone number',
	description:
		'Take a number off its trunk or application, at once. Plivo may refuse; "unrouted" says what it came to.',
	routing: runs({ method: 'POST', url: '/Number/{phoneNumber}/' }, execute),
};

export const unrouteFields = shownFor('phoneNumber', 'unroute', [phoneNumberLocator(), options()]);
