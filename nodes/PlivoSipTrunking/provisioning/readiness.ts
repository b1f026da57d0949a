import type { IDataObject } from 'n8n-workflow';

import { routeOf } from '../plivo/route';
import { sharedListing } from '../plivo/journal';
import { IP_ACL, type Kind, ORIGINATION_URI, PHONE_NUMBER, TRUNK } from '../plivo/kinds';
import { getRecord } from '../plivo/read';
import { isReady, readinessChecks } from '../plivo/readiness';
import { checkedId, checkedPhoneNumber } from '../plivo/rules';
import type { Channel } from '../transport/channel';
import { badInput, PlivoFailure } from '../transport/failure';

/**
 * Whether calls of a number or trunk can work. Only reads.
 *
 * @param phoneNumber in any notation; empty: none is asked about
 * @param trunkId empty: the trunk that the number is routed to
 * @returns `ready`, `checks` (`name`, `status` pass|warn|fail|info, `detail`, `fix`), and what was asked
 *   about: `phone_number`, `trunk_id`
 * @throws PlivoFailure
 */
export async function checkReadiness(
	channel: Channel,
	{ phoneNumber, trunkId }: { phoneNumber: unknown; trunkId: unknown },
): Promise<IDataObject> {
	const numberGiven =
		(phoneNumber ?? '') === '' ? undefined : checkedPhoneNumber('Phone Number', phoneNumber);
	const trunkGiven = (trunkId ?? '') === '' ? undefined : checkedId(TRUNK.idLabel, trunkId);
	if (numberGiven === undefined && trunkGiven === undefined) {
		throw badInput(
			'Phone Number',
			'and Trunk are both empty',
			'Pick a number, a trunk, or both: a number is checked together with the trunk it is routed to.',
		);
	}
	const number = await readIfGiven(channel, PHONE_NUMBER, numberGiven);
	const route = routeOf(number?.application);
	const id = trunkGiven ?? (route?.kind === 'trunk' ? route.id : undefined);
	const trunk = await readIfGiven(channel, TRUNK, id);
	const [primaryUri, fallbackUri, outbound] = await Promise.all([
		readIfGiven(channel, ORIGINATION_URI, trunk?.primary_uri_uuid),
		readIfGiven(channel, ORIGINATION_URI, trunk?.fallback_uri_uuid),
		outboundFacts(channel, trunk),
	]);
	const checks = readinessChecks({
		numberGiven,
		phoneNumber: number,
		trunkGiven,
		trunk,
		primaryUri,
		fallbackUri,
		...outbound,
	});
	return {
		ready: isReady(checks),
		...(numberGiven !== undefined && { phone_number: numberGiven }),
		...(id !== undefined && { trunk_id: id }),
		checks,
	};
}

/** `undefined` when nothing is asked for, `null` when there is no such record. */
async function readIfGiven(
	channel: Channel,
	kind: Kind,
	id: unknown,
): Promise<IDataObject | null | undefined> {
	if ((id ?? '') === '') return undefined;
	return await getRecord(channel, kind, String(id)).catch((failure: unknown) => {
		if (failure instanceof PlivoFailure && failure.details.httpCode === 404) return null;
		throw failure;
	});
}

async function outboundFacts(channel: Channel, trunk: IDataObject | null | undefined) {
	const outboundTrunks =
		trunk?.trunk_direction === 'outbound'
			? [trunk]
			: await sharedListing(channel, TRUNK, { trunk_direction: 'outbound' });
	const withList = outboundTrunks.some(({ ipacl_uuid }) => (ipacl_uuid ?? '') !== '');
	return { outboundTrunks, ipAcls: withList ? await sharedListing(channel, IP_ACL, {}) : [] };
}
