import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../transport/failure';
import {
	ADDRESS_HELP,
	addressProblems,
	isPrivateAddress,
	isWideRange,
	URI_HELP,
	uriProblems,
} from './addresses';
import { CREDENTIAL, type Kind, ORIGINATION_URI, TRUNK } from './kinds';
import { without } from './read';

/** How a value is called and made fit for Plivo; throws PlivoFailure of kind `input` where it can't be. */
interface Rule {
	readonly label: string;
	readonly check: (label: string, value: unknown) => IDataObject[string];
}

/** Spaces at either end come from pasting; an id holds nothing that could leave its place in a path. */
const ID = /^[A-Za-z0-9_-]+$/;

/**
 * @param label the parameter's name in the editor
 * @returns the id without surrounding spaces
 * @throws PlivoFailure of kind `input`
 */
export function checkedId(label: string, value: unknown): string {
	if (typeof value !== 'string') {
		const got =
			value === undefined || value === null ? 'is empty' : `is no text but ${kindOf(value)}`;
		throw badInput(
			label,
			got,
			'Pick an entry from the list, or enter its ID as text. If it comes from an expression, check that the expression finds a value.',
		);
	}
	const id = value.trim();
	if (id === '') throw badInput(label, 'is empty', 'Pick an entry from the list, or enter its ID.');
	if (!ID.test(id)) {
		throw badInput(
			label,
			'is not an ID: it may have only letters, digits, "-" and "_"',
			'Copy the ID alone, without an address or spaces around it.',
		);
	}
	return id;
}

const kindOf = (value: unknown) =>
	Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

/**
 * @returns digits, as Plivo's paths have them; `+`, spaces, dots, dashes and brackets are left out
 * @throws PlivoFailure of kind `input`
 */
export function checkedPhoneNumber(label: string, value: unknown): string {
	const text = typeof value === 'number' ? String(value) : value;
	const digits = typeof text === 'string' ? text.trim().replace(/^\+|[\s().-]/g, '') : '';
	// E.164 has at most 15 digits; short codes and the like have 5 or more.
	if (!/^\d{5,15}$/.test(digits)) {
		throw badInput(
			label,
			digits === '' ? 'is empty' : 'is not a phone number',
			'Enter it with country code, such as +1 415 555 0123.',
		);
	}
	return digits;
}

/** @throws PlivoFailure of kind `input` unless there is some text */
export function checkedText(label: string, value: unknown): string {
	const text = typeof value === 'number' ? String(value) : value;
	if (typeof text !== 'string' || text.trim() === '') {
		throw badInput(
			label,
			'is empty',
			'Enter a text. If it comes from an expression, check that the expression finds a value.',
		);
	}
	return text.trim();
}

/** @throws PlivoFailure of kind `input` unless it is true or false, or their names as text */
export function checkedBoolean(label: string, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw badInput(label, 'must be on or off', 'Use true or false.');
}

const oneOf =
	(...choices: string[]): Rule['check'] =>
	(label, value) => {
		if (typeof value === 'string' && choices.includes(value)) return value;
		throw badInput(label, `must be ${choices.join(' or ')}`, `Choose ${choices.join(' or ')}.`);
	};

/** plivo.com/docs/sip-trunking/api/credentials, live (plivo-cli 1.1.1) */
function checkedUsername(label: string, value: unknown): string {
	const username = checkedText(label, value);
	if (!/^[A-Za-z0-9]{5,20}$/.test(username)) {
		throw badInput(
			label,
			username.length < 5 || username.length > 20
				? 'must have 5 to 20 characters'
				: 'may have only letters and digits',
			'Plivo takes 5 to 20 letters or digits, such as acmepbx01.',
		);
	}
	return username;
}

/** The special characters of which a password needs one. */
export const PASSWORD_SPECIALS = '~!@#$%^&*()_+';

