import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import type { Kind } from './kinds';
import { listRecords } from './read';

/** Those who need a look within this time of the last one share the next. */
const GATHER_MS = 1_000;

/**
 * A listing that begins after this call. Of many who ask at the same time, as when Plivo falters
 * during a thousand creates, all share one.
 *
 * @returns the records of the kind that the filters let through
 * @throws PlivoFailure
 */
export async function lookAfresh(
	channel: Channel,
	kind: Kind,
	filters: IDataObject,
): Promise<IDataObject[]> {
	const { looks } = channel.account;
	const key = `${kind.path}?${JSON.stringify(filters)}`;
	const look = looks.get(key) ?? {};
	looks.set(key, look);
	if (!look.next) {
		const before = look.last;
		const next = (async () => {
			if (before) await before.then(async () => await pause(GATHER_MS));
			look.next = undefined;
			// The look belongs to all who wait for it: one cancelled execution must not end it.
			return await listRecords({ ...channel, signal: undefined }, kind, { filters });
		})();
		const last = next
			.catch(() => undefined)
			.then(() => {
				if (look.last === last && !look.next) looks.delete(key);
			});
		look.next = next;
		look.last = last;
	}
	return await look.next;
}
