/** What `npm start` shows: the package in a real n8n, against the simulator. */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSimulator } from '../simulator/simulator.mts';
import {
	callWebhook,
	importCredentials,
	importWorkflows,
	N8N_VERSION,
	publishWorkflow,
	signIn,
	startN8n,
	type Installation,
	type N8n,
	type Owner,
} from './n8n.mts';
import { buildPackage, installPackageInto, packPackage } from './package.mts';
import { claimPort, stopOnSignal } from './processes.mts';

const FOLDER = '.runtime/demo';
const N8N_LOG = join(FOLDER, 'n8n.log');
const WORKFLOWS = 'workflows';
const ONBOARDING = { id: 'customerOnboarding', file: 'workflows/customer-onboarding.json' };

/** What the simulated account has before anything is done. */
const ACCOUNT = { numbers: 20, applications: 1, calls: 200 };

/** A started demo: the simulator and n8n, and how to sign in. */
export interface Demo {
	n8n: N8n;
	owner: Owner;
	installation: Installation;
	/** Base URL that the credential in n8n points to. */
	simulatorUrl: string;
	/** Stops n8n and the simulator. */
	stop(): Promise<void>;
}

/**
 * Builds the package and starts the simulator and n8n with the package, a credential, the example workflows and an
 * owner account. What was already imported stays as people changed it.
 * @param ports 0 for any free port
 * @throws {Error} when a port is taken, the build fails or n8n doesn't start
 */
export async function startDemo(
	ports: { n8n: number; simulator: number },
	env: NodeJS.ProcessEnv = {},
): Promise<Demo> {
	const port = await claimPort(ports.n8n, 'n8n', '--port');
	const simulatorPort = await claimPort(ports.simulator, 'the simulator', '--simulator-port');
	const installation = { version: N8N_VERSION, userFolder: FOLDER, env };
	await mkdir(FOLDER, { recursive: true });

	console.log('Building the package …');
	await buildPackage();
	await installPackageInto(FOLDER, await packPackage(join(FOLDER, 'packed')));

	console.log('Starting the simulator and n8n …');
	const simulator = await startSimulator({ port: simulatorPort });
	simulator.seed(ACCOUNT);
	try {
		await importOnce(installation, simulator);
		const log = createWriteStream(N8N_LOG);
		const n8n = await startN8n(installation, port, (text) => log.write(text));
		const stop = async () => {
			await n8n.stop();
			await simulator.close();
		};
		return { n8n, owner: await readOwner(), installation, simulatorUrl: simulator.url, stop };
	} catch (error) {
		await simulator.close();
		throw error;
	}
}

/** Imports the credential and the workflows, unless these very ones were imported before. */
async function importOnce(
	installation: Installation,
	simulator: { url: string; authId: string; authToken: string },
): Promise<void> {
	const credentials = JSON.stringify([
		{
			id: 'plivoSipTrunking',
			name: 'Plivo SIP Trunking account',
			type: 'plivoSipTrunkingApi',
			data: { authId: simulator.authId, authToken: simulator.authToken, baseUrl: simulator.url },
		},
	]);
	await once('credential', credentials, async () => {
		const file = join(FOLDER, 'credentials.json');
		await writeFile(file, credentials, { mode: 0o600 });
		await importCredentials(installation, file);
		await rm(file);
	});
	const files = (await readdir(WORKFLOWS)).sort().map((name) => join(WORKFLOWS, name));
	const workflows = await Promise.all(files.map(async (file) => await readFile(file, 'utf8')));
	await once('workflows', workflows.join(), async () => {
		await importWorkflows(installation, WORKFLOWS);
	});
}

/** Does something unless it was done for the same content before. */
async function once(name: string, content: string, action: () => Promise<void>): Promise<void> {
	const stamp = join(FOLDER, `${name}.imported`);
	const wanted = createHash('sha256').update(content).digest('hex');
	if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
	await action();
	await writeFile(stamp, wanted);
}

