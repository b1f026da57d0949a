import { getCountries, getCountryCallingCode } from 'libphonenumber-js';

import { checkedCountry } from '../../../nodes/PlivoSipTrunking/input/country.ts';
import { COUNTRIES } from '../../../nodes/PlivoSipTrunking/knowledge/countries.ts';
import { restrictionMeaning } from '../../../nodes/PlivoSipTrunking/knowledge/restrictions.ts';

it('knows every country with phone numbers, its name and its calling code', () => {
	const known = COUNTRIES.map(({ code, callingCode }) => [code, callingCode]);
	const all = getCountries().map((code) => [code, getCountryCallingCode(code)]);
	expect(known.sort()).toEqual(all.sort());
	for (const { code, name } of COUNTRIES) expect(name).not.toBe(code);
});

it('finds each country by all of its names, none of which is another’s', () => {
	for (const country of COUNTRIES) {
		for (const name of [country.name, ...country.otherNames]) {
			expect([name, checkedCountry('Country', name).code]).toEqual([name, country.code]);
		}
	}
});

it.each([
	['US', 'US'],
	[' us ', 'US'],
	['United States', 'US'],
	['usa', 'US'],
	['UK', 'GB'],
	['germany', 'DE'],
	['Türkiye', 'TR'],
	['turkey', 'TR'],
	["Cote d'Ivoire", 'CI'],
	['Viet Nam', 'VN'],
	['Republic of Korea', 'KR'],
	['Holland', 'NL'],
	['the Netherlands', 'NL'],
	['U.S.', 'US'],
	['Antigua and Barbuda', 'AG'],
	['Saint Lucia', 'LC'],
	['DEU', 'DE'],
	['gbr', 'GB'],
])('%s is %s', (text, code) => {
	expect(checkedCountry('Country', text).code).toBe(code);
});

it.each([
	['', "'Country' is empty"],
	['XX', '\'Country\' is "XX", which is not a country'],
	['49', '\'Country\' is "49", which is not a country'],
	['Korea', '\'Country\' is "Korea", which is not a country'],
	['[]', "'Country' is empty"],
	[undefined, "'Country' is empty"],
	[{}, "'Country' is an object, not text"],
])('%j is refused', (value, message) => {
	expect(() => checkedCountry('Country', value)).toThrow(message);
});

it.each([
	[null, undefined, null],
	['', undefined, null],
	['city-address', undefined, 'Plivo asks for proof of an address in the city of the number'],
	['COUNTRY_ADDRESS', '', 'Plivo asks for proof of an address in the country of the number'],
	['passport', 'A copy of a passport', 'A copy of a passport'],
	['passport', null, 'Plivo names "passport"'],
])('a restriction %j (%j) means %j', (restriction, text, meaning) => {
	expect(restrictionMeaning(restriction, text)).toBe(meaning);
});
