import { randomUUID } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { type ApiAnswer, type ApiRequest, HTML_NOT_FOUND } from './api.mts';
import { controlOf } from './control.mts';
import { asText, type Outcome } from './failures.mts';
import type { Query } from './lists.mts';
import { createPlatforms, type Platforms } from './platforms/platforms.mts';
import { createPlivo, type Plivo } from './plivo.mts';
import { createRateLimit, type RateLimitSetting, windowOf } from './rateLimit.mts';
import type { KindName, PlivoRecord } from './records.mts';
import { type Handler, serve } from './server.mts';
import type { Variants } from './variants.mts';

export type { Fault, FaultRule } from './faults.mts';
export type { KindName, PlivoRecord, State } from './records.mts';
export type { Variants } from './variants.mts';

/** One request that came in. */
export interface LoggedRequest extends ApiRequest {
	/** Milliseconds since 1970. */
	at: number;
	method: string;
	/** What follows `/v1/Account/<auth id>`; the whole path if it starts otherwise. */
	path: string;
	query: Query;
	/** Parsed, as it was sent; text that is no JSON as it is. */
	body: unknown;
	/** 0: nothing was answered. */
	status: number;
	authorization?: string;
	/** The kind of fault that met it. */
	fault?: string;
}

export interface SimulatorOptions {
	/** Default 0: a free one. */
	port?: number;
	authId?: string;
	authToken?: string;
	/** Milliseconds before each request is worked on. */
	latencyMs?: number;
	/** Default, or `true`: Plivo's 300 requests in 5 s. `false`: none. */
	rateLimit?: RateLimitSetting;
	/** The account's clock, milliseconds since 1970. The rate limit runs on real time. */
	now?: () => number;
	/** What Plivo may do; may be changed while it runs. */
	variants?: Partial<Variants>;
	/** Print each request. */
	log?: boolean;
}

type AddRecord = (record?: PlivoRecord) => PlivoRecord;

/** An account in memory, and the server that answers for it. */
export interface Simulator
	extends Pick<
		Plivo,
		| 'authId'
		| 'state'
		| 'variants'
		| 'account'
		| 'faults'
		| 'refuseWrites'
		| 'refusedWrites'
		| 'unfinished'
		| 'seed'
	> {
	/** For the credential's Base URL. */
	readonly url: string;
	readonly authToken: string;
	readonly requests: LoggedRequest[];
	/** The voice platforms' APIs, at {@link platformsUrl} and the platform's name. */
	readonly platforms: Platforms & { readonly requests: LoggedRequest[] };
	readonly platformsUrl: string;
	/** May be changed while it runs. */
	readonly options: Plivo['options'] & { latencyMs: number; rateLimit: RateLimitSetting };
	/** Adds a record, whole with defaults, and returns it. */
	add(kind: KindName, record?: PlivoRecord): PlivoRecord;
	readonly addTrunk: AddRecord;
	readonly addUri: AddRecord;
	readonly addCredential: AddRecord;
	readonly addIpAcl: AddRecord;
	readonly addNumber: AddRecord;
	readonly addCall: AddRecord;
	readonly addApplication: AddRecord;
	readonly addComplianceApplication: AddRecord;
	/**
	 * Calls `hook` before each request is worked on; with what it changes in the account the request is answered.
	 *
	 * @returns takes the hook away
	 */
	onRequest(hook: (request: LoggedRequest) => void): () => void;
	clearRequests(): void;
	/**
	 * Empties the account, the platforms, the logs, the faults, the hooks and the rate limit; options and variants are as at
	 * the start.
	 */
	reset(): void;
	close(): Promise<void>;
}

/** The log keeps so many requests at most. */
const LOGGED_REQUESTS = 100_000;

/**
 * Starts a local Plivo SIP Trunking API on 127.0.0.1, with one account in memory.
 *
 * @throws an error with code `EADDRINUSE` when the port is taken
 */
