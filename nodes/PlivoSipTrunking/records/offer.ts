import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import type { Country } from '../knowledge/countries';
import type { Channel } from '../transport/channel';
import { type Offer, offerOf, OPEN_COUNTRY_FIX, searchAvailable } from './availableNumber';
import type { Values } from './kind';
import { NUMBER_TYPES } from './phoneNumber';
import { sharedLookup } from './sharedLookup';

/** A number that somebody wants to have, checked. */
export interface Wanted {
	/** What it is for: at most one number is rented for it. Normalized. */
	readonly alias: string;
	readonly country: Country;
	/** As `stockFilters` gives them. */
	readonly filters: Values;
	/** The most that it may cost in its first month, with the set-up fee, in US dollars. */
	readonly maxMonthlyRate: number;
	/** This very one, in digits. */
	readonly number?: string;
	readonly complianceApplicationId?: string;
	/** Also one that takes documents or an agreement. */
	readonly allowRestricted: boolean;
}

/** The cheapest of so many numbers is rented; numbers of one kind cost the same. */
const SEARCHED = 500;

/** And of so many of each kind that isn't among them: a page. */
const OF_OTHER_KINDS = 20;

/**
 * What is charged at once, in US dollars: the set-up fee and the first month; NaN where Plivo doesn't say what a month
 * costs. Most numbers have no set-up fee, so an unknown one counts as none, and a warning says so.
 */
export const firstCharge = ({ setup_rate: setup, monthly_rental_rate: monthly }: IDataObject) =>
	isBlank(monthly) ? NaN : cents(Number(monthly) + Number(setup ?? 0));

/** Plivo has five decimals. */
const cents = (amount: number) => Math.round(amount * 100_000) / 100_000;

/** An amount in US dollars, in words. */
export const usd = (amount: unknown) => {
	const text = Number(amount).toFixed(5);
	return `USD ${text.replace(/0{1,3}$/, '')}`;
};

/** What a number costs, in words. */
export function costOf(offer: Offer): string {
	const { setup_rate: setup, monthly_rental_rate: monthly } = offer;
	const total = firstCharge(offer);
	if (Number.isNaN(total)) return 'a price that Plivo doesn’t say';
	if (isBlank(setup)) return `${usd(monthly)} a month and a set-up fee that Plivo doesn’t say`;
	const once = Number(setup ?? 0);
	return once > 0
		? `${usd(monthly)} a month and ${usd(once)} to set up, ${usd(total)} at once`
		: `${usd(monthly)} a month`;
}

/** A refusal before anything was spent. */
export const refuse = (problem: string, remedy: string) =>
	new PlivoFailure('conflict', `Nothing was rented: ${problem}`, remedy);

/**
 * Numbers that fit. What is cheapest depends on the kind of number, and a country may have more of one kind than are
 * read: then the beginning of each other kind is looked at as well.
 */
async function offersOf(
	channel: Channel,
	{ country, filters }: Pick<Wanted, 'country' | 'filters'>,
): Promise<Offer[]> {
	const first = await searchAvailable(channel, country, filters, { limit: SEARCHED });
	if (first.length < SEARCHED || filters.type !== undefined) return first;
	const unseen = NUMBER_TYPES.filter((type) => !first.some((offer) => offer.type === type));
	const others = await Promise.all(
		unseen.map(async (type) => {
			const ofType = { ...filters, type };
			const limit = OF_OTHER_KINDS;
			return await searchAvailable(channel, country, ofType, { limit }).catch(
				(failure: unknown) => {
					// A country needn't have every kind.
					if (failure instanceof PlivoFailure && failure.kind === 'refused') return [];
					throw failure;
				},
			);
		}),
	);
	return [...first, ...others.flat()];
}

/**
 * Numbers that can be rented for what is wanted, the cheapest first; at least one.
 *
 * @returns their records of the stock, as `searchAvailable` gives them
 * @throws PlivoFailure of kind `conflict`, with the reason, where no number fits
 */
export async function fittingOffers(channel: Channel, wanted: Wanted): Promise<Offer[]> {
	const { country, filters, alias, number, maxMonthlyRate, allowRestricted } = wanted;
	const offers =
		number === undefined
			? await sharedLookup(
					channel,
					`stock ${JSON.stringify(filters)}`,
					async (asking) => await offersOf(asking, wanted),
				)
			: [await offerOf(channel, country, number)].filter((offer) => offer !== undefined);
	const what =
		number === undefined ? `a number of ${country.name} that fits` : `phone number ${number}`;
	if (offers.length === 0) {
		throw refuse(
			`Plivo does not offer ${what}`,
			number === undefined
				? `Use fewer filters. ${OPEN_COUNTRY_FIX}`
				: 'Somebody else may have rented it. Look for another one (Phone Number, Search Available).',
		);
	}
	const withVoice = offers.filter(({ voice_enabled: voice }) => voice !== false);
	if (withVoice.length === 0) {
		throw refuse(`${what} can’t take calls`, "Include Voice in 'Services'.");
	}
	const cheapest = ranked(withVoice, alias);
	const fitting = cheapest.filter((offer) => firstCharge(offer) <= maxMonthlyRate);
	const [first] = cheapest;
	if (first && fitting.length === 0) {
		const cheapestOne = number === undefined ? `the cheapest one (${first.number})` : what;
		throw refuse(
			`${cheapestOne} costs ${costOf(first)}: more than 'Max Monthly Rate', ${usd(maxMonthlyRate)}`,
			"Raise 'Max Monthly Rate', or search for another kind of number. The set-up fee counts, too.",
		);
	}
	const free = fitting.filter(({ restriction }) => isBlank(restriction));
	const allowed = allowRestricted ? fitting : free;
	const [restricted] = fitting;
	if (restricted && allowed.length === 0) {
		throw refuse(
			`every number that fits is restricted (${restricted.number}: ${restricted.restriction}). ${restricted.restriction_meaning}`,
			"Turn on 'Allow Restricted' in the options if you have what Plivo asks for, or search for another kind of number.",
		);
	}
	return allowed;
}

/**
 * The cheapest first. Equal ones come in an order that the alias decides: those who rent for several aliases at the
 * same moment don't run after the same number, and two workers that rent for one alias do, so that only one gets it.
 */
function ranked(offers: Offer[], alias: string): Offer[] {
	const placeOf = (offer: Offer) =>
		createHash('sha256').update(`${alias} ${offer.number}`).digest('hex');
	const keyed = offers.map((offer) => ({
		offer,
		monthly: orInfinity(
			isBlank(offer.monthly_rental_rate) ? NaN : Number(offer.monthly_rental_rate),
		),
		charge: orInfinity(firstCharge(offer)),
		isUnsaid: isBlank(offer.setup_rate),
		place: placeOf(offer),
	}));
	return keyed
		.sort(
			(one, other) =>
				one.monthly - other.monthly ||
				one.charge - other.charge ||
				Number(one.isUnsaid) - Number(other.isUnsaid) ||
				(one.place < other.place ? -1 : 1),
		)
		.map(({ offer }) => offer);
}

/** An unknown price comes last: NaN would leave the order to chance. */
const orInfinity = (amount: number) => (Number.isFinite(amount) ? amount : Infinity);
