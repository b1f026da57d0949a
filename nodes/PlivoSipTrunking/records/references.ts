import { agree, listed } from '../words';
import type { Channel } from '../transport/channel';
import { unlessGone } from '../failure';
import { settling } from '../transport/settling';
import { stateOf, writesOf } from './accountState';
import { type AccountRecord, idOf, type Kind, nameAndId } from './kind';
import { getRecord, listRecords } from './list';
import { isRoutedTo, PHONE_NUMBER, type PhoneNumber } from './phoneNumber';
import { sharedLookup } from './sharedLookup';
import { TRUNK, type Trunk } from './trunk';

/** The fields of a trunk that refer to records of a kind. */
const fieldsFor = (kind: Kind) =>
	Object.entries(TRUNK.fields)
		.filter(([, { refersTo }]) => refersTo === kind)
		.map(([field]) => field);

/**
 * The trunks that use a record, by Plivo's own filters (plivo.com/docs/sip-trunking/api/trunks): that
 * takes a request or two, however large the account is. Where Plivo ignores a filter (live), all trunks
 * are read.
 *
 * @param kind of the record: credential, IP access control list or origination URI
 * @throws PlivoFailure; of kind `conflict` when no clean reading of the list could be had
 */
export async function trunksUsing(channel: Channel, kind: Kind, id: string): Promise<Trunk[]> {
	const fields = fieldsFor(kind);
	const uses = (trunk: Trunk) => fields.some((field) => trunk[field] === id);
	const listed = await Promise.all(
		fields.map(
			async (field) =>
				await listRecords(channel, TRUNK, { filters: { [field]: id }, limit: MOST_USERS }, 'clean'),
		),
	);
	return (await withOwn(channel, TRUNK, listed.flat(), uses)).filter(uses);
}

/** Enough to name, and to know that a record is in use. */
const MOST_USERS = 200;

/**
 * All phone numbers that are routed to a trunk: Plivo has no filter for it, so every page is read.
 *
 * @throws PlivoFailure; of kind `conflict` when no clean reading of the list could be had
 */
export async function numbersOf(channel: Channel, trunkId: string): Promise<PhoneNumber[]> {
	const numbers = await sharedLookup(
		channel,
		`clean ${PHONE_NUMBER.path}`,
		async (asking) => await listRecords(asking, PHONE_NUMBER, {}, 'clean'),
	);
	const isRouted = (number: PhoneNumber) => isRoutedTo(number, trunkId);
	return (await withOwn(channel, PHONE_NUMBER, numbers, isRouted)).filter(isRouted);
}

/** With what this process has just written and a list may not show yet, as it is now. */
async function withOwn<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	listed: R[],
	isMeant: (record: R) => boolean,
): Promise<R[]> {
	const since = performance.now() - settling.ms;
	const records = new Map(listed.map((record) => [idOf(kind, record), record]));
	const unlisted: string[] = [];
	for (const [id, { record, at }] of writesOf(stateOf(channel), kind).entries()) {
		// What is older shows in the list. A number that was released may be on the account again.
		if (at <= since) continue;
		if (!record) {
			// Released, and perhaps rented again by others.
			if (records.delete(id)) unlisted.push(id);
		} else if (!records.has(id) && isMeant(record)) unlisted.push(id);
	}
	const now = await Promise.all(
		unlisted.map(async (id) => await unlessGone(getRecord(channel, kind, id))),
	);
	return [...records.values(), ...now.filter((record) => record !== undefined)];
}

/**
 * What would stop working without a record, as words: "by trunk …"; nothing when nothing would.
 *
 * @throws PlivoFailure when it could not be found out
 */
export async function useOf(channel: Channel, kind: Kind, id: string): Promise<string | undefined> {
	if (kind === TRUNK) {
		const numbers = await numbersOf(channel, id);
		if (numbers.length === 0) return undefined;
		const say = (one: string, several: string) => agree(numbers.length, one, several);
		return `${phoneNumbersOf(numbers)} ${say('is', 'are')} routed to it, and ${say('its', 'their')} calls would fail`;
	}
	const trunks = await trunksUsing(channel, kind, id);
	if (trunks.length === 0) return undefined;
	return `by ${namesOf(trunks)}`;
}

/** As the subject or object of a sentence: `phone number 14155550100`, `phone numbers 14155550100, …`. */
export const phoneNumbersOf = (numbers: readonly PhoneNumber[]): string =>
	`phone ${agree(numbers.length, 'number', 'numbers')} ${listed(numbers.map(({ number }) => number))}`;

/** Trunks by name and id: `trunk "Bolt" (1)`, `trunks "Bolt" (1), "Cog" (2)`. */
export function namesOf(trunks: readonly Trunk[]): string {
	// In an order of their own: the list's may be any.
	const names = [...trunks]
		.sort((one, other) => (one.trunk_id < other.trunk_id ? -1 : 1))
		.map((trunk) => nameAndId(TRUNK, trunk));
	return `${agree(trunks.length, 'trunk', 'trunks')} ${listed(names)}`;
}
