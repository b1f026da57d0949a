import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { request } from '../transport/request';
import type { Kind } from './kinds';

/** Default and maximum of Plivo's `limit` (plivo.com/docs/sip-trunking/api/overview). */
export const PAGE_SIZE = 20;

/** What a listing asks for. */
export interface Listing {
	/** Plivo's own filters. */
	readonly filters?: IDataObject;
	/** Which of the records that came are meant; for what Plivo can't filter by. */
	readonly accept?: (record: IDataObject) => boolean;
	/** Most records that are wanted. */
	readonly limit?: number;
	/** Pages asked for at the same time. */
	readonly pageConcurrency?: number;
}

/** How a listing goes, told while its pages come in. */
export interface Progress {
	/** Records came or went meanwhile: some may be missing. */
	shifted: boolean;
	/** How many records Plivo has counted, before what is left to be done here. */
	total?: number;
}

/** A shifting listing repeats records of the pages just before: it takes no more ids to know them. */
const REMEMBERED_IDS = 10_000;

/** Asked for and not taken yet: so many times the pages that may be under way at a time. */
const AHEAD = 2;

interface Page {
	readonly total: number;
	readonly records: IDataObject[];
}

/** The same fields, less some. */
export function without(fields: IDataObject, ...left: string[]): IDataObject {
	return Object.fromEntries(Object.entries(fields).filter(([field]) => !left.includes(field)));
}

/** The path of one record; ids have been checked, and are encoded all the same. */
export function recordPath(kind: Kind, id: string): string {
	return `${kind.path}${encodeURIComponent(id)}/`;
}

/**
 * One record, unwrapped: Plivo nests a trunk under `object` (live), other kinds and the API pages
 * have it flat.
 *
 * @throws PlivoFailure, with `httpCode` 404 when there is none
 */
export async function getRecord(channel: Channel, kind: Kind, id: string): Promise<IDataObject> {
	const body = await request(channel, {
		method: 'GET',
		path: recordPath(kind, id),
		subject: `${kind.label} ${id}`,
		flaw: (answer) =>
			hasId(unwrap(answer), kind) ? undefined : `has no ${kind.idField}, so it is no ${kind.label}`,
	});
	return unwrap(body);
}

function unwrap(body: IDataObject): IDataObject {
	return without((body.object as IDataObject | undefined) ?? body, 'api_id');
}

function hasId(record: unknown, kind: Kind): boolean {
	const id = (record as IDataObject | null)?.[kind.idField];
	return (typeof id === 'string' && id !== '') || typeof id === 'number';
}

/**
 * All records that a listing asks for, in Plivo's order, none twice.
 *
 * The first page tells how many there are, the others are asked for side by side. An offset listing
 * shifts when records come or go while it runs, which shows in the count: everything is then read
 * once more, and that second reading is the answer.
 *
 * @throws PlivoFailure
 */
export async function listRecords(
	channel: Channel,
	kind: Kind,
	listing: Listing = {},
): Promise<IDataObject[]> {
	for (let reading = 1; ; reading++) {
		const records: IDataObject[] = [];
		const progress = { shifted: false };
		for await (const page of pagesOf(channel, kind, listing, progress)) records.push(...page);
		if (!progress.shifted || reading === 2) return records;
		channel.log(
			`${kind.path}: the number of records changed while they were listed; reading again`,
		);
	}
}

/**
 * The same as a stream of pages, for what needn't be kept. Ending the loop early asks for no
 * further page. Without the second reading of `listRecords`: `progress.shifted` tells that the count
 * has changed.
 */
export async function* pagesOf(
	channel: Channel,
	kind: Kind,
	{ filters = {}, accept = () => true, limit = Infinity, pageConcurrency = 8 }: Listing,
	progress: Progress = { shifted: false },
): AsyncGenerator<IDataObject[], void> {
	const seen = new Set<string>();
	let wanted = limit;
	const take = (page: Page) => {
		const fresh = page.records.filter((record) => {
			const id = String(record[kind.idField]);
			if (seen.has(id)) return false;
			seen.add(id);
			if (seen.size > REMEMBERED_IDS) seen.delete(seen.values().next().value as string);
			return accept(record) && keepsTo(filters, record);
		});
		const taken = fresh.slice(0, wanted);
		wanted -= taken.length;
		return taken;
	};
	const ended = new AbortController();
	const signals = channel.signal ? [channel.signal, ended.signal] : [ended.signal];
	const stoppable = { ...channel, signal: AbortSignal.any(signals) };
	const read = async (offset: number) => await readPage(stoppable, kind, filters, offset);

	const first = await read(0);
	progress.total = first.total;
	yield take(first);

	let { total } = first;
	let next = PAGE_SIZE;
	const pages: Array<Promise<Page>> = [];
	let underWay = 0;
	let waiting = false;
	const ask = () => {
		// A page brings at most 20 of what is wanted: more pages than that are not asked for.
		const useful = Math.min(AHEAD * pageConcurrency, Math.ceil(wanted / PAGE_SIZE));
		while (underWay < pageConcurrency && pages.length < useful && next < total) {
			const page = read(next);
			next += PAGE_SIZE;
			pages.push(page);
			underWay++;
			// Whoever awaits it gets the failure; an early end of the loop must not leave it unhandled.
			void page
				.catch(() => undefined)
				.then(() => {
					underWay--;
					// One that takes long doesn't hold up those behind it.
					if (waiting) ask();
				});
		}
	};
	try {
		for (;;) {
			ask();
			waiting = true;
			const page = await pages[0];
			waiting = false;
			if (!page) return;
			pages.shift();
			if (page.total !== total) progress.shifted = true;
			total = page.total;
			// Records went while they were listed, or the count is wrong: nothing follows an empty page.
			if (page.records.length === 0) {
				progress.shifted = true;
				return;
			}
			yield take(page);
		}
	} finally {
		// The loop ended early, or a page failed: the others that still wait are not sent.
		waiting = false;
		ended.abort();
	}
}

/** Plivo may ignore a filter (live): what came is held against those that compare a field's value. */
function keepsTo(filters: IDataObject, record: IDataObject): boolean {
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

async function readPage(
	channel: Channel,
	kind: Kind,
	filters: IDataObject,
	offset: number,
): Promise<Page> {
	const body = await request(channel, {
		method: 'GET',
		path: kind.path,
		qs: { ...filters, limit: PAGE_SIZE, offset },
		flaw: (answer) => listFlaw(answer, kind),
	});
	return {
		total: (body.meta as IDataObject).total_count as number,
		records: body.objects as IDataObject[],
	};
}

function listFlaw({ meta, objects }: IDataObject, kind: Kind): string | undefined {
	const total = (meta as IDataObject | undefined)?.total_count;
	if (typeof total !== 'number') return 'is a list without its "meta" count';
	if (!Array.isArray(objects)) return 'is a list without "objects"';
	if (!objects.every((record) => hasId(record, kind))) {
		return `has a ${kind.label} without its ${kind.idField}`;
	}
	return undefined;
}
