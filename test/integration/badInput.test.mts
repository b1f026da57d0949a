/**
 * Bad input is refused before any request: by its field, with the cause and the remedy. That each field is checked is in
 * input.test.mts, what the checks refuse in test/unit/input and test/unit/rules.test.mts.
 */
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
const calls = (filters: Json): Operation => ['call', 'getAll', { filters }];

/** What is wrong, where it is given, and what the user is told. */
type Case = [what: string, operation: Operation, message: string, remedy: string];

it.each<Case>([
	[
		'an outbound trunk without a credential',
		outbound({ credentialId: byId('') }),
		"'SIP Credential' is empty",
		'Without a SIP credential or an IP access control list, anyone could call on your account',
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
	...(
		[
			['trunk', 'trunkId'],
			['originationUri', 'originationUriId'],
			['ipAccessControlList', 'ipAclId'],
		] as const
	).map(
		([resource, id]): Case => [
			`an update of ${resource} without a field`,
			[resource, 'update', { [id]: byId('1') }],
			"'Update Fields' is empty, so nothing would change",
			'Add at least one field',
		],
	),
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
		'a limit of 0',
		trunk('getAll', { limit: 0 }),
		"'Limit' is 0, but must be a whole number of 1 or more",
		'Enter a number of 1 or more',
	],
	[
		'an ID that has lost digits',
		trunk('get', { trunkId: byId('={{ 21784177241578123 }}') }),
		"'Trunk' is 21784177241578124: it was turned into a number and lost digits",
		'Pass the ID as text',
	],
	[
		'an ID that leaves its path, by an expression in place of the locator',
		trunk('get', { trunkId: '={{ "../../Number" }}' }),
		'\'Trunk\' is not an ID: it may have only letters, digits, "-" and "_"',
		'Copy the ID alone',
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
])('bad input: %s', async (_, operation, message, remedy) => {
	const { error } = await run(plivo, ...operation);
	expect(error?.message).toBe(message);
	expect(error?.description).toContain(remedy);
	expect(sentTo(plivo)).toEqual([]);
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
