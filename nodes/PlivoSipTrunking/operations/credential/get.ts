import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getOne } from '../read';
import { CREDENTIAL } from '../../records/credential';
import { credentialLocator, options, shownFor } from '../fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get a credential',
	description: 'Read one credential',
	routing: runs(
		{ method: 'GET', url: '/Zentrunk/Credential/{credentialId}/' },
		getOne(CREDENTIAL, 'credentialId'),
	),
};

export const getFields = shownFor('credential', 'get', [credentialLocator(), options()]);
