import type { IDataObject } from 'n8n-workflow';

import { isGone, PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import { hold, identityClaim, isClaimed, recordClaim, stateOf } from '../records/accountState';
import type { Offer } from '../records/availableNumber';
import { isPending, requireApplication, statusWarnings } from '../records/compliance';
import { allRecords } from '../records/find';
import { costOf, fittingOffers, refuse, type Wanted } from '../records/offer';
import { PHONE_NUMBER, type PhoneNumber, routeOf } from '../records/phoneNumber';
import {
	aliasOf,
	applicationWarning,
	inOrder,
	numberNow,
	numbersOfAlias,
	rentedOutput,
	rentOutput,
} from '../records/rentedNumber';
import { memoryOf, type Purchase } from '../run/memory';
import type { Channel } from '../transport/channel';
import { agree } from '../words';
import { twinsOf } from './ensure';
import { buyNumber, GOES_ON } from './purchase';
import { type Change, settle } from './settle';
import { updateRecord } from './update';

/** After so many numbers that somebody else rented first. */
const MOST_TRIES = 5;

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
	const claims = [identityClaim(PHONE_NUMBER, { alias: wanted.alias })];
	return await hold(channel, claims, async (holding) => {
		const earlier = memoryOf(holding).rented.get(wanted.alias);
		const finished = earlier && (await finish(holding, wanted, earlier));
		if (finished) return finished;
		const passed = new Set<string>();
		for (let tries = 1; ; tries++) {
			const there = await alreadyThere(holding, wanted);
			if (there) return there;
			if (tries === 1) {
				await requireApplication(holding, wanted.country, wanted.complianceApplicationId);
			}
			const offers = await fittingOffers(holding, wanted);
			const offer = firstFree(holding, offers, passed);
			const rented = await rent(holding, wanted, offer);
			if (rented) return rented;
			passed.add(offer.number);
			if (wanted.number !== undefined || tries === MOST_TRIES) throw takenByOthers(wanted, passed);
		}
	});
}

const takenByOthers = ({ number }: Wanted, passed: ReadonlySet<string>) =>
	new PlivoFailure(
		'conflict',
		`Nothing was rented: someone else was faster to rent ${[...passed].join(', ')}`,
		number === undefined
			? 'Try again, or narrow the search down to numbers that fewer people want.'
			: "Search for another one, or leave 'Phone Number' empty.",
	);

/** The cheapest number that fits and that no other work of this process is about. */
function firstFree(channel: Channel, offers: Offer[], passed: ReadonlySet<string>): Offer {
	const free = offers.find(
		({ number }) => !passed.has(number) && !isClaimed(channel, recordClaim(PHONE_NUMBER, number)),
	);
	if (free) return free;
	throw refuse(
		`${agree(offers.length, 'the only number that fits is', `all ${offers.length} numbers that fit are`)} being rented by others at this moment`,
		'Try again, or use fewer filters.',
	);
}

/** A number that needs no renting: it has the alias, or it is the requested number and has none. */
async function alreadyThere(channel: Channel, wanted: Wanted): Promise<IDataObject | undefined> {
	const { alias, number } = wanted;
	const listed = await numbersOfAlias(channel, alias);
	// In another spelling, which no filter finds; or listed late. What others have renamed shows in a new reading alone.
	stateOf(channel).readings.delete(PHONE_NUMBER.path);
	const all = await allRecords(channel, PHONE_NUMBER);
	const known = new Set(listed.map(({ number: digits }) => digits));
	const others = await readAgain(
		channel,
		all.filter((record) => aliasOf(record) === alias && !known.has(record.number)),
	);
	const named = inOrder([...listed, ...others.filter((record) => aliasOf(record) === alias)]);
	const [record] = named;
	if (record) return await outputOfNamed(channel, wanted, record, named);
	if (number !== undefined) return await requestedNumber(channel, wanted, number);
	return await requireNoUnnamed(channel, wanted, all);
}

