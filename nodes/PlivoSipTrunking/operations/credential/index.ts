import type { INodeProperties } from 'n8n-workflow';

import { create, createFields } from './create';
import { del, deleteFields } from './delete';
import { get, getFields } from './get';
import { getAll, getAllFields } from './getAll';
import { rotatePassword, rotatePasswordFields } from './rotatePassword';
import { update, updateFields } from './update';
import { upsert } from './upsert';

export const credential: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['credential'] } },
		options: [create, upsert, del, get, getAll, rotatePassword, update],
		default: 'create',
	},
	...createFields,
	...deleteFields,
	...getFields,
	...getAllFields,
	...updateFields,
	...rotatePasswordFields,
];
