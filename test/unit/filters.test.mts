import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../nodes/PlivoSipTrunking/failure.ts';
import { plivoTime, timeFromPlivo } from '../../nodes/PlivoSipTrunking/input/time.ts';
import { callFilters, earliestCallTime } from '../../nodes/PlivoSipTrunking/records/call.ts';
import { numberFilters } from '../../nodes/PlivoSipTrunking/records/phoneNumber.ts';
import { trunkFilters } from '../../nodes/PlivoSipTrunking/records/trunk.ts';

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
		expect(refused(() => trunkFilters({ [field]: 'a/b' })).message).toContain(
			`'${label}' is not an`,
		);
		expect(refused(() => trunkFilters({ [field]: {} })).message).toBe(
			`'${label}' is an object, not an ID`,
		);
	});

	it.each<[IDataObject, string]>([
		[{ trunk_status: 'on' }, '\'Status\' is "on"'],
		[{ trunk_direction: 'both' }, '\'Direction\' is "both"'],
		[{ secure: 'maybe' }, '\'Secure\' is "maybe"'],
	])('refuse %j', (filters, message) => {
		expect(refused(() => trunkFilters(filters)).message).toContain(message);
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
		expect(message).toContain(`'Number Starts With' is "${number}", which has `);
		expect(description).toContain('+1 415');
	});

	it('refuse a type that Plivo does not know', () => {
		expect(refused(() => numberFilters({ type: 'satellite' })).message).toContain("'Type' is");
	});

	it.each<[unknown, IDataObject]>([
		[['voice', 'sms'], { services: 'voice,sms' }],
		['voice', { services: 'voice' }],
		['sms, Voice', { services: 'voice,sms' }],
	])('join the services %j', (services, sent) => {
		expect(numberFilters({ services } as IDataObject)).toEqual(sent);
	});

	it('keep alias and subaccount as text', () => {
		expect(numberFilters({ alias: ' Sales ', subaccount: 'SA1' })).toEqual({
			alias: 'Sales',
			subaccount: 'SA1',
		});
	});
});

describe('call filters', () => {
	it('strip the + of numbers', () => {
		expect(forCalls({ from_number: '+14155550123', to_number: '+44 20*' })).toEqual({
			from_number: '14155550123',
			to_number: '4420*',
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

	it('give an upper bound alone the lower bound that Plivo demands: 90 days, less what a clock may be wrong', () => {
		expect(forCalls({ end_time__lte: '2026-07-10T00:00:00Z' })).toEqual({
			end_time__gte: '2026-04-16 15:00:00',
			end_time__lte: '2026-07-10 00:00:00',
		});
		expect(plivoTime(earliestCallTime(now))).toBe('2026-04-16 15:00:00');
	});

	it('never ask for a lower bound above the upper one', () => {
		const edge = forCalls({ end_time__lte: new Date(now - 90 * 86_400_000) as never });
		expect(String(edge.end_time__gte) <= String(edge.end_time__lte)).toBe(true);
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
		[
			{ end_time__gte: 'yesterday' },
			'\'Ended After\' is "yesterday", which is not a date in ISO form',
		],
		[
			{ end_time__lte: 'tomorrow' },
			'\'Ended Before\' is "tomorrow", which is not a date in ISO form',
		],
		[{ end_time__gte: {} }, "'Ended After' is an object, which is not a date"],
		[{ end_time__gte: '2026-01-01T00:00:00Z' }, "'Ended After' is more than 90 days ago"],
		[{ end_time__lte: '2026-01-01T00:00:00Z' }, "'Ended Before' is more than 90 days ago"],
		[
			{ end_time__gte: '2026-07-10T00:00:00Z', end_time__lte: '2026-07-01T00:00:00Z' },
			"'Ended After' is later than 'Ended Before', so no call could match",
		],
		[{ call_direction: 'both' }, '\'Direction\' is "both", which is not one of the choices'],
		[{ hangup_source: 'plivo' }, '\'Hangup Source\' is "plivo", which is not one of the choices'],
		[
			{ stir_verification: 'unverified' },
			'\'STIR Verification\' is "unverified", which is not one of the choices',
		],
		[
			{ bill_duration__gte: -1 },
			"'Minimum Duration' is -1, but must be a whole number of 0 or more",
		],
		[
			{ bill_duration__lte: 1.5 },
			"'Maximum Duration' is 1.5, but must be a whole number of 0 or more",
		],
		[
			{ bill_duration__lte: 'a minute' },
			'\'Maximum Duration\' is "a minute", but must be a whole number of 0 or more',
		],
		[
			{ bill_duration__gte: 60, bill_duration__lte: 30 },
			"'Minimum Duration' is greater than 'Maximum Duration', so no call could match",
		],
		[
			{ hangup_cause_code: 'busy' },
			'\'Hangup Cause Code\' is "busy", but must be a whole number from 1000 to 9999',
		],
	])('refuse %j', (filters, message) => {
		const failure = refused(() => forCalls(filters));
		expect(failure.message).toBe(message);
		expect(failure.description).not.toBe('');
	});

	it('take durations, codes, sources and verification', () => {
		const filters = { bill_duration__gte: 0, bill_duration__lte: 60, hangup_source: 'zentrunk' };
		expect(
			forCalls({ ...filters, hangup_cause_code: 4410, stir_verification: 'not verified' }),
		).toEqual({ ...filters, hangup_cause_code: '4410', stir_verification: 'Not Verified' });
		expect(forCalls({ bill_duration__lte: '60' })).toEqual({ bill_duration__lte: 60 });
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
