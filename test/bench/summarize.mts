/**
 * Sums up a large number of calls with the node in n8n's engine and tells the time and the peak of the
 * memory: `npx tsx test/bench/summarize.mts [calls]`. The simulator runs in a process of its own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { startSimulator } from '../../simulator/simulator.mts';
import { runNode } from '../support/engine.mts';

interface Account {
	url: string;
	authId: string;
	authToken: string;
}

const MEGABYTE = 1024 * 1024;

async function serve(calls: number) {
	const simulator = await startSimulator();
	simulator.seed({ trunks: 10, calls });
	const { url, authId, authToken } = simulator;
	process.send?.({ url, authId, authToken } satisfies Account);
}

async function sumUp({ url, authId, authToken }: Account, groupBy: string) {
	global.gc?.();
	const before = process.memoryUsage();
	let peakHeap = 0;
	let peakMemory = 0;
	const watch = setInterval(() => {
		// What is still needed, not what the garbage collector hasn't got to yet.
		global.gc?.();
		const { heapUsed, rss } = process.memoryUsage();
		peakHeap = Math.max(peakHeap, heapUsed);
		peakMemory = Math.max(peakMemory, rss);
	}, 250);
	const startedAt = performance.now();
	const { json, error } = await runNode(PlivoSipTrunking, {
		parameters: { resource: 'call', operation: 'summarize', options: groupBy ? { groupBy } : {} },
		credentials: { authId, authToken, baseUrl: url },
	});
	clearInterval(watch);
	if (error) throw new Error(error.message);
	const added = (peak: number, from: number) => `${((peak - from) / MEGABYTE).toFixed(1)} MB`;
	const counted = json.reduce((sum, row) => sum + Number(row.calls), 0);
	console.log(
		[
			`${counted} calls in ${json.length} rows`,
			`${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
			`heap at its peak +${added(peakHeap, before.heapUsed)}`,
			`process at its peak ${added(peakMemory, 0)}`,
		].join(', '),
	);
}

async function main() {
	const calls = Number(process.argv[2] ?? 100_000);
	if (process.send) return await serve(calls);
	const server = fork(fileURLToPath(import.meta.url), [String(calls)]);
	try {
		const [account] = (await once(server, 'message')) as [Account];
		if (!global.gc) console.log('Without node --expose-gc the peaks include garbage.');
		await sumUp(account, '');
		await sumUp(account, 'hangupCauseCode');
	} finally {
		server.kill();
	}
}

await main();
