import { tryToParseDateTime } from 'n8n-workflow';

import { badInput } from '../failure';
import { narrow, whatItIs } from './text';

const DAY_MS = 86_400_000;

/** 2000 to 2100: no number is a sheet's serial, seconds and milliseconds at once. */
const FROM_MS = Date.UTC(2000, 0, 1);
const TO_MS = Date.UTC(2100, 0, 1);
/** Day 0 of spreadsheets, with the 29 February 1900 that never was (ECMA-376, part 1, section 18.17.4.1). */
const SHEET_EPOCH_MS = Date.UTC(1899, 11, 30);

/** ISO 8601, with a space in place of the T as well. A date that begins with the day or the month has two meanings. */
const TEXT =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$/i;

/** Milliseconds since 1970, or what is wrong as a continuation of `which …`. */
type Reading = number | string;

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

/** A spreadsheet's serial (days since 1899-12-30, no zone), seconds or milliseconds since 1970. */
function fromNumber(number: number, timezone: string, edge: DayEdge): Reading {
	if (number >= FROM_MS && number < TO_MS) return Math.round(number);
	if (number * 1000 >= FROM_MS && number * 1000 < TO_MS) return Math.round(number * 1000);
	// A sheet's fraction of a day is exact to less than a second, never to the millisecond.
	const clock = new Date(Math.round((SHEET_EPOCH_MS + number * DAY_MS) / 1000) * 1000);
	if (!(clock.getTime() >= FROM_MS && clock.getTime() < TO_MS)) {
		return 'is a number, but neither a spreadsheet date nor seconds or milliseconds since 1970';
	}
	const iso = clock.toISOString();
	return Number.isInteger(number)
		? edgeOfDay(iso.slice(0, 10), timezone, edge)
		: tryToParseDateTime(iso.replace('Z', ''), timezone).toMillis();
}

function fromText(text: string, timezone: string, edge: DayEdge): Reading {
	// A decimal comma comes from spreadsheets of half the world.
	if (/^\d+(?:[.,]\d+)?$/.test(text)) {
		return fromNumber(Number(text.replace(',', '.')), timezone, edge);
	}
	const [, date, time, zone = ''] = TEXT.exec(text) ?? [];
	if (date === undefined) return 'is not a date in ISO form';
	// JavaScript takes 31 February for 3 March.
	if (new Date(date).toISOString().slice(0, 10) !== date) return 'is a date that does not exist';
	return time === undefined
		? edgeOfDay(date, timezone, edge)
		: tryToParseDateTime(`${date}T${time}${zone}`, timezone).toMillis();
}

/** @param value a number, a text, a `Date`, or a `DateTime` of luxon and the like */
function read(value: unknown, timezone: string, edge: DayEdge): Reading {
	if (typeof value === 'number') return fromNumber(value, timezone, edge);
	if (typeof value === 'string') return fromText(narrow(value), timezone, edge);
	if (value instanceof Date) return value.getTime();
	if (typeof value !== 'object' || value === null || !('toMillis' in value)) return NaN;
	const { toMillis } = value;
	return typeof toMillis === 'function' ? Number(toMillis.call(value)) : NaN;
}

/**
 * A point in time, where a value can only mean one.
 *
 * @param value a date of JavaScript or luxon; ISO 8601 or Plivo's own text, with or without time; a spreadsheet's
 *   serial; seconds or milliseconds since 1970
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
	const remedy =
		'Enter a date and time with the year first, such as 2026-03-31T18:00:00Z, or a date such as 2026-03-31.';
	const what = whatItIs(value);
	if (what === 'empty') throw badInput(label, 'is empty', remedy);
	let time: Reading;
	try {
		time = read(value, timezone, edge);
	} catch {
		time = 'is not a date and time that exists';
	}
	if (typeof time === 'number' && Number.isFinite(time)) return time;
	const problem = typeof time === 'string' ? time : 'is not a date';
	throw badInput(label, `is ${what}, which ${problem}`, remedy);
}

/** `YYYY-MM-DD HH:MM:SS`, UTC (plivo.com/docs/sip-trunking/api/calls). */
export const plivoTime = (milliseconds: number): string =>
	new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');

/**
 * @param text as Plivo writes it: with `T…Z` (live) or with a space and in UTC
 * @returns milliseconds since 1970; NaN where there is no time
 */
export function timeFromPlivo(text: unknown): number {
	if (typeof text !== 'string') return NaN;
	const iso = text.trim().replace(' ', 'T');
	return Date.parse(/Z$|[+-]\d\d:?\d\d$/i.test(iso) ? iso : `${iso}Z`);
}
