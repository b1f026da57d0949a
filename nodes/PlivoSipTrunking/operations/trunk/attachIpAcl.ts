import { IP_ACL } from '../../records/ipAccessControlList';
import { ipAclId, outboundTrunkId, writeOptions } from '../fields';
import { operation } from '../operation';
import { changeTrunk } from './change';

export const attachIpAcl = operation({
	name: 'Attach IP Access Control List',
	value: 'attachIpAcl',
	action: 'Attach IP access control list to trunk',
	description: 'Let an outbound trunk accept calls from the addresses of an IP access control list',
	fields: [outboundTrunkId, ipAclId, writeOptions],
	run: changeTrunk((operation) => ({ ipacl_uuid: operation.id('ipAclId', IP_ACL) }), 'outbound'),
});
