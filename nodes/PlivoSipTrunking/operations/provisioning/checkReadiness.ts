import { checkReadiness as prepare } from '../../provisioning';
import { optional, options, phoneNumber, trunkId } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';

export const checkReadiness = operation({
	name: 'Check Readiness',
	value: 'checkReadiness',
	action: 'Check readiness for calls',
	description:
		"Check whether calls can work before you go live, without changing anything. Use 'ready' in an If node.",
	fields: [
		{
			...optional(phoneNumber),
			description: 'The number to check, together with the trunk that it is routed to',
		},
		{
			...optional(trunkId),
			description:
				'The trunk that the number should be routed to, or an outbound trunk. Leave empty for the trunk that it is routed to.',
		},
		options,
	],
	run: composite(({ parameter }) =>
		prepare({
			phoneNumber: parameter('phoneNumber', ''),
			trunkId: parameter('trunkId', ''),
		}),
	),
});
