import type { IDataObject, INodeListSearchResult, INodeParameters } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import {
	type LoggedRequest,
	type Simulator,
	type SimulatorOptions,
	startSimulator,
} from '../../simulator/simulator.mts';
import { type NodeRun, type NodeRunSetup, runListSearch, runNode } from './engine.mts';

/** A JSON object; what the simulator's records are made of. */
export type Json = Record<string, unknown>;

/** A request as tests compare it: `METHOD path?query`, and the body where there is one. */
export type Sent = [line: string, body?: unknown];

export interface Plivo {
	/** The suite's simulator; there from `beforeAll` on, empty at the start of each test. */
	readonly simulator: Simulator;
	/** Of a credential for it. */
	readonly credentials: PlivoAccount;
	/** Runs the action node in n8n's engine. `items`: the input items' `json`, default one empty item. */
	run(
		parameters: Json,
		items?: Json[],
		setup?: Partial<Pick<NodeRunSetup, 'continueOnFail' | 'credentials'>>,
	): Promise<NodeRun>;
	/** Searches as a resource locator of the node does; throws what the search throws. */
	search(method: string, filter?: string, paginationToken?: string): Promise<INodeListSearchResult>;
	/** What has come in since the test began, or since `simulator.clearRequests()`. */
	sent(): Sent[];
}

/**
 * A simulator for the suite that calls it, and the action node bound to it.
 *
 * @param options of the simulator
 */
export function usePlivo(options: SimulatorOptions = {}): Plivo {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator(options);
	});
	afterEach(() => simulator.reset());
	afterAll(async () => await simulator.close());

	const credentials = (): PlivoAccount => {
		const { authId, authToken, url } = simulator;
		return { authId, authToken, baseUrl: url };
	};
	return {
		get simulator() {
			return simulator;
		},
		get credentials() {
			return credentials();
		},
		run: async (parameters, items, setup) =>
			await runNode(PlivoSipTrunking, {
				parameters: parameters as INodeParameters,
				items: items as IDataObject[] | undefined,
				credentials: credentials(),
				...setup,
			}),
		search: async (method, filter, paginationToken) =>
			await runListSearch(PlivoSipTrunking, method, {
				credentials: credentials(),
				filter,
				paginationToken,
			}),
		sent: () => simulator.requests.map(shown),
	};
}

function shown({ method, path, query, body }: LoggedRequest): Sent {
	const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
	const line = `${method} ${path}${parameters.length > 0 ? '?' : ''}${parameters.join('&')}`;
	return body === undefined ? [line] : [line, body];
}

/** What a resource locator holds after a choice from the list, or an id that was typed in. */
export const listed = (value: unknown) => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: 'as it was then',
});
export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
