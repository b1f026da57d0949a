import { type IDataObject, sleep } from 'n8n-workflow';

import type { Account, Channel } from '../transport/channel';
import type { Sent } from '../transport/request';
import { settling } from '../transport/settling';
import type { Kind } from './kind';
import { type Claim, createLocks, type Locks } from './locks';
import { createRecent, type Recent } from './recent';

/** All records of a kind as a listing has shown them. */
export interface Reading {
	/** In Plivo's order. */
	readonly ids: readonly string[];
	readonly records: ReadonlyMap<string, IDataObject>;
	/** Those of an identity (`Kind.identityOf`), looked up without going through all of them. */
	ofIdentity(identity: string): readonly IDataObject[];
	/** Those that refer to a record, by its id; likewise. */
	referringTo(id: string): readonly IDataObject[];
	/** When all of it was read, by `performance.now()`. */
	readonly readAt: number;
	/** When it was last found to be what Plivo has, likewise. */
	readonly checkedAt: number;
	/** How often new records came at the front, and at the end. */
	readonly atFront: number;
	readonly atEnd: number;
}

/** A record that this process has made, changed or deleted. */
export interface Write {
	/** What is known of it now; nothing when it was deleted. */
	readonly record?: IDataObject;
	/** By `performance.now()`. */
	readonly at: number;
}

/** Listings of one kind: the one that hasn't begun yet, and the latest that hasn't ended. */
export interface Lookups<T> {
	next?: Promise<T>;
	latest?: Promise<unknown>;
}

/** A number's `application` before this process changed it, and since. */
export interface Routed {
	readonly from: string | null;
	readonly to: string | null;
}

/** What is known of when a create was sent, to tell its result from what was there before. */
export interface OpenCreate {
	/** The latest reading at that time. */
	readonly before?: Reading;
	/** By `performance.now()`. */
	readonly sent: number;
	readonly open: Sent;
	/** Something exactly like it was found, which may be its result or may be older. */
	isUnclear?: boolean;
	/** Ids of those that nothing used at the first look: a use that comes later makes them no older. */
	unusedAtFirst?: ReadonlySet<string>;
	/** Whole sentences for the output, of what was found. */
	warnings?: string[];
}

/** A number that was rented for an alias, or may have been, and has not been given the alias yet. */
export interface OpenRental {
	readonly number: string;
	/** The number as the search has shown it. */
	readonly offer: IDataObject;
	/** Plivo has said that it is rented. */
	readonly isCertain: boolean;
	/** It waits for documents. */
	readonly pending: boolean;
	/** When the last attempt without an answer ended, by `performance.now()`. */
	readonly openSince?: number;
	/** The alias that Plivo has instead of the one that it was given. */
	readonly keptAs?: string;
}

/** What this process remembers of the records of one Plivo account. */
export interface AccountState {
	readonly locks: Locks;
	/** Latest reading of each kind, by the kind's path. */
	readonly readings: Kept<Reading>;
	/** Readings that an execution shows plans by, from its first look on, by the execution and the kind's path. */
	readonly shownReadings: Kept<Promise<Reading>>;
	/** What was written lately, by the kind's path. */
	readonly writes: Map<string, Recent<Write>>;
	/** Ids of records that requests of this process have made: none of them is another request's result. */
	readonly made: Recent<true>;
	/** Listings that several wait for, by what they list. */
	readonly lookups: Map<string, Lookups<unknown>>;
	/** Credentials whose generated password no output has shown, since the run that set it failed. */
	readonly passwordsNeverShown: Recent<true>;
	/** Credentials with a given login that an execution had set before it failed: another try of it may set it anew. */
	readonly givenLogins: Recent<string | undefined>;
	/** Where numbers went before this process routed them, by number: the way back, also for a second run. */
	readonly routed: Recent<Routed>;
	/** Creates that may have been carried out although they failed, by what was sent. */
	readonly openCreates: Recent<OpenCreate>;
	/** Rentals on the way and those that stayed open, by the alias they are for. */
	readonly rentals: Recent<OpenRental>;
	/** Numbers whose release may have been carried out although it failed. */
	readonly openReleases: Recent<true>;
	/** What belonged to trunks that were to be taken down and perhaps are gone, by the trunk's id. */
	readonly takenDown: Recent<ReadonlyArray<{ readonly kind: Kind; readonly record: IDataObject }>>;
	/** Until when a write of a record may still be carried out, by `performance.now()`. */
	readonly openWrites: Recent<number>;
}

/** More than any run writes while a reading is in use. */
const WRITES = 10_000;

/** As long as a reading can be in use. */
const WRITES_MS = 15 * 60_000;

