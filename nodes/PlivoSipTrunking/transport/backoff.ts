const BASE_MS = 500;
const LONGEST_MS = 20_000;

/** The longest single wait that a `Retry-After` can ask for. */
export const LONGEST_RETRY_AFTER_MS = 30_000;

/** All waits of one request together. */
export const LONGEST_WAIT_MS = 120_000;

/**
 * Exponential back-off with full jitter.
 *
 * @param attempt how many attempts have been made, from 1
 * @returns milliseconds
 */
export function backoff(attempt: number): number {
	return Math.random() * Math.min(LONGEST_MS, BASE_MS * 2 ** (attempt - 1));
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
	if (Number.isNaN(seconds)) return { waitMs: 0, oddity: `${said}, which is no time` };
	if (seconds < 0) return { waitMs: 0, oddity: `${said}, which is in the past` };
	if (seconds * 1000 <= LONGEST_RETRY_AFTER_MS) return { waitMs: seconds * 1000 };
	return {
		waitMs: LONGEST_RETRY_AFTER_MS,
		oddity: `${said}; a single wait is at most ${LONGEST_RETRY_AFTER_MS / 1000} seconds`,
	};
}
