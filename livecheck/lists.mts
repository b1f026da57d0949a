import type { Answer, Client } from './client.mts';
import type { Kind, PlivoRecord } from './kinds.mts';
import type { Listed } from './order.mts';

/** The largest that Plivo has. */
const PAGE_SIZE = 20;

/** A listing shifts while others work on the account: what it may have left out is looked for so often. */
const ROUNDS = 4;

export interface Page {
	answer: Answer;
	objects: PlivoRecord[];
	total: number;
}

/** An answer as the page of a list; undefined when it is none. */
export function pageFrom(answer: Answer): Page | undefined {
	const { meta, objects } = (answer.body ?? {}) as { meta?: PlivoRecord; objects?: unknown };
	if (answer.status !== 200 || !Array.isArray(objects)) return undefined;
	const total = Number(meta?.total_count ?? Number.NaN);
	return { answer, objects: objects.filter((one) => typeof one === 'object' && one), total };
}

export async function getPage(client: Client, kind: Kind, offset = 0): Promise<Answer> {
	return await client.get(kind.path, { limit: String(PAGE_SIZE), offset: String(offset) });
}

/**
 * Every record of a kind, by id and in the order of the list.
 *
 * @param first its first page, when that is there already
 * @returns undefined when the list can't be read
 */
export async function readAll(
	client: Client,
	kind: Kind,
	first?: Page,
): Promise<Map<string, PlivoRecord> | undefined> {
	const found = new Map<string, PlivoRecord>();
	let page = first;
	for (let round = 0; round < ROUNDS; round++) {
		for (let offset = 0; ; offset += PAGE_SIZE) {
			page ??= pageFrom(await getPage(client, kind, offset));
			if (!page) return undefined;
			for (const record of page.objects) {
				const id = String(record[kind.idField]);
				if (!found.has(id)) found.set(id, record);
			}
			const isLast = page.objects.length === 0 || !(offset + PAGE_SIZE < page.total);
			const { total } = page;
			page = undefined;
			if (!isLast) continue;
			if (!(found.size < total)) return found;
			break;
		}
	}
	return found;
}

/** What the order of a list is told by. */
export function listedOf(kind: Kind, records: Iterable<PlivoRecord>): Listed[] {
	return [...records].map((record) => {
		const time = kind.timeField && record[kind.timeField];
		return { id: String(record[kind.idField]), ...(typeof time === 'string' && { time }) };
	});
}

export const pathOf = (kind: Kind, id: string) => `${kind.path}${encodeURIComponent(id)}/`;

/** The record in the answer to GET, nested or not. */
export function recordFrom(kind: Kind, { status, body }: Answer): PlivoRecord | undefined {
	if (status !== 200 || typeof body !== 'object' || body === null) return undefined;
	const { api_id: _request, ...flat } = body as PlivoRecord;
	for (const key of ['object', 'compliance']) {
		const inner = flat[key];
		if (typeof inner === 'object' && inner !== null && !(kind.idField in flat)) {
			return inner as PlivoRecord;
		}
	}
	return flat;
}

/** What the record in the answer to GET is under; undefined: it is flat. */
export function nestingOf(kind: Kind, { body }: Answer): string | undefined {
	if (typeof body !== 'object' || body === null || kind.idField in body) return undefined;
	return Object.keys(body).find((key) => key === 'object' || key === 'compliance');
}
