/**
 * `npm run bench`: how fast the node is, next to n8n's own means in the same engine.
 *
 *   --short      one round of everything, and no reading of 20,000 trunks by the others
 *   --only a,c   only these parts
 *   --write      put the table into docs/performance.md
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { INodeParameters } from 'n8n-workflow';

import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import { first, nth, only, there } from '../support/elements.mts';
import { type Accounts, type Closed, startAccounts } from './accounts.mts';
import { createAll, listAll, measure, type Measured, median, newUris } from './measure.mts';
import {
	httpRequestCreate,
	httpRequestList,
	httpRequestNode,
	OffsetPagingNode,
	PlainPagesNode,
	plainPages,
} from './rivals.mts';
import type { Done, Task } from './worker.mts';

const { values: flags } = parseArgs({
	options: {
		short: { type: 'boolean', default: false },
		only: { type: 'string', default: 'a,b,c,d,e,f' },
		write: { type: 'boolean', default: false },
	},
});
const parts = flags.only.split(',');
const rounds = (most: number) => (flags.short ? 1 : most);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENT = `${ROOT}docs/performance.md`;

/** One line of the table. */
interface Row {
	what: string;
	result: string;
	target?: string;
	met?: boolean;
}
const rows: Row[] = [];

function add(what: string, result: string, target?: string, met?: boolean) {
	rows.push({ what, result, target, met });
	console.log(`${what}: ${result}${target ? ` (target: ${target}${met ? '' : ', MISSED'})` : ''}`);
}

