import type { Channel } from '../transport/channel';
import { PlivoFailure, unlessGone } from '../failure';
import { settling } from '../transport/settling';
import { OLDEST_MS, type Reading, readingOf, stateOf, writesOf } from './accountState';
import { type AccountRecord, idOf, type Kind, referencesOf, type Values } from './kind';
import { getRecord, listRecords, type Page, PAGE_SIZE, readPage } from './list';
import { sharedKey, sharedLookup } from './sharedLookup';

/** A reading is used without a look at the account for so long at most. */
const UNCHECKED_MS = 60_000;

/** Larger listings aren't kept in memory. */
const MOST_RECORDS = 50_000;

/** So many pages are read at either end to bring a reading up to date; then all of it is read. */
const MOST_PAGES = 10;

/**
 * All records of a kind, as Plivo shows them after this call. Those who ask at the same time share one
 * look; the latest reading is brought up to date with one request where nobody else has changed the list.
 *
 * @throws PlivoFailure
 */
export async function currentReading<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
): Promise<Reading<R>> {
	return await sharedLookup(channel, kind.path, async (asking) => {
		const state = stateOf(asking);
		const known = readingOf(state, kind);
		const caughtUp = known && isUsable(known) ? await caughtUpWith(asking, kind, known) : undefined;
		const reading = caughtUp ?? (await wholeReading(asking, kind));
		if (reading.ids.length <= MOST_RECORDS) state.readings.set(kind.path, reading);
		else state.readings.delete(kind.path);
		return reading;
	});
}

function isUsable({ readAt, checkedAt }: Reading): boolean {
	const now = performance.now();
	return now - checkedAt < UNCHECKED_MS && now - readAt < OLDEST_MS;
}

async function wholeReading<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
): Promise<Reading<R>> {
	const readAt = performance.now();
	const records = await listRecords(channel, kind);
	return {
		...indexed(
			kind,
			records.map((record) => idOf(kind, record)),
			new Map(records.map((record) => [idOf(kind, record), record])),
		),
		readAt,
		checkedAt: readAt,
	};
}

/** Records that can be looked up; an index is made when it is first asked. */
function indexed<R extends AccountRecord>(
	kind: Kind<R>,
	ids: readonly string[],
	records: ReadonlyMap<string, R>,
): Pick<Reading<R>, 'ids' | 'records' | 'ofIdentity' | 'referringTo'> {
	const lookup = (keysOf: (record: R) => string[]) => {
		let index: Map<string, R[]> | undefined;
		return (key: string) => {
			if (!index) {
				index = new Map();
				for (const record of records.values()) {
					for (const one of keysOf(record)) {
						const known = index.get(one);
						if (known) known.push(record);
						else index.set(one, [record]);
					}
				}
			}
			return index.get(key) ?? [];
		};
	};
	return {
		ids,
		records,
		ofIdentity: lookup((record) => [kind.identityOf(record)]),
		referringTo: lookup((record) => referencesOf(kind, record).map(({ id }) => id)),
	};
}

/**
 * The reading with what has come since, from the pages at its ends; nothing where more than that has
 * changed. The count and the records at both ends tell.
 */
