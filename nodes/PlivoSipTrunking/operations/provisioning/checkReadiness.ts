import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { checkReadiness as execute } from '../provision';
import { options, phoneNumberLocator, shownFor, trunkLocator } from '../fields';

export const checkReadiness: INodePropertyOptions = {
	name: 'Check Readiness',
	value: 'checkReadiness',
	action: 'Check readiness for calls',
	description:
		'Check that calls can work before going live; reads only. "ready" is made for an If node.',
	routing: runs({ method: 'GET', url: '/Number/{phoneNumber}/' }, execute),
};

export const checkReadinessFields = shownFor('provisioning', 'checkReadiness', [
	phoneNumberLocator({
		required: false,
		description: 'The number to call. It is checked together with the trunk it is routed to.',
	}),
	trunkLocator({
		required: false,
		description:
			'The trunk that the number should be routed to, or an outbound trunk. Empty: the one it is routed to.',
	}),
	options(),
]);
