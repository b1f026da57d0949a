import { ORIGINATION_URI } from '../../records/originationUri';
import { listOptions, returnAllOrLimit } from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many origination URI records',
	description: 'Retrieve a list of origination URIs',
	fields: [...returnAllOrLimit, listOptions],
	run: getMany(ORIGINATION_URI),
});
