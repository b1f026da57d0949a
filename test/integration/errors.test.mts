import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator, Fault } from '../../simulator/simulator.mts';
import { exactly } from '../support/elements.mts';
import { type RunError, takeLogs } from '../support/engine.mts';
import {
	byId,
	closeAccounts,
	credentialsOf,
	newAccount,
	type Operation,
	run,
	sentTo,
} from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

beforeEach(() => void jest.replaceProperty(settling, 'ms', 300));
afterEach(() => jest.restoreAllMocks());

const getTrunk: Operation = [
	'trunk',
	'get',
	{ trunkId: byId('21784100000000001'), options: { maxRetries: 0 } },
];
const meet = (...faults: Fault[]) => plivo.faults.add({ faults });

describe('an answer that is an error', () => {
	it.each([
		[
			400,
			'Plivo refused the request as invalid: No luck',
			'Check the values of the fields; what Plivo says about them follows the message.',
		],
		[
			401,
			'Plivo did not accept the Auth ID and Auth Token: No luck',
			'Open the credential and paste both again',
		],
		[
			403,
			'Plivo does not allow this for the account: No luck',
			'Check in the Plivo console that SIP Trunking is enabled',
		],
		[
			404,
			'Plivo has no trunk 21784100000000001: No luck',
			'It may have been deleted, or belong to another account.',
		],
		[
			405,
			'Plivo does not offer this operation here: No luck',
			'Check the Base URL of the credential',
		],
		[422, 'A required field is missing: No luck', 'Fill in the field that Plivo names.'],
		[
			429,
			'Plivo received too many requests for this account: No luck',
			'Plivo allows 300 requests in 5 seconds.',
		],
		[500, 'Plivo had an internal error: No luck', 'Try again later'],
		[503, 'Plivo is not available at the moment: No luck', 'Try again in a few minutes'],
	])('%i says what happened and what to do', async (status, message, remedy) => {
		meet({ kind: 'status', status, body: { api_id: 'an-api-id', error: 'No luck' } });
		const { error } = await run(plivo, ...getTrunk);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message,
			httpCode: String(status),
			context: { itemIndex: 0 },
		});
		expect(error?.description).toContain(remedy);
		expect(error?.description).toContain('(API ID an-api-id)');
	});

	it.each<[string, Fault]>([
		['error', { kind: 'status', status: 400, body: { error: 'No luck' } }],
		['message', { kind: 'status', status: 400, body: { message: 'No luck' } }],
		['data.error', { kind: 'status', status: 400, body: { data: { error: 'No luck' } } }],
	])('shows what Plivo says in %s', async (_, fault) => {
		meet(fault);
		const { error } = await run(plivo, ...getTrunk);
		expect(error?.message).toBe('Plivo refused the request as invalid: No luck');
	});

	it.each<[string, Fault]>([
		['401', { kind: 'status', status: 401, body: 'No luck' }],
		['403', { kind: 'status', status: 403, body: 'No luck' }],
	])('shows the plain text of a %s, which Plivo answers with', async (_, fault) => {
		meet(fault);
		const { error } = await run(plivo, ...getTrunk);
		expect(error?.message).toMatch(/^Plivo (did|does) not .*: No luck$/);
	});

	it.each<[string, Fault]>([
		['a 400 as plain text', { kind: 'status', status: 400, body: 'No luck' }],
		['a 400 as a web page', { kind: 'status', status: 400, html: true }],
		['a 404 as a web page', { kind: 'status', status: 404, html: true }],
		['a 409 without a body', { kind: 'status', status: 409, body: '' }],
		['a 418 as a JSON list', { kind: 'status', status: 418, body: '["No luck"]' }],
	])("does not take %s for Plivo's word", async (_, fault) => {
		meet(fault);
		const { error } = await run(plivo, ...getTrunk);
		const status = (fault as { status: number }).status;
		expect(error).toMatchObject({
			message: `The server answered with status ${status}, but not with Plivo's API`,
			httpCode: String(status),
		});
		expect(error?.description).toContain('Check the Base URL of the credential');
	});

	it('shows an error that is an object as its JSON', async () => {
		meet({ kind: 'status', status: 400, body: { error: { name: ['is taken'] } } });
		const { error } = await run(plivo, ...getTrunk);
		expect(error?.message).toContain('{"name":["is taken"]}');
	});

	it.each([401, 404, 502, 503])('keeps the web page of a %i to itself', async (status) => {
		meet({ kind: 'status', status, html: true });
		const { error } = await run(plivo, ...getTrunk);
		expect(error?.httpCode).toBe(String(status));
		expect(error?.message).not.toMatch(/<|html/);
		expect(error?.description).not.toMatch(/<|html/);
	});

	it.each([
		[418, 'Plivo refused the request as invalid'],
		[504, 'Plivo is not available at the moment'],
	])('%i, which Plivo does not document, is told as the nearest', async (status, message) => {
		meet({ kind: 'status', status, body: {} });
		const { error } = await run(plivo, ...getTrunk);
		expect(error).toMatchObject({ message, httpCode: String(status) });
	});

	it('tells a wrong token as one', async () => {
		const { authToken } = plivo;
		plivo.addTrunk({ trunk_id: '21784100000000001' });
		const { error } = await run(plivo, ...getTrunk, {
			credentials: { ...credentialsOf(plivo), authToken: `${authToken}x` },
		});
		expect(error?.httpCode).toBe('401');
		expect(error?.message).toContain('Plivo did not accept the Auth ID and Auth Token');
	});

	it('never shows a password, even where Plivo repeats it', async () => {
		const password = 'S3cret_words!';
		meet({ kind: 'status', status: 400, body: { error: `password ${password} is in use` } });
		takeLogs();
		const { error } = await run(plivo, 'credential', 'create', {
			name: 'Acme',
			username: 'acmepbx01',
			password,
		});
		expect(error?.message).toBe('Plivo refused the request as invalid: password *** is in use');
		// n8n itself notes the node with its parameters next to an error.
		const { node: _node, ...told } = error as RunError & { node: unknown };
		expect(JSON.stringify(told)).not.toContain(password);
		expect(
			takeLogs()
				.filter((line) => !line.includes('"parameters"'))
				.join(),
		).not.toContain(password);
	});
});

