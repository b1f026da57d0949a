import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getMany } from '../read';
import { TRUNK } from '../../records/trunk';
import {
	collection,
	credentialLocator,
	ipAclLocator,
	options,
	originationUriLocator,
	pageConcurrency,
	query,
	returnAllOrLimit,
	shownFor,
	simplify,
} from '../fields';
import { secure, STATUSES, trunkDirection } from './fields';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many trunks',
	description: 'Read all trunks, or those that match filters',
	routing: runs({ method: 'GET', url: '/Zentrunk/Trunk/' }, getMany(TRUNK)),
};

export const getAllFields = shownFor('trunk', 'getAll', [
	...returnAllOrLimit,
	simplify,
	collection('Filters', 'filters', 'Add Filter', [
		credentialLocator({ required: false, routing: query('credential_uuid') }),
		{ ...trunkDirection, required: false, routing: query('trunk_direction') },
		originationUriLocator({
			displayName: 'Fallback URI',
			name: 'fallbackUriId',
			required: false,
			routing: query('fallback_uri_uuid'),
		}),
		ipAclLocator({ required: false, routing: query('ipacl_uuid') }),
		{
			displayName: 'Name Contains',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. Acme',
			description: 'Part of the name; upper and lower case are the same',
			routing: query('name'),
		},
		originationUriLocator({
			displayName: 'Primary URI',
			name: 'primaryUriId',
			required: false,
			routing: query('primary_uri_uuid'),
		}),
		{ ...secure, description: 'Whether calls are encrypted', routing: query('secure') },
		{
			displayName: 'Status',
			name: 'trunkStatus',
			type: 'options',
			options: STATUSES,
			default: 'enabled',
			description: 'Whether the trunk carries calls',
			routing: query('trunk_status'),
		},
	]),
	options(pageConcurrency),
]);
