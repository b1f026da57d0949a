import { body, type Field, nameField, options } from '../fields';

export const ipAddresses: Field = {
	displayName: 'IP Addresses',
	name: 'ipAddresses',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'e.g. 203.0.113.10, 198.51.100.0/28',
	description:
		'Public addresses or CIDR blocks that your PBX calls from, separated by commas or line breaks, or a list from an expression',
	routing: body('ip_addresses'),
};

/** For Create, and for Create or Update. */
export const newListFields = [nameField, ipAddresses, options];
