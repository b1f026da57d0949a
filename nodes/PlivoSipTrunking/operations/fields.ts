import type { INodeProperties } from 'n8n-workflow';

/** A field without the `displayOptions` that its resource and operation give it. */
export type Field = Omit<INodeProperties, 'displayOptions'> & Partial<INodeProperties>;

/** Where a field's value goes in the request: a query parameter or a field of the record. */
export const query = (property: string): INodeProperties['routing'] => ({
	send: { type: 'query', property },
});
export const body = (property: string): INodeProperties['routing'] => ({
	send: { type: 'body', property },
});

interface Locator {
	readonly displayName: string;
	readonly name: string;
	/** Method of `listSearch`. */
	readonly search: string;
	readonly placeholder?: string;
	readonly description?: string;
	readonly required?: boolean;
	readonly routing?: INodeProperties['routing'];
}

/** A record to pick from a searchable list, or by its id. */
export function locator({ search, placeholder, required = true, ...rest }: Locator): Field {
	return {
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required,
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
	};
}

export const trunkLocator = (rest: Partial<Locator> = {}) =>
	locator({
		displayName: 'Trunk',
		name: 'trunkId',
		search: 'searchTrunks',
		placeholder: 'e.g. 21784177241578123',
		...rest,
	});

export const originationUriLocator = (rest: Partial<Locator> = {}) =>
	locator({
		displayName: 'Origination URI',
		name: 'originationUriId',
		search: 'searchOriginationUris',
		...rest,
	});

export const credentialLocator = (rest: Partial<Locator> = {}) =>
	locator({
		displayName: 'SIP Credential',
		name: 'credentialId',
		search: 'searchCredentials',
		...rest,
	});

export const ipAclLocator = (rest: Partial<Locator> = {}) =>
	locator({
		displayName: 'IP Access Control List',
		name: 'ipAclId',
		search: 'searchIpAcls',
		...rest,
	});

export const phoneNumberLocator = (rest: Partial<Locator> = {}) =>
	locator({
		displayName: 'Phone Number',
		name: 'phoneNumber',
		search: 'searchPhoneNumbers',
		placeholder: 'e.g. +1 415 555 0123',
		...rest,
	});

/** Of what an operation makes. One text for all of them makes it one field: see `joined`. */
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
	...nameField,
	required: false,
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
	options: fields as INodeProperties[],
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
export const options = (...own: Field[]): Field =>
	collection(
		'Options',
		'options',
		'Add option',
		[maxRetries, timeout, ...own].sort((one, other) =>
			one.displayName.localeCompare(other.displayName),
		),
	);

/** Whether to delete what is in use. */
export const force: Field = {
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: false,
	description:
		'Whether to delete it although something uses it. Calls that depend on it will fail.',
};

/**
 * The fields of one operation, or of several that share them.
 *
 * Resource and operation are the first conditions: n8n shows a field, and wants it filled in, as soon
 * as a condition is about a parameter that holds an expression, and looks at no further one.
 */
export function shownFor(
	resource: string,
	operation: string | string[],
	fields: Field[],
): INodeProperties[] {
	return fields.map((field) => ({
		...field,
		displayOptions: {
			show: { resource: [resource], operation: [operation].flat(), ...field.displayOptions?.show },
		},
	})) as INodeProperties[];
}
