import { tryToParseDateTime } from 'n8n-workflow';

import { badInput } from '../failure';
import { asciiDigits, visible, whatItIs } from './text';

const DAY_MS = 86_400_000;

/** A date and time as a clock on the wall shows them, with the zone where the text has one. */
interface Written {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	/** `18:00:00.000`; nothing: the whole day. */
	readonly time?: string;
	/** `Z` or `+02:00`; nothing: the workflow's. */
	readonly zone?: string;
}

/** What is wrong, as a continuation of `which …`. */
type Problem = { readonly problem: string };

/** 2000 to 2100: no number is a sheet's serial, seconds and milliseconds at once. */
const FROM_MS = Date.UTC(2000, 0, 1);
const TO_MS = Date.UTC(2100, 0, 1);
/** Day 0 of spreadsheets, with the 29 February 1900 that never was (ECMA-376, part 1, section 18.17.4.1). */
const SHEET_EPOCH_MS = Date.UTC(1899, 11, 30);

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d./-])(.*)$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?!\d)(.*)$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)(.*)$/;
const SHORT_YEAR = /^\d{1,2}([-/.])\d{1,2}\1\d{2}(?!\d)/;
const MONTH_NAME = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,?\\s+)?';
const DAY_THEN_NAME = new RegExp(
	`^${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th)?\\.?[\\s-]+${MONTH_NAME},?[\\s-]+(\\d{4})(?!\\d)(.*)$`,
	'i',
);
const NAME_THEN_DAY = new RegExp(
	`^${WEEKDAY}${MONTH_NAME}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})(?!\\d)(.*)$`,
	'i',
);
const TIME =
	/^(?:[T,]|,? (?:at )?)(\d{1,2})(?::?(\d{2}))?(?::?(\d{2})(?:[.,](\d{1,9}))?)?( ?[ap]\.?m\.?)?(?: ?(Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT))?$/i;

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** The time and zone behind a date. */
function timeIn(text: string): Pick<Written, 'time' | 'zone'> | Problem {
	// What JavaScript and Temporal add in words: (Central European Summer Time), [Europe/Berlin].
	const bare = text.replace(/(?<=Z|[+-]\d{2}:?\d{2}) ?(?:\([^()]*\)|\[[^[\]]*\])$/i, '').trimEnd();
	if (bare === '') return {};
	const parts = TIME.exec(bare);
	if (!parts) return { problem: 'is not a date and time' };
	const [, hourText = '', minute = '00', second = '00', fraction = '', half = '', zone = ''] =
		parts;
	const isAfternoon = /p/i.test(half);
	const hour = half === '' ? Number(hourText) : (Number(hourText) % 12) + (isAfternoon ? 12 : 0);
	const hourExists = half === '' ? hour < 24 : Number(hourText) >= 1 && Number(hourText) <= 12;
	if (!hourExists || Number(minute) > 59 || Number(second) > 59) {
		return { problem: 'has a time of day that does not exist' };
	}
	// An hour alone is one only with am or pm.
	if (parts[2] === undefined && half === '') return { problem: 'is not a date and time' };
	const [, sign, offsetHour = '', offsetMinute = '00'] =
		/([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
	if (Number(offsetHour) > 14 || Number(offsetMinute) > 59) {
		return { problem: 'has a time zone that does not exist' };
	}
	return {
		time: `${twoDigits(hour)}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`,
		...(zone !== '' && {
			zone: sign ? `${sign}${offsetHour.padStart(2, '0')}:${offsetMinute}` : 'Z',
		}),
	};
}

const monthOf = (name: string) => MONTHS.indexOf(name.toLowerCase()) + 1;

/** Year, month and day, and what is behind them. */
function dateIn(text: string): [year: number, month: number, day: number, rest: string] | Problem {
	const yearFirst = YEAR_FIRST.exec(text);
	if (yearFirst) {
		const [, year, , month, day, rest = ''] = yearFirst;
		return [Number(year), Number(month), Number(day), rest];
	}
	const compact = COMPACT.exec(text);
	if (compact) {
		const [, year, month, day, rest = ''] = compact;
		return [Number(year), Number(month), Number(day), rest];
	}
	const yearLast = YEAR_LAST.exec(text);
	if (yearLast) {
		const [, first, , second, year, rest = ''] = yearLast;
		const [one, other] = [Number(first), Number(second)];
		if (one <= 12 && other <= 12 && one !== other) {
			return { problem: 'can mean two dates: day and month can’t be told apart' };
		}
		return one > 12 ? [Number(year), other, one, rest] : [Number(year), one, other, rest];
	}
	if (SHORT_YEAR.test(text)) return { problem: 'can mean several dates: its year has two digits' };
	const dayThenName = DAY_THEN_NAME.exec(text);
	if (dayThenName) {
		const [, day, name = '', year, rest = ''] = dayThenName;
		return [Number(year), monthOf(name), Number(day), rest];
	}
	// `Tue Mar 31 2026 18:00:00 GMT+0200`: the year stands before the time.
	const nameThenDay = NAME_THEN_DAY.exec(text);
	if (nameThenDay) {
		const [, name = '', day, year, rest = ''] = nameThenDay;
		return [Number(year), monthOf(name), Number(day), rest];
	}
	return { problem: 'is not a date' };
}

function writtenIn(text: string): Written | Problem {
	const date = dateIn(text);
	if ('problem' in date) return date;
	const [year, month, day, rest] = date;
	const existing = new Date(Date.UTC(year, month - 1, day));
	if (existing.getUTCMonth() !== month - 1 || year < 1900) {
		return { problem: 'is a date that does not exist' };
	}
	const time = timeIn(rest);
	return 'problem' in time ? time : { year, month, day, ...time };
}

/** What a day without a time means: its first or its last millisecond. */
export type DayEdge = 'start' | 'end';

/**
 * A day's edge in a time zone. It starts where the day before ends: where clocks are set back at midnight, luxon
 * has the second of two midnights as the start.
 *
 * @param date `2026-03-31`
 * @throws UserError of n8n-workflow where the time zone doesn't exist
 */
function edgeOfDay(date: string, timezone: string, edge: DayEdge): number {
	const day = tryToParseDateTime(`${date}T00:00:00`, timezone);
	return edge === 'end'
		? day.endOf('day').toMillis()
		: day.minus({ days: 1 }).endOf('day').toMillis() + 1;
}

/** @throws UserError of n8n-workflow where the time zone doesn't exist */
function instantOf(
	{ year, month, day, time, zone = '' }: Written,
	timezone: string,
	edge: DayEdge,
): number {
	const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
	return time === undefined
		? edgeOfDay(date, timezone, edge)
		: tryToParseDateTime(`${date}T${time}${zone}`, timezone).toMillis();
}

/** A spreadsheet's serial (days since 1899-12-30, no zone), seconds or milliseconds since 1970. */
function fromNumber(number: number, timezone: string, edge: DayEdge): number | Problem {
	if (number >= FROM_MS && number < TO_MS) return Math.round(number);
	if (number * 1000 >= FROM_MS && number * 1000 < TO_MS) return Math.round(number * 1000);
	// A sheet's fraction of a day is exact to less than a second, never to the millisecond.
	const clock = new Date(Math.round((SHEET_EPOCH_MS + number * DAY_MS) / 1000) * 1000);
	if (!(clock.getTime() >= FROM_MS && clock.getTime() < TO_MS)) {
		return {
			problem: 'is a number, but neither a spreadsheet date nor seconds or milliseconds since 1970',
		};
	}
	const iso = clock.toISOString();
	return Number.isInteger(number)
		? edgeOfDay(iso.slice(0, 10), timezone, edge)
		: tryToParseDateTime(iso.replace('Z', ''), timezone).toMillis();
}

function fromText(text: string, timezone: string, edge: DayEdge): number | Problem {
	// A decimal comma comes from spreadsheets of half the world.
	if (/^\d+(?:[.,]\d+)?$/.test(text) && !/^\d{8}$/.test(text)) {
		return fromNumber(Number(text.replace(',', '.')), timezone, edge);
	}
	const written = writtenIn(text);
	return 'problem' in written ? written : instantOf(written, timezone, edge);
}

/** A `DateTime` of luxon and the like. */
function millisIn(value: unknown): number {
	if (value instanceof Date) return value.getTime();
	if (typeof value !== 'object' || value === null || !('toMillis' in value)) return NaN;
	const { toMillis } = value;
	return typeof toMillis === 'function' ? Number(toMillis.call(value)) : NaN;
}

function read(value: unknown, timezone: string, edge: DayEdge): number | Problem {
	try {
		if (typeof value === 'number' && !/^\d{8}$/.test(String(value))) {
			return fromNumber(value, timezone, edge);
		}
		if (typeof value === 'string' || typeof value === 'number') {
			const text = asciiDigits(visible(String(value)))
				.replace(/\s+/g, ' ')
				.replace(/^["'](.*?)["']?$/, '$1');
			// Longer than any date in words.
			return fromText(text.slice(0, 120), timezone, edge);
		}
		return millisIn(value);
	} catch {
		return { problem: 'is not a date' };
	}
}

/**
 * A point in time, where a value can only mean one.
 *
 * @param value a date of JavaScript or luxon; ISO 8601 or Plivo's own text; a date whose day and month can be
 *   told apart, with or without time; a spreadsheet's serial; seconds or milliseconds since 1970
 * @param timezone the workflow's, for times without one, such as `Europe/Berlin`
 * @param edge what a day without a time means
 * @returns milliseconds since 1970
 * @throws PlivoFailure of kind `input`, saying what keeps it from being one
 */
export function checkedTime(
	label: string,
	value: unknown,
	timezone: string,
	edge: DayEdge = 'start',
): number {
	const remedy = 'Enter a date and time, such as 2026-03-31T18:00:00Z.';
	const what = whatItIs(value);
	if (what === 'empty') throw badInput(label, 'is empty', remedy);
	const time = read(value, timezone, edge);
	if (typeof time === 'number' && Number.isFinite(time)) return time;
	if (value instanceof Date) throw badInput(label, 'is an invalid date', remedy);
	const problem = typeof time === 'object' ? time.problem : 'is not a date';
	throw badInput(label, `is ${what}, which ${problem}`, remedy);
}

/** `YYYY-MM-DD HH:MM:SS`, UTC (plivo.com/docs/sip-trunking/api/calls). */
export function plivoTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * @param text as Plivo writes it: with `T…Z` (live) or with a space and in UTC
 * @returns milliseconds since 1970; NaN where there is no time
 */
export function timeFromPlivo(text: unknown): number {
	if (typeof text !== 'string') return NaN;
	const iso = text.trim().replace(' ', 'T');
	return Date.parse(/Z$|[+-]\d\d:?\d\d$/i.test(iso) ? iso : `${iso}Z`);
}
