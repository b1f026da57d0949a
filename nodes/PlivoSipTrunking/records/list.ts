import type { IDataObject } from 'n8n-workflow';

import { isObject, objectOf } from '../input/json';
import type { Channel } from '../transport/channel';
import { isGone, PlivoFailure } from '../failure';
import { pause } from '../transport/pause';
import { read } from '../transport/read';
import { withAmounts } from './amounts';
import { type AccountRecord, idOf, type Kind, recordPath, type Values, without } from './kind';

/** Default and maximum of Plivo's `limit` (plivo.com/docs/sip-trunking/api/overview). */
export const PAGE_SIZE = 20;

/** Pages overlap by one record: the one at the seam must be the same on both. */
const STEP = PAGE_SIZE - 1;

/** What a listing asks for. */
export interface Listing<R extends AccountRecord = AccountRecord> {
	/** Plivo's own filters. */
	readonly filters?: Values;
	/** Which of the records that came are meant; for what Plivo can't filter by. */
	readonly accept?: (record: R) => boolean;
	/** Most records that are wanted. */
	readonly limit?: number;
	/** Pages asked for at the same time, 1–20. */
	readonly pageConcurrency?: number;
}

/** What a reading of a list has shown of itself while its pages came in. */
export interface Progress<R = AccountRecord> {
	/** How many records Plivo has counted, before what is left to be done here. */
	total?: number;
	/** The least that Plivo has counted meanwhile. */
	fewest: number;
	/** Different records that came. */
	distinct: number;
	/** Records came or went, or their order changed. */
	changed: boolean;
	/** The count changed. */
	recounted: boolean;
	/** Two pages didn't meet: records between them may be missing. */
	broken: boolean;
	/** What a later page has shown of a record that had come before, by its id. */
	readonly later: Map<string, R>;
}

export const newProgress = <R>(): Progress<R> => ({
	fewest: Infinity,
	distinct: 0,
	changed: false,
	recounted: false,
	broken: false,
	later: new Map(),
});

/**
 * Whether a reading to the end proves that what it lacks isn't there: the seams met, nothing changed, and
 * as many records came as Plivo counts.
 */
export const isClean = ({ changed, distinct, total }: Omit<Progress, 'later'>) =>
	!changed && distinct === total;

/**
 * Whether every record that was there all the while has come, as long as the list keeps its order: each
 * page goes on from one before it, whatever came or went meanwhile.
 */
const isComplete = ({ broken, recounted, distinct, fewest, total }: Omit<Progress, 'later'>) =>
	!broken && (recounted ? distinct >= fewest : distinct === total);

/** A page as it was at one moment. */
export interface Page<R extends AccountRecord = AccountRecord> {
	readonly offset: number;
	readonly total: number;
	readonly records: R[];
}

/** A shifting listing repeats records of the pages just before: it takes no more ids to know them. */
const REMEMBERED_IDS = 10_000;

/** Asked for and not taken yet: so many times the pages that may be under way at a time. */
const AHEAD = 2;

const endsAt = (page: Page) => page.offset + page.records.length;

/** Whether nothing followed the page when it was read. */
const isLast = (page: Page) => page.records.length === 0 || endsAt(page) >= page.total;

/**
 * Pages of a list, in Plivo's order, no record twice. Ending the loop early asks for no further page.
 *
 * An offset listing shifts when records come or go while it runs. A page that doesn't go on from the one
 * before is read again where its records are now.
 *
 * @param progress shows afterwards what the reading proves
 * @throws PlivoFailure
 */
export async function* pagesOf<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	{ filters = {}, accept = () => true, limit = Infinity, pageConcurrency = 20 }: Listing<R>,
	progress: Progress<R> = newProgress(),
): AsyncGenerator<R[], void> {
	const isNew = newRecords(kind, progress);
	let wanted = limit;
	const take = (page: Page<R>) => {
		const taken = page.records
			.filter((record) => isNew(record) && accept(record) && keepsTo(filters, record))
			.slice(0, wanted);
		wanted -= taken.length;
		return taken;
	};
	const first = await readPage(channel, kind, filters, 0);
	let last = first;
	progress.total = first.total;
	progress.fewest = first.total;
	yield take(first);
	// Most lists are one page.
	if (isLast(first)) return;

	const ended = new AbortController();
	const signals = channel.signal ? [channel.signal, ended.signal] : [ended.signal];
	const stoppable = { ...channel, signal: AbortSignal.any(signals) };
	const read = async (offset: number) => await readPage(stoppable, kind, filters, offset);
	try {
		const ahead = pagesAhead(read, pageConcurrency, () => ({ wanted, total: progress.total ?? 0 }));
		while (wanted > 0) {
			const planned = await ahead.next();
			// Nothing more is planned: the list may have grown at its end.
			if (!planned && isLast(last)) return;
			const page = planned ?? (await read(endsAt(last) - 1));
			const joined = meets(kind, last, page) ? page : await joining(kind, read, last, page);
			if (joined.total !== first.total) progress.recounted = true;
			if (joined !== page || !continues(kind, last, page)) progress.changed = true;
			progress.changed ||= progress.recounted;
			progress.total = joined.total;
			progress.fewest = Math.min(progress.fewest, joined.total);
			if (!meets(kind, last, joined)) progress.broken = true;
			// Nothing follows an empty page, whatever the count says.
			if (joined.records.length === 0) return;
			const grew = endsAt(joined) > endsAt(last);
			last = joined;
			yield take(joined);
			if (!grew && ahead.isEmpty()) return;
		}
	} finally {
		// The loop ended early, or a page failed: the others that still wait are not sent.
		ended.abort();
	}
}

