import type { provisionOutbound } from '../provisioning';
import type { Executor, Operation } from '../run/operation';
import {
	allowDisabledTrunk,
	booleanField,
	type Field,
	locator,
	moveRoutedNumbers,
	optional,
	PASSWORD_RULE,
	passwordField,
	skipComplianceCheck,
	textField,
	usernameField,
} from './fields';

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

export const secure = booleanField({
	displayName: 'Secure',
	name: 'secure',
	description:
		'Whether outbound calls are encrypted (TLS and SRTP). Plivo bills it per minute, and your PBX or platform must then dial over TLS. Inbound calls are encrypted if their SIP address ends in ;transport=tls.',
});

/** For options of what makes an outbound trunk. */
export const outboundSafety: Field[] = [
	booleanField({
		displayName: 'Allow Any Address',
		name: 'allowAnyAddress',
		description:
			'Whether an IP access control list may be the only authentication even if it lets in more addresses than a /8 in all, such as 0.0.0.0/0. Anyone at these addresses can call on your account.',
	}),
	booleanField({
		displayName: 'Replace Login',
		name: 'replaceLogin',
		description:
			'Whether a SIP credential that a trunk uses gets the username and password of this run, or the trunk another credential. Calls with the old ones are refused from then on. If off, the operation stops when it would be replaced.',
	}),
];

export const rollback: Field = {
	displayName: 'Roll Back',
	name: 'rollback',
	type: 'boolean',
	default: true,
	description:
		'Whether to undo everything when a step fails: delete what was created, restore what was changed, and route numbers back',
};

/** For options. */
export const planning: Field[] = [
	textField({
		displayName: 'Plan Digest',
		name: 'planDigest',
		placeholder: 'e.g. {{ $json.plan_digest }}',
		neverEmpty: true,
		description:
			"The plan_digest from a run with 'Plan Only'. If the plan has changed since, nothing is done.",
	}),
	booleanField({
		displayName: 'Plan Only',
		name: 'planOnly',
		neverEmpty: true,
		description: 'Whether to return what would be done without doing it. Nothing is changed.',
	}),
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

/** For options. */
export const uriLogin: Field = {
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
			values: [
				{ ...usernameField, placeholder: 'e.g. plivo', description: URI_LOGIN },
				{ ...passwordField, description: URI_LOGIN },
			],
		},
	],
};

/**
 * What a composite runs: one item is its answer.
 *
 * @param prepare checks the parameters at once, and returns the work
 */
export const composite =
	(prepare: (operation: Operation) => ReturnType<typeof provisionOutbound>): Executor =>
	(operation) => {
		const work = prepare(operation);
		return async (channel) => [await work(channel)];
	};
