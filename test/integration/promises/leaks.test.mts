import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypeDescription,
	jsonStringify,
} from 'n8n-workflow';

import { PlivoSipTrunkingApi } from '../../../credentials/PlivoSipTrunkingApi.credentials.ts';
import type { Fault, Simulator } from '../../../simulator/simulator.mts';
import { closeAccounts, credentialsOf, newAccount, outputOf, run } from '../../support/account.mts';
import { first } from '../../support/elements.mts';
import { type NodeRun, runNode, takeLogs } from '../../support/engine.mts';

const CREDENTIAL = new PlivoSipTrunkingApi().name;

afterEach(closeAccounts);
beforeEach(() => void takeLogs());

/** Another server, and what it was sent. */
let elsewhere: Server;
let stolen: string[] = [];
beforeAll(async () => {
	elsewhere = createServer((request, response) => {
		stolen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
		response.setHeader('Content-Type', 'application/json');
		response.end('{}');
	});
	await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});
afterAll(() => elsewhere.close());
beforeEach(() => (stolen = []));

/** Calls one of n8n's helpers as the HTTP Request node does; the options are in the input item. */
class HttpRequestNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HTTP',
		name: 'http',
		group: ['input'],
		version: 1,
		description: 'Sends a request with the credential',
		defaults: { name: 'HTTP' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { json } = first(this.getInputData());
		const { helper, options } = json as unknown as {
			helper: 'httpRequestWithAuthentication' | 'requestWithAuthentication';
			options: never;
		};
		const answer: unknown = await this.helpers[helper].call(this, CREDENTIAL, options);
		return [[{ json: { answer: answer as IDataObject } }]];
	}
}

/** The options of the HTTP Request node's versions, less what has no part in redirects. */
const VERSIONS: Array<[string, string, IDataObject]> = [
	[
		'4.2, default options',
		'requestWithAuthentication',
		{ followRedirect: true, followAllRedirects: true, maxRedirects: 21 },
	],
	[
		'4.2, credentials passed on',
		'requestWithAuthentication',
		{
			followRedirect: true,
			followAllRedirects: true,
			maxRedirects: 21,
			sendCredentialsOnCrossOriginRedirect: true,
		},
	],
	[
		'4.5, default options',
		'requestWithAuthentication',
		{
			followRedirect: true,
			followAllRedirects: true,
			maxRedirects: 21,
			sendCredentialsOnCrossOriginRedirect: false,
		},
	],
	['nothing said of redirects', 'requestWithAuthentication', {}],
	['only GET', 'requestWithAuthentication', { followRedirect: true, maxRedirects: 21 }],
	[
		'the newer helper, default options',
		'httpRequestWithAuthentication',
		{ maxRedirects: 21, sendCredentialsOnCrossOriginRedirect: true },
	],
	[
		'the newer helper, redirects asked for',
		'httpRequestWithAuthentication',
		{ disableFollowRedirect: false, maxRedirects: 21 },
	],
];

describe('a redirect to another server', () => {
	describe.each(VERSIONS)('%s', (_, helper, options) => {
		it.each(['GET', 'POST', 'DELETE'])('is not followed: %s', async (method) => {
			for (const status of [301, 302, 303, 307, 308]) {
				const simulator = await newAccount();
				const { authId, authToken, baseUrl } = credentialsOf(simulator);
				const { port } = elsewhere.address() as AddressInfo;
				const location = `http://localhost:${port}/stolen`;
				simulator.faults.add({
					faults: [{ kind: 'status', status, body: {}, headers: { Location: location } }],
				});
				const address = `${baseUrl}/Account/${authId}/Zentrunk/Trunk/`;
				const { error } = await runNode(HttpRequestNode, {
					credentials: { authId, authToken, baseUrl },
					items: [
						{
							helper,
							options: {
								...options,
								method,
								...(helper === 'requestWithAuthentication' ? { uri: address } : { url: address }),
								...(method === 'POST' && { body: { name: 'Acme' } }),
								json: true,
							},
						} as unknown as IDataObject,
					],
				});
				expect(error?.message).toContain(String(status));
				expect(stolen).toEqual([]);
				expect(simulator.requests.map(({ authorization }) => authorization)).toEqual([
					`Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`,
				]);
			}
		});
	});
});

const shown = (value: unknown) => jsonStringify(value, { replaceCircularRefs: true });

/** What n8n saves of an execution, less the items that it began with. */
function saved({ run: { data } }: NodeRun) {
	const { error, runData } = data.resultData;
	const { Start: _input, ...nodes } = runData;
	return shown({ error, nodes });
}

