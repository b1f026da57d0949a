import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	type Operation,
	outputOf,
	run,
	writesOf,
} from '../support/account.mts';
import { ToolNode } from '../support/loadedNode.mts';

afterEach(closeAccounts);

const connect = async (account: Simulator, parameters: INodeParameters = {}) =>
	outputOf(
		await run(account, 'provisioning', 'connectPlatform', {
			platform: 'elevenlabs',
			name: 'Acme',
			...parameters,
		}),
	);

const withNumber = async (fields: IDataObject = {}) => {
	const account = await newAccount();
	account.addApplication({ app_id: '42' });
	account.addNumber({
		number: '14155550101',
		application: `/v1/Account/${account.authId}/Application/42/`,
		...fields,
	});
	return account;
};

describe('the output of Connect Platform', () => {
	const FIRST = ['trunk_domain', 'username', 'password', 'next_steps', 'warnings'];

	it('begins with what is pasted and what is left to do, then short records', async () => {
		const output = await connect(await withNumber(), { phoneNumbers: '14155550101' });
		expect(Object.keys(output)).toEqual([
			...FIRST,
			'name',
			'inbound_trunk',
			'outbound_trunk',
			'numbers',
			'what_was_done',
		]);
		for (const trunk of [output.inbound_trunk, output.outbound_trunk]) {
			expect(Object.keys(trunk as IDataObject)).toEqual([
				'trunk_id',
				'trunk_domain',
				'trunk_status',
			]);
		}
	});

	it('has the whole records where Simplify is off', async () => {
		const output = await connect(await newAccount(), { simplify: false });
		expect(output.outbound_trunk).toMatchObject({ name: 'Acme outbound', secure: false });
		expect(Object.keys(output).slice(0, 5)).toEqual(FIRST);
	});
});

describe('defaults work when nothing is changed', () => {
	it('connects ElevenLabs with nothing but a name', async () => {
		const account = await newAccount();
		const output = outputOf(
			await run(account, 'provisioning', 'connectPlatform', { name: 'Acme' }),
		);
		expect(output.next_steps).toContainEqual(expect.stringContaining('ElevenLabs') as unknown);
	});

	it('knows that xAI only takes calls, without a direction', async () => {
		const output = await connect(await newAccount(), { platform: 'xai' });
		expect(output).not.toHaveProperty('outbound_trunk');
		expect(output).toHaveProperty('inbound_trunk');
	});

	it('asks nobody for a host of whom an expression chooses the platform', async () => {
		const output = await connect(await newAccount(), { platform: '={{ "retell" }}' });
		expect(output).toHaveProperty('trunk_domain');
	});

	it('wants the host that only the customer knows', async () => {
		await expect(connect(await newAccount(), { platform: 'livekit' })).rejects.toThrow(
			'Parameter "Platform Host" is required',
		);
	});
});

describe('the way back', () => {
	const route = async (account: Simulator, operation: string, parameters: INodeParameters) =>
		outputOf(
			await run(account, 'phoneNumber', operation, { phoneNumber: '14155550101', ...parameters }),
		);

	it('is where the calls went before the run, and can be pasted where it is needed', async () => {
		const account = await withNumber();
		const before = `/v1/Account/${account.authId}/Application/42/`;
		const { numbers } = await connect(account, { phoneNumbers: '14155550101' });
		expect(numbers).toEqual([{ number: '14155550101', previous_application: before }]);
		const { application } = await route(account, 'routeToApplication', { applicationId: before });
		expect(application).toBe(before);
	});

	it('is a trunk’s path, which Route to Trunk takes, and a domain, which Trunk Get takes', async () => {
		const account = await withNumber();
		const { inbound_trunk } = await connect(account, { phoneNumbers: '14155550101' });
		const { previous_application: path } = await route(account, 'routeToApplication', {
			applicationId: '42',
		});
		expect(await route(account, 'routeToTrunk', { trunkId: path as string })).toMatchObject({
			application: path,
		});
		const { trunk_domain, trunk_id } = inbound_trunk as IDataObject;
		const read = await run(account, 'trunk', 'get', { trunkId: trunk_domain as string });
		expect(outputOf(read)).toMatchObject({ trunk_id });
	});
});

describe('Simplify where a record is answered whole by default', () => {
	it('is an option of what writes a trunk', async () => {
		const account = await newAccount();
		const id = String(account.addTrunk({ name: 'Acme' }).trunk_id);
		const disable = async (options: INodeParameters) =>
			outputOf(await run(account, 'trunk', 'disable', { trunkId: id, options }));
		expect(await disable({})).toHaveProperty('created_at');
		expect(Object.keys(await disable({ simplify: true }))).toHaveLength(10);
	});

	it('leaves what routing adds', async () => {
		const account = await withNumber();
		const { trunk_id: id } = account.addTrunk({
			trunk_direction: 'inbound',
			primary_uri_uuid: account.addUri().uri_uuid,
		});
		const route = await run(account, 'phoneNumber', 'routeToTrunk', {
			phoneNumber: '14155550101',
			trunkId: String(id),
		});
		expect(Object.keys(outputOf(route))).toHaveLength(11);
		expect(outputOf(route)).toHaveProperty('previous_application');
	});
});

