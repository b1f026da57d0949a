import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { LOOKS, settling } from '../transport/settling';
import { hold, identityClaim, recordClaim, stateOf } from './accountState';
import { offerOf } from './availableNumber';
import { requireApplication, statusWarnings } from './compliance';
import { allRecords } from './find';
import { fittingOffers, refuse, type Wanted } from './offer';
import { PHONE_NUMBER, routeOf } from './phoneNumber';
import { requireUnchanged, updateHeld } from './update';
import {
	aliasOf,
	answer,
	applicationWarning,
	inOrder,
	numberNow,
	numbersOfAlias,
} from './rentedNumber';
import { appeared, bought, lowCredit, mayBeUnlisted, noteRental, perhapsPending } from './purchase';
import { completed, MOST_TRIES } from './rentalAlias';

/** Numbers without an alias that are looked at one by one. */
const MOST_UNNAMED = 10;

/**
 * Rents a number for an alias, never a second one: looks for the alias on the account, searches, chooses, rents, gives
 * it the alias, and looks again for one that another worker has rented at the same moment.
 *
 * @returns the number's record with `rented`, `pending`, and what it costs
 * @throws PlivoFailure
 */
export async function rentNumber(channel: Channel, wanted: Wanted): Promise<IDataObject> {
	return await hold(channel, [identityClaim(PHONE_NUMBER, { alias: wanted.alias })], async () => {
		const passed = new Set<string>();
		for (let tries = 1; ; tries++) {
			const there = (await resumed(channel, wanted)) ?? (await alreadyThere(channel, wanted));
			if (there) return there;
			if (tries === 1) {
				await requireApplication(channel, wanted.country, wanted.complianceApplicationId);
			}
			const offer = await chosenOffer(channel, wanted, passed);
			const rented = await rent(channel, wanted, offer).catch((failure: unknown): never => {
				forgetUnsent(channel, wanted);
				throw failure;
			});
			if (rented) return rented;
			passed.add(String(offer.number));
			if (wanted.number !== undefined || tries === MOST_TRIES) throw snatched(wanted, passed);
		}
	});
}

const snatched = ({ number }: Wanted, passed: ReadonlySet<string>) =>
	new PlivoFailure(
		'conflict',
		`Nothing was rented: someone else was faster to rent ${[...passed].join(', ')}`,
		number === undefined
			? 'Try again, or narrow the search down to numbers that fewer people want.'
			: "Search for another one, or leave 'Phone Number' empty.",
	);

/** A number that needs no renting: it has the alias, or is the very one. */
async function alreadyThere(channel: Channel, wanted: Wanted): Promise<IDataObject | undefined> {
	const { alias, number } = wanted;
	const listed = await numbersOfAlias(channel, alias);
	// In another spelling, which no filter finds; or listed late.
	// A reading that was only caught up with doesn't show what others have renamed.
	stateOf(channel).readings.delete(PHONE_NUMBER.path);
	const all = await allRecords(channel, PHONE_NUMBER);
	const known = new Set(listed.map((record) => String(record.number)));
	const others = await Promise.all(
		all
			.filter((record) => aliasOf(record) === alias && !known.has(String(record.number)))
			.map(async (record) => await numberNow(channel, String(record.number))),
	);
	const named = inOrder([
		...listed,
		...others
			.filter((record) => record !== undefined)
			.filter((record) => aliasOf(record) === alias),
	]);
	if (named.length > 0) return await foundWithRoute(channel, wanted, named);
	if (number !== undefined) return await thisVeryOne(channel, wanted, number);
	return await unnamedOne(channel, wanted, all);
}

/** @param named numbers with the alias, one at least */
function found({ alias, number, country }: Wanted, named: IDataObject[]): IDataObject {
	const record =
		named.find((one) => number !== undefined && String(one.number) === number) ?? named[0];
	const digits = String(record?.number);
	if (number !== undefined && digits !== number) {
		throw new PlivoFailure(
			'conflict',
			`Phone number ${number} was not rented: the account has ${digits} for the alias "${alias}" already`,
			"Use another alias for a second number, or leave 'Phone Number' empty to get the existing one.",
		);
	}
	const warnings = [
		...(named.length > 1
			? [
					`${named.length} phone numbers have the alias "${alias}": ${named.map((one) => String(one.number)).join(', ')}. This is the first of them. Release the extra ones (Phone Number, Release), or give them another alias.`,
				]
			: []),
		...(digits.startsWith(country.callingCode)
			? []
			: [
					`Phone number ${digits} has the alias "${alias}", but is not a number of ${country.name}.`,
				]),
	];
	return answer(record ?? {}, {
		rented: false,
		warnings: [...warnings, ...statusWarnings(record)],
	});
}

