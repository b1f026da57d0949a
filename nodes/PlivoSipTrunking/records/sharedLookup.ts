import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { pause, untilStopped } from '../transport/pause';
import { type Lookups, stateOf } from './accountState';

/** Those who need a listing within this time of the last one share the next. */
const GATHER_MS = 250;

/**
 * A listing that begins after this call. Of many who ask at the same time, as when Plivo falters
 * during a thousand creates, all share one that have the same patience and token.
 *
 * @param key what it lists
 * @param look reads it; called with the channel of the one who asked first
 * @throws PlivoFailure
 */
export async function sharedLookup<T>(
	channel: Channel,
	key: string,
	look: (channel: Channel) => Promise<T>,
): Promise<T> {
	const { lookups: all } = stateOf(channel);
	const shared = sharedKey(channel, key);
	// All lookups of a key read the same.
	const lookups = (all.get(shared) ?? {}) as Lookups<T>;
	all.set(shared, lookups);
	lookups.next ??= nextLookup(channel, lookups, look, () => {
		if (!lookups.next && !lookups.latest) all.delete(shared);
	});
	return await untilStopped(lookups.next, channel.signal).catch(async (error: unknown) => {
		// The lookup went out in the name of an execution that has been stopped; this one goes on.
		const stopped = error instanceof PlivoFailure && error.kind === 'cancelled';
		if (!stopped || channel.signal?.aborted) throw error;
		return await sharedLookup(channel, key, look);
	});
}

/** The same for those who may share a listing: one that fails does so for each of them. */
export const sharedKey = ({ limits, secrets }: Channel, key: string): string =>
	JSON.stringify([key, limits, secrets]);

async function nextLookup<T>(
	channel: Channel,
	lookups: Lookups<T>,
	look: (channel: Channel) => Promise<T>,
	ended: () => void,
): Promise<T> {
	const { latest } = lookups;
	const lookup = (async () => {
		try {
			await latest;
			// Also the first one waits a moment: the items of a run ask one right after the other.
			await pause(latest ? GATHER_MS : 0, channel.signal);
		} finally {
			lookups.next = undefined;
		}
		return await look(channel);
	})();
	const settled = lookup.then(
		() => undefined,
		() => undefined,
	);
	lookups.latest = settled;
	void settled.then(() => {
		if (lookups.latest === settled) lookups.latest = undefined;
		ended();
	});
	return await lookup;
}
