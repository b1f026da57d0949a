import { CREDENTIAL } from '../../records/credential';
import { operation } from '../operation';
import { upsertOne } from '../write';
import { newCredentialFields } from './fields';

export const upsert = operation({
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update SIP credential',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	fields: newCredentialFields,
	run: upsertOne(CREDENTIAL),
});
