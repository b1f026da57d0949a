import type { INodeProperties } from 'n8n-workflow';

import { attachCredential, attachFields, attachIpAcl, attachOriginationUri } from './attach';
import { create, createFields } from './create';
import { del, deleteFields } from './delete';
import { get, getFields } from './get';
import { getAll, getAllFields } from './getAll';
import { disable, enable, switchFields } from './switch';
import { update, updateFields } from './update';
import { upsert } from './upsert';

export const trunk: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['trunk'] } },
		options: [
			attachCredential,
			attachIpAcl,
			attachOriginationUri,
			create,
			upsert,
			del,
			disable,
			enable,
			get,
			getAll,
			update,
		],
		default: 'create',
	},
	...createFields,
	...getFields,
	...getAllFields,
	...updateFields,
	...deleteFields,
	...attachFields,
	...switchFields,
];
