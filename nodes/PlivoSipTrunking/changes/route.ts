import type { IDataObject } from 'n8n-workflow';

import { asData, type Findings, goneAsData, PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import { noteWrite, recordClaim } from '../records/accountState';
import { requireCompliance } from '../records/compliance';
import { recordPath } from '../records/kind';
import { getRecord } from '../records/list';
import { PHONE_NUMBER, type PhoneNumber, type Route } from '../records/phoneNumber';
import {
	applicationOf,
	applicationPath,
	isSameRoute,
	requireTakesCallsNow,
	routeLabel,
} from '../records/route';
import { TRUNK } from '../records/trunk';
import type { Request } from '../transport/attempt';
import type { Channel } from '../transport/channel';
import { type Change, type Decision, finalFailure, type History, settle } from './settle';

/** What a number may be routed to all the same. */
export interface RouteOptions {
	/** A trunk that is disabled. */
	readonly allowDisabledTrunk: boolean;
	/** A trunk, also where an Indian number's compliance application isn't accepted. */
	readonly skipComplianceCheck: boolean;
}

/** Where a number is to go. */
export interface Routing {
	/** Digits. */
	readonly number: string;
	/** Nothing: it is to have no route. */
	readonly target?: Route;
	/** What its `application` must be before, where the caller has looked already. */
	readonly expected?: { readonly application: unknown };
	/** Looks for what speaks against it, given the number as it is. Nothing is looked for after a success. */
	readonly guard?: (channel: Channel, number: PhoneNumber) => Promise<Findings>;
}

/** What became of a number's route. */
export interface Routed {
	/** The number as it was before. */
	readonly before: PhoneNumber;
	/** The number as it is now. */
	readonly record: PhoneNumber;
	readonly changed: boolean;
	readonly warnings: readonly string[];
	/** Where it is still routed although it should have no route, and why: a continuation of its name. */
	readonly left?: string;
}

interface Seen extends Findings {
	/** Nothing where it is gone. */
	readonly number?: PhoneNumber;
}

/** Routes a number to a trunk or an application; it takes effect on live calls at once. */
export const routing = (
	channel: Channel,
	{ number, target, expected, guard }: Routing,
): Change<Seen, Routed> => {
	const application = target ? applicationPath(channel, target) : null;
	const send: Request = {
		method: 'POST',
		path: recordPath(PHONE_NUMBER, number),
		// Older SDKs of Plivo's clear a route by an empty id. What that does to a number on a trunk is undocumented.
		body: { app_id: target?.id ?? '' },
		subject: target
			? `phone number ${number}, or no application or trunk ${target.id}`
			: `phone number ${number}`,
	};
	return {
		claims: [
			recordClaim(PHONE_NUMBER, number),
			...(target?.kind === 'trunk' ? [recordClaim(TRUNK, target.id, true)] : []),
		],
		maybe: target
			? `Phone number ${number} may have been routed to ${target.kind} ${target.id}`
			: `The route of phone number ${number} may have been cleared`,
		async look(holding, { answer, before }) {
			const seen = async () => {
				const record = await getRecord(holding, PHONE_NUMBER, number);
				if (answer) return { number: record };
				return { number: record, ...(await guard?.(holding, before?.number ?? record)) };
			};
			return await seen().catch(goneAsData);
		},
		decide(seen, history) {
			const before = history.before?.number;
			if (!before) return seen?.objection ? { refuse: seen.objection } : { look: 'now' };
			const wanted = { before, application, expected, send };
			return target ? decideRoute(seen, history, wanted) : decideClearing(seen, history, wanted);
		},
		note(holding, { record, changed }) {
			if (!changed) return;
			noteWrite(holding, PHONE_NUMBER, number, { number, application: record.application ?? null });
			holding.wrote?.(`routed phone number ${number}`);
		},
	};
};

interface Wanted {
	readonly before: PhoneNumber;
	readonly application: string | null;
	readonly expected?: { readonly application: unknown };
	readonly send: Request;
}

function decideRoute(
	seen: Seen | undefined,
	history: History<Seen>,
	{ before, application, expected, send }: Wanted,
): Decision<Routed> {
	const warnings = history.before?.warnings ?? [];
	const after = { before, record: { ...before, application }, warnings };
	if (history.answer) return { done: { ...after, changed: true } };
	const final = finalFailure(history);
	if (final) return { refuse: final };
	if (!seen) return { look: 'now' };
	const { number: now, objection } = seen;
	if (objection || !now) return { refuse: objection ?? numberGone(before) };
	const { application: from } = expected ?? before;
	if (isSameRoute(now.application, application) && (history.open || !expected)) {
		return { done: { ...after, changed: history.open !== undefined } };
	}
	if (!isSameRoute(now.application, from)) return { refuse: movedMeanwhile(now) };
	return { send };
}

/** What the number says afterwards counts, whatever Plivo says to the request. */
function decideClearing(
	seen: Seen | undefined,
	history: History<Seen>,
	{ before, expected, send }: Wanted,
): Decision<Routed> {
	const { answer, open, unseen } = history;
	const final = finalFailure(history);
	if (final && !refusesToClear(final)) return { refuse: final };
	if (unseen) return { refuse: unseen };
	if (!seen) return { look: 'now' };
	const { number: now, objection } = seen;
	if (objection || !now) return { refuse: objection ?? numberGone(before) };
	const isTried = answer !== undefined || open !== undefined || final !== undefined;
	const done = { before, record: now, warnings: [], changed: isTried };
	if (isBlank(now.application)) return { done };
	if (answer || final) {
		const why = answer ? 'did not clear the route' : 'refuses to clear a route';
		const left = `is still routed to ${routeLabel(now.application)}, since Plivo ${why}`;
		return { done: { ...done, left } };
	}
	if (!isSameRoute(now.application, (expected ?? before).application)) {
		return { refuse: movedMeanwhile(now) };
	}
	return { send };
}

/** Plivo's word that it doesn't clear a route; a refused token or a full window says nothing about that. */
const refusesToClear = ({ kind, details }: PlivoFailure): boolean =>
	kind === 'refused' && ![401, 403, 429].includes(details.httpCode ?? 0);

const numberGone = ({ number }: PhoneNumber) =>
	new PlivoFailure(
		'conflict',
		`Phone number ${number} is not on the account any more`,
		'Somebody else has released or moved it.',
	);

const movedMeanwhile = ({ number, application }: PhoneNumber) =>
	new PlivoFailure(
		'conflict',
		`Phone number ${number} is routed to ${routeLabel(application)} now`,
		'Run it again if you want to move it from there.',
	);

/**
 * Routes a number, or takes it off its route.
 *
 * @throws PlivoFailure; of kind `conflict` where it is routed elsewhere than expected
 */
export async function changeRoute(channel: Channel, wanted: Routing): Promise<Routed> {
	return await settle(channel, routing(channel, wanted));
}

/** What speaks against routing a number to a trunk, as the trunk is now. */
export const trunkGuard =
	(target: Route, { allowDisabledTrunk, skipComplianceCheck }: RouteOptions) =>
	async (channel: Channel, number: PhoneNumber): Promise<Findings> => {
		if (target.kind === 'application') return {};
		const check = async () => {
			requireTakesCallsNow(await getRecord(channel, TRUNK, target.id), allowDisabledTrunk);
			return await requireCompliance(channel, number, skipComplianceCheck);
		};
		const warnings = await check().catch(asData);
		return warnings instanceof PlivoFailure ? { objection: warnings } : { warnings };
	};

/**
 * Routes a number, unless it is routed so already. The trunk is neither deleted nor made outbound meanwhile.
 *
 * @param number digits
 * @returns the number's record, with `previous_application`, and `warnings` where there are any
 * @throws PlivoFailure
 */
export async function routePhoneNumber(
	channel: Channel,
	number: string,
	target: Route,
	options: RouteOptions,
): Promise<IDataObject> {
	const guard = trunkGuard(target, options);
	const { before, record, warnings } = await changeRoute(channel, { number, target, guard });
	return {
		...record,
		previous_application: applicationOf(before),
		...(warnings.length > 0 && { warnings: [...warnings] }),
	};
}

export const STILL_ROUTED_FIX =
	'Route it to an application instead (Phone Number, Route to Application), or release it in the Plivo console if you no longer need it.';

/**
 * Takes a number off its trunk or application, if Plivo lets it be.
 *
 * @param number digits
 * @returns the number as Plivo has it now, with `previous_application`, `unrouted` and `warnings`
 * @throws PlivoFailure
 */
export async function unroutePhoneNumber(channel: Channel, number: string): Promise<IDataObject> {
	const { before, record, left } = await changeRoute(channel, { number });
	return {
		...record,
		previous_application: applicationOf(before),
		unrouted: left === undefined,
		...(left !== undefined && {
			warnings: [`Phone number ${number} ${left}, and its calls go there. ${STILL_ROUTED_FIX}`],
		}),
	};
}
