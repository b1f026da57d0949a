import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import { isObject } from '../input/json';
import { AnswerStopped, type Answer, readAnswer } from './answer';
import type { Channel } from './channel';
import type { PlivoFailure } from '../failure';
import { networkFailure, statusFailure, unreadableFailure } from './messages';
import { type Attempt, retryAfter } from './retry';

/** One request of Plivo's API. */
export interface Request {
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
}

/** The result of one attempt. */
export type Outcome =
	| { readonly body: IDataObject; readonly failure?: undefined }
	| ({ readonly failure: PlivoFailure; readonly oddity?: string } & Attempt);

/** Errors of Node.js's network layer that come before anything has left, and that may pass. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * The server's certificate isn't accepted: nothing has been sent, and trying again won't help
 * (nodejs.org/api/tls.html, X509 certificate error codes). Every other TLS error may have come after
 * the request.
 */
const UNTRUSTED =
	/^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

const isMaybe = (status: number) => status >= 500 || status === 408;

/** Sends a request once and judges what comes back. The place under the rate limit is the caller's. */
export async function attempt(channel: Channel, call: Request): Promise<Outcome> {
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
	call: Request,
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
		failure: statusFailure(answer, call, secrets),
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
		failure: networkFailure(error, code, timeoutMs, secrets),
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
