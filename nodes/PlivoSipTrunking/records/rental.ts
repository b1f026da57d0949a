import type { IDataObject } from 'n8n-workflow';

import { isGone, PlivoFailure, unlessGone } from '../failure';
import { objectOf } from '../input/json';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { request } from '../transport/request';
import { LOOKS, settling } from '../transport/settling';
import { readAccount } from './account';
import {
	hold,
	identityClaim,
	noteOpenWrite,
	noteWrite,
	type OpenRental,
	recordClaim,
	stateOf,
} from './accountState';
import { APPLICATION } from './application';
import { AVAILABLE_NUMBER, offerOf, OPEN_COUNTRY_FIX } from './availableNumber';
import { isPending, requireApplication, statusWarnings } from './compliance';
import { allRecords } from './find';
import { recordPath } from './kind';
import { getRecord, listRecords } from './list';
import { costOf, firstCharge, fittingOffers, refuse, usd, type Wanted } from './offer';
import { PHONE_NUMBER, routeOf } from './phoneNumber';
import { updateHeld } from './write';

/** After so many numbers that somebody else rented first. */
const MOST_TRIES = 5;

/** Numbers without an alias that are looked at one by one. */
const MOST_UNNAMED = 10;

const aliasOf = PHONE_NUMBER.identityOf;

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

// The alias on the account

/** The numbers of the account that have the alias, as Plivo's own filter finds them now. */
async function numbersOfAlias(channel: Channel, alias: string): Promise<IDataObject[]> {
	const numbers = await listRecords(channel, PHONE_NUMBER, { filters: { alias } }, 'clean');
	return inOrder(numbers.filter((number) => aliasOf(number) === alias));
}

const inOrder = (numbers: IDataObject[]) =>
	[...numbers].sort((one, other) => (String(one.number) < String(other.number) ? -1 : 1));

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

const numberNow = async (channel: Channel, number: string) =>
	await unlessGone(getRecord(channel, PHONE_NUMBER, number));

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
		const changed = await updateHeld(channel, PHONE_NUMBER, number, { alias }, record);
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
		`Nothing was rented: ${numbers.join(', ')} ${numbers.length > 1 ? 'were' : 'was'} rented lately and ${numbers.length > 1 ? 'have' : 'has'} no alias. An interrupted run may have rented ${numbers.length > 1 ? 'one of them' : 'it'} for "${alias}"`,
		`If so, give it this alias (Phone Number, Update); if not, give it any other alias. Then run this again.`,
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

// Choosing

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

/** Why a number can't be paid for, where the account's own record says so. */
async function lowCredit(
	channel: Channel,
	offer: IDataObject,
	details = {},
): Promise<PlivoFailure | undefined> {
	const account = await readAccount(channel).catch((failure: unknown) => {
		// The token may not be allowed to read it: then Plivo itself refuses.
		if (failure instanceof PlivoFailure && failure.kind === 'refused') return undefined;
		throw failure;
	});
	const credits = Number(account?.cash_credits);
	const isPrepaid = account?.billing_mode === 'prepaid' && !isBlank(account.cash_credits);
	if (!isPrepaid || String(account.auto_recharge) === 'true') return undefined;
	if (!(credits < firstCharge(offer))) return undefined;
	return new PlivoFailure(
		'conflict',
		`Nothing was rented: phone number ${String(offer.number)} costs ${costOf(offer)}, and the account has ${usd(credits)}`,
		'Add credits under Billing in the Plivo console, or turn on auto-recharge there.',
		details,
	);
}

// Renting

