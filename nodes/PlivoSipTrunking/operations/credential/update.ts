import { updateRecord } from '../../changes/update';
import { CREDENTIAL } from '../../records/credential';
import { checkedFields } from '../../records/kind';
import { credentialId, newNameField, optional, options, updateFields } from '../fields';
import { operation } from '../operation';
import { password, username } from './fields';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update SIP credential',
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
	run: (operation) => {
		const id = operation.id('credentialId', CREDENTIAL);
		const changes = checkedFields(CREDENTIAL, operation.body);
		const update = { changesOf: () => changes, known: changes };
		return async (channel) => [(await updateRecord(channel, CREDENTIAL, id, update)).record];
	},
});
