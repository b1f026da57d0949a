import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { changeAddresses } from '../write';
import { ipAclLocator, options, shownFor } from '../fields';
import { ipAddresses } from './fields';

const request = { method: 'POST', url: '/Zentrunk/IPAccessControlList/{ipAclId}/' } as const;

export const addAddresses: INodePropertyOptions = {
	name: 'Add Addresses',
	value: 'addAddresses',
	action: 'Add addresses to an IP access control list',
	description: 'Add addresses; those that are there stay',
	routing: runs(request, changeAddresses('add')),
};

export const removeAddresses: INodePropertyOptions = {
	name: 'Remove Addresses',
	value: 'removeAddresses',
	action: 'Remove addresses from an IP access control list',
	description: 'Take addresses off the list; the others stay',
	routing: runs(request, changeAddresses('remove')),
};

export const addressFields = shownFor(
	'ipAccessControlList',
	['addAddresses', 'removeAddresses'],
	[ipAclLocator(), ipAddresses, options()],
);
