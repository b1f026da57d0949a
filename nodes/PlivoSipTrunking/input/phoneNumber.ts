import { badInput } from '../failure';
import { entriesOf } from './list';
import { asciiDigits, isBlank, quoted, standInProblem, visible, whatItIs } from './text';
import { agree } from './words';

/** E.164 has at most 15 digits; short codes and the like have 5 or more. */
const SHORTEST = 5;
const LONGEST = 15;

/** No spelling of 15 digits is longer, and the expressions here needn't be tried on a whole page. */
const LONGEST_TEXT = 300;

/** Country code 1 (United States, Canada, the Caribbean): always 10 more digits (ITU-T E.164.1, NANPA). */
const NORTH_AMERICAN = 11;

/**
 * Italy, Vatican, San Marino, Ivory Coast, Benin, Gabon, Congo: a 0 after the country code is part of the number
 * (libphonenumber's metadata), so "(0)" may be there to be dialed or to be left out.
 */
export const ZERO_COUNTS = /^(?:39|378|225|229|241|242)$/;

const OPENING = '([{\\uff08\\uff3b';
const CLOSING = ')\\]}\\uff09\\uff3d';
const DOTS = '.\\u00b7\\u2022\\u2024\\u2027\\u30fb\\uff0e';
/** Unicode's dashes, and what looks like one: bullet, modifier letter, superscript minus, minus. */
const DASHES = '\\p{Pd}\\u02d7\\u2043\\u207b\\u2212';
const SEPARATOR = `[\\s${OPENING}${CLOSING}${DOTS}${DASHES}]`;

const NO_SEPARATOR = new RegExp(`(?!${SEPARATOR})[^\\d]`, 'u');
const NEGATIVE = new RegExp(`^[${DASHES}]\\s*\\d`, 'u');
/** `+`, `00` or both, with or without a bracket. */
const INTERNATIONAL_PREFIX = new RegExp(`^[\\s${OPENING}]*(?:\\+${SEPARATOR}*)?(?:00)?`, 'u');
/** A country code and the "(0)" of numbers that are shown for callers within and outside a country. */
const TRUNK_ZERO = new RegExp(
	`^(${SEPARATOR}*(\\d{1,3})${SEPARATOR}*)[${OPENING}]\\s*0\\s*[${CLOSING}]`,
	'u',
);
/** Country codes of two digits; 1 and 7 are whole by themselves, all others have three (ITU-T E.164, assigned codes). */
const OF_TWO_DIGITS = '2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]';
const COUNTRY_CODE = new RegExp(`^(?:1|7|${OF_TWO_DIGITS}|(?!1|7|${OF_TWO_DIGITS})\\d{3})$`);
const BRACKETED_ZERO = new RegExp(`[${OPENING}]\\s*0\\s*[${CLOSING}]`, 'u');

const EXTENSION =
	/\d[\s,;.()]*(?:x|ext[a-z]*|#|int|anexo|ramal|poste|durchwahl|dw)[\s.:=#]*\d+\s*\)?$/i;

/** 2026-11-26, 26.11.2026: what a spreadsheet makes of some cells. */
const DATE =
	/^(?:(?:19|20)\d\d([-.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])([-.])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)\d\d)$/;

/** A number's resource path on the account, or its address. */
const PATH = /^\S*\/(?:Phone)?Number\/(\d+)\/?$/;

const LIST_SEPARATORS = /[,;|\t\n\v\f\r\u0085\u2028\u2029]/;

/** What is wanted of a text with digits: how many at least, and what to do where there are others. */
interface Wanted {
	readonly shortest: number;
	readonly remedy: string;
}

const WHOLE: Wanted = {
	shortest: SHORTEST,
	remedy: 'Enter it with the country code, such as +1 415 555 0123.',
};
const FIRST_DIGITS: Wanted = { shortest: 1, remedy: 'Enter digits, such as +1 415.' };
const WHOLE_OR_STAR: Wanted = {
	shortest: SHORTEST,
	remedy:
		'Enter the whole number with the country code, such as +1 415 555 0123, or the first digits with * behind them, such as +1 415*.',
};

/** Digits, or what is wrong as a continuation of `which …`. */
type Reading = { digits: string } | { problem: string; remedy?: string };

