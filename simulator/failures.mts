import type { FastifyReply } from 'fastify';

import type { ApiAnswer } from './api.mts';
import type { Fault } from './faults.mts';
import type { PlivoRecord } from './records.mts';

/** More than the 5 MB that a client should take. */
const HUGE_BYTES = 6 * 1024 * 1024;

const page = (title: string) => `<html><body><h1>${title}</h1></body></html>`;

/**
 * Lets a request fail.
 *
 * @param work does what the request asks
 * @param reply taken over where the connection breaks or nothing is answered
 * @returns what goes out, or undefined where nothing is left to send
 */
export async function failWith(
	fault: Fault,
	work: () => ApiAnswer,
	reply: FastifyReply,
): Promise<ApiAnswer | undefined> {
	if (isDone(fault)) work();
	switch (fault.kind) {
		case 'status': {
			const { status, html, headers, retryAfter } = fault;
			void reply.headers(headers ?? {});
			if (retryAfter !== undefined) void reply.header('Retry-After', String(retryAfter));
			if (html) return { status, body: page(`Error ${status}`) };
			const body = fault.body ?? { api_id: 'simulated-fault', error: `simulated ${status}` };
			return { status, body: body as PlivoRecord | string };
		}
		case 'html':
			return { status: 502, body: page('Bad Gateway') };
		case 'redirect':
			void reply.header('Location', fault.location);
			return { status: 302, body: '' };
		case 'reset':
		case 'resetAfter':
			reply.hijack();
			reply.raw.socket?.resetAndDestroy();
			return undefined;
		case 'hang':
		case 'hangAfter':
			reply.hijack();
			return undefined;
		case 'delay':
			await wait(fault.ms);
			return work();
		case 'empty':
			work();
			return { status: 200, body: '' };
		case 'huge':
			work();
			return { status: 200, body: { filler: 'x'.repeat(HUGE_BYTES) } };
		case 'badJson': {
			const { text, status } = asText(work());
			// The JSON of an object ends with its bracket: half of it is never whole.
			return { status, body: text.slice(0, Math.ceil(text.length / 2)) };
		}
		case 'truncate': {
			const { text, status } = asText(work());
			reply.hijack();
			reply.raw.writeHead(status, {
				'Content-Type': 'application/json',
				'Content-Length': Buffer.byteLength(text),
			});
			const half = text.slice(0, Math.floor(text.length / 2));
			reply.raw.write(half, () => reply.raw.socket?.destroy());
			return undefined;
		}
	}
}

/** Whether the work is done, whatever is answered. */
function isDone(fault: Fault): boolean {
	return (
		('done' in fault && fault.done === true) ||
		fault.kind === 'resetAfter' ||
		fault.kind === 'hangAfter'
	);
}

/** A deletion has no body to cut: an object stands for it. */
function asText({ status, body = { message: 'deleted' } }: ApiAnswer) {
	return { status: status === 204 ? 200 : status, text: JSON.stringify(body) };
}

export const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
