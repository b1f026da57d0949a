import { IP_ACL } from '../../records/ipAccessControlList';
import { deleteOptions, ipAclId } from '../fields';
import { operation } from '../operation';
import { deleteOne } from '../write';

export const del = operation({
	name: 'Delete',
	value: 'delete',
	action: 'Delete IP access control list',
	description: 'Delete an IP access control list unless trunks use it: their calls would fail',
	fields: [ipAclId, deleteOptions],
	run: deleteOne(IP_ACL, 'ipAclId'),
});
