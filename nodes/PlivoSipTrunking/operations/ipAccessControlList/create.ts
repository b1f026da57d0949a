import { IP_ACL } from '../../records/ipAccessControlList';
import { operation } from '../operation';
import { createOne } from '../write';
import { newListFields } from './fields';

export const create = operation({
	name: 'Create',
	value: 'create',
	action: 'Create IP access control list',
	description: 'Create an IP access control list exactly once, even if Plivo does not answer',
	fields: newListFields,
	run: createOne(IP_ACL),
});
