import type { IDataObject } from 'n8n-workflow';

import { PAGE_SIZE } from '../records/list';
import {
	addKnown,
	boundedSince,
	countKnown,
	endOf,
	isKnown,
	isKnownEndless,
	type KnownCalls,
	knownFrom,
	knownText,
	type KnownText,
	MINUTE_MS,
	minutesOf,
	removeKnown,
	type Span,
	startOfMinute,
} from './knownCalls';

/** A call's record may appear so long after the call's end, and the call is emitted still. */
const LATE_MS = 60 * MINUTE_MS;

/** Most records appear within so long of the call's end: older spans stay as they are while they are read. */
const SETTLING_MS = 2 * MINUTE_MS;

/**
 * An account without calls in the last 30 days, as far as a listing without a time filter goes
 * (plivo.com/docs/sip-trunking/api/calls), is watched from here: whatever this computer's clock says
 * wrong by less than 15 days, it is neither before those 30 days nor in the future.
 */
const EMPTY_MS = 15 * 86_400_000;

/** Most records that one poll reads on purpose, so that it ends in time however much there is to catch up with. */
const MOST_READ = 4_000;

/** A span of so few calls is read whole, instead of being halved to find the few that are new. */
const FEW_CALLS = 10 * PAGE_SIZE;

/** Most calls that are remembered: their hashes are 160 KB of static data. */
export const MOST_KNOWN = 20_000;

/** More readings than this can't all be disturbed by new calls on an account of Plivo's size. */
const START_READINGS = 5;

/** What has been done with, among an account's calls. Kept as JSON from poll to poll. */
export interface CallCursor {
	/** All calls that ended before this are done with. Milliseconds since 1970, whole minutes. */
	readonly since: number;
	/** Of those that ended since, the ones that are done with. */
	readonly known: KnownText;
}

/** What a reading is to bring. */
export interface Wanted {
	/** Called with every call that is read; returns whether it is wanted. */
	readonly accept: (call: IDataObject) => boolean;
	/** About how many calls are wanted: for how many pages are asked for at a time. */
	readonly about: number;
	/** Asked after each page, with the count of the first one, whether that is all that is wanted. */
	readonly enough: (total: number) => boolean;
}

/** What a reading of a span was worth. */
export interface Reading {
	/** The accepted calls that keep to the filters. */
	readonly calls: IDataObject[];
	/** How many Plivo counted when it began. */
	readonly total: number;
	/** The count changed meanwhile. */
	readonly recounted: boolean;
	/** It went to the end, and shows the list as it was at one moment. */
	readonly clean: boolean;
}

/** Reads the calls of a span until enough have come. */
export type ReadCalls = (span: Span, wanted: Wanted) => Promise<Reading>;

/** The calls of a span that aren't known, as far as they were read. */
interface Look extends Omit<Reading, 'calls'> {
	readonly fresh: IDataObject[];
	/** Those of them that keep to the filters: Plivo may ignore one (live). */
	readonly kept: IDataObject[];
	/** Of all calls that came, known or not, as far as they have one. */
	readonly ends: number[];
	/** So many are missing to what Plivo counts, by what was known before. */
	readonly missing: number;
	/** Nothing of the span is missing. */
	readonly proven: boolean;
}

/**
 * Looks into a span for calls that aren't known: at its first page; or, with `most`, until as many have
 * come as Plivo counts more than are known, or about so many.
 */
async function look(read: ReadCalls, known: KnownCalls, span: Span, most?: number): Promise<Look> {
	const fresh: IDataObject[] = [];
	const ends: number[] = [];
	let count = countKnown(known, span);
	const { calls, ...reading } = await read(span, {
		accept(call) {
			const end = endOf(call);
			if (!Number.isNaN(end)) ends.push(end);
			const isFresh = !isKnown(known, call);
			if (isFresh) fresh.push(call);
			else if (isKnownEndless(known, call)) {
				// Which spans Plivo counts it in shows only here. It may have got an end meanwhile.
				count++;
				addKnown(known, [call]);
			}
			return isFresh;
		},
		about: most ?? 1,
		enough: (total) => most === undefined || fresh.length >= most || fresh.length === total - count,
	});
	const missing = reading.total - count;
	// One moment's count, and as many calls as it says.
	const counted = !reading.recounted && fresh.length === missing;
	return { ...reading, fresh, kept: calls, ends, missing, proven: counted || reading.clean };
}

