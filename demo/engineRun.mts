/**
 * A webhook's example workflow in n8n's engine, from its file. n8n's core nodes come only with the whole of n8n: the
 * few that the workflow has are reduced here to what it uses of them. Expressions and conditions are evaluated by n8n.
 */
import { Workflow } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';

import { additionalDataWith, nodeTypesOf, startWorkflow, StoredCredential } from './engine.mts';
import type { Example } from './examples.mts';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

const described = (name: string, properties: INodeProperties[] = [], outputs = 1) => ({
	displayName: name,
	name,
	group: [],
	version: 1,
	description: name,
	defaults: { name },
	inputs: ['main' as const],
	outputs: Array.from({ length: outputs }, () => 'main' as const),
	properties,
});

const condition: INodeProperties = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'filter',
	default: {},
	typeOptions: { filter: { version: 2, typeValidation: 'loose' } },
};

const assignments: INodeProperties = {
	displayName: 'Fields',
	name: 'assignments',
	type: 'assignmentCollection',
	default: {},
};

const divide: Execute = async function () {
	const items = this.getInputData();
	const met = items.map((_, index) =>
		this.getNodeParameter('conditions', index, false, { extractValue: true }),
	);
	return [items.filter((_, index) => met[index]), items.filter((_, index) => !met[index])];
};

const edit: Execute = async function () {
	const fieldsOf = (index: number) =>
		this.getNodeParameter('assignments.assignments', index) as Array<{
			name: string;
			value: IDataObject[string];
		}>;
	const edited = this.getInputData().map((_, index) => ({
		json: Object.fromEntries(fieldsOf(index).map(({ name, value }) => [name, value])),
		pairedItem: index,
	}));
	return [edited];
};

const CORE_NODES: Record<string, INodeType> = {
	'n8n-nodes-base.webhook': { description: described('webhook'), trigger: async () => ({}) },
	'n8n-nodes-base.if': { description: described('if', [condition], 2), execute: divide },
	'n8n-nodes-base.set': { description: described('set', [assignments]), execute: edit },
	'n8n-nodes-base.respondToWebhook': {
		description: described('respondToWebhook'),
		async execute() {
			return [this.getInputData()];
		},
	},
};

/** The package's part: compiled for the demo, from source for the tests. */
export interface PackageClasses {
	node: new () => INodeType;
	credential: new () => ICredentialType;
}

/**
 * Runs an example workflow that a webhook starts and answers.
 * @param account what the credential has
 * @param body what the webhook receives
 * @returns what the workflow answers
 * @throws {Error} of the node that failed
 */
export async function runInEngine(
	{ nodes, connections, settings, name }: Example,
	{ node, credential }: PackageClasses,
	account: object,
	body: IDataObject,
): Promise<IDataObject> {
	const active = nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	const workflow = new Workflow({
		name,
		nodes: active,
		connections,
		active: true,
		settings,
		nodeTypes: nodeTypesOf({
			...CORE_NODES,
			'n8n-nodes-plivo-sip-trunking.plivoSipTrunking': new node(),
		}),
	});
	const trigger = active.find(({ type }) => type === 'n8n-nodes-base.webhook')?.name ?? '';
	const additionalData = additionalDataWith(new StoredCredential(new credential(), account));
	const run = await startWorkflow(workflow, additionalData, trigger, [{ body }]);
	const { error, runData, lastNodeExecuted = '' } = run.data.resultData;
	const answer = runData[lastNodeExecuted]?.[0]?.data?.main?.[0]?.[0]?.json;
	if (error || !answer) throw new Error(error?.message ?? 'the workflow answered nothing');
	return answer;
}