/** `1.23 (1.20–1.31)`: the median of the rounds and their spread. */
function shown(values: number[], digits = 2): string {
	const [least, most] = [Math.min(...values), Math.max(...values)];
	const middle = median(values).toFixed(digits);
	return values.length === 1
		? middle
		: `${middle} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

const seconds = (tooks: Array<{ tookMs: number }>) => tooks.map(({ tookMs }) => tookMs / 1000);

/** Plivo's 300 requests in 5 seconds allow no shorter time for so many. */
const bound = (requests: number) => 5 * Math.floor((requests - 1) / 300);

const httpRequest = httpRequestNode();
const accounts: Accounts = startAccounts();

type Setup = Parameters<Accounts['open']>[0];

/** Runs something on a fresh account. */
async function onAccount<T>(
	setup: Setup,
	work: (account: PlivoAccount) => Promise<T>,
): Promise<T & { closed: Closed }> {
	const account = await accounts.open(setup);
	const result = await work(account);
	return { ...result, closed: await accounts.close(account) };
}

async function repeated<T>(count: number, work: () => Promise<T>): Promise<T[]> {
	const results: T[] = [];
	for (let round = 0; round < count; round++) results.push(await work());
	return results;
}

type Listed = Measured & { closed: Closed };

/** (a) Return All next to the others' paging. */
async function lists() {
	for (const trunks of [2_000, 20_000]) {
		for (const latencyMs of [20, 50, 100]) {
			const many = trunks > 2_000;
			const setup: Setup = { latencyMs, seed: { trunks } };
			const targeted = trunks === 2_000 && latencyMs === 50;
			const own: Listed[] = [];
			const http: Listed[] = [];
			const offset: Listed[] = [];
			for (let round = 0; round < rounds(many ? 3 : 5); round++) {
				own.push(await onAccount(setup, async (account) => await listAll(account)));
				if (many && flags.short) continue;
				if (httpRequest) {
					http.push(
						await onAccount(
							setup,
							async (account) => await measure(httpRequest, account, httpRequestList(account)),
						),
					);
				}
				offset.push(
					await onAccount(setup, async (account) => await measure(OffsetPagingNode, account, {})),
				);
			}
			addWhole(`(a) all of ${trunks.toLocaleString('en')} trunks at ${latencyMs} ms`, own, trunks);
			for (const [name, runs] of [
				['the HTTP Request node', http],
				['n8n’s paging by offset', offset],
			] as const) {
				if (runs.length === 0) continue;
				const times = median(seconds(runs)) / median(seconds(own));
				add(
					`– ${name}`,
					`${shown(seconds(runs))} s, ${times.toFixed(1)} times as long`,
					targeted ? 'at least 10 times' : undefined,
					targeted ? times >= 10 : undefined,
				);
			}
		}
	}
}

/** A row for lists of this package, which have to be whole. */
function addWhole(what: string, runs: Listed[], trunks: number) {
	const whole = runs.every(({ json }) => json.length === trunks);
	const refused = runs.reduce((sum, { closed }) => sum + closed.refused, 0);
	add(
		what,
		`${shown(seconds(runs))} s, ${whole ? 'all there' : 'INCOMPLETE'}, ${refused} × 429`,
		'all there, no 429',
		whole && refused === 0,
	);
}

const SLOW: Setup = { latencyMs: 50 };

/** n8n's own setting: it hands over so many items, then waits a moment, in which the first requests leave. */
const BATCHES = { requestOptions: { batching: { batch: { batchSize: 20, batchInterval: 1 } } } };

/** (b) Creates next to the HTTP Request node and the bound. */
async function creates() {
	for (const [count, factor] of [
		[600, 1.3],
		[3_000, 1.15],
	] as const) {
		await addCreates(`(b) ${count.toLocaleString('en')} creates at 50 ms`, count, factor);
		await addCreates('– with n8n’s Batching: 20 items, 1 ms', count, factor, BATCHES);
		if (!httpRequest) continue;
		const http = await repeated(
			rounds(5),
			async () =>
				await onAccount(
					SLOW,
					async (account) =>
						await measure(httpRequest, account, httpRequestCreate(account), newUris(count)),
				),
		);
		const made = median(http.map(({ closed }) => closed.uris));
		add(
			'– the HTTP Request node',
			`${shown(seconds(http))} s, ${made} of ${count} made, ${count - made} failed with 429`,
		);
	}
}

/** A row for creates of this package, each of which has to be made once, with one request. */
async function addCreates(what: string, count: number, factor: number, settings?: INodeParameters) {
	const runs = await repeated(
		rounds(5),
		async () => await onAccount(SLOW, async (account) => await createAll(account, count, settings)),
	);
	const exact = runs.every(
		({ closed, json }) =>
			closed.uris === count &&
			closed.names === count &&
			closed.requests === count &&
			json.every(({ uri_uuid }) => uri_uuid),
	);
	const ratio = median(seconds(runs)) / bound(count);
	const first = runs.map(({ begunAt, closed }) => ((closed.firstAt ?? NaN) - begunAt) / 1000);
	add(
		what,
		`${shown(seconds(runs))} s = ${ratio.toFixed(2)} × the bound of ${bound(count)} s, the first request after ${shown(first)} s; ${
			exact ? 'each made once, with one request' : 'NOT EXACTLY ONCE'
		}`,
		`each once, one request, ${factor} × the bound`,
		exact && ratio <= factor,
	);
}

async function inProcess(task: Task, execArgv: string[] = []): Promise<Done> {
	return only(await inProcesses([task], execArgv));
}

/** Does tasks in processes of their own, begun at the same time. */
async function inProcesses(tasks: Task[], execArgv: string[] = []): Promise<Done[]> {
	const workers = await Promise.all(
		tasks.map(async () => {
			const worker = fork(fileURLToPath(new URL('./worker.mts', import.meta.url)), {
				execArgv: [...process.execArgv, ...execArgv],
			});
			await once(worker, 'message');
			return worker;
		}),
	);
	return await Promise.all(
		workers.map(async (worker, index) => {
			worker.send(nth(tasks, index));
			const [done] = (await once(worker, 'message')) as [Done];
			return done;
		}),
	);
}

/** (c) Memory for 20,000 records. */
async function memory() {
	const { peakMb = NaN, processMb = NaN } = await onAccount(
		{ seed: { trunks: 20_000 } },
		async (account) => await inProcess({ memory: { account } }, ['--expose-gc']),
	);
	add(
		'(c) memory for 20,000 trunks, above idle',
		`${peakMb.toFixed(0)} MB in use; the process grew by ${processMb.toFixed(0)} MB`,
		'under 100 MB',
		peakMb < 100,
	);
}

/** (d) Processor time per request, less what n8n's own helper takes for the same pages. */
async function cost() {
	const pages = 290;
	const setup: Setup = { seed: { trunks: 20 * pages } };
	const own: number[] = [];
	const plain: number[] = [];
	// Both are compiled by then.
	for (let round = -1; round < rounds(5); round++) {
		const ours = await onAccount(setup, async (account) => await listAll(account));
		const helper = await onAccount(
			setup,
			async (account) => await measure(PlainPagesNode, account, plainPages(account, pages)),
		);
		if (round < 0) continue;
		own.push(ours.cpuMs / pages);
		plain.push(helper.cpuMs / pages);
	}
	const extra = median(own) - median(plain);
	add(
		'(d) processor time a request (a page of 20 trunks)',
		`${shown(own)} ms; with n8n’s helper alone ${shown(plain)} ms; on top of it ${extra.toFixed(2)} ms`,
		'under 1 ms on top',
		extra < 1,
	);
}

/** (e) Loading the built package, and its size. */
function load() {
	const run = (command: string, ...args: string[]) =>
		execFileSync(command, args, {
			cwd: ROOT,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
	run('npm', 'run', 'build');
	const { n8n } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const files = [...n8n.nodes, ...n8n.credentials].map((file) => `${ROOT}${file}`);
	const script = `require('n8n-workflow');
		const startedAt = performance.now();
		for (const file of ${JSON.stringify(files)}) new (Object.values(require(file))[0])();
		console.log(performance.now() - startedAt);`;
	const loads = Array.from({ length: rounds(5) }, () => Number(run('node', '-e', script)));
	add(
		`(e) time to load ${n8n.nodes.length} nodes and the credential`,
		`${shown(loads, 1)} ms`,
		'under 30 ms',
		median(loads) < 30,
	);
	const { size, unpackedSize } = only(
		JSON.parse(run('npm', 'pack', '--dry-run', '--json')) as Array<{
			size: number;
			unpackedSize: number;
		}>,
	);
	add(
		'– packed size',
		`${(size / 1000).toFixed(0)} kB (${(unpackedSize / 1000).toFixed(0)} kB unpacked)`,
		'under 150 kB',
		size < 150_000,
	);
}

/** (f) Several n8n processes that know nothing of each other, on one account. */
async function processes() {
	for (const programs of [2, 4]) {
		const count = 600;
		const total = programs * count;
		const runs = await repeated(
			rounds(5),
			async () =>
				await onAccount(SLOW, async (account) => {
					const task: Task = { create: { account, count } };
					const tasks = Array.from({ length: programs }, () => task);
					const done = await inProcesses(tasks);
					const startedAt = Math.min(...done.map((one) => one.startedAt));
					return {
						tookMs: Math.max(...done.map(({ endedAt }) => endedAt)) - startedAt,
						failed: done.reduce((sum, { failed = 0 }) => sum + failed, 0),
					};
				}),
		);
		const exact = runs.every(({ closed }) => closed.uris === total && closed.names === total);
		const failed = runs.reduce((sum, run) => sum + run.failed, 0);
		const ratio = median(seconds(runs)) / bound(total);
		const refused = median(runs.map(({ closed }) => closed.refused));
		add(
			`(f) ${programs} processes, ${count} creates each, on one account`,
			`${shown(seconds(runs), 1)} s = ${ratio.toFixed(2)} × the bound of ${bound(total)} s; ${
				exact ? 'each made once' : 'NOT EXACTLY ONCE'
			}, ${failed} failed; ${refused} × 429 on the way`,
			'all made, none failed, 1.5 × the bound',
			exact && failed === 0 && ratio <= 1.5,
		);
	}
}

function table(): string {
	const cells = rows.map(({ what, result, target = '', met }) => [
		what,
		result,
		target,
		met === undefined ? '' : met ? 'met' : '**missed**',
	]);
	const head = ['Measured', 'Result: median (least–most)', 'Target', ''];
	const lines = [head, ...cells];
	const widths = head.map((_, column) =>
		Math.max(3, ...lines.map((line) => nth(line, column).length)),
	);
	const drawn = lines.map(
		(line) => `| ${line.map((cell, column) => cell.padEnd(nth(widths, column))).join(' | ')} |`,
	);
	const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
	return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}

function write() {
	const machine = `Node.js ${process.versions.node}, ${cpus().length} cores (${first(cpus()).model.trim()}), ${new Date().toISOString().slice(0, 10)}.`;
	const text = readFileSync(DOCUMENT, 'utf8');
	const results = `<!-- results -->\n\n${machine}\n\n${table()}\n\n<!-- end of results -->`;
	writeFileSync(
		DOCUMENT,
		text.replace(/<!-- results -->[\s\S]*<!-- end of results -->/, () => results),
	);
}

async function main() {
	if (!httpRequest) console.log('n8n is not installed under runtimes/: no HTTP Request node.');
	const all = new Map<string, () => Promise<void> | void>([
		['a', lists],
		['b', creates],
		['c', memory],
		['d', cost],
		['e', load],
		['f', processes],
	]);
	try {
		for (const part of parts) await there(all.get(part), `a part ${part}`)();
	} finally {
		accounts.stop();
	}
	console.log(`\n${table()}`);
	if (flags.write) write();
}

await main();
