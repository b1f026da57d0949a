import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../executors/operation';
import { getMany } from '../../executors/read';
import { CREDENTIAL } from '../../plivo/kinds';
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
