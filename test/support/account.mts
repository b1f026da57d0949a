import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { PlivoRecord } from '../../simulator/records.mts';
import { type Simulator, startSimulator, type Variants } from '../../simulator/simulator.mts';
import {
	type NodeRun,
	type NodeRunSetup,
	runNode,
	type StartedNode,
	startNode,
} from './engine.mts';
import { only } from './elements.mts';

const open = new Set<Simulator>();

/**
 * A Plivo account of its own, without rate limit unless told otherwise; `closeAccounts` ends it.
 *
 * @param variants what Plivo may do, where it isn't the default
 */
export async function newAccount(
	rateLimit: false | undefined = false,
	variants: Partial<Variants> = {},
): Promise<Simulator> {
	const simulator = await startSimulator({ rateLimit, variants });
	open.add(simulator);
	return simulator;
}

/** For `afterEach`. */
export async function closeAccounts(): Promise<void> {
	await Promise.all([...open].map(async (simulator) => await simulator.close()));
	open.clear();
}

const setup = (
	{ authId, authToken, url }: Simulator,
	resource: string,
	operation: string,
	parameters: INodeParameters,
	rest: Partial<NodeRunSetup>,
): NodeRunSetup => ({
	parameters: { resource, operation, ...parameters },
	credentials: { authId, authToken, baseUrl: url },
	...rest,
});

/** Runs one operation of the node on an account. */
export async function run(
	simulator: Simulator,
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	rest: Partial<NodeRunSetup> = {},
): Promise<NodeRun> {
	return await runNode(PlivoSipTrunking, setup(simulator, resource, operation, parameters, rest));
}

/** As `run`, to be stopped on the way. */
export function start(
	simulator: Simulator,
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
): StartedNode {
	return startNode(PlivoSipTrunking, setup(simulator, resource, operation, parameters, {}));
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

/** The requests since `clearRequests` that could change something. */
export const writesOf = ({ requests }: Simulator) =>
	requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

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
