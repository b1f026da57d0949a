import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import type { Kind } from './kinds';
import { lookAfresh } from './look';

/** A shared listing serves a run so long, then the account is read again. */
const FRESH_MS = 60_000;

/** More than any run writes while a listing is fresh. */
const ENTRIES = 10_000;

/** Notes a record that was made, changed or deleted, for listings that are older than that. */
export function note(
	{ account: { journal } }: Channel,
	kind: Kind,
	id: string,
	record?: IDataObject,
) {
	journal.push({ path: kind.path, id, record, at: performance.now() });
	if (journal.length > 2 * ENTRIES) journal.splice(0, ENTRIES);
}

interface SharedListing {
	readonly startedAt: number;
	readonly records: Promise<IDataObject[]>;
}

const listingsOfRuns = new WeakMap<object, Map<string, SharedListing>>();

/**
 * The records of a kind, listed once for all items of a run and kept up to date with what this
 * process writes: a thousand upserts read the account once. Runs that begin at the same time share
 * the listing as well.
 *
 * @throws PlivoFailure
 */
export async function sharedListing(
	channel: Channel,
	kind: Kind,
	filters: IDataObject,
): Promise<IDataObject[]> {
	const listings = listingsOfRuns.get(channel.owner) ?? new Map<string, SharedListing>();
	listingsOfRuns.set(channel.owner, listings);
	const key = `${kind.path}?${JSON.stringify(filters)}`;
	let listing = listings.get(key);
	if (!listing || performance.now() - listing.startedAt > FRESH_MS) {
		listing = {
			startedAt: performance.now(),
			records: lookAfresh(channel, kind, filters),
		};
		listings.set(key, listing);
		// The next item tries for itself.
		listing.records.catch(() => listings.delete(key));
	}
	return withJournal(channel, kind, await listing.records, listing.startedAt);
}

function withJournal(
	{ account: { journal } }: Channel,
	kind: Kind,
	records: IDataObject[],
	since: number,
): IDataObject[] {
	const written = journal.filter((entry) => entry.path === kind.path && entry.at >= since);
	if (written.length === 0) return records;
	const byId = new Map(records.map((record) => [String(record[kind.idField]), record]));
	for (const { id, record } of written) {
		if (record) byId.set(id, record);
		else byId.delete(id);
	}
	return [...byId.values()];
}
