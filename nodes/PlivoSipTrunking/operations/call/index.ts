import type { INodeProperties } from 'n8n-workflow';

import { get, getFields, getInsights } from './get';
import { getAll, getAllFields } from './getAll';
import { summarize, summarizeFields } from './summarize';

export const call: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['call'] } },
		options: [get, getInsights, getAll, summarize],
		default: 'getAll',
	},
	...getFields,
	...getAllFields,
	...summarizeFields,
];
