import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type {
	IDataObject,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { PlivoSipTrunkingApi } from '../../credentials/PlivoSipTrunkingApi.credentials.ts';
import { only } from '../support/elements.mts';
import { runNode, startNode, takeLogs, testCredential } from '../support/engine.mts';

const CREDENTIAL = new PlivoSipTrunkingApi().name;
const authId = 'MAXXXXXXXXXXXXXXXXXX';
const authToken = 'a-token-nobody-may-see';

/** The smallest node that sends a request with the credential: to `url`, through an executor. */
class EchoNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Echo',
		name: 'echo',
		group: ['input'],
		version: 1,
		description: 'Asks the server what it received',
		defaults: { name: 'Echo' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: CREDENTIAL, required: true }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
		properties: [
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				default: '/echo',
				routing: {
					request: { url: '={{ $value }}' },
					send: { paginate: true },
					operations: {
						async pagination(this: IExecutePaginationFunctions, { options }) {
							const { url = '', baseURL } = options;
							const body: IDataObject = await this.helpers.httpRequestWithAuthentication.call(
								this,
								CREDENTIAL,
								{ url, baseURL },
							);
							return [{ json: body, pairedItem: this.getItemIndex() }];
						},
					},
				},
			},
		],
	};
}

/** Sends a request the way n8n's HTTP Request node does with a predefined credential. */
class LegacyNode extends EchoNode {
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const uri = this.getNodeParameter('url', 0) as string;
		const answer = (await this.helpers.requestWithAuthentication.call(this, CREDENTIAL, {
			uri,
			json: true,
		})) as IDataObject;
		return [[{ json: answer }]];
	}
}

let server: Server;
let baseUrl: string;
let received: IncomingMessage[];
/** Status that the server answers with; 0 leaves the request hanging, 302 sends it elsewhere. */
let status: number;
let elsewhere: string;
/** Body of a successful answer; without one the server tells what it received. */
let answer: unknown;

