import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { updateOne } from '../write';
import { TRUNK } from '../../records/trunk';
import { collection, newNameField, options, shownFor, trunkLocator } from '../fields';
import {
	credential,
	fallbackUri,
	ipAcl,
	primaryUri,
	secure,
	trunkDirection,
	trunkStatus,
} from './fields';

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update a trunk',
	description: 'Change a trunk; what is not given stays as it is',
	routing: runs({ method: 'POST', url: '/Zentrunk/Trunk/{trunkId}/' }, updateOne(TRUNK, 'trunkId')),
};

export const updateFields = shownFor('trunk', 'update', [
	trunkLocator(),
	collection('Update Fields', 'updateFields', 'Add Field', [
		credential({ required: false }),
		{ ...trunkDirection, required: false },
		fallbackUri,
		ipAcl({ required: false }),
		newNameField,
		primaryUri({ required: false }),
		secure,
		trunkStatus,
	]),
	options(),
]);
