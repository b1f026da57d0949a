import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getMany } from '../read';
import { IP_ACL } from '../../records/ipAccessControlList';
import { options, pageConcurrency, returnAllOrLimit, shownFor } from '../fields';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many IP access control lists',
	description: 'Read all IP access control lists, or a number of them',
	routing: runs({ method: 'GET', url: '/Zentrunk/IPAccessControlList/' }, getMany(IP_ACL)),
};

export const getAllFields = shownFor('ipAccessControlList', 'getAll', [
	...returnAllOrLimit,
	options(pageConcurrency),
]);
