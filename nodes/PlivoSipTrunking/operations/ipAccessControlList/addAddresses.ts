import { withAddresses } from '../../input/ipAddress';
import { IP_ACL } from '../../records/ipAccessControlList';
import { ipAclId, options } from '../fields';
import { operation } from '../operation';
import { changeAddresses } from './change';
import { ipAddresses } from './fields';

export const addAddresses = operation({
	name: 'Add Addresses',
	value: 'addAddresses',
	action: 'Add addresses to IP access control list',
	description: 'Add addresses to an IP access control list; existing addresses stay',
	fields: [ipAclId, ipAddresses, options],
	run: changeAddresses((before, given) => ({
		after: withAddresses(before, given),
		warnings: IP_ACL.warningsAbout({ ip_addresses: given }),
	})),
});
