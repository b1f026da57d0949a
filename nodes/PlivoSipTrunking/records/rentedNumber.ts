import type { IDataObject } from 'n8n-workflow';

import { unlessGone } from '../failure';
import { isBlank } from '../input/text';
import type { Channel } from '../transport/channel';
import { APPLICATION } from './application';
import type { Offer } from './availableNumber';
import { isPending, statusWarnings } from './compliance';
import { getRecord, listRecords } from './list';
import { costOf, firstCharge, usd } from './offer';
import { PHONE_NUMBER, type PhoneNumber, routeOf } from './phoneNumber';
import type { AccountRecord } from './kind';

/** An alias as it is compared: two spellings of one are the same. */
export const aliasOf = PHONE_NUMBER.identityOf;

/** By their digits: every worker takes the same one for the first. */
export const inOrder = (numbers: PhoneNumber[]) =>
	[...numbers].sort((one, other) => (one.number < other.number ? -1 : 1));

/** The numbers of the account that have the alias, as Plivo's own filter finds them now. */
export async function numbersOfAlias(channel: Channel, alias: string): Promise<PhoneNumber[]> {
	const numbers = await listRecords(channel, PHONE_NUMBER, { filters: { alias } }, 'clean');
	return inOrder(numbers.filter((number) => aliasOf(number) === alias));
}

/** A number as the account has it now; nothing where it hasn't. @throws PlivoFailure */
export const numberNow = async (channel: Channel, number: string) =>
	await unlessGone(getRecord(channel, PHONE_NUMBER, number));

interface Told {
	readonly rented: boolean;
	readonly warnings: string[];
}

/** A number as Rent returns it: with whether this run has rented it, whether it is pending, and warnings. */
export const rentOutput = (record: AccountRecord, { rented, warnings }: Told): IDataObject => ({
	...record,
	rented,
	pending: isPending(record),
	...(warnings.length > 0 && { warnings }),
});

/** A number that was rented: what it costs, what is missing, and where its calls go. */
export async function rentedOutput(
	channel: Channel,
	{ number, offer, pending }: { number: string; offer: Offer; pending: boolean },
	record: AccountRecord,
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
					`Plivo doesn’t say what it costs to set up phone number ${number}: only its monthly rate was compared with 'Max Monthly Rate'.`,
				]
			: []),
		...statusWarnings({ ...record, number }),
		...(Number(record.monthly_rental_rate) > Number(offer.monthly_rental_rate)
			? [
					`Phone number ${number} costs ${usd(record.monthly_rental_rate)} a month, more than the price that Plivo offered (${costOf(offer)}).`,
				]
			: []),
		...(await applicationWarning(channel, number, record.application)),
	];
	const { monthly_rental_rate: monthly } = offer;
	return {
		...rentOutput({ monthly_rental_rate: monthly, ...record }, { rented: true, warnings: all }),
		pending,
		setup_rate: offer.setup_rate ?? null,
		first_charge: firstCharge(offer),
		restriction: offer.restriction ?? null,
		restriction_meaning: offer.restriction_meaning ?? null,
	};
}

/** Plivo puts a new number on the account's default application (plivo.com/docs/numbers/api/phone-number). */
export async function applicationWarning(
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
		({ app_name: text }) => (text ? ` "${text}"` : ''),
		(failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			return '';
		},
	);
	return [
		`Plivo has put phone number ${number} on the account’s default application${name} (${route.id}): its calls go there until you route it (Phone Number, Route to Trunk).`,
	];
}
