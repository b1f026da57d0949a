import { PBXS } from '../../knowledge/pbx';
import { type Platform, PLATFORMS } from '../../knowledge/platforms';
import {
	type Field,
	locator,
	moveRoutedNumbers,
	optional,
	PASSWORD_RULE,
	passwordField,
	unlisted,
	usernameField,
} from '../fields';
import { allowDisabledTrunk, skipComplianceCheck } from '../phoneNumber/fields';

export const phoneNumbers: Field = {
	...optional(
		locator({
			displayName: 'Phone Numbers',
			name: 'phoneNumbers',
			search: 'searchPhoneNumbers',
			byId: 'By Number',
			placeholder: 'e.g. +1 415 555 0123, +1 415 555 0124',
		}),
	),
	description:
		'A number of your Plivo account, or several separated by commas, or a list from an expression. Their calls go to the new trunk from now on; the output says where they went before.',
};

export const username: Field = {
	...usernameField,
	placeholder: 'e.g. acmepbx01',
	description:
		'The username that the PBX or platform authenticates with: 5 to 20 letters, digits and underscores. Leave empty to generate one from the name.',
};

export const password: Field = {
	...passwordField,
	description: `${PASSWORD_RULE} Leave empty to generate a strong password, which is shown once.`,
};

export const secure: Field = {
	displayName: 'Secure',
	name: 'secure',
	type: 'boolean',
	default: false,
	description:
		'Whether outbound calls are encrypted (TLS and SRTP). Plivo bills it per minute, and your PBX or platform must then dial over TLS. Inbound calls are encrypted if their SIP address ends in ;transport=tls.',
};

/** For options of what makes an outbound trunk. */
export const outboundSafety: Field[] = [
	{
		displayName: 'Allow Any Address',
		name: 'allowAnyAddress',
		type: 'boolean',
		default: false,
		description:
			'Whether an IP access control list may be the only authentication even if it lets in more addresses than a /8 in all, such as 0.0.0.0/0. Anyone at these addresses can call on your account.',
	},
	{
		displayName: 'Replace Login',
		name: 'replaceLogin',
		type: 'boolean',
		default: false,
		description:
			'Whether a SIP credential that a trunk uses gets the username and password of this run, or the trunk another credential. Calls with the old ones are refused from then on. If off, the operation stops when it would be replaced.',
	},
];

export const platformRequests: Field = {
	displayName: 'Platform Requests',
	name: 'platformRequests',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the requests that set up the other side through the platform’s API, ready for HTTP Request nodes. They include the password if this run has set one.',
};

export const rollback: Field = {
	displayName: 'Roll Back',
	name: 'rollback',
	type: 'boolean',
	default: true,
	description:
		'Whether to undo everything when a step fails: delete what was created, restore what was changed, and route numbers back',
};

/** The options of a table of knowledge, by name as n8n wants them. */
export const choicesOf = (
	table: Readonly<Record<string, Pick<Platform, 'label' | 'choice' | 'note'>>>,
) =>
	Object.entries(table)
		.map(([value, { label, choice = label, note }]) => ({
			name: choice,
			value,
			...(note !== undefined && { description: note }),
		}))
		.sort((one, other) => one.name.localeCompare(other.name));

/** The platforms of which something holds, by their values: fields that mean nothing to the others are hidden. */
export const platformsWith = (holds: (platform: Platform) => boolean): string[] =>
	Object.entries(PLATFORMS).flatMap(([value, platform]) => (holds(platform) ? [value] : []));

export const PBX_PLATFORMS = platformsWith(({ isPbx = false }) => isPbx);

/** For options of Connect Platform. */
export const pbxType: Field = {
	displayName: 'PBX Type',
	name: 'pbxType',
	type: 'options',
	options: [...choicesOf(PBXS), { name: 'None', value: 'none' }],
	default: 'none',
	description:
		'Which PBX to return the configuration for, ready to copy: files or form values, with the password. None: no configuration.',
	displayOptions: { show: { '/platform': PBX_PLATFORMS } },
};

/** For options. */
export const planning: Field[] = [
	{
		displayName: 'Plan Digest',
		name: 'planDigest',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.plan_digest }}',
		neverEmpty: true,
		description:
			"The plan_digest from a run with 'Plan Only'. If the plan has changed since, nothing is done.",
	},
	{
		displayName: 'Plan Only',
		name: 'planOnly',
		type: 'boolean',
		default: false,
		neverEmpty: true,
		description: 'Whether to return what would be done without doing it. Nothing is changed.',
	},
];

/** For options. */
export const routing: Field[] = [
	allowDisabledTrunk,
	moveRoutedNumbers,

	{
		displayName: 'Route Numbers',
		name: 'routeNumbers',
		type: 'boolean',
		default: true,
		neverEmpty: true,
		description:
			'Whether to route the numbers in the same step, so that their calls go to the new trunk immediately. If off, the numbers are only checked, and you route them when the other side is ready.',
	},
	skipComplianceCheck,
];

const URI_LOGIN =
	'What Plivo answers with when your PBX asks for a username and password. Most PBXs do not ask.';

const loginUsername: Field = {
	...usernameField,
	placeholder: 'e.g. plivo',
	description: URI_LOGIN,
};

const loginPassword: Field = { ...passwordField, description: URI_LOGIN };

/** For options: one for both parts of the login, and its parts by their names of before. */
export const uriLogin: Field[] = [
	{
		displayName: 'URI Login',
		name: 'uriLogin',
		type: 'fixedCollection',
		placeholder: 'Add Login',
		default: {},
		description: URI_LOGIN,
		options: [
			{
				displayName: 'Login',
				name: 'login',
				values: [loginUsername, loginPassword],
			},
		],
	},
	unlisted({ ...loginPassword, displayName: 'URI Password', name: 'uriPassword' }),
	unlisted({ ...loginUsername, displayName: 'URI Username', name: 'uriUsername' }),
];
