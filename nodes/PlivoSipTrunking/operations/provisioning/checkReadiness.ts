import { checkReadiness as planned } from '../../provisioning';
import { optional, options, phoneNumber, trunkId } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';

export const checkReadiness = operation({
	name: 'Check Readiness',
	value: 'checkReadiness',
	action: 'Check readiness for calls',
	description:
		'Check that calls can work before going live; reads only. "ready" is made for an If node.',
	fields: [
		{
			...optional(phoneNumber),
			description: 'The number to call. It is checked together with the trunk it is routed to.',
		},
		{
			...optional(trunkId),
			description:
				'The trunk that the number should be routed to, or an outbound trunk. Empty: the one it is routed to.',
		},
		options,
	],
	run: composite(({ parameter }) =>
		planned({
			phoneNumber: parameter('phoneNumber', ''),
			trunkId: parameter('trunkId', ''),
		}),
	),
});
