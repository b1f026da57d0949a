/**
 * What `restriction` of a number to rent means (plivo.com/docs/numbers/api/phone-number; checked 2026-11). Whatever is
 * asked for, Plivo checks: until then the rented number is `pending`.
 */
const MEANINGS: Readonly<Record<string, string>> = {
	'city-address': 'Plivo asks for proof of an address in the city of the number',
	'country-address': 'Plivo asks for proof of an address in the country of the number',
	'terms-and-conditions': 'Plivo asks you to accept terms and conditions of the country',
};

/**
 * @param text `restriction_text`, Plivo's own words
 * @returns what a restriction asks for; null where there is none
 */
export function restrictionMeaning(restriction: unknown, text?: unknown): string | null {
	if (typeof restriction !== 'string' || restriction === '') return null;
	const known = MEANINGS[restriction.toLowerCase().replace(/[\s_]+/g, '-')];
	if (known !== undefined) return known;
	return typeof text === 'string' && text !== '' ? text : `Plivo names "${restriction}"`;
}
