import fc, { runs } from '../../support/fastCheck.mts';
import { DateTime } from 'luxon';

import {
	checkedTime,
	plivoTime,
	timeFromPlivo,
} from '../../../nodes/PlivoSipTrunking/input/time.ts';
import { refused, understood, WEIRD } from './refusal.mts';

const ZONE = 'Europe/Berlin';
const iso = (value: unknown, zone = ZONE) =>
	new Date(checkedTime('Ended After', value, zone)).toISOString();

describe('a time', () => {
	it.each<[unknown, string]>([
		['2026-07-01T10:00:00+02:00', '2026-07-01T08:00:00.000Z'],
		['2026-07-01T10:00:00.500Z', '2026-07-01T10:00:00.500Z'],
		['2026-07-01T10:00:00', '2026-07-01T08:00:00.000Z'],
		['2026-01-10T10:00:00', '2026-01-10T09:00:00.000Z'],
		['2026-07-01', '2026-06-30T22:00:00.000Z'],
		['2026-07-01 10:00:00', '2026-07-01T08:00:00.000Z'],
		['2026-07-01 10:00', '2026-07-01T08:00:00.000Z'],
		[46000.5, '2025-12-09T11:00:00.000Z'],
		['46000.5', '2025-12-09T11:00:00.000Z'],
		['46000,5', '2025-12-09T11:00:00.000Z'],
		[46204, '2026-06-30T22:00:00.000Z'],
		[1782900000, '2026-07-01T10:00:00.000Z'],
		['1782900000', '2026-07-01T10:00:00.000Z'],
		[1782900000000, '2026-07-01T10:00:00.000Z'],
		['1782900000000', '2026-07-01T10:00:00.000Z'],
		[1782900000.5, '2026-07-01T10:00:00.500Z'],
		[new Date('2026-07-01T10:00:00Z'), '2026-07-01T10:00:00.000Z'],
		[DateTime.fromISO('2026-07-01T10:00:00Z'), '2026-07-01T10:00:00.000Z'],
		[{ toMillis: () => 1782900000000 }, '2026-07-01T10:00:00.000Z'],
	])('%p is %s', (value, expected) => expect(iso(value)).toBe(expected));

	it.each([
		['2026-11-27', 'UTC', '2026-11-27T00:00:00.000Z', '2026-11-27T23:59:59.999Z'],
		['2026-03-29', ZONE, '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
		['2026-10-25', ZONE, '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
		// Clocks go from 0:00 to 1:00, and from 1:00 to 0:00 or from 24:00 to 23:00.
		['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z', '2026-04-24T20:59:59.999Z'],
		['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z', '2026-11-02T04:59:59.999Z'],
		['2026-10-31', 'America/Havana', '2026-10-31T04:00:00.000Z', '2026-11-01T03:59:59.999Z'],
		['2026-10-29', 'Africa/Cairo', '2026-10-28T21:00:00.000Z', '2026-10-29T21:59:59.999Z'],
		[46353, ZONE, '2026-11-26T23:00:00.000Z', '2026-11-27T22:59:59.999Z'],
	])('the day %p in %s begins and ends', (day, zone, start, end) => {
		const edge = (which: 'start' | 'end') =>
			new Date(checkedTime('Ended Before', day, zone, which)).toISOString();
		expect([edge('start'), edge('end')]).toEqual([start, end]);
	});

	it.each(['2026-11-27T00:00:00', '2026-11-27 00:00', '2026-11-26T23:00:00Z', 46353.0001])(
		'%p is a moment, also where a day would end',
		(value) => expect(checkedTime('A', value, ZONE, 'end')).toBe(checkedTime('A', value, ZONE)),
	);

	it.each<[unknown, string]>([
		[undefined, 'is empty'],
		['', 'is empty'],
		['2026-02-31', 'is a date that does not exist'],
		['2025-02-29', 'is a date that does not exist'],
		['2026-13-01', 'is not a date and time that exists'],
		['2026-07-01T25:00:00Z', 'is not a date and time that exists'],
		['13/04/2026', 'is not a date in ISO form'],
		['03/04/2026 10:00', 'in ISO form'],
		['31 Mar 2026', 'in ISO form'],
		['20260701', 'is a number, but neither'],
		['2026-07-01 10:61', 'is not a date and time that exists'],
		['2026-07-01T10:00:00+25:00', 'in ISO form'],
		['2026-07-01 10', 'is not a date in ISO form'],
		['2026-07-01 10:00 PST', 'is not a date in ISO form'],
		['yesterday', 'is not a date'],
		['2026-07', 'is not a date'],
		['2026', 'is a number, but neither a spreadsheet date'],
		[5, 'is a number, but neither a spreadsheet date'],
		[-46000, 'is a number, but neither a spreadsheet date'],
		[1e20, 'is a number, but neither a spreadsheet date'],
		[NaN, 'is NaN'],
		[{}, 'is an object, which is not a date'],
		[[], 'is a list, which is not a date'],
		[true, 'is true, which is not a date'],
		[new Date(NaN), 'is not a date'],
		[DateTime.invalid('x'), 'is an object, which is not a date'],
		['Invalid DateTime', 'is not a date'],
	])('%p is refused', (value, message) => {
		const text = refused(() => checkedTime('Ended After', value, ZONE));
		expect(text).toMatch(/^'Ended After' /);
		expect(text).toContain(message);
	});

	const moment = fc
		.integer({ min: Date.UTC(2000, 0, 2) / 1000, max: Date.UTC(2099, 11, 30) / 1000 })
		.map((seconds) => seconds * 1000);
	const formats = [
		"yyyy-MM-dd'T'HH:mm:ssZZ",
		'yyyy-MM-dd HH:mm:ss ZZ',
		"yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
	];

	it('is the same in every way of writing it', () => {
		fc.assert(
			fc.property(
				moment,
				fc.constantFrom(...formats),
				fc.constantFrom('UTC', ZONE, 'America/New_York', 'Asia/Kolkata'),
				(time, format, zone) => {
					const read = (value: unknown) => checkedTime('Time', value, zone);
					expect(read(DateTime.fromMillis(time, { zone, locale: 'en-US' }).toFormat(format))).toBe(
						time,
					);
					expect([
						read(time),
						read(time / 1000),
						read(String(time)),
						read(new Date(time).toISOString()),
					]).toEqual([time, time, time, time]);
					expect(checkedTime('Time', plivoTime(time), 'UTC')).toBe(time);
					expect(checkedTime('Time', time / 86_400_000 + 25_569, 'UTC')).toBe(time);
					expect(timeFromPlivo(plivoTime(time))).toBe(time);
				},
			),
			{ numRuns: runs(3000) },
		);
	});

	it.each(WEIRD.map((value, index) => [index, value]))('no. %i is read or refused', (_, value) => {
		understood(() => checkedTime('Time', value, ZONE));
		timeFromPlivo(value);
	});
});

describe('timeFromPlivo', () => {
	it.each([
		['2026-07-01 10:00:00', '2026-07-01T10:00:00Z'],
		['2026-07-01T10:00:00Z', '2026-07-01T10:00:00Z'],
		['2026-07-01 10:00:00+05:30', '2026-07-01T04:30:00Z'],
		['2026-07-01 10:00', '2026-07-01T10:00:00Z'],
	])('reads %p', (text, expected) => expect(timeFromPlivo(text)).toBe(Date.parse(expected)));

	it.each([undefined, null, '', 'soon', 5])('is NaN for %p', (value) =>
		expect(timeFromPlivo(value)).toBeNaN(),
	);
});
