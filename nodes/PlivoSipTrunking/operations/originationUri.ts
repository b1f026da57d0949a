import { newOriginationUri, ORIGINATION_URI } from '../records/originationUri';
import type { Operation } from '../run/operation';
import { crud } from './crud';
import {
	body,
	booleanField,
	type Field,
	moveRoutedNumbers,
	nameField,
	newNameField,
	optional,
	options,
	optionsWith,
	originationUriId,
	passwordField,
	textField,
	updateFields,
	usernameField,
} from './fields';
import { resource } from './operation';
import { createOne, upsertOne } from './write';

const uri = textField({
	displayName: 'URI',
	name: 'uri',
	required: true,
	placeholder: 'e.g. pbx.acme.com:5060;transport=tcp',
	description:
		'Where Plivo sends incoming calls: host, port and transport (udp, tcp or tls) of your PBX or voice platform. A missing or wrong transport is the most common reason why calls do not arrive.',
	routing: body('uri'),
});

const authenticationNeeded = booleanField({
	displayName: 'Authentication Needed',
	name: 'authenticationNeeded',
	description: 'Whether your PBX or platform asks Plivo for a username and password',
	routing: body('authentication_needed'),
});

const username: Field = {
	...usernameField,
	placeholder: 'e.g. plivo',
	description: 'The username that your PBX or platform expects',
	routing: body('username'),
};

const password: Field = {
	...passwordField,
	description: 'The password that your PBX or platform expects. Plivo never shows it again.',
	routing: body('password'),
};

/** Not `required`: n8n would want them filled in whenever an expression decides on authentication. */
const withAuthentication: Partial<Field> = {
	displayOptions: { show: { authenticationNeeded: [true] } },
};

const newUriFields = [
	nameField,
	uri,
	authenticationNeeded,
	{ ...username, ...withAuthentication },
	{ ...password, ...withAuthentication },
];

const newUriOf = ({ body }: Operation) => newOriginationUri(body);

const { create, upsert, del, get, getAll, update } = crud(
	ORIGINATION_URI,
	originationUriId,
	'origination URI',
);

export const originationUri = resource(
	{ name: 'Origination URI', value: 'originationUri' },
	'create',
	[
		create({ fields: [...newUriFields, options], run: createOne(ORIGINATION_URI, newUriOf) }),
		upsert({
			fields: [...newUriFields, optionsWith(moveRoutedNumbers)],
			run: upsertOne(ORIGINATION_URI, newUriOf),
		}),
		del({
			description:
				'Delete an origination URI unless trunks use it: Plivo would delete them as well',
		}),
		get(),
		getAll({ action: 'Get many origination URI records' }),
		update({
			fields: [
				originationUriId,
				updateFields(authenticationNeeded, newNameField, password, optional(uri), username),
				options,
			],
		}),
	],
);
