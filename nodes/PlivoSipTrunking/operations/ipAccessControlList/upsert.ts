import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { upsertOne } from '../write';
import { IP_ACL } from '../../records/ipAccessControlList';

export const upsert: INodePropertyOptions = {
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update an IP access control list',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	routing: runs({ method: 'POST', url: '/Zentrunk/IPAccessControlList/' }, upsertOne(IP_ACL)),
};