function sized(digits: string, shortest: number): Reading {
	if (digits === '') return { problem: 'has no digits' };
	if (digits.length < shortest) {
		return { problem: `has only ${digits.length} ${agree(digits.length, 'digit', 'digits')}` };
	}
	if (digits.startsWith('0')) {
		return {
			problem: 'begins with 0 instead of a country code',
			remedy: 'Enter it with the country code and without the leading 0, such as +44 20 7946 0000.',
		};
	}
	if (digits.length > LONGEST) {
		return { problem: `has ${digits.length} digits, more than the ${LONGEST} of any phone number` };
	}
	if (digits.startsWith('1') && digits.length > NORTH_AMERICAN) {
		return {
			problem: `has ${digits.length} digits, more than the ${NORTH_AMERICAN} of a number with country code 1`,
		};
	}
	return { digits };
}

const SPREADSHEET =
	'Format the column as text in the spreadsheet, and enter all digits of the number.';

/** Digits that a spreadsheet wrote with an exponent, where none is lost: 1.4155550123E+10. */
function fromExponent(text: string): Reading | string {
	const [, whole = '', decimals = '', exponent] =
		/^\+?(\d+)(?:[.,](\d+))?e\+?(\d{1,3})$/i.exec(text) ?? [];
	if (exponent === undefined) return text;
	if (whole.length === 1 && decimals.length === Number(exponent)) return whole + decimals;
	return {
		problem: 'was shortened by a spreadsheet and may have lost digits',
		remedy: SPREADSHEET,
	};
}

/** A number that a spreadsheet or a program wrote with decimals: 14155550123.0. */
function withoutDecimals(text: string): Reading | string {
	const [, whole, decimals = ''] = /^(\+?\d+)\.(\d+)$/.exec(text) ?? [];
	if (whole === undefined) {
		// With other separators it may be decimals or a last digit: neither is certain.
		return /\.0{1,2}$/.test(text)
			? {
					problem: `ends in ${quoted(text.slice(text.lastIndexOf('.')))}, which may be decimals or digits`,
				}
			: text;
	}
	// +44.2079460000 is how domain registries write a number (RFC 5733).
	if (whole.replace('+', '').length < SHORTEST && decimals.length >= 4) return text;
	return /^0+$/.test(decimals) ? whole : { problem: 'has decimals', remedy: SPREADSHEET };
}