/** plivo.com/docs/sip-trunking/api/credentials, live (plivo-cli 1.1.1). Never trimmed, never shown. */
function checkedPassword(label: string, value: unknown): string {
	const remedy = `Plivo takes 5 to 20 letters, digits and ${PASSWORD_SPECIALS}, with at least one of these special characters.`;
	if (typeof value !== 'string' || value === '') throw badInput(label, 'is empty', remedy);
	if (value.length < 5 || value.length > 20) {
		throw badInput(label, 'must have 5 to 20 characters', remedy);
	}
	const characters = [...value];
	const isSpecial = (character: string) => PASSWORD_SPECIALS.includes(character);
	if (!characters.every((character) => isSpecial(character) || /[A-Za-z0-9]/.test(character))) {
		throw badInput(label, 'has a character that Plivo does not take', remedy);
	}
	if (!characters.some(isSpecial)) {
		throw badInput(label, 'has no special character', remedy);
	}
	return value;
}

/** @throws PlivoFailure of kind `input` unless it can be an origination URI */
export function checkedUri(label: string, value: unknown): string {
	const uri = checkedText(label, value);
	const { error } = uriProblems(uri);
	if (error) throw badInput(label, error, URI_HELP);
	return uri;
}

/**
 * A list of addresses, from a list or from one text with commas, semicolons, spaces or line ends.
 *
 * @returns IPv4 or IPv6 addresses and CIDR blocks, none twice
 * @throws PlivoFailure of kind `input`, naming the first that is none
 */
export function checkedAddresses(label: string, value: unknown): string[] {
	const entries = Array.isArray(value)
		? value
		: typeof value === 'string'
			? value.split(/[\s,;]+/)
			: [];
	const addresses = entries
		.map((entry) => (typeof entry === 'string' ? entry.trim() : entry))
		.filter((entry) => entry !== '');
	if (addresses.length === 0) throw badInput(label, 'is empty', ADDRESS_HELP);
	for (const address of addresses) {
		const problem =
			typeof address === 'string' ? addressProblems(address) : 'has an entry that is no text';
		if (problem) throw badInput(label, problem, ADDRESS_HELP);
	}
	return [...new Set(addresses as string[])];
}

const id: Rule['check'] = checkedId;

const TRUNK_RULES: Record<string, Rule> = {
	name: { label: 'Name', check: checkedText },
	trunk_direction: { label: 'Direction', check: oneOf('inbound', 'outbound') },
	trunk_status: { label: 'Status', check: oneOf('enabled', 'disabled') },
	secure: { label: 'Secure', check: checkedBoolean },
	ipacl_uuid: { label: 'IP Access Control List', check: id },
	credential_uuid: { label: 'SIP Credential', check: id },
	primary_uri_uuid: { label: 'Primary URI', check: id },
	fallback_uri_uuid: { label: 'Fallback URI', check: id },
};

const URI_RULES: Record<string, Rule> = {
	name: { label: 'Name', check: checkedText },
	uri: { label: 'URI', check: checkedUri },
	authentication_needed: { label: 'Authentication Needed', check: checkedBoolean },
	username: { label: 'Username', check: checkedText },
	password: {
		label: 'Password',
		check: (label, value) => {
			if (typeof value === 'string' && value !== '') return value;
			throw badInput(label, 'is empty', 'Enter the password that your SIP server expects.');
		},
	},
};

const CREDENTIAL_RULES: Record<string, Rule> = {
	name: { label: 'Name', check: checkedText },
	username: { label: 'Username', check: checkedUsername },
	password: { label: 'Password', check: checkedPassword },
};

const IP_ACL_RULES: Record<string, Rule> = {
	name: { label: 'Name', check: checkedText },
	ip_addresses: { label: 'IP Addresses', check: checkedAddresses },
};

const rulesOf = (kind: Kind) =>
	kind === TRUNK
		? TRUNK_RULES
		: kind === ORIGINATION_URI
			? URI_RULES
			: kind === CREDENTIAL
				? CREDENTIAL_RULES
				: IP_ACL_RULES;

/**
 * Checks the fields of a record that is to be written.
 *
 * @param fields by Plivo's names
 * @returns the fields in the shape that Plivo takes
 * @throws PlivoFailure of kind `input`, naming the first field that can't be right
 */
export function checkedFields(kind: Kind, fields: IDataObject): IDataObject {
	const rules = rulesOf(kind);
	return Object.fromEntries(
		Object.entries(fields).map(([field, value]) => [
			field,
			rules[field].check(rules[field].label, value),
		]),
	);
}

