import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { upsertOne } from '../write';
import { CREDENTIAL } from '../../records/credential';

export const upsert: INodePropertyOptions = {
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update a credential',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	routing: runs({ method: 'POST', url: '/Zentrunk/Credential/' }, upsertOne(CREDENTIAL)),
};
