import { badInput } from '../failure';
import { COUNTRIES, type Country } from '../knowledge/countries';
import { foldedForSearch } from './name';
import { CHECK_EXPRESSION, textOf, whatItIs } from './text';

/** What people write instead of the code or the name, as a search sees it. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
	uk: 'GB',
	'great britain': 'GB',
	england: 'GB',
	usa: 'US',
	'united states of america': 'US',
	'hong kong': 'HK',
	turkey: 'TR',
	'czech republic': 'CZ',
};

const BY_NAME = new Map(COUNTRIES.map((country) => [foldedForSearch(country.name), country]));

/**
 * A country by its two letters or its English name, in any case.
 *
 * @param label the parameter's name in the editor
 * @throws PlivoFailure of kind `input`
 */
export function checkedCountry(label: string, value: unknown): Country {
	const remedy = 'Pick a country from the list, or enter its two-letter code, such as US.';
	const folded = foldedForSearch(textOf(label, value, `${remedy} ${CHECK_EXPRESSION}`));
	const code = OTHER_NAMES[folded] ?? folded.toUpperCase();
	const country = COUNTRIES.find((one) => one.code === code) ?? BY_NAME.get(folded);
	if (country) return country;
	throw badInput(label, `is ${whatItIs(value)}, which is not a country`, remedy);
}
