import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { upsertOne } from '../write';
import { TRUNK } from '../../records/trunk';

export const upsert: INodePropertyOptions = {
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update a trunk',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	routing: runs({ method: 'POST', url: '/Zentrunk/Trunk/' }, upsertOne(TRUNK)),
};
