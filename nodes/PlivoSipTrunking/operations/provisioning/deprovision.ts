import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { deprovision as execute } from '../provision';
import { options, shownFor, trunkLocator } from '../fields';
import { planning } from './fields';

export const deprovision: INodePropertyOptions = {
	name: 'Deprovision',
	value: 'deprovision',
	action: 'Deprovision a trunk',
	description:
		'Take a trunk down in the order that breaks nothing: its numbers, the trunk, then what only it used',
	routing: runs({ method: 'DELETE', url: '/Zentrunk/Trunk/{trunkId}/' }, execute),
};

export const deprovisionFields = shownFor('provisioning', 'deprovision', [
	trunkLocator({
		description: 'A customer with both directions has two trunks: run this for each',
	}),
	options(
		...planning,
		{
			displayName: 'Force',
			name: 'force',
			type: 'boolean',
			default: false,
			description:
				'Whether to go on although numbers are routed to the trunk (their calls will fail) or, with Keep Shared off, other trunks need what is deleted',
		},
		{
			displayName: 'Keep Shared',
			name: 'keepShared',
			type: 'boolean',
			default: true,
			description:
				'Whether to keep the credential, IP list and URIs that other trunks use. Off: nothing is done when there are any, unless Force is on; then they are deleted, and Plivo deletes the trunks of a deleted URI with it.',
		},
		{
			displayName: 'Reroute to Application ID',
			name: 'rerouteToApplicationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 16638156474000802',
			description:
				'The Plivo voice application that takes the calls of the numbers from now on, such as an announcement',
		},
	),
]);
