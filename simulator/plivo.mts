import type { Account } from './account.mts';
import { type ApiAnswer, type ApiRequest, handle } from './api.mts';
import { failWith, type Outcome } from './failures.mts';
import { createFaults, type Fault, type Faults } from './faults.mts';
import { createIds, emptyState, ID_FIELDS, type KindName, withDefaults } from './records.mts';
import { fillStock } from './rental.mts';
import { seed, type SeedCounts } from './seed.mts';
import { defaultVariants, setVariants, type Variants } from './variants.mts';

export type { ApiAnswer, ApiRequest } from './api.mts';
export type { Outcome } from './failures.mts';
export type { Fault, FaultRule } from './faults.mts';
export type { KindName, PlivoRecord, State } from './records.mts';
export type { Variants } from './variants.mts';

export interface PlivoOptions {
	authId?: string;
	/** The account's clock, milliseconds since 1970. */
	now?: () => number;
	/** Numbers from 0 up to 1, for ids. */
	random?: () => number;
	/**
	 * Has work done so many milliseconds later; may answer how to call it off. Default: the system's timers, which
	 * keep no process alive.
	 */
	later?: (ms: number, work: () => void) => unknown;
	variants?: Partial<Variants>;
}

/** A Plivo account in memory. Bodies and answers are not copied in depth: whoever sends one leaves it as it is. */
export interface Plivo extends Account {
	readonly faults: Faults;
	/** Every write is answered with a 403 and noted in `refusedWrites`. */
	refuseWrites: boolean;
	readonly refusedWrites: ApiRequest[];
	/** So many requests are still to be carried out, after their answers were lost. */
	readonly unfinished: number;
	/** Does what a request asks, without faults. */
	answer(request: ApiRequest): ApiAnswer;
	/**
	 * What a client gets for a request, faults and hooks included.
	 *
	 * @param fault default: the one that the rules pick; null: none
	 */
	receive(request: ApiRequest, fault?: Fault | null): Outcome;
	/**
	 * Calls `hook` before each request is worked on; with what it changes in the account the request is answered.
	 *
	 * @returns takes the hook away
	 */
	onRequest(hook: (request: ApiRequest) => void): () => void;
	/** Adds so many records of each kind, as an account in use has them. */
	seed(counts: SeedCounts): void;
	/** `Retry-After` as the variant has it. */
	retryAfter(value: number | string | undefined): Record<string, string>;
	/** As at the start, variants and options included; what was to be carried out later isn't. */
	reset(): void;
	/** Calls off what was to be carried out later. */
	close(): void;
}

const OWN_RECORD = {
	name: 'Simulated Account',
	account_type: 'standard',
	billing_mode: 'prepaid',
	cash_credits: '100.00000',
	auto_recharge: false,
	timezone: 'UTC',
};

/** @throws when a variant is unknown */
export function createPlivo(given: PlivoOptions = {}): Plivo {
	const { random = Math.random, later = systemTimer } = given;
	const authId = given.authId ?? 'MASIMULATOR000000000';
	const state = emptyState();
	const faults = createFaults();
	const ids = createIds(random);
	const hooks = new Set<(request: ApiRequest) => void>();
	/** What is still to be done, with how to call it off. */
	const unfinished = new Map<() => void, unknown>();
	const serials = new Map<KindName, number>();
	const refusedWrites: ApiRequest[] = [];
	const variants = defaultVariants();
	setVariants(variants, given.variants ?? {});
	const initialVariants = { ...variants };
	const initialOptions = {
		now: given.now ?? Date.now,
		ignoreListFilters: false,
		closedCountries: [],
		pendingUnlisted: false,
	};
	let pages = 0;

	const plivo: Plivo = {
		authId,
		state,
		variants,
		account: { ...OWN_RECORD },
		options: { ...initialOptions },
		ids,
		faults,
		refuseWrites: false,
		refusedWrites,
		get unfinished() {
			return unfinished.size;
		},
		nextPage: () => pages++,
		add(kind, record = {}, late = 0) {
			const now = plivo.options.now();
			const serial = (serials.get(kind) ?? 0) + 1;
			serials.set(kind, serial);
			const whole = withDefaults(kind, record, { now, serial, ids });
			state[kind].set(String(whole[ID_FIELDS[kind]]), whole);
			state[kind].noteMaking(whole, now, late);
			return whole;
		},
		seed: (counts) => seed(plivo, counts),
		answer: (request) => handle(plivo, request),
		receive(request, fault = faults.pick(request.method, request.path) ?? null) {
			for (const hook of hooks) hook(request);
			if (plivo.refuseWrites && request.method !== 'GET') {
				refusedWrites.push(request);
				const body = { api_id: ids.uuid(), error: 'nothing may be written' };
				return { kind: 'answer', answer: { status: 403, body } };
			}
			const work = () => handle(plivo, request);
			if (!fault) return { kind: 'answer', answer: work() };
			return failWith(fault, {
				work,
				workLater: (ms) => workLater(ms ?? variants.slow, work),
				loseNumber: () => void state.stock.delete(/([^/]*)\/$/.exec(request.path)?.[1] ?? ''),
				retryAfter: plivo.retryAfter,
			});
		},
		onRequest(hook) {
			hooks.add(hook);
			return () => void hooks.delete(hook);
		},
		retryAfter(value) {
			const headers: Record<string, string> = {};
			if (value === undefined || variants.retryafter === 'none') return headers;
			const asDate = variants.retryafter === 'date' && Number.isFinite(Number(value));
			const at = () => new Date(plivo.options.now() + Number(value) * 1000).toUTCString();
			headers['Retry-After'] = asDate ? at() : String(value);
			return headers;
		},
		reset() {
			plivo.close();
			for (const records of Object.values(state)) records.clear();
			serials.clear();
			faults.clear();
			hooks.clear();
			refusedWrites.length = 0;
			plivo.refuseWrites = false;
			Object.assign(plivo.account, OWN_RECORD);
			Object.assign(variants, initialVariants);
			Object.assign(plivo.options, initialOptions);
			fillStock(plivo);
		},
		close() {
			for (const callOff of unfinished.values()) if (typeof callOff === 'function') callOff();
			unfinished.clear();
		},
	};

	function workLater(ms: number, work: () => void) {
		// Also where nothing can be called off, what isn't in the list any more isn't done.
		const once = () => {
			if (unfinished.delete(once)) work();
		};
		unfinished.set(once, undefined);
		const callOff = later(ms, once);
		if (unfinished.has(once)) unfinished.set(once, callOff);
	}

	fillStock(plivo);
	return plivo;
}

function systemTimer(ms: number, work: () => void) {
	const timer = setTimeout(work, ms).unref();
	return () => clearTimeout(timer);
}
