import { IP_ACL } from '../../records/ipAccessControlList';
import { collection, ipAclId, newNameField, optional, options } from '../fields';
import { operation } from '../operation';
import { updateOne } from '../write';
import { ipAddresses } from './fields';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update IP access control list',
	description: 'Change an IP access control list; fields that you leave out keep their values',
	fields: [
		ipAclId,
		collection('Update Fields', 'updateFields', 'Add Field', [
			{
				...optional(ipAddresses),
				description: `${ipAddresses.description}. They replace all addresses of the list.`,
			},
			newNameField,
		]),
		options,
	],
	run: updateOne(IP_ACL, 'ipAclId'),
});