describe('an answer that makes no sense', () => {
	const listTrunks: Operation = ['trunk', 'getAll', { options: { maxRetries: 0 } }];
	const answer = (body: unknown): Fault => ({ kind: 'status', status: 200, body });

	it.each<[string, Operation, Fault, string]>([
		[
			'a web page',
			getTrunk,
			{ kind: 'status', status: 200, html: true },
			"Plivo's answer was a web page",
		],
		['nothing', getTrunk, { kind: 'empty' }, "Plivo's answer was empty"],
		['cut JSON', listTrunks, { kind: 'badJson' }, "Plivo's answer was not the JSON it should be"],
		['a JSON list', getTrunk, answer('[]'), "Plivo's answer was not the JSON it should be"],
		[
			'a record without its id',
			getTrunk,
			answer({ object: { name: 'Acme' } }),
			"Plivo's answer has no trunk_id, so it isn't a trunk",
		],
		[
			'a record that is null',
			getTrunk,
			answer({ object: null }),
			"Plivo's answer has no trunk_id, so it isn't a trunk",
		],
		[
			'a list without meta',
			listTrunks,
			answer({ objects: [] }),
			'Plivo\'s answer is a list without its "meta" count',
		],
		[
			'a list without objects',
			listTrunks,
			answer({ meta: { total_count: 1 } }),
			'Plivo\'s answer is a list without "objects"',
		],
		[
			'a listed record without its id',
			listTrunks,
			answer({ meta: { total_count: 1 }, objects: [{ name: 'Acme' }] }),
			"Plivo's answer has a trunk without its trunk_id",
		],
		[
			'a listed record that is null',
			listTrunks,
			answer({ meta: { total_count: 1 }, objects: [null] }),
			"Plivo's answer has a trunk without its trunk_id",
		],
		['a broken connection', getTrunk, { kind: 'reset' }, 'The connection to Plivo broke'],
		['half of an answer', listTrunks, { kind: 'truncate' }, 'The connection to Plivo broke'],
	])('is told: %s', async (_, operation, fault, message) => {
		plivo.addTrunk({ trunk_id: '21784100000000001' });
		meet(fault);
		const { error, json } = await run(plivo, ...operation);
		expect(error?.message).toContain(message);
		expect(error?.description?.length).toBeGreaterThan(20);
		expect(json).toEqual([]);
		expect(sentTo(plivo)).toHaveLength(1);
	});

	it('ends a listing whose count is never reached', async () => {
		meet(answer({ meta: { total_count: 1_000_000 }, objects: [] }));
		const { json, error } = await run(plivo, 'trunk', 'getAll', {
			returnAll: true,
			options: { maxRetries: 0, pageConcurrency: 1 },
		});
		expect(error?.message).toBe('The list of trunks kept changing while it was read');
		expect(json).toEqual([]);
		expect(sentTo(plivo).length).toBeLessThan(40);
	});

	it('a create whose answer lacks the id is told, where nothing was made', async () => {
		plivo.faults.add({ method: 'POST', faults: [answer({ message: 'created' })] });
		const { error } = await run(plivo, 'credential', 'create', {
			name: 'Acme',
			username: 'acmepbx01',
			password: 'pass#1',
			options: { maxRetries: 0 },
		});
		expect(error?.message).toBe("Plivo's answer has no credential_uuid");
	});
});

