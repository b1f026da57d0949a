import { body, type Field, nameField, options } from '../fields';

export const username: Field = {
	displayName: 'Username',
	name: 'username',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. acmepbx01',
	description: '5 to 20 letters, digits and underscores',
	routing: body('username'),
};

export const password: Field = {
	displayName: 'Password',
	name: 'password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	required: true,
	description:
		'5 to 20 letters, digits and ~!@#$%^&*()_+, with at least one of these special characters. Plivo never shows it again.',
	routing: body('password'),
};

/** For Create, and for Create or Update. */
export const newCredentialFields = [nameField, username, password, options];