/**
 * Asks for the pages after the first before they are taken.
 *
 * @param left how many records are still wanted, and how many there are
 */
function pagesAhead<R extends AccountRecord>(
	read: (offset: number) => Promise<Page<R>>,
	pageConcurrency: number,
	left: () => { wanted: number; total: number },
) {
	const pages: Array<Promise<Page<R>>> = [];
	let next = STEP;
	let underWay = 0;
	let waiting = false;
	const ask = () => {
		const { wanted, total } = left();
		// A page brings at most 19 more of what is wanted: more pages than that are not asked for.
		const useful = Math.min(AHEAD * pageConcurrency, Math.ceil(wanted / STEP));
		while (underWay < pageConcurrency && pages.length < useful && next + 1 < total) {
			const page = read(next);
			next += STEP;
			pages.push(page);
			underWay++;
			const isThere = page.then(
				() => true,
				// Whoever awaits it gets the failure; an early end of the loop must not leave it unhandled.
				() => false,
			);
			void isThere.then((came) => {
				underWay--;
				// One that takes long doesn't hold up those behind it.
				if (came && waiting) ask();
			});
		}
	};
	return {
		/** The next page; nothing when none is planned. */
		async next(): Promise<Page<R> | undefined> {
			ask();
			waiting = true;
			const page = await pages.shift();
			waiting = false;
			return page;
		},
		isEmpty: () => pages.length === 0 && next + 1 >= left().total,
	};
}

/** Tells which records haven't come before, and notes of each what it shows of the reading. */
function newRecords<R extends AccountRecord>(
	kind: Kind<R>,
	progress: Progress<R>,
): (record: R) => boolean {
	const seen = new Set<string>();
	return (record) => {
		const id = idOf(kind, record);
		if (seen.has(id)) {
			progress.later.set(id, record);
			return false;
		}
		seen.add(id);
		if (seen.size > REMEMBERED_IDS) {
			const [oldest = id] = seen;
			seen.delete(oldest);
		}
		progress.distinct++;
		return true;
	};
}

/** Whether a page begins with the last record of the one before. */
const continues = (kind: Kind, { records }: Page, next: Page) => {
	const [last, first] = [records.at(-1), next.records[0]];
	return last !== undefined && first !== undefined && idOf(kind, last) === idOf(kind, first);
};

/** Whether a page has any record of the one before: then nothing is missing between them. */
function meets(kind: Kind, { records }: Page, next: Page): boolean {
	const ids = new Set(records.map((record) => idOf(kind, record)));
	return next.records.some((record) => ids.has(idOf(kind, record)));
}

/** Reads a page where it goes on from the one before, whatever shifted meanwhile; else the last attempt. */
async function joining<R extends AccountRecord>(
	kind: Kind<R>,
	read: (offset: number) => Promise<Page<R>>,
	before: Page<R>,
	missed: Page<R>,
): Promise<Page<R>> {
	// Everything went: the page before was the end.
	if (before.records.length === 0) return missed;
	const seam = endsAt(before) - 1;
	let page = missed;
	// As far as the count has shifted it; then once more where it was; then further and further in front.
	for (const step of [0, 0, 1, 2, 4]) {
		const shift = page.total - before.total;
		const offset = Math.max(0, seam + (step === 0 ? shift : 0) - step * STEP);
		page = await read(offset);
		if (meets(kind, before, page)) return page;
	}
	return page;
}

/** A clean reading is tried for so often before something is refused for want of it. */
const READINGS = 5;

/** Between two readings, doubled each time, in milliseconds. */
const BETWEEN_READINGS_MS = 50;

/**
 * All records that a listing asks for, in Plivo's order, none twice.
 *
 * @param proof `clean`: absence from it is to be a proof, as for a delete guard. `complete`: a reading
 *   whose pages all go on from each other will do as well from the second one on
 * @throws PlivoFailure; of kind `conflict` when the list kept changing
 */
