import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { first, only } from '../support/elements.mts';

import { LoadedNode } from '../support/loadedNode.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	credentialsOf,
	type Json,
	newAccount,
	run,
} from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const get = async (requestOptions: Json, credentials: Json = {}) =>
	await run(
		plivo,
		'trunk',
		'get',
		{ trunkId: byId('1'), requestOptions, options: { maxRetries: 0 } },
		{ node: LoadedNode, credentials: { ...credentialsOf(plivo), ...credentials } },
	);

beforeEach(() => void plivo.addTrunk({ trunk_id: '1' }));

describe('a proxy', () => {
	let proxy: Server;
	let passed: string[];

	beforeAll(async () => {
		proxy = createServer((incoming, answer) => {
			passed.push(String(incoming.url));
			const { method, headers } = incoming;
			const forwarded = request(String(incoming.url), { method, headers }, (response) => {
				answer.writeHead(response.statusCode ?? 502, response.headers);
				response.pipe(answer);
			});
			incoming.pipe(forwarded);
		});
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	});
	beforeEach(() => (passed = []));
	afterAll(() => {
		proxy.closeAllConnections();
		proxy.close();
	});

	it('of n8n’s request options is used', async () => {
		const { port } = proxy.address() as AddressInfo;
		const { json, error } = await get({ proxy: `http://127.0.0.1:${port}` });
		expect(error).toBeUndefined();
		expect(only(json).trunk_id).toBe('1');
		const { url, authId } = plivo;
		expect(passed).toEqual([`${url}/Account/${authId}/Zentrunk/Trunk/1/`]);
	});
});

it('a credential that is kept to other domains still reaches the server of its Base URL', async () => {
	const { json, error } = await get(
		{},
		{ allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' },
	);
	expect(error).toBeUndefined();
	expect(only(json).trunk_id).toBe('1');
});

it('n8n’s batching lets items begin one batch after the other; nothing leaves before the last, and each is made once', async () => {
	const names = Array.from({ length: 30 }, (_, number) => `PBX ${number}`);
	const startedAt = performance.timeOrigin + performance.now();
	const { json, error } = await run(
		plivo,
		'originationUri',
		'create',
		{
			name: '={{ $json.name }}',
			uri: 'pbx.example.com;transport=tcp',
			requestOptions: { batching: { batch: { batchSize: 5, batchInterval: 100 } } },
		},
		{ node: LoadedNode, items: names.map((name) => ({ name })) },
	);
	expect(error).toBeUndefined();
	expect(json.map(({ name }) => name)).toEqual(names);
	const { requests, state } = plivo;
	expect([...state.uris.values()].map(({ name }) => name).sort()).toEqual([...names].sort());
	expect(requests).toHaveLength(30);
	// Five pauses of n8n's between six batches.
	expect(first(requests).at - startedAt).toBeGreaterThanOrEqual(500);
});
