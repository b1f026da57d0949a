import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { hold, recordClaim } from './accountState';
import { labelled } from './kind';
import { getRecord } from './list';
import { PHONE_NUMBER, type Route, routeOf } from './phoneNumber';
import { TRUNK } from './trunk';
import { routeNumber } from './write';

/** The resource path that a number's `application` holds. */
export function applicationPath(channel: Channel, { kind, id }: Route): string {
	const path = kind === 'trunk' ? 'Zentrunk/Trunk' : 'Application';
	return `${new URL(channel.accountUrl).pathname}/${path}/${id}/`;
}

/**
 * Refuses a trunk that can't take calls: an outbound one, where a number quietly stops answering (live;
 * plivo.com/docs/sip-trunking/api/trunks), and one that is disabled.
 *
 * @throws PlivoFailure of kind `conflict`
 */
export function requireTakesCalls(trunk: IDataObject, allowDisabled: boolean): void {
	const named = `Trunk "${String(trunk.name)}" (${String(trunk.trunk_id)})`;
	if (trunk.trunk_direction !== 'inbound') {
		throw new PlivoFailure(
			'conflict',
			`${named} is outbound, and a number routed to it would stop answering`,
			'Choose an inbound trunk.',
		);
	}
	if (trunk.trunk_status === 'disabled' && !allowDisabled) {
		throw new PlivoFailure(
			'conflict',
			`${named} is disabled, and a number routed to it would stop answering`,
			'Enable the trunk first (Trunk, Enable), or switch on Allow Disabled Trunk in the options.',
		);
	}
}

/**
 * Routes a number, unless it is routed so already. The trunk is neither deleted nor turned round meanwhile.
 *
 * @param number digits
 * @returns the number's record, with `previous_application`
 * @throws PlivoFailure
 */
export async function routePhoneNumber(
	channel: Channel,
	number: string,
	target: Route,
	allowDisabled: boolean,
): Promise<IDataObject> {
	const claims = [
		recordClaim(PHONE_NUMBER, number),
		...(target.kind === 'trunk' ? [recordClaim(TRUNK, target.id, true)] : []),
	];
	return await hold(channel, claims, async () => {
		if (target.kind === 'trunk') {
			requireTakesCalls(await getRecord(channel, TRUNK, target.id), allowDisabled);
		}
		const record = await getRecord(channel, PHONE_NUMBER, number);
		const previous = record.application ?? null;
		const route = routeOf(previous);
		const application = applicationPath(channel, target);
		if (route?.kind !== target.kind || route.id !== target.id) {
			await routeNumber(channel, number, target.id, application);
		}
		return { ...record, application, previous_application: previous };
	});
}

/** Calls the trunk of a refusal by its name. */
export const trunkLabel = (trunk: IDataObject) => labelled(TRUNK, trunk, String(trunk.trunk_id));
