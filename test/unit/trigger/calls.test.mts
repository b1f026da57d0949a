import type { IDataObject } from 'n8n-workflow';

import { plivoTime } from '../../../nodes/PlivoSipTrunking/input/time.ts';
import {
	type CallCursor,
	MOST_KNOWN,
	nextCalls,
	type ReadCalls,
	startOfCalls,
} from '../../../nodes/PlivoSipTrunking/trigger/calls.ts';
import {
	addKnown,
	countKnown,
	isKnown,
	knownFrom,
	knownText,
	type KnownCalls,
} from '../../../nodes/PlivoSipTrunking/trigger/knownCalls.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 25, 12);

const callAt = (id: string, ago: number): IDataObject => ({
	call_uuid: id,
	end_time: plivoTime(NOW - ago),
});

/** Each time is read once: the lists here are filtered and sorted over and over. */
const times = new Map<unknown, number>();
function madeAt({ end_time: text }: IDataObject): number {
	const time = times.get(text) ?? Date.parse(`${String(text).replace(' ', 'T')}Z`);
	times.set(text, time);
	return time;
}

/**
 * Reads a list in memory, 20 calls at a time, in the given order; a call whose end can't be read counts in every
 * span. `kept`: the filters that Plivo ignores.
 */
function listOf(calls: IDataObject[], kept: (call: IDataObject) => boolean = () => true) {
	let pages = 0;
	const read: ReadCalls = async ({ from = -Infinity, until = Infinity }, { accept, enough }) => {
		const found = calls.filter((call) => !(madeAt(call) < from) && !(madeAt(call) >= until));
		const taken: IDataObject[] = [];
		let offset = 0;
		do {
			pages++;
			const page = found.slice(offset, offset + 20);
			// As a page is taken: every call is told of, and the filters are held against it afterwards.
			taken.push(...page.filter(accept).filter(kept));
			offset += 20;
		} while (offset < found.length && !enough(found.length));
		return {
			calls: taken,
			total: found.length,
			recounted: false,
			clean: offset >= found.length,
		};
	};
	return { read, pages: () => pages };
}

const choice = { matches: () => true, most: 2000, now: () => NOW };

const newestFirst = (calls: IDataObject[]) =>
	[...calls].sort((one, other) => madeAt(other) - madeAt(one));

it('remembers no more calls than it may, for a shorter time then, and emits each once', async () => {
	const { cursor: start } = await startOfCalls(listOf([]).read, () => NOW);
	let cursor: CallCursor = JSON.parse(JSON.stringify(start)) as CallCursor;
	const calls = newestFirst(
		Array.from({ length: MOST_KNOWN + 2000 }, (_, index) =>
			callAt(`call-${index}`, (index % 3500) * 1000),
		),
	);
	const { read } = listOf(calls);
	const emitted = new Set<unknown>();
	let times = 0;
	let shortened = false;
	for (let polls = 0; polls < 16; polls++) {
		const next = await nextCalls(read, cursor, choice);
		cursor = JSON.parse(JSON.stringify(next.cursor)) as CallCursor;
		shortened ||= next.shortened;
		for (const { call_uuid } of next.picked) emitted.add(call_uuid);
		times += next.picked.length;
		expect(JSON.stringify(cursor).length).toBeLessThan(165_000);
	}
	expect(times).toBe(calls.length);
	expect(emitted.size).toBe(calls.length);
	expect(shortened).toBe(true);
	expect(cursor.since).toBeGreaterThan(NOW - 60 * MINUTE);
});

it('starts with the newest calls of an hour that has more than one poll reads', async () => {
	const calls = newestFirst(
		Array.from({ length: 5000 }, (_, index) => callAt(`call-${index}`, index * 700)),
	);
	const { read, pages } = listOf(calls);
	const { cursor, shortened } = await startOfCalls(read, () => NOW);
	expect(pages()).toBeLessThan(205);
	expect(shortened).toBe(true);
	expect(cursor.since).toBeGreaterThan(NOW - 60 * MINUTE);
	const { picked } = await nextCalls(read, cursor, choice);
	expect(picked).toEqual([]);
});

it('finds what is new in any order of the list', async () => {
	const known = Array.from({ length: 50 }, (_, index) => callAt(`old-${index}`, index * 60_000));
	const { cursor } = await startOfCalls(listOf(newestFirst(known)).read, () => NOW);
	const fresh = Array.from({ length: 50 }, (_, index) => callAt(`new-${index}`, index * 55_000));
	const all = newestFirst([...known, ...fresh]).reverse();
	const { picked } = await nextCalls(listOf(all).read, cursor, choice);
	expect(picked).toEqual(newestFirst(fresh).reverse());
});

