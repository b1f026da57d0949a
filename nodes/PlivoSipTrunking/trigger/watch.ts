import type { IDataObject } from 'n8n-workflow';

import { unlessGone } from '../failure';
import { plivoTime } from '../input/time';
import { hangupFields } from '../knowledge/hangup';
import { CALL, type Call, earliestCallTime } from '../records/call';
import { pickKnown } from '../records/kind';
import { getRecord, isClean, listRecords, newProgress, PAGE_SIZE, pagesOf } from '../records/list';
import { TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { type CallCursor, nextCalls, type NextCursor, type ReadCalls, startOfCalls } from './calls';
import { endOf, type Span, startOfMinute } from './knownCalls';
import { snapshotOf, trunkChanges, type TrunkSnapshot, withoutChanges } from './trunks';

/** Something that a poll looks for. `State` is what one poll leaves for the next; it is kept as JSON. */
export interface Watch<State> {
	/** The newest of what it emits, as an example. */
	sample(): Promise<IDataObject | undefined>;
	/** The state from which on everything is new. */
	start(): Promise<State>;
	/** What is new since a state, the oldest first, and the state that follows. */
	next(since: State): Promise<{ found: IDataObject[]; state: State }>;
}

/** So many of the latest calls are looked through for an example. */
const SAMPLE_SEARCH = 200;

/** Which calls are watched for, and what of them is emitted. */
export interface CallWatch {
	/** By Plivo's names, checked. */
	readonly filters: IDataObject;
	/** Which of the calls that come are meant; for what Plivo can't filter by. */
	readonly matches: (call: IDataObject) => boolean;
	readonly explained: boolean;
	/** The main fields only. */
	readonly simplified: boolean;
	readonly maxPerPoll: number;
}

/** Less than the 90 days that Plivo keeps calls, whatever a clock says wrong. */
const LONG_AGO_MS = 60 * 86_400_000;

/** Watches for calls that have ended. */
export function watchCalls(channel: Channel, wanted: CallWatch): Watch<CallCursor> {
	const { filters, matches, explained, simplified, maxPerPoll } = wanted;
	const { account } = channel;
	const now = () => Date.now() + (account.clockOffset ?? 0);
	const shown = (call: IDataObject): IDataObject => ({
		...(simplified ? pickKnown(call, CALL.mainFields ?? []) : call),
		...(explained && hangupFields(call)),
	});

	const read = readerOf(channel, filters);

	function stateOf({ cursor, shortened }: NextCursor): CallCursor {
		if (shortened) {
			const since = plivoTime(cursor.since);
			channel.log(
				`there are too many calls to remember: records that appear from now on of calls that ended before ${since} UTC are left out`,
			);
		}
		return cursor;
	}

	/** What Plivo can be asked for: it refuses a time that is more than 90 days ago. */
	async function withinKept(since: number): Promise<number> {
		if (since > Math.max(now(), Date.now()) - LONG_AGO_MS) return since;
		// For Plivo's clock as it is now.
		await read({}, { accept: () => true, about: 1, enough: () => true });
		return Math.max(since, startOfMinute(earliestCallTime(now())));
	}

	return {
		async sample() {
			const calls: Call[] = [];
			for await (const page of pagesOf(channel, CALL, { filters, limit: SAMPLE_SEARCH })) {
				calls.push(...page.filter(matches));
				if (calls.length > 0) break;
			}
			const [latest] = calls.sort((one, other) => (endOf(other) || 0) - (endOf(one) || 0));
			return latest && shown(latest);
		},
		start: async () => stateOf(await startOfCalls(read, now)),
		async next({ since, known }) {
			const cursor = { since: await withinKept(since), known };
			const next = await nextCalls(read, cursor, { matches, most: maxPerPoll, now });
			return { found: next.picked.map(shown), state: stateOf(next) };
		},
	};
}

/** Reads calls from Plivo, with the filters of the trigger. */
function readerOf(channel: Channel, filters: IDataObject): ReadCalls {
	return async (span, { accept, about, enough }) => {
		const progress = newProgress<Call>();
		const calls: Call[] = [];
		const pageConcurrency = Math.min(Math.ceil(about / PAGE_SIZE), 20);
		const listing = { filters: { ...filters, ...bounds(span) }, accept, pageConcurrency };
		let total: number | undefined;
		for await (const page of pagesOf(channel, CALL, listing, progress)) {
			total ??= progress.total ?? 0;
			calls.push(...page);
			if (enough(total)) break;
		}
		return {
			calls,
			total: total ?? 0,
			recounted: progress.recounted,
			clean: isClean(progress),
		};
	};
}

const bounds = ({ from, until }: Span): IDataObject => ({
	...(from !== undefined && { end_time__gte: plivoTime(from) }),
	...(until !== undefined && { end_time__lt: plivoTime(until) }),
});

/** Which trunks are watched. */
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

	/**
	 * The trunks as they are now. One that a listing lacks may have slipped from one page to another, or the
	 * listing may be late: only Plivo's word that there is no such trunk is a proof. No more of them are asked for than
	 * can be reported at once: the others stay known, and the next poll asks for them first. Where every listing lacks
	 * others, those that are really gone would otherwise never have their turn.
	 */
	async function snapshot(known: TrunkSnapshot): Promise<TrunkSnapshot> {
		const listed: IDataObject[] = [];
		for await (const page of pagesOf(channel, TRUNK, {})) listed.push(...page);
		const trunks = snapshotOf(listed);
		const lacking = Object.keys(known).filter((id) => !(id in trunks) && isMeant(id));
		const found = await Promise.all(
			lacking
				.slice(0, maxPerPoll)
				.map(async (id) => await unlessGone(getRecord(channel, TRUNK, id))),
		);
		return {
			...Object.fromEntries(lacking.slice(maxPerPoll).map((id) => [id, known[id] ?? {}])),
			...trunks,
			...snapshotOf(found.filter((trunk) => trunk !== undefined)),
		};
	}

	return {
		async sample() {
			const trunks = snapshotOf(await listRecords(channel, TRUNK));
			return trunkChanges({}, trunks).find(({ trunk_id }) => isMeant(trunk_id));
		},
		// One that is missed now would be reported as created later.
		start: async () => snapshotOf(await listRecords(channel, TRUNK)),
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
