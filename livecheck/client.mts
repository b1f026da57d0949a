import axios, { type AxiosInstance } from 'axios';

import { CannotRun, Stopped } from './errors.mts';

export interface ClientOptions {
	authId: string;
	authToken: string;
	baseUrl: string;
	requestsPerSecond: number;
	/** How often a request is tried at most. */
	attempts: number;
	/** Before the second try; twice as long before each further one. */
	backoffMs: number;
	timeoutMs: number;
	/** Ends the check. */
	stop?: AbortSignal;
}

/** What came of a request. Status 0: no answer, or half of one; whether it was carried out is not known. */
export interface Answer {
	status: number;
	/** Parsed; undefined when it is no JSON. */
	body: unknown;
	form: 'JSON' | 'HTML' | 'plain text' | 'empty' | 'cut off';
}

export interface Client {
	get(path: string, query?: Record<string, string>): Promise<Answer>;
	/** Sent once, unless the answer is a 429: after another failure whoever asked has to look what became of it. */
	post(path: string, body: unknown): Promise<Answer>;
	delete(path: string): Promise<Answer>;
	/** @throws Stopped when the check is stopped meanwhile */
	pause(milliseconds: number): Promise<void>;
	/** From now on nothing stops it any more: what is left is to put things back. */
	finishUndisturbed(): void;
	/** What answers had besides their bodies. */
	readonly headers: {
		date: Set<'there' | 'missing'>;
		requestId: Set<'there' | 'missing'>;
		retryAfter: Set<'seconds' | 'none' | 'date' | 'other'>;
	};
}

/** More than this no answer of the API has. */
const LARGEST_ANSWER = 5 * 1024 * 1024;

/** Longer is waited for nothing that `Retry-After` says. */
const LONGEST_PAUSE_MS = 60_000;

const ATTEMPTS_TO_REACH = 2;

const NO_CONNECTION: Record<string, string> = {
	ENOTFOUND:
		'the name of the server is not known: is there a network, and is PLIVO_BASE_URL right?',
	EAI_AGAIN: 'the name of the server can not be looked up: is there a network?',
	ECONNREFUSED: 'the server refuses the connection: is PLIVO_BASE_URL right?',
	ECONNRESET: 'the connection breaks: try again later, or from another network',
	ECONNABORTED: 'no answer in time: try again later, or from another network',
	ETIMEDOUT: 'no answer in time: a firewall may be in the way of https',
	ERR_BAD_RESPONSE: 'the answers break off: try again later, or from another network',
};

export function createClient(options: ClientOptions): Client {
	const http = httpOf(options);
	const { attempts, backoffMs, requestsPerSecond } = options;
	let { stop } = options;
	let nextAt = 0;
	let reached = false;
	const headers: Client['headers'] = {
		date: new Set(),
		requestId: new Set(),
		retryAfter: new Set(),
	};

	async function pause(milliseconds: number): Promise<void> {
		if (stop?.aborted) throw new Stopped();
		await new Promise<void>((resolve) => {
			const done = () => {
				clearTimeout(timer);
				stop?.removeEventListener('abort', done);
				resolve();
			};
			const timer = setTimeout(done, milliseconds);
			stop?.addEventListener('abort', done);
		});
		if (stop?.aborted) throw new Stopped();
	}

	/** One try. A request that is under way is waited for, also when the check is stopped: its outcome matters. */
	async function once(method: string, path: string, rest: object) {
		const wait = Math.max(0, nextAt - performance.now());
		// Before the pause: also requests side by side keep the rate.
		nextAt = performance.now() + wait + 1000 / requestsPerSecond;
		if (stop?.aborted) throw new Stopped();
		if (wait > 0) await pause(wait);
		try {
			const {
				status,
				data,
				headers: got,
			} = await http.request<string>({
				method,
				url: path,
				...rest,
			});
			return { status, text: String(data ?? ''), headers: got as Record<string, unknown> };
		} catch (error) {
			const code = (error as { code?: string }).code ?? '';
			const nothing: Record<string, unknown> = {};
			return { status: 0, text: '', headers: nothing, code };
		}
	}

	function noteHeaders(status: number, got: Record<string, unknown>, text: string) {
		const isThere = (value: unknown) => (value === undefined ? 'missing' : 'there');
		if (status === 429) headers.retryAfter.add(formOfRetryAfter(got['retry-after']));
		// Other answers may come from a gateway.
		if (status < 200 || status > 299) return;
		headers.date.add(isThere(got.date));
		const inBody = text.includes('"api_id"') ? true : undefined;
		headers.requestId.add(isThere(inBody ?? got['x-request-id']));
	}

	async function send(method: string, path: string, rest: object = {}): Promise<Answer> {
		for (let attempt = 1; ; attempt++) {
			const { status, text, headers: got, code } = await once(method, path, rest);
			noteHeaders(status, got, text);
			reached ||= status !== 0;
			const answer = { status, ...parsed(text) };
			const broken = isBroken(answer);
			const failed = status === 0 || status >= 500 || broken;
			const again = status === 429 || (failed && method !== 'POST');
			if (!again) return broken ? { ...answer, status: 0 } : answer;
			// A server that was never reached isn't there: no reason to wait long for it.
			if (attempt >= (reached ? attempts : ATTEMPTS_TO_REACH)) {
				if (status === 0 && method === 'GET') throw noConnection(code);
				// What reading answers again and again isn't half of an answer.
				return broken && method !== 'GET' ? { ...answer, status: 0 } : answer;
			}
			const told = status === 429 ? secondsFrom(got['retry-after']) * 1000 : 0;
			await pause(Math.min(LONGEST_PAUSE_MS, Math.max(told, backoffMs * 2 ** (attempt - 1))));
		}
	}

	return {
		headers,
		pause,
		get: async (path, query) => await send('GET', path, { params: query }),
		post: async (path, body) => await send('POST', path, { data: JSON.stringify(body) }),
		delete: async (path) => await send('DELETE', path),
		finishUndisturbed() {
			stop = undefined;
		},
	};
}

