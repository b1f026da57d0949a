import type { IDataObject } from 'n8n-workflow';

import { isObject, objectOf } from '../input/json';

/** No page of 20 records comes near this; something else is answering then. */
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

/** Plivo's answer to one attempt, or why there is none. */
export type Answer =
	| { status: number; body: IDataObject; apiId?: string; headers: Headers; readable: true }
	| {
			status: number;
			text: string;
			apiId?: string;
			headers: Headers;
			readable: false;
			problem: string;
	  };

export type Headers = Record<string, string | undefined>;

/** The part of a Node.js stream that is needed here; published nodes may not import `stream`. */
interface ByteStream extends AsyncIterable<Uint8Array> {
	destroy(error?: Error): void;
}

interface FullResponse {
	statusCode: number;
	headers: Headers;
	body: ByteStream;
}

/** An answer that went on for longer than the timeout, or over the size limit. */
export class AnswerStopped extends Error {
	constructor(readonly reason: 'too slow' | 'too large') {
		super(`The answer was ${reason}`);
	}
}

/**
 * Reads an answer, never more than 5 MB of it.
 *
 * Success has a JSON object or nothing (204) for a body. Errors come in several shapes, also as plain
 * text or HTML (live; plivo-cli changelog 1.1.0), so they are kept as they are.
 *
 * @param response n8n's full response with the body as a stream
 * @param timeLeft milliseconds until the attempt's timeout
 * @throws AnswerStopped; the connection's error when it breaks
 */
export async function readAnswer(response: unknown, timeLeft: number): Promise<Answer> {
	// Asked for with `returnFullResponse` and `encoding: 'stream'`.
	const { statusCode: status, headers, body: stream } = response as FullResponse;
	const text = await readText(stream, timeLeft);
	const requestId = headers['x-request-id'];
	if (text === '') {
		if (status === 204) return { status, body: {}, apiId: requestId, headers, readable: true };
		return { status, text, apiId: requestId, headers, readable: false, problem: 'was empty' };
	}
	try {
		const body: unknown = JSON.parse(text);
		if (isObject(body)) {
			const { api_id: apiId } = body;
			return {
				status,
				body,
				apiId: typeof apiId === 'string' ? apiId : requestId,
				headers,
				readable: true,
			};
		}
	} catch {
		// Reported below, with everything else that isn't a JSON object.
	}
	const problem = text.trimStart().startsWith('<')
		? 'was a web page'
		: 'was not the JSON it should be';
	return { status, text, apiId: requestId, headers, readable: false, problem };
}

async function readText(stream: ByteStream, timeLeft: number): Promise<string> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(timeLeft)));
	const tooSlow = () => stream.destroy(new AnswerStopped('too slow'));
	deadline.addEventListener('abort', tooSlow, { once: true });
	try {
		for await (const chunk of stream) {
			size += chunk.length;
			if (size > MAX_ANSWER_BYTES) throw new AnswerStopped('too large');
			chunks.push(chunk);
		}
	} finally {
		deadline.removeEventListener('abort', tooSlow);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** What Plivo itself says about an error: `error`, `message` or `data.error`, or a short plain text. */
export function plivosWords(answer: Answer): string {
	let words: unknown;
	if (answer.readable) {
		const { error, message, data } = answer.body;
		words = error ?? message ?? objectOf(data).error;
		if (typeof words === 'object' && words !== null) words = JSON.stringify(words);
	} else if (answer.problem !== 'was a web page') {
		words = answer.text;
	}
	return typeof words === 'string' ? words.trim() : '';
}