it('emits nothing that a filter leaves out which Plivo ignores, and does not read for it again', async () => {
	const kept = ({ call_uuid }: IDataObject) => String(call_uuid).startsWith('inbound');
	const { cursor } = await startOfCalls(listOf([], kept).read, () => NOW);
	const calls = newestFirst(
		Array.from({ length: 90 }, (_, index) =>
			callAt(`${index % 3 === 0 ? 'inbound' : 'outbound'}-${index}`, index * 20_000),
		),
	);
	const first = await nextCalls(listOf(calls, kept).read, cursor, choice);
	expect(first.picked).toHaveLength(30);
	const { read, pages } = listOf(calls, kept);
	const second = await nextCalls(read, first.cursor, choice);
	expect(second.picked).toEqual([]);
	expect(pages()).toBe(1);
});

it.each(['first', 'last'])(
	'emits each call once, and goes on, while calls without an end are %s in every list',
	async (place) => {
		const endless = [null, '', 'soon'].map((end_time, index) => ({
			call_uuid: `endless-${index}`,
			end_time,
		}));
		const old = Array.from({ length: 100 }, (_, index) => callAt(`old-${index}`, index * 30_000));
		const listed = (calls: IDataObject[]) =>
			listOf(place === 'first' ? [...endless, ...calls] : [...calls, ...endless]).read;
		let { cursor } = await startOfCalls(listOf(old).read, () => NOW);
		let calls = old;
		const emitted: IDataObject[] = [];
		for (let poll = 1; poll <= 5; poll++) {
			const time = NOW + poll * 30 * MINUTE;
			const fresh = Array.from({ length: 70 }, (_, index) =>
				callAt(`new-${poll}-${index}`, NOW - time + index * 15_000),
			);
			calls = newestFirst([...fresh, ...calls]);
			const next = await nextCalls(listed(calls), cursor, { ...choice, now: () => time });
			cursor = JSON.parse(JSON.stringify(next.cursor)) as CallCursor;
			emitted.push(...next.picked);
			expect(cursor.since).toBe(time - 60 * MINUTE);
		}
		const names = emitted.map(({ call_uuid }) => String(call_uuid));
		expect(names).toHaveLength(5 * 70 + 3);
		expect(new Set(names).size).toBe(names.length);
	},
);

it('goes on when a record has gone at Plivo', async () => {
	const calls = newestFirst(
		Array.from({ length: 300 }, (_, index) => callAt(`call-${index}`, index * 10_000)),
	);
	const { cursor } = await startOfCalls(listOf(calls).read, () => NOW);
	calls.splice(150, 1);
	const later = NOW + 30 * MINUTE;
	const fresh = callAt('call-new', -30 * MINUTE);
	const { picked, cursor: next } = await nextCalls(listOf([fresh, ...calls]).read, cursor, {
		...choice,
		now: () => later,
	});
	expect(picked).toEqual([fresh]);
	expect(next.since).toBe(later - 60 * MINUTE);
});

describe('known calls', () => {
	it('are the same after JSON, less those that ended before', () => {
		const known: KnownCalls = new Map();
		const [old, kept] = [callAt('old', 90 * MINUTE), callAt('kept', MINUTE)];
		addKnown(known, [old, kept]);
		const since = NOW - 60 * MINUTE;
		const text = JSON.parse(JSON.stringify(knownText(known, since))) as Record<string, string>;
		const read = knownFrom(text, since);
		expect(isKnown(read, kept)).toBe(true);
		expect(isKnown(read, old)).toBe(false);
		expect(isKnown(read, callAt('kept', 2 * MINUTE))).toBe(false);
		expect(countKnown(read, { from: since })).toBe(1);
		expect(countKnown(read, { from: NOW })).toBe(0);
	});

	it('of one minute are told apart, however alike their ids are', () => {
		const known: KnownCalls = new Map();
		const calls = Array.from({ length: 100_000 }, (_, index) =>
			callAt(`5f5fbbfa-7c39-4d8f-9a21-${String(index).padStart(12, '0')}`, MINUTE),
		);
		addKnown(known, calls);
		expect(countKnown(known, {})).toBe(calls.length);
	});
});
