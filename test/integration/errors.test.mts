import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator, Fault } from '../../simulator/simulator.mts';
import { exactly } from '../support/elements.mts';
import { type RunError, takeLogs } from '../support/engine.mts';
import {
	byId,
	closeAccounts,
	credentialsOf,
	type Json,
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

	it('a redirect is not followed', async () => {
		meet({ kind: 'redirect', location: 'http://127.0.0.1:9/' });
		const { error } = await run(plivo, ...getTrunk);
		expect(error?.message).toContain('redirect, which is not followed');
		expect(sentTo(plivo)).toHaveLength(1);
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
		[
			'more than 5 MB',
			getTrunk,
			{ kind: 'huge' },
			"Plivo's answer was larger than 5 MB and was not read",
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
			"'Username' must have 5 to 20 characters",
			'user3',
		]);
		expect(plivo.state.credentials.size).toBe(2);
	});
});

describe('bad input is refused before any request', () => {
	const trunk = (operation: string, rest: Json): Operation => ['trunk', operation, rest];
	const outbound = (rest: Json = {}) =>
		trunk('create', {
			name: 'Acme',
			trunkDirection: 'outbound',
			sipAuthentication: 'credential',
			credentialId: byId('c'),
			...rest,
		});
	const inbound = (rest: Json = {}) =>
		trunk('create', { name: 'Acme', trunkDirection: 'inbound', primaryUriId: byId('u'), ...rest });
	const credential = (rest: Json): Operation => [
		'credential',
		'create',
		{ name: 'Acme', username: 'acmepbx01', password: 'pass#1', ...rest },
	];
	const ipAcl = (operation: string, ipAddresses: unknown): Operation => [
		'ipAccessControlList',
		operation,
		{ name: 'Acme', ipAclId: byId('i'), ipAddresses },
	];
	const uri = (value: unknown, more: Json = {}): Operation => [
		'originationUri',
		'create',
		{ name: 'Acme', uri: value, ...more },
	];
	const listTrunks = (rest: Json) => trunk('getAll', rest);
	const calls = (filters: Json): Operation => ['call', 'getAll', { filters }];

	it.each<[string, Operation, string, string]>([
		[
			'an outbound trunk without a credential',
			outbound({ credentialId: byId('') }),
			"'SIP Credential' is empty",
			'Without a credential or an IP access control list, anyone could call on your account',
		],
		[
			'an outbound trunk without an IP access control list',
			outbound({ sipAuthentication: 'ipAcl', credentialId: undefined }),
			"'IP Access Control List' is empty",
			'pick one, or create it first',
		],
		[
			'an unknown authentication',
			outbound({ sipAuthentication: '={{ "none" }}' }),
			'\'Authentication\' is "none", which is not one of its choices',
			'Choose credential, ipAcl or both',
		],
		[
			'an unknown direction',
			outbound({ trunkDirection: '={{ "both" }}' }),
			'\'Direction\' is "both", which is not one of its choices',
			'Choose inbound or outbound',
		],
		[
			'an inbound trunk without a URI',
			inbound({ primaryUriId: byId('') }),
			"'Primary URI' is empty",
			'pick one, or create it first',
		],
		[
			'an outbound trunk with a fallback URI',
			outbound({ additionalFields: { fallbackUriId: byId('f') } }),
			"'Fallback URI' is for inbound trunks only",
			'Remove it',
		],
		['a name of spaces', inbound({ name: ' ' }), "'Name' is empty", 'Enter a name'],
		[
			'a status that is none',
			inbound({ additionalFields: { trunkStatus: '={{ "on" }}' } }),
			'\'Status\' is "on", which is not one of its choices',
			'Choose enabled or disabled',
		],
		[
			'secure that is neither on nor off',
			outbound({ additionalFields: { secure: '={{ "maybe" }}' } }),
			'\'Secure\' is "maybe", neither true nor false',
			'Use true or false',
		],
		[
			'a short username',
			credential({ username: 'acme' }),
			"'Username' must have 5 to 20 characters",
			'5 to 20 letters, digits and underscores',
		],
		[
			'a username with a dash',
			credential({ username: 'acme-pbx' }),
			"'Username' may have only letters, digits and underscores",
			'5 to 20 letters, digits and underscores',
		],
		[
			'a short password',
			credential({ password: 'a#1' }),
			"'Password' must have 5 to 20 characters",
			'5 to 20 letters, digits and',
		],
		[
			'a password without a special character',
			credential({ password: 'password1' }),
			"'Password' has no special character",
			'at least one of these special characters',
		],
		[
			'a password with another character',
			credential({ password: 'pass-word#' }),
			"'Password' has a character that Plivo does not take",
			'~!@#$%^&*()_+',
		],
		[
			'a host name as an address',
			ipAcl('create', 'pbx.acme.com'),
			'\'IP Addresses\' contains "pbx.acme.com", which is a host name, but Plivo takes only IP addresses',
			'such as 203.0.113.10',
		],
		[
			'a prefix out of range',
			ipAcl('addAddresses', '203.0.113.0/40'),
			'\'IP Addresses\' contains "203.0.113.0/40", which has a prefix length that is not a number from 0 to 32',
			'such as 203.0.113.10',
		],
		[
			'no address',
			ipAcl('removeAddresses', '={{ [] }}'),
			"'IP Addresses' is empty",
			'such as 203.0.113.10',
		],
		[
			'a web address as a URI',
			uri('https://pbx.acme.com'),
			"'URI' is a web address (URL), not a SIP address",
			'such as sip.example.com:5060;transport=tcp',
		],
		[
			'a URI with a path',
			uri('pbx.acme.com/inbound'),
			"'URI' contains a path or a query, which a SIP address never has",
			'such as sip.example.com:5060;transport=tcp',
		],
		[
			'a URI with an unknown transport',
			uri('pbx.acme.com;transport=sctp'),
			'\'URI\' has the transport "sctp", which is not udp, tcp or tls',
			'such as sip.example.com:5060;transport=tcp',
		],
		[
			'a login without a username',
			uri('pbx.acme.com', { authenticationNeeded: true, password: 'x' }),
			"'Username' is empty",
			'Enter some text',
		],
		[
			'a login without a password',
			uri('pbx.acme.com', { authenticationNeeded: true, username: 'x' }),
			"'Password' is empty",
			'Enter the password that your SIP server expects',
		],
		[
			'an empty update of a trunk',
			trunk('update', { trunkId: byId('1') }),
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
		[
			'an empty update of an origination URI',
			['originationUri', 'update', { originationUriId: byId('u') }],
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
		[
			'an empty update of an IP access control list',
			['ipAccessControlList', 'update', { ipAclId: byId('i') }],
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
		[
			'a limit of 0',
			listTrunks({ limit: 0 }),
			"'Limit' is 0, but must be a whole number of 1 or more",
			'Enter a number of 1 or more',
		],
		[
			'a limit that is no whole number',
			listTrunks({ limit: 1.5 }),
			"'Limit' is 1.5, but must be a whole number of 1 or more",
			'Enter a number of 1 or more',
		],
		[
			'a limit that is a text',
			listTrunks({ limit: '={{ "ten" }}' }),
			'\'Limit\' is "ten", but must be a whole number of 1 or more',
			'Enter a number of 1 or more',
		],
		[
			'too many pages at a time',
			listTrunks({ options: { pageConcurrency: 21 } }),
			"'Page Concurrency' is 21, but must be a whole number from 1 to 20",
			'Enter a number from 1 to 20',
		],
		[
			'too many retries',
			listTrunks({ options: { maxRetries: 11 } }),
			"'Max Retries' is 11, but must be a whole number from 0 to 10",
			'Enter a number from 0 to 10',
		],
		[
			'a timeout of nothing',
			listTrunks({ options: { timeout: 0 } }),
			"'Timeout' is 0, but must be a whole number from 1 to 300",
			'Enter a number from 1 to 300',
		],
		[
			'a filter that is no id',
			listTrunks({ filters: { credentialId: byId('a/b') } }),
			'\'SIP Credential\' is not an ID: it may have only letters, digits, "-" and "_"',
			'Copy the ID alone',
		],
		[
			'a phone number with letters',
			['phoneNumber', 'get', { phoneNumber: byId('1-800-FLOWERS') }],
			'\'Phone Number\' is "1-800-FLOWERS", which has letters',
			'with the country code',
		],
		[
			'a start of a number with letters',
			['phoneNumber', 'getAll', { filters: { numberStartsWith: 'acme' } }],
			'\'Number Starts With\' is "acme", which has letters',
			'Enter digits',
		],
		[
			'a time that is none',
			calls({ endedAfter: '={{ "soon" }}' }),
			'\'Ended After\' is "soon", which is not a date',
			'Enter a date and time',
		],
		[
			'a time before what Plivo keeps',
			calls({ endedAfter: '2020-01-01T00:00:00Z' }),
			"'Ended After' is more than 90 days ago",
			'choose a later time',
		],
		[
			'a time range upside down',
			calls({
				endedAfter: '={{ DateTime.now().toISO() }}',
				endedBefore: '={{ DateTime.now().minus({ days: 1 }).toISO() }}',
			}),
			"'Ended After' is later than 'Ended Before', so no call could match",
			'Swap the two',
		],
		[
			'a code that is none',
			calls({ hangupCauseCode: 'busy' }),
			'\'Hangup Cause Code\' is "busy", but must be a whole number from 1000 to 9999',
			'Enter a number from 1000 to 9999',
		],
		[
			'a duration below 0',
			calls({ minDuration: -1 }),
			"'Minimum Duration' is -1, but must be a whole number of 0 or more",
			'Enter a number of 0 or more',
		],
		[
			'a source that is none',
			calls({ hangupSource: '={{ "plivo" }}' }),
			'\'Hangup Source\' is "plivo", which is not one of its choices',
			'Choose customer, carrier or zentrunk',
		],
	])('%s', async (_, operation, message, remedy) => {
		const { error } = await run(plivo, ...operation);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain(remedy);
		expect(sentTo(plivo)).toEqual([]);
	});

	/** An operation for each locator of the node, with the field's label. */
	const locators: Array<[string, (value: unknown) => Operation]> = [
		['Trunk', (id) => trunk('get', { trunkId: id })],
		['SIP Credential', (id) => outbound({ credentialId: id })],
		['IP Access Control List', (id) => outbound({ sipAuthentication: 'ipAcl', ipAclId: id })],
		['Primary URI', (id) => inbound({ primaryUriId: id })],
		['Fallback URI', (id) => inbound({ additionalFields: { fallbackUriId: id } })],
		[
			'SIP Credential',
			(id) => trunk('update', { trunkId: byId('1'), updateFields: { credentialId: id } }),
		],
		[
			'Origination URI',
			(id) =>
				trunk('attachOriginationUri', {
					trunkId: byId('1'),
					originationUriId: id,
					role: 'primary',
				}),
		],
		['SIP Credential', (id) => ['credential', 'delete', { credentialId: id }]],
		['IP Access Control List', (id) => ['ipAccessControlList', 'get', { ipAclId: id }]],
		['Call ID', (id) => ['call', 'get', { callId: id }]],
	];

	describe.each(locators)('an id of the wrong kind for %s', (label, operationOn) => {
		it.each([
			['undefined', {}, 'is empty'],
			['null', { id: null }, 'is empty'],
			['an empty text', { id: '' }, 'is empty'],
			[
				'a number that has lost digits',
				{ id: Number('21784177241578123') },
				'was turned into a number',
			],
			['a fraction', { id: 1.5 }, 'was turned into a number'],
			['an object', { id: { a: 1 } }, 'is an object, not an ID'],
			['a list', { id: ['a'] }, 'is a list, not an ID'],
			['a boolean', { id: true }, 'is true, not text'],
			['slashes', { id: 'a/b' }, 'is not an ID'],
			['an escape from the path', { id: '../../Number' }, 'is not an ID'],
			['spaces', { id: 'a b' }, 'is not an ID'],
			['a control character', { id: 'a\u0000b' }, 'is not an ID'],
			['an encoded slash', { id: 'a%2Fb' }, 'is not an ID'],
		])('%s', async (_, item, problem) => {
			for (const written of [byId('={{ $json.id }}'), '={{ $json.id }}']) {
				const { error } = await run(plivo, ...operationOn(written), { items: [item] });
				expect(error?.message).toMatch(new RegExp(`^'${label}' is `));
				expect(error?.message).toContain(problem);
				expect(error?.description).toMatch(/pick|copy|as text/i);
			}
			expect(sentTo(plivo)).toEqual([]);
		});
	});

	it.each<[string, Operation]>([
		['Trunk', trunk('get', { trunkId: byId('') })],
		['SIP Credential', ['credential', 'get', { credentialId: byId('') }]],
		['Name', credential({ name: '' })],
		['IP Addresses', ipAcl('create', '')],
	])('n8n itself wants %s to be filled in', async (label, operation) => {
		await expect(run(plivo, ...operation)).rejects.toThrow(`Parameter "${label}" is required`);
		expect(sentTo(plivo)).toEqual([]);
	});
});
