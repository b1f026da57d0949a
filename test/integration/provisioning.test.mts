import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator, Variants } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	fullState,
	newAccount,
	outputOf,
	picture,
	run,
	start,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { exactly, nth, only } from '../support/elements.mts';
import { takeLogs } from '../support/engine.mts';

const APPLICATION = '16638156000000777';
/** Of the signs only `_`: others break PBX configuration files and addresses. */
const PASSWORD = /^(?=.*_)[A-Za-z0-9_]{20}$/;

beforeEach(() => void jest.replaceProperty(settling, 'ms', 200));
afterEach(async () => {
	jest.restoreAllMocks();
	await closeAccounts();
});

async function accountWithNumbers(variants: Partial<Variants> = {}): Promise<Simulator> {
	const account = await newAccount(false, variants);
	account.add('applications', { app_id: APPLICATION });
	for (const number of ['14155550101', '14155550102']) {
		account.add('numbers', { number, application: applicationPath(account) });
	}
	return account;
}

const applicationPath = ({ authId }: Simulator) =>
	`/v1/Account/${authId}/Application/${APPLICATION}/`;
const trunkPath = ({ authId }: Simulator, id: unknown) =>
	`/v1/Account/${authId}/Zentrunk/Trunk/${String(id)}/`;

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

const provision = async (account: Simulator, operation: string, parameters: INodeParameters) =>
	await run(account, 'provisioning', operation, {
		...parameters,
		// The trunks whole.
		...(operation === 'connectPlatform' && { simplify: false }),
	});

const provisioned = async (account: Simulator, operation: string, parameters: INodeParameters) =>
	outputOf(await provision(account, operation, parameters));

/** `created trunk`, `reused credential`, … in order. */
const deedsOf = ({ what_was_done }: IDataObject) =>
	(what_was_done as IDataObject[]).map(({ action, kind }) => `${String(action)} ${String(kind)}`);

/** Runs again; the account must be the same afterwards, and nothing created. */
async function again(account: Simulator, operation: string, parameters: INodeParameters) {
	const before = fullState(account);
	account.clearRequests();
	const output = await provisioned(account, operation, parameters);
	expect(fullState(account)).toEqual(before);
	return output;
}

/** What was posted to a path. */
const bodiesOf = ({ requests }: Simulator, at: string) =>
	requests
		.filter(({ method, path }) => method === 'POST' && path.startsWith(at))
		.map(({ body }) => body);

/** How many pages of whole lists were asked for. */
const listings = ({ requests }: Simulator) =>
	requests.filter(
		({ method, path, query }) =>
			method === 'GET' &&
			/^\/(Zentrunk\/\w+|Number)\/$/.test(path) &&
			Object.keys(query).every((name) => ['limit', 'offset'].includes(name)),
	).length;

describe('provisionOutbound', () => {
	test('makes a credential and a trunk, and answers what a PBX needs', async () => {
		const account = await newAccount();
		const output = await provisioned(account, 'provisionOutbound', {
			name: '  Acme Ltd ',
			username: 'acmepbx',
		});
		const credential = only(account.state.credentials.values());
		const trunk = only(account.state.trunks.values());
		expect(output).toMatchObject({
			trunk_id: trunk.trunk_id,
			trunk_domain: `${String(trunk.trunk_id)}.zt.plivo.com`,
			name: 'Acme Ltd outbound',
			trunk_direction: 'outbound',
			secure: false,
			credential_uuid: credential.credential_uuid,
			username: 'acmepbx',
			password: credential.password,
			warnings: [],
		});
		expect(output.password).toMatch(PASSWORD);
		expect(output.what_was_done).toEqual([
			{
				action: 'created',
				kind: 'credential',
				id: credential.credential_uuid,
				name: 'Acme Ltd',
			},
			{
				action: 'created',
				kind: 'trunk',
				id: trunk.trunk_id,
				name: 'Acme Ltd outbound',
				trunk_direction: 'outbound',
			},
		]);
		// Nothing is asked that isn't needed: two lists; each record, with a look for another process's twin,
		// which shows the trunk as Plivo has completed it.
		expect(account.requests.map(({ method }) => method).join(' ')).toBe(
			'GET GET POST GET POST GET',
		);
		// Plivo bills it: it is never sent unless somebody says so.
		expect(bodiesOf(account, '/Zentrunk/Trunk/')[0]).not.toHaveProperty('secure');
	});

	test('run again, writes nothing and shows no password', async () => {
		const account = await newAccount();
		const parameters = { name: 'Acme', username: 'acmepbx' };
		const first = await provisioned(account, 'provisionOutbound', parameters);
		const second = await again(account, 'provisionOutbound', parameters);
		expect(writesOf(account)).toEqual([]);
		expect(deedsOf(second)).toEqual(['reused credential', 'reused trunk']);
		expect(second).toMatchObject({ trunk_id: first.trunk_id, username: 'acmepbx' });
		expect(second).not.toHaveProperty('password');
		expect(String(second.warnings)).toContain('Rotate Password');
	});

	test('makes the username of the name when none is given, and keeps it', async () => {
		const account = await newAccount();
		const first = await provisioned(account, 'provisionOutbound', { name: 'Café & Söhne 株' });
		expect(first.username).toMatch(/^cafesohne\d{6}$/);
		const second = await again(account, 'provisionOutbound', { name: 'Café & Söhne 株' });
		expect(second.username).toBe(first.username);
	});

	test('gives a half-made credential a new password, since nobody has the old one', async () => {
		const account = await newAccount();
		const { credential_uuid: id } = account.add('credentials', {
			name: 'Acme',
			username: 'acmepbx',
			password: 'Never#shown1',
		});
		const output = await provisioned(account, 'provisionOutbound', { name: 'Acme' });
		expect(deedsOf(output)).toEqual(['changed credential', 'created trunk']);
		// Another worker may just be making this customer: it had the time to finish.
		const [first] = account.requests;
		const change = account.requests.find(({ method }) => method === 'POST');
		expect(change!.at - first!.at).toBeGreaterThanOrEqual(settling.ms);
		expect(output).toMatchObject({ credential_uuid: id, username: 'acmepbx' });
		expect(output.password).toMatch(PASSWORD);
		expect(only(account.state.credentials.values()).password).toBe(output.password);
	});

	test('sets a given password without ever showing it', async () => {
		const account = await newAccount();
		const parameters = { name: 'Acme', username: 'acmepbx', password: 'Chosen#By4Us' };
		takeLogs();
		const first = await provision(account, 'provisionOutbound', parameters);
		expect(outputOf(first)).not.toHaveProperty('password');
		expect(only(account.state.credentials.values()).password).toBe('Chosen#By4Us');
		const second = await again(account, 'provisionOutbound', parameters);
		expect(deedsOf(second)).toEqual(['reused trunk', 'changed credential']);
		const third = await provision(account, 'provisionOutbound', {
			...parameters,
			password: 'Other#One12',
		});
		expect(only(account.state.credentials.values()).password).toBe('Other#One12');
		const said = JSON.stringify([first.json, second, third.json, takeLogs()]);
		expect(said).not.toMatch(/Chosen#By4Us|Other#One12/);
	});

	test('changes the username together with a new password', async () => {
		const account = await newAccount();
		await provisioned(account, 'provisionOutbound', { name: 'Acme', username: 'acmepbx' });
		const output = await provisioned(account, 'provisionOutbound', {
			name: 'Acme',
			username: 'newname',
		});
		expect(output).toMatchObject({
			username: 'newname',
			password: expect.stringMatching(PASSWORD),
		});
		expect(only(account.state.credentials.values())).toMatchObject({
			username: 'newname',
			password: output.password,
		});
	});

	test('makes an IP list, brings it in line, and warns of what is too wide or private', async () => {
		const account = await newAccount();
		const parameters = { name: 'Acme', sipAuthentication: 'newIpAcl' };
		const first = await provisioned(account, 'provisionOutbound', {
			...parameters,
			ipAddresses: '0.0.0.0/0\n10.1.2.3',
		});
		expect(deedsOf(first)).toEqual(['created IP access control list', 'created trunk']);
		expect(first.ipacl_uuid).toBe(only(account.state.ipacls.values()).ipacl_uuid);
		expect(first.warnings).toEqual([
			expect.stringContaining('0.0.0.0/0 is a very wide range'),
			expect.stringContaining('10.1.2.3 is a private address'),
		]);
		const narrower = { ...parameters, ipAddresses: '203.0.113.5' };
		const second = await provisioned(account, 'provisionOutbound', narrower);
		expect(second.what_was_done).toContainEqual(
			expect.objectContaining({
				action: 'changed',
				kind: 'IP access control list',
				fields: ['ip_addresses'],
			}),
		);
		expect(only(account.state.ipacls.values()).ip_addresses).toEqual(['203.0.113.5']);
		await again(account, 'provisionOutbound', narrower);
		expect(writesOf(account)).toEqual([]);
	});

	test('takes a credential or IP list that is there', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { username: 'shared01' });
		const { ipacl_uuid } = account.add('ipacls', { ip_addresses: ['0.0.0.0/1'] });
		const byCredential = {
			name: 'Acme',
			sipAuthentication: 'credential',
			credentialId: credential_uuid as string,
		};
		const one = await provisioned(account, 'provisionOutbound', byCredential);
		expect(one).toMatchObject({ credential_uuid, username: 'shared01' });
		expect(one).not.toHaveProperty('password');
		await again(account, 'provisionOutbound', byCredential);
		const byList = { name: 'Bolt', sipAuthentication: 'ipAcl', ipAclId: ipacl_uuid as string };
		const other = await provisioned(account, 'provisionOutbound', byList);
		expect(other).toMatchObject({ ipacl_uuid, warnings: [expect.stringContaining('very wide')] });
		await again(account, 'provisionOutbound', byList);
		expect(writesOf(account)).toEqual([]);
	});

	test('brings an existing trunk in line, says so, and warns of what it cannot undo', async () => {
		const account = await newAccount();
		const { ipacl_uuid } = account.add('ipacls');
		account.add('trunks', { name: 'Acme', ipacl_uuid, trunk_status: 'disabled' });
		const output = await provisioned(account, 'provisionOutbound', {
			name: 'Acme',
			options: { secure: true },
		});
		expect(output).toMatchObject({ secure: true, trunk_status: 'disabled' });
		expect(output.what_was_done).toContainEqual(
			expect.objectContaining({ action: 'changed', fields: ['credential_uuid', 'secure'] }),
		);
		expect(output.warnings).toEqual([
			expect.stringContaining('disabled'),
			expect.stringContaining('right password from the right address'),
		]);
	});

	test('a half-made credential that another worker is just finishing stays theirs', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
		const running = provisioned(account, 'provisionOutbound', { name: 'Acme' });
		await pause(settling.ms / 2);
		account.add('trunks', { name: 'Acme outbound', credential_uuid });
		const output = await running.catch((error: Error) => error.message);
		const { password } = only(account.state.credentials.values());
		expect(password).toBe('Secret#123');
		// The trunk came after the look for it: its name is taken, and it is used.
		expect(output).toMatchObject({ name: 'Acme outbound', credential_uuid });
		expect(output).not.toHaveProperty('password');
		expect(account.state.trunks.size).toBe(1);
	});

	test.each([
		['just the customer’s name', 'Acme'],
		['the name with its direction', 'Acme outbound'],
	])('finds and uses a trunk that has %s', async (_what, name) => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
		const { trunk_id } = account.add('trunks', { name, credential_uuid });
		const { uri_uuid } = account.add('uris');
		// Of the other direction: it is left alone.
		account.variants.names = 'none';
		account.add('trunks', {
			name: 'Acme',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
		const output = await again(account, 'provisionOutbound', { name: 'Acme' });
		expect(writesOf(account)).toEqual([]);
		expect(output).toMatchObject({ trunk_id, name, username: 'acmepbx' });
	});

	test('secure goes where the user says, and is not switched off where nothing is said', async () => {
		const account = await newAccount();
		const secure = async (options: INodeParameters) =>
			(await provisioned(account, 'provisionOutbound', { name: 'Acme', options })).secure;
		expect(await secure({ secure: true })).toBe(true);
		expect(await secure({})).toBe(true);
		expect(await secure({ secure: '={{ "no" }}' })).toBe(false);
		expect(await secure({ secure: '={{ "yes" }}' })).toBe(true);
	});

	test('stops before it writes anything when two records have the name', async () => {
		const account = await newAccount();
		const ids = [1, 2].map(() => account.add('credentials', { name: 'Acme' }).credential_uuid);
		const words = wordsOf(await provision(account, 'provisionOutbound', { name: 'Acme' }));
		for (const id of ids) expect(words).toContain(id);
		expect(writesOf(account)).toEqual([]);
	});

	test.each<[string, INodeParameters, string]>([
		['an empty name', { name: '={{ "" }}' }, "'Name' is empty"],
		[
			'a name that an expression does not find',
			{ name: '={{ $json.missing }}' },
			"'Name' is empty",
		],
		['a short username', { name: 'A', username: 'abc' }, "'Username' must have 5 to 20 characters"],
		[
			'a username with signs',
			{ name: 'A', username: 'acme-pbx' },
			"'Username' may have only letters",
		],
		[
			'a plain password',
			{ name: 'A', password: 'abcdefgh1' },
			"'Password' has no special character",
		],
		[
			'no address',
			{ name: 'A', sipAuthentication: 'newIpAcl', ipAddresses: '' },
			"'IP Addresses' is empty",
		],
		[
			'a host as address',
			{ name: 'A', sipAuthentication: 'newIpAcl', ipAddresses: 'pbx.example.com' },
			'\'IP Addresses\' contains "pbx.example.com", which is a host name',
		],
		['no credential', { name: 'A', sipAuthentication: 'credential' }, "'SIP Credential' is empty"],
		['no list', { name: 'A', sipAuthentication: 'ipAcl' }, "'IP Access Control List' is empty"],
		['an unknown choice', { name: 'A', sipAuthentication: '={{ "none" }}' }, 'Authentication'],
		[
			'secure that is neither',
			{ name: 'A', options: { secure: '={{ "perhaps" }}' } },
			'\'Secure\' is "perhaps", neither true nor false',
		],
		[
			'roll-back that is neither',
			{ name: 'A', options: { rollback: '={{ "perhaps" }}' } },
			'\'Roll Back\' is "perhaps", neither true nor false',
		],
		[
			'plan only that is neither',
			{ name: 'A', options: { planOnly: '={{ "perhaps" }}' } },
			'\'Plan Only\' is "perhaps", neither true nor false',
		],
	])('refuses %s before any request', async (_what, parameters, words) => {
		const account = await newAccount();
		expect(wordsOf(await provision(account, 'provisionOutbound', parameters))).toContain(words);
		expect(account.requests).toEqual([]);
	});
});

