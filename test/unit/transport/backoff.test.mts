import {
	backoff,
	LONGEST_RETRY_AFTER_MS,
	retryAfter,
} from '../../../nodes/PlivoSipTrunking/transport/backoff.ts';

afterEach(() => jest.restoreAllMocks());

describe('back-off', () => {
	const longest = (attempt: number) => {
		jest.spyOn(Math, 'random').mockReturnValue(0.999_999_999);
		return Math.round(backoff(attempt));
	};

	it('doubles with each attempt, up to 20 seconds', () => {
		expect([1, 2, 3, 4, 5, 6, 7, 50].map(longest)).toEqual([
			500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
		]);
	});

	it('has full jitter: anything from nothing to the longest', () => {
		const random = jest.spyOn(Math, 'random');
		const waits = [0, 0.25, 0.5].map((value) => {
			random.mockReturnValue(value);
			return backoff(3);
		});
		expect(waits).toEqual([0, 500, 1_000]);
	});
});

describe('Retry-After', () => {
	const clock = Date.parse('2026-10-21T07:28:00Z');
	const week = 7 * 24 * 3600;
	const bounded = {
		waitMs: LONGEST_RETRY_AFTER_MS,
		oddity: expect.stringContaining('a single wait is at most 30 seconds') as string,
	};

	it('asks for nothing when it is missing', () => {
		expect(retryAfter(undefined, clock)).toBeUndefined();
	});

	it.each([
		['0', 0],
		['2', 2_000],
		[' 30 ', 30_000],
		['1.5', 1_500],
		['Wed, 21 Oct 2026 07:28:00 GMT', 0],
		['Wed, 21 Oct 2026 07:28:07 GMT', 7_000],
	])('understands "%s"', (header, waitMs) => {
		expect(retryAfter(header, clock)).toEqual({ waitMs });
	});

	it.each([
		['31'],
		[String(week)],
		['9'.repeat(400)],
		[new Date(clock + week * 1000).toUTCString()],
		['Fri, 31 Dec 9999 23:59:59 GMT'],
	])('is bounded and quoted when it asks for too long: "%.40s"', (header) => {
		const asked = retryAfter(header, clock);
		expect(asked).toEqual(bounded);
		expect(asked?.oddity).toContain(`"${header.slice(0, 40)}"`);
	});

	it.each([['-5'], ['-99999999999'], ['Wed, 21 Oct 2020 07:28:00 GMT']])(
		'waits for nothing in the past: "%s"',
		(header) => {
			expect(retryAfter(header, clock)).toEqual({
				waitMs: 0,
				oddity: `Plivo asked to wait "${header}", which is in the past`,
			});
		},
	);

	it.each([[''], ['soon'], ['NaN'], ['2 minutes later'], ['Infinity']])(
		'takes "%s" for no time',
		(header) => {
			expect(retryAfter(header, clock)).toEqual({
				waitMs: 0,
				oddity: `Plivo asked to wait "${header}", which is no time`,
			});
		},
	);
});
