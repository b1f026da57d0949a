import type { IDataObject } from 'n8n-workflow';

import {
	callFilters,
	earliestCallTime,
	numberFilters,
	plivoTime,
	setFilters,
	timeFromPlivo,
	trunkFilters,
} from '../../nodes/PlivoSipTrunking/plivo/filters.ts';
import { PlivoFailure } from '../../nodes/PlivoSipTrunking/transport/failure.ts';

const now = Date.parse('2026-07-15T12:00:00Z');
const berlin = { timezone: 'Europe/Berlin', now };

const forCalls = (filters: IDataObject) => callFilters(filters, berlin);

function refused(work: () => unknown): PlivoFailure {
	try {
		work();
	} catch (error) {
		if (error instanceof PlivoFailure && error.kind === 'input') return error;
		throw error;
	}
	throw new Error('It was accepted');
}

describe('filters that are not set', () => {
	it('are left out; false and 0 are set', () => {
		const filters = { a: undefined, b: null, c: '', d: false, e: 0, f: 'x' };
		expect(setFilters(filters)).toEqual({ d: false, e: 0, f: 'x' });
		expect(trunkFilters({ secure: false, trunk_status: '' })).toEqual({ secure: false });
		expect(forCalls({ from_number: '', end_time__gte: null })).toEqual({});
	});
});

describe('trunk filters', () => {
	it('take ids without the spaces around them', () => {
		expect(trunkFilters({ credential_uuid: ' c-1 ', trunk_direction: 'inbound' })).toEqual({
			credential_uuid: 'c-1',
			trunk_direction: 'inbound',
		});
	});

	it.each([
		['ipacl_uuid', 'IP Access Control List'],
		['credential_uuid', 'SIP Credential'],
		['primary_uri_uuid', 'Primary URI'],
		['fallback_uri_uuid', 'Fallback URI'],
	])('refuse a %s that is no id', (field, label) => {
		expect(refused(() => trunkFilters({ [field]: 'a/b' })).message).toContain(`${label} is not an`);
		expect(refused(() => trunkFilters({ [field]: 7 })).message).toBe(
			`${label} is no text but a number`,
		);
	});
});

describe('number filters', () => {
	it('take a number with or without +, spaces and dashes', () => {
		expect(numberFilters({ number_startswith: ' +1 (415) 555-' })).toEqual({
			number_startswith: '1415555',
		});
	});

	it.each(['acme', '+', '1234567890123456', '14*'])('refuse the number %p', (number) => {
		const { message, description } = refused(() => numberFilters({ number_startswith: number }));
		expect(message).toBe('Number Starts With is not a phone number or the start of one');
		expect(description).toContain('+1 415');
	});

	it.each<[unknown, IDataObject]>([
		[['voice', 'sms'], { services: 'voice,sms' }],
		['voice', { services: 'voice' }],
		[[], {}],
	])('join the services %j', (services, sent) => {
		expect(numberFilters({ services } as IDataObject)).toEqual(sent);
	});
});

