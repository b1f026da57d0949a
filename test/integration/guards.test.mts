import type { INodeParameters } from 'n8n-workflow';

import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	fullState,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { takeLogs } from '../support/engine.mts';

afterEach(closeAccounts);

const trunkPath = ({ authId }: Simulator, id: unknown) =>
	`/v1/Account/${authId}/Zentrunk/Trunk/${String(id)}/`;

/** Numbers that are routed nowhere. */
function addNumbers(account: Simulator, count: number) {
	for (let added = 0; added < count; added++) account.add('numbers', { application: null });
}

/** A record in use, for each kind that can be. */
const IN_USE: Array<{
	resource: string;
	parameter: string;
	/** Adds the record and its users; answers its id and what must be named. */
	add(account: Simulator): { id: string; users: string[] };
	/** The list that tells of its users. */
	list: string;
	path: string;
}> = [
	{
		resource: 'trunk',
		parameter: 'trunkId',
		add(account) {
			const { uri_uuid } = account.add('uris');
			const { trunk_id } = account.add('trunks', {
				trunk_direction: 'inbound',
				primary_uri_uuid: uri_uuid,
			});
			addNumbers(account, 25);
			account.add('numbers', {
				number: '14155559999',
				application: trunkPath(account, trunk_id),
			});
			addNumbers(account, 30);
			return { id: trunk_id as string, users: ['14155559999'] };
		},
		list: '/Number/',
		path: '/Zentrunk/Trunk/',
	},
	{
		resource: 'credential',
		parameter: 'credentialId',
		add(account) {
			const { credential_uuid } = account.add('credentials');
			return { id: credential_uuid as string, users: users(account, { credential_uuid }) };
		},
		list: '/Zentrunk/Trunk/',
		path: '/Zentrunk/Credential/',
	},
	{
		resource: 'ipAccessControlList',
		parameter: 'ipAclId',
		add(account) {
			const { ipacl_uuid } = account.add('ipacls');
			return { id: ipacl_uuid as string, users: users(account, { ipacl_uuid }) };
		},
		list: '/Zentrunk/Trunk/',
		path: '/Zentrunk/IPAccessControlList/',
	},
	...['primary_uri_uuid', 'fallback_uri_uuid'].map((field) => ({
		resource: 'originationUri',
		parameter: 'originationUriId',
		add(account: Simulator) {
			const other = account.add('uris').uri_uuid;
			const { uri_uuid } = account.add('uris');
			const fields = { trunk_direction: 'inbound', primary_uri_uuid: other, [field]: uri_uuid };
			return { id: uri_uuid as string, users: users(account, fields) };
		},
		list: '/Zentrunk/Trunk/',
		path: '/Zentrunk/URI/',
	})),
];

/** Two trunks that use a record, on different pages of the list. */
function users(account: Simulator, fields: object): string[] {
	const first = account.add('trunks', { name: 'First user', ...fields });
	for (let more = 0; more < 25; more++) account.add('trunks', { credential_uuid: 'other' });
	const second = account.add('trunks', { name: 'Second user', ...fields });
	return ['"First user"', String(first.trunk_id), '"Second user"', String(second.trunk_id)];
}

