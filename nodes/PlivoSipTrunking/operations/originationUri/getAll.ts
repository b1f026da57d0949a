import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getMany } from '../read';
import { ORIGINATION_URI } from '../../records/originationUri';
import { options, pageConcurrency, returnAllOrLimit, shownFor } from '../fields';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many origination URIs',
	description: 'Read all origination URIs, or a number of them',
	routing: runs({ method: 'GET', url: '/Zentrunk/URI/' }, getMany(ORIGINATION_URI)),
};

export const getAllFields = shownFor('originationUri', 'getAll', [
	...returnAllOrLimit,
	options(pageConcurrency),
]);
