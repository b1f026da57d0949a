import { badInput } from '../failure';
import { COUNTRIES, type Country } from '../knowledge/countries';
import { foldedForSearch } from './name';
import { CHECK_EXPRESSION, textOf, whatItIs } from './text';

/** The letters of a name: `Viet Nam` is Vietnam, `Antigua and Barbuda` is Antigua & Barbuda, `U.S.` is US. */
const letters = (name: string) =>
	foldedForSearch(name)
		.replace(/\bsaint\b/g, 'st')
		.replace(/\b(?:and|the)\b|[^\p{L}\p{N}]/gu, '');

const BY_NAME = new Map(
	COUNTRIES.flatMap((country) =>
		[country.name, ...country.otherNames].map((name) => [letters(name), country] as const),
	),
);

/**
 * A country by its code of two or three letters or its English name, in any case.
 *
 * @param label the parameter's name in the editor
 * @throws PlivoFailure of kind `input`
 */
export function checkedCountry(label: string, value: unknown): Country {
	const remedy = 'Pick a country from the list, or enter its two-letter code, such as US.';
	const name = textOf(label, value, `${remedy} ${CHECK_EXPRESSION}`);
	const country = BY_NAME.get(letters(name));
	if (country) return country;
	throw badInput(label, `is ${whatItIs(value)}, which is not a country`, remedy);
}
