import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { PlivoRecord, Simulator } from '../../simulator/simulator.mts';

/** An answer on its way, to be changed. */
export interface Passing {
	status: number;
	body: PlivoRecord;
	headers: Record<string, string>;
}

export interface PassingRequest {
	method: string;
	/** What follows the Auth ID, without the query. */
	path: string;
	query: string;
	body: PlivoRecord;
}

/** Changes an answer. */
export type Doctor = (answer: Passing, request: PassingRequest) => void;

/** Stands between the check and the simulator, and changes answers: a Plivo that isn't as known. */
export async function startProxy(simulator: Simulator) {
	const proxy = {
		url: '',
		authId: simulator.authId,
		authToken: simulator.authToken,
		doctor: undefined as Doctor | undefined,
		close: () => void server.close(),
	};
	const { origin } = new URL(simulator.url);
	const server = createServer(async (incoming, outgoing) => {
		const { method = '', url = '', headers } = incoming;
		const sent = await text(incoming);
		const [path = '', query = ''] = url.split('?');
		const passed = request(`${origin}${url}`, { method, headers }).end(sent);
		const [answer] = (await once(passed, 'response')) as [IncomingMessage];
		const answered = await text(answer);
		const isJson = /^[[{]/.test(answered);
		const passing: Passing = {
			status: answer.statusCode ?? 0,
			body: isJson ? JSON.parse(answered) : {},
			headers: { 'X-Request-ID': 'given' },
		};
		proxy.doctor?.(passing, {
			method,
			path: path.slice(`/v1/Account/${proxy.authId}/`.length),
			query,
			body: JSON.parse(sent || '{}') as PlivoRecord,
		});
		const unchanged = !isJson && Object.keys(passing.body).length === 0;
		outgoing.writeHead(passing.status, passing.headers);
		outgoing.end(unchanged ? answered : JSON.stringify(passing.body));
	});
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
	return proxy;
}
