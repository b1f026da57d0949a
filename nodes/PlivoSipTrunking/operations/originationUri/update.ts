import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { updateOne } from '../write';
import { ORIGINATION_URI } from '../../records/originationUri';
import { collection, originationUriLocator, options, shownFor } from '../fields';
import { changeableFields } from './fields';

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update an origination URI',
	description: 'Change an origination URI; what is not given stays as it is',
	routing: runs(
		{ method: 'POST', url: '/Zentrunk/URI/{originationUriId}/' },
		updateOne(ORIGINATION_URI, 'originationUriId'),
	),
};

export const updateFields = shownFor('originationUri', 'update', [
	originationUriLocator(),
	collection('Update Fields', 'updateFields', 'Add Field', changeableFields),
	options(),
]);
