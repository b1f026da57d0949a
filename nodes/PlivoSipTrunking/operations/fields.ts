import type { INodeProperties } from 'n8n-workflow';

/** A field as an operation declares it. Which operations show it is added by `propertiesOf`. */
export type Field = INodeProperties;

/** Where a field's value goes in the request: a query parameter or a field of the record. */
export const query = (property: string): INodeProperties['routing'] => ({
	send: { type: 'query', property },
});
export const body = (property: string): INodeProperties['routing'] => ({
	send: { type: 'body', property },
});

interface Locator extends Partial<Field> {
	readonly displayName: string;
	readonly name: string;
	/** Method of `listSearch`. */
	readonly search: string;
	readonly placeholder?: string;
}

/** A record to pick from a searchable list, or by its id. */
export const locator = ({ displayName, name, search, placeholder, ...rest }: Locator): Field => ({
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
			displayName: 'By ID',
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
	placeholder: 'e.g. +1 415 555 0123',
});

export const applicationId = locator({
	displayName: 'Application ID',
	name: 'applicationId',
	search: 'searchApplications',
	placeholder: 'e.g. 16638156474000802',
});

/** Of what an operation makes. One text for all of them, so it is one field. */
export const nameField: Field = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Acme Ltd',
	description:
		'What you will recognize it by, such as your customer or site. Create or Update and the provisioning operations use again what has this name: running them twice makes nothing twice.',
	routing: body('name'),
};

/** Among the fields to update. */
export const newNameField: Field = {
	...optional(nameField),
	description: 'What you will recognize it by',
};

export const simplify: Field = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

export const returnAllOrLimit: Field[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
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
		'How often a request is repeated when Plivo is busy or unreachable. Nothing is ever created twice by it.',
};

const timeout: Field = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 300 },
	default: 30,
	description: 'How many seconds to wait for the answer to one request',
};

export const pageConcurrency: Field = {
	displayName: 'Page Concurrency',
	name: 'pageConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: 20,
	description: 'How many pages of 20 records to read at the same time',
};

/** Options that every operation has, with those of its own in the order of the alphabet. */
export const optionsWith = (...own: Field[]): Field =>
	collection(
		'Options',
		'options',
		'Add option',
		[maxRetries, timeout, ...own].sort((one, other) =>
			one.displayName.localeCompare(other.displayName),
		),
	);

/** The options of an operation that has none of its own. */
export const options = optionsWith();

/** The options of an operation that reads a list. */
export const listOptions = optionsWith(pageConcurrency);

/** The options of an operation that deletes. */
export const deleteOptions = optionsWith({
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: false,
	description:
		'Whether to delete it although something uses it. Calls that depend on it will fail.',
});
