import { PlivoFailure } from '../../failure';
import { withoutAddresses } from '../../input/ipAddress';
import { ipAclId, options } from '../fields';
import { operation } from '../operation';
import { changeAddresses } from './change';
import { ipAddresses } from './fields';

const wouldBeEmpty = () =>
	new PlivoFailure(
		'conflict',
		'These are all the addresses of the list, and nobody could call with an empty list',
		'Leave at least one address, or delete the list.',
	);

export const removeAddresses = operation({
	name: 'Remove Addresses',
	value: 'removeAddresses',
	action: 'Remove addresses from IP access control list',
	description: 'Remove addresses from an IP access control list; the others stay',
	fields: [ipAclId, ipAddresses, options],
	run: changeAddresses((before, given) => {
		const { left, removed, notThere } = withoutAddresses(before, given);
		if (removed.length > 0 && left.length === 0) throw wouldBeEmpty();
		const warning = `Not in the list, so nothing to remove: ${notThere.join(', ')}.`;
		return { after: left, warnings: notThere.length > 0 ? [warning] : [] };
	}),
});
