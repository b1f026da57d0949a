/** A real n8n, driven from outside: its command line, and the HTTP interface that its editor uses. */
import { resolve } from 'node:path';
import type { IRun } from 'n8n-workflow';
import { freePort, run, startGroup, waitFor, type Group } from './processes.mts';

/** The n8n that the demo runs. */
export const N8N_VERSION = '2.41.1';

/** Where an n8n keeps its data, and which n8n it is. */
export interface Installation {
	/** One of runtimes/n8n-<version>, installed by `node demo/install.mjs <version>`. */
	version: string;
	/** N8N_USER_FOLDER: database, settings and community packages go to its folder .n8n. */
	userFolder: string;
	/** Added to n8n's environment, above the settings made here. */
	env?: NodeJS.ProcessEnv;
}

/** A running n8n. */
export interface N8n extends Group {
	/** Address of the editor, without a slash at the end. */
	url: string;
}

/** The owner account of an n8n. n8n wants 8 to 64 characters with a digit and a capital letter. */
export interface Owner {
	email: string;
	password: string;
}

/** Calls n8n's internal HTTP interface as a signed-in user; answers the `data` of n8n's answer. */
export type Session = (method: string, path: string, body?: unknown) => Promise<unknown>;

/**
 * The environment of an n8n that speaks to nobody outside this machine.
 * Names: n8n 2.41.1, @n8n/config; those that a version doesn't know are ignored by it.
 */
