import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure, unlessGone } from '../failure';
import { objectOf } from '../input/json';
import { isBlank } from '../input/text';
import { readAccount } from '../records/account';
import { identityClaim, noteWrite, recordClaim } from '../records/accountState';
import {
	AVAILABLE_NUMBER,
	type Offer,
	offerOf,
	OPEN_COUNTRY_FIX,
} from '../records/availableNumber';
import { isPending } from '../records/compliance';
import { type AccountRecord, recordPath } from '../records/kind';
import { getRecord } from '../records/list';
import { costOf, firstCharge, usd, type Wanted } from '../records/offer';
import { PHONE_NUMBER } from '../records/phoneNumber';
import type { Purchase } from '../run/memory';
import type { Channel } from '../transport/channel';
import { type Change, finalFailure, settle } from './settle';

interface Seen {
	/** The number, where the account has it. */
	readonly record?: AccountRecord;
	/** Plivo offers it to be rented. */
	readonly isOffered: boolean;
	/** The account can't pay for it. */
	readonly lowCredit?: PlivoFailure;
}

/**
 * Buys a number: POST PhoneNumber/{number}/, which costs money at once (plivo.com/docs/numbers/api/phone-number).
 * Whoever has the number afterwards counts, not Plivo's words.
 *
 * @returns nothing where somebody else was faster
 */
export const buying = (wanted: Wanted, offer: Offer): Change<Seen, Purchase | undefined> => {
	const { number } = offer;
	const purchase = { number, offer };
	return {
		claims: [
			identityClaim(PHONE_NUMBER, { alias: wanted.alias }),
			recordClaim(PHONE_NUMBER, number),
		],
		maybe: `Phone number ${number} may have been rented for "${wanted.alias}"`,
		remedy: GOES_ON,
		async look(channel, { failure, settled, open }) {
			const isFirst = !failure && !open;
			const lowCredit = open ? undefined : await lowCreditFor(channel, offer);
			const record = isFirst
				? undefined
				: await unlessGone(getRecord(channel, PHONE_NUMBER, number));
			const isOfferWanted = !record && !isFirst && (!open || settled);
			const offered = isOfferWanted ? await offerOf(channel, wanted.country, number) : offer;
			return { record, lowCredit, isOffered: offered !== undefined };
		},
		decide(seen, history) {
			const { answer, open, settled, failure } = history;
			if (answer) return { done: { ...purchase, isCertain: true, pending: saysPending(answer) } };
			const final = finalFailure(history);
			if (final && !isRefused(final)) return { refuse: final };
			if (!seen) return { look: open ? 'later' : 'now' };
			const { record, lowCredit, isOffered } = seen;
			if (lowCredit) return { refuse: lowCredit };
			if (open && record) {
				if (!settled) return { look: 'later' };
				return { done: { ...purchase, isCertain: false, pending: isPending(record) } };
			}
			if (record || (!isOffered && !open)) return { done: undefined };
			if (open && !settled) return { look: 'later' };
			if (open && !isOffered && mayBeUnlisted(wanted, offer)) {
				return { refuse: perhapsPending(wanted, number) };
			}
			if (failure && isRefused(failure) && history.spent) {
				return { refuse: refusal(wanted, number, failure) };
			}
			if (!isOffered) return { done: undefined };
			return { send: requestFor(wanted, number) };
		},
		note(channel, bought) {
			if (bought) noteBought(channel, wanted, offer);
		},
	};
};

function noteBought(channel: Channel, wanted: Wanted, offer: Offer): void {
	const { number } = offer;
	// So that it is found although no list shows it yet.
	const today = new Date().toISOString().slice(0, 10);
	const { type: number_type, monthly_rental_rate } = offer;
	const record = { number, alias: null, number_type, monthly_rental_rate, added_on: today };
	noteWrite(channel, PHONE_NUMBER, number, record);
	channel.wrote?.(`rented phone number ${number} for "${wanted.alias}" (${costOf(offer)})`);
}

const requestFor = ({ complianceApplicationId: compliance }: Wanted, number: string) =>
	({
		method: 'POST',
		path: recordPath(AVAILABLE_NUMBER, number),
		body: compliance === undefined ? {} : { compliance_application_id: compliance },
		subject: `number ${number} to rent`,
		flaw: ({ status, numbers }: IDataObject) =>
			status !== undefined || Array.isArray(numbers)
				? undefined
				: 'doesn’t say what became of the number',
	}) as const;

/** Plivo's own no to the number; a refused token or a full window says nothing about that. */
const isRefused = ({ kind, details }: PlivoFailure) =>
	kind === 'refused' && ![401, 429].includes(details.httpCode ?? 0);

function saysPending({ status, numbers }: IDataObject): boolean {
	const [first] = Array.isArray(numbers) ? numbers : [];
	return [status, objectOf(first).status].some((one) => String(one).toLowerCase() === 'pending');
}

/** A pending number is perhaps on the account only when its documents are there. */
const mayBeUnlisted = ({ country }: Wanted, { restriction }: IDataObject) =>
	!isBlank(restriction) || country.code === 'IN';

const perhapsPending = ({ alias }: Wanted, number: string) =>
	new PlivoFailure(
		'conflict',
		`Phone number ${number} may have been rented for "${alias}": Plivo gave no answer, no longer offers it, and may list a pending number only later`,
		'Look under Phone Numbers in the Plivo console before you run this again. If it is there, give it this alias when it is listed.',
	);

/** Why a number can't be paid for, where the account's own record says so. */
async function lowCreditFor(channel: Channel, offer: Offer): Promise<PlivoFailure | undefined> {
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
		`Nothing was rented: phone number ${offer.number} costs ${costOf(offer)}, and the account has ${usd(credits)}`,
		'Add credits under Billing in the Plivo console, or turn on auto-recharge there.',
	);
}

/** What to do about a rental that is not finished. */
export const GOES_ON =
	'Run it again: it looks for this number first, and does not rent a second one before it is clear whose it is.';

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

/**
 * Buys a number that was offered.
 *
 * @returns nothing where somebody else has it
 * @throws PlivoFailure; with `open` where it may have been bought
 */
export async function buyNumber(
	channel: Channel,
	wanted: Wanted,
	offer: Offer,
): Promise<Purchase | undefined> {
	return await settle(channel, buying(wanted, offer));
}
