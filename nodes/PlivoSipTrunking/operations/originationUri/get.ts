import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getOne } from '../read';
import { ORIGINATION_URI } from '../../records/originationUri';
import { originationUriLocator, options, shownFor } from '../fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get an origination URI',
	description: 'Read one origination URI',
	routing: runs(
		{ method: 'GET', url: '/Zentrunk/URI/{originationUriId}/' },
		getOne(ORIGINATION_URI, 'originationUriId'),
	),
};

export const getFields = shownFor('originationUri', 'get', [originationUriLocator(), options()]);
