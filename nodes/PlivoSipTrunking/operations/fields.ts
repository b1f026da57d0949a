import type { INodeProperties } from 'n8n-workflow';

import { checkedBoolean } from '../input/boolean';
import type { Field } from '../run/given';
import type { Operation } from '../run/operation';

export type { Field };

/** Where a field's value goes in the request: a query parameter or a field of the record. */
export const query = (property: string): INodeProperties['routing'] => ({
	send: { type: 'query', property },
});
export const body = (property: string): INodeProperties['routing'] => ({
	send: { type: 'body', property },
});

/** A field for a text, less what each says of itself. */
export const textField = (field: Omit<Field, 'type' | 'default'>): Field => ({
	...field,
	type: 'string',
	default: '',
});

/** A field for yes or no, off unless somebody turns it on, less what each says of itself. */
export const booleanField = (field: Omit<Field, 'type' | 'default'>): Field => ({
	...field,
	type: 'boolean',
	default: false,
});

/**
 * Whether a switch among the options is on.
 *
 * @throws PlivoFailure of kind `input`, naming it by its label
 */
export const isOn = ({ options }: Operation, { displayName, name, default: unset }: Field) =>
	checkedBoolean(displayName, options[name] ?? unset);

interface Locator extends Partial<Field> {
	readonly displayName: string;
	readonly name: string;
	/** Method of `listSearch`. */
	readonly search: string;
	/** What the mode is called in which the id is typed. */
	readonly byId?: string;
	readonly placeholder?: string;
}

/** A record to pick from a searchable list, or by its id. */
export const locator = ({
	displayName,
	name,
	search,
	byId = 'By ID',
	placeholder,
	...rest
}: Locator): Field => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Search by name or ID…',
			typeOptions: { searchListMethod: search, searchable: true },
		},
		{
			displayName: byId,
			name: 'id',
			type: 'string',
			placeholder: placeholder ?? 'e.g. 8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0',
		},
	],
	...rest,
});

/** The same field where it may be left empty. */
export function optional(field: Field): Field {
	const copy = { ...field };
	delete copy.required;
	return copy;
}

const trunkIn = (search: string) =>
	locator({ displayName: 'Trunk', name: 'trunkId', search, placeholder: 'e.g. 21784177241578123' });

export const trunkId = trunkIn('searchTrunks');

export const inboundTrunkId = trunkIn('searchInboundTrunks');

export const outboundTrunkId = trunkIn('searchOutboundTrunks');

export const originationUriId = locator({
	displayName: 'Origination URI',
	name: 'originationUriId',
	search: 'searchOriginationUris',
});

export const credentialId = locator({
	displayName: 'SIP Credential',
	name: 'credentialId',
	search: 'searchCredentials',
});

export const ipAclId = locator({
	displayName: 'IP Access Control List',
	name: 'ipAclId',
	search: 'searchIpAcls',
});

export const phoneNumber = locator({
	displayName: 'Phone Number',
	name: 'phoneNumber',
	search: 'searchPhoneNumbers',
	byId: 'By Number',
	placeholder: 'e.g. +1 415 555 0123',
});

export const applicationId = locator({
	displayName: 'Application ID',
	name: 'applicationId',
	search: 'searchApplications',
	placeholder: 'e.g. 16638156474000802',
});

/** A login's two fields, less what each operation says of them. */
export const usernameField = textField({
	displayName: 'Username',
	name: 'username',
});
export const passwordField = textField({
	displayName: 'Password',
	name: 'password',
	typeOptions: { password: true },
});

/** What Plivo takes as the password of a SIP credential. */
export const PASSWORD_RULE =
	'5 to 20 letters, digits and ~!@#$%^&*()_+, with at least one of these special characters.';

/** Of what an operation makes. One text for all of them, so it is one field. */
export const nameField = textField({
	displayName: 'Name',
	name: 'name',
	required: true,
	placeholder: 'e.g. Acme Ltd',
	description:
		"A name that you will recognize, such as a customer or site. 'Create or Update' and the provisioning operations reuse what already has this name, so running them twice never creates duplicates.",
	routing: body('name'),
});

/** Among the fields to update. */
export const newNameField: Field = {
	...optional(nameField),
	description: 'A name that you will recognize',
};

export const simplify: Field = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: { hide: { '@tool': [true] } },
};

/** In the place of Simplify for AI agents, which do better with few fields (n8n's UX guidelines). */
const outputMode: Field = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	options: [
		{ name: 'Raw', value: 'raw', description: 'All fields' },
		{
			name: 'Selected Fields',
			value: 'selectedFields',
			description: 'The ID and the fields that you choose',
		},
		{ name: 'Simplified', value: 'simplified', description: 'The main fields' },
	],
	default: 'simplified',
	description: 'How much of each record the model gets to read',
	displayOptions: { show: { '@tool': [true] } },
};