async function caughtUpWith<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	reading: Reading<R>,
): Promise<Reading<R> | undefined> {
	const checkedAt = performance.now();
	const writes = writesOf(stateOf(channel), kind);
	const wasDeleted = (id: string) => {
		const write = writes.get(id);
		return write !== undefined && write.record === undefined;
	};
	const known = reading.ids.filter((id) => !wasDeleted(id));
	const [first, last] = [known[0], known.at(-1)];
	if (first === undefined || last === undefined) return undefined;

	const read = async (offset: number) => await readPage(channel, kind, {}, offset);
	const front = await newAtFront(kind, read, first);
	if (!front || !goesOn(kind, front.page, front.at, known)) return undefined;
	const ahead = front.fresh;
	const expected = known.length + ahead.length;
	const { total: count } = front.page;
	const allSeen = front.page.offset === 0 && count <= PAGE_SIZE;
	// What is new is at the front, and the count has room for nothing else.
	const growsAtFront = ahead.length > 0 && count === expected;
	const end =
		allSeen || growsAtFront
			? { fresh: front.page.records.slice(expected), total: count }
			: await newAtEnd(kind, read, expected - 1, last);
	if (!end) return undefined;
	const { fresh: behind, total } = end;
	if (total !== expected + behind.length) return undefined;

	// The known ones are the reading's own.
	const records = new Map(known.map((id) => [id, reading.records.get(id) as R]));
	for (const record of [...ahead, ...front.page.records, ...behind]) {
		records.set(idOf(kind, record), record);
	}
	const ids = [
		...ahead.map((record) => idOf(kind, record)),
		...known,
		...behind.map((record) => idOf(kind, record)),
	];
	return {
		...indexed(kind, ids, records),
		readAt: reading.readAt,
		checkedAt,
	};
}

type ReadPage<R extends AccountRecord> = (offset: number) => Promise<Page<R>>;

/** What stands before the record that was the first; the page where that is, and its place there. */
async function newAtFront<R extends AccountRecord>(
	kind: Kind<R>,
	read: ReadPage<R>,
	first: string,
) {
	const fresh: R[] = [];
	for (let number = 0; number < MOST_PAGES; number++) {
		const offset = number * (PAGE_SIZE - 1);
		const page = await read(offset);
		const at = page.records.findIndex((record) => idOf(kind, record) === first);
		const before = at < 0 ? page.records : page.records.slice(0, at);
		const seam = fresh.at(-1);
		const [overlap] = page.records;
		if (seam && (!overlap || idOf(kind, overlap) !== idOf(kind, seam))) return undefined;
		fresh.push(...before.slice(seam ? 1 : 0));
		if (at >= 0) return { fresh, page, at };
		if (page.records.length < PAGE_SIZE) return undefined;
	}
	return undefined;
}

/** Whether the rest of the page is what was known, in its order. */
function goesOn(kind: Kind, page: Page, at: number, known: readonly string[]): boolean {
	return page.records
		.slice(at, at + known.length)
		.every((record, index) => idOf(kind, record) === known[index]);
}

/** What follows the record that was the last. */
async function newAtEnd<R extends AccountRecord>(
	kind: Kind<R>,
	read: ReadPage<R>,
	lastAt: number,
	last: string,
) {
	const fresh: R[] = [];
	let seam = last;
	for (let number = 0; number < MOST_PAGES; number++) {
		const page = await read(lastAt + fresh.length);
		const [first, ...others] = page.records;
		if (!first || idOf(kind, first) !== seam) return undefined;
		fresh.push(...others);
		if (page.records.length < PAGE_SIZE) return { fresh, total: page.total };
		seam = idOf(kind, page.records.at(-1) ?? first);
	}
	return undefined;
}

/** What this process has written, as far as a reading may not show it. */
function ownWrites<R extends AccountRecord>(channel: Channel, kind: Kind<R>, reading: Reading<R>) {
	const changed = new Map<string, R | undefined>();
	const unlisted: R[] = [];
	for (const [id, { record, at }] of writesOf(stateOf(channel), kind).entries()) {
		if (reading.records.has(id)) {
			if (!record || at > reading.readAt) changed.set(id, record);
		} else if (record && at > reading.checkedAt - settling.ms) unlisted.push(record);
	}
	return { changed, unlisted };
}

/**
 * All records of a kind, with what this process has just written.
 *
 * @throws PlivoFailure
 */
export async function allRecords<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
): Promise<R[]> {
	return withOwnWrites(channel, kind, await currentReading(channel, kind));
}

/**
 * All records of a kind as they were at most ten minutes ago, most often without a request: for their names alone.
 *
 * @throws PlivoFailure
 */
export async function knownRecords<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
): Promise<R[]> {
	const known = readingOf(stateOf(channel), kind);
	if (!known || performance.now() - known.readAt > OLDEST_MS) {
		return await allRecords(channel, kind);
	}
	return withOwnWrites(channel, kind, known);
}

