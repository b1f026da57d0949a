import { updateRecord } from '../changes/update';
import { PlivoFailure } from '../failure';
import { wholeNumber } from '../input/number';
import { CREDENTIAL, generatePassword } from '../records/credential';
import { checkedFields } from '../records/kind';
import type { Executor } from '../run/operation';
import { crud } from './crud';
import {
	body,
	credentialId,
	type Field,
	nameField,
	newNameField,
	optional,
	options,
	optionsWith,
	PASSWORD_RULE,
	passwordField,
	updateFields,
	usernameField,
} from './fields';
import { operation, resource } from './operation';

const username: Field = {
	...usernameField,
	required: true,
	placeholder: 'e.g. acmepbx01',
	description: '5 to 20 letters, digits and underscores',
	routing: body('username'),
};

const password: Field = {
	...passwordField,
	required: true,
	description: `${PASSWORD_RULE} Plivo never shows it again.`,
	routing: body('password'),
};

const newCredentialFields = [nameField, username, password, options];

const updatePassword: Executor = (operation) => {
	const id = operation.id('credentialId', CREDENTIAL);
	const changes = checkedFields(CREDENTIAL, operation.body);
	const update = { changesOf: () => changes, known: changes };
	return async (channel) => [(await updateRecord(channel, CREDENTIAL, id, update)).record];
};

/** Without its answer it isn't certain which password holds. */
function perhapsRotated(failure: unknown): never {
	if (!(failure instanceof PlivoFailure) || !failure.details.open) throw failure;
	throw new PlivoFailure(
		failure.kind,
		`${failure.message}. The old password may no longer work`,
		`Run Rotate Password again: it sets a new password and returns it. ${failure.description}`,
		failure.details,
	);
}

const rotatePassword = operation({
	name: 'Rotate Password',
	value: 'rotatePassword',
	action: 'Rotate password of SIP credential',
	description: 'Set a new random password for a SIP credential. It is shown once.',
	fields: [
		credentialId,
		optionsWith({
			displayName: 'Length',
			name: 'length',
			type: 'number',
			typeOptions: { minValue: 5, maxValue: 20 },
			default: 20,
			description: 'Number of characters of the new password, 5 to 20',
		}),
	],
	run: (operation) => {
		const id = operation.id('credentialId', CREDENTIAL);
		const password = generatePassword(wholeNumber('Length', operation.options.length ?? 20, 5, 20));
		return async (channel) => {
			const rotated = updateRecord(channel, CREDENTIAL, id, { changesOf: () => ({ password }) });
			const { record } = await rotated.catch(perhapsRotated);
			return [{ ...record, password }];
		};
	},
});

const { create, upsert, del, get, getAll, update } = crud(
	CREDENTIAL,
	credentialId,
	'SIP credential',
);

export const credential = resource({ name: 'SIP Credential', value: 'credential' }, 'create', [
	create({ fields: newCredentialFields }),
	upsert({ fields: newCredentialFields }),
	del({
		description: 'Delete a SIP credential unless trunks use it: their calls would fail',
	}),
	get(),
	getAll(),
	rotatePassword,
	update({
		description: 'Set the password of a SIP credential, and optionally its name and username',
		fields: [
			credentialId,
			{
				...password,
				description: `${password.description} Every update sets it, since Plivo would otherwise clear it.`,
			},
			updateFields(newNameField, optional(username)),
			options,
		],
		run: updatePassword,
	}),
]);
