/** A process of its own: `create` for several programs on one account, `memory` for the peak of a list. */
import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import { createAll, listAll } from './measure.mts';

export type Task =
	| { create: { account: PlivoAccount; count: number } }
	| { memory: { account: PlivoAccount } };

/** What a task came to. */
export interface Done {
	made?: number;
	failed?: number;
	/** Milliseconds since 1970. */
	startedAt: number;
	endedAt: number;
	peakMb?: number;
	processMb?: number;
}

const MEGABYTE = 1024 * 1024;

async function create({ account, count }: { account: PlivoAccount; count: number }): Promise<Done> {
	const startedAt = Date.now();
	const { json } = await createAll(account, count, {}, `p${process.pid}-`);
	const made = json.filter(({ uri_uuid }) => uri_uuid).length;
	return { made, failed: json.length - made, startedAt, endedAt: Date.now() };
}

/** Memory in use after garbage collection, over what n8n's engine takes when idle. */
async function memory({ account }: { account: PlivoAccount }): Promise<Done> {
	const inUse = () => {
		global.gc?.();
		const { heapUsed, external } = process.memoryUsage();
		return heapUsed + external;
	};
	const startedAt = Date.now();
	const idle = inUse();
	const idleProcess = process.memoryUsage.rss();
	let peak = 0;
	let peakProcess = 0;
	const watch = setInterval(() => {
		peakProcess = Math.max(peakProcess, process.memoryUsage.rss());
		peak = Math.max(peak, inUse());
	}, 500);
	const { json } = await listAll(account);
	peak = Math.max(peak, inUse());
	clearInterval(watch);
	return {
		made: json.length,
		startedAt,
		endedAt: Date.now(),
		peakMb: (peak - idle) / MEGABYTE,
		processMb: (peakProcess - idleProcess) / MEGABYTE,
	};
}

process.once('message', async (task: Task) => {
	const done = 'create' in task ? await create(task.create) : await memory(task.memory);
	process.send?.(done, () => process.exit(0));
});
process.send?.('ready');
