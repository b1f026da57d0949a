import { updateRecord } from '../changes/update';
import { PlivoFailure } from '../failure';
import { checkedAddresses, withAddresses, withoutAddresses } from '../input/ipAddress';
import { isBlank } from '../input/text';
import { IP_ACL, type IpAccessControlList } from '../records/ipAccessControlList';
import type { Executor } from '../run/operation';
import { crud } from './crud';
import {
	body,
	ipAclId,
	nameField,
	newNameField,
	optional,
	options,
	textField,
	updateFields,
} from './fields';
import { operation, resource } from './operation';
import { withWarnings } from './write';

const ipAddresses = textField({
	displayName: 'IP Addresses',
	name: 'ipAddresses',
	typeOptions: { rows: 3 },
	required: true,
	placeholder: 'e.g. 203.0.113.10, 198.51.100.0/28',
	description:
		'Public addresses or CIDR blocks that your PBX calls from, separated by commas or line breaks, or a list from an expression',
	routing: body('ip_addresses'),
});

const newListFields = [nameField, ipAddresses, options];

/**
 * The addresses that a list has now. An update replaces them all, so what can't be read must not be taken for none.
 *
 * @throws PlivoFailure of kind `unreadable`
 */
function addressesOf({ ip_addresses: addresses, ipacl_uuid: id }: IpAccessControlList): string[] {
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
const changeAddresses =
	(
		change: (before: string[], given: string[]) => { after: string[]; warnings: string[] },
	): Executor =>
	(operation) => {
		const id = operation.id('ipAclId', IP_ACL);
		const given = checkedAddresses('IP Addresses', operation.parameter('ipAddresses'));
		return async (channel) => {
			let warnings: string[] = [];
			const changesOf = (current: IpAccessControlList) => {
				const before = addressesOf(current);
				const changed = change(before, given);
				({ warnings } = changed);
				return changed.after.length === before.length ? {} : { ip_addresses: changed.after };
			};
			const { record } = await updateRecord(channel, IP_ACL, id, { changesOf });
			return [withWarnings(record, warnings)];
		};
	};

const addAddresses = operation({
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

const wouldBeEmpty = () =>
	new PlivoFailure(
		'conflict',
		'These are all the addresses of the list, and nobody could call with an empty list',
		'Leave at least one address, or delete the list.',
	);

const removeAddresses = operation({
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

const { create, upsert, del, get, getAll, update } = crud(
	IP_ACL,
	ipAclId,
	'IP access control list',
);

export const ipAccessControlList = resource(
	{ name: 'IP Access Control List', value: 'ipAccessControlList' },
	'create',
	[
		addAddresses,
		create({ fields: newListFields }),
		upsert({ fields: newListFields }),
		del({
			description: 'Delete an IP access control list unless trunks use it: their calls would fail',
		}),
		get(),
		getAll(),
		removeAddresses,
		update({
			fields: [
				ipAclId,
				updateFields(
					{
						...optional(ipAddresses),
						description: `${ipAddresses.description}. They replace all addresses of the list.`,
					},
					newNameField,
				),
				options,
			],
		}),
	],
);
