import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import { AnswerStopped, type Answer, readAnswer } from './answer';
import { backoff, LONGEST_WAIT_MS, retryAfter, type RetryAfter } from './backoff';
import type { Channel } from './channel';
import { cancelled, PlivoFailure } from './failure';
import { networkFailure, statusFailure, unreadableFailure } from './messages';
import { pause, untilStopped } from './pause';

/** One request of Plivo's API. */
export interface Call {
	readonly method: Extract<IHttpRequestMethods, 'GET' | 'POST' | 'DELETE'>;
	/** Under the account, ends in `/`: `/Zentrunk/Trunk/`. */
	readonly path: string;
	readonly qs?: IDataObject;
	readonly body?: IDataObject;
	/** What it is about, for errors: `trunk 123`. */
	readonly subject?: string;
	/** What is wrong with a successful answer's body, a continuation of "The answer …"; else nothing. */
	readonly flaw?: (body: IDataObject) => string | undefined;
	/**
	 * Only for what must not be repeated blindly, a create: looks whether an earlier attempt has been
	 * carried out, and answers its record if so.
	 *
	 * @param firstSent when the first attempt left, by this computer's clock, in milliseconds since 1970
	 */
	readonly lookForResult?: (firstSent: number) => Promise<IDataObject | undefined>;
}

/** What one attempt came to. */
type Outcome =
	| { body: IDataObject }
	| {
			failure: PlivoFailure;
			/** Whether another attempt makes sense. */
			passing: boolean;
			retryAfter?: RetryAfter;
			busy?: boolean;
	  };

/** Errors of Node.js's network layer that come before the request has left. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** The server's certificate or its TLS didn't do: nothing has been sent, and trying again won't help. */
const UNTRUSTED = /CERT|TLS|SSL|LEAF_SIGNATURE|HOSTNAME_MISMATCH/;

const MAYBE_STATUSES = [500, 502, 503, 504, 408];

/**
 * Makes one request: waits for its place under the rate limit, tries, and tries again where that is
 * safe. What was certainly not carried out (429, refused connection, DNS) is repeated whatever it
 * was. What may have been (timeout, broken connection, 5xx, unreadable answer) is repeated when
 * that is harmless; a create is looked for first.
 *
 * @returns the answer's JSON object; `{}` for a 204 and for a deleted record
 * @throws PlivoFailure
 */
export async function request(channel: Channel, call: Call): Promise<IDataObject> {
	const { limits, signal, account } = channel;
	const startedAt = performance.now();
	let firstSent = 0;
	let waited = 0;
	let attempts = 0;
	let maybeDone = false;
	let acceptedBefore = account.limiter.accepted();

	for (let counted = 0; ; ) {
		if (maybeDone && call.lookForResult) {
			const found = await call.lookForResult(firstSent);
			if (found) {
				channel.log(`${name(call)}: an attempt without an answer had been carried out`);
				return found;
			}
			maybeDone = false;
		}
		if (call.method !== 'GET' && channel.turn) await untilStopped(channel.turn.ready, signal);
		const place = account.limiter.acquire(channel.owner, signal, attempts > 0);
		if (call.method !== 'GET') channel.turn?.pass();
		const slot = await place;
		firstSent ||= Date.now();
		attempts++;
		const outcome = await attempt(channel, call);
		const busy = 'busy' in outcome && outcome.busy === true;
		const unanswered =
			'failure' in outcome &&
			outcome.failure.kind === 'unreachable' &&
			outcome.failure.details.processed === 'maybe';
		slot.done(!busy, !unanswered);
		if ('body' in outcome) return outcome.body;

		const { failure } = outcome;
		if (signal?.aborted) throw cancelled();
		const repeatedDelete = call.method === 'DELETE' && maybeDone;
		if (repeatedDelete && failure.details.httpCode === 404) return {};
		maybeDone ||= failure.details.processed === 'maybe';

		// Others use the account: as long as requests get through, a 429 is part of the queue.
		const accepted = account.limiter.accepted();
		if (!busy || accepted === acceptedBefore) counted++;
		acceptedBefore = accepted;

		const asked = outcome.retryAfter;
		if (busy) account.limiter.holdBack(asked?.waitMs ?? 0);
		const wait = Math.max(asked?.waitMs ?? 0, backoff(attempts));
		const mayRepeat = outcome.passing && limits.maxRetries > 0 && counted <= limits.maxRetries;
		if (!mayRepeat || waited + wait > LONGEST_WAIT_MS) {
			if (maybeDone && call.lookForResult) {
				const found = await call.lookForResult(firstSent);
				if (found) return found;
			}
			throw told(failure, attempts, performance.now() - startedAt, asked?.oddity);
		}
		channel.log(
			`${name(call)}: attempt ${attempts} failed (${failure.message}); next in ${Math.round(wait)} ms`,
		);
		await pause(wait, signal);
		waited += wait;
	}
}

