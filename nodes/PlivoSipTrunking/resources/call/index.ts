import type { INodeProperties } from 'n8n-workflow';

import { get, getFields, getInsights } from './get';
import { getAll, getAllFields } from './getAll';

export const call: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['call'] } },
		options: [get, getInsights, getAll],
		default: 'getAll',
	},
	...getFields,
	...getAllFields,
];
