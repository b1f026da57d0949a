import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { deleteOne } from '../write';
import { ORIGINATION_URI } from '../../records/originationUri';
import { force, originationUriLocator, options, shownFor } from '../fields';

export const del: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete an origination URI',
	description:
		'Delete an origination URI, unless trunks use it, since Plivo would delete these with it',
	routing: runs(
		{ method: 'DELETE', url: '/Zentrunk/URI/{originationUriId}/' },
		deleteOne(ORIGINATION_URI, 'originationUriId'),
	),
};

export const deleteFields = shownFor('originationUri', 'delete', [
	originationUriLocator(),
	options(force),
]);
