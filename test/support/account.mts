import type { IDataObject, INodeListSearchResult, INodeParameters } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';
import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import type { PlivoRecord } from '../../simulator/records.mts';
import {
	type Simulator,
	type SimulatorOptions,
	startSimulator,
} from '../../simulator/simulator.mts';
import {
	activateNode,
	type ActivationSetup,
	type ActiveNode,
	type NodeClass,
	type NodeRun,
	type NodeRunSetup,
	pollNode,
	type PollRun,
	runListSearch,
	runNode,
	type StartedNode,
	startNode,
} from './engine.mts';
import { only } from './elements.mts';

/**
 * The harness of every test that runs one of the nodes: a Plivo account in the simulator, and the node in n8n's own
 * engine, which reaches it over real HTTP.
 *
 *     afterEach(closeAccounts);
 *
 *     it('finds a trunk by its id', async () => {
 *         const account = await newAccount();
 *         account.addTrunk({ trunk_id: '1', name: 'Acme' });
 *         const output = outputOf(await run(account, 'trunk', 'get', { trunkId: '1' }));
 *         expect(output.name).toBe('Acme');
 *         expect(sentTo(account)).toEqual([['GET /Zentrunk/Trunk/1/']]);
 *     });
 *
 * `account` is the simulator itself: what is on it (`state`, `addTrunk` …), how it fails (`faults`), what came in
 * (`requests`). `run` runs an operation, `start` one that is stopped on the way, `searchList` a locator's list,
 * `activate` the trigger of an active workflow, `testEvent` the trigger in the editor. `outputOf` is the one item of a
 * run that has succeeded, `wordsOf` what a failed one says.
 */

const open = new Set<Simulator>();

/**
 * A Plivo account of its own; `closeAccounts` ends it.
 *
 * @param options as of the simulator; other than there, requests are unlimited unless `rateLimit` is given
 */
export async function newAccount(
	options: Pick<SimulatorOptions, 'authId' | 'authToken' | 'now' | 'rateLimit' | 'variants'> = {},
): Promise<Simulator> {
	const simulator = await startSimulator({ rateLimit: false, ...options });
	open.add(simulator);
	return simulator;
}

/** For `afterEach`; for `afterAll` where the tests of a file share an account that they only read. */
export async function closeAccounts(): Promise<void> {
	await Promise.all([...open].map(async (simulator) => await simulator.close()));
	open.clear();
}

/** A JSON object, as parameters, items and records are. */
export type Json = Record<string, unknown>;

/** An operation with its parameters, where it is kept: `run(account, ...operation)`. */
export type Operation = [resource: string, operation: string, parameters: Json];

/**
 * What a run has besides parameters: input items (default: an empty one), settings, another credential, the node as
 * n8n changes it.
 */
export type RunSetup = Partial<Omit<NodeRunSetup, 'parameters' | 'items'>> & {
	items?: Json[];
	node?: NodeClass;
};

/** A credential of n8n's for the account. */
export const credentialsOf = ({ authId, authToken, url }: Simulator): PlivoAccount => ({
	authId,
	authToken,
	baseUrl: url,
});

const setup = (
	simulator: Simulator,
	resource: string,
	operation: string,
	parameters: Json,
	{ items, ...rest }: Omit<RunSetup, 'node'>,
): NodeRunSetup => ({
	// Tests may give what no editor would; n8n passes it on all the same.
	parameters: { resource, operation, ...parameters } as INodeParameters,
	...(items && { items: items as IDataObject[] }),
	credentials: credentialsOf(simulator),
	...rest,
});

/** Runs one operation of the node on an account. */
export async function run(
	simulator: Simulator,
	resource: string,
	operation: string,
	parameters: Json = {},
	{ node = PlivoSipTrunking, ...rest }: RunSetup = {},
): Promise<NodeRun> {
	return await runNode(node, setup(simulator, resource, operation, parameters, rest));
}

/** As `run`, to be stopped on the way. */
export function start(
	simulator: Simulator,
	resource: string,
	operation: string,
	parameters: Json = {},
	{ node = PlivoSipTrunking, ...rest }: RunSetup = {},
): StartedNode {
	return startNode(node, setup(simulator, resource, operation, parameters, rest));
}

const triggerSetup = (simulator: Simulator, event: string, parameters: Json) => ({
	parameters: { event, ...parameters } as INodeParameters,
	credentials: credentialsOf(simulator),
});

/**
 * Activates a workflow of the trigger.
 *
 * @param earlier what an earlier activation has stored, and why it is activated now; another credential
 * @throws what the first poll throws
 */
export async function activate(
	simulator: Simulator,
	event: string,
	parameters: Json = {},
	earlier: Partial<Omit<ActivationSetup, 'parameters'>> = {},
): Promise<ActiveNode> {
	const setup = { ...triggerSetup(simulator, event, parameters), ...earlier };
	return await activateNode(PlivoSipTrunkingTrigger, setup);
}

