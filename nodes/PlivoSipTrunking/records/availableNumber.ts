import { badInput, PlivoFailure } from '../failure';
import { checkedChoice, checkedChoices } from '../input/choice';
import { firstDigits, ZERO_COUNTS } from '../input/phoneNumber';
import { checkedText, isBlank, narrow, whatItIs } from '../input/text';
import { foldedForSearch } from '../input/name';
import { COUNTRIES, type Country } from '../knowledge/countries';
import { restrictionMeaning } from '../knowledge/restrictions';
import type { Channel } from '../transport/channel';
import { type AccountRecord, type Kind, plainKind, type Text, texts, type Values } from './kind';
import { type Listing, pagesOf } from './list';
import { NUMBER_TYPES, SERVICES } from './phoneNumber';

/** A number that can be rented (plivo.com/docs/numbers/api/phone-number). */
export interface Offer extends AccountRecord {
	/** Digits, with the country's code. */
	readonly number: string;
	readonly country?: Text;
	readonly restriction?: Text;
	readonly restriction_meaning?: Text;
}

export const AVAILABLE_NUMBER: Kind<Offer> = {
	...plainKind,
	path: '/PhoneNumber/',
	idField: 'number',
	idKind: 'phoneNumber',
	parse: texts('number', 'country', 'restriction'),
	label: 'number to rent',
	idLabel: 'Phone Number',
	mainFields: [
		'number',
		'type',
		'city',
		'region',
		'country',
		'monthly_rental_rate',
		'setup_rate',
		'restriction',
		'restriction_meaning',
		'voice_enabled',
	],
};

/** Filters by Plivo's names, as the editor calls them. */
const LABELS: Readonly<Record<string, string>> = {
	type: 'Number Type',
	pattern: 'Pattern',
	npanxx: 'NPANXX',
	city: 'City',
	region: 'Region',
	services: 'Services',
	rate_center: 'Rate Center',
	lata: 'LATA',
};

const label = (filter: string) => LABELS[filter] ?? filter;

const NORTH_AMERICA = ['US', 'CA'];

/** The country's own code in front is left out where it is marked as such: Plivo counts from behind it. */
function nationalDigits(filter: string, value: unknown, { callingCode, name }: Country): string {
	const remedy = `Enter digits as they follow the country code, such as 415 for +1 415.`;
	const text = typeof value === 'string' ? narrow(value) : undefined;
	if (text === '0' && ZERO_COUNTS.test(callingCode)) return text;
	const isInternational = text !== undefined && /^(?:\+|00)/.test(text);
	// The 0 of 020 is dialed within the country alone, but the one of 06 is part of an Italian number.
	const [, behindZero] = (!isInternational && /^\(?0\)?[\s.-]*(\d.*)$/.exec(text ?? '')) || [];
	const digits =
		(behindZero !== undefined && ZERO_COUNTS.test(callingCode) ? '0' : '') +
		firstDigits(label(filter), behindZero?.replace(/^(\d*)\)/, '$1') ?? value);
	if (!isInternational) {
		if (callingCode === '1' && /^1/.test(digits)) {
			throw badInput(
				label(filter),
				`is ${whatItIs(value)}, but no area code begins with 1`,
				'Leave the country code out, such as 415 for +1 415, or write it with a "+".',
			);
		}
		return digits;
	}
	if (!digits.startsWith(callingCode) || digits === callingCode) {
		throw badInput(
			label(filter),
			`is ${whatItIs(value)}, but numbers of ${name} begin with +${callingCode}`,
			remedy,
		);
	}
	return digits.slice(callingCode.length);
}

type Check = (value: unknown, country: Country) => string;

const CHECKS: Readonly<Record<string, Check>> = {
	type: (value) => checkedChoice(label('type'), value, NUMBER_TYPES),
	pattern: (value, country) => nationalDigits('pattern', value, country),
	// The first six digits of a North American number; neither group begins with 0 or 1.
	npanxx: (value, country) => {
		const digits = nationalDigits('npanxx', value, country);
		if (/^[2-9]\d\d[2-9]\d\d$/.test(digits)) return digits;
		throw badInput(
			label('npanxx'),
			`is ${whatItIs(value)}, but must be an area code and an exchange: six digits`,
			"Enter six digits, such as 415577, or use 'Pattern' for fewer.",
		);
	},
	city: (value) => checkedText(label('city'), value),
	region: (value) => checkedText(label('region'), value),
	services: (value) => checkedChoices(label('services'), value, SERVICES).join(','),
	rate_center: (value) => checkedText(label('rate_center'), value),
	lata: (value) => {
		const text = checkedText(label('lata'), value);
		if (/^\d{3,5}$/.test(text)) return text;
		throw badInput(
			label('lata'),
			`is ${whatItIs(value)}, but must be three to five digits`,
			'Enter digits, such as 722.',
		);
	},
};

/**
 * What a search for numbers to rent asks of Plivo, checked (plivo.com/docs/numbers/api/phone-number): `city` is for
 * local numbers, `region` for fixed ones; `npanxx`, `rate_center` and `lata` are for the US and Canada.
 *
 * @param filters by Plivo's names
 * @throws PlivoFailure of kind `input`, naming the filters that can't be right or don't go together
 */
