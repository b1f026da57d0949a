/** The account in memory, the network in front of it, and a ledger of all that was done to it and by whom. */
import type { ApiAnswer, ApiRequest } from '../../simulator/api.mts';
import { createPlivo, type Outcome, type Plivo } from '../../simulator/plivo.mts';
import { randomFrom } from '../../simulator/random.mts';
import { createRateLimit } from '../../simulator/rateLimit.mts';
import { ID_FIELDS, type KindName, type PlivoRecord, routeTo } from '../../simulator/records.mts';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { type Clock, EPOCH } from './clock.mts';
import { APPLICATION, NUMBERS } from './generate.mts';
import type { History, Item, Pick, RunAction, RunFault } from './history.mts';

/** One life of a process of n8n's. */
export interface Process {
	readonly index: number;
	readonly baseUrl: string;
	killed: boolean;
	/** When its requests left. */
	readonly sent: number[];
}

/** One run of the node. */
export interface Run {
	readonly action: RunAction;
	readonly process: Process;
	readonly abort: AbortController;
	cancelledAt?: number;
	requests: number;
	writes: number;
	readonly items: Actor[];
	/** What n8n shows in the end; nothing as long as it runs. */
	ended?: { at: number; error?: Words };
}

/** The texts of an error. */
export interface Words {
	readonly message: string;
	readonly text: string;
}

/** One item of a run, in all tries of it: who does something to the account. */
export interface Actor {
	readonly run: Run;
	readonly index: number;
	/** With the ids that were picked. */
	item: Item;
	/** By the ledger's count. */
	startedSeq: number;
	/** The latest try, likewise. */
	triedSeq: number;
	startedAt: number;
	/** The latest try. */
	endedAt: number;
	output?: IDataObject[];
	error?: Words;
	/** Requests that this item has sent. */
	sent: number;
	/** Wrote in any of its tries. */
	wrote: boolean;
}

/** Nothing: the console. */
export type By = Actor | undefined;

/** What a request has done to one record. */
export interface Effect {
	readonly kind: KindName;
	readonly id: string;
	readonly before?: PlivoRecord;
	readonly after?: PlivoRecord;
}

/** A write, as it was carried out. */
export interface Event {
	readonly seq: number;
	readonly at: number;
	readonly sentAt: number;
	readonly by: By;
	readonly request: ApiRequest;
	/** It was carried out after its answer was lost. */
	readonly late: boolean;
	readonly effects: readonly Effect[];
}

/** One state of a record, from an event on. */
export interface Version {
	readonly event: Event;
	readonly record?: PlivoRecord;
}

/** An answer that a process was given: of one record, or a page of a list. */
interface Told {
	readonly kind: KindName;
	readonly id?: string;
	readonly query: Record<string, string>;
	readonly objects: readonly PlivoRecord[];
	readonly seen: Seen;
}

/** When a process was told something. */
export interface Seen {
	readonly seq: number;
	readonly at: number;
	/** When the answer had come. */
	readonly learnt: number;
	readonly by: Actor;
}

export interface Ledger {
	readonly events: Event[];
	/** The states of a record, by kind and id. */
	versions(kind: KindName, id: string): readonly Version[];
	/** All records that ever were, as `kind id`. */
	keys(): IterableIterator<string>;
	/** What an operation knew of a record when a write of it left: see `knew`. */
	seen(event: Event, kind: KindName, id: string): Seen | undefined;
	/** What it knew of which trunks have this value in a field, likewise. */
	usersSeen(event: Event, field: string, id: string): Seen | undefined;
	seq(): number;
}

/** What a judge is told as it happens. */
export interface Witness {
	wrote(event: Event): void;
	broke(rule: string, words: string): void;
}

