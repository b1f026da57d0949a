/**
 * n8n running for long, with an execution every second that lists and upserts: memory stays flat and nothing
 * that is opened stays open.
 *
 * In the environment: SOAK_MINUTES, default 1. The long form is 10.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
	type N8n,
	N8N_VERSION,
	publishWorkflow,
	type Session,
	signIn,
	startN8n,
} from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { first, nth } from '../support/elements.mts';
import {
	chain,
	coreNode,
	eventually,
	executionsOf,
	OWNER,
	plivoNode,
	prepareStand,
	type Stand,
} from './stand.mts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 1);

/** n8n compiles, fills its caches and opens its connections. */
const WARM_UP_SECONDS = 20;
const SAMPLE_SECONDS = 5;

const TRUNKS = 200;
const URI = 'pbx.example.com:5060;transport=tcp';

/** A few connections more at the end are the pool's. */
const HANDLES_MARGIN = 5;

/** What may stay in use: in the first minutes n8n still fills its caches; later, 25 kB for each execution. */
const GROWTH_MB_PER_MINUTE = MINUTES >= 5 ? 1.5 : 6;

const HEAP_FILE = resolve('.runtime/soak-heap');

const soak = chain('soak', [
	coreNode('Every second', 'scheduleTrigger', 1.2, {
		rule: { interval: [{ field: 'cronExpression', expression: '* * * * * *' }] },
	}),
	plivoNode('Trunks', { resource: 'trunk', operation: 'getAll', returnAll: true, options: {} }),
	plivoNode(
		'Address',
		{
			resource: 'originationUri',
			operation: 'upsert',
			name: 'PBX',
			uri: URI,
			authenticationNeeded: false,
			options: {},
		},
		{ executeOnce: true },
	),
]);

interface Sample {
	/** Since the first sample. */
	minutes: number;
	/** In use on the heap after a garbage collection. */
	heap: number;
	/** Resident memory. */
	resident: number;
	/** Open file descriptors. */
	handles: number;
}

/** What the process itself (see usedHeap.mjs) and the system say about it; memory in MB. */
async function sampleOf(pid: number, startedAt: number): Promise<Sample> {
	rmSync(HEAP_FILE, { force: true });
	process.kill(pid, 'SIGUSR2');
	const used = await eventually('the used heap', () =>
		existsSync(HEAP_FILE) ? readFileSync(HEAP_FILE, 'utf8') || undefined : undefined,
	);
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return {
		minutes: (Date.now() - startedAt) / 60_000,
		heap: Number(used) / 1024 ** 2,
		resident: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024,
		handles: readdirSync(`/proc/${pid}/fd`).length,
	};
}

/** The process that a group was started for. */
const programOf = ({ pid }: N8n) =>
	Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Slope of the line through the samples by least squares. */
function growth(samples: Sample[]): number {
	const x = mean(samples.map(({ minutes }) => minutes));
	const y = mean(samples.map(({ heap }) => heap));
	const sum = (term: (sample: Sample) => number) =>
		samples.reduce((total, sample) => total + term(sample), 0);
	return (
		sum(({ minutes, heap }) => (minutes - x) * (heap - y)) /
		sum(({ minutes }) => (minutes - x) ** 2)
	);
}

const wait = async (seconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, seconds * 1000));

let stand: Stand;
let n8n: N8n | undefined;
let session: Session;

beforeAll(async () => {
	stand = await prepareStand('soak', N8N_VERSION, {
		env: {
			NODE_OPTIONS: `--import=${pathToFileURL('test/e2e/usedHeap.mjs').href}`,
			USED_HEAP_FILE: HEAP_FILE,
		},
	});
	stand.simulator.seed({ trunks: TRUNKS });
	await stand.addWorkflows([soak]);
	n8n = await startN8n(stand.installation, await freePort());
	session = await signIn(n8n.url, OWNER);
}, 180_000);

afterAll(async () => {
	await n8n?.stop();
	await stand?.close();
});

it(
	'lists and upserts every second, with flat memory and handles',
	async () => {
		const { simulator } = stand;
		await publishWorkflow(session, soak.id);
		await eventually('the first execution', async () =>
			(await executionsOf(session, soak.id)).find(({ status }) => status === 'success'),
		);
		await wait(WARM_UP_SECONDS);

		const before = first(await executionsOf(session, soak.id));
		const pid = programOf(n8n!);
		const startedAt = Date.now();
		const samples: Sample[] = [];
		const statuses = new Map<string, string>();
		while (Date.now() - startedAt < MINUTES * 60_000) {
			samples.push(await sampleOf(pid, startedAt));
			await wait(SAMPLE_SECONDS);
			for (const { id, status } of await executionsOf(session, soak.id))
				if (Number(id) > Number(before.id)) statuses.set(id, status);
		}

		const ended = [...statuses.values()].filter((status) => !['new', 'running'].includes(status));
		const succeeded = ended.filter((status) => status === 'success').length;
		const third = Math.floor(samples.length / 3);
		const firstHandles = mean(samples.slice(0, third).map(({ handles }) => handles));
		const lastHandles = mean(samples.slice(-third).map(({ handles }) => handles));
		const slope = growth(samples);
		process.stdout.write(
			`${MINUTES} minutes: ${succeeded} of ${ended.length} executions succeeded, ` +
				`${simulator.requests.length} requests; heap in use from ${first(samples).heap.toFixed(1)} to ` +
				`${nth(samples, -1).heap.toFixed(1)} MB, ${slope.toFixed(2)} MB a minute; resident memory from ` +
				`${first(samples).resident.toFixed(0)} to ${nth(samples, -1).resident.toFixed(0)} MB; ` +
				`open handles ${firstHandles.toFixed(1)} in the first third, ${lastHandles.toFixed(1)} in the last\n`,
		);

		expect(ended.filter((status) => status !== 'success')).toEqual([]);
		expect(succeeded).toBeGreaterThanOrEqual(MINUTES * 60 * 0.8);
		expect(lastHandles).toBeLessThanOrEqual(firstHandles + HANDLES_MARGIN);
		expect(slope).toBeLessThan(GROWTH_MB_PER_MINUTE);

		const upserted = [...simulator.state.uris.values()].filter(({ name }) => name === 'PBX');
		expect(upserted).toMatchObject([{ uri: URI }]);
		expect(simulator.state.trunks.size).toBe(TRUNKS);
	},
	(MINUTES + 3) * 60_000,
);
