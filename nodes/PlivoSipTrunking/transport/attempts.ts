import { cancelled, PlivoFailure } from '../failure';
import { attempt, type Outcome, type Request } from './attempt';
import type { Channel } from './channel';
import type { Slot } from './limiter';
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

/**
 * A place under the rate limit.
 *
 * @throws PlivoFailure of kind `cancelled`, or `skipped` where another item of the run has failed
 */
async function placeFor(channel: Channel, { method }: Request, isFurther: boolean): Promise<Slot> {
	const { account, owner, signal } = channel;
	const slot = await account.limiter.acquire(owner, signal, isFurther);
	const refusal = method === 'GET' ? undefined : channel.beforeWrite?.();
	if (!refusal) return slot;
	slot.done(true);
	throw refusal;
}

/** The failure with how hard it was tried. */
function withEffort(
	{ kind, message, description, details }: PlivoFailure,
	{ attempts, firstLeft, oddity }: Progress,
): PlivoFailure {
	const seconds = ((performance.now() - firstLeft) / 1000).toFixed(1);
	const notes = [
		...(attempts > 1 ? [`Tried ${attempts} times over ${seconds} seconds.`] : []),
		...(oddity ? [`${oddity}.`] : []),
	];
	return new PlivoFailure(kind, message, [description, ...notes].join(' '), details);
}

/** What is known of the attempts so far. */
interface Progress {
	attempts: number;
	/** Of them, those that count against `maxRetries`. */
	counted: number;
	waitedMs: number;
	waitMs: number;
	/** When the first one left, by `performance.now()`. */
	firstLeft: number;
	/** How many requests of the account Plivo had accepted by then. */
	accepted: number;
	isSpent: boolean;
	oddity?: string;
}

/** Counts and spaces the attempts of one request: see {@link nextAttempt}. */
export function attemptsOf(channel: Channel): Attempts {
	const { account, signal } = channel;
	const progress: Progress = {
		attempts: 0,
		counted: 0,
		waitedMs: 0,
		waitMs: 0,
		firstLeft: 0,
		accepted: account.limiter.accepted(),
		isSpent: false,
	};
	return {
		async send(request) {
			const slot = await placeFor(channel, request, progress.attempts > 0);
			progress.firstLeft ||= performance.now();
			progress.attempts++;
			const outcome = await attempt(channel, request);
			if (!outcome.failure) {
				slot.done(true);
				return outcome;
			}
			// Without an answer, Plivo may get to the request, and count it, later.
			const isAnswered = outcome.certainty !== 'maybe' || outcome.failure.kind !== 'unreachable';
			slot.done(!outcome.busy, isAnswered);
			learn(channel, progress, outcome, request);
			return outcome;
		},
		async wait() {
			if (signal?.aborted) throw cancelled();
			if (progress.isSpent) return;
			await pause(progress.waitMs, signal);
			progress.waitedMs += progress.waitMs;
		},
		spent: () => progress.isSpent,
		described: (failure) => withEffort(failure, progress),
	};
}

function learn(
	{ account: { limiter }, limits: { maxRetries }, log }: Channel,
	progress: Progress,
	outcome: Exclude<Outcome, { failure?: undefined }>,
	{ method, path }: Request,
): void {
	const before = progress.accepted;
	const accepted = limiter.accepted();
	if (outcome.busy) limiter.holdBack(outcome.retryAfterMs);
	const sinceFirstMs = performance.now() - progress.firstLeft;
	const history = { ...progress, sinceFirstMs, maxRetries, accountGetsOn: accepted > before };
	const { counted, waitMs, repeat } = nextAttempt(outcome, history, Math.random());
	Object.assign(progress, { accepted, counted, waitMs, isSpent: !repeat, oddity: outcome.oddity });
	if (!repeat) return;
	log(
		`${method} ${path}: attempt ${progress.attempts} failed (${outcome.failure.message}); next in ${Math.round(waitMs)} ms`,
	);
}
