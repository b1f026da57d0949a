import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import { isObject } from '../input/json';
import { AnswerStopped, type Answer, readAnswer } from './answer';
import type { Channel } from './channel';
import { cancelled, isGone, isTaken, PlivoFailure } from '../failure';
import { networkFailure, statusFailure, unreadableFailure } from './messages';
import { pause } from './pause';
import { type Attempt, nextAttempt, retryAfter } from './retry';

/** One request of Plivo's API. */
export interface Call {
	readonly method: Extract<IHttpRequestMethods, 'GET' | 'POST' | 'DELETE'>;
	/** Under the account, ends in `/`: `/Zentrunk/Trunk/`. */
	readonly path: string;
	readonly qs?: IDataObject;
	readonly body?: IDataObject;
	/** What it is about, for errors: `trunk 123`. */
	readonly subject?: string;
	/** What to do when Plivo has no such record, where the usual remedy says too little. */
	readonly ifMissing?: string;
	/** What is wrong with a successful answer's body, a continuation of "Plivo's answer …"; else nothing. */
	readonly flaw?: (body: IDataObject) => string | undefined;
	/** Before a further attempt, when some time has passed: throws where it must not be carried out any more. */
	readonly recheck?: () => Promise<unknown>;
	/**
	 * Only for what must not be repeated blindly, a create: finds out whether an earlier attempt has been
	 * carried out, and answers its record if so.
	 */
	readonly lookForResult?: (sent: Sent) => Promise<IDataObject | undefined>;
}

/** When the attempts of a request left and ended without a certain answer. */
export interface Sent {
	/** The first attempt left, by this computer's clock, in milliseconds since 1970. */
	readonly firstAt: number;
	/** The last uncertain attempt ended, by `performance.now()`. */
	readonly openSince: number;
}

/** Plivo's answer to a request. */
export interface Answered {
	/** The JSON object; `{}` for a 204 and for a deleted record. */
	readonly body: IDataObject;
	/** An attempt before this answer may have been, or may still be, carried out; as `Sent`. */
	readonly sent?: Sent;
	/** The body is the record that `lookForResult` has found. */
	readonly found?: boolean;
}

/** What one attempt came to. */
type Outcome = { body: IDataObject } | ({ failure: PlivoFailure; oddity?: string } & Attempt);

/** Errors of Node.js's network layer that come before anything has left, and that may pass. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * The server's certificate isn't accepted: nothing has been sent, and trying again won't help
 * (nodejs.org/api/tls.html, X509 certificate error codes). Every other TLS error may have come after
 * the request.
 */
const UNTRUSTED =
	/^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** What was found so short a time before an attempt still holds. */
const RECHECK_MS = 1_000;

const isMaybe = (status: number) => status >= 500 || status === 408;

/**
 * Makes one request: waits for its place under the rate limit, tries, and tries again where that is
 * safe. What was certainly not carried out (429, refused connection, DNS) is repeated whatever it
 * was. What may have been (timeout, broken connection, 5xx, unreadable answer) is repeated when
 * that is harmless; a create is looked for first.
 *
 * @throws PlivoFailure; with `maybeDone` when an attempt may have been carried out
 */
export async function request(channel: Channel, call: Call): Promise<Answered> {
	const fate: Fate = { firstAt: 0, looked: true };
	return await repeated(channel, call, fate).catch((failure: unknown): never => {
		// Also where looking for the result has failed.
		throw failure instanceof PlivoFailure ? withFate(failure, fate.openSince) : failure;
	});
}

/** What is known of a request's attempts. */
interface Fate {
	firstAt: number;
	/** When the last one without a certain answer ended. */
	openSince?: number;
	/** Whether it has been looked for since. */
	looked: boolean;
}

