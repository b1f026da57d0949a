import { IP_ACL } from '../../records/ipAccessControlList';
import { operation } from '../operation';
import { upsertOne } from '../write';
import { newListFields } from './fields';

export const upsert = operation({
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update IP access control list',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	fields: newListFields,
	run: upsertOne(IP_ACL),
});
