import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { deleteOne } from '../write';
import { TRUNK } from '../../records/trunk';
import { force, options, shownFor, trunkLocator } from '../fields';

export const del: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a trunk',
	description: 'Delete a trunk, unless phone numbers are routed to it',
	routing: runs(
		{ method: 'DELETE', url: '/Zentrunk/Trunk/{trunkId}/' },
		deleteOne(TRUNK, 'trunkId'),
	),
};

export const deleteFields = shownFor('trunk', 'delete', [trunkLocator(), options(force)]);
