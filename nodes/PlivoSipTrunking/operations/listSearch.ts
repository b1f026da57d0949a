import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { checkedCountry } from '../input/country';
import { idIn } from '../input/id';
import { foldedForSearch } from '../input/name';
import { searchedDigits } from '../input/phoneNumber';
import { isBlank } from '../input/text';
import { agree } from '../words';
import { COUNTRIES } from '../knowledge/countries';
import { searchAvailable, stockFilters } from '../records/availableNumber';
import { allRecords, knownRecords } from '../records/find';
import { APPLICATION } from '../records/application';
import { CREDENTIAL } from '../records/credential';
import { IP_ACL } from '../records/ipAccessControlList';
import { idOf, type Kind, matches } from '../records/kind';
import { ORIGINATION_URI } from '../records/originationUri';
import { PAGE_SIZE } from '../records/list';
import { PHONE_NUMBER, type Route, routeOf } from '../records/phoneNumber';
import { TRUNK } from '../records/trunk';
import { credentialChannel } from '../run/channel';
import { errorFor } from '../run/errors';
import { located } from '../run/given';
import { PlivoFailure } from '../failure';
import type { Channel } from '../transport/channel';

/** So many entries at a time in the editor's list; scrolling asks for the next. */
const SHOWN_AT_A_TIME = 100;

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

type Label = (record: IDataObject) => string;

/** How well an entry fits a search: the lower, the better; nothing when it doesn't. */
type Match = (entry: INodeListSearchItems) => number | undefined;

/**
 * A resource locator's search over all records: by name in any form, by id, and by what a list shows
 * besides. What begins with the words comes first, then where a word does, else Plivo's order.
 *
 * @param labelFor what an entry shows, where it takes more than the records
 * @param filters what a record must have, for lists of only what fits
 * @param matchFor what fits the text of a search
 */
const searchFor = (
	kind: Kind,
	labelFor: (channel: Channel, records: IDataObject[]) => Promise<Label> | Label,
	filters: IDataObject = {},
	matchFor: (text: string) => Match = matchOf,
): Search =>
	async function (this, filter = '', paginationToken = '0') {
		try {
			const channel = await credentialChannel(this, { maxRetries: 2, timeout: 15 });
			// n8n asks at each keystroke: the reading that is kept takes one or two requests.
			const all = await allRecords(channel, kind);
			const records = all.filter((record) => matches(record, filters));
			const label = await labelFor(channel, records);
			const entries = ranked(
				records.map((record) => ({ name: label(record), value: idOf(kind, record) })),
				matchFor(filter),
			);
			const from = Number(paginationToken);
			const to = from + SHOWN_AT_A_TIME;
			return {
				results: entries.slice(from, to),
				...(entries.length > to && { paginationToken: String(to) }),
			};
		} catch (failure) {
			throw errorFor(this, failure, 0);
		}
	};

/** What fits, the best first; as it was where several fit equally well. */
function ranked(entries: INodeListSearchItems[], match: Match): INodeListSearchItems[] {
	return entries
		.flatMap((entry) => {
			const rank = match(entry);
			return rank === undefined ? [] : [{ entry, rank }];
		})
		.sort((one, other) => one.rank - other.rank)
		.map(({ entry }) => entry);
}

/** All words in a name, in any order; or the beginning of an id, which may be pasted within its path. */
function matchOf(text: string): Match {
	const phrase = foldedForSearch(text);
	const words = phrase.split(' ');
	const id = foldedForSearch(idIn(text));
	return ({ name, value }) => {
		const folded = foldedForSearch(name);
		if (folded.startsWith(phrase)) return 0;
		if (foldedForSearch(String(value)).includes(id)) return 1;
		if (!words.every((word) => folded.includes(word))) return undefined;
		return wordsOf(folded).some((word) => word.startsWith(words[0] ?? '')) ? 1 : 2;
	};
}

const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}]+/u);

/** Digits of a phone number in any spelling; every other text, and the rest of the entry, by its words. */
function numberMatchOf(text: string): Match {
	const digits = searchedDigits(text);
	const byWords = matchOf(text);
	return (entry) => {
		const { name, value } = entry;
		if (digits !== '' && String(value).includes(digits)) {
			return String(value).startsWith(digits) ? 0 : 2;
		}
		// The alias is a name, though it doesn't come first.
		return byWords({ ...entry, name: name.replace(/^\+\d+ /, '') }) ?? byWords(entry);
	};
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : 'unnamed');

const trunkLabel: Label = (trunk) =>
	`${text(trunk.name)} (${text(trunk.trunk_direction)}, ${text(trunk.trunk_status)})`;

const uriLabel: Label = (uri) => `${text(uri.name)} (${text(uri.uri)})`;

const credentialLabel: Label = (credential) =>
	`${text(credential.name)} (${text(credential.username)})`;

const ipAclLabel: Label = (list) => {
	const addresses = Array.isArray(list.ip_addresses) ? list.ip_addresses.length : 0;
	return `${text(list.name)} (${addresses} ${agree(addresses, 'address', 'addresses')})`;
};

