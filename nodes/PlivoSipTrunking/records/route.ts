import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import { hold, noteWrite, recordClaim, stateOf } from './accountState';
import { requireCompliance } from './compliance';
import { nameAndId } from './kind';
import { getRecord } from './list';
import { PHONE_NUMBER, type Route, routeOf } from './phoneNumber';
import { directionLabel, offStatus, TRUNK } from './trunk';
import { routeNumber } from './update';

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
export function requireTakesCallsNow(trunk: IDataObject, allowDisabled: boolean): void {
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
function isSameRoute(one: unknown, other: unknown): boolean {
	const [first, second] = [routeOf(one), routeOf(other)];
	if (!first && !second) return (isBlank(one) && isBlank(other)) || one === other;
	return first?.kind === second?.kind && first?.id === second?.id;
}

/**
 * Somebody else may have sent a number to where it must not be taken from, since it was looked at.
 *
 * @param routes values of its `application` that it may have
 * @throws PlivoFailure of kind `conflict`, a continuation of the number's name
 */
export async function requireRoute(
	channel: Channel,
	number: string,
	...routes: unknown[]
): Promise<void> {
	const { application: now } = await getRecord(channel, PHONE_NUMBER, number);
	if (routes.some((route) => isSameRoute(now, route))) return;
	throw new PlivoFailure(
		'conflict',
		`it is routed to ${routeLabel(now)} now`,
		'Run it again if you want to move it from there.',
	);
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

const applicationOf = (number: IDataObject): string | null =>
	isBlank(number.application) ? null : String(number.application);

/** Notes that this process has changed a number's route. */
export function noteRouted(channel: Channel, number: IDataObject, to: string | null): void {
	const from = applicationOf(number);
	if (isSameRoute(from, to)) return;
	stateOf(channel).routed.set(String(number.number), { from, to });
}

/**
 * What a number was routed to before: as it says itself, or, where it is routed already as it is to be, before
 * this process did that. So a second run names the same way back as the first, as long as that is remembered.
 *
 * @param number its record before the run
 * @param to what it is to be routed to by this run
 */
export function previousApplication(
	channel: Channel,
	number: IDataObject,
	to: string | null,
): string | null {
	const current = applicationOf(number);
	if (!isSameRoute(current, to)) return current;
	const known = stateOf(channel).routed.get(String(number.number));
	return known && isSameRoute(known.to, current) ? known.from : current;
}

/** What a number may be routed to all the same. */
export interface RouteOptions {
	/** A trunk that is disabled. */
	readonly allowDisabledTrunk: boolean;
	/** A trunk, also where an Indian number's compliance application isn't accepted. */
	readonly skipComplianceCheck: boolean;
}

/**
 * Routes a number, unless it is routed so already. The trunk is neither deleted nor turned round meanwhile.
 *
 * @param number digits
 * @returns the number's record, with `previous_application`, and `warnings` where there are any
 * @throws PlivoFailure
 */
export async function routePhoneNumber(
	channel: Channel,
	number: string,
	target: Route,
	{ allowDisabledTrunk, skipComplianceCheck }: RouteOptions,
): Promise<IDataObject> {
	const claims = [
		recordClaim(PHONE_NUMBER, number),
		...(target.kind === 'trunk' ? [recordClaim(TRUNK, target.id, true)] : []),
	];
	return await hold(channel, claims, async () => {
		const checkTrunk = async () => {
			if (target.kind === 'application') return;
			requireTakesCallsNow(await getRecord(channel, TRUNK, target.id), allowDisabledTrunk);
		};
		await checkTrunk();
		const record = await getRecord(channel, PHONE_NUMBER, number);
		const warnings =
			target.kind === 'trunk' ? await requireCompliance(channel, record, skipComplianceCheck) : [];
		const application = applicationPath(channel, target);
		const previous = previousApplication(channel, record, application);
		if (!isSameRoute(record.application, application)) {
			await routeNumber(channel, number, target.id, application, async () => {
				await checkTrunk();
				await requireRoute(channel, number, record.application, application);
			});
			noteRouted(channel, record, application);
		}
		return {
			...record,
			application,
			previous_application: previous,
			...(warnings.length > 0 && { warnings }),
		};
	});
}

/** Plivo's word that it doesn't clear a route; a refused token or a full window says nothing about that. */
const refusesToClear = (failure: unknown): boolean =>
	failure instanceof PlivoFailure &&
	failure.kind === 'refused' &&
	failure.details.maybeDone !== true &&
	![401, 403, 429].includes(failure.details.httpCode ?? 0);

const mayBeDone = (failure: unknown): boolean =>
	failure instanceof PlivoFailure &&
	failure.kind !== 'cancelled' &&
	failure.details.maybeDone === true;

/**
 * Tries to take a number off what it is routed to: older SDKs of Plivo's send an empty id, and what that
 * does to a number on a trunk is told nowhere. What the number says afterwards counts. The number is held.
 *
 * @param before what it is routed to
 * @returns the number as Plivo has it now, and where it is still routed what of, a continuation of its name
 * @throws PlivoFailure; also where no answer came and the number is still routed: it may be cleared later
 */
async function tryToClear(
	channel: Channel,
	number: string,
	before: unknown,
): Promise<{ record: IDataObject; left?: string }> {
	let failed: unknown;
	const recheck = async () => await requireRoute(channel, number, before, null);
	await routeNumber(channel, number, '', null, recheck).catch((failure: unknown) => {
		if (!refusesToClear(failure) && !mayBeDone(failure)) throw failure;
		failed = failure;
	});
	const record = await getRecord(channel, PHONE_NUMBER, number);
	const { application = null } = record;
	noteWrite(channel, PHONE_NUMBER, number, { number, application });
	if (isBlank(application)) return { record };
	if (failed !== undefined && !refusesToClear(failed)) throw failed;
	const why = failed === undefined ? 'did not clear the route' : 'refuses to clear a route';
	return { record, left: `is still routed to ${routeLabel(application)}, since Plivo ${why}` };
}

/** What a number is routed to, in words: `trunk 123`, `nothing`, or what Plivo says. */
export function routeLabel(application: unknown): string {
	if (isBlank(application)) return 'nothing';
	const route = routeOf(application);
	return route ? `${route.kind} ${route.id}` : String(application);
}

const STILL_ROUTED_FIX =
	'Route it to an application instead (Phone Number, Route to Application), or release it in the Plivo console if you no longer need it.';

/**
 * Takes a number that is held off what it is routed to.
 *
 * @param before what it is routed to
 * @returns where it is still routed, why: a failure to throw, a continuation of the number's name
 * @throws PlivoFailure
 */
export async function clearRoute(
	channel: Channel,
	number: string,
	before: unknown,
): Promise<PlivoFailure | undefined> {
	const { left } = await tryToClear(channel, number, before);
	return left === undefined
		? undefined
		: new PlivoFailure('conflict', `it ${left}`, STILL_ROUTED_FIX);
}

/**
 * Takes a number off its trunk or application, if Plivo lets it be.
 *
 * @param number digits
 * @returns the number as Plivo has it now, with `previous_application`, `unrouted` and `warnings`
 * @throws PlivoFailure
 */
export async function unroutePhoneNumber(channel: Channel, number: string): Promise<IDataObject> {
	return await hold(channel, [recordClaim(PHONE_NUMBER, number)], async () => {
		const before = await getRecord(channel, PHONE_NUMBER, number);
		const previous = previousApplication(channel, before, null);
		const { record, left } = isBlank(before.application)
			? { record: before, left: undefined }
			: await tryToClear(channel, number, before.application);
		if (left === undefined) noteRouted(channel, before, null);
		return {
			...record,
			previous_application: previous,
			unrouted: left === undefined,
			...(left !== undefined && {
				warnings: [`Phone number ${number} ${left}, and its calls go there. ${STILL_ROUTED_FIX}`],
			}),
		};
	});
}
