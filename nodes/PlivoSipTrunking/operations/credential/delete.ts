import { CREDENTIAL } from '../../records/credential';
import { deleteOptions, credentialId } from '../fields';
import { operation } from '../operation';
import { deleteOne } from '../write';

export const del = operation({
	name: 'Delete',
	value: 'delete',
	action: 'Delete SIP credential',
	description: 'Delete a SIP credential unless trunks use it: their calls would fail',
	fields: [credentialId, deleteOptions],
	run: deleteOne(CREDENTIAL, 'credentialId'),
});
