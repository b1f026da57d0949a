import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { createOne } from '../write';
import { ORIGINATION_URI } from '../../records/originationUri';
import { options, shownFor } from '../fields';
import { newFields } from './fields';

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create an origination URI',
	description: 'Create an origination URI, exactly once even when Plivo fails to answer',
	routing: runs({ method: 'POST', url: '/Zentrunk/URI/' }, createOne(ORIGINATION_URI)),
};

export const createFields = shownFor(
	'originationUri',
	['create', 'upsert'],
	[...newFields, options()],
);
