import { CREDENTIAL } from '../../records/credential';
import { operation } from '../operation';
import { createOne } from '../write';
import { newCredentialFields } from './fields';

export const create = operation({
	name: 'Create',
	value: 'create',
	action: 'Create a credential',
	description: 'Create a credential, exactly once even when Plivo fails to answer',
	fields: newCredentialFields,
	run: createOne(CREDENTIAL),
});