async function environment({ version, userFolder, env }: Installation): Promise<NodeJS.ProcessEnv> {
	const bin = resolve(`runtimes/n8n-${version}/node_modules/node/bin`);
	return {
		// n8n starts its task runner with the `node` it finds first.
		PATH: `${bin}:${process.env.PATH}`,
		NODE_ENV: 'production',
		NODE_COMPILE_CACHE: resolve('.runtime/compile-cache'),
		N8N_USER_FOLDER: resolve(userFolder),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_SECURE_COOKIE: 'false',
		N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_REINSTALL_MISSING_PACKAGES: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_AI_ENABLED: 'false',
		// These fetch lists from n8n's servers; n8n 1 hasn't got them, and refuses a name it doesn't know.
		...(isVersion1(version) ? {} : { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai' }),
		N8N_LOG_LEVEL: 'info',
		...env,
	};
}

const isVersion1 = (version: string) => version.startsWith('1.');

const program = (version: string) => ({
	node: resolve(`runtimes/n8n-${version}/node_modules/node/bin/node`),
	script: resolve(`runtimes/n8n-${version}/node_modules/n8n/bin/n8n`),
});

/**
 * Runs one n8n command to its end.
 * @param args such as ['import:workflow', '--input=…']
 * @returns what it wrote to standard output
 * @throws {Error} with its last lines when it fails
 */
export async function runN8n(installation: Installation, args: string[]): Promise<string> {
	const { node, script } = program(installation.version);
	return await run(node, [script, ...args], { env: await environment(installation) });
}

/**
 * Starts n8n and waits until its editor answers.
 * @param port where it listens, on 127.0.0.1
 * @param onOutput called with all that n8n writes
 * @throws {Error} with n8n's last lines when it ends or isn't ready after two minutes
 */
export async function startN8n(
	installation: Installation,
	port: number,
	onOutput?: (text: string) => void,
): Promise<N8n> {
	const { node, script } = program(installation.version);
	const url = `http://127.0.0.1:${port}`;
	const env = await environment({
		...installation,
		env: {
			N8N_PORT: String(port),
			N8N_EDITOR_BASE_URL: url,
			WEBHOOK_URL: url,
			...installation.env,
		},
	});
	const group = startGroup(node, [script, 'start'], { env }, onOutput);
	try {
		// While its database is being prepared, n8n answers every address with success.
		await waitFor(`${url}/healthz/readiness`, group, 'n8n');
		await waitFor(`${url}/rest/settings`, group, 'n8n');
	} catch (error) {
		await group.stop();
		throw error;
	}
	return { ...group, url };
}

/**
 * Starts a worker of an n8n in queue mode and waits until it takes executions.
 * @param installation a user folder of its own, and the environment of the main process
 * @param concurrency how many executions it runs at a time
 * @throws {Error} with its last lines when it ends or isn't ready after two minutes
 */
export async function startWorker(installation: Installation, concurrency = 10): Promise<Group> {
	const { node, script } = program(installation.version);
	const port = String(await freePort());
	const env = await environment({
		...installation,
		env: {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: port,
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			...installation.env,
		},
	});
	const worker = startGroup(node, [script, 'worker', `--concurrency=${concurrency}`], { env });
	try {
		await waitFor(`http://127.0.0.1:${port}/healthz/readiness`, worker, 'the worker');
	} catch (error) {
		await worker.stop();
		throw error;
	}
	return worker;
}

/**
 * Signs in as the owner; on a new n8n, makes that account first.
 * @throws {Error} when n8n has an owner with another password
 */
export async function signIn(url: string, { email, password }: Owner): Promise<Session> {
	let cookie = '';
	const session: Session = async (method, path, body) => {
		const answer = await fetch(`${url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`n8n answered ${answer.status} to ${method} ${path}: ${text}`);
		cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
		return (JSON.parse(text) as { data: unknown }).data;
	};
	const settings = (await session('GET', '/settings')) as {
		userManagement: { showSetupOnFirstLoad: boolean };
	};
	if (settings.userManagement.showSetupOnFirstLoad)
		await session('POST', '/owner/setup', {
			email,
			password,
			firstName: 'Demo',
			lastName: 'Owner',
		});
	else await session('POST', '/login', { emailOrLdapLoginId: email, password });
	return session;
}

/** Imports every workflow file of a folder; one with the same id is replaced. They are not published (active). */
export async function importWorkflows(installation: Installation, folder: string): Promise<void> {
	await runN8n(installation, ['import:workflow', '--separate', `--input=${folder}`]);
}

/**
 * Imports the credentials of a file: `[{ id, name, type, data }]`, with `data` in the clear. n8n encrypts them.
 */
export async function importCredentials(installation: Installation, file: string): Promise<void> {
	await runN8n(installation, ['import:credentials', `--input=${file}`]);
}

/**
 * Publishes a workflow, so that its webhooks and schedules work.
 * @param id the `id` in the workflow's file
 */
export async function publishWorkflow(session: Session, id: string): Promise<void> {
	const { versionId } = (await session('GET', `/workflows/${id}`)) as { versionId: string };
	await session('POST', `/workflows/${id}/activate`, { versionId });
}

/**
 * Posts to the webhook of a published workflow. n8n publishes in the background: until it has, the webhook answers 404
 * and nothing runs, so that is waited out.
 * @param path of the webhook node
 * @param headers such as the key that it asks for
 * @returns what the workflow answered
 * @throws {Error} with n8n's answer, when the workflow failed or the webhook isn't there after 20 seconds
 */
export async function callWebhook(
	url: string,
	path: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<unknown> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const answer = await fetch(`${url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
		const text = await answer.text();
		if (answer.ok) return JSON.parse(text);
		if (answer.status !== 404 || Date.now() > deadline)
			throw new Error(`n8n answered ${answer.status} to webhook ${path}: ${text}`);
		await new Promise((fulfil) => setTimeout(fulfil, 200));
	}
}

/**
 * Runs a workflow from its manual trigger with `n8n execute`, in a process of its own.
 * @returns n8n's record of the run: `data.resultData.runData` has each node's output by node name
 * @throws {Error} with n8n's words when the run fails
 */
export async function executeWorkflow(installation: Installation, id: string): Promise<IRun> {
	const output = await runN8n(installation, ['execute', `--id=${id}`, '--rawOutput']);
	// The log may have lines before and after it.
	const [json] = output.match(/^\{[^]*?^\}/m) ?? [output];
	return JSON.parse(json) as IRun;
}