/**
 * The end of the newest call that isn't in the future: Plivo's clock is past it, which is all that must
 * be known of that clock. Where this computer's is behind, by hours even, an earlier end is taken: more
 * stays watched then, and nothing is lost. An end in the future is a mistake and doesn't count.
 *
 * @param now this computer's time, or Plivo's where it is known
 */
function newestEnd(ends: number[], now: number): number | undefined {
	const past = ends.filter((end) => end <= now);
	if (past.length > 0) return Math.max(...past);
	// A whole page of mistakes isn't likely: it is the clock.
	return ends.length >= PAGE_SIZE ? Math.min(...ends) : undefined;
}

/** Where the calls begin whose records may still appear. */
const lateSince = (newest: number) => startOfMinute(newest - LATE_MS);

/** A cursor, and whether it watches less than an hour since there are too many calls. */
export interface NextCursor {
	readonly cursor: CallCursor;
	readonly shortened: boolean;
}

function cursorAt(known: KnownCalls, since: number): NextCursor {
	const bounded = boundedSince(known, since, MOST_KNOWN);
	return {
		cursor: { since: bounded, known: knownText(known, bounded) },
		shortened: bounded > since,
	};
}

/**
 * A cursor behind everything that is there now. What ended before and appears later is new.
 *
 * @param now this computer's time, or Plivo's where it is known
 */
export async function startOfCalls(read: ReadCalls, now: () => number): Promise<NextCursor> {
	const known: KnownCalls = new Map();
	const first = await look(read, known, {});
	addKnown(known, first.fresh);
	const newest = newestEnd(first.ends, now());
	if (newest === undefined) return cursorAt(known, startOfMinute(now() - EMPTY_MS));
	const from = lateSince(newest);
	if (first.total <= PAGE_SIZE) return cursorAt(known, from);
	// What is newer is on the first page: calls come newest first (live).
	const until = startOfMinute(newest) + MINUTE_MS;
	const recent = await look(read, known, { from, until }, MOST_READ);
	addKnown(known, recent.fresh);
	if (recent.fresh.length >= MOST_READ) {
		const oldest = startOfMinute(Math.min(newest, ...recent.ends));
		return { ...cursorAt(known, oldest + MINUTE_MS), shortened: true };
	}
	const state: Search = {
		read,
		known,
		fresh: [],
		take: ({ fresh }) => addKnown(known, fresh),
		isFull: () => false,
		settled: recent.proven ? until : from,
	};
	for (let reading = 1; state.settled < until && reading <= START_READINGS; reading++) {
		await search(state, state.settled, until);
	}
	return cursorAt(known, from);
}

/** What a poll has found so far. */
interface Search {
	readonly read: ReadCalls;
	/** Also those that were found. */
	readonly known: KnownCalls;
	/** Calls that weren't known. */
	readonly fresh: IDataObject[];
	readonly take: (found: Look) => void;
	/** So much has been found that the rest is left for the next polls. */
	readonly isFull: () => boolean;
	/** All calls that ended before it have been found. */
	settled: number;
}

/** Calls that end in one second may be in another order on each page, and one of them on none. */
const MINUTE_READINGS = 3;

/**
 * Finds the calls of a span that aren't known, the oldest first. Where only a few of many are new, as
 * when records appear late, the counts of ever smaller spans lead to them.
 *
 * @returns whether there is room for more
 */
