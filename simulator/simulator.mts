import { randomUUID } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';

import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

import { type ApiAnswer, handle } from './api.mts';
import { addControl } from './control.mts';
import { createFaults, type Fault, type Faults } from './faults.mts';
import { createRateLimit } from './rateLimit.mts';
import {
	emptyState,
	ID_FIELDS,
	type KindName,
	type PlivoRecord,
	type State,
	withDefaults,
} from './records.mts';

export type { Fault, FaultRule } from './faults.mts';

/** One request that came in. */
export interface LoggedRequest {
	at: number;
	method: string;
	/** What follows `/v1/Account/<auth id>`. */
	path: string;
	query: Record<string, string>;
	body: unknown;
	status: number;
	authorization?: string;
	fault?: string;
}

export interface SimulatorOptions {
	/** Default 0: a free one. */
	port?: number;
	authId?: string;
	authToken?: string;
	/** Milliseconds before each answer. */
	latencyMs?: number;
	/** Default: Plivo's 300 requests in 5 s. `false`: none. */
	rateLimit?: false | { requests: number; windowMs: number; retryAfter?: number };
	now?: () => number;
	/** Print each request. */
	log?: boolean;
}

export interface Simulator {
	/** For the credential's Base URL. */
	readonly url: string;
	readonly authId: string;
	readonly authToken: string;
	readonly state: State;
	readonly requests: LoggedRequest[];
	readonly faults: Faults;
	/** May be changed while it runs. */
	readonly options: Required<Pick<SimulatorOptions, 'latencyMs' | 'rateLimit' | 'now'>> & {
		ignoreListFilters: boolean;
	};
	seed(counts: Partial<Record<KindName, number>>): void;
	/** Adds a record, whole with defaults. */
	add(kind: KindName, record?: PlivoRecord): PlivoRecord;
	clearRequests(): void;
	/** Empties the account, the log and the faults. */
	reset(): void;
	close(): Promise<void>;
}

const PLIVO_LIMIT = { requests: 300, windowMs: 5_000 };

/** The log keeps so many requests. */
const LOGGED_REQUESTS = 100_000;

/**
 * Starts a local Plivo SIP Trunking API on 127.0.0.1, with one account in memory.
 *
 * @throws an error with code `EADDRINUSE` when the port is taken
 */
