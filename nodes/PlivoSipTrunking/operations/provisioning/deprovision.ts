import { deprovision as planned } from '../../provisioning';
import { TRUNK } from '../../records/trunk';
import { applicationId, optional, optionsWith, trunkId } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';
import { planning } from './fields';

export const deprovision = operation({
	name: 'Deprovision',
	value: 'deprovision',
	action: 'Deprovision a trunk',
	description:
		'Take a trunk down in the order that breaks nothing: its numbers, the trunk, then what only it used',
	fields: [
		{
			...trunkId,
			description: 'A customer with both directions has two trunks: run this for each',
		},
		optionsWith(
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
				...optional(applicationId),
				displayName: 'Reroute to Application ID',
				name: 'rerouteToApplicationId',
				description:
					'The Plivo voice application that takes the calls of the numbers from now on, such as an announcement',
			},
		),
	],
	run: composite((operation) =>
		planned({ trunkId: operation.id('trunkId', TRUNK), options: operation.options }),
	),
});
