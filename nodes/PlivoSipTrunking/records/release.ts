import type { IDataObject } from 'n8n-workflow';

import { isGone, PlivoFailure, unlessGone } from '../failure';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { request } from '../transport/request';
import { LOOKS, settling } from '../transport/settling';
import { hold, noteOpenWrite, noteWrite, recordClaim, stateOf } from './accountState';
import { nameAndId, recordPath } from './kind';
import { getRecord } from './list';
import { PHONE_NUMBER, routeOf, UNKNOWN_NUMBER_HELP } from './phoneNumber';
import { isOutOfSight } from './route';
import { TRUNK } from './trunk';

/** What releasing a number came to. */
export interface Released {
	/** What Force has overridden, as whole sentences for the output. */
	readonly warnings: string[];
}

/**
 * Gives a number back to Plivo: DELETE Number/{number}/, which can't be undone
 * (plivo.com/docs/numbers/api/account-phone-number).
 *
 * @param number digits
 * @param force although its calls go to a trunk, or where they go could not be found out
 * @throws PlivoFailure; of kind `conflict` while its calls go to a trunk, naming it
 */
export async function releaseNumber(
	channel: Channel,
	number: string,
	force: boolean,
): Promise<Released> {
	return await hold(channel, [recordClaim(PHONE_NUMBER, number)], async () => {
		const { openReleases } = stateOf(channel);
		let warnings: string[] = [];
		const guard = async () => {
			warnings = await requireUnused(channel, number, force);
		};
		const done = () => {
			openReleases.delete(number);
			noteWrite(channel, PHONE_NUMBER, number);
			channel.wrote?.(`released phone number ${number}`);
			return { warnings };
		};
		const isThere = await guard().then(
			() => true,
			(failure: unknown) => {
				if (!isGone(failure)) throw failure;
				// An earlier try of this process has released it after all.
				if (openReleases.has(number)) return false;
				throw new PlivoFailure(
					'refused',
					`Phone number ${number} is not on this account, and was not released`,
					UNKNOWN_NUMBER_HELP,
					failure.details,
				);
			},
		);
		if (!isThere) return done();
		await request(channel, {
			method: 'DELETE',
			path: recordPath(PHONE_NUMBER, number),
			subject: `phone number ${number}`,
			recheck: guard,
		}).catch(async (failure: unknown) => {
			if (!(failure instanceof PlivoFailure) || failure.details.maybeDone !== true) throw failure;
			const since = failure.details.openSince ?? performance.now();
			openReleases.set(number, true);
			noteOpenWrite(channel, PHONE_NUMBER, number, since);
			if (failure.kind !== 'cancelled' && (await isGoneBy(channel, number, since))) return;
			throw new PlivoFailure(
				failure.kind,
				`${failure.message}. Phone number ${number} may have been released`,
				`Check whether the account still has it (Phone Number, Get). ${failure.description}`,
				failure.details,
			);
		});
		return done();
	});
}

/** Whether a number goes within the time in which a request without an answer may still be carried out. */
async function isGoneBy(channel: Channel, number: string, since: number): Promise<boolean> {
	for (const part of LOOKS) {
		const at = since + part * settling.ms;
		if (at > performance.now()) await pause(at - performance.now(), channel.signal);
		const isThere = await unlessGone(getRecord(channel, PHONE_NUMBER, number)).catch(() => true);
		if (isThere === undefined) return true;
	}
	return false;
}

/**
 * Refuses to release a number whose calls go to a trunk that is there.
 *
 * @returns what was overridden, as whole sentences for the output
 */
async function requireUnused(channel: Channel, number: string, force: boolean): Promise<string[]> {
	const { application }: IDataObject = await getRecord(channel, PHONE_NUMBER, number);
	const route = routeOf(application);
	// A record that doesn't say is not one whose calls go nowhere.
	const isUnsaid = application === undefined;
	if (route?.kind === 'application' || (isBlank(application) && !isUnsaid)) return [];
	if (!route || isOutOfSight(channel, application)) {
		if (force) {
			return [
				isUnsaid
					? `Plivo did not say where the calls of phone number ${number} went.`
					: `The calls of phone number ${number} went to ${String(application)}.`,
			];
		}
		throw new PlivoFailure(
			'conflict',
			`Phone number ${number} was not released: ${isUnsaid ? 'Plivo does not say where its calls go, and it may be a trunk' : `its calls go to ${String(application)}, which may be a trunk`}`,
			"Route it elsewhere first (Phone Number, Unroute or Route to Application), or turn on 'Force' in the options. A released number is lost for good.",
		);
	}
	const unreadable: IDataObject = {};
	const trunk = await unlessGone(getRecord(channel, TRUNK, route.id)).catch((failure: unknown) => {
		if (!(failure instanceof PlivoFailure) || failure.kind === 'cancelled') throw failure;
		// It may be there: its id has to do.
		return unreadable;
	});
	// Its calls reach nobody already.
	if (!trunk) return [];
	const named = `trunk ${nameAndId(TRUNK, { ...trunk, trunk_id: route.id })}`;
	if (force) return [`The calls of phone number ${number} went to ${named}.`];
	throw new PlivoFailure(
		'conflict',
		`Phone number ${number} was not released: its calls go to ${named}`,
		"Route it elsewhere first (Phone Number, Unroute or Route to Application), or turn on 'Force' in the options. A released number is lost for good.",
	);
}
