/**
 * n8n in queue mode: a main process and workers, with Redis and PostgreSQL that the test starts itself.
 *
 * In the environment: QUEUE_EXECUTIONS, how many customers are onboarded in each test (default 100), and
 * QUEUE_WORKERS, with how many workers (default 1,2). The long form is 1000 with 1,2,4:
 * each execution lists the account, so the time grows with the square of their number.
 */
import type { INode } from 'n8n-workflow';

import {
	callWebhook,
	type N8n,
	N8N_VERSION,
	publishWorkflow,
	type Session,
	signIn,
	startN8n,
	startWorker,
} from '../../demo/n8n.mts';
import { freePort, type Group } from '../../demo/processes.mts';
import { only } from '../support/elements.mts';
import { sideBySide } from '../support/sideBySide.mts';
import { type Service, startPostgres, startRedis } from './services.mts';
import {
	chain,
	coreNode,
	emptyUserFolder,
	eventually,
	OWNER,
	plivoNode,
	prepareStand,
	type Stand,
} from './stand.mts';

const EXECUTIONS = Number(process.env.QUEUE_EXECUTIONS ?? 100);
const WORKERS = (process.env.QUEUE_WORKERS ?? '1,2').split(',').map(Number);

/** The account's rate limit comes to a quarter of an hour for 1000; a dead worker is noticed within a minute. */
const PATIENCE_SECONDS = 60 + EXECUTIONS * 2;

/** So many calls of the webhook wait for their answer at a time: more than the workers take. */
const WAITING = 50;

/** Plivo's limit: 300 requests in 5 s. */
const WINDOW_REQUESTS = 300;
const WINDOW_SECONDS = 5;

/** How long each answer of Plivo takes. */
const LATENCY_MS = 100;

/** So long that a worker is in the middle of an execution whenever it is killed. */
const KILL_LATENCY_MS = 300;

const onboarding = (id: string) =>
	chain(id, [
		coreNode(
			'New customer',
			'webhook',
			2,
			{ httpMethod: 'POST', path: id, responseMode: 'lastNode', options: {} },
			{ webhookId: id } as Partial<INode>,
		),
		plivoNode('Phone service', {
			resource: 'provisioning',
			operation: 'provisionOutbound',
			name: '={{ $json.body.name }}',
			sipAuthentication: 'newCredential',
			username: '={{ $json.body.username }}',
			password: '',
			options: {},
		}),
	]);

/** Each test has a workflow of its own, so that its executions can be told from the others'. */
const workflowFor = (workers: number) => `workers${workers}`;
const KILLED = 'killed';
const PAIRS = 'pairs';

/** So many customers are onboarded twice at the same moment. */
const PAIRED = 50;

interface Customer {
	name: string;
	username: string;
}

const CUSTOMERS: Customer[] = Array.from({ length: EXECUTIONS }, (_, index) => {
	const serial = String(index + 1).padStart(5, '0');
	return { name: `Customer ${serial}`, username: `customer${serial}` };
});

let postgres: Service | undefined;
let redis: Service | undefined;
let stand: Stand;
let n8n: N8n | undefined;
let session: Session;
let workers: Group[] = [];

beforeAll(async () => {
	postgres = await startPostgres();
	redis = await startRedis();
	stand = await prepareStand('queue', N8N_VERSION, {
		env: {
			...postgres.env,
			...redis.env,
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			N8N_ENCRYPTION_KEY: 'the same in every process',
			// A dead worker's executions are noticed in seconds, not in the default minute and a half.
			QUEUE_WORKER_LOCK_DURATION: '10000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
			QUEUE_WORKER_STALLED_INTERVAL: '5000',
		},
	});
	await stand.addWorkflows([...WORKERS.map(workflowFor), KILLED, PAIRS].map(onboarding));
	n8n = await startN8n(stand.installation, await freePort());
	session = await signIn(n8n.url, OWNER);
}, 300_000);

afterEach(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	workers = [];
}, 60_000);

afterAll(async () => {
	await n8n?.stop();
	await stand?.close();
	await redis?.stop();
	await postgres?.stop();
}, 60_000);

/** An empty account, workers to come, and the workflow ready. */
async function prepare(workflowId: string, count: number, latencyMs: number): Promise<void> {
	stand.simulator.reset();
	stand.simulator.options.latencyMs = latencyMs;
	for (let index = 0; index < count; index++) {
		const userFolder = await emptyUserFolder(`queue-worker${index}`);
		workers.push(await startWorker({ ...stand.installation, userFolder }));
	}
	await publishWorkflow(session, workflowId);
}

