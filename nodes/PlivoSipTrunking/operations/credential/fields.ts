import {
	body,
	type Field,
	nameField,
	options,
	PASSWORD_RULE,
	passwordField,
	usernameField,
} from '../fields';

export const username: Field = {
	...usernameField,
	required: true,
	placeholder: 'e.g. acmepbx01',
	description: '5 to 20 letters, digits and underscores',
	routing: body('username'),
};

export const password: Field = {
	...passwordField,
	required: true,
	description: `${PASSWORD_RULE} Plivo never shows it again.`,
	routing: body('password'),
};

/** For Create, and for Create or Update. */
export const newCredentialFields = [nameField, username, password, options];