export interface World {
	/** Fills the account. */
	begin(): void;
	readonly plivo: Plivo;
	readonly ledger: Ledger;
	readonly log: string[] | undefined;
	note(words: string): void;
	process(index: number): Process;
	kill(index: number): void;
	outage(ms: number, fault: RunFault['fault']): void;
	/** Processes forget, so what one has just made is to itself as it is to another. */
	readonly forgets: boolean;
	/** Runs forget between their tries. */
	readonly forgetsTries: boolean;
	/** Whether a process loses its memory just before an operation's next request. */
	forgetsBefore(actor: Actor): boolean;
	/** The channel's way out. */
	send(actor: Actor, options: IHttpRequestOptions): Promise<unknown>;
	/** A request of the console's. */
	console(request: ApiRequest): void;
	/** The id, or other field, that a pick means now. */
	resolve(value: unknown): unknown;
	/** Requests that never get an answer end, so that all who wait can. */
	endAll(): void;
	readonly sentInAll: () => number;
}

const COLLECTIONS: Partial<Record<KindName, string>> = {
	trunks: '/Zentrunk/Trunk/',
	uris: '/Zentrunk/URI/',
	credentials: '/Zentrunk/Credential/',
	ipacls: '/Zentrunk/IPAccessControlList/',
	numbers: '/Number/',
};

const KINDS = Object.keys(COLLECTIONS) as KindName[];

export const pathOf = (kind: KindName, id?: string) =>
	`${COLLECTIONS[kind] ?? ''}${id === undefined ? '' : `${id}/`}`;

/** A number that is to be rented. */
export const RENT = /^\/PhoneNumber\/(\d+)\/$/;

/** What a request is about. */
export function subjectOf(path: string): { kind: KindName; id?: string } | undefined {
	for (const kind of KINDS) {
		const start = COLLECTIONS[kind] ?? '';
		if (!path.startsWith(start)) continue;
		const id = path.slice(start.length, -1);
		return { kind, ...(id !== '' && { id: decodeURIComponent(id) }) };
	}
	return undefined;
}

/** What the account has at the start, is so old. */
const DAY_MS = 86_400_000;

const WINDOW_MS = 5_000;
const WINDOW_REQUESTS = 300;

const AUTH_ID = 'MASIMULATION00000000';

let worlds = 0;