describe('provisionInbound', () => {
	const PARAMETERS = {
		name: 'Acme',
		primaryUri: 'pbx.example.com:5060;transport=tcp',
		fallbackUri: 'pbx2.example.com:5060;transport=tcp',
		phoneNumbers: '+1 415 555 0101; +1 (415) 555-0102',
	};

	test('makes the URIs and the trunk, and routes the numbers last', async () => {
		const account = await accountWithNumbers();
		const output = await provisioned(account, 'provisionInbound', PARAMETERS);
		expect(deedsOf(output)).toEqual([
			'created origination URI',
			'created origination URI',
			'created trunk',
			'routed phone number',
			'routed phone number',
		]);
		expect(output.numbers).toEqual([
			{ number: '14155550101', previous_application: applicationPath(account) },
			{ number: '14155550102', previous_application: applicationPath(account) },
		]);
		expect(output).toMatchObject({
			name: 'Acme inbound',
			trunk_direction: 'inbound',
			trunk_domain: expect.any(String),
		});
		expect(bodiesOf(account, '/Zentrunk/Trunk/')[0]).not.toHaveProperty('secure');
		expect(output.warnings).toEqual(
			['14155550101', '14155550102'].map(
				(number) =>
					`Phone number ${number} was routed to application ${APPLICATION}: its calls go to the trunk from now on.`,
			),
		);
		expect(picture(account).uris.map((uri) => (JSON.parse(uri) as IDataObject).name)).toEqual([
			'Acme fallback',
			'Acme',
		]);
		for (const number of account.state.numbers.values()) {
			expect(number.application).toBe(trunkPath(account, output.trunk_id));
		}
		const second = await again(account, 'provisionInbound', PARAMETERS);
		expect(writesOf(account)).toEqual([]);
		expect(new Set(deedsOf(second).map((deed) => deed.split(' ')[0]))).toEqual(new Set(['reused']));
	});

	test.each([
		['a list', ['14155550101', 14155550102]],
		['one number', 14155550101],
		['a list in lines', '14155550101\n14155550102'],
	])('takes %s of numbers from an expression', async (_what, numbers) => {
		const account = await accountWithNumbers();
		const run_ = await run(
			account,
			'provisioning',
			'provisionInbound',
			{ ...PARAMETERS, phoneNumbers: '={{ $json.numbers }}' },
			{ items: [{ numbers }] },
		);
		expect(outputOf(run_).numbers).toHaveLength(
			Array.isArray(numbers) || typeof numbers === 'string' ? 2 : 1,
		);
	});

	test('without a number says that none is routed', async () => {
		const account = await newAccount();
		const output = await provisioned(account, 'provisionInbound', {
			...PARAMETERS,
			phoneNumbers: '',
		});
		expect(output.numbers).toEqual([]);
		expect(output.warnings).toEqual([expect.stringContaining('No phone number')]);
	});

	test('brings what differs in line and leaves the rest alone', async () => {
		const account = await accountWithNumbers();
		const first = await provisioned(account, 'provisionInbound', PARAMETERS);
		const changed = {
			...PARAMETERS,
			primaryUri: 'sip.acme.example;transport=tls',
			// Secure is nothing that an inbound trunk has.
			options: { secure: true },
		};
		const second = await provisioned(account, 'provisionInbound', changed);
		expect(second).toMatchObject({ trunk_id: first.trunk_id, secure: false });
		expect(second.what_was_done).toMatchObject([
			{ action: 'changed', kind: 'origination URI', fields: ['uri'] },
			{ action: 'reused', kind: 'origination URI' },
			{ action: 'reused', kind: 'trunk' },
			{ action: 'reused', kind: 'phone number' },
			{ action: 'reused', kind: 'phone number' },
		]);
		await again(account, 'provisionInbound', changed);
	});

	test('signs in to a PBX that asks for it, and sets that again when it is given again', async () => {
		const account = await accountWithNumbers();
		const parameters = {
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			phoneNumbers: '14155550101',
			options: { uriUsername: 'plivo', uriPassword: 'letmein' },
		};
		const first = await provisioned(account, 'provisionInbound', parameters);
		expect(only(account.state.uris.values())).toMatchObject({
			authentication_needed: true,
			username: 'plivo',
			password: 'letmein',
		});
		const second = await again(account, 'provisionInbound', parameters);
		expect(deedsOf(second).at(-1)).toBe('changed origination URI');
		expect(JSON.stringify([first, second])).not.toContain('letmein');
	});

	test('warns of a URI without transport and of one that Plivo cannot reach', async () => {
		const account = await newAccount();
		const { warnings } = await provisioned(account, 'provisionInbound', {
			name: 'Acme',
			primaryUri: '192.168.1.20',
		});
		expect(warnings).toEqual([
			expect.stringContaining('can never reach 192.168.1.20'),
			expect.stringContaining('has no transport'),
			expect.stringContaining('No phone number'),
		]);
	});

	test.each<[string, INodeParameters, string]>([
		['an empty name', { name: ' ' }, "'Name' is empty"],
		['no address', { primaryUri: '={{ "" }}' }, "'Primary URI' is empty"],
		['a web address', { primaryUri: 'https://pbx.example.com' }, "'Primary URI' is a web address"],
		[
			'a fallback with a path',
			{ fallbackUri: 'pbx.example.com/x' },
			"'Fallback URI' contains a path",
		],
		[
			'a number that is none',
			{ phoneNumbers: 'tomorrow' },
			'\'Phone Numbers\' contains "tomorrow", which has letters',
		],
		['an object as number', { phoneNumbers: '={{ [{}] }}' }, "'Phone Numbers' contains an object"],
		['a login without password', { options: { uriUsername: 'x' } }, "'URI Password' is empty"],
		['a login without username', { options: { uriPassword: 'x' } }, "'URI Username' is empty"],
		[
			'a URI login without password',
			{ options: { uriLogin: { login: { username: 'x' } } } },
			"'URI Login: Password' is empty",
		],
	])('refuses %s before any request', async (_what, parameters, words) => {
		const account = await newAccount();
		const outcome = await provision(account, 'provisionInbound', { ...PARAMETERS, ...parameters });
		expect(wordsOf(outcome)).toContain(words);
		expect(account.requests).toEqual([]);
	});

	test('refuses a number that is not on the account or has no voice, before anything is written', async () => {
		const account = await accountWithNumbers();
		account.add('numbers', { number: '14155550103', voice_enabled: false });
		const tried = async (phoneNumbers: string) =>
			wordsOf(await provision(account, 'provisionInbound', { ...PARAMETERS, phoneNumbers }));
		expect(await tried('14155550101, 14155550199')).toContain(
			"'Phone Numbers' contains 14155550199, which is not on the account",
		);
		expect(await tried('14155550101, 14155550103')).toContain(
			"'Phone Numbers' contains 14155550103, which isn't enabled for voice",
		);
		expect(writesOf(account)).toEqual([]);
	});

	test('stops before it writes anything when two URIs or trunks have the name', async () => {
		const account = await accountWithNumbers();
		for (const name of ['Acme fallback', 'Acme fallback']) account.add('uris', { name });
		const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
		expect(words).toContain('2 origination URIs are named "Acme fallback"');
		expect(writesOf(account)).toEqual([]);
	});
});