export function stockFilters(country: Country, filters: Values): Values {
	const checked = Object.fromEntries(
		Object.entries(filters).map(([filter, value]) => [
			filter,
			CHECKS[filter]?.(value, country) ?? '',
		]),
	);
	const { type, city, region, pattern, npanxx } = checked;
	for (const filter of ['npanxx', 'rate_center', 'lata']) {
		if (filter in checked && !NORTH_AMERICA.includes(country.code)) {
			throw badInput(
				label(filter),
				`can’t be combined with 'Country' ${country.name}: it is for the United States and Canada`,
				filter === 'npanxx' ? "Use 'Pattern' instead." : `Remove '${label(filter)}'.`,
			);
		}
	}
	if (city !== undefined && region !== undefined) {
		throw badInput(
			'City',
			"can’t be combined with 'Region': Plivo searches local numbers by city, and fixed ones by region",
			'Use one of the two.',
		);
	}
	const wanted = city !== undefined ? 'local' : region !== undefined ? 'fixed' : type;
	if (type !== undefined && type !== wanted) {
		const filter = city !== undefined ? 'City' : 'Region';
		throw badInput(
			filter,
			`can’t be combined with 'Number Type' ${type}: Plivo searches only ${wanted} numbers by ${filter.toLowerCase()}`,
			`Set 'Number Type' to ${wanted}, or remove '${filter}'.`,
		);
	}
	if (pattern !== undefined && npanxx !== undefined) {
		throw badInput(
			'NPANXX',
			"can’t be combined with 'Pattern': both say how the number begins",
			'Use one of the two.',
		);
	}
	return { country_iso: country.code, ...checked, ...(wanted !== undefined && { type: wanted }) };
}

/** Whether a number is what was asked for: Plivo may ignore a filter (live; plivo-cli 1.1.0). */
const fits = ({ callingCode, code, name }: Country, filters: Values) => {
	const own = foldedForSearch(name);
	return (number: Offer): boolean => {
		const { type, pattern, npanxx, services } = filters;
		const country = foldedForSearch(number.country ?? '');
		// Nearly all are of the country itself: the others' names aren't gone through for them.
		const other =
			country === own ? undefined : COUNTRIES.find((one) => foldedForSearch(one.name) === country);
		return (
			(other === undefined || other.code === code) &&
			['city', 'region', 'rate_center', 'lata'].every(
				(filter) =>
					isBlank(filters[filter]) ||
					number[filter] === undefined ||
					foldedForSearch(String(number[filter] ?? '')).includes(
						foldedForSearch(String(filters[filter])),
					),
			) &&
			number.number.startsWith(callingCode + String(npanxx ?? pattern ?? '')) &&
			(type === undefined || number.type === undefined || number.type === type) &&
			String(services ?? '')
				.split(',')
				.every((service) => number[`${service}_enabled`] !== false)
		);
	};
};

/** A number with what its restriction means. */
const withMeaning = (number: Offer): Offer => ({
	...number,
	restriction_meaning: restrictionMeaning(number.restriction, number.restriction_text),
});

/**
 * Numbers to rent, none twice, in Plivo's order. They come and go all the time: one reading is as good as the next.
 *
 * @param filters as {@link stockFilters} gives them
 * @throws PlivoFailure; where Plivo refuses the country, with what can be done about it
 */
export async function searchAvailable(
	channel: Channel,
	country: Country,
	filters: Values,
	{ limit, pageConcurrency }: Pick<Listing, 'limit' | 'pageConcurrency'>,
): Promise<Offer[]> {
	const numbers: Offer[] = [];
	const listing = { filters, accept: fits(country, filters), limit, pageConcurrency };
	try {
		for await (const page of pagesOf(channel, AVAILABLE_NUMBER, listing)) numbers.push(...page);
	} catch (failure) {
		throw countryFailure(country, failure);
	}
	return numbers.map(withMeaning);
}

/** Where it can be seen what Plivo offers to an account. */
export const OPEN_COUNTRY_FIX =
	'Check under Phone Numbers > Buy Numbers in the Plivo console whether the country is offered to your account; if it isn’t, ask Plivo support to open it.';

function countryFailure({ name }: Country, failure: unknown): unknown {
	if (!(failure instanceof PlivoFailure) || failure.kind !== 'refused') return failure;
	if (![400, 403, 404, 422].includes(failure.details.httpCode ?? 0)) return failure;
	return new PlivoFailure(
		'refused',
		`Plivo does not search numbers of ${name} for this account: ${failure.message}`,
		OPEN_COUNTRY_FIX,
		failure.details,
	);
}

/**
 * A number that Plivo offers, as it is now; nothing when it doesn't any more.
 *
 * @param number digits, with the country's code
 * @throws PlivoFailure
 */
export async function offerOf(
	channel: Channel,
	country: Country,
	number: string,
): Promise<Offer | undefined> {
	const { code, callingCode } = country;
	const filters = { country_iso: code, pattern: number.slice(callingCode.length) };
	// Where Plivo ignores the pattern, the number is on any page.
	const offers = await searchAvailable(channel, country, filters, { limit: 1 });
	return offers.find((record) => record.number === number);
}