describe('call filters', () => {
	it('strip the + of numbers', () => {
		expect(forCalls({ from_number: '+14155550123', to_number: '+44 20' })).toEqual({
			from_number: '14155550123',
			to_number: '4420',
		});
	});

	it.each([
		['from_number', 'From Number'],
		['to_number', 'To Number'],
	])('refuse a %s that is none', (field, label) => {
		expect(refused(() => forCalls({ [field]: 'anonymous' })).message).toContain(label);
	});

	it.each([
		['with a zone', '2026-07-01T10:00:00+02:00', '2026-07-01 08:00:00'],
		['in UTC', '2026-07-01T10:00:00.500Z', '2026-07-01 10:00:00'],
		['of the date picker: the workflow’s zone', '2026-07-01T10:00:00', '2026-07-01 08:00:00'],
		['a day alone', '2026-07-01', '2026-06-30 22:00:00'],
		['as Plivo writes it', '2026-07-01 10:00:00', '2026-07-01 08:00:00'],
		['a Date', new Date('2026-07-01T10:00:00Z'), '2026-07-01 10:00:00'],
	])('take a time %s', (_, given, sent) => {
		expect(forCalls({ end_time__gte: given as never })).toEqual({ end_time__gte: sent });
	});

	it('observe daylight saving time of the zone', () => {
		const winter = { timezone: 'Europe/Berlin', now: Date.parse('2026-01-20T00:00:00Z') };
		expect(callFilters({ end_time__gte: '2026-01-10T10:00:00' }, winter)).toEqual({
			end_time__gte: '2026-01-10 09:00:00',
		});
	});

	it('give an upper bound alone the lower bound that Plivo demands: 90 days, and a minute to arrive', () => {
		expect(forCalls({ end_time__lte: '2026-07-10T00:00:00Z' })).toEqual({
			end_time__gte: '2026-04-16 12:01:00',
			end_time__lte: '2026-07-10 00:00:00',
		});
		expect(plivoTime(earliestCallTime(now))).toBe('2026-04-16 12:01:00');
	});

	it('take both bounds as they are', () => {
		const filters = {
			end_time__gte: '2026-07-01T00:00:00Z',
			end_time__lte: '2026-07-10T00:00:00Z',
		};
		expect(forCalls(filters)).toEqual({
			end_time__gte: '2026-07-01 00:00:00',
			end_time__lte: '2026-07-10 00:00:00',
		});
	});

	it.each<[IDataObject, string]>([
		[{ end_time__gte: 'yesterday' }, 'Ended After is not a date'],
		[{ end_time__lte: 'tomorrow' }, 'Ended Before is not a date'],
		[{ end_time__gte: {} }, 'Ended After is not a date'],
		[{ end_time__gte: '2026-01-01T00:00:00Z' }, 'Ended After is more than 90 days ago'],
		[{ end_time__lte: '2026-01-01T00:00:00Z' }, 'Ended Before is more than 90 days ago'],
		[
			{ end_time__gte: '2026-07-10T00:00:00Z', end_time__lte: '2026-07-01T00:00:00Z' },
			'Ended After is later than Ended Before, so no call could match',
		],
		[{ call_direction: 'both' }, 'Direction is not a value that Plivo knows'],
		[{ hangup_source: 'plivo' }, 'Hangup Source is not a value that Plivo knows'],
		[{ stir_verification: 'verified' }, 'STIR Verification is not a value that Plivo knows'],
		[{ bill_duration__gte: -1 }, 'Minimum Duration must be a whole number of seconds'],
		[{ bill_duration__lte: 1.5 }, 'Maximum Duration must be a whole number of seconds'],
		[{ bill_duration__lte: '60' }, 'Maximum Duration must be a whole number of seconds'],
		[
			{ bill_duration__gte: 60, bill_duration__lte: 30 },
			'Minimum Duration is greater than Maximum Duration, so no call could match',
		],
		[{ hangup_cause_code: 'busy' }, 'Hangup Cause Code is not a code'],
	])('refuse %j', (filters, message) => {
		const failure = refused(() => forCalls(filters));
		expect(failure.message).toBe(message);
		expect(failure.description).not.toBe('');
	});

	it('take durations, codes and sources', () => {
		const filters = { bill_duration__gte: 0, bill_duration__lte: 60, hangup_source: 'zentrunk' };
		expect(forCalls({ ...filters, hangup_cause_code: 4410 })).toEqual({
			...filters,
			hangup_cause_code: '4410',
		});
	});
});

describe('timeFromPlivo', () => {
	it.each([
		['2026-07-01 10:00:00', '2026-07-01T10:00:00Z'],
		['2026-07-01T10:00:00Z', '2026-07-01T10:00:00Z'],
		['2026-07-01 10:00:00+05:30', '2026-07-01T04:30:00Z'],
		['2026-07-01 10:00', '2026-07-01T10:00:00Z'],
	])('reads %p', (text, iso) => {
		expect(timeFromPlivo(text)).toBe(Date.parse(iso));
	});

	it.each([undefined, null, '', 'soon', 5])('is NaN for %p', (value) => {
		expect(timeFromPlivo(value)).toBeNaN();
	});
});
