import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { provisionOutbound as execute } from '../provision';
import { credentialLocator, ipAclLocator, nameField, options, shownFor } from '../fields';
import { password, planning, rollback, secure, username, USERNAME_HELP } from './fields';

export const provisionOutbound: INodePropertyOptions = {
	name: 'Provision Outbound',
	value: 'provisionOutbound',
	action: 'Provision outbound calling',
	description: 'Let a PBX or platform call out: a credential or IP list and a trunk, in one step',
	routing: runs({ method: 'POST', url: '/Zentrunk/Trunk/' }, execute),
};

/**
 * Not `required`: where the authentication comes from an expression, n8n would ask for all of them. The
 * operation itself refuses what is missing.
 */
const shownWith = (sipAuthentication: string) => ({
	displayOptions: { show: { sipAuthentication: [sipAuthentication] } },
});

export const provisionOutboundFields = shownFor('provisioning', 'provisionOutbound', [
	nameField,
	{
		displayName: 'Authentication',
		name: 'sipAuthentication',
		type: 'options',
		options: [
			{
				name: 'Existing Credential',
				value: 'credential',
				description: 'A username and password that you made before',
			},
			{
				name: 'Existing IP Access Control List',
				value: 'ipAcl',
				description: 'A list of addresses that you made before',
			},
			{
				name: 'New Credential',
				value: 'newCredential',
				description: 'A username and password for this customer. Right for most.',
			},
			{
				name: 'New IP Access Control List',
				value: 'newIpAcl',
				description: 'Calls are accepted from certain addresses. For a PBX with a static address.',
			},
		],
		default: 'newCredential',
		required: true,
		description: 'How Plivo knows that a call comes from your customer and not from a stranger',
	},
	{ ...username(USERNAME_HELP), ...shownWith('newCredential') },
	{ ...password, ...shownWith('newCredential') },
	{ ...credentialLocator({ required: false }), ...shownWith('credential') },
	{
		displayName: 'IP Addresses',
		name: 'ipAddresses',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. 203.0.113.10, 198.51.100.0/28',
		description:
			'Public addresses or CIDR blocks that the PBX calls from, separated by commas or line ends, or a list from an expression. Everybody in them can call on your account.',
		...shownWith('newIpAcl'),
	},
	{ ...ipAclLocator({ required: false }), ...shownWith('ipAcl') },
	options(rollback, secure, ...planning),
]);