describe('as an AI agent’s tool', () => {
	const runTool = async (account: Simulator, ...[resource, operation, parameters]: Operation) =>
		await run(account, resource, operation, parameters, { node: ToolNode });

	it.each<[string, INodeParameters, string[]]>([
		['the main fields', {}, ['trunk_id', 'name']],
		['all fields', { output: 'raw' }, ['created_at', 'name']],
		[
			'the chosen fields and the ID',
			{ output: 'selectedFields', outputFields: ['name'] },
			['trunk_id', 'name'],
		],
		[
			'the chosen fields as text',
			{ output: 'selectedFields', outputFields: '={{ "name, secure" }}' },
			['trunk_id', 'name', 'secure'],
		],
	])('answers %s', async (_what, parameters, fields) => {
		const account = await newAccount();
		const trunkId = String(account.addTrunk({ name: 'Acme' }).trunk_id);
		const output = outputOf(await runTool(account, 'trunk', 'get', { trunkId, ...parameters }));
		for (const field of fields) expect(output).toHaveProperty(field);
		if (parameters.output === 'selectedFields') {
			expect(Object.keys(output)).toHaveLength(fields.length);
		} else {
			expect('created_at' in output).toBe(parameters.output === 'raw');
		}
	});

	it('answers an explanation of a hangup only where it is chosen', async () => {
		const account = await newAccount();
		const callId = String(account.addCall({ hangup_cause_code: 4410 }).call_uuid);
		const chosen = { output: 'selectedFields', outputFields: ['hangup_fix', 'to_number'] };
		const output = outputOf(await runTool(account, 'call', 'get', { callId, ...chosen }));
		expect(Object.keys(output).sort()).toEqual(['call_uuid', 'hangup_fix', 'to_number']);
	});

	it('answers the chosen fields of a connection, and a plan whole', async () => {
		const account = await newAccount();
		const tool = async (parameters: INodeParameters) =>
			outputOf(
				await runTool(account, 'provisioning', 'connectPlatform', {
					name: 'Acme',
					output: 'selectedFields',
					outputFields: ['next_steps'],
					...parameters,
				}),
			);
		expect(await tool({ options: { planOnly: true } })).toHaveProperty('plan_digest');
		expect(Object.keys(await tool({})).sort()).toEqual(['name', 'next_steps']);
	});

	it('tells the model what to do about what went wrong', async () => {
		const account = await newAccount();
		const { json, error } = await runTool(account, 'trunk', 'get', {
			trunkId: '21784100000000009',
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([
			{
				error: expect.stringContaining('Plivo has no trunk 21784100000000009') as unknown,
				description: expect.stringContaining('It may have been deleted') as unknown,
				fix: expect.stringContaining('It may have been deleted') as unknown,
				http_code: 404,
			},
		]);
		expect(writesOf(account)).toEqual([]);
	});
});

describe('a summary by trunk', () => {
	it('has names, and null for a trunk that is gone', async () => {
		const account = await newAccount();
		const { trunk_domain } = account.addTrunk({ name: 'Acme inbound' });
		account.addCall({ trunk_domain });
		account.addCall({ trunk_domain });
		account.addCall({ trunk_domain: '21784199999999999.zt.plivo.com' });
		const { json } = await run(account, 'call', 'summarize', { groupBy: 'trunk' });
		expect(json).toMatchObject([
			{ trunk_name: 'Acme inbound', trunk_domain, calls: 2 },
			{ trunk_name: null, calls: 1 },
		]);
	});

	it('is understood as an option as well', async () => {
		const account = await newAccount();
		account.addCall();
		const { json } = await run(account, 'call', 'summarize', { options: { groupBy: 'trunk' } });
		expect(json[0]).toHaveProperty('trunk_name');
	});
});

it('the login of a PBX that asks Plivo for one is one option', async () => {
	const account = await newAccount();
	outputOf(
		await run(account, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			options: { uriLogin: { login: { username: 'plivo', password: 'Secret-1' } } },
		}),
	);
	expect([...account.state.uris.values()]).toMatchObject([
		{ authentication_needed: true, username: 'plivo' },
	]);
});

describe('phone numbers of provisioning', () => {
	it.each<[string, unknown]>([
		['picked from the list', { __rl: true, mode: 'list', value: '14155550101' }],
		['typed, several', { __rl: true, mode: 'id', value: '+1 415 555 0101, 14155550102' }],
		['a text', '14155550101'],
		['a list', ['14155550101', '14155550102']],
		['a list from an expression', '={{ ["14155550101", "14155550102"] }}'],
		['left empty', { __rl: true, mode: 'list', value: '' }],
	])('are taken: %s', async (what, phoneNumbers) => {
		const account = await withNumber();
		account.addNumber({ number: '14155550102' });
		const { numbers } = await connect(account, { phoneNumbers } as INodeParameters);
		const count = what === 'left empty' ? 0 : JSON.stringify(phoneNumbers).includes('0102') ? 2 : 1;
		expect(numbers).toHaveLength(count);
	});
});
