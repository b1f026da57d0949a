import { resource } from '../operation';
import { addAddresses } from './addAddresses';
import { create } from './create';
import { del } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { removeAddresses } from './removeAddresses';
import { update } from './update';
import { upsert } from './upsert';

export const ipAccessControlList = resource(
	{ name: 'IP Access Control List', value: 'ipAccessControlList' },
	create,
	[addAddresses, create, upsert, del, get, getAll, removeAddresses, update],
);