async function search(state: Search, from: number, until: number): Promise<boolean> {
	const { read, known, fresh, take, isFull } = state;
	const settle = () => {
		if (state.settled === from) state.settled = until;
	};
	const middle = from + Math.floor((until - from) / MINUTE_MS / 2) * MINUTE_MS;
	const inHalves = async () =>
		(await search(state, from, middle)) && (await search(state, middle, until));

	const first = await look(read, known, { from, until });
	const { total, missing } = first;
	if (first.proven) {
		take(first);
		settle();
		return !isFull();
	}
	const isFew = total > FEW_CALLS && total > 2 * missing;
	if (middle > from && (missing > MOST_READ || isFew)) return await inHalves();
	if (fresh.length > 0 && fresh.length + missing > MOST_READ) return false;
	for (let reading = 1; reading <= MINUTE_READINGS; reading++) {
		const found = await look(read, known, { from, until }, Math.max(missing, 0) + PAGE_SIZE);
		take(found);
		if (found.proven) settle();
		// One that has just appeared is the next poll's.
		if (found.proven || found.recounted) break;
		if (middle > from) return await inHalves();
	}
	return !isFull();
}

/** What is to be emitted, and how. */
export interface CallChoice {
	/** Which calls are wanted. */
	readonly matches: (call: IDataObject) => boolean;
	/** How many are emitted at once; the others follow with the next polls. */
	readonly most: number;
	/** This computer's time, or Plivo's where it is known. */
	readonly now: () => number;
}

/**
 * Finds the calls that aren't done with, the oldest first, and moves the cursor behind those that are
 * emitted.
 *
 * One request tells whether there are as many calls since the cursor as are known; mostly that is all.
 * Where its page doesn't hold all the new ones, those that ended minutes ago are searched by counts: nothing
 * moves there. What is newer is read as far as it is there. What a reading misses, whatever shifted, the
 * next poll's count shows: the cursor never passes what isn't proven.
 */
export async function nextCalls(
	read: ReadCalls,
	{ since, known: text }: CallCursor,
	{ matches, most, now }: CallChoice,
): Promise<NextCursor & { picked: IDataObject[] }> {
	const known = knownFrom(text, since);
	const fresh: IDataObject[] = [];
	const wanted: IDataObject[] = [];
	const take = (found: Look) => {
		addKnown(known, found.fresh);
		fresh.push(...found.fresh);
		wanted.push(...found.kept.filter(matches));
	};
	const top = await look(read, known, { from: since });
	const newest = newestEnd([...top.ends, ...minutesOf(known)], now());
	let settled = Infinity;
	if (top.proven) take(top);
	else {
		const isFull = () => fresh.length >= MOST_READ || wanted.length >= most;
		const state: Search = { read, known, fresh, take, isFull, settled: since };
		const horizon = Math.max(since, startOfMinute((newest ?? since) - SETTLING_MS));
		const hasRoom = horizon <= since || (await search(state, since, horizon));
		if (hasRoom) await searchNewest(state, horizon, top.missing - fresh.length);
		settled = state.settled;
	}

	// One without a usable end comes first, and keeps the cursor where it is while it is left.
	const endIn = (call: IDataObject) => endOf(call) || since;
	wanted.sort((one, other) => endIn(one) - endIn(other));
	const left = wanted.slice(most);
	removeKnown(known, left);
	const next = Math.min(
		settled,
		newest === undefined ? since : lateSince(newest),
		left[0] ? startOfMinute(endIn(left[0])) : Infinity,
	);
	return { picked: wanted.slice(0, most), ...cursorAt(known, Math.max(since, next)) };
}

/** Finds the calls that ended lately, the newest first: more of them may end meanwhile. */
async function searchNewest(state: Search, from: number, missing: number): Promise<void> {
	const most = Math.min(Math.max(missing, 0) + PAGE_SIZE, MOST_READ);
	const found = await look(state.read, state.known, { from }, most);
	state.take(found);
	if (found.proven || found.recounted || found.fresh.length >= most) return;
	// The order isn't stable: smaller spans have fewer pages.
	await search(state, from, startOfMinute(Math.max(from, ...found.ends)) + MINUTE_MS);
}