beforeAll(async () => {
	server = createServer((request, response) => {
		received.push(request);
		if (status === 0) return;
		const location = { location: `${elsewhere}/stolen` };
		response.writeHead(status, {
			'content-type': 'application/json',
			...(status === 302 && location),
		});
		const { url, headers } = request;
		const echo = { url, authorization: headers.authorization };
		response.end(JSON.stringify(status === 200 ? (answer ?? echo) : { error: 'No' }));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	baseUrl = `http://127.0.0.1:${port}/v1`;
	elsewhere = `http://localhost:${port}`;
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

beforeEach(() => {
	received = [];
	status = 200;
	answer = undefined;
	takeLogs();
});

const basic = (id: string, token: string) =>
	`Basic ${Buffer.from(`${id}:${token}`).toString('base64')}`;

describe('signing a request', () => {
	it.each([
		['HTTP Basic', authId, authToken, basic(authId, authToken)],
		['Bearer for a scoped token', authId, 'stk_secret', 'Bearer stk_secret'],
		['trimmed values', ` ${authId}\n`, `\t${authToken}\r\n`, basic(authId, authToken)],
		['a trimmed scoped token', authId, '\n stk_secret \n', 'Bearer stk_secret'],
	])('sends %s', async (_, id, token, expected) => {
		const { json, error } = await runNode(EchoNode, {
			credentials: { authId: id, authToken: token, baseUrl },
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([{ url: '/v1/echo', authorization: expected }]);
	});

	it("runs once per item, with the item's own expression, in order", async () => {
		const { items, error } = await runNode(EchoNode, {
			credentials: { authId, authToken, baseUrl },
			parameters: { url: '=/echo/{{ $json.n }}' },
			items: [{ n: 1 }, { n: 2 }],
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.url, pairedItem])).toEqual([
			['/v1/echo/1', 0],
			['/v1/echo/2', 1],
		]);
	});

	it.each([
		['another host', () => `${elsewhere}/echo`],
		['another port', () => 'http://127.0.0.1:9/echo'],
		['an address without scheme', () => '//127.0.0.1/echo'],
	])('refuses %s', async (_, url) => {
		const { error } = await runNode(EchoNode, {
			credentials: { authId, authToken, baseUrl },
			parameters: { url: url() },
		});
		expect(error?.message).toBe('The address of the request is not on the server of the Base URL');
		expect(received).toEqual([]);
	});

	it('does not follow a redirect', async () => {
		status = 302;
		const { error } = await runNode(EchoNode, { credentials: { authId, authToken, baseUrl } });
		expect(error?.httpCode).toBe('302');
		expect(received.map(({ url }) => url)).toEqual(['/v1/echo']);
	});

	describe('for the HTTP Request node', () => {
		const send = async (url: string) =>
			await runNode(LegacyNode, {
				credentials: { authId, authToken, baseUrl },
				parameters: { url },
			});

		it('signs', async () => {
			const { json } = await send(`${baseUrl}/echo`);
			expect(json).toEqual([{ url: '/v1/echo', authorization: basic(authId, authToken) }]);
		});

		it('refuses another host', async () => {
			const { error } = await send(`${elsewhere}/echo`);
			expect(error?.message).toBe(
				'The address of the request is not on the server of the Base URL',
			);
			expect(received).toEqual([]);
		});

		it('does not follow a redirect', async () => {
			status = 302;
			const { error } = await send(`${baseUrl}/echo`);
			expect(error?.message).toBe('302 - {"error":"No"}');
			expect(new Set(received.map(({ url }) => url))).toEqual(new Set(['/v1/echo']));
		});
	});

	it.each<[string, string, string?]>([
		['http', 'http://api.example.com/v1'],
		['a host that only begins like a loopback address', 'http://127.0.0.1.example.com/v1'],
		['another scheme', 'ftp://127.0.0.1/v1'],
		['a host without a scheme that is not this computer', 'plivo.example.com/v1'],
		['nothing', ' \n', "'Base URL' is empty"],
	])('refuses a base URL of %s', async (_, url, message = "'Base URL' is not an https address") => {
		const { error } = await runNode(EchoNode, {
			credentials: { authId, authToken, baseUrl: url },
			parameters: { url: `${baseUrl}/echo` },
		});
		expect(error?.message).toBe(message);
		expect(received).toEqual([]);
	});

	it.each([
		["'Auth ID' is empty", { authId: ' ', authToken }],
		["'Auth ID' has characters that an Auth ID can’t have", { authId: 'MA/../x', authToken }],
		["'Auth Token' is empty", { authId, authToken: '\n' }],
	])('refuses: %s', async (message, account) => {
		const { error } = await runNode(EchoNode, { credentials: { ...account, baseUrl } });
		expect(error?.message).toBe(message);
		expect(error?.description).toContain('Plivo console');
		expect(received).toEqual([]);
	});

	it.each([302, 401, 500])('leaves no trace of the token after a %i', async (code) => {
		status = code;
		const { run, error } = await runNode(EchoNode, {
			credentials: { authId, authToken, baseUrl },
		});
		expect(error?.httpCode).toBe(String(code));
		const logs = takeLogs().join('\n');
		expect(logs).toContain('Workflow execution finished with error');
		const trace = logs + JSON.stringify(run.data);
		expect(trace).not.toContain(authToken);
		expect(trace).not.toContain(basic(authId, authToken));
	});
});

describe('continuing on errors', () => {
	it('gives failed items to the regular output', async () => {
		status = 404;
		const { items, error } = await runNode(EchoNode, {
			credentials: { authId, authToken, baseUrl },
			items: [{}, {}],
			continueOnFail: true,
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => typeof json.error)).toEqual(['string', 'string']);
	});

	it('gives failed items to the error output', async () => {
		status = 404;
		const { outputs } = await runNode(EchoNode, {
			credentials: { authId, authToken, baseUrl },
			continueOnFail: 'continueErrorOutput',
		});
		expect(outputs.map((branch) => branch.length)).toEqual([0, 1]);
	});
});

it('stops when the execution is stopped', async () => {
	status = 0;
	const arrived = new Promise((resolve) => server.once('request', resolve));
	const { result, cancel } = startNode(EchoNode, { credentials: { authId, authToken, baseUrl } });
	const aborted = arrived.then(
		() => new Promise((resolve) => only(received).once('close', resolve)),
	);
	await arrived;
	cancel();
	await aborted;
	const { run } = await result;
	expect(run.status).toBe('canceled');
});

describe('the credential test', () => {
	beforeEach(() => {
		answer = { meta: { limit: 1, offset: 0, total_count: 0 }, objects: [] };
	});

	it('asks for one trunk of the account', async () => {
		const result = await testCredential({
			authId: ` ${authId}\n`,
			authToken,
			baseUrl: ` ${baseUrl}/\n`,
		});
		expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(received.map(({ url }) => url)).toEqual([
			`/v1/Account/${authId}/Zentrunk/Trunk/?limit=1`,
		]);
	});

	it.each([
		[401, 'Auth ID and Auth Token'],
		[403, 'SIP trunking is not enabled'],
		[404, 'SIP trunking was not found'],
		[429, 'too many requests'],
		[503, 'not available'],
	])('explains a %i', async (code, words) => {
		status = code;
		const result = await testCredential({ authId, authToken, baseUrl });
		expect(result.status).toBe('Error');
		expect(result.message).toContain(words);
	});

	it.each([
		['HTML', '<html></html>'],
		['other JSON', { hello: 'world' }],
	])('is not content with a server that answers %s', async (_, body) => {
		answer = body;
		const result = await testCredential({ authId, authToken, baseUrl });
		expect(result.message).toContain('Check the Base URL');
		expect(result.status).toBe('Error');
	});

	it('says that the server cannot be reached', async () => {
		const result = await testCredential({ authId, authToken, baseUrl: 'http://127.0.0.1:9/v1' });
		expect(result).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});

	it.each([
		["'Base URL' is not an https address", { authId, baseUrl: 'http://api.example.com/v1' }],
		["'Auth ID' is empty", { authId: '', baseUrl: 'https://api.plivo.com/v1' }],
	])('refuses: %s', async (message, account) => {
		const result = await testCredential({ ...account, authToken });
		expect(result).toEqual({ status: 'Error', message });
		expect(received).toEqual([]);
	});
});
