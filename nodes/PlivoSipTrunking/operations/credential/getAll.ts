import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getMany } from '../read';
import { CREDENTIAL } from '../../records/credential';
import { options, pageConcurrency, returnAllOrLimit, shownFor } from '../fields';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many credentials',
	description: 'Read all credentials, or a number of them',
	routing: runs({ method: 'GET', url: '/Zentrunk/Credential/' }, getMany(CREDENTIAL)),
};

export const getAllFields = shownFor('credential', 'getAll', [
	...returnAllOrLimit,
	options(pageConcurrency),
]);
