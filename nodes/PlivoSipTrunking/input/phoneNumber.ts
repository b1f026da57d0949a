import { badInput } from '../failure';
import { COUNTRIES } from '../knowledge/countries';
import { entriesOf } from './list';
import { isBlank, narrow, quoted, standInProblem, visible, whatItIs } from './text';

/** E.164 has at most 15 digits; short codes and the like have 5 or more. */
const SHORTEST = 5;
const LONGEST = 15;

/** Country code 1 (United States, Canada, the Caribbean): always 10 more digits (ITU-T E.164.1, NANPA). */
const NORTH_AMERICAN = 11;

/**
 * Italy, Vatican, San Marino, Ivory Coast, Benin, Gabon, Congo: a 0 after the country code is part of the number
 * (libphonenumber's metadata), so "(0)" may be there to be dialed or to be left out.
 */
export const ZERO_COUNTS = /^(?:39|378|225|229|241|242)$/;

const SEPARATOR = '[\\s.()\\[\\]\\p{Pd}\\u2212]';
const NO_SEPARATOR = new RegExp(`(?!${SEPARATOR})\\D`, 'u');

/** `+`, `00` or both, with or without a bracket. */
const INTERNATIONAL_PREFIX = new RegExp(`^[\\s([]*(?:\\+${SEPARATOR}*)?(?:00)?`, 'u');

const LEAVING_ZERO_OUT = COUNTRIES.map(({ callingCode }) => callingCode).filter(
	(code) => !ZERO_COUNTS.test(code),
);

/** A country code and the "(0)" of numbers that are shown for callers within and outside a country. */
const TRUNK_ZERO = new RegExp(
	`^(${SEPARATOR}*(?:${LEAVING_ZERO_OUT.join('|')})${SEPARATOR}*)[([]\\s*0\\s*[)\\]]`,
	'u',
);

/** A number's resource path on the account, or its address. */
const PATH = /^\S*\/(?:Phone)?Number\/(\d+)\/?$/;

