import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getOne } from '../read';
import { IP_ACL } from '../../records/ipAccessControlList';
import { ipAclLocator, options, shownFor } from '../fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get an IP access control list',
	description: 'Read one IP access control list',
	routing: runs(
		{ method: 'GET', url: '/Zentrunk/IPAccessControlList/{ipAclId}/' },
		getOne(IP_ACL, 'ipAclId'),
	),
};

export const getFields = shownFor('ipAccessControlList', 'get', [ipAclLocator(), options()]);
