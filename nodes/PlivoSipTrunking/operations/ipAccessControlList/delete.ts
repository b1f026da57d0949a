import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { deleteOne } from '../write';
import { IP_ACL } from '../../records/ipAccessControlList';
import { force, ipAclLocator, options, shownFor } from '../fields';

export const del: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete an IP access control list',
	description:
		'Delete an IP access control list, unless trunks use it, since their calls would fail',
	routing: runs(
		{ method: 'DELETE', url: '/Zentrunk/IPAccessControlList/{ipAclId}/' },
		deleteOne(IP_ACL, 'ipAclId'),
	),
};

export const deleteFields = shownFor('ipAccessControlList', 'delete', [
	ipAclLocator(),
	options(force),
]);
