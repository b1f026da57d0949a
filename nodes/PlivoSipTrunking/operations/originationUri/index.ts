import { resource } from '../operation';
import { create } from './create';
import { del } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { update } from './update';
import { upsert } from './upsert';

export const originationUri = resource(
	{ name: 'Origination URI', value: 'originationUri' },
	create,
	[create, upsert, del, get, getAll, update],
);
