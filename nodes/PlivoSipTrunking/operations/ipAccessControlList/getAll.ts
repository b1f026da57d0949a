import { IP_ACL } from '../../records/ipAccessControlList';
import { listOptions, returnAllOrLimit } from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many IP access control lists',
	description: 'Retrieve a list of IP access control lists',
	fields: [...returnAllOrLimit, listOptions],
	run: getMany(IP_ACL),
});