/**
 * Posts customers to the workflow's webhook, which answers when the execution has ended.
 * @returns the customers whose execution failed
 */
async function onboard(workflowId: string, customers: Customer[]): Promise<Customer[]> {
	const failed = await sideBySide(customers, WAITING, async (customer) => {
		const answered = callWebhook(n8n!.url, workflowId, customer);
		return await answered.then(
			() => [],
			() => [customer],
		);
	});
	return failed.flat();
}

/** Exactly one trunk and one credential for each customer, and each trunk with its own customer's credential. */
function expectEachOnce(customers = CUSTOMERS) {
	const { trunks, credentials } = stand.simulator.state;
	const names = (records: typeof trunks) => [...records.values()].map(({ name }) => name).sort();
	expect(names(trunks)).toEqual(customers.map(({ name }) => `${name} outbound`));
	expect(names(credentials)).toEqual(customers.map(({ name }) => name));
	for (const { name, credential_uuid } of trunks.values())
		expect(`${String(credentials.get(String(credential_uuid))?.name)} outbound`).toBe(name);
}

/** Prints what was reached, next to what the account's rate limit allows. */
function report(what: string, seconds: number) {
	const { requests } = stand.simulator;
	const refused = requests.filter(({ status }) => status === 429).length;
	const accepted = requests.length - refused;
	const perSecond = (count: number) => (count / seconds).toFixed(1);
	// The first window's requests may all come at once.
	const bound = ((accepted - WINDOW_REQUESTS) / WINDOW_REQUESTS) * WINDOW_SECONDS;
	process.stdout.write(
		`${what}: ${EXECUTIONS} executions in ${seconds.toFixed(1)} s, ${perSecond(EXECUTIONS)} a second; ` +
			`${accepted} requests (${perSecond(accepted)} a second) and ${refused} refused with 429; ` +
			`the rate limit alone takes ${Math.max(0, bound).toFixed(1)} s\n`,
	);
}

it.each(WORKERS)(
	'onboards every customer once, with %i workers',
	async (count) => {
		const workflowId = workflowFor(count);
		await prepare(workflowId, count, LATENCY_MS);
		const started = Date.now();
		expect(await onboard(workflowId, CUSTOMERS)).toEqual([]);
		report(`${count} workers`, (Date.now() - started) / 1000);
		expectEachOnce();
	},
	(PATIENCE_SECONDS + 120) * 1000,
);

it.each(['account', 'none'] as const)(
	'two equal onboardings at the same moment on two workers are one customer; trunk names unique: %s',
	async (names) => {
		await prepare(PAIRS, 2, LATENCY_MS);
		stand.simulator.variants.names = names;
		const customers = CUSTOMERS.slice(0, PAIRED);
		const answers = await sideBySide(
			customers,
			WAITING / 2,
			async (customer) =>
				await Promise.all([1, 2].map(async () => await callWebhook(n8n!.url, PAIRS, customer))),
		);
		for (const [one, other] of answers) {
			expect(trunkOf(one)).toMatch(/^\d{17}$/);
			expect(trunkOf(other)).toBe(trunkOf(one));
		}
		expectEachOnce(customers);
	},
	(PATIENCE_SECONDS + 120) * 1000,
);

/** The trunk that a caller was told. */
const trunkOf = (answer: unknown) =>
	String(([answer].flat() as Array<{ trunk_id?: string }>)[0]?.trunk_id);

it(
	'a worker is killed halfway, and what failed by it called again: still every customer once',
	async () => {
		await prepare(KILLED, 2, KILL_LATENCY_MS);
		const { state } = stand.simulator;
		const calls = onboard(KILLED, CUSTOMERS);
		await eventually(
			'the first half',
			() => (state.trunks.size >= EXECUTIONS / 2 ? true : undefined),
			PATIENCE_SECONDS,
		);
		const victim = only(workers.splice(0, 1));
		process.kill(-victim.pid, 'SIGKILL');
		const failed = await calls;
		expect(failed).not.toEqual([]);
		process.stdout.write(
			`a worker killed: ${failed.length} executions failed, having left ${state.trunks.size} trunks ` +
				`and ${state.credentials.size} credentials for ${EXECUTIONS} customers\n`,
		);
		expect(await onboard(KILLED, failed)).toEqual([]);
		expectEachOnce();
	},
	(PATIENCE_SECONDS + 120) * 1000,
);