/** What the editor's test button does with the trigger. */
export async function testEvent(
	simulator: Simulator,
	event: string,
	parameters: Json = {},
	staticData: IDataObject = {},
): Promise<PollRun> {
	const setup = triggerSetup(simulator, event, parameters);
	return await pollNode(PlivoSipTrunkingTrigger, { ...setup, mode: 'manual', staticData });
}

/** What a number's `application` is while its calls go to a trunk. */
export const trunkPath = ({ authId }: Simulator, id: unknown) =>
	`/v1/Account/${authId}/Zentrunk/Trunk/${String(id)}/`;

/** What a number's `application` is while its calls go to an application. */
export const applicationPath = ({ authId }: Simulator, id: unknown) =>
	`/v1/Account/${authId}/Application/${String(id)}/`;

/** Searches as a resource locator of the node does; throws what the search throws. */
export async function searchList(
	simulator: Simulator,
	method: string,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const credentials = credentialsOf(simulator);
	return await runListSearch(PlivoSipTrunking, method, { credentials, filter, paginationToken });
}

/** The one output item of a run that must have succeeded. */
export function outputOf({ error, json }: NodeRun): IDataObject {
	if (error) throw new Error(`${error.message} — ${error.description ?? ''}`);
	return only(json);
}

/** The words of a run that must have failed. */
export function wordsOf({ error }: NodeRun): string {
	if (!error) throw new Error('The run has not failed');
	return `${error.message}\n${error.description ?? ''}`;
}

/** A request as tests compare it: `METHOD path?query`, and the body where there is one. */
export type Sent = [line: string, body?: unknown];

/** The requests that have come in, or since `clearRequests`. */
export const sentTo = ({ requests }: Simulator): Sent[] =>
	requests.map(({ method, path, query, body }) => {
		const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
		const line = [`${method} ${path}`, ...(parameters.length > 0 ? [parameters.join('&')] : [])];
		return body === undefined ? [line.join('?')] : [line.join('?'), body];
	});

/** What a resource locator holds after a choice from the list. */
export const listed = (value: unknown) => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: 'as it was then',
});

/** What a resource locator holds after an id was typed in. */
export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

/** The requests since `clearRequests` that could change something. */
export const writesOf = ({ requests }: Simulator) =>
	requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

/** Something was asked, and nothing written. */
export const expectOnlyReads = ({ requests }: Simulator) =>
	expect([...new Set(requests.map(({ method }) => method))]).toEqual(['GET']);

/** What an account has, by names instead of ids, without times and generated passwords. */
export function picture({ state }: Simulator) {
	const name = (kind: 'credentials' | 'ipacls' | 'uris', id: unknown) =>
		(id ?? '') === '' ? null : (state[kind].get(String(id))?.name ?? `missing ${String(id)}`);
	const route = (application: unknown) => {
		if (typeof application !== 'string') return null;
		const [, type, id = ''] = /(Trunk|Application)\/([^/]+)\/$/.exec(application) ?? [];
		const trunk = state.trunks.get(id);
		if (type === 'Trunk') return trunk ? `trunk ${String(trunk.name)}` : `missing trunk ${id}`;
		return `application ${id}`;
	};
	const sorted = (records: PlivoRecord[]) => records.map((record) => JSON.stringify(record)).sort();
	const all = (kind: keyof typeof state) => [...state[kind].values()];
	return {
		trunks: sorted(
			all('trunks').map((trunk) => ({
				name: trunk.name,
				direction: trunk.trunk_direction,
				status: trunk.trunk_status,
				secure: trunk.secure,
				credential: name('credentials', trunk.credential_uuid),
				ipAcl: name('ipacls', trunk.ipacl_uuid),
				primaryUri: name('uris', trunk.primary_uri_uuid),
				fallbackUri: name('uris', trunk.fallback_uri_uuid),
			})),
		),
		credentials: sorted(
			all('credentials').map((credential) => ({
				name: credential.name,
				username: credential.username,
				blank: credential.password === '',
			})),
		),
		ipAcls: sorted(
			all('ipacls').map((list) => ({ name: list.name, addresses: list.ip_addresses })),
		),
		uris: sorted(
			all('uris').map((uri) => ({
				name: uri.name,
				uri: uri.uri,
				authentication: uri.authentication_needed,
			})),
		),
		numbers: sorted(
			all('numbers').map((number) => ({ number: number.number, route: route(number.application) })),
		),
	};
}

/** The whole state, ids and passwords included: for runs that must change nothing at all. */
export function fullState({ state }: Simulator) {
	return Object.fromEntries(
		Object.entries(state).map(([kind, records]) => [
			kind,
			[...records.values()].map((record) => ({ ...record, updated_at: undefined })),
		]),
	);
}
