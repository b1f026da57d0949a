import { badInput } from '../failure';
import { CHECK_EXPRESSION, textOf, visible } from './text';

/** Next line and the blank Braille pattern look like a space, though JavaScript's `\s` has neither. */
const WHITE_SPACE = /[\s\u0085\u2800]+/g;

/** Letters that Unicode doesn't take apart, as people without them on the keyboard type them. */
const BASE_LETTERS: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ς: 'σ' };

/**
 * A name as it is stored and compared: NFC, without invisible and control characters, every run of white
 * space one space, none around. Case is kept and counts. Normalizing twice changes nothing.
 */
export function normalizedName(text: string): string {
	return visible(text.replace(WHITE_SPACE, ' '))
		.replace(/\p{Cc}/gu, '')
		.replace(WHITE_SPACE, ' ')
		.trim()
		.normalize('NFC');
}

/** Whether two names are one to a reader, case aside: see {@link normalizedName}. */
export function sameName(one: string, other: string): boolean {
	return normalizedName(one) === normalizedName(other);
}

/**
 * @returns the name as {@link normalizedName} has it; a number counts as text
 * @throws PlivoFailure of kind `input` when there is none
 */
export function checkedName(label: string, value: unknown): string {
	const remedy = `Enter a name. ${CHECK_EXPRESSION}`;
	const name = normalizedName(textOf(label, value, remedy));
	if (name === '') throw badInput(label, 'is empty', remedy);
	return name;
}

/**
 * A text as a search sees it: any Unicode form, case and diacritics are alike. Only for finding entries in
 * a list, never for telling whether two records are one.
 */
export function foldedForSearch(text: string): string {
	// Upper case makes SS of ß and I of the dotless ı; lower case before it, ß of the capital ẞ.
	return normalizedName(text)
		.normalize('NFKD')
		.toLowerCase()
		.toUpperCase()
		.toLowerCase()
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/[øłđħς]/g, (letter) => BASE_LETTERS[letter] ?? letter)
		.replace(WHITE_SPACE, ' ')
		.trim();
}
