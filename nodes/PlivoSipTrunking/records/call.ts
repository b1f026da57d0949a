import type { IDataObject } from 'n8n-workflow';

import { checkedChoice } from '../input/choice';
import { wholeNumber } from '../input/number';
import { digitsOrPrefix } from '../input/phoneNumber';
import { checkedTime, plivoTime } from '../input/time';
import { badInput } from '../failure';
import { type Kind, plainKind, setFilters } from './kind';

/** plivo.com/docs/sip-trunking/api/calls; read only */
export const CALL: Kind = {
	...plainKind,
	path: '/Zentrunk/Call/',
	idField: 'call_uuid',
	idKind: 'call',
	label: 'call',
	idLabel: 'Call ID',
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

/** So that a bound made now is still within the 90 days when it arrives. */
const MARGIN_MS = 60_000;

/**
 * The earliest end of a call that can be asked for.
 *
 * @param now milliseconds since 1970, as the result
 */
export const earliestCallTime = (now: number) => now - KEPT_DAYS * DAY_MS + MARGIN_MS;

/** What else call filters depend on. */
export interface CallFilterContext {
	/** The workflow's time zone: for times without one. */
	readonly timezone: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** plivo.com/docs/sip-trunking/api/calls; numbers match without `+` only (live; plivo-cli 1.1.1). */
const FILTERS: Readonly<Record<string, (value: unknown) => IDataObject[string]>> = {
	from_number: (value) => digitsOrPrefix('From Number', value),
	to_number: (value) => digitsOrPrefix('To Number', value),
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
	const set = Object.fromEntries(
		Object.entries(setFilters(filters)).map(([field, value]) => [
			field,
			FILTERS[field]?.(value) ?? value,
		]),
	);
	if (Number(set.bill_duration__gte) > Number(set.bill_duration__lte)) {
		throw badInput(
			'Minimum Duration',
			"is greater than 'Maximum Duration', so no call could match",
			'Swap the two.',
		);
	}
	const timeOf = (label: string, value: unknown) =>
		value === undefined ? undefined : checkedTime(label, value, timezone);
	const after = timeOf('Ended After', set.end_time__gte);
	const before = timeOf('Ended Before', set.end_time__lte);
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
