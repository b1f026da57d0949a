import { ORIGINATION_URI } from '../../records/originationUri';
import { deleteOptions, originationUriId } from '../fields';
import { operation } from '../operation';
import { deleteOne } from '../write';

export const del = operation({
	name: 'Delete',
	value: 'delete',
	action: 'Delete origination URI',
	description: 'Delete an origination URI unless trunks use it: Plivo would delete them as well',
	fields: [originationUriId, deleteOptions],
	run: deleteOne(ORIGINATION_URI, 'originationUriId'),
});