describe('continuing on errors', () => {
	const items = [{ id: '1' }, { id: 'a/b' }, { id: '2' }, { id: '3' }];
	const getEach = { trunkId: byId('={{ $json.id }}'), options: { maxRetries: 0 } };

	beforeEach(() => {
		plivo.addTrunk({ trunk_id: '1', credential_uuid: 'c' });
		plivo.addTrunk({ trunk_id: '3', credential_uuid: 'c' });
	});

	it('stops at the first error where it is not chosen, and names the item', async () => {
		const { error, json } = await run(plivo, 'trunk', 'get', getEach, { items });
		expect(error?.message).toContain("'Trunk' is not an ID");
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(json).toEqual([]);
	});

	it('puts the error in the place of the item in the regular output', async () => {
		const result = await run(plivo, 'trunk', 'get', getEach, {
			items,
			continueOnFail: 'continueRegularOutput',
		});
		expect(result.error).toBeUndefined();
		expect(
			result.items.map(({ json, pairedItem }) => [json.trunk_id ?? json.error, pairedItem]),
		).toEqual([
			['1', { item: 0 }],
			[expect.stringContaining("'Trunk' is not an ID"), { item: 1 }],
			['Plivo has no trunk 2: not found', { item: 2 }],
			['3', { item: 3 }],
		]);
	});

	it('sends the errors to the error output', async () => {
		const result = await run(plivo, 'trunk', 'get', getEach, {
			items,
			continueOnFail: 'continueErrorOutput',
		});
		const [regular, failed] = exactly(2, result.outputs);
		expect(regular.map(({ json }) => json.trunk_id)).toEqual(['1', '3']);
		expect(failed.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			[expect.stringContaining("'Trunk' is not an ID"), expect.objectContaining({ item: 1 })],
			['Plivo has no trunk 2: not found', expect.objectContaining({ item: 2 })],
		]);
	});

	it('carries on with writes as with reads', async () => {
		const result = await run(
			plivo,
			'credential',
			'create',
			{ name: 'Acme', username: '={{ $json.username }}', password: 'pass#1' },
			{
				items: [{ username: 'user1' }, { username: 'no' }, { username: 'user3' }],
				continueOnFail: true,
			},
		);
		expect(result.json.map(({ username, error }) => username ?? error)).toEqual([
			'user1',
			"'Username' must be 5 to 20 letters, digits and underscores",
			'user3',
		]);
		expect(plivo.state.credentials.size).toBe(2);
	});
});
