import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getOne } from '../read';
import { TRUNK } from '../../records/trunk';
import { options, shownFor, simplify, trunkLocator } from '../fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get a trunk',
	description: 'Read one trunk',
	routing: runs({ method: 'GET', url: '/Zentrunk/Trunk/{trunkId}/' }, getOne(TRUNK, 'trunkId')),
};

export const getFields = shownFor('trunk', 'get', [trunkLocator(), simplify, options()]);
