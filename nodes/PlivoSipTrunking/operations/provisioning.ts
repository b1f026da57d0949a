import * as composites from '../provisioning';
import { TRUNK } from '../records/trunk';
import { connectPlatform } from './connectPlatform';
import {
	applicationId,
	credentialId,
	force,
	ipAclId,
	nameField,
	optional,
	options,
	optionsWith,
	phoneNumber,
	simplifyOption,
	textField,
	trunkId,
	unlisted,
} from './fields';
import { operation, resource } from './operation';
import {
	composite,
	outboundSafety,
	password,
	phoneNumbers,
	planning,
	rollback,
	routing,
	secure,
	uriLogin,
	username,
} from './provisioningFields';

const checkReadiness = operation({
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
		composites.checkReadiness({
			phoneNumber: parameter('phoneNumber', ''),
			trunkId: parameter('trunkId', ''),
		}),
	),
});

const deprovision = operation({
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
				...force,
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
		composites.deprovision({ trunkId: operation.id('trunkId', TRUNK), options: operation.options }),
	),
});

const provisionInbound = operation({
	name: 'Provision Inbound',
	value: 'provisionInbound',
	action: 'Provision inbound calling',
	description: 'Send calls to your phone numbers to a PBX or platform, in one step',
	fields: [
		nameField,
		textField({
			displayName: 'Primary URI',
			name: 'primaryUri',
			required: true,
			placeholder: 'e.g. sip.example.com:5060;transport=tcp',
			description:
				'The SIP address of the PBX or platform that calls go to. Include the transport (;transport=udp, tcp or tls): without it, calls often fail silently. With tls, calls are encrypted.',
		}),
		textField({
			displayName: 'Fallback URI',
			name: 'fallbackUri',
			placeholder: 'e.g. sip2.example.com:5060;transport=tcp',
			description: 'Where calls go if the primary URI does not answer',
		}),
		phoneNumbers,
		optionsWith(
			rollback,
			simplifyOption,
			// Calls to a PBX are encrypted by the transport of its URI, so this has no effect.
			unlisted(secure),
			...planning,
			...routing,
			uriLogin,
		),
	],
	run: composite(({ parameter, options }) =>
		composites.provisionInbound({
			name: parameter('name'),
			primaryUri: parameter('primaryUri'),
			fallbackUri: parameter('fallbackUri', ''),
			phoneNumbers: parameter('phoneNumbers', ''),
			options,
		}),
	),
});

/**
 * Not `required`: where the authentication comes from an expression, n8n would ask for all of them. The
 * operation itself refuses what is missing.
 */
const shownWith = (sipAuthentication: string) => ({
	displayOptions: { show: { sipAuthentication: [sipAuthentication] } },
});

const provisionOutbound = operation({
	name: 'Provision Outbound',
	value: 'provisionOutbound',
	action: 'Provision outbound calling',
	description:
		'Let a PBX or platform make calls: a SIP credential or IP access control list and a trunk, in one step',
	fields: [
		nameField,
		{
			displayName: 'Authentication',
			name: 'sipAuthentication',
			type: 'options',
			options: [
				{
					name: 'Existing IP Access Control List',
					value: 'ipAcl',
					description: 'A list of addresses that you created before',
				},
				{
					name: 'Existing SIP Credential',
					value: 'credential',
					description: 'A username and password that you created before',
				},
				{
					name: 'New IP Access Control List',
					value: 'newIpAcl',
					description:
						'Plivo accepts calls from certain addresses only. For a PBX with a static address.',
				},
				{
					name: 'New SIP Credential',
					value: 'newCredential',
					description: 'A username and password for this customer. Recommended for most setups.',
				},
			],
			default: 'newCredential',
			required: true,
			description: 'How outbound calls are authenticated',
		},
		{ ...username, ...shownWith('newCredential') },
		{ ...password, ...shownWith('newCredential') },
		{ ...optional(credentialId), ...shownWith('credential') },
		textField({
			displayName: 'IP Addresses',
			name: 'ipAddresses',
			typeOptions: { rows: 3 },
			placeholder: 'e.g. 203.0.113.10, 198.51.100.0/28',
			description:
				'Public addresses or CIDR blocks that the PBX calls from, separated by commas or line breaks, or a list from an expression. Anyone at these addresses can call on your account.',
			...shownWith('newIpAcl'),
		}),
		{ ...optional(ipAclId), ...shownWith('ipAcl') },
		optionsWith(rollback, secure, simplifyOption, ...planning, ...outboundSafety),
	],
	run: composite(({ parameter, options }) =>
		composites.provisionOutbound({
			name: parameter('name'),
			sipAuthentication: parameter('sipAuthentication'),
			username: parameter('username', ''),
			password: parameter('password', ''),
			credentialId: parameter('credentialId', ''),
			ipAddresses: parameter('ipAddresses', ''),
			ipAclId: parameter('ipAclId', ''),
			options,
		}),
	),
});

export const provisioning = resource(
	{ name: 'Provisioning', value: 'provisioning' },
	'connectPlatform',
	[checkReadiness, connectPlatform, deprovision, provisionInbound, provisionOutbound],
);
