import { ORIGINATION_URI } from '../../records/originationUri';
import { newNameField, optional, options, originationUriId, updateFields } from '../fields';
import { operation } from '../operation';
import { updateOne } from '../write';
import { authenticationNeeded, password, uri, username } from './fields';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update origination URI',
	description: 'Change an origination URI; fields that you leave out keep their values',
	fields: [
		originationUriId,
		updateFields(authenticationNeeded, newNameField, password, optional(uri), username),
		options,
	],
	run: updateOne(ORIGINATION_URI, 'originationUriId'),
});