export async function startSimulator(given: SimulatorOptions = {}): Promise<Simulator> {
	const authId = given.authId ?? 'MASIMULATOR000000000';
	const authToken = given.authToken ?? 'simulator-token';
	const state = emptyState();
	const requests: LoggedRequest[] = [];
	const faults = createFaults();
	const limit = createRateLimit();
	const options: Simulator['options'] = {
		latencyMs: given.latencyMs ?? 0,
		rateLimit: given.rateLimit ?? PLIVO_LIMIT,
		now: given.now ?? Date.now,
		ignoreListFilters: false,
	};
	const hanging = new Set<Socket>();
	const basic = `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
	const bearer = `Bearer ${authToken}`;

	const server = fastify({
		routerOptions: { ignoreTrailingSlash: false },
		forceCloseConnections: true,
	});
	// Bodies are parsed here: what isn't JSON is Plivo's to refuse, not the framework's.
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, parsed) =>
		parsed(null, text),
	);

	server.all('/v1/Account/:authId/*', async (request, reply) => {
		const { authId: asked } = request.params as { authId: string };
		const [address] = request.url.split('?');
		const path = address.slice(`/v1/Account/${asked}`.length);
		const fault = faults.pick(request.method, path);
		const entry: LoggedRequest = {
			at: Date.now(),
			method: request.method,
			path,
			query: request.query as Record<string, string>,
			body: parsed(request.body),
			status: 0,
			authorization: request.headers.authorization,
			...(fault && { fault: fault.kind }),
		};
		requests.push(entry);
		if (requests.length > LOGGED_REQUESTS) requests.splice(0, LOGGED_REQUESTS / 2);
		if (options.latencyMs > 0) await wait(options.latencyMs);

		const answer = (): ApiAnswer => {
			const expected = authToken.startsWith('stk_') ? bearer : basic;
			if (asked !== authId || request.headers.authorization !== expected) {
				// Not JSON (live).
				return { status: 401, body: 'Could not verify your access level for that URL.' };
			}
			const { rateLimit } = options;
			if (rateLimit && !limit.accepts(performance.now(), rateLimit.requests, rateLimit.windowMs)) {
				if (rateLimit.retryAfter !== undefined) reply.header('Retry-After', rateLimit.retryAfter);
				return { status: 429, body: { api_id: randomUUID(), error: 'too many requests' } };
			}
			const context = {
				state,
				authId,
				now: () => options.now(),
				ignoreListFilters: () => options.ignoreListFilters,
			};
			return handle(context, request.method, path, entry.query, entry.body);
		};
		if (fault) return await fail(fault, answer, request, reply, entry);
		return send(reply, answer(), entry);
	});
	server.setNotFoundHandler((_request, reply) => {
		void reply.code(404).type('text/html').send('<html><body><h1>Not Found</h1></body></html>');
	});

	async function fail(
		fault: Fault,
		answer: () => ApiAnswer,
		request: FastifyRequest,
		reply: FastifyReply,
		entry: LoggedRequest,
	) {
		const { socket } = request.raw;
		const workDone = 'done' in fault && fault.done === true;
		switch (fault.kind) {
			case 'delay':
				await wait(fault.ms);
				return send(reply, answer(), entry);
			case 'status': {
				if (workDone) answer();
				if (fault.retryAfter !== undefined) reply.header('Retry-After', String(fault.retryAfter));
				const body = fault.html
					? `<html><body><h1>${fault.status}</h1></body></html>`
					: ((fault.body as PlivoRecord | string | undefined) ?? {
							api_id: randomUUID(),
							error: `simulated ${fault.status}`,
						});
				return send(reply, { status: fault.status, body }, entry);
			}
			case 'html':
				if (workDone) answer();
				return send(
					reply,
					{ status: 502, body: '<html><body><h1>Bad Gateway</h1></body></html>' },
					entry,
				);
			case 'redirect':
				reply.header('Location', fault.location);
				return send(reply, { status: 302, body: '' }, entry);
			case 'empty':
				return send(reply, { ...answer(), status: 200, body: '' }, entry);
			case 'badJson':
				return send(
					reply,
					{ status: answer().status, body: '{"api_id": "1", "objects": [' },
					entry,
				);
			case 'huge':
				return send(reply, { status: 200, body: { filler: 'x'.repeat(6 * 1024 * 1024) } }, entry);
			case 'reset':
				if (workDone) answer();
				reply.hijack();
				socket.resetAndDestroy();
				return reply;
			case 'hang':
				if (workDone) answer();
				reply.hijack();
				hanging.add(socket);
				socket.once('close', () => hanging.delete(socket));
				return reply;
			case 'truncate': {
				const { status, body } = answer();
				const text = JSON.stringify(body ?? {});
				reply.hijack();
				reply.raw.writeHead(status, {
					'Content-Type': 'application/json',
					'Content-Length': Buffer.byteLength(text) + 10,
				});
				reply.raw.write(text.slice(0, Math.floor(text.length / 2)), () => socket.destroy());
				return reply;
			}
		}
	}

	function send(reply: FastifyReply, { status, body }: ApiAnswer, entry: LoggedRequest) {
		entry.status = status;
		if (given.log)
			console.log(
				`${entry.method} ${entry.path} ${status}${entry.fault ? ` (${entry.fault})` : ''}`,
			);
		reply.code(status).header('X-Request-ID', randomUUID());
		if (body === undefined) return reply.send();
		if (typeof body === 'string') {
			return reply.type(body.startsWith('<') ? 'text/html' : 'text/plain').send(body);
		}
		return reply.type('application/json').send(JSON.stringify(body));
	}

	const simulator: Simulator = {
		url: '',
		authId,
		authToken,
		state,
		requests,
		faults,
		options,
		seed(counts) {
			for (const [kind, count] of Object.entries(counts) as Array<[KindName, number]>) {
				for (let made = 0; made < count; made++) seedOne(simulator, kind);
			}
		},
		add(kind, record = {}) {
			const serial = state[kind].size + 1;
			const whole = withDefaults(kind, record, { now: options.now(), authId, serial });
			state[kind].set(String(whole[ID_FIELDS[kind]]), whole);
			return whole;
		},
		clearRequests() {
			requests.length = 0;
		},
		reset() {
			for (const records of Object.values(state)) records.clear();
			requests.length = 0;
			faults.clear();
			limit.reset();
		},
		async close() {
			for (const socket of hanging) socket.destroy();
			await server.close();
		},
	};
	addControl(server, simulator);
	await server.listen({ port: given.port ?? 0, host: '127.0.0.1' });
	const { port } = server.server.address() as AddressInfo;
	return Object.assign(simulator, { url: `http://127.0.0.1:${port}/v1` });
}

/** Seeded trunks are whole: each has the credential or URI that it needs. */
function seedOne(simulator: Simulator, kind: KindName) {
	if (kind !== 'trunks') return void simulator.add(kind);
	const { state } = simulator;
	const inbound = state.trunks.size % 2 === 1;
	const firstOf = (needed: 'uris' | 'credentials', field: string) =>
		([...state[needed].values()][0] ?? simulator.add(needed))[field];
	simulator.add(
		'trunks',
		inbound
			? { trunk_direction: 'inbound', primary_uri_uuid: firstOf('uris', 'uri_uuid') }
			: { trunk_direction: 'outbound', credential_uuid: firstOf('credentials', 'credential_uuid') },
	);
}

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

function parsed(body: unknown): unknown {
	if (typeof body !== 'string' || body === '') return undefined;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
