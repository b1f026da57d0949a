import { resource } from '../operation';
import { attachCredential } from './attachCredential';
import { attachIpAcl } from './attachIpAcl';
import { attachOriginationUri } from './attachOriginationUri';
import { create } from './create';
import { del } from './delete';
import { disable } from './disable';
import { enable } from './enable';
import { get } from './get';
import { getAll } from './getAll';
import { update } from './update';
import { upsert } from './upsert';

export const trunk = resource({ name: 'Trunk', value: 'trunk' }, create, [
	attachIpAcl,
	attachOriginationUri,
	attachCredential,
	create,
	upsert,
	del,
	disable,
	enable,
	get,
	getAll,
	update,
]);
