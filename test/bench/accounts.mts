import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import type { SeedCounts } from '../../simulator/seed.mts';
import { type LoggedRequest, type Simulator, startSimulator } from '../../simulator/simulator.mts';

/** Plivo accounts in a process of their own, so that what is measured has a processor to itself. */
export interface Accounts {
	/** A fresh account, whose rate limit nothing has used yet. */
	open(setup?: { latencyMs?: number; rateLimit?: false; seed?: SeedCounts }): Promise<PlivoAccount>;
	/** Closes an account; tells what had come in, and how many records of which names it has. */
	close(account: PlivoAccount): Promise<Closed>;
	stop(): void;
}

export interface Closed {
	requests: number;
	/** Requests that were refused for the rate limit. */
	refused: number;
	uris: number;
	/** Different names among the origination URIs. */
	names: number;
	/** When the first request came, in milliseconds since 1970. */
	firstAt?: number;
}

type Order =
	| { open: { latencyMs?: number; rateLimit?: false; seed?: SeedCounts } }
	| { close: string };

const refused = ({ status }: LoggedRequest) => status === 429;

/** The other side, in the process of the accounts. */
function serve() {
	const open = new Map<string, Simulator>();
	process.on('message', async (order: Order) => {
		if ('open' in order) {
			const { seed = {}, ...options } = order.open;
			const simulator = await startSimulator(options);
			simulator.seed(seed);
			open.set(simulator.url, simulator);
			const { authId, authToken, url } = simulator;
			process.send?.({ authId, authToken, baseUrl: url } satisfies PlivoAccount);
			return;
		}
		const simulator = open.get(order.close) as Simulator;
		open.delete(order.close);
		const { requests, state } = simulator;
		const uris = [...state.uris.values()];
		process.send?.({
			requests: requests.length,
			refused: requests.filter(refused).length,
			uris: uris.length,
			names: new Set(uris.map(({ name }) => name)).size,
			firstAt: requests.at(0)?.at,
		} satisfies Closed);
		await simulator.close();
	});
}

/** Starts the process. */
export function startAccounts(): Accounts {
	const child = fork(fileURLToPath(import.meta.url), ['serve']);
	const ask = async <T,>(order: Order): Promise<T> => {
		child.send(order);
		const [answer] = (await once(child, 'message')) as [T];
		return answer;
	};
	return {
		open: async (setup = {}) => await ask<PlivoAccount>({ open: setup }),
		close: async ({ baseUrl }) => await ask<Closed>({ close: baseUrl }),
		stop: () => child.kill(),
	};
}

if (process.argv[2] === 'serve') serve();