function withOwnWrites<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	reading: Reading<R>,
): R[] {
	const { changed, unlisted } = ownWrites(channel, kind, reading);
	const listed = reading.ids.flatMap((id) => {
		const record = changed.has(id) ? changed.get(id) : reading.records.get(id);
		return record ? [record] : [];
	});
	return [...listed, ...unlisted];
}

/**
 * The one record of an identity, as it is now.
 *
 * @param identity `name`, for a trunk also `trunk_direction`
 * @throws PlivoFailure of kind `conflict`, naming the ids, when there are several
 */
export async function findRecord<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	identity: Values,
): Promise<R | undefined> {
	const wanted = kind.identityOf(identity);
	const meant = (records: Array<R | undefined>): R[] =>
		records.flatMap((record) => (record && kind.identityOf(record) === wanted ? [record] : []));
	const readAgain = async (record: R) =>
		await unlessGone(getRecord(channel, kind, idOf(kind, record)));
	for (;;) {
		const askedAt = performance.now();
		const reading = await currentReading(channel, kind);
		const { changed, unlisted } = ownWrites(channel, kind, reading);
		// What no list shows may be on its way, or somebody has deleted it.
		const recent = await Promise.all(meant(unlisted).map(readAgain));
		const known = [
			...reading.ofIdentity(wanted).filter((record) => !changed.has(idOf(kind, record))),
			...meant([...changed.values()]),
		];
		const all = [...known, ...meant(recent)];
		const found = theOnly(
			kind,
			identity,
			all.length < 2 ? all : meant(await Promise.all(all.map(readAgain))),
		);
		if (!found || known.length === 0) return found;
		// All of it has been read for this very call.
		if (reading.readAt >= askedAt) return found;
		const [now] = meant([await readAgain(found)]);
		if (now) return now;
		// Somebody has renamed or deleted it: the reading is no good any more.
		stateOf(channel).readings.delete(kind.path);
		writesOf(stateOf(channel), kind).delete(idOf(kind, found));
	}
}

/**
 * The one record of an identity as the list shows it: for looking only, as it was when the run first looked.
 *
 * @throws PlivoFailure as `findRecord`
 */
export async function findListed<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	identity: Values,
): Promise<R | undefined> {
	const reading = await shownReading(channel, kind);
	return theOnly(kind, identity, [...reading.ofIdentity(kind.identityOf(identity))]);
}

/**
 * All records of a kind as they were when the execution first looked: for looking only. Its items and its
 * nodes share them for a minute, however many they are; what this process writes ends that.
 *
 * @throws PlivoFailure
 */
export async function shownReading<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
): Promise<Reading<R>> {
	const state = stateOf(channel);
	const key = sharedKey(channel, `${channel.execution ?? ''} ${kind.path}`);
	const shown =
		channel.execution === undefined
			? undefined
			: (state.shownReadings.get(key) as Promise<Reading<R>> | undefined);
	if (shown) {
		const reading = await shown;
		const isCurrent = writesOf(state, kind)
			.entries()
			.every(([, { at }]) => at <= reading.readAt);
		if (isCurrent) return reading;
	}
	const again = sharedLookup(channel, `shown ${kind.path}`, async (asking) => {
		const { readings } = stateOf(asking);
		const whole = await wholeReading(asking, kind);
		readings.set(kind.path, whole);
		return whole;
	});
	state.shownReadings.set(key, again);
	// The next item tries for itself.
	again.catch(() => state.shownReadings.delete(key));
	return await again;
}

function theOnly<R extends AccountRecord>(
	kind: Kind<R>,
	identity: Values,
	found: R[],
): R | undefined {
	if (found.length < 2) return found[0];
	const ids = found.map((record) => idOf(kind, record)).join(', ');
	throw new PlivoFailure(
		'conflict',
		`${found.length} ${kind.label}s are named "${String(identity.name)}": ${ids}`,
		'It is unclear which one is meant, so nothing was written. Rename or delete all but one, or use the Update operation with an ID.',
	);
}
