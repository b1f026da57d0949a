import { ORIGINATION_URI } from '../../records/originationUri';
import { originationUriId, options } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get origination URI',
	description: 'Retrieve an origination URI',
	fields: [originationUriId, options],
	run: getOne(ORIGINATION_URI, 'originationUriId'),
});