export async function listRecords<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	listing: Listing<R> = {},
	proof: 'clean' | 'complete' = 'complete',
): Promise<R[]> {
	const union = new Map<string, R>();
	let count: number | undefined;
	for (let reading = 1; ; reading++) {
		const records: R[] = [];
		const progress = newProgress<R>();
		const { limit = Infinity } = listing;
		for await (const page of pagesOf(channel, kind, listing, progress)) records.push(...page);
		records.forEach((record, index) => {
			records[index] = progress.later.get(idOf(kind, record)) ?? record;
		});
		const cut = records.length >= limit;
		if (cut ? !progress.broken : isClean(progress)) return records;
		if (proof === 'complete' && reading > 1 && isComplete(progress)) return records;
		// A list whose order isn't stable shows each time others twice. As long as the count stays the same,
		// the readings together have all there is once they have as many.
		if (progress.recounted || progress.total !== count) union.clear();
		count = progress.recounted ? undefined : progress.total;
		if (!listing.accept) {
			records.forEach((record) => union.set(idOf(kind, record), record));
			if (!progress.recounted && union.size === count) return [...union.values()];
		}
		if (reading === READINGS) throw keptChanging(kind);
		channel.log(`${kind.path}: the list changed while it was read; reading it again`);
		await pause(BETWEEN_READINGS_MS * 2 ** reading, channel.signal);
	}
}

const keptChanging = ({ label }: Kind) =>
	new PlivoFailure(
		'conflict',
		`The list of ${label}s kept changing while it was read`,
		'Something else is creating or deleting many of them at this moment. Try again when it has finished.',
	);

/**
 * One record, unwrapped: Plivo nests a trunk under `object` (live), other kinds and the API pages
 * have it flat.
 *
 * @throws PlivoFailure, with `httpCode` 404 when there is none
 */
export async function getRecord<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	id: string,
): Promise<R> {
	const body = await read(channel, {
		path: recordPath(kind, id),
		subject: `${kind.label} ${id}`,
		ifMissing: kind.ifMissing,
		flaw: (answer) =>
			hasId(unwrapped(answer), kind)
				? undefined
				: `has no ${kind.idField}, so it isn't a ${kind.label}`,
	});
	return kind.parse(shown(unwrapped(body)));
}

const unwrapped = (body: IDataObject) => (isObject(body.object) ? body.object : body);

/** Nothing that Plivo should never return is passed on. */
const shown = (record: AccountRecord) =>
	withAmounts(
		'api_id' in record || 'password' in record ? without(record, 'api_id', 'password') : record,
	);

function hasId(record: unknown, kind: Kind): boolean {
	const id = objectOf(record)[kind.idField];
	return (typeof id === 'string' && id !== '') || typeof id === 'number';
}

/** Plivo may ignore a filter (live): what came is held against those that compare a field's value. */
function keepsTo(filters: Values, record: AccountRecord): boolean {
	return Object.entries(filters).every(
		([field, value]) => !(field in record) || !EXACT.has(field) || record[field] === value,
	);
}

const EXACT = new Set([
	'trunk_status',
	'trunk_direction',
	'secure',
	'ipacl_uuid',
	'credential_uuid',
	'primary_uri_uuid',
	'fallback_uri_uuid',
	'alias',
	'call_direction',
	'hangup_source',
]);

/**
 * One page of a list, as the account was at one moment.
 *
 * @throws PlivoFailure
 */
export async function readPage<R extends AccountRecord>(
	channel: Channel,
	kind: Kind<R>,
	filters: Values,
	offset: number,
): Promise<Page<R>> {
	const body = await read(channel, {
		path: kind.path,
		qs: { ...filters, limit: PAGE_SIZE, offset },
		flaw: (answer) => listFlaw(answer, kind),
	}).catch((failure: unknown): never => {
		throw isGone(failure) ? listMissing(failure) : failure;
	});
	return {
		offset,
		// An answer without them has a flaw, and was refused.
		total: objectOf(body.meta).total_count as number,
		records: (body.objects as IDataObject[]).map((record) => kind.parse(shown(record))),
	};
}

/** A 404 of a list doesn't say of any record that it is gone. */
const listMissing = ({ kind, message, description, details }: PlivoFailure) =>
	new PlivoFailure(kind, message, description, { ...details, fromPlivo: false });

function listFlaw({ meta, objects }: IDataObject, kind: Kind): string | undefined {
	const total = objectOf(meta).total_count;
	if (typeof total !== 'number') return 'is a list without its "meta" count';
	if (!Array.isArray(objects)) return 'is a list without "objects"';
	if (!objects.every((record) => hasId(record, kind))) {
		return `has a ${kind.label} without its ${kind.idField}`;
	}
	return undefined;
}