export function createWorld(
	history: History,
	clock: Clock,
	witness: Witness,
	log?: string[],
): World {
	const random = randomFrom(history.seed + 77);
	const serial = ++worlds;
	const rateLimit = createRateLimit();
	/** The requests whose work the model has put off. */
	let current: { request: ApiRequest; by: By; sentAt: number } | undefined;
	let seq = 0;
	const events: Event[] = [];
	const versions = new Map<string, Version[]>();
	const shadows = new Map<string, PlivoRecord>();
	const sizes = new Map<KindName, number>();
	const told: Told[] = [];
	const hung = new Set<(error: Error) => void>();
	const processes: Process[] = [];
	let generations = 0;
	let outage: { until: number; fault: RunFault['fault'] } | undefined;
	let sentInAll = 0;
	let filled = false;

	const plivo = createPlivo({
		authId: AUTH_ID,
		now: () => (filled ? 0 : -DAY_MS) + EPOCH + clock.now() + history.skew,
		random,
		later: (ms, work) => {
			const of = current;
			if (!of) throw new Error('Nothing is put off but by a request');
			return clock.after(ms, () => {
				observe(of.request, of.by, of.sentAt, () => {
					work();
					return undefined;
				});
			});
		},
		variants: history.variants,
	});
	const { state } = plivo;

	const note = (words: string) => log?.push(`${String(clock.now()).padStart(7)} ${words}`);

	const keyOf = (kind: KindName, id: string) => `${kind} ${id}`;

	/** The records that a write may have changed, as `kind id`. */
	function touched(request: ApiRequest): Array<[KindName, string]> {
		if (request.method === 'GET') return [];
		const rented = RENT.exec(request.path)?.[1];
		if (rented !== undefined) return [['numbers', rented]];
		const subject = subjectOf(request.path);
		if (!subject) return [];
		const { kind, id } = subject;
		if (id === undefined) {
			// A create: the newest one, if there is one more.
			if (state[kind].size <= (sizes.get(kind) ?? 0)) return [];
			let newest = '';
			for (const key of state[kind].keys()) newest = key;
			return [[kind, newest]];
		}
		const all: Array<[KindName, string]> = [[kind, id]];
		if (request.method === 'POST') return all;
		for (const trunk of state.trunks.keys()) all.push(['trunks', trunk]);
		for (const key of shadows.keys()) {
			if (key.startsWith('trunks ')) all.push(['trunks', key.slice(7)]);
		}
		for (const number of state.numbers.keys()) all.push(['numbers', number]);
		return all;
	}

	const same = (one: PlivoRecord, other: PlivoRecord) => {
		for (const field of Object.keys(one)) if (one[field] !== other[field]) return false;
		for (const field of Object.keys(other)) if (!(field in one)) return false;
		return true;
	};

	function observe<T extends Outcome | undefined>(
		request: ApiRequest,
		by: By,
		sentAt: number,
		work: () => T,
	): T {
		const outer = current;
		current = { request, by, sentAt };
		const outcome = work();
		current = outer;
		seq++;
		const effects: Effect[] = [];
		const looked = new Set<string>();
		for (const [kind, id] of touched(request)) {
			const key = keyOf(kind, id);
			if (looked.has(key)) continue;
			looked.add(key);
			const before = shadows.get(key);
			const now = state[kind].get(id);
			if (!before && !now) continue;
			if (before && now && same(before, now)) continue;
			const after = now && { ...now };
			effects.push({ kind, id, ...(before && { before }), ...(after && { after }) });
			if (after) shadows.set(key, after);
			else shadows.delete(key);
			sizes.set(kind, state[kind].size);
		}
		if (request.method === 'GET') return outcome;
		if (effects.length === 0) return outcome;
		const late = outcome === undefined;
		const event: Event = { seq, at: clock.now(), sentAt, by, request, late, effects };
		events.push(event);
		for (const effect of effects) {
			const key = keyOf(effect.kind, effect.id);
			const list = versions.get(key) ?? [];
			list.push({ event, ...(effect.after && { record: effect.after }) });
			versions.set(key, list);
			if (log) note(`  * ${nameOf(by)}: ${words(effect)}${late && by ? ' (late)' : ''}`);
		}
		witness.wrote(event);
		return outcome;
	}

	/**
	 * The latest that an operation had read itself when its write left; else the first that was read in its process
	 * since it began, since operations share what they read.
	 */
	function knew({ by, sentAt }: Event, tells: (answer: Told) => boolean): Seen | undefined {
		if (!by) return undefined;
		let latest: Seen | undefined;
		let first: Seen | undefined;
		for (const answer of told) {
			const { seen: one } = answer;
			if (one.learnt > sentAt || one.seq < by.startedSeq) continue;
			if (one.by.run.process !== by.run.process || !tells(answer)) continue;
			if (one.by === by && (!latest || one.seq > latest.seq)) latest = one;
			if (!first || one.seq < first.seq) first = one;
		}
		return latest ?? first;
	}

	/** What a process learns from an answer. */
	function learn({ method, path, query = {} }: ApiRequest, answer: ApiAnswer, seen: Seen): void {
		const subject = method === 'GET' ? subjectOf(path) : undefined;
		if (!subject || (subject.id === undefined && answer.status !== 200)) return;
		const { objects = [] } = (answer.body ?? {}) as { objects?: PlivoRecord[] };
		told.push({ ...subject, query, objects, seen });
	}

	function processAt(index: number): Process {
		let process = processes[index];
		if (!process) {
			process = {
				index,
				baseUrl: `https://w${serial}-p${index}-${generations++}.test/v1`,
				killed: false,
				sent: [],
			};
			processes[index] = process;
		}
		return process;
	}

	function countSent(process: Process) {
		sentInAll++;
		const { sent } = process;
		sent.push(clock.now());
		const before = sent[sent.length - 1 - WINDOW_REQUESTS];
		if (before !== undefined && before > clock.now() - WINDOW_MS) {
			witness.broke('rate', `process ${process.index} sent more than 300 requests in 5 s`);
		}
	}

	/** The same for the nth request of an item, whatever else there is in the history. */
	function latencyOf(actor: Actor): [up: number, down: number] {
		const { least, most } = history.latency;
		const one = randomFrom(
			history.seed * 31 + actor.run.action.id * 7919 + actor.index * 104_729 + actor.sent * 13,
		);
		one();
		const leg = () => least + Math.floor(one() ** 2 * (most - least + 1));
		return [leg(), leg()];
	}

	function faultFor(run: Run, write: boolean): RunFault['fault'] | undefined {
		if (outage && clock.now() < outage.until) return outage.fault;
		for (const { nth, times, of, fault } of run.action.faults ?? []) {
			if (of === 'writes' && !write) continue;
			const count = of === 'writes' ? run.writes : run.requests;
			if (count >= nth && count < nth + times) return fault;
		}
		return undefined;
	}

	async function send(actor: Actor, options: IHttpRequestOptions): Promise<unknown> {
		const { run } = actor;
		const { process } = run;
		const never = () => new Promise<never>((_resolve, reject) => hung.add(reject));
		if (process.killed) return await never();
		if (run.cancelledAt !== undefined) {
			witness.broke('cancel', `${nameOf(actor)} sent a request after it was cancelled`);
		}
		const request = requestOf(options);
		const write = request.method !== 'GET';
		actor.sent++;
		run.requests++;
		if (write) {
			run.writes++;
			actor.wrote = true;
		}
		countSent(process);
		const fault = faultFor(run, write);
		const [up, down] = latencyOf(actor);
		const sentAt = clock.now();
		if (log)
			note(`> ${nameOf(actor)}: ${worded(request)}${fault ? ` !${JSON.stringify(fault)}` : ''}`);
		const { timeout = 300_000 } = options;

		return await new Promise((resolve, reject) => {
			hung.add(reject);
			let over = false;
			const end = (finish: () => void) => {
				if (over || process.killed) return;
				over = true;
				hung.delete(reject);
				stopTimeout();
				finish();
			};
			const fail = (code: string) =>
				end(() => {
					if (log) note(`< ${nameOf(actor)}: ${code}`);
					reject(Object.assign(new Error(code), { code }));
				});
			const stopTimeout = clock.after(timeout, () => fail('ETIMEDOUT'));
			const deliver = (answer: ApiAnswer, truncated: boolean, at: Omit<Seen, 'learnt' | 'by'>) =>
				clock.after(down, () =>
					end(() => {
						if (!truncated) learn(request, answer, { ...at, learnt: clock.now(), by: actor });
						if (log) note(`< ${nameOf(actor)}: ${answer.status} ${brief(answer)}`);
						resolve(responseOf(answer, truncated));
					}),
				);
			if (fault?.kind === 'refused') {
				clock.after(up, () => fail('ECONNREFUSED'));
				return;
			}
			clock.after(up, () => {
				if (
					history.rateLimit &&
					!rateLimit.accepts(clock.now(), { requests: 300, windowMs: 5_000 })
				) {
					const headers = plivo.retryAfter(5);
					deliver({ status: 429, body: { error: 'too many requests' }, headers }, false, seen());
					return;
				}
				const tls = fault?.kind === 'tls';
				const outcome = observe(request, actor, sentAt, () =>
					plivo.receive(request, fault === undefined || tls ? null : (fault as never)),
				);
				const at = seen();
				if (tls) {
					clock.after(down, () => fail('EPROTO'));
					return;
				}
				switch (outcome.kind) {
					case 'answer':
						deliver(outcome.answer, false, at);
						return;
					case 'truncated':
						deliver(outcome.answer, true, at);
						return;
					case 'reset':
						clock.after(down, () => fail('ECONNRESET'));
						return;
					case 'hang':
						return;
					case 'delayed':
						clock.after(outcome.ms, () => {
							let answer: ApiAnswer | undefined;
							observe(request, actor, sentAt, () => {
								answer = outcome.answer();
								return { kind: 'answer', answer };
							});
							if (answer) deliver(answer, false, seen());
						});
						return;
				}
			});
		});
	}

	const seen = () => ({ seq, at: clock.now() });

	function responseOf(answer: ApiAnswer, truncated: boolean) {
		const headers: Record<string, string> = {};
		for (const [name, value] of Object.entries(answer.headers ?? {})) {
			headers[name.toLowerCase()] = value;
		}
		if (plivo.variants.date !== 'missing') {
			headers.date = dateAt(plivo.options.now());
		}
		return { statusCode: answer.status, headers, body: bodyOf(answer, truncated) };
	}

	let dated = { second: 0, text: '' };

	function dateAt(now: number): string {
		const second = Math.floor(now / 1000);
		if (dated.second !== second) dated = { second, text: new Date(now).toUTCString() };
		return dated.text;
	}

	function resolve(value: unknown): unknown {
		if (typeof value !== 'object' || value === null || !('pick' in value)) return value;
		const { pick, by, direction, nth, field } = value as Pick;
		const all = [...state[pick].values()].filter(
			(record) => direction === undefined || record.trunk_direction === direction,
		);
		const named = all.filter((record) =>
			pick === 'numbers' ? record.number === by : by !== undefined && isNamed(record, by),
		);
		const from = named.length > 0 || by === 'Filler' ? named : all;
		const found = from[nth % Math.max(1, from.length)];
		if (!found)
			return pick === 'trunks' ? '21784199900000099' : '99999999-0000-4000-a000-000000000000';
		return found[field ?? ID_FIELDS[pick]];
	}

	const ledger: Ledger = {
		events,
		versions: (kind, id) => versions.get(keyOf(kind, id)) ?? [],
		keys: () => versions.keys(),
		seen: (event, kind, id) =>
			knew(
				event,
				(answer) =>
					answer.kind === kind &&
					(answer.id === id || answer.objects.some((record) => record[ID_FIELDS[kind]] === id)),
			),
		usersSeen: (event, field, id) =>
			knew(event, ({ kind, query }) => kind === 'trunks' && query[field] === id),
		seq: () => seq,
	};

	const world: World = {
		forgets: (history.amnesia ?? 0) > 0,
		forgetsTries: history.forgetsTries === true,
		begin() {
			begin(world, history, observe);
			filled = true;
		},
		plivo,
		ledger,
		log,
		note,
		process: processAt,
		kill(index) {
			const process = processAt(index);
			process.killed = true;
			Reflect.deleteProperty(processes, index);
		},
		outage(ms, fault) {
			outage = { until: clock.now() + ms, fault };
		},
		forgetsBefore({ run, index, sent }) {
			const { amnesia = 0, seed } = history;
			const one = randomFrom(seed * 53 + run.action.id * 6_121 + index * 50_021 + sent * 17);
			one();
			return one() < amnesia;
		},
		send,
		console(request) {
			observe(request, undefined, clock.now(), () => {
				const answer = plivo.answer(request);
				if (log) note(`console: ${worded(request)} ${answer.status}`);
				return { kind: 'answer', answer };
			});
		},
		resolve,
		endAll() {
			for (const reject of hung) {
				reject(Object.assign(new Error('The simulation is over'), { code: 'ECONNRESET' }));
			}
			hung.clear();
		},
		sentInAll: () => sentInAll,
	};
	return world;
}

