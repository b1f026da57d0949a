import type { IDataObject } from 'n8n-workflow';

import type { Channel, Looks } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';
import { pause, untilStopped } from '../transport/pause';
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
	filters: IDataObject = {},
): Promise<IDataObject[]> {
	const { account, signal } = channel;
	const key = `${kind.path}?${JSON.stringify(filters)}`;
	const looks = account.looks.get(key) ?? {};
	account.looks.set(key, looks);
	looks.next ??= nextLook(channel, kind, filters, looks);
	return await untilStopped(looks.next, signal).catch(async (error: unknown) => {
		// The look went out in the name of an execution that has been stopped; this one goes on.
		const stopped = error instanceof PlivoFailure && error.kind === 'cancelled';
		if (!stopped || signal?.aborted) throw error;
		return await lookAfresh(channel, kind, filters);
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
		try {
			await latest;
			// Also the first one waits a moment: the items of a run ask one right after the other.
			await pause(latest ? GATHER_MS : 0, channel.signal);
		} finally {
			looks.next = undefined;
		}
		return await listRecords(channel, kind, { filters });
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
