import { setTimeout as wait } from 'node:timers/promises';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import type { IExecutePaginationFunctions, INodePropertyOptions } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	expectOnlyReads,
	newAccount,
	type Operation,
	start as startRun,
	type Json,
} from '../support/account.mts';
import { only } from '../support/elements.mts';
import type { StartedNode } from '../support/engine.mts';

/** How many items the node has begun and ended: n8n itself answers a cancelled execution at once. */
let begun = 0;
let ended = 0;

/** The node, with its items counted. */
class CountedNode extends PlivoSipTrunking {
	constructor() {
		super();
		for (const property of this.description.properties) {
			if (property.name !== 'operation') continue;
			for (const { routing } of property.options as INodePropertyOptions[]) {
				const operations = routing?.operations;
				const run = operations?.pagination;
				if (!operations || typeof run !== 'function') continue;
				operations.pagination = async function (this: IExecutePaginationFunctions, request) {
					begun++;
					return await run.call(this, request).finally(() => ended++);
				};
			}
		}
	}
}

// Operations are objects of their module: they are wrapped once.
const node = new CountedNode();
class Node {
	description = node.description;
	methods = node.methods;
}

/** How many requests have left for the account: on a busy machine they come in late. */
let left = 0;
const leaving = (message: unknown) => {
	const { request } = message as { request: ClientRequest };
	if (request.getHeader('host') === new URL(simulator.url).host) left++;
};
beforeAll(() => subscribe('http.client.request.start', leaving));
afterAll(() => unsubscribe('http.client.request.start', leaving));

/** An account of its own for each test: what holds back one must not hold back the next. */
let simulator: Simulator;
beforeEach(async () => {
	simulator = await newAccount();
	begun = 0;
	ended = 0;
	left = 0;
});
afterEach(closeAccounts);

const start = (operation: Operation, items: Json[] = [{}]) =>
	startRun(simulator, ...operation, { items, node: Node });

const numbered = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));
const requests = () => simulator.requests.length;

async function until(condition: () => boolean) {
	while (!condition()) await wait(5);
}

/** Cancels, and sees the node's items end and nothing more go out; what has left comes in. */
async function expectSilence(execution: StartedNode, watchedForMs: number) {
	execution.cancel();
	await wait(200);
	const before = left;
	expect(before).toBeGreaterThan(0);
	expect({ begun, ended }).toEqual({ begun, ended: begun });
	await wait(watchedForMs);
	expect(left).toBe(before);
	await execution.result;
}

const create = (more: Json = {}): Operation => [
	'originationUri',
	'create',
	{
		name: '=U {{ $json.number }}',
		uri: '=u{{ $json.number }}.example.com;transport=tcp',
		...more,
	},
];

