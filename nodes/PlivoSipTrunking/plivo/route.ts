import type { PlivoRecord } from './callRecord';

/**
 * The trunk or application that a phone number's calls go to
 * (plivo.com/docs/numbers/api/account-phone-number; trunks: plivo-cli 1.1.0).
 *
 * @param application the number's `application`: `/v1/Account/<id>/Zentrunk/Trunk/<trunk_id>/`,
 *   `/v1/Account/<id>/Application/<app_id>/` or null
 * @returns nothing for a number that is routed nowhere
 */
export function routeOf(
	application: unknown,
): { kind: 'trunk' | 'application'; id: string } | undefined {
	if (typeof application !== 'string') return undefined;
	const [, type, id] = /(Zentrunk\/Trunk|Application)\/([^/]+)\/?$/.exec(application) ?? [];
	if (!id) return undefined;
	return { kind: type === 'Application' ? 'application' : 'trunk', id };
}

/** Whether a number's calls go to the trunk. */
export function isRoutedTo(number: PlivoRecord, trunkId: string): boolean {
	const route = routeOf(number.application);
	return route?.kind === 'trunk' && route.id === trunkId;
}
