import { CREDENTIAL } from '../../records/credential';
import { credentialId, options } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get SIP credential',
	description: 'Retrieve a SIP credential',
	fields: [credentialId, options],
	run: getOne(CREDENTIAL, 'credentialId'),
});
