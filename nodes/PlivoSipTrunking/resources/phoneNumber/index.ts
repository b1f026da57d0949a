import type { INodeProperties } from 'n8n-workflow';

import { get, getFields } from './get';
import { getAll, getAllFields } from './getAll';
import { routeFields, routeToApplication, routeToTrunk } from './route';

export const phoneNumber: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['phoneNumber'] } },
		options: [get, getAll, routeToApplication, routeToTrunk],
		default: 'getAll',
	},
	...getFields,
	...getAllFields,
	...routeFields,
];