describe('numbers that are in use', () => {
	const PARAMETERS = { name: 'Acme', primaryUri: 'pbx.example.com;transport=tcp' };

	/** A customer of another name, who has the first number. */
	async function accountWithBolt() {
		const account = await accountWithNumbers();
		const { trunk_id } = await provisioned(account, 'provisionInbound', {
			name: 'Bolt',
			primaryUri: 'bolt.example.com;transport=tcp',
			phoneNumbers: '14155550101',
		});
		account.clearRequests();
		return { account, bolt: String(trunk_id) };
	}

	test('the number of another customer’s trunk is refused, unless the user says so', async () => {
		const { account, bolt } = await accountWithBolt();
		const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
		const words = wordsOf(await provision(account, 'provisionInbound', parameters));
		expect(words).toContain(
			`Phone number 14155550101 is routed to trunk "Bolt inbound" (${bolt}), which would lose its calls`,
		);
		expect(words).toContain('Move Routed Numbers');
		expect(writesOf(account)).toEqual([]);
		const output = await provisioned(account, 'provisionInbound', {
			...parameters,
			options: { moveRoutedNumbers: true },
		});
		expect(output.warnings).toEqual([
			`Phone number 14155550101 was taken from trunk "Bolt inbound" (${bolt}).`,
		]);
		expect(output.numbers).toEqual([
			{ number: '14155550101', previous_application: trunkPath(account, bolt) },
		]);
	});

	test('a number on a trunk of the same name, of the other direction or gone, is simply routed', async () => {
		const account = await accountWithNumbers();
		const outbound = account.add('trunks', { name: 'Acme', trunk_direction: 'outbound' });
		const [first, second] = [...account.state.numbers.values()];
		first!.application = trunkPath(account, outbound.trunk_id);
		second!.application = trunkPath(account, '21784100000000999');
		const output = await provisioned(account, 'provisionInbound', {
			...PARAMETERS,
			phoneNumbers: '14155550101, 14155550102',
		});
		expect(output.warnings).toEqual([]);
		for (const { application } of account.state.numbers.values()) {
			expect(application).toBe(trunkPath(account, output.trunk_id));
		}
	});

	test('a number that somebody routes elsewhere in the middle of the run is left there', async () => {
		const { account, bolt } = await accountWithBolt();
		const before = picture(account);
		account.onRequest(({ method, path }) => {
			if (method !== 'POST' || path !== '/Zentrunk/Trunk/') return;
			account.state.numbers.get('14155550102')!.application = trunkPath(account, bolt);
		});
		const words = wordsOf(
			await provision(account, 'provisionInbound', { ...PARAMETERS, phoneNumbers: '14155550102' }),
		);
		expect(words).toContain(
			`Could not route phone number 14155550102: it is routed to trunk ${bolt} now.`,
		);
		expect(words).toContain('Nothing is left behind.');
		expect(picture(account)).toEqual({
			...before,
			numbers: [
				'{"number":"14155550101","route":"trunk Bolt inbound"}',
				'{"number":"14155550102","route":"trunk Bolt inbound"}',
			],
		});
	});

	test('no number goes to a disabled trunk, unless the user says so', async () => {
		const account = await accountWithNumbers();
		const { trunk_id } = await provisioned(account, 'provisionInbound', PARAMETERS);
		account.state.trunks.get(String(trunk_id))!.trunk_status = 'disabled';
		account.clearRequests();
		const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
		const words = wordsOf(await provision(account, 'provisionInbound', parameters));
		expect(words).toContain(`Trunk "Acme inbound" (${String(trunk_id)}) is disabled`);
		expect(words).toContain('Allow Disabled Trunk');
		expect(writesOf(account)).toEqual([]);
		// Without a number there is nothing to refuse.
		const { warnings } = await provisioned(account, 'provisionInbound', PARAMETERS);
		expect(String(warnings)).toContain('is disabled and was left so');
		const output = await provisioned(account, 'provisionInbound', {
			...parameters,
			options: { allowDisabledTrunk: true },
		});
		expect(output.trunk_status).toBe('disabled');
		expect(deedsOf(output).at(-1)).toBe('routed phone number');
	});

	test('routed later: the number is checked, named, and left where it is', async () => {
		const account = await accountWithNumbers();
		const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
		const output = await provisioned(account, 'provisionInbound', {
			...parameters,
			options: { routeNumbers: false },
		});
		expect(deedsOf(output)).toEqual(['created origination URI', 'created trunk']);
		expect(output.numbers).toEqual([
			{ number: '14155550101', previous_application: applicationPath(account) },
		]);
		expect(output.warnings).toEqual([
			`Phone number 14155550101 is routed to application ${APPLICATION} until it is routed to the trunk.`,
		]);
		expect(account.state.numbers.get('14155550101')?.application).toBe(applicationPath(account));
		const later = await provisioned(account, 'provisionInbound', parameters);
		expect(deedsOf(later)).toEqual([
			'reused origination URI',
			'reused trunk',
			'routed phone number',
		]);
		const missing = await provision(account, 'provisionInbound', {
			...parameters,
			phoneNumbers: '14155550199',
			options: { routeNumbers: false },
		});
		expect(wordsOf(missing)).toContain('14155550199, which is not on the account');
	});

	test.each([
		['provisionInbound', 'inbound', { primaryUri: 'evil.example.com;transport=tcp' }],
		['provisionOutbound', 'outbound', { username: 'someoneelse' }],
	])(
		'%s: a customer “Acme %s” does not take over Acme’s trunk',
		async (operation, direction, rest) => {
			const account = await accountWithNumbers();
			const parameters = operation === 'provisionInbound' ? PARAMETERS : { name: 'Acme' };
			const acmes = await provisioned(account, operation, {
				...parameters,
				...(operation === 'provisionInbound' && { phoneNumbers: '14155550101' }),
			});
			const before = picture(account).trunks;
			const other = await provisioned(account, operation, { name: `Acme ${direction}`, ...rest });
			expect(other.trunk_id).not.toBe(acmes.trunk_id);
			expect(picture(account).trunks).toEqual(expect.arrayContaining(before));
			// Nor its number.
			if (operation !== 'provisionInbound') return;
			const taken = await provision(account, operation, {
				name: `Acme ${direction}`,
				...rest,
				phoneNumbers: '14155550101',
			});
			expect(wordsOf(taken)).toContain('14155550101 is routed to trunk "Acme inbound"');
		},
	);

	test('a customer “Acme fallback” does not take over Acme’s fallback URI', async () => {
		const account = await accountWithNumbers();
		await provisioned(account, 'provisionInbound', {
			...PARAMETERS,
			fallbackUri: 'pbx2.example.com;transport=tcp',
		});
		const before = fullState(account);
		const words = wordsOf(
			await provision(account, 'provisionInbound', {
				name: 'Acme fallback',
				primaryUri: 'evil.example.com;transport=tcp',
			}),
		);
		expect(words).toContain('but trunk "Acme inbound"');
		expect(fullState(account)).toEqual(before);
	});
});