const isNamed = ({ name }: PlivoRecord, by: string) =>
	by === 'Filler' ? String(name).startsWith('Filler') : name === by;

/** What the account has at the start. */
function begin(
	{ plivo }: World,
	{ initial }: History,
	observe: <T extends Outcome | undefined>(
		request: ApiRequest,
		by: By,
		sentAt: number,
		work: () => T,
	) => T,
) {
	const add = (kind: KindName, record: PlivoRecord) => {
		let whole: PlivoRecord = {};
		observe({ method: 'POST', path: pathOf(kind) }, undefined, 0, () => {
			whole = plivo.add(kind, record);
			return undefined;
		});
		return whole;
	};
	plivo.add('applications', { app_id: APPLICATION });
	for (const [kind, count] of Object.entries(initial.fillers) as Array<[KindName, number]>) {
		for (let serial = 0; serial < Math.floor(count / 2); serial++) filler(kind, serial);
	}
	NUMBERS.forEach((number, place) => {
		const customer = initial.customers[place];
		const application = routeTo(plivo.authId, 'applications', APPLICATION);
		if (customer === undefined) {
			add('numbers', { number, ...(place % 2 === 1 && { application }) });
			return;
		}
		const { uri_uuid: uri } = add('uris', {
			name: customer,
			uri: `${place}.example.com;transport=tcp`,
		});
		const { credential_uuid: credential } = add('credentials', {
			name: customer,
			username: `console${place}`,
		});
		add('trunks', {
			name: `${customer} outbound`,
			trunk_direction: 'outbound',
			credential_uuid: credential,
		});
		const { trunk_id: trunk } = add('trunks', {
			name: `${customer} inbound`,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri,
		});
		add('numbers', { number, application: routeTo(plivo.authId, 'trunks', String(trunk)) });
	});
	for (const [kind, count] of Object.entries(initial.fillers) as Array<[KindName, number]>) {
		for (let serial = Math.floor(count / 2); serial < count; serial++) filler(kind, serial);
	}

	function filler(kind: KindName, serial: number) {
		const name = `Filler ${kind} ${serial}`;
		if (kind === 'numbers') add(kind, { number: String(14155560000 + serial) });
		else if (kind === 'trunks') {
			const [used] = plivo.state.credentials.keys();
			const credential = used ?? add('credentials', { name: 'Filler credential' }).credential_uuid;
			add(kind, { name, trunk_direction: 'outbound', credential_uuid: credential });
		} else add(kind, { name });
	}
}

