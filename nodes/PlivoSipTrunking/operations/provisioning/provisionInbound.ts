import { provisionInbound as prepare } from '../../provisioning';
import { nameField, optionsWith, simplifyOption, unlisted } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';
import { phoneNumbers, planning, rollback, routing, secure, uriLogin } from './fields';

export const provisionInbound = operation({
	name: 'Provision Inbound',
	value: 'provisionInbound',
	action: 'Provision inbound calling',
	description: 'Send calls to your phone numbers to a PBX or platform, in one step',
	fields: [
		nameField,
		{
			displayName: 'Primary URI',
			name: 'primaryUri',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. sip.example.com:5060;transport=tcp',
			description:
				'The SIP address of the PBX or platform that calls go to. Include the transport (;transport=udp, tcp or tls): without it, calls often fail silently. With tls, calls are encrypted.',
		},
		{
			displayName: 'Fallback URI',
			name: 'fallbackUri',
			type: 'string',
			default: '',
			placeholder: 'e.g. sip2.example.com:5060;transport=tcp',
			description: 'Where calls go if the primary URI does not answer',
		},
		phoneNumbers,
		optionsWith(
			rollback,
			simplifyOption,
			// Calls to a PBX are encrypted by the transport of its URI, so this has no effect.
			unlisted(secure),
			...planning,
			...routing,
			...uriLogin,
		),
	],
	run: composite(({ parameter, options }) =>
		prepare({
			name: parameter('name'),
			primaryUri: parameter('primaryUri'),
			fallbackUri: parameter('fallbackUri', ''),
			phoneNumbers: parameter('phoneNumbers', ''),
			options,
		}),
	),
});