/** As {@link found}, with where its calls go: the run that rented it may not have lived to tell. */
async function foundWithRoute(channel: Channel, wanted: Wanted, named: IDataObject[]) {
	const output = found(wanted, named);
	const { number, application } = output;
	const warnings = [
		// This package's own.
		...((output.warnings as string[] | undefined) ?? []),
		...(await applicationWarning(channel, String(number), application)),
	];
	return { ...output, ...(warnings.length > 0 && { warnings }) };
}

/** The number is on the account already, rented in the console or by a run that was interrupted. */
async function thisVeryOne(
	channel: Channel,
	{ alias }: Wanted,
	number: string,
): Promise<IDataObject | undefined> {
	return await hold(channel, [recordClaim(PHONE_NUMBER, number)], async () => {
		const record = await numberNow(channel, number);
		if (!record) return undefined;
		if (!isBlank(record.alias)) {
			throw new PlivoFailure(
				'conflict',
				`Phone number ${number} is on the account already, with the alias "${String(record.alias)}"`,
				'Choose another number, or change its alias first (Phone Number, Update).',
			);
		}
		const [other] =
			stateOf(channel)
				.rentals.entries()
				.find(([, one]) => one.number === number) ?? [];
		const route = routeOf(record.application);
		if (other !== undefined || route?.kind === 'trunk') {
			throw new PlivoFailure(
				'conflict',
				`Phone number ${number} is on the account already, ${other === undefined ? `and its calls go to trunk ${route?.id ?? ''}` : `rented for "${other}"`}`,
				'Choose another number, or give it this alias first (Phone Number, Update).',
			);
		}
		const changed = await updateHeld(
			channel,
			PHONE_NUMBER,
			number,
			{ alias },
			record,
			async (changes) => await requireUnchanged(channel, PHONE_NUMBER, number, changes, record),
		);
		return answer(changed, { rented: false, warnings: [] });
	});
}

/**
 * Looks for a number that may have been rented for the alias by a run that has not lived to give it the alias: a
 * worker that is just about to, or one that was ended.
 *
 * @throws PlivoFailure of kind `conflict`, naming it, since renting would perhaps be for the second time
 */
async function unnamedOne(
	channel: Channel,
	wanted: Wanted,
	all: IDataObject[],
): Promise<IDataObject | undefined> {
	const { alias } = wanted;
	const { rentals } = stateOf(channel);
	const ours = new Set(rentals.entries().map(([, { number }]) => number));
	const isOpen = (record: IDataObject) =>
		isBlank(record.alias) && isFresh(channel, record) && mayBeFor(wanted, record);
	let left = inOrder(all.filter((record) => isOpen(record) && !ours.has(String(record.number))));
	const from = performance.now();
	for (const part of LOOKS) {
		if (left.length === 0) return undefined;
		await pause(Math.max(0, from + part * settling.ms - performance.now()), channel.signal);
		const now = await Promise.all(
			left
				.slice(0, MOST_UNNAMED)
				.map(async (record) => await numberNow(channel, String(record.number))),
		);
		const there = now.filter((record) => record !== undefined);
		const named = there.filter((record) => aliasOf(record) === alias);
		if (named.length > 0) return await foundWithRoute(channel, wanted, named);
		left = [...there.filter(isOpen), ...left.slice(MOST_UNNAMED)];
	}
	const numbers = left.slice(0, MOST_UNNAMED).map(({ number }) => String(number));
	throw new PlivoFailure(
		'conflict',
		`Nothing was rented: an interrupted run may have rented a number for "${alias}", for these were rented lately and are without an alias: ${numbers.join(', ')}`,
		'If one is meant for it, give it this alias (Phone Number, Update), and all others any other alias. Then run this again.',
	);
}

