import type { INodeProperties } from 'n8n-workflow';

import { get, getFields } from './get';

export const account: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['account'] } },
		options: [get],
		default: 'get',
	},
	...getFields,
];
