export interface RateLimit {
	/** Whether a request that arrives now is accepted; accepted ones count. */
	accepts(now: number, requests: number, windowMs: number): boolean;
	reset(): void;
}

/** A sliding window over the accepted requests of an account. */
export function createRateLimit(): RateLimit {
	let accepted: number[] = [];
	let first = 0;
	return {
		accepts(now, requests, windowMs) {
			while (first < accepted.length && accepted[first] <= now - windowMs) first++;
			if (first > 10_000) {
				accepted = accepted.slice(first);
				first = 0;
			}
			if (accepted.length - first >= requests) return false;
			accepted.push(now);
			return true;
		},
		reset() {
			accepted = [];
			first = 0;
		},
	};
}