describe('a stopped execution ends, and sends nothing more', () => {
	it('while its requests queue for the rate limit', async () => {
		simulator.options.latencyMs = 20;
		const execution = start(create(), numbered(320));
		await until(() => requests() >= 300);
		await expectSilence(execution, 6_000);
		expect(requests()).toBe(300);
	}, 60_000);

	it('while the account is held back by a Retry-After', async () => {
		simulator.faults.add({ times: 1, faults: [{ kind: 'status', status: 429, retryAfter: 1 }] });
		simulator.options.latencyMs = 20;
		const execution = start(['trunk', 'get', { trunkId: '123' }], numbered(100));
		await until(() => simulator.requests.some(({ status }) => status === 429));
		await wait(30);
		await expectSilence(execution, 1_500);
		expect(requests()).toBeLessThan(100);
	});

	it('while it waits before it tries again', async () => {
		simulator.faults.add({ faults: [{ kind: 'status', status: 503 }] });
		const execution = start(['trunk', 'get', { trunkId: '123', options: { maxRetries: 10 } }]);
		await until(() => requests() >= 3);
		await expectSilence(execution, 2_500);
	}, 60_000);

	it('while it waits for an answer', async () => {
		simulator.faults.add({ faults: [{ kind: 'hang' }] });
		const execution = start(create({ options: { timeout: 1 } }), numbered(3));
		await until(() => requests() >= 1);
		await expectSilence(execution, 1_500);
	});

	it('in the middle of a list', async () => {
		simulator.seed({ trunks: 1300 });
		simulator.options.latencyMs = 30;
		const execution = start(['trunk', 'getAll', { returnAll: true }]);
		await until(() => requests() >= 20);
		await expectSilence(execution, 300);
		expect(requests()).toBeLessThan(60);
	});

	it('before a lost create is looked for, and before it is sent again', async () => {
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'reset' }] });
		simulator.options.latencyMs = 20;
		const execution = start(create(), numbered(20));
		await until(() => simulator.requests.some(({ method }) => method === 'GET'));
		await expectSilence(execution, 2_500);
	});

	it('while it waits for a record that another execution holds', async () => {
		const id = String(simulator.addUri().uri_uuid);
		const update = (name: string): Operation => [
			'originationUri',
			'update',
			{ originationUriId: id, updateFields: { name } },
		];
		simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'delay', ms: 600 }] });
		const other = start(update('First'));
		await until(() => requests() >= 2);
		const execution = start(update('Second'), numbered(3));
		await until(() => begun === 4);
		execution.cancel();
		await wait(200);
		expect(ended).toBe(3);
		const { error } = await other.result;
		expect(error).toBeUndefined();
		await wait(200);
		expect(simulator.state.uris.get(id)?.name).toBe('First');
		const { error: later, json } = await start(update('Third')).result;
		expect({ later, name: only(json).name }).toEqual({ later: undefined, name: 'Third' });
	});

	it('while it reads what it is about to change', async () => {
		const uris = numbered(5).map(() => ({ id: String(simulator.addUri().uri_uuid) }));
		simulator.faults.add({ method: 'GET', faults: [{ kind: 'delay', ms: 300 }] });
		const execution = start(
			[
				'originationUri',
				'update',
				{
					originationUriId: '={{ $json.id }}',
					updateFields: { name: '=New {{ $itemIndex }}' },
				},
			],
			uris,
		);
		await until(() => requests() >= 5);
		await expectSilence(execution, 1_000);
		expectOnlyReads(simulator);
	});

	it('while it waits for what a lost create may still come to', async () => {
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'slow', ms: 700 }] });
		const execution = start(create(), numbered(3));
		await until(() => simulator.requests.filter(({ method }) => method === 'POST').length === 3);
		await until(() => simulator.requests.some(({ method }) => method === 'GET'));
		await expectSilence(execution, 1_500);
		// What Plivo had received before is carried out all the same.
		expect(simulator.state.uris.size).toBe(3);
	});
});

describe('other executions', () => {
	it('find their lost creates although the execution that looked for all was stopped', async () => {
		simulator.options.latencyMs = 40;
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'reset', done: true }] });
		for (let other = 0; other < 100; other++) simulator.addUri();
		const stopped = start(create({ name: '=S {{ $json.number }}' }), numbered(3));
		await until(() => requests() >= 3);
		const going = start(create(), numbered(3));
		await until(() => simulator.requests.some(({ method }) => method === 'GET'));
		await until(() => requests() >= 6);
		stopped.cancel();
		const { json, error } = await going.result;
		expect(error).toBeUndefined();
		expect(json.map(({ name }) => name)).toEqual(['U 0', 'U 1', 'U 2']);
		expect(simulator.state.uris.size).toBe(106);
	}, 60_000);

	it('get the places of the stopped one', async () => {
		const stopped = start(create(), numbered(320));
		await until(() => requests() >= 290);
		stopped.cancel();
		// On a busy machine, what it had sent already comes in late.
		await until(() => ended === begun);
		await wait(200);
		const before = requests();
		const { error, json } = await start(create(), numbered(5)).result;
		expect(error).toBeUndefined();
		expect(json).toHaveLength(5);
		expect(requests()).toBe(before + 5);
	}, 60_000);
});
