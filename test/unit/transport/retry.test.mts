import {
	type Attempt,
	type History,
	LONGEST_RETRY_AFTER_MS,
	LONGEST_WAIT_MS,
	nextAttempt,
	retryAfter,
} from '../../../nodes/PlivoSipTrunking/transport/retry.ts';

/** An attempt that may fare better next time. */
const failed: Attempt = { certainty: 'maybe', passing: true, busy: false, retryAfterMs: 0 };
const busy: Attempt = { ...failed, certainty: 'notDone', busy: true };
const history: History = {
	attempts: 1,
	counted: 0,
	waitedMs: 0,
	sinceFirstMs: 100,
	maxRetries: 5,
	accountGetsOn: false,
};

describe('whether there is another attempt', () => {
	it.each<[string, Partial<Attempt>, Partial<History>, boolean, number]>([
		['after the first failure', {}, {}, true, 1],
		['after the last but one', {}, { attempts: 5, counted: 4 }, true, 5],
		['not after the last', {}, { attempts: 6, counted: 5 }, false, 6],
		['not where retries are off', {}, { maxRetries: 0 }, false, 1],
		['once where one is allowed', {}, { maxRetries: 1 }, true, 1],
		['not twice where one is allowed', {}, { maxRetries: 1, attempts: 2, counted: 1 }, false, 2],
		['not where it cannot fare better', { passing: false }, {}, false, 1],
		['the same for what was not carried out', { certainty: 'notDone' }, {}, true, 1],
		['however long it has taken so far', {}, { sinceFirstMs: 400_000 }, true, 1],
	])('%s', (_, attempt, past, repeat, counted) => {
		expect(nextAttempt({ ...failed, ...attempt }, { ...history, ...past }, 0)).toEqual({
			repeat,
			counted,
			waitMs: 0,
		});
	});

	it.each<[string, Partial<History>, boolean, number]>([
		['is part of the queue within the first window', {}, true, 0],
		['is so however often it came', { attempts: 40, sinceFirstMs: 4_999 }, true, 0],
		[
			'is so after it while the account gets on',
			{ attempts: 40, sinceFirstMs: 90_000, accountGetsOn: true },
			true,
			0,
		],
		['counts after it when the account does not', { sinceFirstMs: 5_000 }, true, 1],
		[
			'ends the request when it has counted too often',
			{ sinceFirstMs: 5_000, attempts: 9, counted: 5 },
			false,
			6,
		],
		['does not surface within the window, even with one retry', { maxRetries: 1 }, true, 0],
		['ends the request where retries are off', { maxRetries: 0 }, false, 0],
	])('a 429 %s', (_, past, repeat, counted) => {
		expect(nextAttempt(busy, { ...history, ...past }, 0)).toEqual({ repeat, counted, waitMs: 0 });
	});

	it('a failure of another kind counts although the account gets on', () => {
		expect(nextAttempt(failed, { ...history, accountGetsOn: true }, 0).counted).toBe(1);
	});

	it('all waits of a request together are bounded', () => {
		const at = (waitedMs: number, retryAfterMs: number) =>
			nextAttempt({ ...busy, retryAfterMs }, { ...history, waitedMs }, 0).repeat;
		expect(at(LONGEST_WAIT_MS - 1_000, 1_000)).toBe(true);
		expect(at(LONGEST_WAIT_MS - 1_000, 1_001)).toBe(false);
		expect(LONGEST_WAIT_MS).toBe(120_000);
	});
});

describe('back-off', () => {
	const wait = (attempts: number, jitter: number, retryAfterMs = 0) =>
		nextAttempt({ ...failed, retryAfterMs }, { ...history, attempts }, jitter).waitMs;

	it('doubles with each attempt, up to 20 seconds', () => {
		expect([1, 2, 3, 4, 5, 6, 7, 50, 5_000].map((attempts) => wait(attempts, 1))).toEqual([
			500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000,
		]);
	});

	it('has full jitter: anything from nothing to the longest', () => {
		expect([0, 0.25, 0.5, 1].map((jitter) => wait(3, jitter))).toEqual([0, 500, 1_000, 2_000]);
	});

	it('never comes before what Plivo asks for', () => {
		expect(wait(1, 1, 7_000)).toBe(7_000);
		expect(wait(7, 1, 7_000)).toBe(20_000);
		expect(wait(7, 0, 7_000)).toBe(7_000);
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
		['31 s', '31'],
		['a week', String(week)],
		['400 digits', '9'.repeat(400)],
		['a date in a week', new Date(clock + week * 1000).toUTCString()],
		['the last date', 'Fri, 31 Dec 9999 23:59:59 GMT'],
	])('is bounded and quoted when it asks for too long: %s', (_what, header) => {
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
				oddity: `Plivo asked to wait "${header}", which isn't a valid time`,
			});
		},
	);
});
