import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import axios from 'axios';

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
		/** Changes a request before it is carried out. */
		before: undefined as ((request: PassingRequest) => void) | undefined,
		close: () => void server.close(),
	};
	const server = createServer((incoming, outgoing) => {
		let text = '';
		incoming.on('data', (part) => (text += part));
		incoming.on('end', async () => {
			const { method = '', url = '', headers } = incoming;
			const [path = '', query = ''] = url.split('?');
			const request = {
				method,
				path: path.slice(`/v1/Account/${proxy.authId}/`.length),
				query,
				body: JSON.parse(text || '{}') as PlivoRecord,
			};
			proxy.before?.(request);
			const answer = await axios.request<string>({
				method,
				url: `${new URL(simulator.url).origin}${url}`,
				headers: { Authorization: headers.authorization, 'Content-Type': 'application/json' },
				...(method === 'POST' && { data: JSON.stringify(request.body) }),
				validateStatus: () => true,
				maxRedirects: 0,
				responseType: 'text',
				transformResponse: (whole: unknown) => whole,
			});
			const isJson = /^[[{]/.test(answer.data ?? '');
			const passing: Passing = {
				status: answer.status,
				body: isJson ? JSON.parse(answer.data) : {},
				headers: { 'X-Request-ID': 'given' },
			};
			proxy.doctor?.(passing, request);
			const unchanged = !isJson && Object.keys(passing.body).length === 0;
			outgoing.writeHead(passing.status, passing.headers);
			outgoing.end(unchanged ? (answer.data ?? '') : JSON.stringify(passing.body));
		});
	});
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
	return proxy;
}
