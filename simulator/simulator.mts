import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

import { type ApiAnswer, handle, HTML_NOT_FOUND } from './api.mts';
import { addControl } from './control.mts';
import { failWith, wait } from './failures.mts';
import { createFaults, type Faults } from './faults.mts';
import type { Query } from './lists.mts';
import { createRateLimit, type RateLimitSetting, windowOf } from './rateLimit.mts';
import {
	emptyState,
	ID_FIELDS,
	type KindName,
	type PlivoRecord,
	type State,
	withDefaults,
} from './records.mts';
import { seed, type SeedCounts } from './seed.mts';

export type { Fault, FaultRule } from './faults.mts';
export type { KindName, PlivoRecord, State } from './records.mts';

/** One request that came in. */
export interface LoggedRequest {
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
	/** Print each request. */
	log?: boolean;
}

type AddRecord = (record?: PlivoRecord) => PlivoRecord;

export interface Simulator {
	/** For the credential's Base URL. */
	readonly url: string;
	readonly authId: string;
	readonly authToken: string;
	readonly state: State;
	readonly requests: LoggedRequest[];
	readonly faults: Faults;
	/** May be changed while it runs. */
	readonly options: {
		latencyMs: number;
		rateLimit: RateLimitSetting;
		now: () => number;
		/** Plivo may ignore the filters of a list (live). */
		ignoreListFilters: boolean;
	};
	/** Adds so many records of each kind, as an account in use has them. */
	seed(counts: SeedCounts): void;
	/** Adds a record, whole with defaults, and answers it. */
	add(kind: KindName, record?: PlivoRecord): PlivoRecord;
	readonly addTrunk: AddRecord;
	readonly addUri: AddRecord;
	readonly addCredential: AddRecord;
	readonly addIpAcl: AddRecord;
	readonly addNumber: AddRecord;
	readonly addCall: AddRecord;
	readonly addApplication: AddRecord;
	clearRequests(): void;
	/** Empties the account, the log, the faults and the rate limit; the options are those of the start again. */
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
	const authId = given.authId ?? 'MASIMULATOR000000000';
	const authToken = given.authToken ?? 'simulator-token';
	const authorization = authToken.startsWith('stk_')
		? `Bearer ${authToken}`
		: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
	const state = emptyState();
	const requests: LoggedRequest[] = [];
	const faults = createFaults();
	const limit = createRateLimit();
	const initialOptions = (): Simulator['options'] => ({
		latencyMs: given.latencyMs ?? 0,
		rateLimit: given.rateLimit ?? true,
		now: given.now ?? Date.now,
		ignoreListFilters: false,
	});
	const options = initialOptions();
	const server = fastify({ forceCloseConnections: true });
	// Bodies are parsed here: what isn't JSON is Plivo's to refuse, not the framework's.
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, parsed) =>
		parsed(null, text),
	);

	server.all('/v1/Account/:authId/*', async (request, reply) => {
		const { authId: asked } = request.params as { authId: string };
		const entry = logged(request, `/v1/Account/${asked}`);
		const refusal = admit(asked, request.headers.authorization, reply);
		const fault = refusal ? undefined : faults.pick(entry.method, entry.path);
		if (fault) entry.fault = fault.kind;
		if (options.latencyMs > 0) await wait(options.latencyMs);
		const account = () => ({
			state,
			authId,
			now: options.now(),
			ignoreListFilters: options.ignoreListFilters,
		});
		const work = () => handle(account(), entry);
		if (!fault) return answer(reply, refusal ?? work(), entry);
		const failed = await failWith(fault, work, reply);
		return failed ? answer(reply, failed, entry) : print(entry, reply);
	});
	server.setNotFoundHandler((request, reply) => answer(reply, HTML_NOT_FOUND, logged(request, '')));

	function logged(request: FastifyRequest, prefix: string): LoggedRequest {
		const [path] = request.url.split('?');
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
		requests.push(entry);
		if (requests.length > LOGGED_REQUESTS) requests.splice(0, LOGGED_REQUESTS / 2);
		return entry;
	}

	/** Why a request isn't even looked at, if so. */
	function admit(
		asked: string,
		credentials: string | undefined,
		reply: FastifyReply,
	): ApiAnswer | undefined {
		if (asked !== authId || credentials !== authorization) {
			// Not JSON (live).
			return { status: 401, body: 'Could not verify your access level for that URL.' };
		}
		const window = windowOf(options.rateLimit);
		if (!window || limit.accepts(performance.now(), window)) return undefined;
		if (window.retryAfter !== undefined) {
			void reply.header('Retry-After', String(window.retryAfter));
		}
		return { status: 429, body: { api_id: randomUUID(), error: 'too many requests' } };
	}

	function answer(reply: FastifyReply, { status, body }: ApiAnswer, entry: LoggedRequest) {
		entry.status = status;
		print(entry, reply);
		const isText = typeof body === 'string';
		void reply
			.code(status)
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

	function add(kind: KindName, record: PlivoRecord = {}): PlivoRecord {
		const serial = state[kind].size + 1;
		const whole = withDefaults(kind, record, { now: options.now(), serial });
		state[kind].set(String(whole[ID_FIELDS[kind]]), whole);
		return whole;
	}

	const simulator: Simulator = {
		url: '',
		authId,
		authToken,
		state,
		requests,
		faults,
		options,
		seed: (counts) => seed({ state, authId, now: options.now(), add }, counts),
		add,
		addTrunk: (record) => add('trunks', record),
		addUri: (record) => add('uris', record),
		addCredential: (record) => add('credentials', record),
		addIpAcl: (record) => add('ipacls', record),
		addNumber: (record) => add('numbers', record),
		addCall: (record) => add('calls', record),
		addApplication: (record) => add('applications', record),
		clearRequests() {
			requests.length = 0;
		},
		reset() {
			for (const records of Object.values(state)) records.clear();
			requests.length = 0;
			faults.clear();
			limit.reset();
			Object.assign(options, initialOptions());
		},
		close: async () => await server.close(),
	};
	addControl(server, simulator);
	await server.listen({ port: given.port ?? 0, host: '127.0.0.1' });
	const { port } = server.server.address() as AddressInfo;
	return Object.assign(simulator, { url: `http://127.0.0.1:${port}/v1` });
}

function parsedJson(body: unknown): unknown {
	if (typeof body !== 'string' || body === '') return undefined;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
