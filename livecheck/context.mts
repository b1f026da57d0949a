import type { Answer, Client } from './client.mts';
import type { FindingList } from './findings.mts';
import type { Kind, PlivoRecord } from './kinds.mts';
import type { Listed } from './order.mts';

export interface Timing {
	requestsPerSecond: number;
	/** How often a request is tried at most. */
	attempts: number;
	/** Before the second try; twice as long before each further one. */
	backoffMs: number;
	timeoutMs: number;
	/** What an answer was lost for may still show up for so long. */
	settleMs: number;
	/** A new record is waited for in its list so long. */
	listedWithinMs: number;
	/** Between two looks. */
	pollMs: number;
}

/** For a live account. */
export const LIVE_TIMING: Timing = {
	requestsPerSecond: 2,
	attempts: 6,
	backoffMs: 1_000,
	timeoutMs: 30_000,
	settleMs: 20_000,
	listedWithinMs: 30_000,
	pollMs: 1_000,
};

/** What was seen of a kind; stays in memory. */
export interface Sample {
	/** Of the first page of its list, and what it looked like. */
	list?: Answer;
	listed: PlivoRecord[];
	got: Array<{ answer: Answer; record: PlivoRecord }>;
	/** The same part of its list, asked for one or more times in a row. */
	listings: Listed[][];
	/** Every record, of those kinds that are read to the end. */
	all?: Map<string, PlivoRecord>;
	/** Ids of records that the check made, in this order. */
	made: string[];
}

/** A record that the check made. */
export interface Made {
	kind: Kind;
	id: string;
	name: string;
}

export interface Context {
	client: Client;
	timing: Timing;
	findings: FindingList;
	samples: Map<Kind, Sample>;
	/** Tells this run's records from those of others: 8 hexadecimal digits. */
	run: string;
	/** What is there still of what this run made. */
	made: Made[];
	/** When an answer to a write was lost, by `performance.now()`: until some time later it may still be done. */
	lostAt?: number;
	/** Says what is being done. */
	progress(text: string): void;
}

export function sampleOf({ samples }: Context, kind: Kind): Sample {
	let sample = samples.get(kind);
	if (!sample) samples.set(kind, (sample = { listed: [], got: [], listings: [], made: [] }));
	return sample;
}

/** Waits until nothing shows up any more of a write whose answer was lost. */
export async function settle({ client, timing, lostAt }: Context): Promise<void> {
	if (lostAt === undefined) return;
	await client.pause(Math.max(0, lostAt + timing.settleMs - performance.now()));
}