/** The numbers as they are now, those that are gone left out. */
async function readAgain(channel: Channel, records: PhoneNumber[]): Promise<PhoneNumber[]> {
	const now = await Promise.all(
		records.map(async (record) => await numberNow(channel, record.number)),
	);
	return now.filter((record) => record !== undefined);
}

/** @param named numbers with the alias, `first` the first of them */
async function outputOfNamed(
	channel: Channel,
	{ alias, number, country }: Wanted,
	first: PhoneNumber,
	named: readonly PhoneNumber[],
): Promise<IDataObject> {
	const record = named.find((one) => one.number === number) ?? first;
	const digits = record.number;
	if (number !== undefined && digits !== number) {
		throw new PlivoFailure(
			'conflict',
			`Phone number ${number} was not rented: the account has ${digits} for the alias "${alias}" already`,
			"Use another alias for a second number, or leave 'Phone Number' empty to get the existing one.",
		);
	}
	const numbers = named.map((one) => one.number).join(', ');
	const warnings = [
		...(named.length > 1
			? [
					`${named.length} phone numbers have the alias "${alias}": ${numbers}. This is the first of them. Release the extra ones (Phone Number, Release), or give them another alias.`,
				]
			: []),
		...(digits.startsWith(country.callingCode)
			? []
			: [
					`Phone number ${digits} has the alias "${alias}", but is not a number of ${country.name}.`,
				]),
		...statusWarnings(record),
		// The run that rented it may not have lived to say so.
		...(await applicationWarning(channel, digits, record.application)),
	];
	return rentOutput(record, { rented: false, warnings });
}

/** The requested number is on the account already, rented in the console or by a run that was interrupted. */
async function requestedNumber(
	channel: Channel,
	{ alias }: Wanted,
	number: string,
): Promise<IDataObject | undefined> {
	return await hold(channel, [recordClaim(PHONE_NUMBER, number)], async (holding) => {
		const record = await numberNow(holding, number);
		if (!record) return undefined;
		if (!isBlank(record.alias)) {
			throw new PlivoFailure(
				'conflict',
				`Phone number ${number} is on the account already, with the alias "${record.alias}"`,
				'Choose another number, or change its alias first (Phone Number, Update).',
			);
		}
		const route = routeOf(record.application);
		if (route?.kind === 'trunk') {
			throw new PlivoFailure(
				'conflict',
				`Phone number ${number} is on the account already, and its calls go to trunk ${route.id}`,
				'Choose another number, or give it this alias first (Phone Number, Update).',
			);
		}
		const changesOf = () => ({ alias });
		const updated = await updateRecord(holding, PHONE_NUMBER, number, { changesOf });
		return rentOutput(updated.record, { rented: false, warnings: [] });
	});
}

/**
 * Refuses to rent while there is a number that may have been rented for the alias by a run that has not given it the
 * alias yet: a worker that is just about to, or one that was interrupted.
 *
 * @returns the number, where it gets the alias meanwhile
 * @throws PlivoFailure of kind `conflict`, naming it, since renting would perhaps be for the second time
 */
async function requireNoUnnamed(
	channel: Channel,
	wanted: Wanted,
	all: PhoneNumber[],
): Promise<IDataObject | undefined> {
	const isOpen = (record: PhoneNumber) =>
		isBlank(record.alias) &&
		isFresh(channel, record) &&
		mayBeFor(wanted, record) &&
		!isClaimed(channel, recordClaim(PHONE_NUMBER, record.number));
	const first = inOrder(all.filter(isOpen));
	if (first.length === 0) return undefined;
	const { named, left } = await settle(channel, waitingForAliases(wanted, first, isOpen));
	const [record] = named;
	if (record) return await outputOfNamed(channel, wanted, record, named);
	if (left.length === 0) return undefined;
	const numbers = left.map(({ number }) => number).join(', ');
	throw new PlivoFailure(
		'conflict',
		`Nothing was rented: an interrupted run may have rented a number for "${wanted.alias}". Rented lately and without an alias: ${numbers}`,
		'If one is meant for it, give it this alias (Phone Number, Update), and all others any other alias. Then run this again.',
	);
}

