import { checkedChoice } from '../input/choice';
import { wholeNumber } from '../input/number';
import { numberOrFirstDigits } from '../input/phoneNumber';
import { checkedTime, type DayEdge, plivoTime } from '../input/time';
import { badInput } from '../failure';
import { type AccountRecord, type Kind, plainKind, type Text, texts, type Values } from './kind';
import type { Listing } from './list';

/** A call's record (CDR), read only (plivo.com/docs/sip-trunking/api/calls). */
export interface Call extends AccountRecord {
	readonly call_uuid: string;
	readonly end_time?: Text;
}

export const CALL: Kind<Call> = {
	...plainKind,
	path: '/Zentrunk/Call/',
	idField: 'call_uuid',
	idKind: 'call',
	parse: texts('call_uuid', 'end_time'),
	label: 'call',
	idLabel: 'Call ID',
	ifMissing: 'Check the call ID. Plivo keeps call records for 90 days.',
	mainFields: [
		'call_uuid',
		'from_number',
		'to_number',
		'call_direction',
		'call_duration',
		'bill_duration',
		'end_time',
		'hangup_cause_code',
		'hangup_cause_name',
		'total_amount',
		'trunk_domain',
	],
};

/** Calls are kept so long (plivo.com/docs/sip-trunking/api/calls). */
const KEPT_DAYS = 90;

const DAY_MS = 86_400_000;

/** A bound made here is within the 90 days at Plivo, even where this computer's clock is behind by so much. */
const CLOCK_SLACK_MS = 3 * 3_600_000;

/**
 * The earliest end of a call that the node asks for by itself.
 *
 * @param now milliseconds since 1970, as the result
 */
export const earliestCallTime = (now: number) => now - KEPT_DAYS * DAY_MS + CLOCK_SLACK_MS;

/** What else call filters depend on. */
export interface CallFilterContext {
	/** The workflow's time zone: for times without one. */
	readonly timezone: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** plivo.com/docs/sip-trunking/api/calls; numbers match without `+` only (live; plivo-cli 1.1.1). */
const FILTERS: Readonly<Record<string, (value: unknown) => Values[string]>> = {
	from_number: (value) => numberOrFirstDigits('From Number', value),
	to_number: (value) => numberOrFirstDigits('To Number', value),
	call_direction: (value) => checkedChoice('Direction', value, ['inbound', 'outbound']),
	hangup_source: (value) =>
		checkedChoice('Hangup Source', value, ['customer', 'carrier', 'zentrunk']),
	stir_verification: (value) =>
		checkedChoice('STIR Verification', value, ['Verified', 'Not Verified', 'Not Applicable']),
	hangup_cause_code: (value) => String(wholeNumber('Hangup Cause Code', value, 1000, 9999)),
	bill_duration__gte: (value) => wholeNumber('Minimum Duration', value, 0, Infinity),
	bill_duration__lte: (value) => wholeNumber('Maximum Duration', value, 0, Infinity),
};

/**
 * The filters of call records, checked: numbers without `+`, times in UTC, an upper time bound never
 * without a lower one (live; plivo-cli 1.1.3).
 *
 * @param filters by Plivo's names; times as dates, ISO texts or what the date picker gives; a day without a
 *   time is whole
 * @returns filters by Plivo's names; numbers have `*` behind them where they are first digits: {@link listingOf}
 * @throws PlivoFailure of kind `input`, naming the filter
 */
export function callFilters(filters: Values, { timezone, now }: CallFilterContext): Values {
	const set = Object.fromEntries(
		Object.entries(filters).map(([field, value]) => [field, FILTERS[field]?.(value) ?? value]),
	);
	if (Number(set.bill_duration__gte) > Number(set.bill_duration__lte)) {
		throw badInput(
			'Minimum Duration',
			"is greater than 'Maximum Duration', so no call could match",
			'Swap the two.',
		);
	}
	const timeOf = (label: string, value: unknown, edge: DayEdge) =>
		value === undefined ? undefined : checkedTime(label, value, timezone, edge);
	const after = timeOf('Ended After', set.end_time__gte, 'start');
	const before = timeOf('Ended Before', set.end_time__lte, 'end');
	if (after !== undefined && before !== undefined && after > before) {
		throw badInput(
			'Ended After',
			"is later than 'Ended Before', so no call could match",
			'Swap the two.',
		);
	}
	for (const [label, time] of [
		['Ended After', after],
		['Ended Before', before],
	] as const) {
		if (time !== undefined && time < now - KEPT_DAYS * DAY_MS) {
			throw badInput(
				label,
				`is more than ${KEPT_DAYS} days ago`,
				`Plivo keeps call records for ${KEPT_DAYS} days: choose a later time.`,
			);
		}
	}
	const lower =
		after ?? (before === undefined ? undefined : Math.min(earliestCallTime(now), before));
	if (lower !== undefined) set.end_time__gte = plivoTime(lower);
	if (before !== undefined) set.end_time__lte = plivoTime(before);
	return set;
}

/** Plivo takes each as the first digits of numbers (plivo.com/docs/sip-trunking/api/calls). */
const NUMBER_FILTERS = ['from_number', 'to_number'] as const;

/**
 * What is asked of Plivo, and which of the calls that come are meant: a whole number means no longer one.
 *
 * @param filters as {@link callFilters} returns them
 */
export function listingOf(filters: Values): Required<Pick<Listing, 'filters' | 'accept'>> {
	const digitsIn = (value: unknown) => String(value ?? '').replace(/\D/g, '');
	const numbers = NUMBER_FILTERS.filter((field) => field in filters);
	const asked = numbers.map((field) => [field, digitsIn(filters[field])]);
	return {
		filters: { ...filters, ...Object.fromEntries(asked) },
		accept: (call) =>
			numbers.every((field) => {
				const wanted = String(filters[field]);
				const number = digitsIn(call[field]);
				return wanted.endsWith('*') ? number.startsWith(digitsIn(wanted)) : number === wanted;
			}),
	};
}