async function repeated(channel: Channel, call: Call, fate: Fate): Promise<Answered> {
	const { limits, signal, account } = channel;
	const write = call.method !== 'GET';
	const startedAt = performance.now();
	let checkedAt = startedAt;
	let firstLeft = 0;
	let waitedMs = 0;
	let accepted = account.limiter.accepted();
	const sent = (): Sent | undefined =>
		fate.openSince === undefined ? undefined : { firstAt: fate.firstAt, openSince: fate.openSince };
	const result = async (): Promise<Answered | undefined> => {
		const open = sent();
		if (fate.looked || !open || !call.lookForResult) return undefined;
		fate.looked = true;
		const found = await call.lookForResult(open);
		return found && { body: found, sent: open, found: true };
	};

	for (let attempts = 1, counted = 0; ; attempts++) {
		const found = await result();
		if (found) return found;
		if (call.recheck && attempts > 1 && performance.now() - checkedAt > RECHECK_MS) {
			await call.recheck();
			checkedAt = performance.now();
		}
		const slot = await account.limiter.acquire(channel.owner, signal, attempts > 1);
		const refusal = write ? channel.beforeWrite?.() : undefined;
		if (refusal) {
			slot.done(true);
			throw refusal;
		}
		fate.firstAt ||= Date.now();
		firstLeft ||= performance.now();
		const outcome = await attempt(channel, call);
		if (!('failure' in outcome)) {
			slot.done(true, true);
			return { body: outcome.body, sent: sent() };
		}
		const failed = outcome;
		const { failure } = failed;
		slot.done(!failed.busy, !(failed.certainty === 'maybe' && failure.kind === 'unreachable'));
		if (failed.certainty === 'maybe' && write) {
			fate.openSince = performance.now();
			fate.looked = false;
		}
		if (signal?.aborted) throw cancelled();
		if (call.method === 'DELETE' && fate.openSince !== undefined && isGone(failure)) {
			return { body: {}, sent: sent() };
		}

		const before = accepted;
		accepted = account.limiter.accepted();
		if (failed.busy) account.limiter.holdBack(failed.retryAfterMs);
		const next = nextAttempt(
			failed,
			{
				attempts,
				counted,
				waitedMs,
				sinceFirstMs: performance.now() - firstLeft,
				maxRetries: limits.maxRetries,
				accountGetsOn: accepted > before,
			},
			Math.random(),
		);
		counted = next.counted;
		if (!next.repeat) {
			// Perhaps it is the first attempt's own record that is in the way.
			if (isTaken(failure)) fate.looked = false;
			const late = await result();
			if (late) return late;
			// A create has been looked for as long as it could still appear.
			if (call.lookForResult) fate.openSince = undefined;
			throw withFate(
				told(failure, attempts, performance.now() - startedAt, failed.oddity),
				fate.openSince,
			);
		}
		channel.log(
			`${call.method} ${call.path}: attempt ${attempts} failed (${failure.message}); next in ${Math.round(next.waitMs)} ms`,
		);
		await pause(next.waitMs, signal);
		waitedMs += next.waitMs;
	}
}

async function attempt(channel: Channel, call: Call): Promise<Outcome> {
	const { timeoutMs } = channel.limits;
	const secrets = [
		...channel.secrets,
		...(typeof call.body?.password === 'string' ? [call.body.password] : []),
	];
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
		return brokenOff(error, timeoutMs, secrets);
	}
	return judge(channel, call, answer, secrets);
}

function judge(
	{ account }: Channel,
	call: Call,
	answer: Answer,
	secrets: readonly string[],
): Outcome {
	const { status } = answer;
	const clock = Date.parse(answer.headers.date ?? '');
	if (!Number.isNaN(clock)) account.clockOffset = clock - Date.now();
	if (status >= 200 && status < 300) {
		const problem = answer.readable ? call.flaw?.(answer.body) : answer.problem;
		if (answer.readable && problem === undefined) return { body: answer.body };
		return {
			failure: unreadableFailure(answer, problem ?? ''),
			certainty: 'maybe',
			passing: true,
			busy: false,
			retryAfterMs: 0,
		};
	}
	const busy = status === 429;
	const maybe = isMaybe(status);
	const asked = retryAfter(answer.headers['retry-after'], Date.now() + (account.clockOffset ?? 0));
	return {
		failure: statusFailure(answer, call, maybe, secrets),
		certainty: maybe ? 'maybe' : 'notDone',
		passing: busy || maybe,
		busy,
		retryAfterMs: asked?.waitMs ?? 0,
		oddity: asked?.oddity,
	};
}

function brokenOff(error: unknown, timeoutMs: number, secrets: readonly string[]): Outcome {
	const tooLarge = error instanceof AnswerStopped && error.reason === 'too large';
	const code =
		error instanceof AnswerStopped ? (tooLarge ? 'TOO_LARGE' : 'ETIMEDOUT') : codeOf(error);
	// Without a code, n8n or the credential has refused it before anything was sent.
	const untrusted = code === undefined || UNTRUSTED.test(code);
	const notSent = untrusted || NOT_SENT.has(code ?? '');
	return {
		failure: networkFailure(error, code, !notSent, timeoutMs, secrets),
		certainty: notSent ? 'notDone' : 'maybe',
		passing: !untrusted && !tooLarge,
		busy: false,
		retryAfterMs: 0,
	};
}

/** The network layer's error code: n8n's helper wraps its error, differently in 1.x and 2.x. */
function codeOf(error: unknown, depth = 0): string | undefined {
	if (!isObject(error) || depth > 4) return undefined;
	const { code, httpCode, cause, errorResponse } = error;
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

/** The same failure, with whether any attempt may have been carried out. */
function withFate(failure: PlivoFailure, openSince: number | undefined): PlivoFailure {
	const details =
		openSince === undefined
			? { ...failure.details, maybeDone: false }
			: { ...failure.details, maybeDone: true, openSince };
	return new PlivoFailure(failure.kind, failure.message, failure.description, details);
}
