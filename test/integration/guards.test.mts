import type { INodeParameters } from 'n8n-workflow';

import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	fullState,
	newAccount,
	outputOf,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { nth } from '../support/elements.mts';
import { takeLogs } from '../support/engine.mts';
import { LONG } from '../support/lane.mts';

afterEach(closeAccounts);

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
	it('is refused, and what depends on it is named', async () => {
		const account = await newAccount();
		const { id, users: named } = add(account);
		const before = fullState(account);
		const words = wordsOf(await run(account, resource, 'delete', { [parameter]: id }));
		expect(words).toMatch(/is (in use|used by)/);
		for (const word of named) expect(words).toContain(word);
		expect(words).toContain('Force');
		expect(writesOf(account)).toEqual([]);
		expect(fullState(account)).toEqual(before);
	});

	it('is refused even when Plivo ignores the filters of its lists', async () => {
		const account = await newAccount();
		const { id } = add(account);
		account.options.ignoreListFilters = true;
		expect(wordsOf(await run(account, resource, 'delete', { [parameter]: id }))).toMatch(
			/is (in use|used by)/,
		);
	});

	it('works with Force, after the check, and says what it has overridden', async () => {
		const account = await newAccount();
		const { id, users: named } = add(account);
		const parameters = { [parameter]: id, options: { force: true } };
		const output = outputOf(await run(account, resource, 'delete', parameters));
		expect(output).toMatchObject({
			deleted: true,
			warnings: [expect.stringContaining(`(${id}) was in use: `)],
		});
		for (const word of named) expect((output.warnings as string[])[0]).toContain(word);
		expect(account.requests[0]).toMatchObject({ method: 'GET', path: list });
		expect(writesOf(account)).toEqual([`DELETE ${path}${id}/`]);
	});

	it('is refused when the check cannot finish', async () => {
		const account = await newAccount();
		const { id } = add(account);
		account.faults.add({ path: list, method: 'GET', faults: [{ kind: 'status', status: 500 }] });
		const parameters = { [parameter]: id, options: { maxRetries: 0 } };
		const words = wordsOf(await run(account, resource, 'delete', parameters));
		expect(words).toContain('was not deleted: whether it is in use could not be checked');
		expect(writesOf(account)).toEqual([]);
	});

	it('works with Force although the check cannot finish, and says so', async () => {
		const account = await newAccount();
		const { id } = add(account);
		account.faults.add({ path: list, method: 'GET', faults: [{ kind: 'status', status: 500 }] });
		const parameters = { [parameter]: id, options: { force: true, maxRetries: 0 } };
		const output = outputOf(await run(account, resource, 'delete', parameters));
		expect(output).toMatchObject({
			deleted: true,
			warnings: [
				expect.stringMatching(
					/^Whether the .* was in use could not be checked: Plivo had an internal error/,
				),
			],
		});
		expect(writesOf(account)).toEqual([`DELETE ${path}${id}/`]);
	});

	it('is refused while no clean reading of the list can be had', async () => {
		const account = await newAccount();
		const { id } = add(account);
		account.options.ignoreListFilters = true;
		const kind = list === '/Number/' ? 'numbers' : 'trunks';
		const users = [...account.state[kind]];
		// With every page, everything moves: what uses the record is now on this page, now on that.
		account.onRequest((request) => {
			if (request.path !== list) return;
			account.state[kind].clear();
			for (let added = 0; added < 20 * (1 + Math.random() * 3); added++) {
				account.add(kind, kind === 'numbers' ? { application: null } : {});
			}
			for (const [key, record] of users) account.state[kind].set(key, record);
		});
		const words = wordsOf(await run(account, resource, 'delete', { [parameter]: id }));
		expect(words).toMatch(/is (in use|used by)|whether it is in use could not be checked/);
		expect(writesOf(account)).toEqual([]);
	});

	it('not in use any more, it is deleted', async () => {
		const account = await newAccount();
		const { id } = add(account);
		for (const number of account.state.numbers.values()) number.application = null;
		if (resource !== 'trunk') account.state.trunks.clear();
		outputOf(await run(account, resource, 'delete', { [parameter]: id }));
		expect(writesOf(account)).toEqual([`DELETE ${path}${id}/`]);
	});
});

