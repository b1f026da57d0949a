import type { ApiAnswer } from './api.mts';
import type { Fault } from './faults.mts';
import type { PlivoRecord } from './records.mts';

/** What a client gets. A transport makes it come true, a simulation without one acts on it. */
export type Outcome =
	| { kind: 'answer'; answer: ApiAnswer }
	/** The connection breaks, or nothing is answered for as long as the client waits. */
	| { kind: 'reset' | 'hang' }
	/** Half of the answer comes, then the connection breaks. */
	| { kind: 'truncated'; answer: ApiAnswer }
	/** The request is worked on and answered so many milliseconds later. */
	| { kind: 'delayed'; ms: number; answer: () => ApiAnswer };

/** What a fault can do with a request. */
export interface FaultyRequest {
	/** Does what the request asks. */
	work(): ApiAnswer;
	/** Has it done later, after so many milliseconds. */
	workLater(ms: number | undefined): void;
	/** Takes the number of its path out of the stock. */
	loseNumber(): void;
	retryAfter(value: number | string | undefined): Record<string, string>;
}

/** More than the 5 MB that a client should take. */
const HUGE_BYTES = 6 * 1024 * 1024;

const page = (title: string) => `<html><body><h1>${title}</h1></body></html>`;

const answered = (
	status: number,
	body: PlivoRecord | string,
	headers?: Record<string, string>,
): Outcome => ({ kind: 'answer', answer: { status, body, headers } });

const GATEWAY_TIMEOUT = answered(504, page('Gateway Time-out'));

/** Lets a request fail. */
export function failWith(fault: Fault, request: FaultyRequest): Outcome {
	if (isDone(fault)) request.work();
	switch (fault.kind) {
		case 'status': {
			const { status, html, retryAfter } = fault;
			const headers = { ...fault.headers, ...request.retryAfter(retryAfter) };
			if (html) return answered(status, page(`Error ${status}`), headers);
			const body = fault.body ?? { api_id: 'simulated-fault', error: `simulated ${status}` };
			return answered(status, body as PlivoRecord | string, headers);
		}
		case 'html':
			return answered(502, page('Bad Gateway'));
		case 'redirect':
			return answered(302, '', { Location: fault.location });
		case 'reset':
		case 'resetAfter':
			return { kind: 'reset' };
		case 'hang':
		case 'hangAfter':
			return { kind: 'hang' };
		case 'slow': {
			request.workLater(fault.ms);
			const { as = 'gateway' } = fault;
			return as === 'gateway' ? GATEWAY_TIMEOUT : { kind: as };
		}
		case 'vanish':
			request.loseNumber();
			return { kind: 'answer', answer: request.work() };
		case 'delay':
			return { kind: 'delayed', ms: fault.ms, answer: () => request.work() };
		case 'empty':
			request.work();
			return answered(200, '');
		case 'huge':
			request.work();
			return answered(200, { filler: 'x'.repeat(HUGE_BYTES) });
		case 'badJson': {
			const { text, status } = asText(request.work());
			// The JSON of an object ends with its bracket: half of it is never whole.
			return answered(status, text.slice(0, Math.ceil(text.length / 2)));
		}
		case 'truncate':
			return { kind: 'truncated', answer: request.work() };
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

/** An answer as text. A deletion has no body to cut: an object takes its place. */
export function asText({ status, body = { message: 'deleted' } }: ApiAnswer) {
	return { status: status === 204 ? 200 : status, text: JSON.stringify(body) };
}
