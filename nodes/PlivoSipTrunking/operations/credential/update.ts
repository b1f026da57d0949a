import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { updateCredential } from '../write';
import { collection, credentialLocator, newNameField, options, shownFor } from '../fields';
import { password, username } from './fields';

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update a credential',
	description: 'Set the password of a credential, and its name and username where given',
	routing: runs({ method: 'POST', url: '/Zentrunk/Credential/{credentialId}/' }, updateCredential),
};

export const updateFields = shownFor('credential', 'update', [
	credentialLocator(),
	{
		...password,
		description: `${password.description} Every update sets it: Plivo would otherwise blank it.`,
	},
	collection('Update Fields', 'updateFields', 'Add Field', [
		newNameField,
		{ ...username, required: false },
	]),
	options(),
]);