/** Rented today or yesterday, by Plivo's clock: `added_on` has no time. */
function isFresh({ account }: Channel, { added_on: day }: IDataObject): boolean {
	if (typeof day !== 'string') return false;
	const yesterday = new Date(Date.now() + (account.clockOffset ?? 0) - DAY_MS);
	return day.slice(0, 10) >= yesterday.toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

/** Whether a number is what such a run would have rented. */
function mayBeFor({ country, filters, maxMonthlyRate }: Wanted, record: IDataObject): boolean {
	const { type, pattern, npanxx } = filters;
	const beginning = country.callingCode + String(npanxx ?? pattern ?? '');
	return (
		String(record.number).startsWith(beginning) &&
		(type === undefined || record.number_type === undefined || record.number_type === type) &&
		!(Number(record.monthly_rental_rate) > maxMonthlyRate) &&
		routeOf(record.application)?.kind !== 'trunk'
	);
}

/** The cheapest number that fits and that no other alias of this process takes. */
async function chosenOffer(
	channel: Channel,
	wanted: Wanted,
	passed: ReadonlySet<string>,
): Promise<IDataObject> {
	const offers = await fittingOffers(channel, wanted);
	const { rentals } = stateOf(channel);
	const taken = new Set([...passed, ...rentals.entries().map(([, one]) => one.number)]);
	const chosen = offers.find((offer) => !taken.has(String(offer.number)));
	if (chosen) {
		// From here on no other alias of this process takes it.
		const intent = { number: String(chosen.number), offer: chosen };
		noteRental(channel, wanted, { ...intent, isCertain: false, pending: false });
		return chosen;
	}
	throw refuse(
		`all ${offers.length} that fit are being rented by others at this moment`,
		'Try again, or use fewer filters.',
	);
}

/** Nothing has been sent for the rental that was noted: nobody need look for it. */
function forgetUnsent(channel: Channel, { alias }: Wanted): void {
	const { rentals } = stateOf(channel);
	const rental = rentals.get(alias);
	if (rental && !rental.isCertain && rental.openSince === undefined) rentals.delete(alias);
}

/**
 * Rents a number and gives it its alias.
 *
 * @returns nothing where somebody else has it
 */
async function rent(
	channel: Channel,
	wanted: Wanted,
	offer: IDataObject,
): Promise<IDataObject | undefined> {
	const number = String(offer.number);
	// Before anything is spent.
	const low = await lowCredit(channel, offer);
	if (low) throw low;
	return await hold(channel, [recordClaim(PHONE_NUMBER, number)], async () => {
		const rental = await bought(channel, wanted, offer);
		if (rental) return await completed(channel, wanted, rental);
		stateOf(channel).rentals.delete(wanted.alias);
		return undefined;
	});
}

/** Goes on with what an earlier try for this alias has left open. */
async function resumed(channel: Channel, wanted: Wanted): Promise<IDataObject | undefined> {
	const { rentals } = stateOf(channel);
	const rental = rentals.get(wanted.alias);
	if (!rental) return undefined;
	return await hold(channel, [recordClaim(PHONE_NUMBER, rental.number)], async () => {
		const since = rental.openSince ?? performance.now() - settling.ms;
		const record = await appeared(channel, rental.number, since);
		const isOthers =
			record !== undefined &&
			((!isBlank(record.alias) && ![wanted.alias, rental.keptAs].includes(aliasOf(record))) ||
				// What was rented for us alone is routed by nobody before it has its alias.
				(!rental.isCertain && routeOf(record.application)?.kind === 'trunk'));
		// Plivo lists a pending number perhaps only when its documents are there.
		if (!isOthers && (record || (rental.isCertain && rental.pending))) {
			const done = await completed(channel, wanted, rental);
			// It may be another one than is asked for now.
			if (done) found(wanted, [done]);
			return done;
		}
		if (!record && !rental.isCertain && mayBeUnlisted(wanted, rental.offer)) {
			const offered = await offerOf(channel, wanted.country, rental.number);
			if (!offered) throw perhapsPending(wanted, rental.number);
		}
		rentals.delete(wanted.alias);
		return undefined;
	});
}
