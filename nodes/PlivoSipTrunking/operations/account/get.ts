import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getAccount } from '../read';
import { options, shownFor } from '../fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get the account',
	description: 'Read the account of the credential: its credits, auto-recharge and billing mode',
	routing: runs({ method: 'GET', url: '/' }, getAccount),
};

export const getFields = shownFor('account', 'get', [options()]);