describe.each(IN_USE)('deleting a $resource in use', ({ resource, parameter, add, list, path }) => {
	test('is refused, and what depends on it is named', async () => {
		const account = await newAccount();
		const { id, users: named } = add(account);
		const before = fullState(account);
		const words = wordsOf(await run(account, resource, 'delete', { [parameter]: id }));
		expect(words).toContain('is in use');
		for (const word of named) expect(words).toContain(word);
		expect(words).toContain('Force');
		expect(writesOf(account)).toEqual([]);
		expect(fullState(account)).toEqual(before);
	});

	test('is refused even when Plivo ignores the filters of its lists', async () => {
		const account = await newAccount();
		const { id } = add(account);
		account.options.ignoreListFilters = true;
		expect(wordsOf(await run(account, resource, 'delete', { [parameter]: id }))).toContain(
			'is in use',
		);
	});

	test('works with Force, after the check', async () => {
		const account = await newAccount();
		const { id } = add(account);
		const parameters = { [parameter]: id, options: { force: true } };
		expect(outputOf(await run(account, resource, 'delete', parameters))).toMatchObject({
			deleted: true,
		});
		expect(account.requests[0]).toMatchObject({ method: 'GET', path: list });
		expect(writesOf(account)).toEqual([`DELETE ${path}${id}/`]);
	});

	test.each([false, true])('is refused when the check cannot finish (Force: %s)', async (force) => {
		const account = await newAccount();
		const { id } = add(account);
		account.faults.add({
			path: list,
			method: 'GET',
			from: 2,
			faults: [{ kind: 'status', status: 500 }],
		});
		const parameters = { [parameter]: id, options: { force, maxRetries: 0 } };
		const words = wordsOf(await run(account, resource, 'delete', parameters));
		expect(words).toContain('was not deleted: whether it is in use could not be checked');
		expect(writesOf(account)).toEqual([]);
	});

	test('not in use any more, it is deleted', async () => {
		const account = await newAccount();
		const { id } = add(account);
		for (const number of account.state.numbers.values()) number.application = null;
		if (resource !== 'trunk') account.state.trunks.clear();
		outputOf(await run(account, resource, 'delete', { [parameter]: id }));
		expect(writesOf(account)).toEqual([`DELETE ${path}${id}/`]);
	});
});

describe('deleting a trunk', () => {
	test.each([
		[0, 1],
		[19, 1],
		[20, 2],
		[45, 3],
	])(
		'reads numbers only until the first that is routed to it (%i before it: %i pages)',
		async (before, pages) => {
			const account = await newAccount();
			const { trunk_id } = account.add('trunks');
			addNumbers(account, before);
			account.add('numbers', { number: '14155559999', application: trunkPath(account, trunk_id) });
			addNumbers(account, 100);
			wordsOf(await run(account, 'trunk', 'delete', { trunkId: trunk_id as string }));
			expect(account.requests.filter(({ path }) => path === '/Number/')).toHaveLength(pages);
		},
	);

	test('many at once share the reading, and each learns of its own numbers', async () => {
		const account = await newAccount();
		const items = Array.from({ length: 30 }, () => ({
			id: account.add('trunks').trunk_id as string,
		}));
		addNumbers(account, 30);
		account.add('numbers', { number: '14155559999', application: trunkPath(account, items[7].id) });
		addNumbers(account, 30);
		const { json } = await run(
			account,
			'trunk',
			'delete',
			{ trunkId: '={{ $json.id }}' },
			{ items, continueOnFail: true },
		);
		json.forEach((output, index) =>
			expect(output).toMatchObject(
				index === 7 ? { error: expect.stringContaining('14155559999') } : { deleted: true },
			),
		);
		expect(account.state.trunks.size).toBe(1);
		expect(account.requests.filter(({ path }) => path === '/Number/').length).toBeLessThan(12);
	});

	test('does not mind numbers of other trunks or of an application with the same id', async () => {
		const account = await newAccount();
		const { trunk_id } = account.add('trunks', { trunk_id: '21784100000000001' });
		account.add('numbers', { application: trunkPath(account, '217841000000000012') });
		account.add('numbers', {
			application: `/v1/Account/${account.authId}/Application/${String(trunk_id)}/`,
		});
		outputOf(await run(account, 'trunk', 'delete', { trunkId: trunk_id as string }));
		expect(account.state.trunks.size).toBe(0);
	});
});

