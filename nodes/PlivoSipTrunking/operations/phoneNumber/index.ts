import type { INodeProperties } from 'n8n-workflow';

import { get, getFields } from './get';
import { getAll, getAllFields } from './getAll';
import { routeFields, routeToApplication, routeToTrunk } from './route';
import { unroute, unrouteFields } from './unroute';
import { update, updateFields } from './update';

export const phoneNumber: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['phoneNumber'] } },
		options: [get, getAll, routeToApplication, routeToTrunk, unroute, update],
		default: 'getAll',
	},
	...getFields,
	...getAllFields,
	...routeFields,
	...unrouteFields,
	...updateFields,
];