/** The owner account of the demo's n8n, with a password made at the first start. */
async function readOwner(): Promise<Owner> {
	const file = join(FOLDER, 'owner.json');
	if (!existsSync(file)) {
		const password = `Sip-${randomBytes(9).toString('hex')}`;
		const owner = JSON.stringify({ email: 'owner@example.com', password });
		await writeFile(file, owner, { mode: 0o600 });
	}
	return JSON.parse(await readFile(file, 'utf8')) as Owner;
}

/**
 * Publishes "Customer onboarding" and sends its example customer to its webhook, as a shop or CRM would.
 * @returns what the workflow answered
 * @throws {Error} with n8n's answer when the workflow failed
 */
async function onboardExampleCustomer({ n8n, owner }: Demo): Promise<Record<string, string>> {
	await publishWorkflow(await signIn(n8n.url, owner), ONBOARDING.id);
	const answer = await callWebhook(n8n.url, 'customer-onboarding', await exampleCustomer());
	return answer as Record<string, string>;
}

/** The customer in the workflow's node "Example customer". */
async function exampleCustomer(): Promise<Record<string, string>> {
	const workflow = JSON.parse(await readFile(ONBOARDING.file, 'utf8')) as {
		nodes: Array<{ name: string; parameters: unknown }>;
	};
	const node = workflow.nodes.find(({ name }) => name === 'Example customer');
	const { assignments } = node?.parameters as {
		assignments: { assignments: Array<{ name: string; value: string }> };
	};
	return Object.fromEntries(assignments.assignments.map(({ name, value }) => [name, value]));
}

/**
 * Reads the command line; the options are explained in start.mjs.
 * @throws {Error} when an option is unknown or a port is no port
 */
export function readOptions(args: string[]) {
	const values = parseFlags(args);
	return {
		ports: {
			n8n: readPort('--port', values.port),
			simulator: readPort('--simulator-port', values['simulator-port']),
		},
		once: values.once,
	};
}

function parseFlags(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				port: { type: 'string', default: '5678' },
				'simulator-port': { type: 'string', default: '4010' },
				once: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		throw new Error(`${(error as Error).message} (see --help)`);
	}
}

function readPort(flag: string, text: string): number {
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
		throw new Error(`${flag} must be a number from 0 to 65535, not "${text}".`);
	return Number(text);
}

/** How to open the demo in a browser. */
export const describe = ({ n8n, owner, simulatorUrl }: Demo) => `Open ${n8n.url}
  email             ${owner.email}
  password          ${owner.password}
Simulated Plivo API at ${simulatorUrl}
n8n's log is in ${N8N_LOG}. Press Ctrl-C to stop.`;

/**
 * Runs the demo until Ctrl-C, or with --once until the example workflow has run.
 * @param args command line, see start.mjs
 * @throws {Error} when the demo doesn't start, the workflow fails or n8n ends by itself
 */
export async function runDemo(args: string[]): Promise<void> {
	const { ports, once: stopAfterRun } = readOptions(args);
	stopOnSignal(stopAfterRun ? 130 : 0);
	const demo = await startDemo(ports);
	try {
		const made = await onboardExampleCustomer(demo);
		console.log(`
"Customer onboarding" ran in n8n ${demo.installation.version} and made, in the simulated Plivo account:
  customer          ${made.customer}
  outbound trunk    ${made.outbound_trunk_id}
  SIP domain        ${made.sip_domain}
  credential        ${made.credential_uuid} (${made.username} / ${made.password})
  inbound trunk     ${made.inbound_trunk_id}
  routed number     ${made.phone_number}
`);
		if (stopAfterRun) return;
		console.log(describe(demo));
		await demo.n8n.exited;
		throw new Error(`n8n ended by itself; see ${N8N_LOG}.`);
	} finally {
		await demo.stop();
	}
}
