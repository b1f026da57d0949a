import type { Field } from '../fields';
import { allowDisabledTrunk, skipComplianceCheck } from '../phoneNumber/fields';

export const phoneNumbers: Field = {
	displayName: 'Phone Numbers',
	name: 'phoneNumbers',
	type: 'string',
	default: '',
	placeholder: 'e.g. +1 415 555 0123, +1 415 555 0124',
	description:
		'Numbers of your Plivo account whose calls go to the new trunk from now on, separated by commas, or a list from an expression. The output tells where they went before.',
};

export const username: Field = {
	displayName: 'Username',
	name: 'username',
	type: 'string',
	default: '',
	placeholder: 'e.g. acmepbx01',
	description:
		'What the PBX or platform signs its calls with: 5 to 20 letters, digits and underscores. Empty: made from the name.',
};

export const password: Field = {
	displayName: 'Password',
	name: 'password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'5 to 20 letters, digits and ~!@#$%^&*()_+, with at least one of these special characters. Empty: a strong one is generated and returned, this once.',
};

export const secure: Field = {
	displayName: 'Secure',
	name: 'secure',
	type: 'boolean',
	default: false,
	description:
		'Whether outbound calls are encrypted (TLS and SRTP). Plivo bills it per minute, and your PBX or platform must then dial over TLS. Inbound calls are encrypted by ;transport=tls in their SIP address.',
};

export const rollback: Field = {
	displayName: 'Roll Back',
	name: 'rollback',
	type: 'boolean',
	default: true,
	description:
		'Whether to take back what was done when a step fails: delete what was made, give what was changed its old values, and send numbers back to their old route',
};

/** For options of Connect Platform. */
export const pbxType: Field = {
	displayName: 'PBX Type',
	name: 'pbxType',
	type: 'options',
	options: [
		{ name: '3CX', value: '3cx' },
		{ name: 'Another PBX', value: 'other', description: 'A table of values' },
		{ name: 'Asterisk', value: 'asterisk' },
		{ name: 'FreePBX', value: 'freepbx' },
		{ name: 'FreeSWITCH', value: 'freeswitch' },
		{ name: 'FusionPBX', value: 'fusionpbx' },
		{ name: 'None', value: 'none' },
	],
	default: 'none',
	description:
		'Which PBX to return the configuration for, ready to copy: files or form values, with the password. None: no configuration.',
	displayOptions: { show: { '/platform': ['custom'] } },
};

/** For options. */
export const planning: Field[] = [
	{
		displayName: 'Plan Digest',
		name: 'planDigest',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.plan_digest }}',
		description:
			'The plan_digest of a run with Plan Only: nothing is done if the plan has changed since',
	},
	{
		displayName: 'Plan Only',
		name: 'planOnly',
		type: 'boolean',
		default: false,
		description: 'Whether to return what would be done instead of doing it. Nothing is written.',
	},
];

/** For options. */
export const routing: Field[] = [
	allowDisabledTrunk,
	{
		displayName: 'Move Routed Numbers',
		name: 'moveRoutedNumbers',
		type: 'boolean',
		default: false,
		description:
			'Whether to take numbers from a trunk of another name. Off: nothing is done if there is one, since that trunk would lose its calls.',
	},
	{
		displayName: 'Route Numbers',
		name: 'routeNumbers',
		type: 'boolean',
		default: true,
		description:
			'Whether to route the numbers in the same step; their calls go to the new trunk at once. Off: the numbers are only checked, to be routed when the other side is ready.',
	},
	skipComplianceCheck,
];

/** For options. */
export const uriLogin: Field[] = [
	{
		displayName: 'URI Password',
		name: 'uriPassword',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'What Plivo answers with when your PBX asks for a password. Most do not.',
	},
	{
		displayName: 'URI Username',
		name: 'uriUsername',
		type: 'string',
		default: '',
		placeholder: 'e.g. plivo',
		description: 'Goes with the URI password',
	},
];
