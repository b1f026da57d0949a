import { setTimeout as wait } from 'node:timers/promises';

import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { LoggedRequest, Simulator } from '../../../simulator/simulator.mts';
import { applicationPath, trunkPath } from '../../support/account.mts';

/**
 * The credential of another process: what the node remembers belongs to the account's address, and this
 * is another address of the same account.
 */
export const otherProcess = ({ authId, authToken, url }: Simulator) => ({
	credentials: { authId, authToken, baseUrl: url.replace('127.0.0.1', 'localhost') },
});

/** Shortens how long a request without an answer stays open; `jest.restoreAllMocks` takes it back. */
export const settleIn = (ms: number) => void jest.replaceProperty(settling, 'ms', ms);

/** The first request that begins so has come in; it is worked on afterwards. */
export const comesIn = async (simulator: Simulator, method: string, path: string) =>
	await new Promise<LoggedRequest>((resolve) => {
		const takeAway = simulator.onRequest((request) => {
			if (request.method !== method || !request.path.startsWith(path)) return;
			takeAway();
			resolve(request);
		});
	});

/** Does something to the account once, just before the first request that fits is worked on. */
export function onceBefore(
	simulator: Simulator,
	fits: (request: LoggedRequest) => boolean,
	work: (request: LoggedRequest) => void,
): void {
	const takeAway = simulator.onRequest((request) => {
		if (!fits(request)) return;
		takeAway();
		work(request);
	});
}

/** Nothing is to be carried out any more. */
export async function allCarriedOut(simulator: Simulator): Promise<void> {
	while (simulator.unfinished > 0) await wait(10);
}

export const posts = ({ requests }: Simulator, path: string) =>
	requests.filter((request) => request.method === 'POST' && request.path === path);

export const named = (records: { values(): Iterable<Record<string, unknown>> }) =>
	[...records.values()].map(({ name }) => String(name)).sort();

/** An inbound trunk with its URI, and a number whose calls it takes. */
export function liveTrunk(simulator: Simulator, name = 'Acme inbound') {
	const uri = simulator.addUri({ name });
	const trunk = simulator.addTrunk({
		name,
		trunk_direction: 'inbound',
		primary_uri_uuid: uri.uri_uuid,
	});
	const trunkId = String(trunk.trunk_id);
	const number = simulator.addNumber({ application: trunkPath(simulator, trunkId) });
	return {
		trunk,
		trunkId,
		uri,
		uriId: String(uri.uri_uuid),
		number,
		digits: String(number.number),
	};
}

/** A number whose calls go to an application. */
export function liveNumber(simulator: Simulator) {
	const { app_id: app } = simulator.addApplication();
	const number = simulator.addNumber({ application: applicationPath(simulator, app) });
	return { number, digits: String(number.number), application: number.application };
}

/** Numbers that are routed to a trunk that isn't there. */
export const deadNumbers = ({ state }: Simulator) =>
	[...state.numbers.values()].filter(({ application }) => {
		const [, id] = /Trunk\/([^/]+)\/$/.exec(String(application ?? '')) ?? [];
		return id !== undefined && !state.trunks.has(id);
	});
