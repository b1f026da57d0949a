import type { INodeProperties } from 'n8n-workflow';

import { addAddresses, addressFields, removeAddresses } from './addresses';
import { create, createFields } from './create';
import { del, deleteFields } from './delete';
import { get, getFields } from './get';
import { getAll, getAllFields } from './getAll';
import { update, updateFields } from './update';
import { upsert } from './upsert';

export const ipAccessControlList: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['ipAccessControlList'] } },
		options: [addAddresses, create, upsert, del, get, getAll, removeAddresses, update],
		default: 'create',
	},
	...createFields,
	...deleteFields,
	...getFields,
	...getAllFields,
	...updateFields,
	...addressFields,
];
