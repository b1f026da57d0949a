const BASE_MS = 500;
const LONGEST_MS = 20_000;

/** The longest single wait that a `Retry-After` can ask for. */
export const LONGEST_RETRY_AFTER_MS = 30_000;

/** All waits of one request together. */
export const LONGEST_WAIT_MS = 120_000;

/** Plivo counts requests in windows of this length (plivo.com/docs/account/api/overview). */
const WINDOW_MS = 5_000;

/** What is known of whether a request was carried out. */
export type Certainty = 'done' | 'notDone' | 'maybe';

/** The outcome of one attempt. */
export interface Attempt {
	readonly certainty: Certainty;
	/** Another attempt may fare better. */
	readonly passing: boolean;
	/** A 429. */
	readonly busy: boolean;
	/** What a `Retry-After` asks for. */
	readonly retryAfterMs: number;
}

/** What went before. */
export interface History {
	/** With the one that has just ended. */
	readonly attempts: number;
	/** Of them, those that count against `maxRetries`, without the one that has just ended. */
	readonly counted: number;
	readonly waitedMs: number;
	/** Since the first attempt left. */
	readonly sinceFirstMs: number;
	readonly maxRetries: number;
	/** Plivo has accepted requests of the account since the attempt before. */
	readonly accountGetsOn: boolean;
}

/** Whether and when to try again. */
export interface Next {
	readonly repeat: boolean;
	readonly counted: number;
	readonly waitMs: number;
}

/**
 * Decides after an attempt that has failed whether there is another one.
 *
 * A 429 is part of the queue as long as the account gets on, or a whole window hasn't passed since the
 * first attempt: it doesn't count as a failed attempt then.
 *
 * @param jitter from 0 to 1: full jitter, so that those who failed together don't come back together
 */
export function nextAttempt(attempt: Attempt, history: History, jitter: number): Next {
	const queues = attempt.busy && (history.accountGetsOn || history.sinceFirstMs < WINDOW_MS);
	const counted = history.counted + (queues ? 0 : 1);
	const backoff = jitter * Math.min(LONGEST_MS, BASE_MS * 2 ** (history.attempts - 1));
	const waitMs = Math.max(attempt.retryAfterMs, backoff);
	const repeat =
		attempt.passing &&
		history.maxRetries > 0 &&
		counted <= history.maxRetries &&
		history.waitedMs + waitMs <= LONGEST_WAIT_MS;
	return { repeat, counted, waitMs };
}

/** What a `Retry-After` header asks for, and how long is really waited for it. */
export interface RetryAfter {
	readonly waitMs: number;
	/** Set when the header asks for the impossible or for too long; for the error's text. */
	readonly oddity?: string;
}

/**
 * @param header seconds or an HTTP date (RFC 9110, 10.2.3)
 * @param clockMs the server's time, from its `Date` header: a date is relative to that
 * @returns undefined when there is no header
 */
export function retryAfter(header: string | undefined, clockMs: number): RetryAfter | undefined {
	if (header === undefined) return undefined;
	const text = header.trim();
	const seconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - clockMs) / 1000;
	const said = `Plivo asked to wait "${text.slice(0, 40)}"`;
	if (Number.isNaN(seconds)) return { waitMs: 0, oddity: `${said}, which isn't a valid time` };
	if (seconds < 0) return { waitMs: 0, oddity: `${said}, which is in the past` };
	if (seconds * 1000 <= LONGEST_RETRY_AFTER_MS) return { waitMs: seconds * 1000 };
	return {
		waitMs: LONGEST_RETRY_AFTER_MS,
		oddity: `${said}; a single wait is at most ${LONGEST_RETRY_AFTER_MS / 1000} seconds`,
	};
}