describe('deleting a trunk', () => {
	it.each([0, 19, 20, 45])(
		'reads all numbers, however many are before the one that is routed to it (%i)',
		async (before) => {
			const account = await newAccount();
			const { trunk_id } = account.add('trunks');
			addNumbers(account, 100);
			account.add('numbers', { number: '14155559999', application: trunkPath(account, trunk_id) });
			addNumbers(account, before);
			const words = wordsOf(await run(account, 'trunk', 'delete', { trunkId: trunk_id as string }));
			expect(words).toContain('14155559999');
			// Pages overlap by one record.
			expect(account.requests.filter(({ path }) => path === '/Number/')).toHaveLength(
				Math.ceil((101 + before - 1) / 19),
			);
		},
	);

	it('sees a number that slips from one page to the next while they are read', async () => {
		const account = await newAccount();
		const { trunk_id } = account.add('trunks');
		addNumbers(account, 60);
		const used = account.add('numbers', { application: trunkPath(account, trunk_id) });
		addNumbers(account, 19);
		// It is the first of the second page until a number in front of it goes, and another comes at the end.
		let asked = 0;
		account.onRequest(({ path }) => {
			if (path !== '/Number/' || ++asked !== 2) return;
			account.state.numbers.delete([...account.state.numbers.keys()].at(-1)!);
			const all = [...account.state.numbers];
			account.state.numbers.clear();
			addNumbers(account, 1);
			for (const [number, record] of all) account.state.numbers.set(number, record);
		});
		const words = wordsOf(await run(account, 'trunk', 'delete', { trunkId: trunk_id as string }));
		expect(words).toContain(String(used.number));
	});

	it('many at once share the reading, and each learns of its own numbers', async () => {
		const account = await newAccount();
		const items = Array.from({ length: 30 }, () => ({
			id: account.add('trunks').trunk_id as string,
		}));
		addNumbers(account, 30);
		account.add('numbers', {
			number: '14155559999',
			application: trunkPath(account, nth(items, 7).id),
		});
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

	it('does not mind numbers of other trunks or of an application with the same id', async () => {
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

	it('returns where its calls went before; twice, it writes once', async () => {
		const { account, application, inbound } = await prepared();
		const expected = { number: '14155550101', application: trunkPath(account, inbound) };
		expect(outputOf(await route(account, inbound))).toMatchObject({
			...expected,
			previous_application: application,
		});
		expect(outputOf(await route(account, inbound))).toMatchObject({
			...expected,
			previous_application: expected.application,
		});
		expect(writesOf(account)).toEqual(['POST /Number/14155550101/']);
	});

	it('refuses an outbound trunk, where it would stop answering', async () => {
		const { account, outbound } = await prepared();
		expect(wordsOf(await route(account, outbound))).toContain('is outbound');
		expect(writesOf(account)).toEqual([]);
	});

	it('refuses a trunk that is not there', async () => {
		const { account } = await prepared();
		expect(wordsOf(await route(account, '21784199999999999'))).toContain(
			'Plivo has no trunk 21784199999999999',
		);
		expect(writesOf(account)).toEqual([]);
	});
});

describe('deleting a record and beginning to use it at the same moment', () => {
	const both = async (account: Simulator, ...runs: Array<Parameters<typeof run> | unknown[]>) => {
		account.options.latencyMs = 10;
		return await Promise.all(
			(runs as Array<[string, string, INodeParameters]>).map(
				async ([resource, operation, parameters]) =>
					await run(account, resource, operation, parameters),
			),
		);
	};

	it.each(['the delete', 'the use'])(
		'leaves no number on a dead trunk (%s first)',
		async (first) => {
			const account = await newAccount();
			const { trunk_id } = account.add('trunks', { trunk_direction: 'inbound' });
			const number = account.add('numbers', {
				number: '14155550101',
				application: `/v1/Account/${account.authId}/Application/42/`,
			});
			const trunkId = trunk_id as string;
			const runs = [
				['trunk', 'delete', { trunkId }],
				['phoneNumber', 'routeToTrunk', { phoneNumber: '14155550101', trunkId }],
			];
			const results = await both(account, ...(first === 'the use' ? runs.reverse() : runs));
			expect(results.filter(({ error }) => error)).toHaveLength(1);
			const onTrunk = number.application === trunkPath(account, trunk_id);
			expect(account.state.trunks.has(trunkId)).toBe(onTrunk);
		},
	);

	it.each(['the delete', 'the use'])(
		'takes no live trunk along with a URI (%s first)',
		async (first) => {
			const account = await newAccount();
			const old = account.add('uris').uri_uuid as string;
			const originationUriId = account.add('uris').uri_uuid as string;
			const trunkId = account.add('trunks', { trunk_direction: 'inbound', primary_uri_uuid: old })
				.trunk_id as string;
			const runs = [
				['originationUri', 'delete', { originationUriId }],
				['trunk', 'attachOriginationUri', { trunkId, originationUriId, role: 'primary' }],
			];
			const results = await both(account, ...(first === 'the use' ? runs.reverse() : runs));
			expect(results.filter(({ error }) => error)).toHaveLength(1);
			const trunk = account.state.trunks.get(trunkId);
			expect([...account.state.uris.keys()]).toContain(trunk?.primary_uri_uuid);
		},
	);

	it.each(['the delete', 'the use'])(
		'leaves no trunk without its credential (%s first)',
		async (first) => {
			const account = await newAccount();
			const credentialId = account.add('credentials').credential_uuid as string;
			const runs = [
				['credential', 'delete', { credentialId }],
				[
					'trunk',
					'create',
					{
						name: 'Acme',
						trunkDirection: 'outbound',
						sipAuthentication: 'credential',
						credentialId,
					},
				],
			];
			const results = await both(account, ...(first === 'the use' ? runs.reverse() : runs));
			expect(results.filter(({ error }) => error)).toHaveLength(1);
			expect(account.state.credentials.size).toBe(account.state.trunks.size);
		},
	);

	it('URIs that are all in use stay, while many trunks are deleted', async () => {
		const account = await newAccount();
		const uris = Array.from(
			{ length: LONG ? 30 : 10 },
			() => account.add('uris').uri_uuid as string,
		);
		const old = Array.from(
			{ length: LONG ? 120 : 40 },
			() => account.add('trunks').trunk_id as string,
		);
		for (const primary_uri_uuid of uris) {
			account.add('trunks', { trunk_direction: 'inbound', primary_uri_uuid });
			account.add('trunks', {});
		}
		account.options.ignoreListFilters = true;
		account.options.latencyMs = 5;
		const items = (ids: string[]) => ({ items: ids.map((id) => ({ id })), continueOnFail: true });
		const [trunks, uriRun] = await Promise.all([
			run(account, 'trunk', 'delete', { trunkId: '={{ $json.id }}' }, items(old)),
			run(
				account,
				'originationUri',
				'delete',
				{ originationUriId: '={{ $json.id }}' },
				items(uris),
			),
		]);
		expect(trunks.json.filter(({ deleted }) => deleted)).toHaveLength(old.length);
		expect(uriRun.json.filter(({ deleted }) => deleted)).toEqual([]);
		expect([account.state.uris.size, account.state.trunks.size]).toEqual([
			uris.length,
			2 * uris.length,
		]);
	}, 60_000);
});

describe('a trunk that this process has just made, and no list shows yet', () => {
	it.each([
		['originationUri', 'originationUriId', 'uris', 'uri_uuid'],
		['credential', 'credentialId', 'credentials', 'credential_uuid'],
	] as const)('keeps its %s from being deleted', async (resource, parameter, kind, idField) => {
		const account = await newAccount({ variants: { late: 3_000 } });
		const id = account.add(kind)[idField] as string;
		const inbound = kind === 'uris';
		outputOf(
			await run(account, 'trunk', 'create', {
				name: 'Acme',
				trunkDirection: inbound ? 'inbound' : 'outbound',
				...(inbound ? { primaryUriId: id } : { sipAuthentication: 'credential', credentialId: id }),
			}),
		);
		const words = wordsOf(await run(account, resource, 'delete', { [parameter]: id }));
		expect(words).toContain('is used by trunk "Acme"');
		expect(account.state[kind].size).toBe(1);
	});
});

it('a trunk that somebody else has just deleted keeps nothing from being deleted', async () => {
	const account = await newAccount();
	const originationUriId = account.add('uris').uri_uuid as string;
	const trunk = outputOf(
		await run(account, 'trunk', 'create', {
			name: 'Acme',
			trunkDirection: 'inbound',
			primaryUriId: originationUriId,
		}),
	);
	account.state.trunks.delete(String(trunk.trunk_id));
	expect(
		outputOf(await run(account, 'originationUri', 'delete', { originationUriId })),
	).toMatchObject({ deleted: true });
});

describe('rotating a password', () => {
	const rotate = async (account: Simulator, parameters: INodeParameters) =>
		await run(account, 'credential', 'rotatePassword', parameters);

	it('sets a new one each time, carries the username over, and shows it this once', async () => {
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

	it.each([5, 12, 20])('makes it %i characters long', async (length) => {
		const account = await newAccount();
		const credentialId = account.add('credentials').credential_uuid as string;
		const output = outputOf(await rotate(account, { credentialId, options: { length } }));
		expect(output.password).toHaveLength(length);
	});

	it.each([4, 21, 7.5])('refuses a length of %d before any request', async (length) => {
		const account = await newAccount();
		const words = wordsOf(await rotate(account, { credentialId: 'abc', options: { length } }));
		expect(words).toContain(`'Length' is ${length}, but must be a whole number from 5 to 20`);
		expect(account.requests).toEqual([]);
	});

	it('when Plivo refuses it, the password is in no error', async () => {
		const account = await newAccount();
		const credentialId = account.add('credentials').credential_uuid as string;
		account.faults.add({ method: 'POST', faults: [{ kind: 'status', status: 400 }] });
		const outcome = await rotate(account, { credentialId });
		const sent = (account.requests.at(-1)?.body as { password: string }).password;
		expect(JSON.stringify(outcome.error)).not.toContain(sent);
	});
});

describe('a very wide range of addresses', () => {
	it.each([
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