describe('roll-back', () => {
	const PARAMETERS = {
		name: 'Acme',
		primaryUri: 'pbx.example.com;transport=tcp',
		phoneNumbers: '14155550101, 14155550102',
	};
	const refuseSecondNumber = (account: Simulator) =>
		account.faults.add({
			method: 'POST',
			path: '/Number/14155550102/',
			faults: [{ kind: 'status', status: 400 }],
		});

	test('says what failed, what was undone, and that nothing is left', async () => {
		const account = await accountWithNumbers();
		const before = fullState(account);
		refuseSecondNumber(account);
		const outcome = await provision(account, 'provisionInbound', PARAMETERS);
		const words = wordsOf(outcome);
		expect(words).toMatch(/^Could not route phone number 14155550102: Plivo refused/);
		expect(words).toMatch(
			/Undone: the route of phone number 14155550101, inbound trunk "Acme inbound" \(\d+\), origination URI "Acme" \([\w-]+\)\. Nothing is left behind\./,
		);
		expect(outcome.error?.httpCode).toBe('400');
		expect(fullState(account)).toEqual(before);
	});

	test('switched off, leaves what was done and says so; another run goes on from there', async () => {
		const account = await accountWithNumbers();
		refuseSecondNumber(account);
		const parameters = { ...PARAMETERS, options: { rollback: false } };
		const words = wordsOf(await provision(account, 'provisionInbound', parameters));
		const { trunk_id } = only(account.state.trunks.values());
		expect(words).toContain(`inbound trunk "Acme inbound" (${String(trunk_id)})`);
		expect(words).toContain('the route of phone number 14155550101');
		expect(words).not.toContain('Undone');
		account.faults.clear();
		const output = await provisioned(account, 'provisionInbound', parameters);
		expect(deedsOf(output)).toEqual([
			'reused origination URI',
			'reused trunk',
			'reused phone number',
			'routed phone number',
		]);
	});

	test.each(['refused', 'ignored'] as const)(
		'keeps the trunk under a number that was routed nowhere, where clearing a route is %s',
		async (clear) => {
			const account = await accountWithNumbers({ clear });
			for (const number of account.state.numbers.values()) number.application = null;
			refuseSecondNumber(account);
			const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
			const { trunk_id } = only(account.state.trunks.values());
			const why =
				clear === 'refused' ? 'Plivo refuses to clear a route' : 'Plivo did not clear the route';
			expect(words).toContain(
				`Left: the route of phone number 14155550101: it is still routed to trunk ${String(trunk_id)}, since ${why}.`,
			);
			expect(words).toContain(`inbound trunk "Acme inbound" (${String(trunk_id)})`);
			expect(words).toMatch(/origination URI "Acme" \([\w-]+\)/);
			expect(account.state.uris.size).toBe(1);
			expect(account.state.numbers.get('14155550101')?.application).toBe(
				trunkPath(account, trunk_id),
			);
		},
	);

	test('clears the route of a number that was routed nowhere, where Plivo lets it', async () => {
		const account = await accountWithNumbers({ clear: 'clears' });
		for (const number of account.state.numbers.values()) number.application = null;
		const before = fullState(account);
		refuseSecondNumber(account);
		const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
		expect(words).toContain('Nothing is left behind.');
		expect(fullState(account)).toEqual(before);
	});

	test('puts back what it has changed, but not what somebody else has changed since', async () => {
		const account = await accountWithNumbers();
		const { ipacl_uuid: old } = account.add('ipacls', { name: 'Old' });
		const { trunk_id } = account.add('trunks', { name: 'Acme', ipacl_uuid: old, secure: false });
		const third = account.add('ipacls', { name: 'Third' }).ipacl_uuid;
		const parameters = {
			name: 'Acme',
			sipAuthentication: 'newIpAcl',
			ipAddresses: '203.0.113.5',
			options: { secure: true },
		};
		// Done, but never answered; meanwhile the console gives the trunk a third list.
		account.faults.add({
			method: 'POST',
			path: `/Zentrunk/Trunk/${String(trunk_id)}/`,
			nth: 1,
			faults: [{ kind: 'status', status: 500, done: true }],
		});
		account.faults.add({
			method: 'POST',
			path: `/Zentrunk/Trunk/${String(trunk_id)}/`,
			from: 1,
			times: 1,
			faults: [{ kind: 'status', status: 400 }],
		});
		account.onRequest(({ method, path }) => {
			const trunk = account.state.trunks.get(String(trunk_id))!;
			if (method === 'GET' && path.endsWith(`/Trunk/${String(trunk_id)}/`) && trunk.secure) {
				trunk.ipacl_uuid = third;
			}
		});
		wordsOf(await provision(account, 'provisionOutbound', parameters));
		expect(account.state.trunks.get(String(trunk_id))).toMatchObject({
			ipacl_uuid: third,
			secure: false,
		});
	});

	test('leaves a number where somebody else has sent it meanwhile', async () => {
		const account = await accountWithNumbers();
		account.add('applications', { app_id: '42' });
		const elsewhere = `/v1/Account/${account.authId}/Application/42/`;
		const parameters = {
			...PARAMETERS,
			phoneNumbers: '14155550101',
			options: { uriUsername: 'u', uriPassword: 'p' },
		};
		await provisioned(account, 'provisionInbound', { ...parameters, phoneNumbers: '' });
		// The login is set after the number is routed: there the number is sent elsewhere, and the login refused.
		account.faults.pick = (method, path) => {
			if (method !== 'POST' || !path.startsWith('/Zentrunk/URI/')) return undefined;
			account.state.numbers.get('14155550101')!.application = elsewhere;
			return { kind: 'status', status: 400 };
		};
		const words = wordsOf(await provision(account, 'provisionInbound', parameters));
		expect(words).toContain('Could not set the new password of origination URI "Acme"');
		expect(account.state.numbers.get('14155550101')?.application).toBe(elsewhere);
	});

	test('names a field that had no value and cannot be emptied again', async () => {
		const account = await accountWithNumbers();
		await provisioned(account, 'provisionInbound', { ...PARAMETERS, phoneNumbers: '' });
		refuseSecondNumber(account);
		const words = wordsOf(
			await provision(account, 'provisionInbound', {
				...PARAMETERS,
				fallbackUri: 'pbx2.example.com;transport=tcp',
			}),
		);
		expect(words).toContain('fallback_uri_uuid had no value before');
		expect(words).toContain('origination URI "Acme fallback"');
		expect(picture(account).trunks).toHaveLength(1);
		expect(account.state.uris.size).toBe(2);
	});

	test('names a password that was set and cannot be taken back', async () => {
		const account = await newAccount();
		account.add('credentials', { name: 'Acme', username: 'acmepbx' });
		account.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = wordsOf(await provision(account, 'provisionOutbound', { name: 'Acme' }));
		expect(words).toContain('the new password of credential "Acme"');
		expect(words).not.toContain(String(only(account.state.credentials.values()).password));
	});

	test('leaves, and names, what may be somebody else’s: a create whose outcome was unknown', async () => {
		const account = await newAccount();
		// Done, but no answer; then neither another attempt nor the list for a while.
		account.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			nth: 1,
			faults: [{ kind: 'reset', done: true }],
		});
		let lists = 0;
		const original = account.faults.pick.bind(account.faults);
		account.faults.pick = (method, path) => {
			const afterCreate = account.state.trunks.size > 0;
			if (method === 'GET' && path === '/Zentrunk/Trunk/' && afterCreate && lists++ < 2) {
				return { kind: 'status', status: 403 };
			}
			return original(method, path);
		};
		const words = wordsOf(await provision(account, 'provisionOutbound', { name: 'Acme' }));
		expect(words).toContain('Whether the outbound trunk "Acme outbound" was created is unknown');
		const { trunk_id } = only(account.state.trunks.values());
		const { credential_uuid } = only(account.state.credentials.values());
		expect(words).toContain(
			`Left: perhaps outbound trunk "Acme outbound": ${String(trunk_id)} has its name`,
		);
		expect(words).toContain(
			`credential "Acme" (${String(credential_uuid)}): The credential is in use`,
		);
	});

	test('after a stop nothing more is sent', async () => {
		const account = await accountWithNumbers();
		account.options.latencyMs = 60;
		const started = start(account, 'provisioning', 'provisionInbound', PARAMETERS);
		const isTrunkCreate = ({ method, path }: { method: string; path: string }) =>
			method === 'POST' && path === '/Zentrunk/Trunk/';
		while (!account.requests.some(isTrunkCreate)) await pause(2);
		started.cancel();
		await started.result;
		await pause(400);
		// What was on its way has arrived; neither the numbers nor a roll-back followed.
		expect(account.requests.at(-1)).toMatchObject({ method: 'POST', path: '/Zentrunk/Trunk/' });
		expect(account.state.trunks.size).toBe(1);
		expect(account.state.uris.size).toBe(1);
	});

	test('a password that no output has shown is renewed by the next run', async () => {
		const account = await accountWithNumbers();
		const parameters = {
			platform: 'elevenlabs',
			name: 'Acme',
			phoneNumbers: '14155550102',
			options: { rollback: false },
		};
		refuseSecondNumber(account);
		const words = wordsOf(await provision(account, 'connectPlatform', parameters));
		const lost = String(only(account.state.credentials.values()).password);
		expect(words).not.toContain(lost);
		account.faults.clear();
		const output = await provisioned(account, 'connectPlatform', parameters);
		expect(output.password).toMatch(PASSWORD);
		expect(only(account.state.credentials.values()).password).toBe(output.password);
		expect(await again(account, 'connectPlatform', parameters)).not.toHaveProperty('password');
	});
});

