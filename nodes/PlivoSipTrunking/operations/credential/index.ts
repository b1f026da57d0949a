import { resource } from '../operation';
import { create } from './create';
import { del } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { rotatePassword } from './rotatePassword';
import { update } from './update';
import { upsert } from './upsert';

export const credential = resource({ name: 'SIP Credential', value: 'credential' }, create, [
	create,
	upsert,
	del,
	get,
	getAll,
	rotatePassword,
	update,
]);
