import type { IDataObject } from 'n8n-workflow';

import { isGone, PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { LOOKS, settling } from '../transport/settling';
import { noteWrite, type OpenRental, stateOf } from './accountState';
import { isPending } from './compliance';
import { costOf, type Wanted } from './offer';
import { PHONE_NUMBER } from './phoneNumber';
import { requireUnchanged, updateHeld } from './update';
import { aliasOf, answer, numberNow, numbersOfAlias, told } from './rentedNumber';
import { GOES_ON, noteRental } from './purchase';

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
	const { winner, unread } = await secondOf(channel, alias, number);
	if (winner) return await givenWay(channel, wanted, rental, winner);
	return await told(
		channel,
		{ ...rental, pending: pending || isPending(record) },
		record,
		unread
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

/**
 * Looks for a number that another worker has rented for the alias at the same moment, and decides with it which of the
 * two counts, without a word between them: of two that see each other, the one with the greater number gives way at
 * once, by another alias. If the other one waits for that in vain, its like had looked before, and it gives way itself.
 *
 * @returns `winner`: the other one, where ours has to give way
 */
async function secondOf(
	channel: Channel,
	alias: string,
	number: string,
): Promise<{ winner?: IDataObject; unread: boolean }> {
	let from = performance.now();
	let other: IDataObject | undefined;
	let unread = true;
	for (let look = 0; look < LOOKS.length; look++) {
		const at = from + (LOOKS[look] ?? 1) * settling.ms;
		if (at > performance.now()) await pause(at - performance.now(), channel.signal);
		const numbers = await numbersOfAlias(channel, alias).catch((failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			return [];
		});
		if (!numbers.some((one) => String(one.number) === number)) continue;
		unread = false;
		const [first] = numbers.filter((one) => String(one.number) !== number);
		if (!first) return { unread };
		if (String(first.number) < number) return { winner: first, unread };
		if (!other) {
			// The whole time from now on.
			from = performance.now();
			look = 0;
		}
		other = first;
	}
	return { winner: other, unread };
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
