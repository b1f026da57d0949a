import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { rotatePassword as execute } from '../write';
import { credentialLocator, options, shownFor } from '../fields';

export const rotatePassword: INodePropertyOptions = {
	name: 'Rotate Password',
	value: 'rotatePassword',
	action: 'Rotate the password of a credential',
	description: 'Set a new random password and return it, this once',
	routing: runs({ method: 'POST', url: '/Zentrunk/Credential/{credentialId}/' }, execute),
};

export const rotatePasswordFields = shownFor('credential', 'rotatePassword', [
	credentialLocator(),
	options({
		displayName: 'Length',
		name: 'length',
		type: 'number',
		typeOptions: { minValue: 5, maxValue: 20 },
		default: 20,
		description: 'How many characters the new password has, 5 to 20',
	}),
]);
