import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { jsonStringify } from 'n8n-workflow';

import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator, Fault } from '../../simulator/simulator.mts';
import { first, nth } from '../support/elements.mts';
import { type NodeRun, takeLogs } from '../support/engine.mts';
import { LONG, numbered } from '../support/lane.mts';
import {
	closeAccounts,
	credentialsOf,
	newAccount,
	type Operation,
	run,
	sentTo,
} from '../support/account.mts';

const TOKEN = 'token-nobody-may-see';
const PASSWORD = 'Nobody#May$See_1';
/** As workflows have it: what is in the parameters themselves, n8n shows with every error. */
const PASSWORD_FROM_ITEM = '={{ $json.password }}';
const ITEMS = [{ password: PASSWORD }];
let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount({ authToken: TOKEN });
});
afterEach(closeAccounts);

/** Another server; what it is sent is what must never leave the account's. */
let elsewhere: Server;
let stolen: string[] = [];
beforeAll(async () => {
	elsewhere = createServer((request, response) => {
		stolen.push(`${request.url} ${request.headers.authorization}`);
		response.end('{}');
	});
	await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});
afterAll(() => elsewhere.close());
beforeEach(() => {
	stolen = [];
	takeLogs();
	jest.spyOn(Math, 'random').mockReturnValue(0.01);
	jest.replaceProperty(settling, 'ms', 100);
});
afterEach(() => jest.restoreAllMocks());

