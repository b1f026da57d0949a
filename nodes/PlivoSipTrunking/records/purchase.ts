import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../failure';
import { objectOf } from '../input/json';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { request } from '../transport/request';
import { LOOKS, settling } from '../transport/settling';
import { readAccount } from './account';
import { noteOpenWrite, type OpenRental, stateOf } from './accountState';
import { AVAILABLE_NUMBER, offerOf, OPEN_COUNTRY_FIX } from './availableNumber';
import { isPending } from './compliance';
import { recordPath } from './kind';
import { costOf, firstCharge, usd, type Wanted } from './offer';
import { PHONE_NUMBER } from './phoneNumber';
import { numberNow } from './rentedNumber';

/** Keeps what is to be known should the run end here: no second number is rented then. */
export function noteRental(channel: Channel, { alias }: Wanted, rental: OpenRental): OpenRental {
	stateOf(channel).rentals.set(alias, rental);
	return rental;
}

/** Why a number can't be paid for, where the account's own record says so. */
export async function lowCredit(
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

/** A rental that Plivo has confirmed, or that may have been carried out; nothing where somebody else was faster. */
export async function bought(
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
export const mayBeUnlisted = ({ country }: Wanted, { restriction }: IDataObject) =>
	!isBlank(restriction) || country.code === 'IN';

/** What is said of a number that was perhaps rented and is listed perhaps only later. */
export const perhapsPending = ({ alias }: Wanted, number: string) =>
	new PlivoFailure(
		'conflict',
		`Phone number ${number} may have been rented for "${alias}": Plivo gave no answer, no longer offers it, and may list a pending number only later`,
		'Look under Phone Numbers in the Plivo console. If it is there, give it this alias when it is listed; no other number is rented for the alias meanwhile.',
		{ maybeDone: true },
	);

function saysPending({ status, numbers }: IDataObject): boolean {
	const [first] = Array.isArray(numbers) ? numbers : [];
	return [status, objectOf(first).status].some((one) => String(one).toLowerCase() === 'pending');
}

/** The number, once the account has it; looked for as long as a request without an answer may be carried out. */
export async function appeared(
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

/** What to do about a rental that is not finished. */
export const GOES_ON =
	'Run it again: it continues with this number and does not rent a second one.';

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
