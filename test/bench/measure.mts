import { type IDataObject, type INodeParameters } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import { nth } from '../support/elements.mts';
import { type NodeClass, type NodeRun, runNode } from '../support/engine.mts';
import { LoadedNode } from '../support/loadedNode.mts';

/** What a run of a node took. */
export interface Measured extends NodeRun {
	/** Milliseconds since 1970. */
	begunAt: number;
	/** From start to end, in milliseconds. */
	tookMs: number;
	/** Processor time of this process, user and system, in milliseconds. */
	cpuMs: number;
}

/** Runs a node to its end and measures it. */
export async function measure(
	node: NodeClass,
	credentials: PlivoAccount,
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
): Promise<Measured> {
	const begunAt = Date.now();
	const before = process.cpuUsage();
	const startedAt = performance.now();
	const run = await runNode(node, { credentials, parameters, items, continueOnFail: true });
	const tookMs = performance.now() - startedAt;
	const { user, system } = process.cpuUsage(before);
	if (run.error) throw new Error(run.error.message);
	return { ...run, begunAt, tookMs, cpuMs: (user + system) / 1000 };
}

const LIST: INodeParameters = {
	resource: 'trunk',
	operation: 'getAll',
	returnAll: true,
	simplify: false,
};

const CREATE: INodeParameters = {
	resource: 'originationUri',
	operation: 'create',
	name: '={{ $json.name }}',
	uri: '={{ $json.uri }}',
};

/** Input items for creates; names differ between prefixes. */
export const newUris = (count: number, prefix = 'u'): IDataObject[] =>
	Array.from({ length: count }, (_, number) => ({
		name: `${prefix}${number}`,
		uri: `${prefix}${number}.example.com;transport=tcp`,
	}));

/** Reads all trunks, or creates origination URIs, with the node of this package. */
export const listAll = async (account: PlivoAccount, options: INodeParameters = {}) =>
	await measure(PlivoSipTrunking, account, { ...LIST, options });
export const createAll = async (
	account: PlivoAccount,
	count: number,
	settings: INodeParameters = {},
	prefix?: string,
) => await measure(LoadedNode, account, { ...CREATE, ...settings }, newUris(count, prefix));

export const median = (values: number[]): number => {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = sorted.length / 2;
	return sorted.length % 2 === 1
		? nth(sorted, Math.floor(middle))
		: (nth(sorted, middle - 1) + nth(sorted, middle)) / 2;
};