/** Readings are large: those of an account that isn't used any more go when another one is read. */
const READINGS = 1_000;

/** However often a reading was found to be right: what others rename shows in no count. */
export const OLDEST_MS = 10 * 60_000;

const readings = createRecent<Reading>(READINGS, OLDEST_MS);

/** Plans of several executions may be shown side by side; each takes as long as its account is large. */
const SHOWN_MS = 60_000;

const shownReadings = createRecent<Promise<Reading>>(READINGS, SHOWN_MS);

/** A failed run is tried again by then, or its password is lost. */
const NEVER_SHOWN_MS = 7 * 86_400_000;

/** Whoever wants to go back does it within the month. */
const ROUTED_MS = 30 * 86_400_000;

/** A failed run is tried again by then, or a person has looked into it. */
const RENTALS_MS = 7 * 86_400_000;

const states = new WeakMap<Account, AccountState>();

/** States have ids of their own. */
let count = 0;

/** What is kept of one account in a memory that all accounts share. */
type Kept<V> = Pick<Recent<V>, 'get' | 'set' | 'delete'>;

const keptOf = <V>(all: Recent<V>, state: number): Kept<V> => ({
	get: (key) => all.get(`${state} ${key}`),
	set: (key, value) => all.set(`${state} ${key}`, value),
	delete: (key) => all.delete(`${state} ${key}`),
});

/** The state of the channel's account; it goes with the account. */
export function stateOf({ account }: Pick<Channel, 'account'>): AccountState {
	let state = states.get(account);
	if (!state) {
		count++;
		state = {
			locks: createLocks(async (ms) => await sleep(ms)),
			readings: keptOf(readings, count),
			shownReadings: keptOf(shownReadings, count),
			writes: new Map(),
			made: createRecent(WRITES, WRITES_MS),
			lookups: new Map(),
			passwordsNeverShown: createRecent(WRITES, NEVER_SHOWN_MS),
			givenLogins: createRecent(WRITES, WRITES_MS),
			routed: createRecent(WRITES, ROUTED_MS),
			takenDown: createRecent(WRITES, WRITES_MS),
			openWrites: createRecent(WRITES, WRITES_MS),
			openCreates: createRecent(WRITES, WRITES_MS),
			rentals: createRecent(WRITES, RENTALS_MS),
			openReleases: createRecent(WRITES, RENTALS_MS),
		};
		states.set(account, state);
	}
	return state;
}

/** What was written of a kind lately. */
export function writesOf(state: AccountState, kind: Kind): Recent<Write> {
	let writes = state.writes.get(kind.path);
	if (!writes) {
		writes = createRecent(WRITES, WRITES_MS);
		state.writes.set(kind.path, writes);
	}
	return writes;
}

/**
 * Notes a write, for readings that are older or don't show it yet.
 *
 * @param record what is known of it, added to what was known before; nothing: it was deleted
 */
export function noteWrite(channel: Channel, kind: Kind, id: string, record?: IDataObject): void {
	const state = stateOf(channel);
	const writes = writesOf(state, kind);
	const known = writes.get(id)?.record ?? state.readings.get(kind.path)?.records.get(id);
	writes.set(id, { at: performance.now(), ...(record && { record: { ...known, ...record } }) });
}

/** The ranks of claims: work that holds one claims only those behind it. */
const RANKS: Readonly<Record<string, number>> = { number: 1, trunk_id: 2 };

/** A record for oneself, to change or delete it; `shared`: to refer to it. */
export const recordClaim = (kind: Kind, id: string, shared = false): Claim => ({
	key: `${RANKS[kind.idField] ?? 3} ${kind.path}${id}`,
	shared,
});

/** Whatever has this identity, or is to have it. */
export const identityClaim = (kind: Kind, identity: IDataObject): Claim => ({
	key: `0 ${kind.path}${kind.identityOf(identity)}`,
});

/**
 * Runs work while nothing else in this process has the claims. A record of which a write may still be
 * carried out stays claimed until it can't be any more: else it would undo what comes after it.
 */
export async function hold<T>(
	channel: Channel,
	claims: readonly Claim[],
	work: () => Promise<T>,
): Promise<T> {
	const { locks, openWrites } = stateOf(channel);
	const linger = () =>
		Math.max(0, ...claims.map(({ key }) => openWrites.get(key) ?? 0)) - performance.now();
	return await locks.hold(claims, channel.signal, work, linger);
}

/** Notes that a write of a record, sent by then, may still be carried out. */
export function noteOpenWrite(channel: Channel, kind: Kind, id: string, openSince: number): void {
	stateOf(channel).openWrites.set(recordClaim(kind, id).key, openSince + settling.ms);
}