/**
 * The fields of a new trunk, checked, and only those that go with its direction and authentication.
 *
 * @param fields by Plivo's names
 * @param sipAuthentication for an outbound trunk: `credential`, `ipAcl` or `both`
 * @throws PlivoFailure of kind `input`
 */
export function newTrunk(fields: IDataObject, sipAuthentication: unknown): IDataObject {
	const { trunk_direction: direction } = checkedFields(TRUNK, {
		trunk_direction: fields.trunk_direction,
	});
	const inbound = direction === 'inbound';
	if (!inbound) oneOf('credential', 'ipAcl', 'both')('Authentication', sipAuthentication);
	const needed = inbound
		? ['primary_uri_uuid']
		: [
				...(sipAuthentication === 'ipAcl' ? [] : ['credential_uuid']),
				...(sipAuthentication === 'credential' ? [] : ['ipacl_uuid']),
			];
	for (const field of needed) {
		if (fields[field]) continue;
		throw badInput(
			TRUNK_RULES[field].label,
			'is empty',
			inbound
				? 'An inbound trunk sends its calls to an origination URI: pick one, or create it first.'
				: 'Without a credential or an IP access control list anybody could call on your account: pick one, or create it first.',
		);
	}
	const fitting = ['name', 'trunk_direction', 'trunk_status', 'secure', ...needed];
	if (inbound) fitting.push('fallback_uri_uuid');
	const { fallback_uri_uuid: fallback } = fields;
	if (!inbound && fallback) {
		throw badInput(
			'Fallback URI',
			'goes with inbound trunks only',
			'Remove it: an outbound trunk carries calls from your PBX to Plivo.',
		);
	}
	return checkedFields(
		TRUNK,
		Object.fromEntries(
			fitting.filter((field) => field in fields).map((field) => [field, fields[field]]),
		),
	);
}

/**
 * The fields of a new origination URI, checked.
 *
 * @throws PlivoFailure of kind `input`
 */
export function newOriginationUri(fields: IDataObject): IDataObject {
	const { username, password, ...rest } = fields;
	const checked = checkedFields(ORIGINATION_URI, rest);
	if (checked.authentication_needed !== true) return checked;
	return { ...checked, ...checkedFields(ORIGINATION_URI, { username, password }) };
}

/**
 * What an update of an origination URI has to send: Plivo wants `authentication_needed` and
 * `username` with every password (live; plivo-cli 1.1.2), and both with authentication switched on.
 *
 * @param changes checked fields
 * @param current the record as it is
 * @throws PlivoFailure of kind `input`
 */
export function originationUriChanges(changes: IDataObject, current: IDataObject): IDataObject {
	const touchesLogin = ['authentication_needed', 'username', 'password'].some(
		(field) => field in changes,
	);
	if (!touchesLogin) return changes;
	const needed =
		changes.authentication_needed ?? ('password' in changes || current.authentication_needed);
	if (!needed) return { ...changes, authentication_needed: false };
	const username = changes.username ?? current.username;
	if (!username) {
		throw badInput(
			'Username',
			'is missing',
			'Add it: authentication takes a username and a password.',
		);
	}
	if (!('password' in changes)) {
		const unchanged = current.authentication_needed === true && username === current.username;
		if (unchanged) {
			return without(changes, 'authentication_needed', 'username');
		}
		throw badInput(
			'Password',
			'is missing',
			'Add it: Plivo takes a changed login only with its password, which it never shows.',
		);
	}
	return { ...changes, authentication_needed: true, username };
}

/** What is allowed but probably not meant, as whole sentences for the output's `warnings`. */
export function warningsAbout(kind: Kind, fields: IDataObject): string[] {
	if (kind === ORIGINATION_URI && typeof fields.uri === 'string') {
		return uriProblems(fields.uri).warnings;
	}
	if (Array.isArray(fields.ip_addresses)) {
		return (fields.ip_addresses as string[]).flatMap((address) => [
			...(isWideRange(address)
				? [
						`${address} is a very wide range: strangers in it can make calls on your account. Enter the addresses of your own servers.`,
					]
				: []),
			...(isPrivateAddress(address.split('/')[0]) && !isWideRange(address)
				? [
						`${address} is a private address: Plivo never sees calls come from it. Enter the public address of your server.`,
					]
				: []),
		]);
	}
	return [];
}
