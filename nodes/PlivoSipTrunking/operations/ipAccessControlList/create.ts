import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { createOne } from '../write';
import { IP_ACL } from '../../records/ipAccessControlList';
import { options, shownFor } from '../fields';
import { newFields } from './fields';

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create an IP access control list',
	description: 'Create an IP access control list, exactly once even when Plivo fails to answer',
	routing: runs({ method: 'POST', url: '/Zentrunk/IPAccessControlList/' }, createOne(IP_ACL)),
};

export const createFields = shownFor(
	'ipAccessControlList',
	['create', 'upsert'],
	[...newFields, options()],
);