/** Between numbers; a space only in front of a `+`, or where each side is too long to be half of a number. */
const BETWEEN = /[,;|\t\n\v\f\r\u0085\u2028\u2029]|(?<=\d)\s+(?=\(?\+)|(?<=\d{10})\s+(?=\d{10})/;

/** What is wanted of a text with digits: how many at least, and what to do where there are others. */
interface Wanted {
	readonly shortest: number;
	readonly remedy: string;
}

const WHOLE: Wanted = {
	shortest: SHORTEST,
	remedy: 'Enter it with the country code and without an extension, such as +1 415 555 0123.',
};
const FIRST_DIGITS: Wanted = { shortest: 1, remedy: 'Enter digits, such as +1 415.' };
const WHOLE_OR_STAR: Wanted = {
	shortest: SHORTEST,
	remedy:
		'Enter the whole number with the country code, such as +1 415 555 0123, or the first digits with * behind them, such as +1 415*.',
};

const SPREADSHEET =
	'Format the column as text in the spreadsheet, and enter all digits of the number.';

/** Digits, or what is wrong as a continuation of `which …`. */
type Reading = { digits: string } | { problem: string; remedy?: string };

const NOT_TEXT: Reading = {
	problem: 'is not a phone number',
	remedy: 'Pass numbers as text, or objects that have them in a field "number".',
};

function sized(digits: string, shortest: number): Reading {
	if (digits === '') return { problem: 'has no digits' };
	if (digits.startsWith('0')) {
		return {
			problem: 'begins with 0 instead of a country code',
			remedy: 'Enter it with the country code and without the leading 0, such as +44 20 7946 0000.',
		};
	}
	if (digits.length < shortest) return { problem: `has fewer than ${shortest} digits` };
	const longest = digits.startsWith('1') ? NORTH_AMERICAN : LONGEST;
	return digits.length > longest ? { problem: `has more than ${longest} digits` } : { digits };
}

/** The text without what stands around a number: a cell's quotation marks, apostrophe or formula, a path, `tel:`. */
const unwrapped = (text: string) =>
	narrow(text)
		.replace(/^=?["'\u2018\u2019]+|"$/g, '')
		.replace(PATH, '$1')
		.replace(/^tel:(?:\/\/)?\s*/i, '');

/** What spreadsheets and programs make of a number (14155550123.0, 1.4155550123E+10), where no digit is lost. */
function fromSheet(text: string): Reading | string {
	const [, whole = '', decimals = '', exponent] =
		/^\+?(\d+)(?:[.,](\d+))?(?:e\+?(\d+))?$/i.exec(text) ?? [];
	if (exponent !== undefined) {
		return whole.length === 1 && decimals.length === Number(exponent)
			? whole + decimals
			: { problem: 'was shortened and may have lost digits', remedy: SPREADSHEET };
	}
	// The dot after a country code is no decimal point: +44.2079460000.
	if (decimals === '' || (whole.length < SHORTEST && decimals.length >= 4)) return text;
	return /^0+$/.test(decimals) ? whole : { problem: 'has decimals', remedy: SPREADSHEET };
}

function fromText(given: string, shortest: number): Reading {
	const exact = fromSheet(unwrapped(given));
	if (typeof exact !== 'string') return exact;
	const standIn = standInProblem(visible(given));
	if (standIn) return standIn;
	if (/\p{L}/u.test(exact)) return { problem: 'has letters' };
	if (/^[-\u2212]\s*\d/.test(exact)) return { problem: 'begins with a minus sign' };

	const text = exact.replace(INTERNATIONAL_PREFIX, '').replace(TRUNK_ZERO, '$1');
	const foreign = NO_SEPARATOR.exec(text)?.[0];
	if (foreign !== undefined)
		return { problem: `has ${quoted(foreign)}, which a phone number can’t have` };
	if (/\d\D*[([]\s*0\s*[)\]]/.test(text)) {
		return {
			problem: 'has "(0)", which may be part of the number or not',
			remedy: 'Enter it without brackets, as it is dialed from abroad.',
		};
	}
	return sized(text.replace(/\D/g, ''), shortest);
}

function readOrRefuse(label: string, value: unknown, verb: string, wanted: Wanted): string {
	if (!Array.isArray(value) && isBlank(value)) throw badInput(label, 'is empty', wanted.remedy);
	const isText = ['string', 'number', 'bigint'].includes(typeof value);
	const read = isText ? fromText(String(value), wanted.shortest) : NOT_TEXT;
	if ('digits' in read) return read.digits;
	throw badInput(
		label,
		`${verb} ${whatItIs(value)}, which ${read.problem}`,
		read.remedy ?? wanted.remedy,
	);
}

/**
 * A phone number in any spelling that can only mean one: `+`, `00` or `tel:` in front; spaces, dashes, dots
 * and brackets within; "(0)" after the country code; full-width digits; a JSON number; a spreadsheet's
 * `.0`, apostrophe or exponent with all digits; a number's resource path.
 *
 * @param label the parameter's name in the editor
 * @returns 5 to 15 digits, as Plivo's paths have them
 *   (plivo.com/docs/numbers/api/account-phone-number)
 * @throws PlivoFailure of kind `input`, naming the value
 */
export const checkedPhoneNumber = (label: string, value: unknown): string =>
	readOrRefuse(label, value, 'is', WHOLE);

/**
 * The first digits of phone numbers, for filters: numbers match without `+` only (live; plivo-cli 1.1.1).
 *
 * @returns 1 to 15 digits
 * @throws PlivoFailure of kind `input`, naming the value
 */
export const firstDigits = (label: string, value: unknown): string =>
	readOrRefuse(label, value, 'is', FIRST_DIGITS);

/**
 * A whole phone number; or, with `*` behind them, the first digits of several.
 *
 * @returns 5 to 15 digits; or 1 to 15 digits and `*`
 * @throws PlivoFailure of kind `input`, naming the value
 */
export function numberOrFirstDigits(label: string, value: unknown): string {
	const start = typeof value === 'string' ? /^(.*)\*$/.exec(visible(value))?.[1] : undefined;
	return start === undefined
		? readOrRefuse(label, value, 'is', WHOLE_OR_STAR)
		: `${firstDigits(label, start)}*`;
}

const numberIn = (entry: unknown): unknown =>
	typeof entry === 'object' && entry !== null && 'number' in entry ? entry.number : entry;

/**
 * Phone numbers as a list, JSON text, records with `number`, or one text with commas, semicolons, `|`, tabs
 * or line ends between them; also spaces, where the numbers begin with `+` or are too long to be one.
 *
 * @returns digits as {@link checkedPhoneNumber} gives them, none twice, in the order given
 * @throws PlivoFailure of kind `input`, naming the first entry that is no phone number; also when there is none
 */
export function checkedPhoneNumbers(label: string, value: unknown): string[] {
	const entries = entriesOf(value, BETWEEN).map(numberIn);
	if (entries.length === 0) {
		throw badInput(
			label,
			'is empty',
			'Enter numbers with the country code, such as +1 415 555 0123, +44 20 7946 0000.',
		);
	}
	return [...new Set(entries.map((entry) => readOrRefuse(label, entry, 'contains', WHOLE)))];
}

/**
 * The digits that a search text looks for in phone numbers, in any spelling.
 *
 * @returns digits as a matching number contains them; empty for a text that is no part of a number
 */
export function searchedDigits(text: string): string {
	// Within the country it is searched with a 0 in front, or as "(0)20".
	const national = unwrapped(text).replace(INTERNATIONAL_PREFIX, '').replace(TRUNK_ZERO, '$1');
	return NO_SEPARATOR.test(national) ? '' : national.replace(/\D/g, '').replace(/^0+/, '');
}
