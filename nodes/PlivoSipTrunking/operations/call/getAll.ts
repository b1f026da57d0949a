import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getMany } from '../read';
import { CALL } from '../../records/call';
import { options, pageConcurrency, returnAllOrLimit, shownFor, simplify } from '../fields';
import { callFilterFields, explainHangup } from './fields';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many calls',
	description: 'Read the call records (CDR) of the last 30 days, or those that match filters',
	routing: runs({ method: 'GET', url: '/Zentrunk/Call/' }, getMany(CALL)),
};

export const getAllFields = shownFor('call', 'getAll', [
	...returnAllOrLimit,
	simplify,
	callFilterFields,
	options(explainHangup, pageConcurrency),
]);