/** Keeps what is to be known should the run end here: no second number is rented then. */
function noteRental(channel: Channel, { alias }: Wanted, rental: OpenRental): OpenRental {
	stateOf(channel).rentals.set(alias, rental);
	return rental;
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

/** A rental that Plivo has confirmed, or that may have been carried out; nothing where somebody else was faster. */
async function bought(
	channel: Channel,
	wanted: Wanted,
	offer: IDataObject,
): Promise<OpenRental | undefined> {
	const { alias, complianceApplicationId: compliance } = wanted;
	const number = String(offer.number);
	let rental = noteRental(channel, wanted, { number, offer, isCertain: false, pending: false });
	const answered = await request(channel, {
		method: 'POST',
		path: recordPath(AVAILABLE_NUMBER, number),
		body: compliance === undefined ? {} : { compliance_application_id: compliance },
		subject: `number ${number} to rent`,
		flaw: (given) =>
			given.status !== undefined || Array.isArray(given.numbers)
				? undefined
				: 'doesn’t say what became of the number',
		lookForResult: async ({ openSince }) => {
			rental = noteRental(channel, wanted, { ...rental, openSince });
			return await appeared(channel, number, openSince);
		},
	}).catch(async (failure: unknown) => {
		if (!(failure instanceof PlivoFailure)) throw failure;
		const { maybeDone, openSince = performance.now() } = failure.details;
		if (maybeDone !== true) return await notBought(channel, wanted, rental, failure);
		noteRental(channel, wanted, { ...rental, openSince });
		noteOpenWrite(channel, PHONE_NUMBER, number, openSince);
		throw openFailure(wanted, number, failure);
	});
	if (answered === undefined || 'offer' in answered) return answered;
	const { body, found: looked } = answered;
	channel.wrote?.(`rented phone number ${number} for "${alias}" (${costOf(offer)})`);
	const pending = looked ? isPending(body) : saysPending(body);
	return noteRental(channel, wanted, {
		...rental,
		isCertain: !looked,
		pending,
		openSince: rental.openSince ?? performance.now(),
	});
}

/**
 * What comes of an attempt that Plivo has refused. Whatever its words are: what counts is who has the number.
 *
 * @returns the rental where an earlier attempt was carried out after all; nothing where somebody else was faster
 * @throws PlivoFailure with the reason and the remedy, where the number is still there to be rented
 */
async function notBought(
	channel: Channel,
	wanted: Wanted,
	rental: OpenRental,
	failure: PlivoFailure,
): Promise<OpenRental | undefined> {
	const { rentals } = stateOf(channel);
	const { number, offer, openSince } = rental;
	if (openSince === undefined) rentals.delete(wanted.alias);
	const { kind, details } = failure;
	if (kind !== 'refused' || [401, 429].includes(details.httpCode ?? 0)) {
		throw openSince !== undefined && mayBeUnlisted(wanted, offer)
			? openFailure(wanted, number, failure)
			: failure;
	}
	const record = await numberNow(channel, number);
	if (record) {
		return openSince === undefined ? undefined : { ...rental, pending: isPending(record) };
	}
	const offered = await offerOf(channel, wanted.country, number).catch((problem: unknown) => {
		throw channel.signal?.aborted ? problem : failure;
	});
	if (!offered && openSince !== undefined && mayBeUnlisted(wanted, offer)) {
		throw perhapsPending(wanted, number);
	}
	rentals.delete(wanted.alias);
	if (!offered) return undefined;
	throw (await lowCredit(channel, offer, details)) ?? refusal(wanted, number, failure);
}

/** A pending number is perhaps on the account only when its documents are there. */
const mayBeUnlisted = ({ country }: Wanted, { restriction }: IDataObject) =>
	!isBlank(restriction) || country.code === 'IN';

const perhapsPending = ({ alias }: Wanted, number: string) =>
	new PlivoFailure(
		'conflict',
		`Phone number ${number} may have been rented for "${alias}": Plivo gave no answer, offers it no more, and lists a pending number perhaps only later`,
		'Look under Phone Numbers in the Plivo console. If it is there, give it this alias when it is listed; no other number is rented for the alias meanwhile.',
		{ maybeDone: true },
	);

function saysPending({ status, numbers }: IDataObject): boolean {
	const [first] = Array.isArray(numbers) ? numbers : [];
	return [status, objectOf(first).status].some((one) => String(one).toLowerCase() === 'pending');
}

/** The number, once the account has it; looked for as long as a request without an answer may be carried out. */
async function appeared(
	channel: Channel,
	number: string,
	since: number,
): Promise<IDataObject | undefined> {
	for (const part of LOOKS) {
		const at = since + part * settling.ms;
		if (at > performance.now()) await pause(at - performance.now(), channel.signal);
		const record = await numberNow(channel, number);
		if (record) return record;
	}
	return undefined;
}

const GOES_ON = 'Run it again: it continues with this number and does not rent a second one.';

const openFailure = ({ alias }: Wanted, number: string, failure: PlivoFailure) =>
	new PlivoFailure(
		failure.kind,
		`${failure.message}. Phone number ${number} may have been rented for "${alias}"`,
		`${GOES_ON} ${failure.description}`,
		failure.details,
	);

const refusal = ({ country }: Wanted, number: string, failure: PlivoFailure) =>
	failure.details.httpCode === 403
		? new PlivoFailure(
				'refused',
				`Nothing was rented: Plivo does not rent numbers of ${country.name} to this account. ${failure.message}`,
				OPEN_COUNTRY_FIX,
				failure.details,
			)
		: new PlivoFailure(
				'refused',
				`Nothing was rented: Plivo refuses to rent phone number ${number}. ${failure.message}`,
				`Numbers of some countries need a compliance application: see Phone Numbers > Compliance in the Plivo console, and enter its ID as 'Compliance Application ID' in the options. ${OPEN_COUNTRY_FIX}`,
				failure.details,
			);

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

/**
 * Gives a rented number its alias and tells all about it. The number is held.
 *
 * @returns nothing where it turns out to be somebody else's
 */
async function completed(
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
		const words = `Phone number ${number} was rented for "${alias}", and has the alias "${String(record.alias)}": Plivo keeps it otherwise, or somebody has changed it at the same moment`;
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
		const record = await updateHeld(channel, PHONE_NUMBER, number, { alias }, { number }).catch(
			(failure: unknown) => {
				if (pending && isGone(failure)) return 'unlisted' as const;
				throw failure;
			},
		);
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

interface Told {
	readonly rented: boolean;
	readonly warnings: string[];
}

const answer = (record: IDataObject, { rented, warnings }: Told): IDataObject => ({
	...record,
	rented,
	pending: isPending(record),
	...(warnings.length > 0 && { warnings }),
});

/** A number that was rented: what it costs, what is missing, and where its calls go. */
async function told(
	channel: Channel,
	{ number, offer, pending }: OpenRental,
	record: IDataObject,
	warnings: string[],
): Promise<IDataObject> {
	const meaning = isBlank(offer.restriction_meaning)
		? ''
		: ` ${String(offer.restriction_meaning)}.`;
	const all = [
		...warnings,
		...(pending
			? [
					`Phone number ${number} is pending: it already costs money, and can’t take calls until Plivo has accepted its documents.${meaning} See Phone Numbers > Compliance in the Plivo console. Route it when it isn’t pending any more.`,
				]
			: []),
		...(isBlank(offer.setup_rate)
			? [
					`Plivo doesn’t say what it costs to set up phone number ${number}: only its monthly rate was held against 'Max Monthly Rate'.`,
				]
			: []),
		...statusWarnings({ ...record, number }),
		...(Number(record.monthly_rental_rate) > Number(offer.monthly_rental_rate)
			? [
					`Phone number ${number} costs ${usd(record.monthly_rental_rate)} a month, more than Plivo has offered it for (${costOf(offer)}).`,
				]
			: []),
		...(await applicationWarning(channel, number, record.application)),
	];
	const { monthly_rental_rate: monthly } = offer;
	return {
		...answer({ monthly_rental_rate: monthly, ...record }, { rented: true, warnings: all }),
		pending,
		setup_rate: offer.setup_rate ?? null,
		first_charge: firstCharge(offer),
		restriction: offer.restriction ?? null,
		restriction_meaning: offer.restriction_meaning ?? null,
	};
}

/** Plivo puts a new number on the account's default application (plivo.com/docs/numbers/api/phone-number). */
async function applicationWarning(
	channel: Channel,
	number: string,
	application: unknown,
): Promise<string[]> {
	if (application === undefined) {
		return [
			`Where the calls of phone number ${number} go could not be read: Plivo puts a new one on the account’s default application until you route it (Phone Number, Route to Trunk).`,
		];
	}
	const route = routeOf(application);
	if (route?.kind !== 'application') return [];
	const name = await getRecord(channel, APPLICATION, route.id).then(
		({ app_name: text }) => (isBlank(text) ? '' : ` "${String(text)}"`),
		(failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			return '';
		},
	);
	return [
		`Plivo has put phone number ${number} on the account’s default application${name} (${route.id}): its calls go there until you route it (Phone Number, Route to Trunk).`,
	];
}