function requestOf({ method = 'GET', url, qs, body }: IHttpRequestOptions): ApiRequest {
	const path = url.slice(url.indexOf(AUTH_ID) + AUTH_ID.length);
	const query = Object.fromEntries(
		Object.entries((qs ?? {}) as IDataObject).map(([name, value]) => [name, String(value)]),
	);
	return {
		method,
		path,
		query,
		...(typeof body === 'string' && { body: JSON.parse(body) as unknown }),
	};
}

const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');

function bodyOf({ status, body }: ApiAnswer, truncated: boolean) {
	const huge = typeof body === 'object' && 'filler' in body;
	const text =
		huge || body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
	const whole = truncated && status === 204 ? '{"message":"deleted"}' : text;
	const chunks = huge ? Array.from({ length: 6 }, () => MEGABYTE) : [];
	if (whole !== '') {
		chunks.push(Buffer.from(truncated ? whole.slice(0, Math.ceil(whole.length / 2)) : whole));
	}
	let next = 0;
	const iterator: AsyncIterator<Uint8Array> = {
		async next() {
			const value = chunks[next++];
			if (value) return await Promise.resolve({ value, done: false });
			if (truncated) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
			return { value: undefined, done: true };
		},
		return: async () => await Promise.resolve({ value: undefined, done: true }),
	};
	return { [Symbol.asyncIterator]: () => iterator, destroy: () => {} };
}

