import type { IDataObject } from 'n8n-workflow';

import { isGone, PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { settling } from '../transport/settling';
import { noteWrite, type OpenRental, stateOf } from './accountState';
import { isPending } from './compliance';
import { costOf, type Wanted } from './offer';
import { PHONE_NUMBER } from './phoneNumber';
import { requireUnchanged, updateHeld } from './update';
import { aliasOf, answer, numberNow, numbersOfAlias, told } from './rentedNumber';
import { GOES_ON, noteRental } from './purchase';
import { twinOf } from './twins';

/** After so many numbers that somebody else rented first. */
export const MOST_TRIES = 5;

/**
 * Gives a rented number its alias and tells all about it. The number is held.
 *
 * @returns nothing where it turns out to be somebody else's
 */
export async function completed(
	channel: Channel,
	wanted: Wanted,
	rental: OpenRental,
): Promise<IDataObject | undefined> {
	const { alias } = wanted;
	const { number, isCertain, pending } = rental;
	const record = await named(channel, wanted, rental).catch((failure: unknown): never => {
		if (!(failure instanceof PlivoFailure)) throw failure;
		const words = `Phone number ${number} ${isCertain ? 'was' : 'may have been'} rented for "${alias}", but could not be given this alias`;
		throw new PlivoFailure(
			failure.kind,
			`${words}: ${failure.message}`,
			`${GOES_ON} ${failure.description}`,
			{ ...failure.details, left: `${words}.` },
		);
	});
	if (record === 'unlisted') {
		return await told(channel, rental, { number, alias: null, application: null }, [
			`Phone number ${number} is pending and not on the account’s list yet, so it could not be given the alias "${alias}". Give it the alias (Phone Number, Update) once it is there: until then a run in another n8n process would rent a second number.`,
		]);
	}
	if (record && aliasOf(record) !== alias) {
		// Stays noted: no run of this process rents a second one.
		noteRental(channel, wanted, { ...rental, keptAs: aliasOf(record) });
		const words = `Phone number ${number} was rented for "${alias}", and has the alias "${String(record.alias)}": Plivo stores it differently, or somebody has just changed it`;
		throw new PlivoFailure(
			'conflict',
			words,
			'Use that alias from now on: a run with another one may rent a second number.',
			{ left: `${words}.` },
		);
	}
	stateOf(channel).rentals.delete(alias);
	if (!record) return undefined;
	noteWrite(channel, PHONE_NUMBER, number, record);
	const { own, winner } = await secondOf(channel, alias, number);
	if (winner) return await givenWay(channel, wanted, rental, winner);
	return await told(
		channel,
		{ ...rental, pending: pending || isPending(record) },
		record,
		own === undefined
			? [
					`Whether another worker has rented a number for "${alias}" at the same moment could not be checked: look for a second one in the Plivo console.`,
				]
			: [],
	);
}

/** The number with its alias; nothing where it is somebody else's. */
async function named(
	channel: Channel,
	{ alias }: Wanted,
	{ number, isCertain, pending, openSince = 0 }: OpenRental,
): Promise<IDataObject | 'unlisted' | undefined> {
	if (!isCertain) {
		// Another worker may have rented it: one that is certain has given it an alias by then.
		await pause(Math.max(0, openSince + settling.ms - performance.now()), channel.signal);
		const record = await numberNow(channel, number);
		if (!record || (!isBlank(record.alias) && aliasOf(record) !== alias)) return undefined;
	}
	for (let tries = 1; ; tries++) {
		const record = await updateHeld(
			channel,
			PHONE_NUMBER,
			number,
			{ alias },
			{ number },
			async (changes, before) => {
				if (!isCertain) await requireUnchanged(channel, PHONE_NUMBER, number, changes, before);
			},
		).catch((failure: unknown) => {
			if (pending && isGone(failure)) return 'unlisted' as const;
			throw failure;
		});
		if (record === 'unlisted') return record;
		if (!isCertain) {
			await pause(settling.ms, channel.signal);
			const after = await numberNow(channel, number);
			return after && aliasOf(after) === alias ? after : undefined;
		}
		// One that isn't certain was a moment later, and gives way when it sees ours again.
		if (aliasOf(record) === alias || tries === MOST_TRIES) return record;
	}
}

/** Looks for a number that another worker has rented for the alias at the same moment: see {@link twinOf}. */
async function secondOf(channel: Channel, alias: string, number: string) {
	const isOurs = (one: IDataObject) => String(one.number) === number;
	return await twinOf(
		channel,
		(one) => String(one.number),
		async () => {
			const numbers = await numbersOfAlias(channel, alias);
			return { own: numbers.find(isOurs), others: numbers.filter((one) => !isOurs(one)) };
		},
	);
}

/** Ours is the second one: it is named, and gets an alias that tells it apart. */
async function givenWay(
	channel: Channel,
	{ alias }: Wanted,
	{ number, offer }: OpenRental,
	winner: IDataObject,
): Promise<IDataObject> {
	const other = `${alias} (rented twice)`;
	const renamed = await updateHeld(
		channel,
		PHONE_NUMBER,
		number,
		{ alias: other },
		{ number },
	).then(
		() => `It has the alias "${other}" now.`,
		(failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			return 'It has the same alias.';
		},
	);
	// Told as well where another item of the run fails, and no output is shown.
	channel.wrote?.(
		`phone number ${number} is one too many for "${alias}": another worker rented ${String(winner.number)}`,
	);
	return answer(winner, {
		rented: false,
		warnings: [
			`Another worker rented phone number ${String(winner.number)} for "${alias}" at the same moment. So phone number ${number}, rented by this run for ${costOf(offer)}, is one too many. ${renamed} Release it (Phone Number, Release), or use it for something else.`,
		],
	});
}