describe('routing a number to a trunk', () => {
	async function prepared() {
		const account = await newAccount();
		const application = `/v1/Account/${account.authId}/Application/42/`;
		account.add('applications', { app_id: '42' });
		account.add('numbers', { number: '14155550101', application });
		const { uri_uuid } = account.add('uris');
		const inbound = account.add('trunks', {
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		}).trunk_id as string;
		const outbound = account.add('trunks').trunk_id as string;
		return { account, application, inbound, outbound };
	}
	const route = async (account: Simulator, trunkId: string) =>
		await run(account, 'phoneNumber', 'routeToTrunk', { phoneNumber: '+1 415 555 0101', trunkId });

	test('answers where its calls went before; twice, it writes once', async () => {
		const { account, application, inbound } = await prepared();
		const expected = { number: '14155550101', application: trunkPath(account, inbound) };
		expect(outputOf(await route(account, inbound))).toMatchObject({
			...expected,
			previous_application: application,
		});
		expect(outputOf(await route(account, inbound))).toMatchObject({
			...expected,
			previous_application: trunkPath(account, inbound),
		});
		expect(writesOf(account)).toEqual(['POST /Number/14155550101/']);
	});

	test('refuses an outbound trunk, where it would stop answering', async () => {
		const { account, outbound } = await prepared();
		expect(wordsOf(await route(account, outbound))).toContain('is outbound');
		expect(writesOf(account)).toEqual([]);
	});

	test('refuses a trunk that is not there', async () => {
		const { account } = await prepared();
		expect(wordsOf(await route(account, '21784199999999999'))).toContain(
			'Plivo has no trunk 21784199999999999',
		);
		expect(writesOf(account)).toEqual([]);
	});
});

describe('rotating a password', () => {
	const rotate = async (account: Simulator, parameters: INodeParameters) =>
		await run(account, 'credential', 'rotatePassword', parameters);

	test('sets a new one each time, carries the username over, and shows it this once', async () => {
		const account = await newAccount();
		const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
		const credentialId = credential_uuid as string;
		takeLogs();
		const passwords = [];
		for (let time = 1; time <= 3; time++) {
			const output = outputOf(await rotate(account, { credentialId }));
			expect(output).toMatchObject({ credential_uuid, name: 'Acme', username: 'acmepbx' });
			expect(account.state.credentials.get(credentialId)).toMatchObject({
				name: 'Acme',
				username: 'acmepbx',
				password: output.password,
			});
			passwords.push(String(output.password));
		}
		expect(new Set(passwords).size).toBe(3);
		const logs = takeLogs().join('\n');
		for (const password of passwords) {
			expect(password).toMatch(/^(?=.*[~!@#$%^&*()_+])[A-Za-z0-9~!@#$%^&*()_+]{20}$/);
			expect(logs).not.toContain(password);
		}
	});

	test.each([5, 12, 20])('makes it %i characters long', async (length) => {
		const account = await newAccount();
		const credentialId = account.add('credentials').credential_uuid as string;
		const output = outputOf(await rotate(account, { credentialId, options: { length } }));
		expect(output.password).toHaveLength(length);
	});

	test.each([4, 21, 7.5])('refuses a length of %d before any request', async (length) => {
		const account = await newAccount();
		const words = wordsOf(await rotate(account, { credentialId: 'abc', options: { length } }));
		expect(words).toContain('Length must be a whole number from 5 to 20');
		expect(account.requests).toEqual([]);
	});

	test('when Plivo refuses it, the password is in no error', async () => {
		const account = await newAccount();
		const credentialId = account.add('credentials').credential_uuid as string;
		account.faults.add({ method: 'POST', faults: [{ kind: 'status', status: 400 }] });
		const outcome = await rotate(account, { credentialId });
		const sent = (account.requests.at(-1)?.body as { password: string }).password;
		expect(JSON.stringify(outcome.error)).not.toContain(sent);
	});
});

describe('a very wide range of addresses', () => {
	test.each([
		['0.0.0.0/0', true],
		['16.0.0.0/7', true],
		['::/0', true],
		['16.0.0.0/8', false],
		['203.0.113.0/24', false],
	])('%s is reported: %s', async (range, reported) => {
		const account = await newAccount();
		const output = outputOf(
			await run(account, 'ipAccessControlList', 'create', { name: 'Acme', ipAddresses: range }),
		);
		const warnings = (output.warnings ?? []) as string[];
		expect(warnings.some((warning) => warning.includes(`${range} is a very wide range`))).toBe(
			reported,
		);
	});
});
