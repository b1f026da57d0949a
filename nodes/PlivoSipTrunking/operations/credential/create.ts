import { CREDENTIAL } from '../../records/credential';
import { operation } from '../operation';
import { createOne } from '../write';
import { newCredentialFields } from './fields';

export const create = operation({
	name: 'Create',
	value: 'create',
	action: 'Create SIP credential',
	description: 'Create a SIP credential exactly once, even if Plivo does not answer',
	fields: newCredentialFields,
	run: createOne(CREDENTIAL),
});
