import { CREDENTIAL } from '../../records/credential';
import { credentialId, outboundTrunkId, writeOptions } from '../fields';
import { operation } from '../operation';
import { changeTrunk } from './change';

export const attachCredential = operation({
	name: 'Attach SIP Credential',
	value: 'attachCredential',
	action: 'Attach SIP credential to trunk',
	description: 'Let an outbound trunk accept calls that authenticate with a SIP credential',
	fields: [outboundTrunkId, credentialId, writeOptions],
	run: changeTrunk(
		(operation) => ({ credential_uuid: operation.id('credentialId', CREDENTIAL) }),
		'outbound',
	),
});
