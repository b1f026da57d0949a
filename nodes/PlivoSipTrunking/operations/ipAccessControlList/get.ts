import { IP_ACL } from '../../records/ipAccessControlList';
import { ipAclId, options } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get IP access control list',
	description: 'Retrieve an IP access control list',
	fields: [ipAclId, options],
	run: getOne(IP_ACL, 'ipAclId'),
});