/** Some answer URLs have a token in their query: the host alone. */
const applicationLabel: Label = ({ app_name: name, answer_url: url }) => {
	const [, host] = /^https?:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(String(url)) ?? [];
	return host === undefined ? text(name) : `${text(name)} (${host})`;
};

/** Names of what numbers are routed to; nothing of a kind that Plivo doesn't show to this token. */
async function targetNames(channel: Channel, kind: Kind, name: string) {
	const records = await knownRecords(channel, kind).catch((failure: unknown) => {
		if (failure instanceof PlivoFailure && failure.kind === 'refused') return [];
		throw failure;
	});
	return new Map(records.map((record) => [idOf(kind, record), record[name]]));
}

/** A number with its alias, and where its calls go: by name, else by id. */
async function numberLabel(channel: Channel, numbers: IDataObject[]): Promise<Label> {
	const routes = numbers.flatMap(({ application }) => routeOf(application) ?? []);
	const namesFor = async (route: Route['kind'], kind: Kind, name: string) =>
		routes.some((one) => one.kind === route)
			? await targetNames(channel, kind, name)
			: new Map<string, unknown>();
	const [trunks, applications] = await Promise.all([
		namesFor('trunk', TRUNK, 'name'),
		namesFor('application', APPLICATION, 'app_name'),
	]);
	const shown = (application: unknown) => {
		const route = routeOf(application);
		if (!route) return application ? 'routed' : 'not routed';
		const name = (route.kind === 'trunk' ? trunks : applications).get(route.id);
		return `${route.kind} ${typeof name === 'string' && name !== '' ? name : route.id}`;
	};
	return ({ number, alias, application }) =>
		`+${String(number)}${typeof alias === 'string' && alias ? ` ${alias}` : ''} (${shown(application)})`;
}

export const searchTrunks = searchFor(TRUNK, () => trunkLabel);

export const searchInboundTrunks = searchFor(TRUNK, () => trunkLabel, {
	trunk_direction: 'inbound',
});

export const searchOutboundTrunks = searchFor(TRUNK, () => trunkLabel, {
	trunk_direction: 'outbound',
});

export const searchOriginationUris = searchFor(ORIGINATION_URI, () => uriLabel);

export const searchCredentials = searchFor(CREDENTIAL, () => credentialLabel);

export const searchIpAcls = searchFor(IP_ACL, () => ipAclLabel);

export const searchPhoneNumbers = searchFor(PHONE_NUMBER, numberLabel, {}, numberMatchOf);

/** Countries by name, code or calling code; all at once, as they are known without a request. */
export async function searchCountries(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const digits = searchedDigits(filter);
	const byWords = matchOf(filter);
	const entries = COUNTRIES.map(({ name, code, callingCode }) => ({
		name: `${name} (${code}, +${callingCode})`,
		value: code,
	}));
	const match: Match = (entry) =>
		digits === '' ? byWords(entry) : entry.name.includes(`+${digits}`) ? 0 : undefined;
	return { results: ranked(entries, match) };
}

const dollars = (rate: unknown) => `$${Number(rate).toFixed(2)}`;

/** A number with where it is and what it costs. */
const offerLabel: Label = ({ number, city, type, restriction, ...rates }) => {
	const setup = Number(rates.setup_rate ?? 0);
	const notes = [
		`${dollars(rates.monthly_rental_rate)} a month`,
		...(setup > 0 ? [`${dollars(setup)} to set up`] : []),
		...(isBlank(restriction) ? [] : [`needs ${String(restriction)}`]),
	];
	const place = isBlank(city) ? String(type ?? '') : String(city);
	return `+${String(number)} ${place} (${notes.join(', ')})`;
};

/** So many numbers to rent are offered in the editor: two pages, since n8n asks at each keystroke. */
const OFFERED = 2 * PAGE_SIZE - 1;

/** Numbers to rent of the country that is chosen, by their beginning or their city, with what they cost. */
export async function searchNumbersToRent(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	try {
		const country = checkedCountry('Country', located(this.getCurrentNodeParameter('country')));
		const digits = searchedDigits(filter);
		const pattern = digits.startsWith(country.callingCode)
			? digits.slice(country.callingCode.length)
			: digits;
		const isCity = digits === '' && /\p{L}/u.test(filter);
		const filters = stockFilters(country, {
			...(pattern !== '' && { pattern }),
			...(isCity && { city: filter }),
		});
		const channel = await credentialChannel(this, { maxRetries: 2, timeout: 15 });
		const offers = await searchAvailable(channel, country, filters, { limit: OFFERED });
		return {
			results: offers.map((offer) => ({ name: offerLabel(offer), value: String(offer.number) })),
		};
	} catch (failure) {
		throw errorFor(this, failure, 0);
	}
}

export const searchApplications = searchFor(APPLICATION, () => applicationLabel);
