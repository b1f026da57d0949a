import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { LOOKS, settling } from '../transport/settling';

/** What a look for twins has come to: ours where it is seen, and the others of its identity. */
interface Look {
	readonly own: IDataObject | undefined;
	readonly others: readonly IDataObject[];
}

/** What became of the record of ours. */
interface Outcome {
	/** As it was seen last; nothing where it never was. */
	readonly own?: IDataObject;
	/** The other one, where ours has to give way. */
	readonly winner?: IDataObject;
	/** The last look failed. */
	readonly unread: boolean;
}

/**
 * Decides with another process, which has made or rented the same at the same moment, whose record counts: without a
 * word between them, and whatever order the list has.
 *
 * Of two that see each other, the one with the greater id gives way at once. The other waits for that. If it waits in
 * vain, the other had looked before ours was there, and goes on with its own: so ours gives way.
 *
 * @param idOf a record's id, by which the two are compared
 * @param look one reading; where it throws, the next look counts
 * @throws PlivoFailure of kind `cancelled` alone
 */
export async function twinOf(
	channel: Channel,
	idOf: (record: IDataObject) => string,
	look: () => Promise<Look>,
): Promise<Outcome> {
	let from = performance.now();
	let own: IDataObject | undefined;
	let twin: IDataObject | undefined;
	let unread = false;
	for (let round = 0; round < LOOKS.length; round++) {
		const at = from + (LOOKS[round] ?? 1) * settling.ms;
		if (at > performance.now()) await pause(at - performance.now(), channel.signal);
		const seen = await look().catch((failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			return undefined;
		});
		unread = seen === undefined;
		if (!seen?.own) continue;
		own = seen.own;
		const [other] = [...seen.others].sort((one, next) => (idOf(one) < idOf(next) ? -1 : 1));
		if (!other) return { own, unread };
		if (idOf(other) < idOf(own)) return { own, winner: other, unread };
		if (!twin) {
			// The whole time from now on.
			from = performance.now();
			round = 0;
		}
		twin = other;
	}
	return { own, winner: twin, unread };
}