const elsewhereUrl = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1/`;
const basic = () => Buffer.from(`${credentialsOf(plivo).authId}:${TOKEN}`).toString('base64');

/** What an API can do wrong, among it to repeat in its error what it was sent. */
const FAULTS: Array<[string, () => Fault]> = [
	['nothing wrong', () => ({ kind: 'delay', ms: 0 })],
	['400', () => ({ kind: 'status', status: 400 })],
	[
		'400 that repeats it in a sentence',
		() => saying(400, { error: `password ${PASSWORD} is bad` }),
	],
	['400 that repeats it in data', () => saying(400, { data: { error: `"${PASSWORD}" is bad` } })],
	['422 that repeats it in an object', () => saying(422, { error: { password: [PASSWORD] } })],
	['400 that repeats it as text', () => saying(400, `bad password: ${PASSWORD}`)],
	['401', () => ({ kind: 'status', status: 401 })],
	['401 that repeats the header', () => saying(401, { error: `Basic ${basic()} is wrong` })],
	['404', () => ({ kind: 'status', status: 404 })],
	['429', () => ({ kind: 'status', status: 429, retryAfter: 0 })],
	['500 after the work', () => ({ kind: 'status', status: 500, done: true })],
	['a web page', () => ({ kind: 'html' })],
	['a broken connection', () => ({ kind: 'reset' })],
	['no answer', () => ({ kind: 'hang' })],
	['half an answer', () => ({ kind: 'truncate' })],
	['broken JSON', () => ({ kind: 'badJson' })],
	['an empty answer', () => ({ kind: 'empty' })],
	['a huge answer', () => ({ kind: 'huge' })],
	['a redirect', () => ({ kind: 'redirect', location: elsewhereUrl() })],
];

const saying = (status: number, body: unknown): Fault => ({ kind: 'status', status, body });

const OPERATIONS: Array<[string, () => Operation]> = [
	[
		'creating a credential',
		() => [
			'credential',
			'create',
			{
				name: 'Acme',
				username: 'acme01',
				password: PASSWORD_FROM_ITEM,
			},
		],
	],
	[
		'creating an origination URI',
		() => [
			'originationUri',
			'create',
			{
				name: 'Acme',
				uri: 'sip.acme.com;transport=tls',
				authenticationNeeded: true,
				username: 'acme01',
				password: PASSWORD_FROM_ITEM,
			},
		],
	],
	[
		'bringing a credential up to date',
		() => {
			plivo.addCredential({ name: 'Acme' });
			return [
				'credential',
				'upsert',
				{ name: 'Acme', username: 'acme01', password: PASSWORD_FROM_ITEM },
			];
		},
	],
	[
		'updating a credential',
		() => [
			'credential',
			'update',
			{
				credentialId: String(plivo.addCredential().credential_uuid),
				password: PASSWORD_FROM_ITEM,
			},
		],
	],
	[
		'updating an origination URI',
		() => [
			'originationUri',
			'update',
			{
				originationUriId: String(plivo.addUri().uri_uuid),
				updateFields: {
					authenticationNeeded: true,
					username: 'acme01',
					password: PASSWORD_FROM_ITEM,
				},
			},
		],
	],
];

const shown = (value: unknown) => jsonStringify(value, { replaceCircularRefs: true });

/** What n8n saves of an execution, less the items that it began with. */
function saved({ run }: NodeRun) {
	const { error, runData } = run.data.resultData;
	const { Start: _input, ...nodes } = runData;
	return { error, nodes };
}

describe('secrets', () => {
	describe.each(numbered(OPERATIONS))('%s', (_, prepared, place) => {
		// In `npm test` each fault meets two of the operations.
		const some = FAULTS.filter((__, index) => LONG || (index + place) % OPERATIONS.length < 2);
		it.each(some)(
			'are in no output, error or log line: %s',
			async (fault, faultOf) => {
				// A 429 that may be repeated is for a whole window.
				const maxRetries = fault === '429' ? 0 : 1;
				const [resource, operation, fields] = prepared();
				const parameters = { ...fields, options: { maxRetries, timeout: 1 } };
				// Reads carry no password that could come back.
				const method = /repeats it|no answer/.test(fault) ? 'POST' : undefined;
				plivo.faults.add({ method, faults: [faultOf()] });
				const stopped = await run(plivo, resource, operation, parameters, { items: ITEMS });
				const continued = await run(plivo, resource, operation, parameters, {
					items: ITEMS,
					continueOnFail: true,
				});
				const everything = shown([stopped, continued].map(saved));
				const lines = takeLogs();
				for (const secret of [TOKEN, PASSWORD, basic()]) {
					expect(everything).not.toContain(secret);
					expect(lines.filter((line) => line.includes(secret))).toEqual([]);
				}
				expect(stolen).toEqual([]);
			},
			20_000,
		);
	});

	it('went to the account, and nowhere else: the test above would see them', async () => {
		const [, prepared] = first(OPERATIONS);
		await run(plivo, ...prepared(), { items: ITEMS });
		const { authorization, body } = plivo.requests.find(({ method }) => method === 'POST')!;
		expect(authorization).toBe(`Basic ${basic()}`);
		expect(body).toMatchObject({ password: PASSWORD });
	});

	describe('that Plivo repeats', () => {
		const scoped = 'stk_0123456789abcdef';
		let other: Simulator;
		beforeEach(async () => {
			other = await newAccount({ authToken: scoped });
		});
		afterEach(closeAccounts);

		it.each([
			['a scoped token', `The key ${scoped} has expired`],
			['a header', { error: `Not good: Bearer ${scoped}.` }],
		])('are masked: %s', async (_, body) => {
			other.faults.add({ faults: [saying(403, body)] });
			const result = await run(other, 'trunk', 'getAll');
			expect(result.error?.message).toContain('***');
			expect(shown(saved(result))).not.toContain(scoped);
		});
	});

	it('that are refused before any request are not quoted', async () => {
		const secret = 'Wrong€Password';
		const result = await run(plivo, ...first(OPERATIONS)[1](), { items: [{ password: secret }] });
		expect(result.error?.message).toMatch(/^'Password' /);
		expect(shown(saved(result))).not.toContain(secret);
		expect(sentTo(plivo)).toEqual([]);
	});

	it('of the network layer stay out of what is passed on', async () => {
		plivo.faults.add({ faults: [{ kind: 'reset' }] });
		const { error } = await run(plivo, 'trunk', 'getAll', { options: { maxRetries: 0 } });
		expect(error?.message).toBe('The connection to Plivo broke (ECONNRESET)');
		expect(shown(error)).not.toContain('uthorization');
	});
});

describe('an answer of more than 5 MB', () => {
	it('is refused, and asked for once', async () => {
		plivo.faults.add({ faults: [{ kind: 'huge' }] });
		const { error } = await run(plivo, 'trunk', 'getAll');
		expect(error?.message).toBe("Plivo's answer was larger than 5 MB and was not read");
		expect(plivo.requests).toHaveLength(1);
	});

	it('to a create does not hide what was created', async () => {
		plivo.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'huge' }] });
		const { error, json } = await run(plivo, ...nth(OPERATIONS, 1)[1](), { items: ITEMS });
		expect(error).toBeUndefined();
		expect(json.map(({ uri_uuid }) => uri_uuid)).toEqual([...plivo.state.uris.keys()]);
		const creates = sentTo(plivo).filter(([line]) => line === 'POST /Zentrunk/URI/');
		expect(creates).toHaveLength(1);
		expect([...plivo.state.uris.values()]).toMatchObject([{ password: PASSWORD }]);
	});
});

describe('an answer that never ends', () => {
	it('is broken off after the timeout', async () => {
		const drip = createServer((_request, response) => {
			response.writeHead(200, { 'Content-Type': 'application/json' });
			const timer = setInterval(() => response.write(' '), 50);
			response.on('close', () => clearInterval(timer));
		});
		await new Promise<void>((resolve) => drip.listen(0, '127.0.0.1', resolve));
		const { port } = drip.address() as AddressInfo;
		const { authId, authToken } = credentialsOf(plivo);
		const { error } = await run(
			plivo,
			'trunk',
			'getAll',
			{ options: { timeout: 1, maxRetries: 0 } },
			{ items: [{}], credentials: { authId, authToken, baseUrl: `http://127.0.0.1:${port}/v1` } },
		);
		drip.closeAllConnections();
		drip.close();
		expect(error?.message).toBe('Plivo did not answer within 1 second');
	});
});

describe('a redirect', () => {
	it.each([
		['to another server', elsewhereUrl],
		['to the same server', () => `${plivo.url}/Account/x/Zentrunk/Trunk/`],
	])('%s is not followed', async (_, locationOf) => {
		plivo.faults.add({ faults: [{ kind: 'redirect', location: locationOf() }] });
		const { error } = await run(plivo, 'trunk', 'getAll');
		expect(error?.message).toBe('The server answered with a redirect, which is not followed');
		expect(stolen).toEqual([]);
		expect(plivo.requests).toHaveLength(1);
	});
});
