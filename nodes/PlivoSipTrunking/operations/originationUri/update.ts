import { ORIGINATION_URI } from '../../records/originationUri';
import { collection, newNameField, optional, options, originationUriId } from '../fields';
import { operation } from '../operation';
import { updateOne } from '../write';
import { authenticationNeeded, password, uri, username } from './fields';

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update an origination URI',
	description: 'Change an origination URI; what is not given stays as it is',
	fields: [
		originationUriId,
		collection('Update Fields', 'updateFields', 'Add Field', [
			authenticationNeeded,
			newNameField,
			password,
			optional(uri),
			username,
		]),
		options,
	],
	run: updateOne(ORIGINATION_URI, 'originationUriId'),
});
