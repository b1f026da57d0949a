import { CREDENTIAL } from '../../records/credential';
import { listOptions, returnAllOrLimit } from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many credentials',
	description: 'Read the credentials of the account, or a number of them',
	fields: [...returnAllOrLimit, listOptions],
	run: getMany(CREDENTIAL),
});
