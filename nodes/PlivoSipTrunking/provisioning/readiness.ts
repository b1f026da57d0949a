import type { IDataObject } from 'n8n-workflow';

import { badInput, PlivoFailure, unlessGone } from '../failure';
import { checkedId } from '../input/id';
import { checkedPhoneNumber } from '../input/phoneNumber';
import { isBlank } from '../input/text';
import { readAccount } from '../records/account';
import { isIndianNumber, readCompliance } from '../records/compliance';
import { allRecords } from '../records/find';
import { IP_ACL } from '../records/ipAccessControlList';
import type { AccountRecord, Kind, Text } from '../records/kind';
import { getRecord } from '../records/list';
import { ORIGINATION_URI } from '../records/originationUri';
import { PHONE_NUMBER, routeOf } from '../records/phoneNumber';
import { isOutOfSight } from '../records/route';
import { TRUNK, type Trunk } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { accountCheck, consoleChecks, indiaChecks } from './gateChecks';
import type { Composite } from './outbound';
import { isReady, readinessChecks } from './readinessChecks';

/**
 * Whether calls of a number or trunk can work. Only reads.
 *
 * @param phoneNumber in any notation; empty: none is asked about
 * @param trunkId empty: the trunk that the number is routed to
 * @returns `ready`, `checks` (`name`, `status` pass|warn|fail|info, `detail`, `fix`), and what was asked
 *   about: `phone_number`, `trunk_id`
 * @throws PlivoFailure
 */
export function checkReadiness({
	phoneNumber,
	trunkId,
}: {
	phoneNumber: unknown;
	trunkId: unknown;
}): Composite {
	const numberGiven = isBlank(phoneNumber)
		? undefined
		: checkedPhoneNumber('Phone Number', phoneNumber);
	const trunkGiven = isBlank(trunkId) ? undefined : checkedId(TRUNK.idLabel, trunkId, TRUNK.idKind);
	if (numberGiven === undefined && trunkGiven === undefined) {
		throw badInput(
			'Phone Number',
			"and 'Trunk' are both empty",
			'Pick a number, a trunk, or both: a number is checked together with the trunk it is routed to.',
		);
	}
	return async (channel) => await readinessOf(channel, numberGiven, trunkGiven);
}

async function readinessOf(
	channel: Channel,
	numberGiven: string | undefined,
	trunkGiven: string | undefined,
): Promise<IDataObject> {
	const [account, number] = await Promise.all([
		readIfAllowed(channel),
		readIfGiven(channel, PHONE_NUMBER, numberGiven),
	]);
	const route = routeOf(number?.application);
	const outOfSight = isOutOfSight(channel, number?.application);
	const id = trunkGiven ?? (route?.kind === 'trunk' && !outOfSight ? route.id : undefined);
	const trunk = await readIfGiven(channel, TRUNK, id);
	const isIndian = number && isIndianNumber(number);
	const [primaryUri, fallbackUri, outbound, compliance] = await Promise.all([
		readIfGiven(channel, ORIGINATION_URI, trunk?.primary_uri_uuid),
		readIfGiven(channel, ORIGINATION_URI, trunk?.fallback_uri_uuid),
		outboundFacts(channel, trunk),
		isIndian ? readCompliance(channel, number) : undefined,
	]);
	const checks = [
		accountCheck(account),
		...readinessChecks({
			numberGiven,
			phoneNumber: number,
			outOfSight,
			trunkGiven,
			trunk,
			primaryUri,
			fallbackUri,
			...outbound,
		}),
		...(number && compliance ? indiaChecks(number.number, compliance) : []),
		...consoleChecks(outbound.outboundTrunks.length > 0),
	];
	return {
		ready: isReady(checks),
		...(numberGiven !== undefined && { phone_number: numberGiven }),
		...(id !== undefined && { trunk_id: id }),
		checks,
	};
}

/** `null` where Plivo doesn't show the account: a scoped token may not be for it. */
async function readIfAllowed(channel: Channel): Promise<IDataObject | null> {
	return await readAccount(channel).catch((failure: unknown) => {
		const code = failure instanceof PlivoFailure ? failure.details.httpCode : undefined;
		if (code === undefined || ![403, 404, 405].includes(code)) throw failure;
		return null;
	});
}

/** `undefined` when nothing is asked for, `null` when there is no such record. */
async function readIfGiven<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	id: Text,
): Promise<R | null | undefined> {
	if (!id) return undefined;
	return (await unlessGone(getRecord(channel, kind, id))) ?? null;
}

async function outboundFacts(channel: Channel, trunk: Trunk | null | undefined) {
	const outboundTrunks =
		trunk?.trunk_direction === 'outbound'
			? [trunk]
			: (await allRecords(channel, TRUNK)).filter(
					({ trunk_direction }) => trunk_direction === 'outbound',
				);
	const withList = outboundTrunks.some(({ ipacl_uuid }) => !isBlank(ipacl_uuid));
	return { outboundTrunks, ipAcls: withList ? await allRecords(channel, IP_ACL) : [] };
}
