import type { IDataObject } from 'n8n-workflow';

import { timeFromPlivo } from '../input/time';
import { CALL } from '../records/call';

export const MINUTE_MS = 60_000;

/** A span of calls' ends in milliseconds since 1970, whole minutes; `until` no longer belongs to it. */
export interface Span {
	readonly from?: number;
	readonly until?: number;
}

/**
 * Which calls are done with: short hashes of their ids, by the minute of their end since 1970; under NaN those
 * whose record has no usable end.
 */
export type KnownCalls = Map<number, Set<string>>;

/** The same as JSON: the hashes of a minute one behind the other. */
export type KnownText = Record<string, string>;

/** A call's end in milliseconds since 1970; NaN when it has none. */
export const endOf = (call: IDataObject) => timeFromPlivo(call.end_time);

/** The whole minute that a moment is in; both in milliseconds since 1970. */
export const startOfMinute = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;

const minuteOf = (call: IDataObject) => Math.floor(endOf(call) / MINUTE_MS);

const HASH_LENGTH = 8;

/** 41 bits of 53; two calls that end in the same minute practically never share them. */
function hashOf(call: IDataObject): string {
	const id = String(call[CALL.idField]);
	let one = 0x811c9dc5;
	let other = 0x9e3779b9;
	for (let index = 0; index < id.length; index++) {
		const code = id.charCodeAt(index);
		one = Math.imul(one ^ code, 0x01000193);
		other = Math.imul(other ^ code, 0x85ebca6b);
	}
	// The last characters of an id must move all bits as well.
	one = Math.imul(one ^ (one >>> 15) ^ (other >>> 13), 0x2c1b3c6d);
	other = Math.imul(other ^ (other >>> 15) ^ (one >>> 13), 0x297a2d39);
	const bits = ((one ^ (one >>> 16)) >>> 0) * 2 ** 21 + (other >>> 11);
	return bits.toString(36).padStart(HASH_LENGTH, '0').slice(-HASH_LENGTH);
}

/** Whether a call is done with that had no usable end then: Plivo may count it in any span. */
export const isKnownEndless = (known: KnownCalls, call: IDataObject): boolean =>
	known.get(NaN)?.has(hashOf(call)) ?? false;

/** Whether a call is done with. */
export const isKnown = (known: KnownCalls, call: IDataObject): boolean =>
	isKnownEndless(known, call) || (known.get(minuteOf(call))?.has(hashOf(call)) ?? false);

/** Notes that calls are done with. */
export function addKnown(known: KnownCalls, calls: Iterable<IDataObject>): void {
	for (const call of calls) {
		known.get(NaN)?.delete(hashOf(call));
		const minute = minuteOf(call);
		const hashes = known.get(minute) ?? new Set();
		known.set(minute, hashes.add(hashOf(call)));
	}
}

/** Forgets calls, so that they are new again. */
export function removeKnown(known: KnownCalls, calls: Iterable<IDataObject>): void {
	for (const call of calls) known.get(minuteOf(call))?.delete(hashOf(call));
}

/** The whole minutes in which known calls ended, in milliseconds since 1970. */
export const minutesOf = (known: KnownCalls): number[] =>
	[...known.keys()].filter((minute) => !Number.isNaN(minute)).map((minute) => minute * MINUTE_MS);

/** How many of the known calls ended within a span. */
export function countKnown(
	known: KnownCalls,
	{ from = -Infinity, until = Infinity }: Span,
): number {
	let count = 0;
	for (const [minute, hashes] of known) {
		const at = minute * MINUTE_MS;
		if (at >= from && at < until) count += hashes.size;
	}
	return count;
}

/** Most calls without a usable end that are remembered, those that Plivo has shown last. */
const MOST_ENDLESS = 1000;

/** Whether a minute is not over at a moment; calls without a usable end are kept. */
const isSince = (since: number, minute: number) => !(minute * MINUTE_MS < since);

/** The calls that ended since a moment, whole minutes, as JSON. */
export function knownText(known: KnownCalls, since: number): KnownText {
	const kept = [...known].filter(([minute, hashes]) => isSince(since, minute) && hashes.size > 0);
	return Object.fromEntries(
		kept.map(([minute, hashes]) => {
			const all = [...hashes];
			return [minute, (Number.isNaN(minute) ? all.slice(-MOST_ENDLESS) : all).join('')];
		}),
	);
}

/** The calls of a text that ended since a moment, whole minutes. */
export function knownFrom(text: KnownText, since: number): KnownCalls {
	const pattern = new RegExp(`.{${HASH_LENGTH}}`, 'g');
	return new Map(
		Object.entries(text)
			.map(([minute, hashes]): [number, Set<string>] => [
				Number(minute),
				new Set(hashes.match(pattern) ?? []),
			])
			.filter(([minute]) => isSince(since, minute)),
	);
}

/**
 * The earliest moment since which no more than so many calls are known; not before the given one.
 *
 * @param most at least those of the newest minute stay
 */
export function boundedSince(known: KnownCalls, since: number, most: number): number {
	let count = 0;
	for (const from of minutesOf(known).sort((one, other) => other - one)) {
		const isNewest = count === 0;
		count += known.get(from / MINUTE_MS)?.size ?? 0;
		if (count > most && !isNewest) return Math.max(since, from + MINUTE_MS);
	}
	return since;
}