describe('what a server repeats in an error', () => {
	const PASSWORD = 'a"b\\c/d é&=%+ü z';
	const TOKEN = 'Token_With/Odd+Letters=';
	let simulator: Simulator;
	beforeEach(async () => {
		simulator = await newAccount({ authToken: TOKEN });
	});

	const encoded = encodeURIComponent(PASSWORD);
	const basic = () => Buffer.from(`${simulator.authId}:${TOKEN}`).toString('base64');

	it.each<[string, () => unknown, () => string[]]>([
		['a password as it is', () => ({ error: `bad: ${PASSWORD}` }), () => [PASSWORD]],
		[
			'a password escaped as in JSON',
			() => ({ error: `bad: ${JSON.stringify(PASSWORD)}` }),
			() => [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1)],
		],
		[
			'a password in an object',
			() => ({ error: { password: [PASSWORD] } }),
			() => [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1)],
		],
		['a password URL-encoded', () => ({ error: `bad: ${encoded}` }), () => [encoded]],
		[
			'a password URL-encoded in lower case',
			() => ({ error: `bad: ${encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())}` }),
			() => [encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
		],
		[
			'a password as in a form',
			() => ({ error: `bad: ${new URLSearchParams({ p: PASSWORD }).toString()}` }),
			() => [new URLSearchParams({ p: PASSWORD }).toString().slice(2)],
		],
		[
			'a password in base64',
			() => ({ error: `bad: ${Buffer.from(PASSWORD).toString('base64')}` }),
			() => [Buffer.from(PASSWORD).toString('base64')],
		],
		['the Auth Token', () => ({ error: `no such token ${TOKEN}` }), () => [TOKEN]],
		['the Auth Token in a text', () => `no such token ${TOKEN}`, () => [TOKEN]],
		[
			'the Auth Token in upper case',
			() => ({ error: `no such token ${TOKEN.toUpperCase()}` }),
			() => [TOKEN.toUpperCase()],
		],
		['the header', () => ({ error: `Basic ${basic()}` }), () => [basic()]],
		['the header in lower case', () => ({ error: `basic ${basic()}` }), () => [basic()]],
		['the header without its first word', () => ({ error: `got ${basic()}` }), () => [basic()]],
	])('is masked: %s', async (_, body, secrets) => {
		for (const status of [400, 401, 503]) {
			simulator.faults.clear();
			const fault = { kind: 'status' as const, status, body: body() };
			simulator.faults.add({ method: 'POST', faults: [fault] });
			const parameters: INodeParameters = {
				originationUriId: String(simulator.addUri().uri_uuid),
				updateFields: {
					authenticationNeeded: true,
					username: 'acme',
					password: '={{ $json.password }}',
				},
				options: { maxRetries: 1 },
			};
			const result = await run(simulator, 'originationUri', 'update', parameters, {
				items: [{ password: PASSWORD }],
			});
			expect(result.error?.message).toMatch(/^(Plivo |The server answered with status )/);
			const told = `${result.error?.message} ${result.error?.description}`;
			const logged = takeLogs().join('\n');
			expect(logged).toContain('Workflow execution finished with error');
			for (const secret of secrets()) {
				expect(told).not.toContain(secret);
				expect(saved(result)).not.toContain(secret);
				expect(saved(result)).not.toContain(JSON.stringify(secret).slice(1, -1));
				expect(logged).not.toContain(secret);
			}
			// Plain text that isn't a refusal of the login is not shown at all.
			if (status === 400 && typeof fault.body === 'object') expect(told).toContain('***');
		}
	});
});

describe('a password in an answer', () => {
	const record = {
		credential_uuid: '0a1b',
		name: 'Acme',
		username: 'acmepbx01',
		password: 'leaked#1',
	};
	const answer = (body: unknown): Fault => ({ kind: 'status', status: 200, body });

	it.each<[string, string, INodeParameters, unknown]>([
		['get', 'credential', { credentialId: '0a1b' }, record],
		['get', 'credential', { credentialId: '0a1b' }, { api_id: 'x', object: record }],
		[
			'getAll',
			'credential',
			{ returnAll: true },
			{ meta: { total_count: 1, limit: 20, offset: 0 }, objects: [record] },
		],
		[
			'get',
			'originationUri',
			{ originationUriId: 'u' },
			{ uri_uuid: 'u', uri: 'a.example.com', password: record.password },
		],
		['get', 'trunk', { trunkId: '1' }, { object: { trunk_id: '1', password: record.password } }],
	])('does not reach the output: %s of %s', async (operation, resource, parameters, body) => {
		const simulator = await newAccount();
		simulator.faults.add({ method: 'GET', faults: [answer(body)] });
		const result = await run(simulator, resource, operation, { simplify: false, ...parameters });
		expect(outputOf(result)).not.toHaveProperty('password');
		expect(saved(result)).not.toContain(record.password);
	});

	it('does not reach the output of an update, which has read the record', async () => {
		const simulator = await newAccount();
		const { credential_uuid: id } = simulator.addCredential();
		simulator.faults.add({
			method: 'GET',
			faults: [answer({ ...record, credential_uuid: id })],
		});
		const result = await run(simulator, 'credential', 'update', {
			credentialId: String(id),
			password: 'pass#1',
		});
		expect(outputOf(result)).not.toHaveProperty('password');
	});
});