export async function startSimulator(given: SimulatorOptions = {}): Promise<Simulator> {
	const plivo = createPlivo(given);
	const { authId, variants } = plivo;
	const authToken = given.authToken ?? 'simulator-token';
	const authorization = authToken.startsWith('stk_')
		? `Bearer ${authToken}`
		: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
	const requests: LoggedRequest[] = [];
	const platforms = { ...createPlatforms(given.now), requests: [] as LoggedRequest[] };
	const limit = createRateLimit();
	const serverOptions = () => ({
		latencyMs: given.latencyMs ?? 0,
		rateLimit: given.rateLimit ?? true,
	});
	const options = Object.assign(plivo.options, serverOptions());

	const receiveAccount: Handler = async (request, reply) => {
		const { authId: asked } = request.params as { authId: string };
		const entry = logged(request, `/v1/Account/${asked}`);
		setDate(reply);
		const refusal = admit(asked, request.headers.authorization);
		const fault = refusal ? undefined : plivo.faults.pick(entry.method, entry.path);
		if (fault) entry.fault = fault.kind;
		if (options.latencyMs > 0) await wait(options.latencyMs);
		if (refusal) return answer(reply, refusal, entry);
		return await deliver(reply, plivo.receive(entry, fault ?? null), entry);
	};

	const receivePlatforms: Handler = async (request, reply) => {
		const { platform } = request.params as { platform: string };
		const entry = logged(request, '/platforms', platforms.requests);
		const { method, query, body } = entry;
		const path = entry.path.slice(platform.length + 1);
		const call = { method, path, query, body, headers: request.headers };
		const outcome = platforms.receive(platform, call);
		if (!outcome) return answer(reply, HTML_NOT_FOUND, entry);
		return await deliver(reply, outcome, entry);
	};

	const unknown: Handler = (request, reply) => answer(reply, HTML_NOT_FOUND, logged(request, ''));

	function logged(request: FastifyRequest, prefix: string, log = requests): LoggedRequest {
		const [path = ''] = request.url.split('?');
		const entry: LoggedRequest = {
			at: Date.now(),
			method: request.method,
			path: path.slice(prefix.length),
			query: Object.fromEntries(
				Object.entries(request.query as Query).map(([name, value]) => [name, String(value)]),
			),
			body: parsedJson(request.body),
			status: 0,
			authorization: request.headers.authorization,
		};
		log.push(entry);
		if (log.length > LOGGED_REQUESTS) log.splice(0, LOGGED_REQUESTS / 2);
		return entry;
	}

	/** Why a request isn't even looked at, if so. */
	function admit(asked: string, credentials: string | undefined): ApiAnswer | undefined {
		if (asked !== authId || credentials !== authorization) {
			// Not JSON (live).
			return { status: 401, body: 'Could not verify your access level for that URL.' };
		}
		const window = windowOf(options.rateLimit);
		if (!window || limit.accepts(performance.now(), window)) return undefined;
		// Where a date is sent, Plivo's own window sends one as well.
		const ownWait = variants.retryafter === 'date' ? window.windowMs / 1000 : undefined;
		const headers = plivo.retryAfter(window.retryAfter ?? ownWait);
		return { status: 429, body: { api_id: randomUUID(), error: 'too many requests' }, headers };
	}

	/** The clock of an answer is the account's, as that of `created_at` is. */
	function setDate(reply: FastifyReply) {
		if (variants.date === 'missing') reply.raw.sendDate = false;
		else void reply.header('Date', new Date(options.now()).toUTCString());
	}

	async function deliver(reply: FastifyReply, outcome: Outcome, entry: LoggedRequest) {
		switch (outcome.kind) {
			case 'answer':
				return answer(reply, outcome.answer, entry);
			case 'delayed':
				await wait(outcome.ms);
				return answer(reply, outcome.answer(), entry);
			case 'reset':
				reply.hijack();
				reply.raw.socket?.resetAndDestroy();
				break;
			case 'hang':
				reply.hijack();
				break;
			case 'truncated': {
				const { text, status } = asText(outcome.answer);
				reply.hijack();
				reply.raw.writeHead(status, {
					'Content-Type': 'application/json',
					'Content-Length': Buffer.byteLength(text),
				});
				const half = text.slice(0, Math.floor(text.length / 2));
				reply.raw.write(half, () => reply.raw.socket?.destroy());
			}
		}
		return print(entry, reply);
	}

	function answer(
		reply: FastifyReply,
		{ status, body, headers = {} }: ApiAnswer,
		entry: LoggedRequest,
	) {
		entry.status = status;
		print(entry, reply);
		const isText = typeof body === 'string';
		void reply
			.code(status)
			.headers(headers)
			.header('X-Request-ID', isText || !body?.api_id ? randomUUID() : body.api_id);
		if (body === undefined) return reply.send();
		if (isText && !/^[[{]/.test(body)) {
			return reply.type(body.startsWith('<') ? 'text/html' : 'text/plain').send(body);
		}
		return reply.type('application/json').send(isText ? body : JSON.stringify(body));
	}

	function print(entry: LoggedRequest, reply: FastifyReply) {
		if (given.log) {
			const { at, method, path, status, fault } = entry;
			const took = `${Math.round(reply.elapsedTime)} ms`;
			const outcome = `${status || 'no answer'}${fault ? ` (fault: ${fault})` : ''}`;
			console.log(`${new Date(at).toISOString()} ${method} ${path} ${outcome}, ${took}`);
		}
		return reply;
	}

	const adds = (kind: KindName) => (record?: PlivoRecord) => plivo.add(kind, record);
	const simulator: Simulator = {
		url: '',
		authId,
		authToken,
		requests,
		platforms,
		platformsUrl: '',
		options,
		variants,
		state: plivo.state,
		account: plivo.account,
		faults: plivo.faults,
		refusedWrites: plivo.refusedWrites,
		get refuseWrites() {
			return plivo.refuseWrites;
		},
		set refuseWrites(refuse) {
			plivo.refuseWrites = refuse;
		},
		get unfinished() {
			return plivo.unfinished;
		},
		seed: (counts) => plivo.seed(counts),
		add: (kind, record) => plivo.add(kind, record),
		addTrunk: adds('trunks'),
		addUri: adds('uris'),
		addCredential: adds('credentials'),
		addIpAcl: adds('ipacls'),
		addNumber: adds('numbers'),
		addCall: adds('calls'),
		addApplication: adds('applications'),
		addComplianceApplication: adds('compliance'),
		onRequest: (hook) => plivo.onRequest((request) => hook(request as LoggedRequest)),
		clearRequests() {
			requests.length = 0;
			platforms.requests.length = 0;
		},
		reset() {
			plivo.reset();
			platforms.reset();
			simulator.clearRequests();
			limit.reset();
			Object.assign(options, serverOptions());
		},
		async close() {
			plivo.close();
			await server.close();
		},
	};
	const site = {
		account: receiveAccount,
		platforms: receivePlatforms,
		unknown,
		...controlOf(simulator),
	};
	const server = await serve(site, given.port ?? 0);
	const urls = { url: `${server.url}/v1`, platformsUrl: `${server.url}/platforms` };
	return Object.assign(simulator, urls);
}

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

function parsedJson(body: unknown): unknown {
	if (typeof body !== 'string' || body === '') return undefined;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