interface Unnamed {
	/** Numbers that have got the alias. */
	readonly named: PhoneNumber[];
	/** Numbers that have none still. */
	readonly left: PhoneNumber[];
}

/** Looks at numbers without an alias for as long as another worker may take to give them theirs. */
const waitingForAliases = (
	{ alias }: Wanted,
	first: PhoneNumber[],
	isOpen: (record: PhoneNumber) => boolean,
): Change<Unnamed, Unnamed> => ({
	claims: [],
	maybe: '',
	async look(channel) {
		const now = await readAgain(channel, first.slice(0, MOST_UNNAMED));
		const named = now.filter((record) => aliasOf(record) === alias);
		return { named, left: now.filter(isOpen) };
	},
	decide(seen, { settled }) {
		if (!seen) return { look: 'later' };
		const isOver = settled || seen.named.length > 0 || seen.left.length === 0;
		return isOver ? { done: seen } : { look: 'later' };
	},
});

/** Rented today or yesterday, by Plivo's clock: `added_on` has no time. */
function isFresh({ account }: Channel, { added_on: day }: PhoneNumber): boolean {
	if (!day) return false;
	const yesterday = new Date(Date.now() + (account.clockOffset ?? 0) - DAY_MS);
	return day.slice(0, 10) >= yesterday.toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

/** Whether a number is what such a run would have rented. */
function mayBeFor({ country, filters, maxMonthlyRate }: Wanted, record: PhoneNumber): boolean {
	const { type, pattern, npanxx } = filters;
	const beginning = country.callingCode + String(npanxx ?? pattern ?? '');
	return (
		record.number.startsWith(beginning) &&
		(type === undefined || record.number_type === undefined || record.number_type === type) &&
		!(Number(record.monthly_rental_rate) > maxMonthlyRate) &&
		routeOf(record.application)?.kind !== 'trunk'
	);
}

/**
 * Rents a number and gives it its alias.
 *
 * @returns nothing where somebody else has it
 */
async function rent(
	channel: Channel,
	wanted: Wanted,
	offer: Offer,
): Promise<IDataObject | undefined> {
	const { number } = offer;
	return await hold(channel, [recordClaim(PHONE_NUMBER, number)], async (holding) => {
		const purchase = await buyNumber(holding, wanted, offer);
		return purchase && (await finish(holding, wanted, purchase));
	});
}

/**
 * Gives a number that was bought its alias, and looks for a second one.
 *
 * @returns nothing where it turns out to be somebody else's
 */
async function finish(
	channel: Channel,
	wanted: Wanted,
	purchase: Purchase,
): Promise<IDataObject | undefined> {
	const { alias } = wanted;
	const { number, isCertain, pending } = purchase;
	const { rented: unfinished } = memoryOf(channel);
	if (isCertain) unfinished.set(alias, purchase);
	const rented = `Phone number ${number} ${isCertain ? 'was' : 'may have been'} rented for "${alias}"`;
	const record = await giveAlias(channel, alias, purchase).catch((failure: unknown): never => {
		if (!(failure instanceof PlivoFailure)) throw failure;
		const words = `${rented}, but could not be given this alias`;
		const details = { ...failure.details, left: `${words}.` };
		const remedy = `${GOES_ON} ${failure.description}`;
		throw new PlivoFailure(failure.kind, `${words}: ${failure.message}`, remedy, details);
	});
	if (record === 'unlisted') {
		return await rentedOutput(channel, purchase, { number, alias: null, application: null }, [
			`Phone number ${number} is pending and not on the account’s list yet, so it could not be given the alias "${alias}". Give it the alias (Phone Number, Update) once it is there: until then another run would rent a second number.`,
		]);
	}
	if (!record) return undefined;
	if (aliasOf(record) !== alias) throw otherAlias(rented, record);
	unfinished.delete(alias);
	const { own, winner } = await settle(channel, twinsByAlias(alias, number));
	if (winner) return await nameSecond(channel, wanted, purchase, winner);
	const warnings = own
		? []
		: [
				`Whether another worker has rented a number for "${alias}" at the same moment could not be checked: look for a second one in the Plivo console.`,
			];
	const known = { ...purchase, pending: pending || isPending(record) };
	return await rentedOutput(channel, known, record, warnings);
}

function otherAlias(rented: string, { alias }: PhoneNumber): PlivoFailure {
	const words = `${rented}, and has the alias "${alias}": Plivo stores it differently, or somebody has just changed it`;
	return new PlivoFailure(
		'conflict',
		words,
		'Use that alias from now on: a run with another one rents a second number.',
		{ left: `${words}.` },
	);
}

/** The number with its alias; nothing where it is somebody else's. */
async function giveAlias(
	channel: Channel,
	alias: string,
	{ number, isCertain, pending }: Purchase,
): Promise<PhoneNumber | 'unlisted' | undefined> {
	const isOthers = (record: PhoneNumber) => !isBlank(record.alias) && aliasOf(record) !== alias;
	const changesOf = (current: PhoneNumber) =>
		aliasOf(current) === alias || (!isCertain && isOthers(current)) ? {} : { alias };
	const named = await updateRecord(channel, PHONE_NUMBER, number, { changesOf }).catch(
		(failure: unknown) => {
			if (isGone(failure)) return undefined;
			throw failure;
		},
	);
	if (!named) return pending ? 'unlisted' : undefined;
	if (isCertain) return named.record;
	if (isOthers(named.record)) return undefined;
	// Another worker that has certainly rented it gives it its own alias, a moment later.
	const { record } = await settle(channel, watching(number));
	return record && aliasOf(record) === alias ? record : undefined;
}

/** Looks at a number until whatever others have begun has shown. */
const watching = (number: string): Change<{ record?: PhoneNumber }, { record?: PhoneNumber }> => ({
	claims: [],
	maybe: '',
	look: async (channel) => ({ record: await numberNow(channel, number) }),
	decide: (seen, { settled }) => (seen && settled ? { done: seen } : { look: 'later' }),
});

const twinsByAlias = (alias: string, number: string) =>
	twinsOf<PhoneNumber>(
		({ number: digits }) => digits,
		async (channel) => {
			const numbers = await numbersOfAlias(channel, alias);
			const isOurs = (one: PhoneNumber) => one.number === number;
			return { own: numbers.find(isOurs), others: numbers.filter((one) => !isOurs(one)) };
		},
	);

/** Names our second number in a warning and gives it another alias; only a person releases it. */
async function nameSecond(
	channel: Channel,
	{ alias }: Wanted,
	{ number, offer }: Purchase,
	winner: PhoneNumber,
): Promise<IDataObject> {
	const other = `${alias} (rented twice)`;
	const changesOf = () => ({ alias: other });
	const renamed = await updateRecord(channel, PHONE_NUMBER, number, { changesOf }).then(
		() => `It has the alias "${other}" now.`,
		(failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			return 'It has the same alias.';
		},
	);
	// For the error of another item as well: no output is shown then.
	channel.wrote?.(
		`phone number ${number} is one too many for "${alias}": another worker rented ${winner.number}`,
	);
	return rentOutput(winner, {
		rented: false,
		warnings: [
			`Another worker rented phone number ${winner.number} for "${alias}" at the same moment. So phone number ${number}, rented by this run for ${costOf(offer)}, is one too many. ${renamed} Release it (Phone Number, Release), or use it for something else.`,
		],
	});
}
