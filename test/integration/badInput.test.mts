/** Bad input is refused before any request: by its field, with the cause and the remedy. */
import type { Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	type Json,
	newAccount,
	type Operation,
	run,
	sentTo,
} from '../support/account.mts';

/** One for all: nothing is ever asked of it. */
let plivo: Simulator;
beforeAll(async () => {
	plivo = await newAccount();
});
beforeEach(() => plivo.clearRequests());
afterAll(closeAccounts);

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

/** What is wrong, where it is given, and what the user is told. */
type Case = [what: string, operation: Operation, message: string, remedy: string];

async function expectRefusal([, operation, message, remedy]: Case) {
	const { error } = await run(plivo, ...operation);
	expect(error?.message).toBe(message);
	expect(error?.description).toContain(remedy);
	expect(sentTo(plivo)).toEqual([]);
}

describe('bad input for a trunk', () => {
	it.each<Case>([
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
			'\'Authentication\' is "none", which is not one of the choices',
			'Choose credential, ipAcl or both',
		],
		[
			'an unknown direction',
			outbound({ trunkDirection: '={{ "both" }}' }),
			'\'Direction\' is "both", which is not one of the choices',
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
			'\'Status\' is "on", which is not one of the choices',
			'Choose enabled or disabled',
		],
		[
			'secure that is neither on nor off',
			outbound({ additionalFields: { secure: '={{ "maybe" }}' } }),
			'\'Secure\' is "maybe", neither true nor false',
			'Use true or false',
		],
		[
			'an empty update of a trunk',
			trunk('update', { trunkId: byId('1') }),
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
	])('%s', async (...bad) => await expectRefusal(bad));
});

describe('bad input for a credential', () => {
	it.each<Case>([
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
	])('%s', async (...bad) => await expectRefusal(bad));
});

describe('bad input for an IP access control list', () => {
	it.each<Case>([
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
			'an empty update of an IP access control list',
			['ipAccessControlList', 'update', { ipAclId: byId('i') }],
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
	])('%s', async (...bad) => await expectRefusal(bad));
});

describe('bad input for an origination URI', () => {
	it.each<Case>([
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
			'an empty update of an origination URI',
			['originationUri', 'update', { originationUriId: byId('u') }],
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
	])('%s', async (...bad) => await expectRefusal(bad));
});

describe('bad input for a list or a phone number', () => {
	it.each<Case>([
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
	])('%s', async (...bad) => await expectRefusal(bad));
});

describe('bad input for a list of calls', () => {
	it.each<Case>([
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
			'\'Hangup Source\' is "plivo", which is not one of the choices',
			'Choose customer, carrier or zentrunk',
		],
	])('%s', async (...bad) => await expectRefusal(bad));
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
			expect(error?.description).toMatch(/pick|copy|as text|give it a value/i);
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