describe('connectPlatform', () => {
	const HOSTS: Record<string, INodeParameters> = {
		livekit: { platformHost: 'abc123.sip.livekit.cloud' },
		elevenlabs: {},
		retell: {},
		vapi: {},
		xai: { direction: 'inbound' },
		custom: { platformHost: 'pbx.example.com', transport: 'udp' },
	};

	test.each(Object.keys(HOSTS))(
		'%s: makes what it needs, lists what is left to do, twice',
		async (platform) => {
			const account = await accountWithNumbers();
			const parameters = {
				platform,
				name: 'Acme',
				phoneNumbers: '14155550101',
				...HOSTS[platform],
			};
			const first = await provisioned(account, 'connectPlatform', parameters);
			const inbound = first.inbound_trunk as IDataObject;
			expect(inbound).toMatchObject({ name: 'Acme inbound', trunk_direction: 'inbound' });
			expect(first.numbers).toEqual([
				{ number: '14155550101', previous_application: applicationPath(account) },
			]);
			const uri = account.state.uris.get(String(inbound.primary_uri_uuid))?.uri;
			expect(uri).toMatch(/;transport=(udp|tcp|tls)$/);
			const steps = (first.next_steps as string[]).join('\n');
			if (platform === 'xai') {
				expect(first).not.toHaveProperty('outbound_trunk');
			} else {
				const { trunk_domain, name, secure } = first.outbound_trunk as IDataObject;
				expect({ name, secure }).toEqual({ name: 'Acme outbound', secure: false });
				expect(first.trunk_domain).toBe(trunk_domain);
				expect(steps).toContain(trunk_domain);
			}
			if (platform === 'vapi') {
				expect(only(account.state.ipacls.values()).ip_addresses).toEqual([
					'44.229.228.186/32',
					'44.238.177.138/32',
				]);
			} else if (platform !== 'xai') {
				expect(first.password).toMatch(PASSWORD);
				expect(steps).toContain(first.password);
				expect(steps).toContain(first.username);
			}
			await again(account, 'connectPlatform', parameters);
			expect(writesOf(account)).toEqual([]);
		},
	);

	test.each<[string, INodeParameters, RegExp, RegExp]>([
		['not secure', {}, /address \S+\.zt\.plivo\.com, transport TCP/, /;transport=tls$/],
		['secure', { secure: true }, /address \S+\.zt\.plivo\.com, transport TLS/, /;transport=tls$/],
	])(
		'%s: what the platform dials over goes by that, whatever the inbound transport is',
		async (_what, options, step, uri) => {
			const account = await newAccount(false, { secure: 'refused' });
			const output = await provisioned(account, 'connectPlatform', {
				platform: 'livekit',
				name: 'Acme',
				...HOSTS.livekit,
				transport: 'tls',
				options,
			});
			expect((output.next_steps as string[]).join('\n')).toMatch(step);
			expect(only(account.state.uris.values()).uri).toMatch(uri);
			expect(output).toMatchObject({
				inbound_trunk: { secure: false },
				outbound_trunk: { secure: options.secure ?? false },
			});
			const advice = "'Secure' is off. Plivo’s guide recommends it for calls from LiveKit";
			expect(String(output.warnings).includes(advice)).toBe(!options.secure);
		},
	);

	test('several customers share an origination URI where Plivo takes an address once', async () => {
		const account = await accountWithNumbers({ uri: 'one' });
		const customer = async (name: string, phoneNumbers: string) =>
			await provisioned(account, 'connectPlatform', {
				platform: 'elevenlabs',
				name,
				phoneNumbers,
			});
		const acme = await customer('Acme', '14155550101');
		const bolt = await customer('Bolt', '14155550102');
		const shared = only(account.state.uris.values());
		for (const { inbound_trunk } of [acme, bolt]) {
			expect(inbound_trunk).toMatchObject({ primary_uri_uuid: shared.uri_uuid });
		}
		expect(bolt.what_was_done).toContainEqual({
			action: 'reused',
			kind: 'origination URI',
			id: shared.uri_uuid,
			name: 'Acme',
		});
		account.clearRequests();
		expect(
			new Set(deedsOf(await customer('Bolt', '14155550102')).map((deed) => deed.split(' ')[0])),
		).toEqual(new Set(['reused']));
		expect(writesOf(account)).toEqual([]);
		// It is kept as long as a trunk uses it, whoever it is named after.
		const down = async ({ inbound_trunk }: IDataObject) =>
			await provisioned(account, 'deprovision', {
				trunkId: String((inbound_trunk as IDataObject).trunk_id),
				options: { rerouteToApplicationId: APPLICATION },
			});
		expect((await down(acme)).kept).toMatchObject([{ id: shared.uri_uuid }]);
		expect(account.state.numbers.get('14155550102')?.application).toBe(
			trunkPath(account, (bolt.inbound_trunk as IDataObject).trunk_id),
		);
		expect(deedsOf(await down(bolt))).toContain('deleted origination URI');
	});

	test('a customer who moves to an address that others have shares it, where Plivo takes it once', async () => {
		const account = await accountWithNumbers({ uri: 'one' });
		const theirs = account.add('uris', { name: 'Bolt', uri: 'sip.bolt.example;transport=tcp' });
		const parameters = { name: 'Acme', primaryUri: 'pbx.example.com;transport=tcp' };
		const first = await provisioned(account, 'provisionInbound', parameters);
		const moved = { ...parameters, primaryUri: 'sip.bolt.example;transport=tcp' };
		const second = await provisioned(account, 'provisionInbound', moved);
		expect(second).toMatchObject({
			trunk_id: first.trunk_id,
			primary_uri_uuid: theirs.uri_uuid,
			what_was_done: [
				{ action: 'reused', kind: 'origination URI', id: theirs.uri_uuid, name: 'Bolt' },
				{ action: 'changed', kind: 'trunk', fields: ['primary_uri_uuid'] },
			],
		});
		expect(String(second.warnings)).toContain(
			`the origination URI "Acme" (${String(first.primary_uri_uuid)}) is no longer needed`,
		);
		expect(account.state.uris.get(String(theirs.uri_uuid))).toEqual(theirs);
		expect(deedsOf(await again(account, 'provisionInbound', moved))).toEqual([
			'reused origination URI',
			'reused trunk',
		]);
	});

	test.each<[string, INodeParameters, string]>([
		[
			'has another login',
			{ options: { uriUsername: 'plivo', uriPassword: 'letmein' } },
			'has this address already, with another login',
		],
		[
			'is to get another address itself',
			{ fallbackUri: 'pbx2.example.com;transport=tcp' },
			'has this address already, and is about to get another one',
		],
	])('an origination URI that %s is not shared', async (_what, rest, words) => {
		const account = await accountWithNumbers({ uri: 'one' });
		account.add('uris', { name: 'Acme fallback', uri: 'pbx.example.com;transport=tcp' });
		const before = fullState(account);
		const outcome = await provision(account, 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			...rest,
		});
		expect(wordsOf(outcome)).toContain(words);
		expect(fullState(account)).toEqual(before);
	});

	test('a trunk gets the URI that is there, also when its login is set last', async () => {
		const account = await accountWithNumbers();
		const { uri_uuid } = account.add('uris', { name: 'Acme', uri: 'pbx.example.com' });
		const { uri_uuid: old } = account.add('uris', { name: 'Old' });
		account.add('trunks', {
			name: 'Acme',
			trunk_direction: 'inbound',
			primary_uri_uuid: old,
			fallback_uri_uuid: uri_uuid,
		});
		const output = await provisioned(account, 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.example.com',
			options: { uriUsername: 'plivo', uriPassword: 'letmein' },
		});
		expect(output.primary_uri_uuid).toBe(uri_uuid);
	});

	test('outbound only touches no number and makes no URI', async () => {
		const account = await newAccount();
		const output = await provisioned(account, 'connectPlatform', {
			platform: 'retell',
			name: 'Acme',
			direction: 'outbound',
		});
		expect(deedsOf(output)).toEqual(['created credential', 'created trunk']);
		expect(output).toMatchObject({ numbers: [], username: expect.any(String) });
		expect(output).not.toHaveProperty('inbound_trunk');
	});

	test('a password of one’s own is not shown, in no step either', async () => {
		const account = await newAccount();
		const output = await provisioned(account, 'connectPlatform', {
			platform: 'elevenlabs',
			name: 'Acme',
			username: 'acmepbx',
			password: 'Chosen#By4Us',
		});
		expect(JSON.stringify(output)).not.toContain('Chosen#By4Us');
		expect(JSON.stringify(output.next_steps)).toContain('acmepbx');
	});

	test('signs in to a PBX of one’s own that asks for it', async () => {
		const account = await newAccount();
		const output = await provisioned(account, 'connectPlatform', {
			...HOSTS.custom,
			platform: 'custom',
			name: 'Acme',
			direction: 'inbound',
			options: { uriUsername: 'plivo', uriPassword: 'letmein' },
		});
		expect(only(account.state.uris.values())).toMatchObject({
			authentication_needed: true,
			username: 'plivo',
			password: 'letmein',
		});
		expect(JSON.stringify(output)).not.toContain('letmein');
	});

	test('an Indian number, told by the account, is refused for Vapi before anything is written', async () => {
		const account = await newAccount();
		account.add('numbers', { number: '918031234567', country: 'India' });
		account.add('numbers', { number: '12025550100', country: 'India' });
		for (const phoneNumbers of ['918031234567', '12025550100']) {
			const outcome = await provision(account, 'connectPlatform', {
				platform: 'vapi',
				name: 'Acme',
				phoneNumbers,
			});
			expect(wordsOf(outcome)).toContain("'Phone Numbers' contains an Indian number");
		}
		expect(writesOf(account)).toEqual([]);
	});

	test.each<[string, INodeParameters, string]>([
		['an unknown platform', { platform: '={{ "zoom" }}' }, '\'Platform\' is "zoom"'],
		[
			'LiveKit without its host',
			{ platform: 'livekit', platformHost: '={{ "" }}' },
			"'Platform Host' is empty",
		],
		[
			'LiveKit with another host',
			{ platform: 'livekit', platformHost: 'example.com' },
			"'Platform Host' is example.com",
		],
		[
			'xAI outbound',
			{ platform: '={{ "xai" }}', direction: 'outbound' },
			"'Direction' includes outbound calls",
		],
		[
			'a PBX without transport',
			{ platform: 'custom', platformHost: 'pbx.example.com' },
			"'Transport' is empty",
		],
		[
			'a PBX without host',
			{ platform: 'custom', platformHost: '={{ "" }}', transport: 'udp' },
			"'Platform Host' is empty",
		],
		['an empty name', { platform: 'retell', name: '={{ $json.x }}' }, "'Name' is empty"],
		['a weak password', { platform: 'retell', password: 'abc' }, "'Password' must have 5 to 20"],
		[
			'numbers for outbound only',
			{ platform: 'retell', direction: 'outbound', phoneNumbers: '14155550101' },
			"'Phone Numbers' are routed to inbound trunks",
		],
		[
			'a region that is none',
			{ platform: 'elevenlabs', region: '={{ "moon" }}' },
			'\'Region\' is "moon"',
		],
	])('refuses %s before any request', async (_what, parameters, words) => {
		const account = await newAccount();
		const outcome = await provision(account, 'connectPlatform', { name: 'Acme', ...parameters });
		expect(wordsOf(outcome)).toContain(words);
		expect(account.requests).toEqual([]);
	});
});