/** The text without what stands around a number: quotation marks, a spreadsheet's apostrophe or formula. */
function unwrapped(text: string): string {
	return (
		asciiDigits(visible(text))
			.replace(/[\ufe62\uff0b]/g, '+')
			// A letter to Unicode, a dash to who types Japanese.
			.replace(/[\u30fc\uff70]/g, '-')
			.replace(/^=?"(.*)"$/, '$1')
			.replace(/^['`\u2018\u2019\u02bc]/, '')
			.replace(PATH, '$1')
			.trim()
			.replace(/^tel:(?:\/\/)?\s*/i, '')
	);
}

function fromText(given: string, shortest: number): Reading {
	if (given.length > LONGEST_TEXT) return { problem: 'is too long' };
	const exact = fromExponent(unwrapped(given));
	if (typeof exact !== 'string') return exact;
	if (EXTENSION.test(exact)) {
		return { problem: 'has an extension', remedy: 'Enter the number without its extension.' };
	}
	const standIn = standInProblem(visible(given));
	if (standIn) return standIn;
	if (/\p{L}/u.test(exact)) return { problem: 'has letters' };
	if (NEGATIVE.test(exact)) return { problem: 'begins with a minus sign' };
	if (DATE.test(exact)) return { problem: 'is a date', remedy: SPREADSHEET };
	const whole = withoutDecimals(exact);
	if (typeof whole !== 'string') return whole;

	const national = whole.replace(INTERNATIONAL_PREFIX, '');
	const countryCode = TRUNK_ZERO.exec(national)?.[2];
	if (countryCode !== undefined && ZERO_COUNTS.test(countryCode)) {
		return {
			problem: 'has "(0)"',
			remedy: `With country code ${countryCode}, the 0 can be part of the number: enter it without brackets, as it is dialed from abroad.`,
		};
	}
	// Within a country code it is no such 0.
	const text = COUNTRY_CODE.test(countryCode ?? '') ? national.replace(TRUNK_ZERO, '$1') : national;
	const foreign = NO_SEPARATOR.exec(text)?.[0];
	if (foreign === '+') return { problem: 'has a "+" in the middle, as if it were several numbers' };
	if (foreign !== undefined)
		return { problem: `has ${quoted(foreign)}, which a phone number can’t have` };
	const inside = BRACKETED_ZERO.exec(text)?.index;
	if (inside !== undefined) {
		return /\d/.test(text.slice(0, inside))
			? { problem: 'has "(0)" in the middle' }
			: sized('0', 1);
	}
	return sized(text.replace(/\D/g, ''), shortest);
}

function reading(value: unknown, shortest: number): Reading {
	if (typeof value === 'string') return fromText(value, shortest);
	if (typeof value === 'bigint') return fromText(String(value), shortest);
	if (typeof value === 'object') {
		return {
			problem: 'is not a phone number',
			remedy: 'Pass numbers as text, or objects that have them in a field "number".',
		};
	}
	if (typeof value !== 'number' || !Number.isFinite(value)) {
		return { problem: 'is not a phone number' };
	}
	if (value < 0) return { problem: 'is negative' };
	if (!Number.isInteger(value)) return { problem: 'has decimals', remedy: SPREADSHEET };
	return sized(BigInt(value).toString(), shortest);
}

function readOrRefuse(label: string, value: unknown, verb: string, wanted: Wanted): string {
	const read = reading(value, wanted.shortest);
	if ('digits' in read) return read.digits;
	throw badInput(
		label,
		`${verb} ${whatItIs(value)}, which ${read.problem}`,
		read.remedy ?? wanted.remedy,
	);
}

function refuseBlank(label: string, value: unknown, remedy: string): void {
	if (!Array.isArray(value) && isBlank(value)) throw badInput(label, 'is empty', remedy);
}

/**
 * A phone number in any spelling that can only mean one: `+`, `00` or `tel:` in front; spaces, dashes, dots
 * and brackets within; "(0)" after the country code; digits of any script; a JSON number; a spreadsheet's
 * `.0`, apostrophe or exponent with all digits; a number's resource path.
 *
 * @param label the parameter's name in the editor
 * @returns 5 to 15 digits, as Plivo's paths have them
 *   (plivo.com/docs/numbers/api/account-phone-number)
 * @throws PlivoFailure of kind `input`, naming the value
 */
export function checkedPhoneNumber(label: string, value: unknown): string {
	refuseBlank(label, value, WHOLE.remedy);
	return readOrRefuse(label, value, 'is', WHOLE);
}

/**
 * The first digits of phone numbers, for filters: numbers match without `+` only (live; plivo-cli 1.1.1).
 *
 * @returns 1 to 15 digits
 * @throws PlivoFailure of kind `input`, naming the value
 */
export function firstDigits(label: string, value: unknown): string {
	refuseBlank(label, value, FIRST_DIGITS.remedy);
	return readOrRefuse(label, value, 'is', FIRST_DIGITS);
}

/**
 * A whole phone number; or, with `*` behind them, the first digits of several.
 *
 * @returns 5 to 15 digits; or 1 to 15 digits and `*`
 * @throws PlivoFailure of kind `input`, naming the value
 */
export function numberOrFirstDigits(label: string, value: unknown): string {
	refuseBlank(label, value, WHOLE_OR_STAR.remedy);
	const start = typeof value === 'string' ? /^(.*)\*$/.exec(visible(value))?.[1] : undefined;
	return start === undefined
		? readOrRefuse(label, value, 'is', WHOLE_OR_STAR)
		: `${firstDigits(label, start)}*`;
}

/** Numbers that stand side by side: a `+` begins one; bare ones are too long together to be a single one. */
function apart(text: string): string[] {
	// One space each first: the search behind a long run of them would take minutes.
	return text
		.replace(/\s+/g, ' ')
		.trim()
		.split(new RegExp(` (?=[${OPENING}]? ?[+\\ufe62\\uff0b])`))
		.flatMap((part) => {
			if ('digits' in fromText(part, SHORTEST)) return [part];
			const words = part.split(/\s+/);
			// Shorter words are rather the groups of a number with a digit too many.
			const areNumbers = words.every((word) => {
				const read = fromText(word, SHORTEST);
				return 'digits' in read && read.digits.length >= 10;
			});
			return areNumbers ? words : [part];
		});
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
	const entries = entriesOf(value, LIST_SEPARATORS)
		.map(numberIn)
		.flatMap((entry) => (typeof entry === 'string' ? apart(entry) : [entry]));
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
	const bare = unwrapped(text.slice(0, LONGEST_TEXT));
	// Within the country it is searched with a 0 in front, or as "(0)20".
	const national = bare.replace(INTERNATIONAL_PREFIX, '').replace(TRUNK_ZERO, '$1');
	return NO_SEPARATOR.test(national) ? '' : national.replace(/\D/g, '').replace(/^0+/, '');
}
