import { IP_ACL } from '../../records/ipAccessControlList';
import { ipAclId, newNameField, optional, options, updateFields } from '../fields';
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
		updateFields(
			{
				...optional(ipAddresses),
				description: `${ipAddresses.description}. They replace all addresses of the list.`,
			},
			newNameField,
		),
		options,
	],
	run: updateOne(IP_ACL, 'ipAclId'),
});
