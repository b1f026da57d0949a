import { body, type Field, nameField, newNameField } from '../fields';

export const ipAddresses: Field = {
	displayName: 'IP Addresses',
	name: 'ipAddresses',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'e.g. 203.0.113.10, 198.51.100.0/28',
	description:
		'Public addresses or CIDR blocks that your PBX calls from, separated by commas or line ends, or a list from an expression',
	routing: body('ip_addresses'),
};

export const newFields: Field[] = [nameField, ipAddresses];

export const changeableFields: Field[] = [
	{
		...ipAddresses,
		required: false,
		description: `${ipAddresses.description}. They replace the whole list.`,
	},
	newNameField,
];
