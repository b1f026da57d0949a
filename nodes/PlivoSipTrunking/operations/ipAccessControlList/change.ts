import { checkedAddresses } from '../../input/ipAddress';
import { IP_ACL } from '../../records/ipAccessControlList';
import { updateRecord } from '../../records/write';
import type { Executor } from '../../run/operation';
import { withWarnings } from '../write';

/**
 * Changes which addresses a list has.
 *
 * @param change those that it is to have, from those that it has and those that are given, with what is
 *   probably not meant
 */
export const changeAddresses =
	(
		change: (before: string[], given: string[]) => { after: string[]; warnings: string[] },
	): Executor =>
	(operation) => {
		const id = operation.id('ipAclId', IP_ACL);
		const given = checkedAddresses('IP Addresses', operation.parameter('ipAddresses'));
		return async (channel) => {
			let warnings: string[] = [];
			const record = await updateRecord(channel, IP_ACL, id, (current) => {
				const { ip_addresses: addresses } = current;
				const before = Array.isArray(addresses) ? addresses.map(String) : [];
				const changed = change(before, given);
				warnings = changed.warnings;
				return changed.after.length === before.length ? {} : { ip_addresses: changed.after };
			});
			return [withWarnings(record, warnings)];
		};
	};