export const nameOf = (by: By) =>
	by ? `run ${by.run.action.id}.${by.index} (p${by.run.process.index}) ${by.item.what}` : 'console';

const worded = ({ method, path, query = {}, body }: ApiRequest) => {
	const asked = new URLSearchParams(query).toString();
	return `${method} ${path}${asked ? `?${asked}` : ''}${body ? ` ${JSON.stringify(body)}` : ''}`;
};

function brief({ body }: ApiAnswer): string {
	if (body === undefined) return '';
	if (typeof body === 'string') return body.slice(0, 60);
	if ('filler' in body) return '(6 MB)';
	const { api_id: _apiId, meta, objects, object, ...rest } = body;
	if (Array.isArray(objects)) {
		const { total_count: total } = meta as PlivoRecord;
		const shown = (objects as PlivoRecord[]).map(
			(record) =>
				`${String(record.name ?? record.number)}${record.application === undefined ? '' : `->${String(record.application).split('/').at(-2)}`}`,
		);
		return `${shown.length} of ${String(total)}: ${shown.join(', ')}`;
	}
	return JSON.stringify(object ?? rest).slice(0, 400);
}

function words({ kind, id, before, after }: Effect): string {
	if (!before) return `${kind} ${id} is made: ${JSON.stringify(after)}`;
	if (!after) return `${kind} ${id} ("${String(before.name ?? '')}") is deleted`;
	const changed = Object.keys(after).filter((field) => after[field] !== before[field]);
	return `${kind} ${id} ("${String(before.name ?? '')}"): ${changed
		.map((field) => `${field} ${JSON.stringify(before[field])} -> ${JSON.stringify(after[field])}`)
		.join(', ')}`;
}
