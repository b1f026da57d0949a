import { deprovision as prepare } from '../../provisioning';
import { TRUNK } from '../../records/trunk';
import { applicationId, optional, optionsWith, trunkId } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';
import { planning } from './fields';

export const deprovision = operation({
	name: 'Deprovision',
	value: 'deprovision',
	action: 'Deprovision trunk',
	description:
		'Take down a trunk safely: first reroute its numbers, then delete the trunk and what only it used',
	fields: [
		{
			...trunkId,
			description: 'A customer with both directions has two trunks: run this operation for each',
		},
		optionsWith(
			...planning,
			{
				displayName: 'Force',
				name: 'force',
				type: 'boolean',
				default: false,
				description:
					"Whether to continue even if numbers are routed to the trunk (their calls will fail) or, with 'Keep Shared' off, other trunks need what is deleted",
			},
			{
				displayName: 'Keep Shared',
				name: 'keepShared',
				type: 'boolean',
				default: true,
				description:
					"Whether to keep the SIP credential, IP access control list and origination URIs that other trunks use. If off, the operation stops when there are any, unless 'Force' is on: then they are deleted, and Plivo deletes the trunks that use a deleted URI.",
			},
			{
				...optional(applicationId),
				displayName: 'Reroute to Application ID',
				name: 'rerouteToApplicationId',
				description:
					'The Plivo voice application that receives the calls of the numbers from now on, such as an announcement',
			},
		),
	],
	run: composite((operation) =>
		prepare({ trunkId: operation.id('trunkId', TRUNK), options: operation.options }),
	),
});
