import { sleep } from 'n8n-workflow';

import type { Account, Channel } from '../transport/channel';
import type { AccountRecord, Kind, Values } from './kind';
import { type Claim, createLocks, type Locks } from './locks';
import { createRecent, type Recent } from './recent';

/** All records of a kind as a listing has shown them. */
export interface Reading<R extends AccountRecord = AccountRecord> {
	/** In Plivo's order. */
	readonly ids: readonly string[];
	readonly records: ReadonlyMap<string, R>;
	/** Those of an identity (`Kind.identityOf`), looked up without going through all of them. */
	ofIdentity(identity: string): readonly R[];
	/** Those that refer to a record, by its id; likewise. */
	referringTo(id: string): readonly R[];
	/** When all of it was read, by `performance.now()`. */
	readonly readAt: number;
	/** When it was last found to be what Plivo has, likewise. */
	readonly checkedAt: number;
}

/** A record that this process has made, changed or deleted. */
export interface Write<R extends AccountRecord = AccountRecord> {
	/** What is known of it now; nothing when it was deleted. */
	readonly record?: R;
	/** By `performance.now()`. */
	readonly at: number;
}

/** Listings of one kind: the one that hasn't begun yet, and the latest that hasn't ended. */
export interface Lookups<T> {
	next?: Promise<T>;
	latest?: Promise<unknown>;
}

/** What this process remembers of the records of one Plivo account. */
export interface AccountState {
	readonly locks: Locks;
	/** Latest reading of each kind, by the kind's path. */
	readonly readings: Map<string, Reading>;
	/** Readings that an execution shows plans by, from its first look on, by the execution and the kind's path. */
	readonly shownReadings: Recent<Promise<Reading>>;
	/** What was written lately, by the kind's path. */
	readonly writes: Map<string, Recent<Write>>;
	/** Listings that several wait for, by what they list. */
	readonly lookups: Map<string, Lookups<unknown>>;
	/** Until when a write of a record may still be carried out, by `performance.now()`. */
	readonly openWrites: Recent<number>;
}

/** More than any run writes while a reading is in use. */
const WRITES = 10_000;

/** As long as a reading can be in use. */
const WRITES_MS = 15 * 60_000;

/** However often a reading was found to be right: what others rename shows in no count. */
export const OLDEST_MS = 10 * 60_000;

/** Plans of several executions may be shown side by side; each takes as long as its account is large. */
const SHOWN = 40;
const SHOWN_MS = 60_000;

const states = new WeakMap<Account, AccountState>();

/** The state of the channel's account; it goes with the account. */
export function stateOf({ account }: Pick<Channel, 'account'>): AccountState {
	let state = states.get(account);
	if (!state) {
		state = {
			locks: createLocks(async (ms) => await sleep(ms)),
			readings: new Map(),
			shownReadings: createRecent(SHOWN, SHOWN_MS),
			writes: new Map(),
			lookups: new Map(),
			openWrites: createRecent(WRITES, WRITES_MS),
		};
		states.set(account, state);
	}
	return state;
}

/** The latest reading of a kind; nothing before the first. */
export const readingOf = <R extends AccountRecord>({ readings }: AccountState, { path }: Kind<R>) =>
	readings.get(path) as Reading<R> | undefined;

/** What was written of a kind lately. */
export function writesOf<R extends AccountRecord>(
	state: AccountState,
	kind: Kind<R>,
): Recent<Write<R>> {
	let writes = state.writes.get(kind.path);
	if (!writes) {
		writes = createRecent(WRITES, WRITES_MS);
		state.writes.set(kind.path, writes);
	}
	return writes as Recent<Write<R>>;
}

/**
 * Notes a write, for readings that are older or don't show it yet.
 *
 * @param record what is known of it, added to what was known before; nothing: it was deleted
 */
export function noteWrite(channel: Channel, kind: Kind, id: string, record?: Values): void {
	const state = stateOf(channel);
	const writes = writesOf(state, kind);
	const known = writes.get(id)?.record ?? readingOf(state, kind)?.records.get(id);
	const written = record && { record: kind.parse({ ...known, ...record }) };
	writes.set(id, { at: performance.now(), ...written });
}

/** The ranks of claims: work that holds one claims only those behind it. */
const RANKS: Readonly<Record<string, number>> = { number: 1, trunk_id: 2 };

/** A record for oneself, to change or delete it; `shared`: to refer to it. */
export const recordClaim = (kind: Kind, id: string, shared = false): Claim => ({
	key: `${RANKS[kind.idField] ?? 3} ${kind.path}${id}`,
	shared,
});

/** Whatever has this identity, or is to have it. */
export const identityClaim = (kind: Kind, identity: Values): Claim => ({
	key: `0 ${kind.path}${kind.identityOf(identity)}`,
});

/** Whether other work of this process has a claim. */
export const isClaimed = (channel: Channel, { key }: Claim): boolean =>
	!channel.held?.has(key) && stateOf(channel).locks.isHeld(key);

/**
 * Runs work while nothing else in this process has the claims. Those that the channel's work holds already need no
 * wait. A record of which a write may still be carried out stays claimed until it can't be any more: else it would undo
 * what comes after it.
 *
 * @param work gets the channel that holds the claims
 */
export async function hold<T>(
	channel: Channel,
	claims: readonly Claim[],
	work: (holding: Channel) => Promise<T>,
): Promise<T> {
	const { locks, openWrites } = stateOf(channel);
	const { held = new Set() } = channel;
	const missing = claims.filter(({ key }) => !held.has(key));
	const holding = { ...channel, held: new Set([...held, ...missing.map(({ key }) => key)]) };
	const linger = () =>
		Math.max(0, ...missing.map(({ key }) => openWrites.get(key) ?? 0)) - performance.now();
	return await locks.hold(missing, channel.signal, async () => await work(holding), linger);
}

/** Keeps claims for as long as a write may still be carried out, whoever holds them. */
export function keepClaims(channel: Channel, claims: readonly Claim[], until: number): void {
	const { openWrites } = stateOf(channel);
	for (const { key } of claims) openWrites.set(key, Math.max(until, openWrites.get(key) ?? 0));
}
