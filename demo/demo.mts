/** What `npm start` shows: the package in a real n8n, against the simulator. */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Simulator, startSimulator } from '../simulator/simulator.mts';
import {
	PLATFORM_CREDENTIALS,
	PLATFORMS_READY,
	readExamples,
	type ReadyCredentials,
} from './examples.mts';
import { type Mailbox, startMailbox } from './mailbox.mts';
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
import { claimPort, run, stopOnSignal } from './processes.mts';

const FOLDER = '.runtime/demo';
const N8N_LOG = join(FOLDER, 'n8n.log');
const ONBOARDING = 'customerOnboarding';

/** Who comes first, in n8n's engine alone. */
const FIRST_CUSTOMER = {
	customer: 'Globex Clinic',
	username: 'globexclinic',
	pbx: 'sip.globex.example:5060;transport=tcp',
	phoneNumber: '14155550004',
};

/** Who comes next, in the whole n8n; the sample customer that is pinned to the workflow is left for the first click. */
const NEXT_CUSTOMER = {
	customer: 'Initech Support',
	username: 'initechsupport',
	pbx: 'sip.initech.example:5060;transport=tcp',
	phoneNumber: '14155550005',
};

/** What the workflow answers. */
type Onboarded = Record<string, string>;

/** The credentials that the demo puts into the example workflows. The model of the agent is left to people. */
const READY: ReadyCredentials = {
	plivoSipTrunkingApi: { id: 'plivoSipTrunking', name: 'Plivo SIP Trunking account' },
	httpHeaderAuth: { id: 'demoWebhookKey', name: 'Webhook key' },
	httpBasicAuth: { id: 'demoFormLogin', name: 'Form login' },
	smtp: { id: 'demoMailbox', name: 'Mailbox of the demo' },
};

/** What the simulated account has before anything is done. */
const ACCOUNT = { numbers: 20, applications: 1, calls: 200 };

/** The n8n that is installed while the first result is made. */
export interface Runtime {
	/** Installs what is missing. */
	install(): Promise<void>;
	/** How long it takes until the editor is there, for people. */
	wait: string;
}

/** A started demo: the simulator and n8n, and how to sign in. */
export interface Demo {
	n8n: N8n;
	owner: Owner;
	installation: Installation;
	/** Base URL that the credential in n8n points to. */
	simulatorUrl: string;
	/** The key that the webhooks ask for, in the header X-API-Key, and the password of the form. */
	key: string;
	/** A page with the mails that workflows have sent. */
	mailsUrl: string;
	/** Stops n8n, the simulator and the mailbox. */
	stop(): Promise<void>;
}

/**
 * Builds the package and starts the simulator and n8n with the package, a credential, the example workflows and an
 * owner account. What was already imported stays as people changed it.
 * @param ports 0 for any free port
 * @param beforeN8n what is done with the simulator alone, and waited for, before n8n is needed
 * @throws {Error} when a port is taken, the build fails or n8n doesn't start
 */
export async function startDemo(
	ports: { n8n: number; simulator: number },
	env: NodeJS.ProcessEnv = {},
	beforeN8n: (simulator: Simulator) => Promise<void> = async () => {},
): Promise<Demo> {
	const port = await claimPort(ports.n8n, 'n8n', '--port');
	const simulatorPort = await claimPort(ports.simulator, 'the simulator', '--simulator-port');
	const installation = { version: N8N_VERSION, userFolder: FOLDER, env };
	await mkdir(FOLDER, { recursive: true });

	console.log('Building the package …');
	await buildPackage();
	const simulator = await startSimulator({ port: simulatorPort });
	simulator.seed(ACCOUNT);
	const mailbox = await startMailbox();
	try {
		await beforeN8n(simulator);
		console.log('Starting n8n …');
		await installPackageInto(FOLDER, await packPackage(join(FOLDER, 'packed')));
		const key = await readSecret('key.json');
		await importOnce(installation, simulator, mailbox, key);
		const log = createWriteStream(N8N_LOG);
		const n8n = await startN8n(installation, port, (text) => log.write(text));
		const stop = async () => {
			await n8n.stop();
			await simulator.close();
			await mailbox.close();
		};
		const owner = { email: 'owner@example.com', password: await readSecret('owner.json') };
		const { url: simulatorUrl } = simulator;
		return { n8n, owner, installation, simulatorUrl, key, mailsUrl: mailbox.url, stop };
	} catch (error) {
		await simulator.close();
		await mailbox.close();
		throw error;
	}
}

/** What the credential has. */
const accountOf = ({ authId, authToken, url }: Simulator) => ({ authId, authToken, baseUrl: url });

