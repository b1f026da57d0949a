import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { createOne } from '../write';
import { TRUNK } from '../../records/trunk';
import { options, shownFor } from '../fields';
import { newTrunkFields } from './fields';

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create a trunk',
	description: 'Create a trunk, exactly once even when Plivo fails to answer',
	routing: runs({ method: 'POST', url: '/Zentrunk/Trunk/' }, createOne(TRUNK)),
};

export const createFields = shownFor('trunk', ['create', 'upsert'], [...newTrunkFields, options()]);
