import { type Readable, Writable } from 'node:stream';

import {
	ExecuteContext,
	LoadOptionsContext,
	PollContext,
	PollTriggerExecutor,
	RoutingNode,
	Tracing,
	TriggersAndPollers,
} from 'n8n-core';
import { createRunExecutionData, jsonStringify, Workflow } from 'n8n-workflow';
import type {
	IConnections,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	IRun,
	IWorkflowExecuteAdditionalData,
	NodeExecutionHint,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { PlivoSipTrunkingApi } from '../../credentials/PlivoSipTrunkingApi.credentials.ts';
import {
	additionalDataWith,
	nodeTypesOf,
	removeHome,
	startWorkflow,
	StoredCredential,
} from '../../demo/engine.mts';
import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import { only, there } from './elements.mts';

/** Runs a node in n8n's own engine (see demo/engine.mts), with real HTTP. */

export type NodeClass = new () => INodeType;

export type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

export interface NodeSetup {
	/** Missing ones take the defaults that the editor fills in. */
	parameters?: INodeParameters;
	credentials: PlivoAccount;
	/** Default: the newest version of the node. */
	typeVersion?: number;
}

export interface NodeRunSetup extends NodeSetup {
	/** `json` of the input items. Default: one empty item. */
	items?: IDataObject[];
	/** `true` is `continueRegularOutput`. Default: stop at the first error. */
	continueOnFail?: boolean | Exclude<OnError, 'stopWorkflow'>;
	/** The node's settings Retry On Fail, Max. Tries and Wait Between Tries, in milliseconds. */
	retry?: Pick<INode, 'maxTries' | 'waitBetweenTries'>;
}

/** An error as n8n stores it with an execution: a plain object, not an instance of a class. */
export interface RunError {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context?: IDataObject;
}

export interface NodeRun {
	/** Output items of the node's first branch. */
	items: INodeExecutionData[];
	/** The same items' `json`. */
	json: IDataObject[];
	/** Output items of every branch; with `continueErrorOutput` the last is the error branch. */
	outputs: INodeExecutionData[][];
	/** What the execution failed with. */
	error?: RunError;
	hints: NodeExecutionHint[];
	/** The execution as n8n would save it. */
	run: IRun;
}

export interface StartedNode {
	result: Promise<NodeRun>;
	/** What the editor's stop button does. */
	cancel(): void;
}

export interface PollSetup extends NodeSetup {
	/** What earlier polls left; not changed. */
	staticData?: IDataObject;
	/** `trigger`: an active workflow; `manual`: the editor's test button. Default: `trigger`. */
	mode?: Extract<WorkflowExecuteMode, 'trigger' | 'manual'>;
	/** Default: `init`, as after a start of n8n. */
	activation?: WorkflowActivateMode;
}

export interface PollRun {
	/** Emitted items of the first branch, `null` when nothing was emitted. */
	items: INodeExecutionData[] | null;
	/** The node's static data after the poll, as n8n would keep it in its database. */
	staticData: IDataObject;
	/** What the poll threw. */
	error?: Error;
}

export interface ActivationSetup extends NodeSetup {
	/** What n8n's database holds from earlier; not changed. */
	staticData?: IDataObject;
	/** `activate`: switched on by a person. `init`: n8n has started. `update`: published anew. Default: `activate`. */
	activation?: WorkflowActivateMode;
}

/** A polling trigger of an active workflow. */
export interface ActiveNode {
	/** One tick of the poll times. Never rejects. */
	poll(): Promise<void>;
	/** `json` of all items that were emitted, in their order. */
	readonly emitted: IDataObject[];
	/** What failed polls have thrown. */
	readonly errors: Error[];
	/** The node's static data as n8n's database holds it. */
	readonly stored: IDataObject;
}

const PACKAGE = 'n8n-nodes-plivo-sip-trunking';
const START_TYPE = 'test.start';
const START = 'Start';
const NODE = 'Node';
const credentialType: ICredentialType = new PlivoSipTrunkingApi();

/** Hands the items that an execution begins with to the next node, as any trigger does. */
class StartNode implements INodeType {
	description: INodeType['description'] = {
		displayName: START,
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Starts the workflow',
		defaults: { name: START },
		inputs: [],
		outputs: ['main'],
		properties: [],
	};

	async trigger() {
		return {};
	}
}

interface Bench {
	workflow: Workflow;
	node: INode;
	nodeType: INodeType;
	additionalData: IWorkflowExecuteAdditionalData;
}

function benchFor(
	nodeClass: NodeClass,
	{ parameters = {}, credentials, typeVersion }: NodeSetup,
	{
		onError,
		staticData,
		retry,
	}: { onError?: OnError; staticData?: IDataObject } & Pick<NodeRunSetup, 'retry'> = {},
): Bench {
	const declared = new nodeClass();
	const { name, defaultVersion, version } = declared.description;
	const newest = defaultVersion ?? [version].flat().at(-1);
	const type = `${PACKAGE}.${name}`;
	const node: INode = {
		id: 'node',
		name: NODE,
		type,
		typeVersion: typeVersion ?? newest ?? 1,
		position: [200, 0],
		parameters,
		credentials: { [credentialType.name]: { id: '1', name: 'Plivo' } },
		onError,
		...(retry && { retryOnFail: true, ...retry }),
	};
	const start: INode = {
		id: 'start',
		name: START,
		type: START_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const connections: IConnections = {
		[START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] },
	};
	const workflow = new Workflow({
		id: 'workflow',
		name: 'Workflow',
		nodes: [start, node],
		connections,
		active: true,
		nodeTypes: nodeTypesOf({ [START_TYPE]: new StartNode(), [type]: declared }),
		staticData: staticData && { [`node:${NODE}`]: structuredClone(staticData) },
		settings: { executionOrder: 'v1' },
	});
	return {
		workflow,
		node: there(workflow.nodes[NODE], NODE),
		nodeType: workflow.nodeTypes.getByNameAndVersion(type, node.typeVersion),
		additionalData: additionalDataWith(new StoredCredential(credentialType, credentials)),
	};
}

function nodeRun(run: IRun): NodeRun {
	const { runData, error } = run.data.resultData;
	const task = runData[NODE]?.[0];
	const outputs = (task?.data?.main ?? []).map((branch) => branch ?? []);
	const items = outputs[0] ?? [];
	return {
		items,
		json: items.map((item) => item.json),
		outputs,
		error: error as RunError | undefined,
		hints: task?.hints ?? [],
		run,
	};
}

/**
 * Starts a workflow of a trigger and the given node, as a production execution.
 *
 * @returns the execution's result, which never rejects, and a way to stop it
 */
export function startNode(nodeClass: NodeClass, setup: NodeRunSetup): StartedNode {
	const { items = [{}], continueOnFail = false } = setup;
	const onError =
		continueOnFail === true ? 'continueRegularOutput' : continueOnFail || 'stopWorkflow';
	const { workflow, additionalData } = benchFor(nodeClass, setup, {
		onError,
		retry: setup.retry,
	});
	const execution = startWorkflow(workflow, additionalData, START, items);
	return { result: execution.then(nodeRun), cancel: () => execution.cancel() };
}

/** As `startNode`, waiting for the end. */
export async function runNode(nodeClass: NodeClass, setup: NodeRunSetup): Promise<NodeRun> {
	return await startNode(nodeClass, setup).result;
}

function loadOptionsContext({ workflow, node, additionalData }: Bench): LoadOptionsContext {
	additionalData.currentNodeParameters = node.parameters;
	return new LoadOptionsContext(workflow, node, additionalData, '');
}

/**
 * Searches as a resource locator does (n8n/dist/services/dynamic-node-parameters.service.js).
 *
 * @throws what the method throws
 */
export async function runListSearch(
	nodeClass: NodeClass,
	methodName: string,
	setup: NodeSetup & { filter?: string; paginationToken?: string },
): Promise<INodeListSearchResult> {
	const bench = benchFor(nodeClass, setup);
	const method = bench.nodeType.methods?.listSearch?.[methodName];
	if (!method) throw new Error(`The node has no list search "${methodName}"`);
	return await method.call(loadOptionsContext(bench), setup.filter, setup.paginationToken);
}

/** Polls once. A poll that throws is a result too: its error and the static data it leaves. */
export async function pollNode(nodeClass: NodeClass, setup: PollSetup): Promise<PollRun> {
	const { staticData, mode = 'trigger', activation = 'init' } = setup;
	const { workflow, node, nodeType, additionalData } = benchFor(nodeClass, setup, { staticData });
	if (!nodeType.poll) throw new Error('The node is no polling trigger');
	const activated = mode === 'manual' ? 'manual' : activation;
	const context = new PollContext(workflow, node, additionalData, mode, activated);
	const outcome = await nodeType.poll.call(context).then(
		(branches) => ({ items: branches?.[0] ?? null }),
		(error: Error) => ({ items: null, error }),
	);
	const kept = JSON.parse(JSON.stringify(workflow.getStaticData('node', node))) as IDataObject;
	return { ...outcome, staticData: kept };
}

/**
 * Activates a workflow of a polling trigger, as n8n/dist/active-workflow-manager.js, add, does: n8n-core
 * polls once, and the static data is stored. Later polls have the same context and store the static
 * data only when they emit (n8n/dist/workflows/triggers/trigger-execution-context.factory.js).
 *
 * @throws what the first poll throws: the activation has failed
 */
export async function activateNode(
	nodeClass: NodeClass,
	setup: ActivationSetup,
): Promise<ActiveNode> {
	const { staticData = {}, activation = 'activate' } = setup;
	const { workflow, node, additionalData } = benchFor(nodeClass, setup, { staticData });
	let stored = structuredClone(staticData);
	const store = () => {
		stored = JSON.parse(JSON.stringify(workflow.getStaticData('node', node))) as IDataObject;
	};
	const emitted: IDataObject[] = [];
	const errors: Error[] = [];
	const context = new PollContext(
		workflow,
		node,
		additionalData,
		'trigger',
		activation,
		(branches) => {
			emitted.push(...(branches[0] ?? []).map(({ json }) => json));
			store();
		},
		(error) => errors.push(error),
	);
	const { logger } = context as unknown as { logger: ExecutorParts[0] };
	const executor = new PollTriggerExecutor(
		logger,
		new TriggersAndPollers(),
		new Tracing(),
		// Called only for cursors that n8n's scheduler keeps, and there is none here.
		undefined as unknown as ExecutorParts[3],
	);
	const execute = executor.create(workflow, node, context, () => true);
	await execute(true);
	store();
	return {
		poll: async () => await execute(),
		emitted,
		errors,
		get stored() {
			return stored;
		},
	};
}

type ExecutorParts = ConstructorParameters<typeof PollTriggerExecutor>;

export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

/**
 * The credential's "Test" button: the request goes through n8n-core, the verdict follows
 * n8n/dist/services/credentials-tester.service.js, runRequestTest.
 */
export async function testCredential(credentials: PlivoAccount): Promise<CredentialTest> {
	const test: ICredentialTestRequest | undefined = credentialType.test;
	if (!test) throw new Error('The credential type has no test');
	class TestNode implements INodeType {
		description: INodeType['description'] = {
			...new StartNode().description,
			inputs: ['main'],
			requestDefaults: {},
			credentials: [{ name: credentialType.name, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					routing: { request: test?.request },
					default: '',
				},
			],
		};
	}
	const { workflow, node, nodeType, additionalData } = benchFor(TestNode, { credentials });
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	try {
		const [items = []] = (await new RoutingNode(context, nodeType).runNode()) ?? [];
		const answer = only(items);
		const rule = test.rules?.find(
			({ type, properties }) =>
				type === 'responseSuccessBody' && answer.json[properties.key] === properties.value,
		);
		if (rule) return { status: 'Error', message: rule.properties.message };
		return { status: 'OK', message: 'Connection successful!' };
	} catch (thrown) {
		const { message, cause } = thrown as Error & {
			cause?: { code?: string; response?: { status: number; statusText: string } };
		};
		if (!cause?.response) return { status: 'Error', message: cause?.code ?? message };
		const { status, statusText } = cause.response;
		const rule = test.rules?.find(
			({ type, properties }) => type === 'responseCode' && properties.value === status,
		);
		return { status: 'Error', message: rule?.properties.message ?? statusText };
	}
}

const logLines: string[] = [];

/** The lines that n8n has logged since the last call, at all levels, as JSON. */
export function takeLogs(): string[] {
	return logLines.splice(0);
}

/** n8n's own logger, reached as a node reaches it; the one of another copy of n8n's packages stays silent. */
function collectLogs(): void {
	const nobody = { authId: '', authToken: '', baseUrl: '' };
	const { workflow, node, additionalData } = benchFor(StartNode, { credentials: nobody });
	const { logger } = new LoadOptionsContext(workflow, node, additionalData, '');
	const internal = (logger as unknown as { getInternalLogger(): Readable }).getInternalLogger();
	// The logger lives as long as the worker; a test file before this one has collected its own.
	internal.unpipe();
	internal.pipe(
		new Writable({
			objectMode: true,
			write(line: IDataObject, _encoding, done) {
				logLines.push(jsonStringify(line, { replaceCircularRefs: true }));
				done();
			},
		}),
	);
}

collectLogs();
removeHome();
