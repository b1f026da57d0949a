import { cancelled, PlivoFailure } from '../failure';
import { attempt, type Outcome, type Request } from './attempt';
import type { Channel } from './channel';
import { pause } from './pause';
import { nextAttempt } from './retry';

/** The attempts of one request, as many as the item's patience allows. */
export interface Attempts {
	/**
	 * Sends one attempt, as soon as the account has a place for it.
	 *
	 * @throws PlivoFailure of kind `cancelled` or `skipped`: nothing was sent
	 */
	send(request: Request): Promise<Outcome>;
	/** Waits as long as the last failure asks for before another attempt; not at all when none is left. */
	wait(): Promise<void>;
	/** Whether no attempt is left. */
	spent(): boolean;
	/** The failure with how hard it was tried. */
	described(failure: PlivoFailure): PlivoFailure;
}

/** Counts and spaces the attempts of one request: see {@link nextAttempt}. */
export function attemptsOf(channel: Channel): Attempts {
	const { account, limits, signal } = channel;
	const { limiter } = account;
	let attempts = 0;
	let counted = 0;
	let waitedMs = 0;
	let waitMs = 0;
	let firstLeft = 0;
	let accepted = limiter.accepted();
	let isSpent = false;
	let oddity: string | undefined;

	function learn(outcome: Exclude<Outcome, { failure?: undefined }>, request: Request) {
		const before = accepted;
		accepted = limiter.accepted();
		if (outcome.busy) limiter.holdBack(outcome.retryAfterMs);
		const sinceFirstMs = performance.now() - firstLeft;
		const { maxRetries } = limits;
		const history = { attempts, counted, waitedMs, sinceFirstMs, maxRetries };
		const accountGetsOn = accepted > before;
		const next = nextAttempt(outcome, { ...history, accountGetsOn }, Math.random());
		({ counted, waitMs } = next);
		isSpent = !next.repeat;
		({ oddity } = outcome);
		if (isSpent) return;
		channel.log(
			`${request.method} ${request.path}: attempt ${attempts} failed (${outcome.failure.message}); next in ${Math.round(waitMs)} ms`,
		);
	}

	return {
		async send(request) {
			const slot = await limiter.acquire(channel.owner, signal, attempts > 0);
			const refusal = request.method === 'GET' ? undefined : channel.beforeWrite?.();
			if (refusal) {
				slot.done(true);
				throw refusal;
			}
			firstLeft ||= performance.now();
			attempts++;
			const outcome = await attempt(channel, request);
			if (!outcome.failure) {
				slot.done(true);
				return outcome;
			}
			// Without an answer, Plivo may get to the request, and count it, later.
			const isAnswered = outcome.certainty !== 'maybe' || outcome.failure.kind !== 'unreachable';
			slot.done(!outcome.busy, isAnswered);
			learn(outcome, request);
			return outcome;
		},
		async wait() {
			if (signal?.aborted) throw cancelled();
			if (isSpent) return;
			await pause(waitMs, signal);
			waitedMs += waitMs;
		},
		spent: () => isSpent,
		described(failure) {
			const seconds = ((performance.now() - firstLeft) / 1000).toFixed(1);
			const notes = [
				...(attempts > 1 ? [`Tried ${attempts} times over ${seconds} seconds.`] : []),
				...(oddity ? [`${oddity}.`] : []),
			];
			const description = [failure.description, ...notes].join(' ');
			return new PlivoFailure(failure.kind, failure.message, description, failure.details);
		},
	};
}
