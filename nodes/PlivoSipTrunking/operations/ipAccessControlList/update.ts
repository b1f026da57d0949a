import { IP_ACL } from '../../records/ipAccessControlList';
import { collection, ipAclId, newNameField, optional, options } from '../fields';
import { operation } from '../operation';
import { updateOne } from '../write';
import { ipAddresses } from './fields';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update an IP access control list',
	description: 'Change an IP access control list; what is not given stays as it is',
	fields: [
		ipAclId,
		collection('Update Fields', 'updateFields', 'Add Field', [
			{
				...optional(ipAddresses),
				description: `${ipAddresses.description}. They replace the whole list.`,
			},
			newNameField,
		]),
		options,
	],
	run: updateOne(IP_ACL, 'ipAclId'),
});