const IN_CAPITALS = /^(cnam|id|mms|rtt|sms|srtp|stir|uri|uuid)$/;

/** `call_uuid` as "Call UUID". */
const inWords = (field: string) =>
	field
		.split('_')
		.map((word) =>
			IN_CAPITALS.test(word)
				? word.toUpperCase()
				: `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`,
		)
		.join(' ');

/** How much of a record is returned: Simplify, or Output for AI agents. */
export const viewFields = (recordFields: readonly string[]): Field[] => [
	simplify,
	outputMode,
	{
		displayName: 'Output Fields',
		name: 'outputFields',
		type: 'multiOptions',
		options: [...recordFields].sort().map((field) => ({ name: inWords(field), value: field })),
		default: [],
		description: 'The fields that the model gets to read, besides the ID',
		displayOptions: { show: { '@tool': [true], output: ['selectedFields'] } },
	},
];

export const returnAllOrLimit: Field[] = [
	booleanField({
		displayName: 'Return All',
		name: 'returnAll',
		description: 'Whether to return all results or only up to a given limit',
	}),
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** The optional fields of an operation. */
export const collection = (
	displayName: string,
	name: string,
	placeholder: string,
	fields: Field[],
): Field => ({
	displayName,
	name,
	type: 'collection',
	placeholder,
	default: {},
	options: fields,
});

const maxRetries: Field = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 10 },
	default: 5,
	description:
		'How often to retry a request when Plivo is busy or unreachable. Retries never create duplicates.',
};

const timeout: Field = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 300 },
	default: 30,
	description: 'How many seconds to wait for an answer to each request',
};

export const pageConcurrency: Field = {
	displayName: 'Page Concurrency',
	name: 'pageConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: 20,
	description: 'How many pages of 20 records to read in parallel',
};

/**
 * An option that is understood, and that the editor doesn't offer since there is a better way. n8n drops what
 * isn't declared. While it does so it looks at simple parameters only (n8n-workflow, getNodeParameters), so the
 * condition hides the option in the editor and nowhere else.
 */
export const unlisted = (field: Field): Field => ({
	...field,
	displayOptions: { hide: { '/options': [{ _cnd: { exists: true } }] } },
});

/** What an update changes. */
export const updateFields = (...fields: Field[]): Field => ({
	...collection('Update Fields', 'updateFields', 'Add Field', fields),
	description: 'What you leave out keeps its value. A value can be replaced, but not cleared.',
});

/** Options that every operation has together with its own, in alphabetical order. */
export const optionsWith = (...own: Field[]): Field =>
	collection(
		'Options',
		'options',
		'Add Option',
		[maxRetries, timeout, ...own].sort((one, other) =>
			one.displayName.localeCompare(other.displayName),
		),
	);

/** For options of what routes numbers to a trunk. */
export const allowDisabledTrunk = booleanField({
	displayName: 'Allow Disabled Trunk',
	name: 'allowDisabledTrunk',
	description:
		'Whether to route numbers to a trunk that is disabled or has no primary URI. They do not answer until that has changed.',
});

/** For options of what routes numbers to a trunk. */
export const skipComplianceCheck = booleanField({
	displayName: 'Skip Compliance Check',
	name: 'skipComplianceCheck',
	description:
		'Whether to route Indian numbers without checking that Plivo has accepted their compliance applications',
});

/** For options of what may send calls elsewhere although it isn't named for it. */
export const moveRoutedNumbers = booleanField({
	displayName: 'Move Routed Numbers',
	name: 'moveRoutedNumbers',
	description:
		'Whether calls of numbers that are in use may go elsewhere: to another address than their trunk has now, or, with provisioning, away from another inbound trunk or from where this account cannot look, such as a subaccount’s trunk. If off, the operation stops and names the numbers.',
});

/** The options of an operation that has none of its own. */
export const options = optionsWith();

/** For options of operations that return the whole record, as workflows rely on. */
export const simplifyOption = booleanField({
	displayName: 'Simplify',
	name: 'simplify',
	description: 'Whether to return a simplified version of the response instead of the raw data',
});

/** The options of an operation that writes a record of more than ten fields. */
export const writeOptions = optionsWith(simplifyOption);

/** The options of an operation that reads a list. */
export const listOptions = optionsWith(pageConcurrency);

/** For options of what refuses to take away something that is in use. */
export const force = booleanField({
	displayName: 'Force',
	name: 'force',
	description: 'Whether to delete it even if it is in use. Calls that depend on it will fail.',
});

/** The options of an operation that deletes. */
export const deleteOptions = optionsWith(force);