describe('deprovision', () => {
	async function customer(account: Simulator): Promise<IDataObject> {
		return await provisioned(account, 'connectPlatform', {
			platform: 'elevenlabs',
			name: 'Acme',
			phoneNumbers: '14155550101, 14155550102',
		});
	}
	const idOf = (trunk: unknown) => String((trunk as IDataObject).trunk_id);

	test('takes a customer down in the order that breaks nothing, twice', async () => {
		const account = await accountWithNumbers();
		const { inbound_trunk, outbound_trunk } = await customer(account);
		const inbound = {
			trunkId: idOf(inbound_trunk),
			options: { rerouteToApplicationId: APPLICATION },
		};
		account.clearRequests();
		const first = await provisioned(account, 'deprovision', inbound);
		expect(deedsOf(first)).toEqual([
			'routed phone number',
			'routed phone number',
			'deleted trunk',
			'deleted origination URI',
		]);
		expect(
			writesOf(account).map((write) => {
				const [method, , item] = write.split('/');
				return `${method}${item}`;
			}),
		).toEqual(['POST 14155550101', 'POST 14155550102', 'DELETE Trunk', 'DELETE URI']);
		expect(first).toMatchObject({
			deleted: true,
			trunk_id: idOf(inbound_trunk),
			numbers: [
				{ number: '14155550101', previous_application: trunkPath(account, idOf(inbound_trunk)) },
				{ number: '14155550102', previous_application: trunkPath(account, idOf(inbound_trunk)) },
			],
			kept: [],
		});
		expect(await again(account, 'deprovision', inbound)).toMatchObject({ already_gone: true });

		const outbound = { trunkId: idOf(outbound_trunk) };
		expect(deedsOf(await provisioned(account, 'deprovision', outbound))).toEqual([
			'deleted trunk',
			'deleted credential',
		]);
		await again(account, 'deprovision', outbound);
		expect(picture(account)).toMatchObject({ trunks: [], credentials: [], uris: [] });
		for (const { application } of account.state.numbers.values()) {
			expect(application).toBe(applicationPath(account));
		}
	});

	test('refuses while numbers are routed, and names them', async () => {
		const account = await accountWithNumbers();
		const { inbound_trunk } = await customer(account);
		account.clearRequests();
		const words = wordsOf(
			await provision(account, 'deprovision', { trunkId: idOf(inbound_trunk) }),
		);
		expect(words).toContain('14155550101, 14155550102');
		expect(words).toContain('Reroute to Application ID');
		expect(writesOf(account)).toEqual([]);
	});

	test('forced, goes on and says which numbers have no route now', async () => {
		const account = await accountWithNumbers();
		const { inbound_trunk } = await customer(account);
		const output = await provisioned(account, 'deprovision', {
			trunkId: idOf(inbound_trunk),
			options: { force: true },
		});
		expect(output.warnings).toHaveLength(2);
		expect(output.numbers).toMatchObject([{ number: '14155550101' }, { number: '14155550102' }]);
	});

	test.each([
		['refused', 'could not be taken off the trunk: its calls fail once the trunk is gone.', 0],
		['ignored', 'could not be taken off the trunk: its calls fail once the trunk is gone.', 0],
		['clears', 'has no route now: its calls fail.', 2],
	] as const)(
		'forced, where clearing a route is %s, says only what was done',
		async (clear, words, unrouted) => {
			const account = await accountWithNumbers({ clear, detach: 'dead' });
			const { inbound_trunk } = await customer(account);
			const output = await provisioned(account, 'deprovision', {
				trunkId: idOf(inbound_trunk),
				options: { force: true },
			});
			expect(output.warnings).toEqual(
				['14155550101', '14155550102'].map((number) => `Phone number ${number} ${words}`),
			);
			expect(deedsOf(output)).toEqual([
				...Array.from({ length: unrouted }, () => 'unrouted phone number'),
				'deleted trunk',
				'deleted origination URI',
			]);
		},
	);

	test('a number that somebody routes to the trunk in the middle of the run keeps it alive', async () => {
		const account = await accountWithNumbers();
		const { inbound_trunk } = await customer(account);
		account.add('numbers', { number: '14155550103', application: applicationPath(account) });
		const trunkId = idOf(inbound_trunk);
		account.onRequest(({ method, path }) => {
			if (method !== 'POST' || path !== '/Number/14155550102/') return;
			account.state.numbers.get('14155550103')!.application = trunkPath(account, trunkId);
		});
		const words = wordsOf(
			await provision(account, 'deprovision', {
				trunkId,
				options: { rerouteToApplicationId: APPLICATION },
			}),
		);
		expect(words).toContain('14155550103 is routed to it now');
		expect(account.state.trunks.has(trunkId)).toBe(true);
		for (const { application } of account.state.numbers.values()) {
			expect(application).toBe(trunkPath(account, trunkId));
		}
	});

	test('keeps what other trunks use, unless told otherwise', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Shared' });
		const [one, two] = ['One', 'Two'].map(
			(name) => account.add('trunks', { name, credential_uuid }).trunk_id as string,
		);
		const refused = await provision(account, 'deprovision', {
			trunkId: one,
			options: { keepShared: false },
		});
		expect(wordsOf(refused)).toContain(
			`credential "Shared" (${String(credential_uuid)}) is also used by "Two" (${two})`,
		);
		expect(writesOf(account)).toEqual([]);

		const kept = await provisioned(account, 'deprovision', { trunkId: one });
		expect(kept.kept).toEqual([
			{ kind: 'credential', id: credential_uuid, reason: `used by "Two" (${two})` },
		]);
		expect(account.state.credentials.size).toBe(1);
		await provisioned(account, 'deprovision', { trunkId: two, options: { keepShared: false } });
		expect(account.state.credentials.size).toBe(0);
	});

	test('forced, deletes what is shared and says whose it was', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Shared' });
		const [one, two] = ['One', 'Two'].map(
			(name) => account.add('trunks', { name, credential_uuid }).trunk_id as string,
		);
		const output = await provisioned(account, 'deprovision', {
			trunkId: one,
			options: { keepShared: false, force: true },
		});
		expect(output.warnings).toEqual([expect.stringContaining(`also used by "Two" (${two})`)]);
		expect(account.state.credentials.size).toBe(0);
	});

	test('two trunks of one credential at once: it goes with the last', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Shared' });
		const items = ['One', 'Two'].map((name) => ({
			id: account.add('trunks', { name, credential_uuid }).trunk_id as string,
		}));
		const { error, json } = await run(
			account,
			'provisioning',
			'deprovision',
			{ trunkId: '={{ $json.id }}' },
			{ items },
		);
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
		expect(picture(account)).toMatchObject({ trunks: [], credentials: [] });
	});

	test.each<[string, INodeParameters, string]>([
		['no trunk', { trunkId: '={{ "" }}' }, "'Trunk' is empty"],
		['a path as id', { trunkId: '../Credential/1' }, "'Trunk' is the address of a SIP credential"],
		[
			'an application that is no id',
			{ trunkId: '1', options: { rerouteToApplicationId: 'a/b' } },
			"'Reroute to Application ID' is not an ID",
		],
		[
			'force that is neither',
			{ trunkId: '1', options: { force: '={{ "perhaps" }}' } },
			'\'Force\' is "perhaps", neither true nor false',
		],
	])('refuses %s before any request', async (_what, parameters, words) => {
		const account = await newAccount();
		expect(wordsOf(await provision(account, 'deprovision', parameters))).toContain(words);
		expect(account.requests).toEqual([]);
	});
});

describe('checkReadiness', () => {
	const statusesOf = ({ checks }: IDataObject) =>
		Object.fromEntries((checks as IDataObject[]).map(({ name, status }) => [name, status]));

	test('a provisioned customer is ready; only reads', async () => {
		const account = await accountWithNumbers();
		const { inbound_trunk } = await provisioned(account, 'connectPlatform', {
			platform: 'vapi',
			name: 'Acme',
			phoneNumbers: '14155550101',
		});
		account.clearRequests();
		const output = await provisioned(account, 'checkReadiness', { phoneNumber: '+1 415 555 0101' });
		expect(output).toMatchObject({
			ready: true,
			phone_number: '14155550101',
			trunk_id: (inbound_trunk as IDataObject).trunk_id,
		});
		expect(statusesOf(output)).toMatchObject({
			Route: 'pass',
			'Primary URI transport': 'pass',
			'Fallback URI': 'warn',
			'IP access control list': 'pass',
		});
		expect(writesOf(account)).toEqual([]);
		expect(await again(account, 'checkReadiness', { phoneNumber: '14155550101' })).toEqual(output);
	});

	test('says what is in the way and what to do about it', async () => {
		const account = await accountWithNumbers();
		account.add('numbers', {
			number: '14155550103',
			application: trunkPath(account, '2178410000'),
			voice_enabled: false,
		});
		const missing = await provisioned(account, 'checkReadiness', { phoneNumber: '14155550199' });
		expect(missing).toMatchObject({ ready: false });
		expect(missing.checks).toContainEqual(
			expect.objectContaining({ status: 'fail', fix: expect.stringContaining('Rent the number') }),
		);
		const elsewhere = await provisioned(account, 'checkReadiness', { phoneNumber: '14155550101' });
		expect(statusesOf(elsewhere)).toMatchObject({ Voice: 'pass', Route: 'fail' });
		const dead = await provisioned(account, 'checkReadiness', { phoneNumber: '14155550103' });
		expect(statusesOf(dead)).toMatchObject({ Voice: 'fail', Trunk: 'fail' });
	});

	test('an outbound trunk alone', async () => {
		const account = await newAccount();
		const { ipacl_uuid } = account.add('ipacls', { ip_addresses: ['0.0.0.0/0'] });
		const { trunk_id } = account.add('trunks', { ipacl_uuid });
		const output = await provisioned(account, 'checkReadiness', { trunkId: trunk_id as string });
		expect(output).toMatchObject({ ready: true, trunk_id });
		expect(statusesOf(output)).toMatchObject({ 'IP access control list': 'warn' });
	});

	test('asks for a number or a trunk', async () => {
		const account = await newAccount();
		expect(wordsOf(await provision(account, 'checkReadiness', {}))).toContain(
			"'Phone Number' and 'Trunk' are both empty",
		);
		expect(account.requests).toEqual([]);
	});
});

