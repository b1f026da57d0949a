/**
 * n8n running for long, with an execution every second that lists and upserts: memory stays flat and nothing
 * that is opened stays open.
 *
 * In the environment: SOAK_MINUTES, default 1. The long form is 10.
 */
import { readdirSync, readFileSync } from 'node:fs';

import {
	type N8n,
	N8N_VERSION,
	publishWorkflow,
	type Session,
	signIn,
	startN8n,
} from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
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

/** Node.js lets its heap grow before it collects garbage: with little room, growth soon means a leak. */
const HEAP_MB = 384;

/** A minute sees the heap fill up to its room; ten see 25 kB that each execution leaves behind. */
const GROWTH_MB_PER_MINUTE = MINUTES >= 5 ? 1.5 : 60;

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
	/** Resident memory. */
	megabytes: number;
	/** Open file descriptors. */
	handles: number;
}

/** What the system says about a process. */
function sampleOf(pid: number, startedAt: number): Sample {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return {
		minutes: (Date.now() - startedAt) / 60_000,
		megabytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024,
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
	const y = mean(samples.map(({ megabytes }) => megabytes));
	const sum = (term: (sample: Sample) => number) =>
		samples.reduce((total, sample) => total + term(sample), 0);
	return (
		sum(({ minutes, megabytes }) => (minutes - x) * (megabytes - y)) /
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
		env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
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

test(
	'lists and upserts every second, with flat memory and handles',
	async () => {
		const { simulator } = stand;
		await publishWorkflow(session, soak.id);
		await eventually('the first execution', async () =>
			(await executionsOf(session, soak.id)).find(({ status }) => status === 'success'),
		);
		await wait(WARM_UP_SECONDS);

		const [before] = await executionsOf(session, soak.id);
		const pid = programOf(n8n!);
		const startedAt = Date.now();
		const samples: Sample[] = [];
		const statuses = new Map<string, string>();
		while (Date.now() - startedAt < MINUTES * 60_000) {
			samples.push(sampleOf(pid, startedAt));
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
				`${simulator.requests.length} requests; memory from ${samples[0].megabytes.toFixed(0)} to ` +
				`${samples.at(-1)!.megabytes.toFixed(0)} MB, ${slope.toFixed(2)} MB a minute; ` +
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
