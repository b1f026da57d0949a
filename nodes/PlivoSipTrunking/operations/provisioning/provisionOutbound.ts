import { provisionOutbound as prepare } from '../../provisioning';
import { credentialId, ipAclId, nameField, optional, optionsWith, simplifyOption } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';
import { outboundSafety, password, planning, rollback, secure, username } from './fields';

/**
 * Not `required`: where the authentication comes from an expression, n8n would ask for all of them. The
 * operation itself refuses what is missing.
 */
const shownWith = (sipAuthentication: string) => ({
	displayOptions: { show: { sipAuthentication: [sipAuthentication] } },
});

export const provisionOutbound = operation({
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
		{
			displayName: 'IP Addresses',
			name: 'ipAddresses',
			type: 'string',
			typeOptions: { rows: 3 },
			default: '',
			placeholder: 'e.g. 203.0.113.10, 198.51.100.0/28',
			description:
				'Public addresses or CIDR blocks that the PBX calls from, separated by commas or line breaks, or a list from an expression. Anyone at these addresses can call on your account.',
			...shownWith('newIpAcl'),
		},
		{ ...optional(ipAclId), ...shownWith('ipAcl') },
		optionsWith(rollback, secure, simplifyOption, ...planning, ...outboundSafety),
	],
	run: composite(({ parameter, options }) =>
		prepare({
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
