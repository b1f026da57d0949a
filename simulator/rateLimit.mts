/** So many requests in so many milliseconds; the seconds to wait are sent only when they are given here. */
export interface RateWindow {
	requests: number;
	windowMs: number;
	/** What `Retry-After` says. */
	retryAfter?: number | string;
}

/** `true`: Plivo's own. */
export type RateLimitSetting = boolean | RateWindow;

/** Per account: plivo.com/docs/account/api/overview. */
const PLIVO_WINDOW: RateWindow = { requests: 300, windowMs: 5_000 };

export function windowOf(setting: RateLimitSetting): RateWindow | undefined {
	if (typeof setting === 'boolean') return setting ? PLIVO_WINDOW : undefined;
	return setting;
}

export interface RateLimit {
	/**
	 * Whether a request that arrives now is accepted; accepted ones count.
	 *
	 * @param now milliseconds of a clock that never goes back
	 */
	accepts(now: number, window: RateWindow): boolean;
	reset(): void;
}

/** A sliding window over the accepted requests of an account. */
export function createRateLimit(): RateLimit {
	let accepted: number[] = [];
	return {
		accepts(now, { requests, windowMs }) {
			const firstInWindow = accepted.findIndex((at) => at > now - windowMs);
			accepted = firstInWindow < 0 ? [] : accepted.slice(firstInWindow);
			if (accepted.length >= requests) return false;
			accepted.push(now);
			return true;
		},
		reset() {
			accepted = [];
		},
	};
}
