import type { Channel } from '../transport/channel';
import { PlivoFailure, asData } from '../failure';
import { letsInStrangers } from '../input/ipAddress';
import { isBlank } from '../input/text';
import { IP_ACL } from './ipAccessControlList';
import { idOf, labelled } from './kind';
import { getRecord } from './list';
import type { Trunk } from './trunk';

/**
 * Says where strangers can call through a trunk: its only authentication is an IP access control list that lets in
 * more addresses than a /8 in all.
 *
 * @param trunk as Plivo has it
 * @returns whole sentences for the output, also where the list can't be read
 * @throws PlivoFailure of kind `cancelled`
 */
export async function openTrunkWarnings(channel: Channel, trunk: Trunk): Promise<string[]> {
	const { trunk_direction: direction, ipacl_uuid: list, credential_uuid: credential } = trunk;
	if (direction !== 'outbound' || !list || !isBlank(credential)) return [];
	const found = await getRecord(channel, IP_ACL, list).catch(asData);
	if (found instanceof PlivoFailure) {
		return [
			`Whether strangers can call through this trunk could not be checked: ${found.message}.`,
		];
	}
	const { ip_addresses: addresses } = found;
	if (!Array.isArray(addresses) || !letsInStrangers(addresses.map(String))) return [];
	return [
		`Strangers can call on your account through this trunk: its only authentication is the ${labelled(IP_ACL, found, idOf(IP_ACL, found))}, which lets in more addresses than a /8 in all. Enter the addresses of your own servers, or attach a SIP credential as well.`,
	];
}
