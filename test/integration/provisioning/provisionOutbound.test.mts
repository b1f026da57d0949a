import { setTimeout as wait } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import { fullState, newAccount, outputOf, run, wordsOf, writesOf } from '../../support/account.mts';
import { only } from '../../support/elements.mts';
import { takeLogs } from '../../support/engine.mts';
import {
	PASSWORD,
	again,
	bodiesOf,
	deedsOf,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();

it('makes a credential and a trunk, and answers what a PBX needs', async () => {
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
			kind: 'SIP credential',
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
	expect(account.requests.map(({ method }) => method).join(' ')).toBe('GET GET POST GET POST GET');
	// Plivo bills it: it is never sent unless somebody says so.
	expect(bodiesOf(account, '/Zentrunk/Trunk/')[0]).not.toHaveProperty('secure');
});

it('run again, writes nothing and shows no password', async () => {
	const account = await newAccount();
	const parameters = { name: 'Acme', username: 'acmepbx' };
	const first = await provisioned(account, 'provisionOutbound', parameters);
	const second = await again(account, 'provisionOutbound', parameters);
	expect(writesOf(account)).toEqual([]);
	expect(deedsOf(second)).toEqual(['reused SIP credential', 'reused trunk']);
	expect(second).toMatchObject({ trunk_id: first.trunk_id, username: 'acmepbx' });
	expect(second).not.toHaveProperty('password');
	expect(String(second.warnings)).toContain('Rotate Password');
});

it('makes the username of the name when none is given, and keeps it', async () => {
	const account = await newAccount();
	const first = await provisioned(account, 'provisionOutbound', { name: 'Café & Söhne 株' });
	expect(first.username).toMatch(/^cafesohne\d{6}$/);
	const second = await again(account, 'provisionOutbound', { name: 'Café & Söhne 株' });
	expect(second.username).toBe(first.username);
});

it('gives a half-made credential a new password, since nobody has the old one', async () => {
	const account = await newAccount();
	const { credential_uuid: id } = account.add('credentials', {
		name: 'Acme',
		username: 'acmepbx',
		password: 'Never#shown1',
	});
	const output = await provisioned(account, 'provisionOutbound', { name: 'Acme' });
	expect(deedsOf(output)).toEqual(['changed SIP credential', 'created trunk']);
	// Another worker may just be making this customer: it had the time to finish.
	const [first] = account.requests;
	const change = account.requests.find(({ method }) => method === 'POST');
	expect(change!.at - first!.at).toBeGreaterThanOrEqual(settling.ms);
	expect(output).toMatchObject({ credential_uuid: id, username: 'acmepbx' });
	expect(output.password).toMatch(PASSWORD);
	expect(only(account.state.credentials.values()).password).toBe(output.password);
});

it('sets a given password without ever showing it', async () => {
	const account = await newAccount();
	const parameters = { name: 'Acme', username: 'acmepbx', password: 'Chosen#By4Us' };
	takeLogs();
	const first = await provision(account, 'provisionOutbound', parameters);
	expect(outputOf(first)).not.toHaveProperty('password');
	expect(only(account.state.credentials.values()).password).toBe('Chosen#By4Us');
	const options = { replaceLogin: true };
	const second = await again(account, 'provisionOutbound', { ...parameters, options });
	expect(deedsOf(second)).toEqual(['reused trunk', 'changed SIP credential']);
	const third = await provision(account, 'provisionOutbound', {
		...parameters,
		password: 'Other#One12',
		options,
	});
	expect(only(account.state.credentials.values()).password).toBe('Other#One12');
	const said = JSON.stringify([first.json, second, third.json, takeLogs()]);
	expect(said).not.toMatch(/Chosen#By4Us|Other#One12/);
});

it('changes the username together with a new password', async () => {
	const account = await newAccount();
	await provisioned(account, 'provisionOutbound', { name: 'Acme', username: 'acmepbx' });
	const output = await provisioned(account, 'provisionOutbound', {
		name: 'Acme',
		username: 'newname',
		options: { replaceLogin: true },
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

it('makes an IP list, brings it up to date, and warns of what is too wide or private', async () => {
	const account = await newAccount();
	const parameters = { name: 'Acme', sipAuthentication: 'newIpAcl' };
	const first = await provisioned(account, 'provisionOutbound', {
		...parameters,
		ipAddresses: '0.0.0.0/0\n10.1.2.3',
		options: { allowAnyAddress: true },
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

it('takes a credential or IP list that is there', async () => {
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
	const byList = {
		name: 'Bolt',
		sipAuthentication: 'ipAcl',
		ipAclId: ipacl_uuid as string,
		options: { allowAnyAddress: true },
	};
	const other = await provisioned(account, 'provisionOutbound', byList);
	expect(other).toMatchObject({ ipacl_uuid, warnings: [expect.stringContaining('very wide')] });
	await again(account, 'provisionOutbound', byList);
	expect(writesOf(account)).toEqual([]);
});

it('brings an existing trunk up to date, says so, and warns of what it cannot undo', async () => {
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

it('a half-made credential that another worker is just finishing stays theirs', async () => {
	const account = await newAccount();
	const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
	const running = provisioned(account, 'provisionOutbound', { name: 'Acme' });
	await wait(settling.ms / 2);
	account.add('trunks', { name: 'Acme outbound', credential_uuid });
	const output = await running.catch((error: Error) => error.message);
	const { password } = only(account.state.credentials.values());
	expect(password).toBe('Secret#123');
	// The trunk came after the look for it: its name is taken, and it is used.
	expect(output).toMatchObject({ name: 'Acme outbound', credential_uuid });
	expect(output).not.toHaveProperty('password');
	expect(account.state.trunks.size).toBe(1);
});

it.each(['/Zentrunk/Trunk/', '/Zentrunk/Credential/'])(
	'another worker that finishes the customer just before %s is listed: its records are used',
	async (path) => {
		const account = await newAccount();
		let isFirst = true;
		account.onRequest((request) => {
			if (request.path !== path || !isFirst) return;
			isFirst = false;
			const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
			account.add('trunks', { name: 'Acme outbound', credential_uuid });
		});
		const { name } = await provisioned(account, 'provisionOutbound', { name: 'Acme' });
		expect(name).toBe('Acme outbound');
		expect(account.state.trunks.size).toBe(1);
		expect(account.state.credentials.size).toBe(1);
	},
);

it.each([
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

it('secure goes where the user says, and is not switched off where nothing is said', async () => {
	const account = await newAccount();
	const secure = async (options: INodeParameters) =>
		(await provisioned(account, 'provisionOutbound', { name: 'Acme', options })).secure;
	expect(await secure({ secure: true })).toBe(true);
	expect(await secure({})).toBe(true);
	expect(await secure({ secure: '={{ "no" }}' })).toBe(false);
	expect(await secure({ secure: '={{ "yes" }}' })).toBe(true);
});

it('stops before it writes anything when two records have the name', async () => {
	const account = await newAccount();
	const ids = [1, 2].map(() => account.add('credentials', { name: 'Acme' }).credential_uuid);
	const words = wordsOf(await provision(account, 'provisionOutbound', { name: 'Acme' }));
	for (const id of ids) expect(words).toContain(id);
	expect(writesOf(account)).toEqual([]);
});

it.each<[string, INodeParameters, string]>([
	['an empty name', { name: '={{ "" }}' }, "'Name' is empty"],
	['a name that an expression does not find', { name: '={{ $json.missing }}' }, "'Name' is empty"],
	[
		'a short username',
		{ name: 'A', username: 'abc' },
		"'Username' must be 5 to 20 letters, digits and underscores",
	],
	[
		'a username with signs',
		{ name: 'A', username: 'acme-pbx' },
		"'Username' must be 5 to 20 letters",
	],
	['a plain password', { name: 'A', password: 'abcdefgh1' }, "'Password' has no special character"],
	[
		'no address',
		{ name: 'A', sipAuthentication: 'newIpAcl', ipAddresses: '' },
		"'IP Addresses' is empty",
	],
	[
		'a host as address',
		{ name: 'A', sipAuthentication: 'newIpAcl', ipAddresses: 'pbx.example.com' },
		'\'IP Addresses\' contains "pbx.example.com", which is not an IP address',
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

describe('a login that a trunk uses stays as it is', () => {
	const CONNECT = {
		platform: 'custom',
		direction: 'outbound',
		platformHost: 'pbx.example.com',
		transport: 'tcp',
	};
	const PARAMETERS = { name: 'Acme', username: 'acmepbx' };
	const OTHER = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f4';
	const OTHERS: Array<[operation: string, what: string, parameters: INodeParameters]> = [
		['provisionOutbound', 'another username', { username: 'newname' }],
		['provisionOutbound', 'a given password', { password: 'Chosen#By4Us' }],
		['connectPlatform', 'another username', { ...CONNECT, username: 'newname' }],
		['connectPlatform', 'a given password', { ...CONNECT, password: 'Chosen#By4Us' }],
	];

	it.each(OTHERS)('%s refuses %s, unless the user says so', async (operation, _what, other) => {
		const account = await newAccount();
		const first = await provisioned(account, 'provisionOutbound', PARAMETERS);
		const before = fullState(account);
		account.clearRequests();
		const parameters = { ...PARAMETERS, ...other };
		const words = wordsOf(await provision(account, operation, parameters));
		const { credential_uuid: id } = only(account.state.credentials.values());
		for (const word of [
			`credential "Acme" (${String(id)}) with the username acmepbx`,
			`is used by trunk "Acme outbound" (${String(first.trunk_id)})`,
			"leave 'Password' empty",
			"'Replace Login'",
		]) {
			expect(words).toContain(word);
		}
		const plan = { ...parameters, options: { planOnly: true } };
		const planned = await provisioned(account, operation, plan);
		expect(planned.up_to_date).toBe(false);
		expect(String(planned.warnings)).toContain('would replace its login');
		expect([fullState(account), writesOf(account)]).toEqual([before, []]);
		const replacing = { ...parameters, options: { replaceLogin: true } };
		await provisioned(account, operation, replacing);
		const { username, password } = only(account.state.credentials.values());
		expect([username, password]).not.toEqual(['acmepbx', first.password]);
	});

	it.each<[operation: string, what: string, parameters: INodeParameters]>([
		['provisionOutbound', 'a new one', { username: 'newname' }],
		['provisionOutbound', 'another one', { sipAuthentication: 'credential', credentialId: OTHER }],
		['connectPlatform', 'a new one', CONNECT],
	])('%s refuses %s in place of a credential of another name', async (operation, _what, wish) => {
		const account = await newAccount();
		const { credential_uuid: used } = account.add('credentials', { name: 'By hand' });
		account.add('credentials', { name: 'Other', credential_uuid: OTHER });
		const trunk = account.add('trunks', { name: 'Acme outbound', credential_uuid: used });
		const before = fullState(account);
		const parameters = { name: 'Acme', ...wish };
		const words = wordsOf(await provision(account, operation, parameters));
		for (const word of [String(trunk.trunk_id), String(used), "'Replace Login'"]) {
			expect(words).toContain(word);
		}
		const plan = { ...parameters, options: { planOnly: true } };
		expect((await provisioned(account, operation, plan)).warnings).toContainEqual(
			expect.stringContaining('would attach another one'),
		);
		expect(fullState(account)).toEqual(before);
		await provisioned(account, operation, { ...parameters, options: { replaceLogin: true } });
		expect(only(account.state.trunks.values()).credential_uuid).not.toBe(used);
	});

	it('one that no trunk uses gets the login of this run', async () => {
		const account = await newAccount();
		account.add('credentials', { name: 'Acme', username: 'oldname', password: 'Old_1' });
		const parameters = { ...PARAMETERS, password: 'Chosen#By4Us' };
		await provisioned(account, 'provisionOutbound', parameters);
		expect(only(account.state.credentials.values())).toMatchObject({
			username: 'acmepbx',
			password: 'Chosen#By4Us',
		});
	});

	it('of two runs with a given password at the same time, the second one is refused', async () => {
		const account = await newAccount();
		const parameters = { ...PARAMETERS, password: 'Chosen#By4Us' };
		const runs = await Promise.all(
			[1, 2].map(async () => await provision(account, 'provisionOutbound', parameters)),
		);
		expect(account.state.trunks.size).toBe(1);
		expect(only(account.state.credentials.values()).password).toBe('Chosen#By4Us');
		const refused = runs.filter(({ error }) => error);
		expect(wordsOf(only(refused))).toContain("turn on 'Replace Login'");
	});
});

describe('no trunk lets in anybody by its address alone', () => {
	const OPEN_LIST = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f5';
	const OPEN: Array<[what: string, addresses: string[]]> = [
		['all addresses', ['0.0.0.0/0']],
		['two halves of them', ['0.0.0.0/1', '128.0.0.0/1']],
		['three blocks, each of them narrower than a /8', ['13.0.0.0/9', '14.0.0.0/9', '15.0.0.0/9']],
		['all addresses of IPv6', ['::/0']],
	];

	it.each(OPEN)('refuses %s, also of a list that is there', async (_what, addresses) => {
		const account = await newAccount();
		const list = account.add('ipacls', { name: 'Offices', ip_addresses: addresses });
		const rows: INodeParameters[] = [
			{ sipAuthentication: 'newIpAcl', ipAddresses: addresses.join(', ') },
			{ sipAuthentication: 'ipAcl', ipAclId: String(list.ipacl_uuid) },
		];
		for (const row of rows) {
			const parameters = { name: 'Acme', ...row };
			const words = wordsOf(await provision(account, 'provisionOutbound', parameters));
			expect(words).toContain('strangers could call on your account');
			expect(words).toContain("'Allow Any Address'");
			expect(writesOf(account)).toEqual([]);
		}
		const allowed = { name: 'Acme', ...rows[1], options: { allowAnyAddress: true } };
		await provisioned(account, 'provisionOutbound', allowed);
	});

	it.each([
		['a /8', ['13.0.0.0/8']],
		['a /8 with blocks within it', ['13.0.0.0/8', '13.1.0.0/16', '13.2.0.0/16']],
	])('takes %s', async (_what, addresses) => {
		const account = await newAccount();
		const output = await provisioned(account, 'provisionOutbound', {
			name: 'Acme',
			sipAuthentication: 'newIpAcl',
			ipAddresses: addresses.join(', '),
		});
		expect(output.warnings).toEqual([]);
	});

	it('takes any addresses beside a credential', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials');
		account.add('trunks', { name: 'Acme outbound', credential_uuid });
		const output = await provisioned(account, 'provisionOutbound', {
			name: 'Acme',
			sipAuthentication: 'newIpAcl',
			ipAddresses: '0.0.0.0/0',
		});
		expect(String(output.warnings)).toContain('right password from the right address');
	});

	it('refuses it for Vapi too, where its list has been opened', async () => {
		const account = await newAccount();
		const vapi = { platform: 'vapi', name: 'Acme', direction: 'outbound' };
		await provisioned(account, 'connectPlatform', vapi);
		const { ipacl_uuid: id } = only(account.state.ipacls.values());
		account.state.ipacls.get(String(id))!.ip_addresses = ['0.0.0.0/0'];
		// The list is brought back to the addresses of Vapi.
		await provisioned(account, 'connectPlatform', vapi);
		expect(only(account.state.ipacls.values()).ip_addresses).toHaveLength(2);
	});

	it.each<[operation: string, parameters: INodeParameters]>([
		['create', { name: 'New', trunkDirection: 'outbound', sipAuthentication: 'ipAcl' }],
		['upsert', { name: 'New', trunkDirection: 'outbound', sipAuthentication: 'ipAcl' }],
		['upsert', { name: 'Acme', trunkDirection: 'outbound', sipAuthentication: 'ipAcl' }],
		['update', { trunkId: '21784177241578002', updateFields: { ipAclId: OPEN_LIST } }],
		['attachIpAcl', { trunkId: '21784177241578002' }],
		['enable', { trunkId: '21784177241578003' }],
		['update', { trunkId: '21784177241578004', updateFields: { trunkDirection: 'outbound' } }],
	])('Trunk: %s %j warns of it', async (operation, parameters) => {
		const account = await newAccount();
		const narrow = account.add('ipacls', { ip_addresses: ['13.52.9.13'] });
		const open = ['0.0.0.0/1', '128.0.0.0/1'];
		account.add('ipacls', { ipacl_uuid: OPEN_LIST, ip_addresses: open });
		const trunk = { trunk_id: '21784177241578002', name: 'Acme', credential_uuid: null };
		account.add('trunks', { ...trunk, ipacl_uuid: narrow.ipacl_uuid });
		const opened = { ...trunk, ipacl_uuid: OPEN_LIST, trunk_status: 'disabled' };
		account.add('trunks', { ...opened, trunk_id: '21784177241578003', name: 'Off' });
		const turned = { ...opened, trunk_direction: 'inbound', name: 'In' };
		account.add('trunks', { ...turned, trunk_id: '21784177241578004' });
		const { warnings } = outputOf(
			await run(account, 'trunk', operation, { ipAclId: OPEN_LIST, ...parameters }),
		);
		expect(String(warnings)).toContain('Strangers can call on your account');
	});
});
