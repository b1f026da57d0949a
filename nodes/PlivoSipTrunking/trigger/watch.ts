import type { IDataObject } from 'n8n-workflow';

import { plivoTime } from '../input/time';
import { explainHangup } from '../knowledge/hangup';
import { CALL, earliestCallTime } from '../records/call';
import { TRUNK } from '../records/trunk';
import { listRecords, newProgress, pagesOf } from '../records/list';
import type { Channel } from '../transport/channel';
import {
	type CallCursor,
	callsSince,
	pickCalls,
	type ReadCalls,
	type Span,
	startOfCalls,
} from './calls';
import { snapshotOf, trunkChanges, type TrunkSnapshot, withoutChanges } from './trunks';

/** Something that a poll looks for. `State` is what one poll leaves for the next; it is kept as JSON. */
export interface Watch<State> {
	/** What it watches: states of different subjects don't go together. */
	readonly subject: string;
	/** The newest of what it emits, as an example. */
	sample(): Promise<IDataObject | undefined>;
	/** The state from which on everything is new. */
	start(): Promise<State>;
	/** What is new since a state, the oldest first, and the state that follows. */
	next(since: State): Promise<{ found: IDataObject[]; state: State }>;
}

/** So many of the latest calls are looked through for an example. */
const SAMPLE_SEARCH = 200;

export interface CallWatch {
	/** By Plivo's names, checked. */
	readonly filters: IDataObject;
	/** Which of the calls that come are meant; for what Plivo can't filter by. */
	readonly matches: (call: IDataObject) => boolean;
	readonly explained: boolean;
	readonly maxPerPoll: number;
}

/** Watches for calls that have ended. */
export function watchCalls(channel: Channel, wanted: CallWatch): Watch<CallCursor> {
	const { filters, matches, explained, maxPerPoll } = wanted;
	const now = () => Date.now() + (channel.account.clockOffset ?? 0);
	const shown = (call: IDataObject) =>
		explained ? { ...call, hangup: explainHangup(call) } : call;

	const read: ReadCalls = async (span, atMost) => {
		const progress = newProgress();
		const calls: IDataObject[] = [];
		const listing = { filters: { ...filters, ...bounds(span) } };
		for await (const page of pagesOf(channel, CALL, listing, progress)) {
			calls.push(...page);
			if (calls.length >= atMost) break;
		}
		return { calls, total: progress.total ?? 0, shifted: progress.changed };
	};

	return {
		subject: `${channel.accountUrl}${CALL.path}`,
		async sample() {
			const { calls } = await read({}, SAMPLE_SEARCH);
			const latest = calls.find(matches);
			return latest && shown(latest);
		},
		start: async () => await startOfCalls(read, now()),
		async next({ from, seen }) {
			const since = Math.max(from, Math.ceil(earliestCallTime(now()) / 1000) * 1000);
			const calls = await callsSince(read, since, now());
			const { picked, cursor } = pickCalls({ from: since, seen }, calls, matches, maxPerPoll);
			return { found: picked.map(shown), state: cursor };
		},
	};
}

const bounds = ({ from, until }: Span): IDataObject => ({
	...(from !== undefined && { end_time__gte: plivoTime(from) }),
	...(until !== undefined && { end_time__lte: plivoTime(until) }),
});

export interface TrunkWatch {
	/** Only this trunk. */
	readonly trunkId?: string;
	readonly maxPerPoll: number;
}

/** Watches for trunks that are made, changed or removed. */
export function watchTrunks(
	channel: Channel,
	{ trunkId, maxPerPoll }: TrunkWatch,
): Watch<TrunkSnapshot> {
	const isMeant = (id: string) => trunkId === undefined || id === trunkId;

	/** A trunk that a listing lacks may have slipped from one page to another: a second one tells. */
	async function snapshot(known: TrunkSnapshot): Promise<TrunkSnapshot> {
		const trunks = snapshotOf(await listRecords(channel, TRUNK));
		if (Object.keys(known).every((id) => id in trunks)) return trunks;
		return { ...trunks, ...snapshotOf(await listRecords(channel, TRUNK)) };
	}

	return {
		subject: `${channel.accountUrl}${TRUNK.path}`,
		async sample() {
			const trunks = snapshotOf(await listRecords(channel, TRUNK));
			return trunkChanges({}, trunks).find(({ trunk_id }) => isMeant(trunk_id));
		},
		start: async () => await snapshot({}),
		async next(before) {
			const after = await snapshot(before);
			const changes = trunkChanges(before, after).filter(({ trunk_id }) => isMeant(trunk_id));
			return {
				found: changes.slice(0, maxPerPoll),
				state: withoutChanges(after, changes.slice(maxPerPoll)),
			};
		},
	};
}
