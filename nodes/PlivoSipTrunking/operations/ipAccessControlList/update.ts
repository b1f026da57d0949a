import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { updateOne } from '../write';
import { IP_ACL } from '../../records/ipAccessControlList';
import { collection, ipAclLocator, options, shownFor } from '../fields';
import { changeableFields } from './fields';

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update an IP access control list',
	description: 'Change an IP access control list; what is not given stays as it is',
	routing: runs(
		{ method: 'POST', url: '/Zentrunk/IPAccessControlList/{ipAclId}/' },
		updateOne(IP_ACL, 'ipAclId'),
	),
};

export const updateFields = shownFor('ipAccessControlList', 'update', [
	ipAclLocator(),
	collection('Update Fields', 'updateFields', 'Add Field', changeableFields),
	options(),
]);
