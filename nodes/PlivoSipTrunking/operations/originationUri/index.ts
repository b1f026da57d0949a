import type { INodeProperties } from 'n8n-workflow';

import { create, createFields } from './create';
import { del, deleteFields } from './delete';
import { get, getFields } from './get';
import { getAll, getAllFields } from './getAll';
import { update, updateFields } from './update';
import { upsert } from './upsert';

export const originationUri: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['originationUri'] } },
		options: [create, upsert, del, get, getAll, update],
		default: 'create',
	},
	...createFields,
	...deleteFields,
	...getFields,
	...getAllFields,
	...updateFields,
];
