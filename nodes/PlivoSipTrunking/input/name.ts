import { badInput } from '../failure';
import { CHECK_EXPRESSION, quoted, textOf, visible } from './text';

/** Next line and the blank Braille pattern look like a space, though JavaScript's `\s` has neither. */
const WHITE_SPACE = /[\s\u0085\u2800]+/g;

/** Words of ASCII characters with one space between them. */
const PLAIN = /^(?:[!-~]+ )*[!-~]+$/;

/** Letters that Unicode doesn't take apart, as people without them on the keyboard type them. */
const BASE_LETTERS: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ς: 'σ' };

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
	const packed = packagingOf(name);
	if (packed) throw badInput(label, ...packed);
	return name;
}

const ENTITY =
	/&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|amp|AMP|lt|gt|quot|apos|nbsp|[bls][dbs]quo|r[ds]quo|[lr]aquo|[mn]dash|hellip|middot|copy|reg|trade|euro|pound|szlig|thorn|(?:ae|AE|oe|OE)lig|[A-Za-z](?:acute|caron|cedil|circ|grave|ring|slash|tilde|uml));/;
const TAG = /<\/?(?:a|b|br|div|em|font|i|li|p|span|strong|td|u|ul)(?:\s[^<>]*)?\/?>/i;
/** As programs write text; a brand's own quotation marks, as in «Ромашка», are part of its name. */
const IN_QUOTES = /^(?:"[^"]*"|'[^']*'|`[^`]*`)$/;

/**
 * What a name was wrapped in on its way here: the same name without it would be another customer.
 *
 * @returns the problem, as a continuation of the field's name, and the remedy
 */
function packagingOf(name: string): [problem: string, remedy: string] | undefined {
	if (/^[\p{P}\p{Sc}\p{Sk}\p{Sm}\s]+$/u.test(name)) {
		return [
			`is ${quoted(name)}, which stands for a missing value`,
			'Enter a name that has a letter or a digit.',
		];
	}
	const [entity] = ENTITY.exec(name) ?? [];
	if (entity !== undefined) {
		return [
			`contains ${quoted(entity)}, which is how web pages write a character`,
			'Enter the character itself, such as & instead of &amp;.',
		];
	}
	const [tag] = TAG.exec(name) ?? [];
	if (tag !== undefined) {
		return [
			`contains ${quoted(tag)}, which belongs to a web page`,
			'Enter the name as plain text.',
		];
	}
	if (IN_QUOTES.test(name)) {
		return [
			`is ${quoted(name)}, with quotation marks around it`,
			'Enter the name without quotation marks around it.',
		];
	}
	if (/[,;]$/.test(name)) {
		return [
			`is ${quoted(name)}, which ends in a separator`,
			'Enter the name without the comma or semicolon at its end.',
		];
	}
	return undefined;
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