describe('plan and apply', () => {
	interface Composite {
		operation: string;
		/** What is on the account before. */
		prepare(account: Simulator): Promise<unknown> | void;
		parameters(account: Simulator): INodeParameters;
		/** What the plan says, in words. */
		summaries(account: Simulator): string[];
		/** Something that somebody else does in between, and the words that tell it. */
		outside(account: Simulator): void;
		different: RegExp;
	}

	const INBOUND = {
		name: 'Acme',
		primaryUri: 'pbx.example.com;transport=tcp',
		phoneNumbers: '14155550101, 14155550102',
	};
	const trunkId = ({ state }: Simulator) => [...state.trunks.keys()][0]!;

	const COMPOSITES: Composite[] = [
		{
			operation: 'provisionOutbound',
			prepare: () => {},
			parameters: () => ({ name: 'Acme', options: { secure: true } }),
			summaries: () => ['create credential "Acme"', 'create outbound trunk "Acme outbound"'],
			outside: (account) => void account.add('credentials', { name: 'Acme', username: 'acmepbx' }),
			different:
				/now: set a new password for the credential "Acme"; 1 step of the plan no longer as planned/,
		},
		{
			operation: 'provisionInbound',
			prepare: (account) => {
				account.add('uris', { name: 'Acme', uri: 'old.example.com' });
				account.state.numbers.get('14155550102')!.application = null;
			},
			parameters: () => INBOUND,
			summaries: () => [
				'change URI of the origination URI "Acme"',
				'create inbound trunk "Acme inbound"',
				`route +14155550101 from application ${APPLICATION} to the inbound trunk`,
				'route +14155550102 from nowhere to the inbound trunk',
			],
			outside: (account) => {
				account.add('applications', { app_id: '42' });
				account.state.numbers.get('14155550101')!.application =
					`/v1/Account/${account.authId}/Application/42/`;
			},
			different:
				/now: route \+14155550101 from application 42 to the inbound trunk; 1 step of the plan no longer as planned/,
		},
		{
			operation: 'connectPlatform',
			prepare: () => {},
			parameters: () => ({ platform: 'vapi', name: 'Acme', phoneNumbers: '14155550101' }),
			summaries: () => [
				'create origination URI "Acme"',
				'create inbound trunk "Acme inbound"',
				'create IP access control list "Acme"',
				'create outbound trunk "Acme outbound"',
				`route +14155550101 from application ${APPLICATION} to the inbound trunk`,
			],
			outside: (account) => {
				account.add('ipacls', {
					name: 'Acme',
					ip_addresses: ['44.229.228.186/32', '44.238.177.138/32'],
				});
			},
			different:
				/now: use the IP access control list "Acme" as it is; 1 step of the plan no longer as planned/,
		},
		{
			operation: 'deprovision',
			prepare: async (account) => await provisioned(account, 'provisionInbound', INBOUND),
			parameters: (account) => ({
				trunkId: trunkId(account),
				options: { rerouteToApplicationId: APPLICATION },
			}),
			summaries: (account) => [
				`route +14155550101 from trunk ${trunkId(account)} to application ${APPLICATION}`,
				`route +14155550102 from trunk ${trunkId(account)} to application ${APPLICATION}`,
				'delete the inbound trunk "Acme inbound"',
				'delete the origination URI "Acme"',
			],
			outside: (account) => {
				account.state.numbers.get('14155550102')!.application = applicationPath(account);
			},
			different: /\(1 step of the plan no longer as planned\)/,
		},
	];

	async function prepared({ prepare }: Composite, variants: Partial<Variants> = {}) {
		const account = await accountWithNumbers(variants);
		await prepare(account);
		account.clearRequests();
		return account;
	}

	const withOptions = (parameters: INodeParameters, options: INodeParameters) => ({
		...parameters,
		options: { ...(parameters.options as INodeParameters), ...options },
	});

	/** Plans on an account that refuses every write. */
	async function planned(account: Simulator, operation: string, parameters: INodeParameters) {
		account.refuseWrites = true;
		const output = await provisioned(
			account,
			operation,
			withOptions(parameters, { planOnly: true }),
		);
		account.refuseWrites = false;
		expect(account.refusedWrites).toEqual([]);
		expect(output.planned).toBe(true);
		return output;
	}

	const shown = (steps: unknown) =>
		(steps as IDataObject[]).map(({ action, kind, name }) => ({ action, kind, name }));

	describe.each(COMPOSITES)('$operation', (composite) => {
		const { operation, summaries, outside, different } = composite;

		test('the plan writes nothing, is the same twice, and reads well', async () => {
			const account = await prepared(composite);
			const before = fullState(account);
			const parameters = composite.parameters(account);
			const first = await planned(account, operation, parameters);
			const second = await planned(account, operation, parameters);
			expect(second).toEqual(first);
			expect(fullState(account)).toEqual(before);
			expect(first.in_line).toBe(false);
			const steps = first.what_would_be_done as IDataObject[];
			expect(steps.map(({ summary }) => summary)).toEqual(summaries(account));
			const cannot = steps.flatMap(({ why_not: whyNot }) => whyNot ?? []);
			expect(first.cannot_be_undone).toEqual(cannot);
			expect(steps.map(({ can_be_undone: can, why_not: whyNot }) => [can, whyNot])).toEqual(
				steps.map(({ why_not: whyNot }) => [whyNot === undefined, whyNot]),
			);
		});

		test.each<Partial<Variants>>([{}, { uri: 'one', names: 'direction', order: 'oldest' }])(
			'applied, it does exactly that, and all is in line then (%j)',
			async (variants) => {
				const account = await prepared(composite, variants);
				const parameters = composite.parameters(account);
				const plan = await planned(account, operation, parameters);
				const output = await provisioned(
					account,
					operation,
					withOptions(parameters, { planDigest: plan.plan_digest as string }),
				);
				expect(shown(output.what_was_done)).toEqual(shown(plan.what_would_be_done));
				const { in_line: inLine, what_would_be_done: left } = await planned(
					account,
					operation,
					parameters,
				);
				expect({ inLine, actions: new Set(shown(left).map(({ action }) => action)) }).toEqual({
					inLine: true,
					actions: new Set(operation === 'deprovision' ? [] : ['reused']),
				});
			},
		);

		test('it is refused when somebody else has changed something since', async () => {
			const account = await prepared(composite);
			const parameters = composite.parameters(account);
			const { plan_digest: digest } = await planned(account, operation, parameters);
			outside(account);
			const before = fullState(account);
			account.clearRequests();
			const given = withOptions(parameters, { planDigest: digest as string });
			const words = wordsOf(await provision(account, operation, given));
			expect(words).toMatch(/^The plan is no longer the one that was approved \(/);
			expect(words).toMatch(different);
			expect(words).toContain('Plan again');
			expect(writesOf(account)).toEqual([]);
			expect(fullState(account)).toEqual(before);
		});

		test('applied a second time, it is refused: it has been done', async () => {
			const account = await prepared(composite);
			const parameters = composite.parameters(account);
			const { plan_digest: digest } = await planned(account, operation, parameters);
			const given = withOptions(parameters, { planDigest: digest as string });
			await provisioned(account, operation, given);
			account.clearRequests();
			expect(wordsOf(await provision(account, operation, given))).toContain(
				'The plan is no longer the one that was approved',
			);
			expect(writesOf(account)).toEqual([]);
		});

		test('an edited digest, one of another account and one of another operation are told', async () => {
			const account = await prepared(composite);
			const parameters = composite.parameters(account);
			const digest = String((await planned(account, operation, parameters)).plan_digest);
			const tried = async (planDigest: string, on = account, what = operation) =>
				wordsOf(await provision(on, what, withOptions(parameters, { planDigest })));
			account.clearRequests();
			const notMade = "'Plan Digest' was not made by this node";
			const edits = [
				`${digest}0`,
				digest.slice(1),
				digest.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
				digest.toUpperCase(),
				'yes',
				'-',
				'----',
			];
			for (const edit of edits) expect(await tried(edit)).toContain(notMade);

			const other = await prepared(composite);
			if (operation !== 'deprovision') {
				expect(await tried(digest, other)).toContain(
					"'Plan Digest' belongs to another Plivo account",
				);
				expect(writesOf(other)).toEqual([]);
			}
			const { operation: another, ...foreign } = COMPOSITES[operation === 'deprovision' ? 0 : 3]!;
			const words = wordsOf(
				await provision(
					account,
					another,
					withOptions(
						another === 'deprovision'
							? { trunkId: '21784100000000999' }
							: foreign.parameters(account),
						{ planDigest: digest },
					),
				),
			);
			expect(words).toContain(
				`'Plan Digest' belongs to the operation ${operation}, not to ${another}`,
			);
			expect(writesOf(account)).toEqual([]);
		});
	});

	test('no password is ever in a plan, neither a generated one nor a given one', async () => {
		const account = await accountWithNumbers();
		account.add('credentials', { name: 'Bolt', username: 'boltpbx', password: 'Secret#123' });
		const plans = [
			await planned(account, 'provisionOutbound', { name: 'Acme', password: 'Chosen#By4Us' }),
			await planned(account, 'provisionOutbound', { name: 'Bolt' }),
			await planned(account, 'provisionInbound', {
				...INBOUND,
				options: { uriUsername: 'plivo', uriPassword: 'letmein' },
			}),
			await planned(account, 'connectPlatform', { platform: 'retell', name: 'Acme' }),
		];
		const text = JSON.stringify(plans);
		expect(text).not.toMatch(/Chosen#By4Us|letmein|Secret#123/);
		const passwords = plans.flatMap(({ what_would_be_done: steps }) =>
			(steps as IDataObject[]).flatMap(({ after }) => (after as IDataObject)?.password ?? []),
		);
		expect(passwords).toEqual(Array.from({ length: 4 }, () => '(not shown)'));
	});

	test('shows the values before and after, what it costs, and what can’t be undone', async () => {
		const account = await accountWithNumbers();
		const { ipacl_uuid } = account.add('ipacls', { name: 'Acme', ip_addresses: ['198.51.100.7'] });
		const { trunk_id } = account.add('trunks', { name: 'Acme', ipacl_uuid });
		const plan = await planned(account, 'provisionOutbound', {
			name: 'Acme',
			sipAuthentication: 'newIpAcl',
			ipAddresses: '203.0.113.5',
			options: { secure: true },
		});
		expect(plan).toMatchObject({
			what_would_be_done: [
				{
					action: 'changed',
					kind: 'IP access control list',
					id: ipacl_uuid,
					name: 'Acme',
					fields: ['ip_addresses'],
					before: { ip_addresses: ['198.51.100.7'] },
					after: { ip_addresses: ['203.0.113.5'] },
					summary: 'change IP Addresses of the IP access control list "Acme"',
					can_be_undone: true,
				},
				{
					action: 'changed',
					kind: 'trunk',
					id: trunk_id,
					fields: ['secure'],
					before: { secure: false },
					after: { secure: true },
					summary: 'change Secure of the outbound trunk "Acme"',
				},
			],
			cannot_be_undone: [],
			costs: ['Secure: Plivo bills encrypted calls of the outbound trunk per minute.'],
		});
	});

	test('a given password can’t be compared: it is set each time, and so never in line', async () => {
		const account = await newAccount();
		const parameters = { name: 'Acme', username: 'acmepbx', password: 'Chosen#By4Us' };
		await provisioned(account, 'provisionOutbound', parameters);
		expect(await planned(account, 'provisionOutbound', parameters)).toMatchObject({
			in_line: false,
			what_would_be_done: [
				{ action: 'reused', summary: 'use the outbound trunk "Acme outbound" as it is' },
				{
					action: 'changed',
					summary: 'set the login of the credential "Acme"',
					can_be_undone: false,
					why_not: 'The old password can’t be set again, since Plivo never shows it.',
				},
			],
			cannot_be_undone: ['The old password can’t be set again, since Plivo never shows it.'],
		});
	});

	test('a customer who shares another’s origination URI is in line', async () => {
		const account = await accountWithNumbers({ uri: 'one' });
		const parameters = (name: string) => ({
			platform: 'elevenlabs',
			name,
			phoneNumbers: name === 'Acme' ? '14155550101' : '14155550102',
		});
		await provisioned(account, 'connectPlatform', parameters('Acme'));
		await provisioned(account, 'connectPlatform', parameters('Bolt'));
		for (const name of ['Acme', 'Bolt']) {
			expect(await planned(account, 'connectPlatform', parameters(name))).toMatchObject({
				in_line: true,
			});
		}
	});

	test('a trunk that is gone has nothing left to be done', async () => {
		const account = await newAccount();
		const plan = await planned(account, 'deprovision', { trunkId: '21784100000000999' });
		expect(plan).toMatchObject({
			planned: true,
			in_line: true,
			trunk_id: '21784100000000999',
			what_would_be_done: [],
			warnings: [expect.stringContaining('There is no trunk 21784100000000999')],
		});
		expect(plan).not.toHaveProperty('deleted');
	});

	test('what others use stays when a plan that keeps it is applied, also when it is free by then', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Shared' });
		const [one, two] = ['One', 'Two'].map(
			(name) => account.add('trunks', { name, credential_uuid }).trunk_id as string,
		);
		const plan = await planned(account, 'deprovision', { trunkId: one! });
		const kept = [{ kind: 'credential', id: credential_uuid, reason: `used by "Two" (${two})` }];
		expect(plan.kept).toEqual(kept);
		account.onRequest(({ method }) => {
			if (method === 'DELETE') account.state.trunks.delete(two!);
		});
		const output = await provisioned(account, 'deprovision', {
			trunkId: one!,
			options: { planDigest: plan.plan_digest as string },
		});
		expect(output.kept).toEqual(kept);
		expect(account.state.credentials.size).toBe(1);
	});

	test('a drift report over many customers lists each kind once', async () => {
		const account = await accountWithNumbers();
		const items = Array.from({ length: 30 }, (_, index) => ({ name: `Customer ${index}` }));
		const parameters = { platform: 'elevenlabs', name: '={{ $json.name }}' };
		const made = await run(account, 'provisioning', 'connectPlatform', parameters, { items });
		expect(made.error).toBeUndefined();
		account.clearRequests();
		account.refuseWrites = true;
		const report = await run(
			account,
			'provisioning',
			'connectPlatform',
			withOptions(parameters, { planOnly: true }),
			{ items },
		);
		expect(report.error).toBeUndefined();
		expect(report.json.map(({ in_line: inLine }) => inLine)).toEqual(items.map(() => true));
		expect(account.refusedWrites).toEqual([]);
		expect(listings(account)).toBeLessThanOrEqual(10);
	});
});

describe('many at once', () => {
	test('two runs for one customer: one makes, the other uses it', async () => {
		const account = await accountWithNumbers();
		account.options.latencyMs = 5;
		const parameters = { platform: 'elevenlabs', name: 'Acme', phoneNumbers: '14155550101' };
		const outputs = await Promise.all(
			[1, 2].map(async () => await provisioned(account, 'connectPlatform', parameters)),
		);
		const [one, other] = exactly(
			2,
			outputs.map((output) => new Set(deedsOf(output).map((d) => d.split(' ')[0]))),
		);
		expect([...one, ...other].sort()).toEqual(['created', 'reused', 'routed']);
		expect(outputs.filter((output) => 'password' in output)).toHaveLength(1);
		expect(account.state.trunks.size).toBe(2);
		expect(account.state.credentials.size).toBe(1);
	});

	test('two customers of one platform side by side, where Plivo takes its address once', async () => {
		const account = await accountWithNumbers({ uri: 'one' });
		account.options.latencyMs = 5;
		const outputs = await Promise.all(
			['Acme', 'Bolt'].map(
				async (name, index) =>
					await provisioned(account, 'connectPlatform', {
						platform: 'elevenlabs',
						name,
						phoneNumbers: `1415555010${index + 1}`,
					}),
			),
		);
		const { uri_uuid } = only(account.state.uris.values());
		for (const { inbound_trunk } of outputs) {
			expect(inbound_trunk).toMatchObject({ primary_uri_uuid: uri_uuid });
		}
		expect(account.state.trunks.size).toBe(4);
	});

	test('two customers who want the same number: one gets it, the other is told', async () => {
		const account = await accountWithNumbers();
		account.options.latencyMs = 5;
		const outcomes = await Promise.all(
			['Acme', 'Bolt'].map(
				async (name) =>
					await provision(account, 'provisionInbound', {
						name,
						primaryUri: `${name}.example.com;transport=tcp`,
						phoneNumbers: '14155550101',
					}),
			),
		);
		const failed = outcomes.filter(({ error }) => error);
		expect(failed).toHaveLength(1);
		expect(wordsOf(failed[0]!)).toMatch(/14155550101 is routed to trunk "(Acme|Bolt) inbound"/);
		expect(account.state.trunks.size).toBe(1);
		expect(account.state.uris.size).toBe(1);
	});

	test.each<Partial<Variants>>([
		{ names: 'none' },
		{ names: 'none', time: 'missing' },
		{ names: 'none', late: 60 },
		{ names: 'direction' },
	])(
		'a twin that another process makes at the same moment: one customer, theirs or ours (%j)',
		async (variants) => {
			const account = await accountWithNumbers(variants);
			// Theirs comes right before ours, once for each kind.
			const made = new Set<string>();
			account.onRequest(({ method, path, body }) => {
				const kind = { '/Zentrunk/Credential/': 'credentials', '/Zentrunk/Trunk/': 'trunks' }[path];
				if (method !== 'POST' || !kind || made.has(kind)) return;
				made.add(kind);
				account.add(kind as 'trunks', {
					...(body as object),
					...(kind === 'credentials' && { password: 'Theirs#1' }),
				});
			});
			const output = await provisioned(account, 'provisionOutbound', {
				name: 'Acme',
				username: 'acmepbx',
			});
			expect(account.state.credentials.size).toBe(1);
			expect(account.state.trunks.size).toBe(1);
			// The password is theirs to show.
			expect(only(account.state.credentials.values()).password).toBe('Theirs#1');
			expect(output).not.toHaveProperty('password');
			expect(String(output.warnings)).toContain('with their password');
			expect(only(account.state.trunks.values())).toMatchObject({
				trunk_id: output.trunk_id,
				credential_uuid: only(account.state.credentials.values()).credential_uuid,
			});
		},
	);

	test('a second record of ours that can’t be removed is named', async () => {
		const account = await newAccount();
		let theirs = '';
		account.onRequest(({ method, path, body }) => {
			if (method !== 'POST' || path !== '/Zentrunk/Credential/' || theirs) return;
			theirs = String(account.add('credentials', { ...(body as object) }).credential_uuid);
		});
		account.faults.add({ method: 'DELETE', faults: [{ kind: 'status', status: 400 }] });
		const { error, json } = await provision(account, 'provisionOutbound', { name: 'Acme' });
		const [ours] = [...account.state.credentials.keys()].filter((id) => id !== theirs);
		const said = error ? `${error.message} ${error.description ?? ''}` : JSON.stringify(json);
		expect(said).toContain(ours);
	});

	test('a twin that stays is the one: ours gives way', async () => {
		const account = await newAccount(false, { names: 'none' });
		let theirs = '';
		account.onRequest(({ method, path }) => {
			const [ours] = account.state.trunks.values();
			if (method !== 'GET' || path !== '/Zentrunk/Trunk/' || !ours || theirs) return;
			theirs = String(account.add('trunks', { ...ours, trunk_id: '21784199900000099' }).trunk_id);
		});
		const output = await provisioned(account, 'provisionOutbound', { name: 'Acme' });
		expect(theirs).not.toBe('');
		// It doesn't give way, so it had looked before ours was there: ours does.
		expect(output.trunk_id).toBe(theirs);
		expect(account.state.trunks.size).toBe(1);
	});

	test('one customer in several items of a run', async () => {
		const account = await newAccount();
		const { json, error } = await run(
			account,
			'provisioning',
			'provisionOutbound',
			{ name: '={{ $json.name }}' },
			{ items: ['Acme', 'Bolt', 'Acme', 'Acme'].map((name) => ({ name })) },
		);
		expect(error).toBeUndefined();
		expect(json.map(({ name }) => name)).toEqual(
			['Acme', 'Bolt', 'Acme', 'Acme'].map((name) => `${name} outbound`),
		);
		expect(account.state.trunks.size).toBe(2);
		// Each customer's password once, and it is the one that works.
		const shown = json.flatMap(({ password }) => password ?? []);
		expect(shown.sort()).toEqual(
			[...account.state.credentials.values()].map(({ password }) => password).sort(),
		);
	});

	test('50 customers in one run: each whole, no list read again and again', async () => {
		const account = await newAccount();
		account.add('applications', { app_id: APPLICATION });
		const items = Array.from({ length: 50 }, (_, index) => {
			const { number } = account.add('numbers', { application: applicationPath(account) });
			return { name: `Customer ${index}`, number: String(number) };
		});
		const parameters = {
			platform: 'elevenlabs',
			name: '={{ $json.name }}',
			phoneNumbers: '={{ $json.number }}',
		};
		const first = await run(account, 'provisioning', 'connectPlatform', parameters, { items });
		expect(first.error).toBeUndefined();
		expect(first.items.map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		first.json.forEach(({ name, inbound_trunk, password }, index) => {
			expect(name).toBe(nth(items, index).name);
			expect(password).toMatch(PASSWORD);
			expect(account.state.numbers.get(nth(items, index).number)?.application).toBe(
				trunkPath(account, (inbound_trunk as IDataObject).trunk_id),
			);
		});
		expect(account.state.trunks.size).toBe(100);
		expect(account.state.credentials.size).toBe(50);
		expect(account.state.uris.size).toBe(50);
		// Per customer: four records made, two of them read back, one number read, read again and routed.
		expect(account.requests.length).toBeLessThanOrEqual(10 * items.length);
		expect(listings(account)).toBeLessThanOrEqual(35);
		expect(account.requests.filter(({ status }) => status === 429)).toEqual([]);

		const before = fullState(account);
		account.clearRequests();
		const second = await run(account, 'provisioning', 'connectPlatform', parameters, { items });
		expect(second.error).toBeUndefined();
		expect(fullState(account)).toEqual(before);
		expect(account.requests.length).toBeLessThanOrEqual(9 * items.length);
		// The lists are known: a look at their ends tells that nobody else has changed them.
		expect(listings(account)).toBeLessThanOrEqual(10);
	}, 60_000);

	test('a customer who fails does not stop the others', async () => {
		const account = await newAccount();
		const { json, error } = await run(
			account,
			'provisioning',
			'provisionOutbound',
			{ name: '={{ $json.name }}' },
			{ items: [{ name: 'Acme' }, { name: '' }, { name: 'Bolt' }], continueOnFail: true },
		);
		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{ name: 'Acme outbound' },
			{ error: "'Name' is empty" },
			{ name: 'Bolt outbound' },
		]);
	});
});