function httpOf({ authId, authToken, baseUrl, timeoutMs }: ClientOptions): AxiosInstance {
	const basic = Buffer.from(`${authId}:${authToken}`).toString('base64');
	return axios.create({
		baseURL: `${baseUrl}/Account/${authId}/`,
		headers: {
			// A scoped token: the changelog of plivo/plivo-cli, 1.1.0 to 1.1.3.
			Authorization: authToken.startsWith('stk_') ? `Bearer ${authToken}` : `Basic ${basic}`,
			'Content-Type': 'application/json',
		},
		timeout: timeoutMs,
		maxContentLength: LARGEST_ANSWER,
		// Another server must not see the token.
		maxRedirects: 0,
		validateStatus: () => true,
		responseType: 'text',
		transformResponse: (text: unknown) => text,
		// A proxy of the environment is for the internet, not for this machine.
		...(new URL(baseUrl).protocol === 'http:' && { proxy: false }),
	});
}

/** Where a body is missing or is half of one, the rest may have been lost on the way. */
const isBroken = ({ status, form }: Answer) =>
	form === 'cut off' || (status >= 200 && status < 300 && status !== 204 && form !== 'JSON');

function noConnection(code = ''): CannotRun {
	const isCertificate = /CERT|SELF_SIGNED|TLS|SSL/.test(code);
	const why = isCertificate
		? 'the certificate of the server is not accepted: a proxy may be in between; NODE_EXTRA_CA_CERTS names its certificate'
		: (NO_CONNECTION[code] ?? 'is there a network?');
	return new CannotRun(`Plivo can not be reached: ${why}`);
}

function parsed(text: string): Pick<Answer, 'body' | 'form'> {
	if (text.trim() === '') return { body: undefined, form: 'empty' };
	try {
		const body: unknown = JSON.parse(text);
		if (typeof body === 'object' && body !== null) return { body, form: 'JSON' };
	} catch {
		// Not JSON: said by the form.
	}
	const start = text.trimStart();
	if (/^[[{]/.test(start)) return { body: undefined, form: 'cut off' };
	return { body: undefined, form: start.startsWith('<') ? 'HTML' : 'plain text' };
}

function formOfRetryAfter(value: unknown) {
	if (value === undefined) return 'none';
	if (/^\d+$/.test(String(value))) return 'seconds';
	return Number.isNaN(Date.parse(String(value))) ? 'other' : 'date';
}

function secondsFrom(value: unknown): number {
	if (value === undefined) return 0;
	if (/^\d+$/.test(String(value))) return Number(value);
	const at = Date.parse(String(value));
	return Number.isNaN(at) ? 0 : Math.max(0, (at - Date.now()) / 1000);
}
