import { type IDataObject, tryToParseDateTime } from 'n8n-workflow';

import { badInput } from '../transport/failure';
import { checkedId } from './rules';

/** Calls are kept so long (plivo.com/docs/sip-trunking/api/calls). */
const KEPT_DAYS = 90;

const DAY_MS = 86_400_000;

/** So that a bound made now is still within the 90 days when it arrives. */
const MARGIN_MS = 60_000;

/**
 * The earliest end of a call that can be asked for.
 *
 * @param now milliseconds since 1970, as the result
 */
export const earliestCallTime = (now: number) => now - KEPT_DAYS * DAY_MS + MARGIN_MS;

/** Filters of calls that take one of a few values (plivo.com/docs/sip-trunking/api/calls). */
const CHOICES: Record<string, { label: string; values: readonly string[] }> = {
	call_direction: { label: 'Direction', values: ['inbound', 'outbound'] },
	hangup_source: { label: 'Hangup Source', values: ['customer', 'carrier', 'zentrunk'] },
	stir_verification: {
		label: 'STIR Verification',
		values: ['Verified', 'Not Verified', 'Not Applicable'],
	},
};

/** Filters that aren't set are left out: Plivo may refuse an empty value (live; plivo-cli 1.1.0). */
export function setFilters(filters: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(filters).filter(
			([, value]) => value !== undefined && value !== null && value !== '',
		),
	);
}

const REFERENCES: Record<string, string> = {
	ipacl_uuid: 'IP Access Control List',
	credential_uuid: 'SIP Credential',
	primary_uri_uuid: 'Primary URI',
	fallback_uri_uuid: 'Fallback URI',
};

/** @throws PlivoFailure of kind `input`, naming the filter */
export function trunkFilters(filters: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(setFilters(filters)).map(([field, value]) => [
			field,
			field in REFERENCES ? checkedId(REFERENCES[field], value) : value,
		]),
	);
}

/** @throws PlivoFailure of kind `input`, naming the filter */
export function numberFilters(filters: IDataObject): IDataObject {
	const set = setFilters(filters);
	if ('number_startswith' in set) {
		set.number_startswith = digitsOf('Number Starts With', set.number_startswith);
	}
	if (Array.isArray(set.services)) {
		if (set.services.length === 0) delete set.services;
		else set.services = set.services.join(',');
	}
	return set;
}

/** Numbers match without `+` only (live; plivo-cli 1.1.1), whole or as a prefix. */
function digitsOf(label: string, value: unknown): string {
	const digits = String(value)
		.trim()
		.replace(/^\+|[\s().-]/g, '');
	if (/^\d{1,15}$/.test(digits)) return digits;
	throw badInput(
		label,
		'is not a phone number or the start of one',
		'Enter digits, such as +1 415.',
	);
}

/** What else call filters depend on. */
export interface CallFilterContext {
	/** The workflow's time zone: for times without one. */
	readonly timezone: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/**
 * The filters of call records as Plivo takes them: numbers without `+`, times in UTC, an upper time
 * bound never without a lower one (live; plivo-cli 1.1.3).
 *
 * @param filters by Plivo's names; times as dates, ISO texts or what the date picker gives
 * @throws PlivoFailure of kind `input`, naming the filter
 */
export function callFilters(
	filters: IDataObject,
	{ timezone, now }: CallFilterContext,
): IDataObject {
	const set = setFilters(filters);
	for (const [field, label] of [
		['from_number', 'From Number'],
		['to_number', 'To Number'],
	]) {
		if (field in set) set[field] = digitsOf(label, set[field]);
	}
	for (const [field, { label, values }] of Object.entries(CHOICES)) {
		if (field in set && !values.includes(set[field] as string)) {
			throw badInput(label, 'is not a value that Plivo knows', `Choose ${values.join(' or ')}.`);
		}
	}
	for (const [field, label] of [
		['bill_duration__gte', 'Minimum Duration'],
		['bill_duration__lte', 'Maximum Duration'],
	]) {
		const value = set[field];
		if (field in set && !(typeof value === 'number' && Number.isInteger(value) && value >= 0)) {
			throw badInput(label, 'must be a whole number of seconds', 'Enter 0 or more.');
		}
	}
	if (Number(set.bill_duration__gte) > Number(set.bill_duration__lte)) {
		throw badInput(
			'Minimum Duration',
			'is greater than Maximum Duration, so no call could match',
			'Swap the two.',
		);
	}
	if ('hangup_cause_code' in set) {
		set.hangup_cause_code = String(set.hangup_cause_code).trim();
		if (!/^\d{4}$/.test(set.hangup_cause_code)) {
			throw badInput('Hangup Cause Code', 'is not a code', 'Enter its four digits, such as 4410.');
		}
	}

	const earliest = now - KEPT_DAYS * DAY_MS;
	const after = timeOf('Ended After', set.end_time__gte, timezone);
	const before = timeOf('Ended Before', set.end_time__lte, timezone);
	if (after !== undefined && before !== undefined && after > before) {
		throw badInput(
			'Ended After',
			'is later than Ended Before, so no call could match',
			'Swap the two.',
		);
	}
	for (const [label, time] of [
		['Ended After', after],
		['Ended Before', before],
	] as const) {
		if (time !== undefined && time < earliest) {
			throw badInput(
				label,
				`is more than ${KEPT_DAYS} days ago`,
				`Plivo keeps call records for ${KEPT_DAYS} days: choose a later time.`,
			);
		}
	}
	const lower = after ?? (before === undefined ? undefined : earliestCallTime(now));
	if (lower !== undefined) set.end_time__gte = plivoTime(lower);
	if (before !== undefined) set.end_time__lte = plivoTime(before);
	return set;
}

function timeOf(label: string, value: unknown, timezone: string): number | undefined {
	if (value === undefined) return undefined;
	try {
		return tryToParseDateTime(value, timezone).toMillis();
	} catch {
		throw badInput(label, 'is not a date', 'Enter a date and time, such as 2026-03-31T18:00:00Z.');
	}
}

/** `YYYY-MM-DD HH:MM:SS`, UTC (plivo.com/docs/sip-trunking/api/calls). */
export function plivoTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** @returns milliseconds since 1970; NaN where the text is no time of Plivo's */
export function timeFromPlivo(text: unknown): number {
	if (typeof text !== 'string') return NaN;
	const iso = text.trim().replace(' ', 'T');
	return Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`);
}
