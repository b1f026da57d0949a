import type { IDataObject } from 'n8n-workflow';

import { timeFromPlivo } from '../input/time';
import { CALL } from '../records/call';
import { PAGE_SIZE } from '../records/list';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** So far back a listing without a time filter goes (plivo.com/docs/sip-trunking/api/calls). */
const SEARCHED_MS = 30 * 86_400_000;

/** A call's record may appear up to a minute after the call's end; twice that is waited for. */
const LATE_MS = 120_000;

/** Most records that one poll reads, so that it ends in time however much there is to catch up with. */
export const MOST_READ = 4_000;

/** More readings than this can't all be disturbed by new calls on an account of Plivo's size. */
const START_READINGS = 5;

/** What has been done with, among an account's calls. Kept from poll to poll. */
export interface CallCursor {
	/** All calls that ended before this are done with. Milliseconds since 1970, whole seconds. */
	readonly from: number;
	/** Of those that ended since, the ones that are done with: when they ended, by `call_uuid`. */
	readonly seen: Record<string, number>;
}

/** A span of calls' ends in milliseconds since 1970; both ends belong to it. */
export interface Span {
	readonly from?: number;
	readonly until?: number;
}

/** Calls that ended within a span. */
export interface Reading {
	readonly calls: IDataObject[];
	/** How many there are, of which `calls` may be the newest only. */
	readonly total: number;
	/** Calls came or went while they were read: some may be missing. */
	readonly shifted: boolean;
}

/** Reads calls, the newest first. */
export type ReadCalls = (span: Span, atMost: number) => Promise<Reading>;

/** A call's end in milliseconds since 1970; NaN when it has none. */
const endOf = (call: IDataObject) => timeFromPlivo(call.end_time);

/**
 * The end of the newest call. Plivo's clock is past it, which is all that must be known of that clock:
 * this computer's plays no part, save that an end in the future is a mistake and must not count.
 */
const newestEnd = (calls: IDataObject[], now: number) =>
	Math.max(...calls.map(endOf).filter((end) => end <= now + HOUR_MS));

/**
 * A cursor behind everything that is there now.
 *
 * @param now this computer's time; where there are no calls yet it may be wrong by days
 */
export async function startOfCalls(read: ReadCalls, now: number): Promise<CallCursor> {
	const first = await read({}, PAGE_SIZE);
	const newest = newestEnd(first.calls, now);
	const from =
		newest === -Infinity
			? Math.floor((now - SEARCHED_MS) / SECOND_MS) * SECOND_MS
			: newest - LATE_MS;
	const present = [...first.calls];
	const reachesBack = first.total <= PAGE_SIZE || first.calls.some((call) => endOf(call) < from);
	for (let readings = 0; !reachesBack && readings < START_READINGS; readings++) {
		const { calls, shifted } = await read({ from, until: newest }, Infinity);
		present.push(...calls);
		if (!shifted) break;
	}
	return { from, seen: endsOf(present.filter((call) => endOf(call) >= from)) };
}

/**
 * Reads the calls that ended since a moment, the oldest of them when there are too many for one poll.
 *
 * Nothing is added any more to calls that ended two minutes before the newest one: they are read as a
 * listing of their own, which stays as it is while it is read. What is newer is read as far as it is
 * there, and once more by the next poll.
 *
 * @returns `settled`: all calls that ended before it are among `calls`
 */
export async function callsSince(
	read: ReadCalls,
	from: number,
	now: number,
): Promise<{ calls: IDataObject[]; settled: number }> {
	const newest = await read({ from }, PAGE_SIZE);
	const horizon = Math.max(from, newestEnd(newest.calls, now) - LATE_MS);
	// One page shows the account at one moment.
	if (newest.total <= PAGE_SIZE) return { calls: newest.calls, settled: horizon };

	let settled = from;
	const calls: IDataObject[] = [];
	if (horizon > from) {
		const last = horizon - SECOND_MS;
		const until = newest.total <= MOST_READ ? last : await readableUntil(read, from, last);
		const old = await read({ from, until }, Infinity);
		calls.push(...old.calls);
		if (!old.shifted) settled = until + SECOND_MS;
		if (until < last) return { calls, settled };
	}
	const fresh = await read({ from: horizon }, MOST_READ);
	return { calls: [...calls, ...fresh.calls], settled };
}

/** The end of a span with enough calls for one poll and not too many; a second at the least. */
async function readableUntil(read: ReadCalls, from: number, last: number): Promise<number> {
	let fitting = from;
	let exceeding = last + SECOND_MS;
	for (let until = last; ; until = fitting + halfOf(exceeding - fitting)) {
		const { total } = await read({ from, until }, PAGE_SIZE);
		if (total > MOST_READ) exceeding = until;
		else fitting = until;
		const enough = total <= MOST_READ && total > MOST_READ / 2;
		if (enough || exceeding - fitting <= SECOND_MS) return fitting;
	}
}

const halfOf = (ms: number) => Math.floor(ms / 2 / SECOND_MS) * SECOND_MS;

/**
 * Picks what is to be emitted of the calls that were read, the oldest first, and moves the cursor
 * behind it.
 *
 * @param matches which calls are wanted
 * @param most how many are emitted at once; the others stay before the cursor
 */
export function pickCalls(
	{ from, seen }: CallCursor,
	{ calls, settled }: { calls: IDataObject[]; settled: number },
	matches: (call: IDataObject) => boolean,
	most: number,
): { picked: IDataObject[]; cursor: CallCursor } {
	const fresh = calls
		.filter((call) => endOf(call) >= from && !(idOf(call) in seen) && matches(call))
		.sort((one, other) => endOf(one) - endOf(other));
	const picked = fresh.slice(0, most);
	const left = fresh[most];
	const next = left ? Math.min(settled, endOf(left)) : settled;
	const done = Object.entries({ ...seen, ...endsOf(picked) }).filter(([, end]) => end >= next);
	return { picked, cursor: { from: next, seen: Object.fromEntries(done) } };
}

const idOf = (call: IDataObject) => String(call[CALL.idField]);

const endsOf = (calls: IDataObject[]): Record<string, number> =>
	Object.fromEntries(calls.map((call) => [idOf(call), endOf(call)]));
