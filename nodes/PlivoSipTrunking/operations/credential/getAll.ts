import { CREDENTIAL } from '../../records/credential';
import { listOptions, returnAllOrLimit } from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many SIP credentials',
	description: 'Retrieve a list of SIP credentials',
	fields: [...returnAllOrLimit, listOptions],
	run: getMany(CREDENTIAL),
});
