import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../failure';
import { checkedAddresses } from '../../input/ipAddress';
import { isBlank } from '../../input/text';
import { IP_ACL } from '../../records/ipAccessControlList';
import { updateRecord } from '../../changes/update';
import type { Executor } from '../../run/operation';
import { withWarnings } from '../write';

/**
 * The addresses that a list has now. An update replaces them all, so what can't be read must not be taken for none.
 *
 * @throws PlivoFailure of kind `unreadable`
 */
function addressesOf({ ip_addresses: addresses, ipacl_uuid: id }: IDataObject): string[] {
	// A record that doesn't say is not one without addresses.
	if (addresses !== undefined && isBlank(addresses)) return [];
	const listed: unknown = addresses;
	if (Array.isArray(listed) && listed.every((one) => typeof one === 'string')) return listed;
	throw new PlivoFailure(
		'unreadable',
		`Plivo does not show the addresses of IP access control list ${String(id)} as a list, so nothing was changed`,
		'Set all of its addresses with the Update operation.',
	);
}

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
			const changesOf = (current: IDataObject) => {
				const before = addressesOf(current);
				const changed = change(before, given);
				({ warnings } = changed);
				return changed.after.length === before.length ? {} : { ip_addresses: changed.after };
			};
			const { record } = await updateRecord(channel, IP_ACL, id, { changesOf });
			return [withWarnings(record, warnings)];
		};
	};
