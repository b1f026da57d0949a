import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import { nameAndId } from './kind';
import { type PhoneNumber, type Route, routeOf } from './phoneNumber';
import { directionLabel, offStatus, TRUNK, type Trunk } from './trunk';

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
export function requireTakesCalls(trunk: Trunk, allowDisabled: boolean): void {
	const named = `Trunk ${nameAndId(TRUNK, trunk)}`;
	if (trunk.trunk_direction !== 'inbound') {
		throw new PlivoFailure(
			'conflict',
			`${named} is ${directionLabel(trunk)}, and a number routed to it would stop answering`,
			'Choose an inbound trunk.',
		);
	}
	const status = offStatus(trunk);
	if (status !== undefined && !allowDisabled) {
		throw new PlivoFailure(
			'conflict',
			`${named} is ${status}, and a number routed to it would stop answering`,
			"Enable the trunk first (Trunk, Enable), or turn on 'Allow Disabled Trunk' in the options.",
		);
	}
}

/**
 * As {@link requireTakesCalls}, of a trunk as it is when the number goes there: one without a primary URI has nowhere
 * to send calls to. An answer without the field says nothing.
 *
 * @throws PlivoFailure of kind `conflict`
 */
export function requireTakesCallsNow(trunk: Trunk, allowDisabled: boolean): void {
	requireTakesCalls(trunk, allowDisabled);
	const { primary_uri_uuid: uri } = trunk;
	if (uri === undefined || !isBlank(uri) || allowDisabled) return;
	throw new PlivoFailure(
		'conflict',
		`Trunk ${nameAndId(TRUNK, trunk)} has no primary URI to send calls to, and a number routed to it would stop answering`,
		"Attach one first (Trunk, Attach Origination URI), or turn on 'Allow Disabled Trunk' in the options.",
	);
}

/** Whether two values of a number's `application` are one route, or both none. */
export function isSameRoute(one: unknown, other: unknown): boolean {
	const [first, second] = [routeOf(one), routeOf(other)];
	if (!first && !second) return (isBlank(one) && isBlank(other)) || one === other;
	return first?.kind === second?.kind && first?.id === second?.id;
}

/**
 * Whether a number's calls go where this account can't look: to what is neither a trunk nor an application, or to a
 * trunk of another account, such as a subaccount. There, a 404 says nothing.
 */
export function isOutOfSight({ accountUrl }: Channel, application: unknown): boolean {
	if (isBlank(application)) return false;
	const route = routeOf(application);
	if (!route) return true;
	const [, account] = /\/Account\/([^/]+)\//.exec(String(application)) ?? [];
	return route.kind === 'trunk' && account !== undefined && !accountUrl.endsWith(`/${account}`);
}

/** A number's `application`; null where it has none. */
export const applicationOf = (number: PhoneNumber): string | null => number.application || null;

/** What a number is routed to, in words: `trunk 123`, `nothing`, or what Plivo says. */
export function routeLabel(application: unknown): string {
	if (isBlank(application)) return 'nothing';
	const route = routeOf(application);
	return route ? `${route.kind} ${route.id}` : String(application);
}
