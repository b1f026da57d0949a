import { body, type Field, nameField, passwordField, usernameField } from '../fields';

export const uri: Field = {
	displayName: 'URI',
	name: 'uri',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. pbx.acme.com:5060;transport=tcp',
	description:
		'Where Plivo sends incoming calls: host, port and transport (udp, tcp or tls) of your PBX or voice platform. A missing or wrong transport is the most common reason why calls do not arrive.',
	routing: body('uri'),
};

export const authenticationNeeded: Field = {
	displayName: 'Authentication Needed',
	name: 'authenticationNeeded',
	type: 'boolean',
	default: false,
	description: 'Whether your PBX or platform asks Plivo for a username and password',
	routing: body('authentication_needed'),
};

export const username: Field = {
	...usernameField,
	placeholder: 'e.g. plivo',
	description: 'The username that your PBX or platform expects',
	routing: body('username'),
};

export const password: Field = {
	...passwordField,
	description: 'The password that your PBX or platform expects. Plivo never shows it again.',
	routing: body('password'),
};

/** Not `required`: n8n would want them filled in whenever an expression decides on authentication. */
const withAuthentication: Partial<Field> = {
	displayOptions: { show: { authenticationNeeded: [true] } },
};

/** For Create, and for Create or Update. */
export const newUriFields: Field[] = [
	nameField,
	uri,
	authenticationNeeded,
	{ ...username, ...withAuthentication },
	{ ...password, ...withAuthentication },
];
