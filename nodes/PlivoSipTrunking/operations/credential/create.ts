import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { createOne } from '../write';
import { CREDENTIAL } from '../../records/credential';
import { options, shownFor } from '../fields';
import { newFields } from './fields';

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create a credential',
	description: 'Create a credential, exactly once even when Plivo fails to answer',
	routing: runs({ method: 'POST', url: '/Zentrunk/Credential/' }, createOne(CREDENTIAL)),
};

export const createFields = shownFor('credential', ['create', 'upsert'], [...newFields, options()]);
