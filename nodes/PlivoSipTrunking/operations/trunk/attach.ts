import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { changeTrunk, reference } from '../write';
import { CREDENTIAL } from '../../records/credential';
import { IP_ACL } from '../../records/ipAccessControlList';
import { ORIGINATION_URI } from '../../records/originationUri';
import {
	credentialLocator,
	ipAclLocator,
	options,
	originationUriLocator,
	shownFor,
	trunkLocator,
} from '../fields';

const request = { method: 'POST', url: '/Zentrunk/Trunk/{trunkId}/' } as const;

export const attachCredential: INodePropertyOptions = {
	name: 'Attach Credential',
	value: 'attachCredential',
	action: 'Attach a credential to a trunk',
	description: 'Let an outbound trunk accept calls signed with a credential',
	routing: runs(
		request,
		changeTrunk(reference('credentialId', CREDENTIAL, 'credential_uuid'), 'outbound'),
	),
};

export const attachIpAcl: INodePropertyOptions = {
	name: 'Attach IP Access Control List',
	value: 'attachIpAcl',
	action: 'Attach an IP access control list to a trunk',
	description: 'Let an outbound trunk accept calls from the addresses of a list',
	routing: runs(request, changeTrunk(reference('ipAclId', IP_ACL, 'ipacl_uuid'), 'outbound')),
};

export const attachOriginationUri: INodePropertyOptions = {
	name: 'Attach Origination URI',
	value: 'attachOriginationUri',
	action: 'Attach an origination URI to a trunk',
	description: 'Set where the calls of an inbound trunk go',
	routing: runs(
		request,
		changeTrunk(
			(operation) =>
				reference(
					'originationUriId',
					ORIGINATION_URI,
					operation.parameter('role') === 'fallback' ? 'fallback_uri_uuid' : 'primary_uri_uuid',
				)(operation),
			'inbound',
		),
	),
};

const outboundTrunk = trunkLocator({ search: 'searchOutboundTrunks' });

export const attachFields = [
	...shownFor('trunk', 'attachCredential', [outboundTrunk, credentialLocator(), options()]),
	...shownFor('trunk', 'attachIpAcl', [outboundTrunk, ipAclLocator(), options()]),
	...shownFor('trunk', 'attachOriginationUri', [
		trunkLocator({ search: 'searchInboundTrunks' }),
		originationUriLocator(),
		{
			displayName: 'Role',
			name: 'role',
			type: 'options',
			options: [
				{
					name: 'Fallback',
					value: 'fallback',
					description: 'Calls go there when the primary URI does not answer',
				},
				{ name: 'Primary', value: 'primary', description: 'Calls go there first' },
			],
			default: 'primary',
			required: true,
			description: 'Whether calls go there first, or only when the first does not answer',
		},
		options(),
	]),
];
