import type { IDataObject } from 'n8n-workflow';

import { newTrunk, TRUNK } from '../../records/trunk';
import type { Operation } from '../../run/operation';
import {
	body,
	collection,
	credentialId,
	type Field,
	ipAclId,
	nameField,
	optional,
	originationUriId,
	viewFields,
} from '../fields';

const DIRECTIONS = [
	{
		name: 'Inbound',
		value: 'inbound',
		description: 'Calls to your phone numbers: from Plivo to your PBX or voice platform',
	},
	{
		name: 'Outbound',
		value: 'outbound',
		description: 'Calls that you make: from your PBX or voice platform to Plivo',
	},
];

const STATUSES = [
	{ name: 'Disabled', value: 'disabled', description: 'The trunk carries no calls' },
	{ name: 'Enabled', value: 'enabled', description: 'The trunk carries calls' },
];

export const trunkDirection: Field = {
	displayName: 'Direction',
	name: 'trunkDirection',
	type: 'options',
	options: DIRECTIONS,
	default: 'outbound',
	required: true,
	description: 'Which way calls go. For both directions, create two trunks.',
	routing: body('trunk_direction'),
};

export const trunkStatus: Field = {
	displayName: 'Status',
	name: 'trunkStatus',
	type: 'options',
	options: STATUSES,
	default: 'enabled',
	description: 'Whether the trunk carries calls',
	routing: body('trunk_status'),
};

export const secure: Field = {
	displayName: 'Secure',
	name: 'secure',
	type: 'boolean',
	default: false,
	description:
		'Whether calls are encrypted (TLS and SRTP). Plivo bills it per minute, and your PBX or platform must support it.',
	routing: body('secure'),
};

// None of these is `required`: with an expression for the direction n8n shows them all, and would want
// them all filled in. What is missing is told by the item.

export const credential: Field = {
	...optional(credentialId),
	description: 'The username and password that your PBX authenticates with',
	routing: body('credential_uuid'),
};

export const ipAcl: Field = {
	...optional(ipAclId),
	description: 'The addresses that your PBX calls from',
	routing: body('ipacl_uuid'),
};

export const primaryUri: Field = {
	...optional(originationUriId),
	displayName: 'Primary URI',
	name: 'primaryUriId',
	description: 'The origination URI that incoming calls go to: the address of your PBX or platform',
	routing: body('primary_uri_uuid'),
};

export const fallbackUri: Field = {
	...optional(originationUriId),
	displayName: 'Fallback URI',
	name: 'fallbackUriId',
	description: 'Where incoming calls go when the primary URI does not answer. For inbound trunks.',
	routing: body('fallback_uri_uuid'),
};

const shownWith = (show: { [parameter: string]: string[] }) => ({ displayOptions: { show } });

/** How much of a trunk is returned. */
export const trunkView = viewFields([...(TRUNK.mainFields ?? []), 'created_at', 'updated_at']);

/** For Create, and for Create or Update. */
export const newTrunkFields: Field[] = [
	nameField,
	trunkDirection,
	{
		displayName: 'Authentication',
		name: 'sipAuthentication',
		type: 'options',
		options: [
			{
				name: 'Both',
				value: 'both',
				description: 'Plivo accepts calls only with the right password and from the right address',
			},
			{
				name: 'IP Access Control List',
				value: 'ipAcl',
				description:
					'Plivo accepts calls from certain addresses only. For a PBX with a static address.',
			},
			{
				name: 'SIP Credential',
				value: 'credential',
				description:
					'Your PBX authenticates with a username and password. Recommended for most setups.',
			},
		],
		default: 'credential',
		required: true,
		description: 'How outbound calls are authenticated',
		...shownWith({ trunkDirection: ['outbound'] }),
	},
	{
		...credential,
		...shownWith({ trunkDirection: ['outbound'], sipAuthentication: ['credential', 'both'] }),
	},
	{
		...ipAcl,
		...shownWith({ trunkDirection: ['outbound'], sipAuthentication: ['ipAcl', 'both'] }),
	},
	{ ...primaryUri, ...shownWith({ trunkDirection: ['inbound'] }) },
	collection('Additional Fields', 'additionalFields', 'Add Field', [
		fallbackUri,
		secure,
		trunkStatus,
	]),
];

/** What these fields make: the fields of the new trunk, checked. */
export const newTrunkOf = (operation: Operation): IDataObject =>
	// Hidden for an inbound trunk, and then not there at all.
	newTrunk(operation.body, operation.parameter('sipAuthentication', null));
