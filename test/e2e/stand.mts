/** A real n8n with the packed package, against the simulator: what the tests in this folder start from. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { IConnections, IDataObject, INode, IRun, ITaskData } from 'n8n-workflow';

import {
	importCredentials,
	importWorkflows,
	type Installation,
	type Owner,
	type Session,
} from '../../demo/n8n.mts';
import { installPackageInto } from '../../demo/package.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { nth, only } from '../support/elements.mts';

/** The n8n versions to test on: the oldest and the newest, or what the environment says. */
export const VERSIONS = (process.env.N8N_VERSIONS ?? '2.41.1,1.123.80').split(',');

/** Where the packed package is put, once for all tests. */
export const PACKED = '.runtime/packed';

export const PACKAGE_NODE = 'n8n-nodes-plivo-sip-trunking.plivoSipTrunking';
export const CREDENTIAL_TYPE = 'plivoSipTrunkingApi';

/** The credential that the example workflows name. */
export const ACCOUNT = { id: 'plivoSipTrunking', name: 'Plivo SIP Trunking account' };

export const OWNER: Owner = { email: 'owner@example.com', password: 'Sip-Trunking-1' };

/** A credential as n8n's command line imports it. */
export interface StoredCredential {
	id: string;
	name: string;
	type: string;
	data: IDataObject;
}

/** A workflow as n8n's command line imports it. */
export interface WorkflowFile {
	id: string;
	name: string;
	active: boolean;
	nodes: INode[];
	connections: IConnections;
	settings: IDataObject;
}

export interface Stand {
	readonly installation: Installation;
	readonly simulator: Simulator;
	/** Imports workflows; one of the same id is replaced. */
	addWorkflows(workflows: WorkflowFile[]): Promise<void>;
	close(): Promise<void>;
}

/**
 * Prepares an empty n8n: its own user folder with the package installed from the tarball, an account
 * in the simulator, the credential that the example workflows name, and more of them.
 *
 * @param name names the folder in .runtime, which is emptied
 * @param env added to n8n's environment
 * @throws {Error} when the tarball isn't packed or n8n refuses the credentials
 */
export async function prepareStand(
	name: string,
	version: string,
	{
		env,
		credentials = () => [],
	}: {
		env?: NodeJS.ProcessEnv;
		credentials?: (simulator: Simulator) => StoredCredential[];
	} = {},
): Promise<Stand> {
	const userFolder = await emptyUserFolder(name);
	const installation = { version, userFolder, env };
	const simulator = await startSimulator();
	const file = join(userFolder, 'credentials.json');
	await writeFile(file, JSON.stringify([accountCredential(simulator), ...credentials(simulator)]));
	await importCredentials(installation, file);
	return {
		installation,
		simulator,
		async addWorkflows(workflows) {
			const folder = join(userFolder, 'workflows');
			await rm(folder, { recursive: true, force: true });
			await mkdir(folder);
			for (const workflow of workflows)
				await writeFile(join(folder, `${workflow.id}.json`), JSON.stringify(workflow));
			await importWorkflows(installation, folder);
		},
		close: async () => await simulator.close(),
	};
}

/**
 * Makes a user folder with nothing but the package, installed from the tarball.
 * @param name names the folder in .runtime, which is emptied
 */
export async function emptyUserFolder(name: string): Promise<string> {
	const userFolder = join('.runtime', name);
	await rm(userFolder, { recursive: true, force: true });
	await mkdir(userFolder, { recursive: true });
	const tarball = only(await readdir(PACKED));
	await installPackageInto(userFolder, join(PACKED, tarball));
	return userFolder;
}

/** The credential for a simulator, under the name that the example workflows use. */
export const accountCredential = ({ url, authId, authToken }: Simulator): StoredCredential => ({
	...ACCOUNT,
	type: CREDENTIAL_TYPE,
	data: { authId, authToken, baseUrl: url },
});

/** A node of the package, by its installed type. */
export const plivoNode = (
	name: string,
	parameters: IDataObject,
	more: Partial<INode> = {},
): INode =>
	({
		id: name,
		name,
		type: PACKAGE_NODE,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: { [CREDENTIAL_TYPE]: ACCOUNT },
		...more,
	}) as INode;

const nodeOf =
	(source: string) =>
	(
		name: string,
		type: string,
		typeVersion: number,
		parameters: IDataObject = {},
		more: Partial<INode> = {},
	): INode =>
		({
			id: name,
			name,
			type: `${source}.${type}`,
			typeVersion,
			position: [0, 0],
			parameters,
			...more,
		}) as INode;

/** A node of n8n's own. */
export const coreNode = nodeOf('n8n-nodes-base');

/** A node of n8n's for language models. */
export const langchainNode = nodeOf('@n8n/n8n-nodes-langchain');

/** A workflow whose nodes follow one another. */
export function chain(id: string, nodes: INode[]): WorkflowFile {
	const connections: IConnections = {};
	nodes.slice(1).forEach((node, index) => {
		connections[nth(nodes, index).name] = { main: [[{ node: node.name, type: 'main', index: 0 }]] };
	});
	return {
		id,
		name: id,
		active: false,
		nodes: nodes.map((node, index) => ({ ...node, position: [index * 220, 0] })),
		connections,
		settings: { executionOrder: 'v1' },
	};
}

/** What a node did in a run; undefined when it didn't run. */
export const taskOf = (run: IRun, node: string): ITaskData | undefined =>
	run.data.resultData.runData[node]?.at(-1);

/** `json` of the items that left a node's first output. */
export const outputOf = (run: IRun, node: string): IDataObject[] =>
	(taskOf(run, node)?.data?.main?.[0] ?? []).map(({ json }) => json);

/**
 * Asks again and again until there is an answer.
 *
 * @param ask answers undefined as long as there is none
 * @param what names it, for the message
 * @throws {Error} when there is none in time
 */
export async function eventually<T>(
	what: string,
	ask: () => Promise<T | undefined> | T | undefined,
	seconds = 60,
): Promise<T> {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
		await new Promise((fulfil) => setTimeout(fulfil, 250));
	}
}

/** An execution as n8n's editor lists it. */
export interface Execution {
	id: string;
	workflowId: string;
	status: string;
}

/** The executions of a workflow, the newest first; 100 at most. */
export async function executionsOf(session: Session, workflowId: string): Promise<Execution[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = (await session('GET', `/executions?limit=100&filter=${filter}`)) as {
		results: Execution[];
	};
	return results;
}
