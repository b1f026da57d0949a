import type { IDataObject } from 'n8n-workflow';

import type { Channel, Looks } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';
import { pause, untilStopped } from '../transport/pause';
import type { Kind } from './kinds';
import { listRecords, pagesOf } from './read';

/** Those who need a look within this time of the last one share the next. */
const GATHER_MS = 1_000;

/**
 * A listing that begins after this call. Of many who ask at the same time, as when Plivo falters
 * during a thousand creates, all share one.
 *
 * @param sought the first record of this kind is enough: no page is read after it, unless somebody
 *   else needs it
 * @returns the records of the kind that the filters let through
 * @throws PlivoFailure
 */
export async function lookAfresh(
	channel: Channel,
	kind: Kind,
	filters: IDataObject = {},
	sought?: (record: IDataObject) => boolean,
): Promise<IDataObject[]> {
	const { account, signal } = channel;
	const key = `${kind.path}?${JSON.stringify(filters)}`;
	const looks: Looks = account.looks.get(key) ?? { sought: [] };
	account.looks.set(key, looks);
	looks.sought.push(sought);
	looks.next ??= nextLook(channel, kind, filters, looks);
	return await untilStopped(looks.next, signal).catch(async (error: unknown) => {
		// The look went out in the name of an execution that has been stopped; this one goes on.
		const stopped = error instanceof PlivoFailure && error.kind === 'cancelled';
		if (!stopped || signal?.aborted) throw error;
		return await lookAfresh(channel, kind, filters, sought);
	});
}

async function nextLook(
	channel: Channel,
	kind: Kind,
	filters: IDataObject,
	looks: Looks,
): Promise<IDataObject[]> {
	const { latest } = looks;
	const look = (async () => {
		let sought: Looks['sought'] = [];
		try {
			await latest;
			// Also the first one waits a moment: the items of a run ask one right after the other.
			await pause(latest ? GATHER_MS : 0, channel.signal);
		} finally {
			looks.next = undefined;
			sought = looks.sought.splice(0);
		}
		return await readUntilFound(channel, kind, filters, sought);
	})();
	const ended = look.then(
		() => undefined,
		() => undefined,
	);
	looks.latest = ended;
	void ended.then(() => {
		if (looks.latest === ended) looks.latest = undefined;
	});
	return await look;
}

async function readUntilFound(
	channel: Channel,
	kind: Kind,
	filters: IDataObject,
	sought: Looks['sought'],
): Promise<IDataObject[]> {
	if (sought.includes(undefined)) return await listRecords(channel, kind, { filters });
	const records: IDataObject[] = [];
	const progress = { shifted: false };
	let missing = sought;
	// One page after the other: with more at a time, some would be read for nothing.
	for await (const page of pagesOf(channel, kind, { filters, pageConcurrency: 1 }, progress)) {
		records.push(...page);
		missing = missing.filter((isIt) => !page.some((record) => isIt?.(record)));
		if (missing.length === 0) return records;
	}
	// While they shifted, one may have been passed over.
	return progress.shifted ? await listRecords(channel, kind, { filters }) : records;
}