const name = (call: Call) => `${call.method} ${call.path}`;

async function attempt(channel: Channel, call: Call): Promise<Outcome> {
	const { timeoutMs } = channel.limits;
	const deadline = performance.now() + timeoutMs;
	let answer: Answer;
	try {
		const response = await channel.send({
			method: call.method,
			url: `${channel.accountUrl}${call.path}`,
			qs: call.qs,
			// As text: n8n's helper must not change the body, and Plivo wants the length of it.
			...(call.body && { body: JSON.stringify(call.body) }),
			headers: {
				Accept: 'application/json',
				...(call.body && { 'Content-Type': 'application/json' }),
			},
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: timeoutMs,
		});
		answer = await readAnswer(response, deadline - performance.now());
	} catch (error) {
		return brokenOff(error, timeoutMs);
	}
	return judge(channel, call, answer);
}

function judge({ account }: Channel, call: Call, answer: Answer): Outcome {
	const { status } = answer;
	const clock = Date.parse(answer.headers.date ?? '');
	if (!Number.isNaN(clock)) account.clockOffset = clock - Date.now();
	if (status >= 200 && status < 300) {
		const problem = answer.readable ? call.flaw?.(answer.body) : answer.problem;
		if (answer.readable && problem === undefined) return { body: answer.body };
		return { failure: unreadableFailure(answer, problem ?? ''), passing: true };
	}
	const busy = status === 429;
	const maybe = MAYBE_STATUSES.includes(status) || status > 504;
	return {
		failure: statusFailure(answer, call, maybe ? 'maybe' : 'no'),
		passing: busy || maybe,
		busy,
		retryAfter: retryAfter(answer.headers['retry-after'], Date.now() + account.clockOffset),
	};
}

function brokenOff(error: unknown, timeoutMs: number): Outcome {
	const tooLarge = error instanceof AnswerStopped && error.reason === 'too large';
	const code =
		error instanceof AnswerStopped ? (tooLarge ? 'TOO_LARGE' : 'ETIMEDOUT') : codeOf(error);
	const notSent = code === undefined || NOT_SENT.includes(code) || UNTRUSTED.test(code);
	return {
		failure: networkFailure(error, code, notSent ? 'no' : 'maybe', timeoutMs),
		passing: code !== undefined && !tooLarge && (!notSent || NOT_SENT.includes(code)),
	};
}

/** The network layer's error code: n8n's helper wraps its error, differently in 1.x and 2.x. */
function codeOf(error: unknown, depth = 0): string | undefined {
	if (typeof error !== 'object' || error === null || depth > 4) return undefined;
	const { code, httpCode, cause, errorResponse } = error as IDataObject;
	for (const candidate of [code, httpCode]) {
		if (typeof candidate === 'string' && /^[A-Z][A-Z\d_]+$/.test(candidate)) return candidate;
	}
	return codeOf(cause, depth + 1) ?? codeOf(errorResponse, depth + 1);
}

/** The same failure, with how hard it was tried. */
function told(
	failure: PlivoFailure,
	attempts: number,
	tookMs: number,
	oddity?: string,
): PlivoFailure {
	const notes: string[] = [];
	if (attempts > 1)
		notes.push(`Tried ${attempts} times over ${(tookMs / 1000).toFixed(1)} seconds.`);
	if (oddity) notes.push(`${oddity}.`);
	const description = [failure.description, ...notes].join(' ');
	return new PlivoFailure(failure.kind, failure.message, description, failure.details);
}