/** Imports the credentials and the workflows, unless these very ones were imported before. */
async function importOnce(
	installation: Installation,
	simulator: Simulator,
	mailbox: Mailbox,
	key: string,
): Promise<void> {
	const data: Record<string, object> = {
		plivoSipTrunkingApi: accountOf(simulator),
		httpHeaderAuth: { name: 'X-API-Key', value: key },
		httpBasicAuth: { user: 'demo', password: key },
		smtp: { user: '', password: '', hostName: '', ...mailbox.smtp },
	};
	const credentials = JSON.stringify([
		...Object.entries(READY).map(([type, name]) => ({ ...name, type, data: data[type] })),
		...PLATFORM_CREDENTIALS,
	]);
	await once('credential', credentials, async () => {
		const file = join(FOLDER, 'credentials.json');
		await writeFile(file, credentials, { mode: 0o600 });
		await importCredentials(installation, file);
		await rm(file);
	});
	const examples = readExamples({ ...READY, ...PLATFORMS_READY }, simulator.platformsUrl);
	await once('workflows', JSON.stringify(examples), async () => {
		const folder = join(FOLDER, 'workflows');
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder);
		for (const example of examples)
			await writeFile(join(folder, `${example.id}.json`), JSON.stringify(example));
		await importWorkflows(installation, folder);
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

/** A password made at the first start. */
async function readSecret(name: string): Promise<string> {
	const file = join(FOLDER, name);
	if (!existsSync(file)) {
		const password = `Sip-${randomBytes(9).toString('hex')}`;
		await writeFile(file, JSON.stringify({ password }), { mode: 0o600 });
	}
	return (JSON.parse(await readFile(file, 'utf8')) as Owner).password;
}

/**
 * Runs "Customer onboarding" in n8n's engine, which the development dependencies have.
 * @throws {Error} with the engine's last lines when the workflow failed
 */
async function onboardFirstCustomer(simulator: Simulator): Promise<Onboarded> {
	const given = [accountOf(simulator), FIRST_CUSTOMER].map((value) => JSON.stringify(value));
	const output = await run(process.execPath, ['--import', 'tsx', 'demo/firstRun.mts', ...given]);
	return JSON.parse(output) as Onboarded;
}

/** @throws {Error} with the workflow's own words when it refused the customer */
function report(where: string, made: Onboarded): void {
	if (made.error) throw new Error(made.error);
	console.log(`
"Customer onboarding" ran in ${where} and made, in the simulated Plivo account:
  customer          ${made.customer}
  outbound trunk    ${made.outbound_trunk_id}
  SIP domain        ${made.sip_domain}
  credential        ${made.credential_uuid} (${made.username} / ${made.password ?? 'password as before'})
  inbound trunk     ${made.inbound_trunk_id}
  routed number     ${made.phone_number}
`);
}

async function showFirstResult(simulator: Simulator, wait: string): Promise<void> {
	report("n8n's engine, with n8n's core nodes reduced,", await onboardFirstCustomer(simulator));
	console.log(`It took ${simulator.requests.length} requests, sent by the node itself.
The editor follows in about ${wait}; Ctrl-C stops here.
`);
}

/**
 * Publishes "Customer onboarding" and sends a customer to its webhook, as a shop or CRM would.
 * @returns what the workflow answered
 * @throws {Error} with n8n's answer when the workflow failed
 */
async function onboardExampleCustomer({ n8n, owner, key }: Demo): Promise<Onboarded> {
	await publishWorkflow(await signIn(n8n.url, owner), ONBOARDING);
	const answer = await callWebhook(n8n.url, 'customer-onboarding', NEXT_CUSTOMER, {
		'x-api-key': key,
	});
	return answer as Onboarded;
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
export const describe = ({ n8n, owner, simulatorUrl, key, mailsUrl }: Demo) => `Open ${n8n.url}
  email             ${owner.email}
  password          ${owner.password}
Then open the workflow "Customer onboarding" and click Execute workflow.
Simulated Plivo API at ${simulatorUrl}
Mails of the workflows at ${mailsUrl}
Webhooks ask for the header X-API-Key: ${key}
The form asks for the user demo and the same key as password.
n8n's log is in ${N8N_LOG}. Press Ctrl-C to stop.`;

/**
 * Runs the demo until Ctrl-C, or with --once until the example workflow has run in n8n. Its first run needs n8n's
 * engine alone.
 * @param args command line, see start.mjs
 * @param runtime what is installed beside it
 * @throws {Error} when the demo doesn't start, the workflow fails or n8n ends by itself
 */
export async function runDemo(args: string[], runtime: Runtime): Promise<void> {
	const { ports, once: stopAfterRun } = readOptions(args);
	stopOnSignal(stopAfterRun ? 130 : 0);
	const demo = await startDemo(ports, {}, async (simulator) => {
		await Promise.all([runtime.install(), showFirstResult(simulator, runtime.wait)]);
	});
	try {
		report(`n8n ${demo.installation.version}`, await onboardExampleCustomer(demo));
		if (stopAfterRun) return;
		console.log(describe(demo));
		await demo.n8n.exited;
		throw new Error(`n8n ended by itself; see ${N8N_LOG}.`);
	} finally {
		await demo.stop();
	}
}
