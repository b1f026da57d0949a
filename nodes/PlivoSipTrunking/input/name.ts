import { badInput } from '../failure';
import { CHECK_EXPRESSION, quoted, textOf, visible } from './text';

/** Next line and the blank Braille pattern look like a space, though JavaScript's `\s` has neither. */
const WHITE_SPACE = /[\s\u0085\u2800]+/g;

/** Words of ASCII characters with one space between them. */
const PLAIN = /^(?:[!-~]+ )*[!-~]+$/;

/**
 * A name as it is stored and compared: NFC, without invisible and control characters, every run of white
 * space one space, none around. Case is kept and counts. Normalizing twice changes nothing.
 */
export function normalizedName(text: string): string {
	// Most are so already, and a reading compares thousands.
	if (PLAIN.test(text)) return text;
	return visible(text.replace(WHITE_SPACE, ' '))
		.replace(/\p{Cc}/gu, '')
		.replace(WHITE_SPACE, ' ')
		.trim()
		.normalize('NFC');
}

/**
 * @returns the name as {@link normalizedName} has it; a number counts as text
 * @throws PlivoFailure of kind `input` when there is none
 */
export function checkedName(label: string, value: unknown): string {
	const remedy = `Enter a name. ${CHECK_EXPRESSION}`;
	const name = normalizedName(textOf(label, value, remedy));
	if (name === '') throw badInput(label, 'is empty', remedy);
	if (/[^\p{P}\p{Sc}\p{Sk}\p{Sm}\s]/u.test(name)) return name;
	throw badInput(
		label,
		`is ${quoted(name)}, which has no letter or digit`,
		`Enter a name that has one. ${CHECK_EXPRESSION}`,
	);
}

/**
 * A text as a search sees it: any Unicode form, case and diacritics are alike. Only for finding entries in
 * a list, never for comparing two records.
 */
export function foldedForSearch(text: string): string {
	// Upper case makes SS of ß, which is ẞ in small letters, and one letter of both forms of sigma.
	const letters = text.normalize('NFKD').replace(/\p{M}/gu, '');
	return normalizedName(letters.toLowerCase().toUpperCase()).normalize('NFKD').toLowerCase();
}
