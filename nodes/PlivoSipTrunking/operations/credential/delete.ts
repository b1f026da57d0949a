import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { deleteOne } from '../write';
import { CREDENTIAL } from '../../records/credential';
import { force, credentialLocator, options, shownFor } from '../fields';

export const del: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a credential',
	description: 'Delete a credential, unless trunks use it, since their calls would fail',
	routing: runs(
		{ method: 'DELETE', url: '/Zentrunk/Credential/{credentialId}/' },
		deleteOne(CREDENTIAL, 'credentialId'),
	),
};

export const deleteFields = shownFor('credential', 'delete', [credentialLocator(), options(force)]);
