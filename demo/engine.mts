/**
 * n8n's own engine (n8n-core), without the rest of n8n. What n8n's command line adds around it is reproduced here,
 * each piece named after the file of the `n8n` package it follows: node types, stored credentials, and the data an
 * execution starts from.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	type ExecuteContext,
	ExecutionLifecycleHooks,
	ExternalSecretsProxy,
	RoutingNode,
	WorkflowExecute,
} from 'n8n-core';
import { createRunExecutionData, ICredentialsHelper, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

const homeFolder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
Object.assign(process.env, {
	N8N_USER_FOLDER: homeFolder,
	N8N_ENCRYPTION_KEY: 'protects-nothing',
	N8N_LOG_LEVEL: 'debug',
	// Neither of n8n's outputs: whoever wants the lines reads them from the logger.
	N8N_LOG_OUTPUT: 'none',
});

/** Removes the engine's user folder: n8n reads its settings when it makes its first context, and never again. */
export const removeHome = () => rmSync(homeFolder, { recursive: true, force: true });

/** n8n/dist/utils.js, shouldAssignExecuteMethod. */
function isDeclarative(type: INodeType): boolean {
	const hasDefaults = type.description.requestDefaults !== undefined;
	return (
		!type.execute &&
		!type.supplyData &&
		!type.poll &&
		!type.trigger &&
		(!type.webhook || hasDefaults) &&
		(!type.methods || hasDefaults)
	);
}

/** n8n/dist/node-types.js. */
export function nodeTypesOf(known: Readonly<Record<string, INodeType>>): INodeTypes {
	const knownAs = (name: string) => {
		const type = known[name];
		if (!type) throw new Error(`The engine has no node type ${name}`);
		return type;
	};
	return {
		getByName: knownAs,
		getByNameAndVersion(type, version) {
			const versioned = NodeHelpers.getVersionedNodeType(knownAs(type), version);
			if (isDeclarative(versioned)) {
				versioned.execute = async function (this: IExecuteFunctions) {
					return (await new RoutingNode(this as ExecuteContext, versioned).runNode()) ?? [];
				};
			}
			return versioned;
		},
		getKnownTypes: () => ({}),
	};
}

/** n8n/dist/credentials-helper.js, with one stored credential and no database. */
export class StoredCredential extends ICredentialsHelper {
	constructor(
		private readonly type: ICredentialType,
		private readonly data: object,
	) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		if (typeof this.type.authenticate !== 'function') {
			throw new Error('The credential type signs requests with a function');
		}
		return await this.type.authenticate(credentials, requestOptions);
	}

	async preAuthentication(): Promise<undefined> {}

	async runPreAuthentication(): Promise<undefined> {}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Nothing reads the encrypted credential');
	}

	/** As applyDefaultsAndOverwrites there: expressions see the item, where there is one. */
	async getDecrypted(
		...[, , , mode, executeData, , values]: Parameters<ICredentialsHelper['getDecrypted']>
	): Promise<ICredentialDataDecryptedObject> {
		const stored = { ...this.data } as INodeParameters;
		if (!values) {
			const { expression } = new Workflow({
				nodes: [],
				connections: {},
				active: false,
				nodeTypes: nodeTypesOf({}),
			});
			return expression.getComplexParameterValue(
				{
					id: 'mock',
					name: 'mock',
					type: 'mock',
					typeVersion: 1,
					position: [0, 0],
					parameters: {},
				},
				stored,
				mode,
				{},
				undefined,
				undefined,
				stored,
			) as ICredentialDataDecryptedObject;
		}
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
		return workflow.expression.getParameterValue(
			stored,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
			executeData,
			false,
			stored,
		) as ICredentialDataDecryptedObject;
	}

	async updateCredentials(): Promise<void> {
		throw new Error('Nothing changes the credential');
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('Nothing changes the credential');
	}

	getCredentialsProperties(): INodeProperties[] {
		return this.type.properties;
	}
}

/** n8n/dist/workflow-execute-additional-data.js, getBase. */
export function additionalDataWith(
	credentialsHelper: ICredentialsHelper,
): IWorkflowExecuteAdditionalData {
	const unused = async (): Promise<never> => {
		throw new Error('No workflow of this engine gets here');
	};
	const url = 'http://localhost:5678';
	return {
		credentialsHelper,
		externalSecretsProxy: new ExternalSecretsProxy(),
		executeWorkflow: unused,
		getRunExecutionData: unused,
		getRuntimeCredential: unused,
		startRunnerTask: unused,
		logAiEvent: () => {},
		currentNodeExecutionIndex: 0,
		restApiUrl: `${url}/rest`,
		instanceBaseUrl: url,
		formBaseUrl: `${url}/form`,
		formWaitingBaseUrl: `${url}/form-waiting`,
		formTestBaseUrl: `${url}/form-test`,
		webhookBaseUrl: `${url}/webhook`,
		webhookWaitingBaseUrl: `${url}/webhook-waiting`,
		webhookTestBaseUrl: `${url}/webhook-test`,
		mcpBaseUrl: `${url}/mcp`,
		mcpTestBaseUrl: `${url}/mcp-test`,
		variables: {},
	};
}

/** Executions have ids of their own. */
let executions = 0;

/**
 * Starts a production execution from a trigger.
 * @param trigger the node's name
 * @param items `json` of what the trigger received
 * @returns the execution, which can be canceled and never rejects
 */
export function startWorkflow(
	workflow: Workflow,
	additionalData: IWorkflowExecuteAdditionalData,
	trigger: string,
	items: IDataObject[],
) {
	const node = workflow.nodes[trigger];
	if (!node) throw new Error(`The workflow has no node ${trigger}`);
	const executionId = String(++executions);
	additionalData.executionId = executionId;
	additionalData.hooks = new ExecutionLifecycleHooks('trigger', executionId, {
		id: workflow.id,
		name: workflow.name ?? 'Workflow',
		nodes: Object.values(workflow.nodes),
		connections: workflow.connectionsBySourceNode,
		active: true,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		activeVersionId: null,
	});
	const data = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [
				{ node, data: { main: [items.map((json) => ({ json }))] }, source: null },
			],
		},
	});
	return new WorkflowExecute(additionalData, 'trigger', data).processRunExecutionData(workflow);
}
