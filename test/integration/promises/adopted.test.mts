import { setTimeout as wait } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import type { Fault, Simulator, Variants } from '../../../simulator/simulator.mts';
import { closeAccounts, newAccount, outputOf, run, wordsOf } from '../../support/account.mts';
import { allCarriedOut, onceBefore, settleIn } from './helper.mts';

beforeEach(() => settleIn(300));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const LOGIN = { name: 'Acme', username: 'acmepbx01' };
const CREATE: INodeParameters = { ...LOGIN, password: 'mine#1' };

/** What Plivo may tell of the time at which a record was made. */
const TIMES: Array<Partial<Variants>> = [{}, { time: 'missing' }, { date: 'missing' }];

/** An inbound trunk Acme that was there long before. */
function olderTrunk(simulator: Simulator) {
	const { uri_uuid } = simulator.addUri();
	return simulator.addTrunk({
		name: 'Acme',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri_uuid,
		created_at: '2026-01-01T00:00:00Z',
	});
}

describe('a create without an answer', () => {
	it('takes its own record although another run has updated it meanwhile, and says so', async () => {
		const simulator = await newAccount();
		const uri = 'pbx.example.com';
		simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'badJson' }] });
		const creating = run(simulator, 'originationUri', 'create', { name: 'Acme', uri });
		while (simulator.state.uris.size === 0) await wait(5);
		const [id = ''] = simulator.state.uris.keys();
		const updateFields = { uri };
		outputOf(
			await run(simulator, 'originationUri', 'update', { originationUriId: id, updateFields }),
		);
		const { uri_uuid, warnings } = outputOf(await creating);
		expect(uri_uuid).toBe(id);
		expect(String(warnings)).toContain('it may be theirs');
		expect(simulator.state.uris.size).toBe(1);
	});

	it.each(TIMES)(
		'leaves an older record of the same name and username to those who use it: %j',
		async (variants) => {
			const simulator = await newAccount({ variants });
			const old = simulator.addCredential({ ...LOGIN, password: 'theirs#1' });
			const long = '2026-01-01T00:00:00Z';
			simulator.addTrunk({
				name: 'Other',
				credential_uuid: old.credential_uuid,
				created_at: long,
				updated_at: long,
			});
			simulator.faults.add({
				method: 'POST',
				times: 1,
				faults: [{ kind: 'status', status: 503 }],
			});
			const output = outputOf(await run(simulator, 'credential', 'create', CREATE));
			expect(output.credential_uuid).not.toBe(old.credential_uuid);
			expect(simulator.state.credentials.size).toBe(2);
			expect(old.password).toBe('theirs#1');
		},
	);

	it.each(TIMES)(
		'names an older trunk of the same name where its time is unknown: %j',
		async (variants) => {
			const simulator = await newAccount({ variants: { names: 'none', ...variants } });
			const old = olderTrunk(simulator);
			simulator.addNumber({
				application: `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${String(old.trunk_id)}/`,
			});
			simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'status', status: 503 }] });
			const result = await run(simulator, 'trunk', 'create', {
				name: 'Acme',
				trunkDirection: 'inbound',
				primaryUriId: String(old.primary_uri_uuid),
			});
			const isKnown = variants.time !== 'missing' && variants.date !== 'missing';
			expect(simulator.state.trunks.size).toBe(isKnown ? 2 : 1);
			if (isKnown) expect(outputOf(result).trunk_id).not.toBe(old.trunk_id);
			else expect(wordsOf(result)).toContain(`whether ${String(old.trunk_id)} is its result`);
		},
	);

	it('tells its own trunk from an older one, which nothing uses, by their times', async () => {
		const simulator = await newAccount({ variants: { names: 'none' } });
		const old = olderTrunk(simulator);
		simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'reset', done: true }] });
		const output = outputOf(
			await run(simulator, 'trunk', 'create', {
				name: 'Acme',
				trunkDirection: 'inbound',
				primaryUriId: String(old.primary_uri_uuid),
			}),
		);
		expect([...simulator.state.trunks.keys()]).toEqual([old.trunk_id, output.trunk_id]);
	});

	it('makes no second record where its own has come into use before it could be told', async () => {
		// So the trunk does not say that it is younger.
		const simulator = await newAccount({ variants: { time: 'missing' } });
		simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'reset', done: true }] });
		let looks = 0;
		simulator.onRequest(({ method, path }) => {
			if (method !== 'GET' || path !== '/Zentrunk/URI/' || ++looks !== 2) return;
			// Another worker has found it by its name.
			const [uri] = simulator.state.uris.keys();
			simulator.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: uri });
		});
		// Nor in another try, which finds it in use from the first look on.
		const result = await run(
			simulator,
			'originationUri',
			'create',
			{ name: 'Acme', uri: 'pbx.acme.com;transport=tcp' },
			{ retry: { maxTries: 2, waitBetweenTries: 1 } },
		);
		expect([...simulator.state.uris.keys()]).toHaveLength(1);
		const [uri] = simulator.state.uris.keys();
		expect(outputOf(result).uri_uuid).toBe(uri);
	});

	it('makes no second record where another process has begun to use its own before it was looked for', async () => {
		const simulator = await newAccount();
		simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'reset', done: true }] });
		const stop = simulator.onRequest(({ method, path }) => {
			if (method !== 'GET' || path !== '/Zentrunk/URI/') return;
			stop();
			const [uri] = simulator.state.uris.keys();
			simulator.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: uri });
		});
		const result = await run(simulator, 'originationUri', 'create', {
			name: 'Acme',
			uri: 'pbx.acme.com;transport=tcp',
		});
		const [uri, ...others] = simulator.state.uris.keys();
		expect(others).toEqual([]);
		expect(outputOf(result).uri_uuid).toBe(uri);
	});

	it('makes no second record where this process has begun to use its own before it was looked for', async () => {
		const simulator = await newAccount({ variants: { time: 'missing' } });
		simulator.faults.add({
			method: 'POST',
			path: /URI\/$/,
			times: 1,
			faults: [{ kind: 'hangAfter' }],
		});
		const creating = run(simulator, 'originationUri', 'create', {
			name: 'Acme',
			uri: 'pbx.acme.com;transport=tcp',
			options: { timeout: 1, maxRetries: 1 },
		});
		while (simulator.state.uris.size === 0) await wait(5);
		const [uri = ''] = simulator.state.uris.keys();
		outputOf(
			await run(simulator, 'trunk', 'create', {
				name: 'Acme',
				trunkDirection: 'inbound',
				primaryUriId: uri,
			}),
		);
		expect(outputOf(await creating).uri_uuid).toBe(uri);
		expect([...simulator.state.uris.keys()]).toEqual([uri]);
	});
});

describe('a create without an answer, in doubt', () => {
	it('makes no second record in another try before its own could be seen', async () => {
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			times: 1,
			faults: [{ kind: 'slow', as: 'reset', ms: 150 }],
		});
		simulator.faults.add({ method: 'GET', times: 1, faults: [{ kind: 'status', status: 503 }] });
		const output = outputOf(
			await run(
				simulator,
				'originationUri',
				'create',
				{ name: 'Acme', uri: 'pbx.acme.com;transport=tcp', options: { maxRetries: 0 } },
				{ retry: { maxTries: 2, waitBetweenTries: 1 } },
			),
		);
		await allCarriedOut(simulator);
		expect([...simulator.state.uris.keys()]).toEqual([output.uri_uuid]);
	});

	it.each([[[true]], [[false]], [[false, true]], [[true, false]], [[true, true]]])(
		'gets the record with its own password, not that of an equal item; carried out: %j',
		async (lost) => {
			const simulator = await newAccount();
			for (const done of lost) {
				simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'reset', done }] });
			}
			const items = [{ password: 'first#1' }, { password: 'second#2' }];
			const { json, error } = await run(
				simulator,
				'credential',
				'create',
				{ ...LOGIN, password: '={{ $json.password }}' },
				{ items },
			);
			expect(error).toBeUndefined();
			expect(simulator.state.credentials.size).toBe(2);
			const passwords = json.map(
				({ credential_uuid: id }) => simulator.state.credentials.get(String(id))?.password,
			);
			expect(passwords).toEqual(['first#1', 'second#2']);
		},
	);
});

it('an upsert that finds somebody else’s after a lost answer, and then its own, deletes neither and refuses with both', async () => {
	settleIn(2_000);
	const simulator = await newAccount();
	simulator.faults.add({
		method: 'POST',
		times: 1,
		faults: [{ kind: 'slow', as: 'reset', ms: 1_500 }],
	});
	let theirs = '';
	onceBefore(
		simulator,
		({ method }) => method === 'POST',
		() => {
			theirs = String(simulator.addUri({ name: 'Acme', uri: 'pbx.acme.com' }).uri_uuid);
		},
	);
	const words = wordsOf(
		await run(simulator, 'originationUri', 'upsert', { name: 'Acme', uri: 'pbx.acme.com' }),
	);
	expect(simulator.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
	const ids = [...simulator.state.uris.keys()];
	expect(ids).toContain(theirs);
	expect(ids).toHaveLength(2);
	for (const id of ids) expect(words).toContain(id);
});

it('names what is perhaps a second one, though another item fails and no output is shown', async () => {
	settleIn(2_000);
	const simulator = await newAccount();
	const faults: Fault[] = [
		{ kind: 'slow', as: 'reset', ms: 1_500 },
		{ kind: 'status', status: 400 },
	];
	for (const fault of faults) simulator.faults.add({ method: 'POST', times: 1, faults: [fault] });
	onceBefore(
		simulator,
		({ method }) => method === 'POST',
		() => void simulator.addUri({ name: 'Acme', uri: 'pbx.acme.com' }),
	);
	const result = await run(
		simulator,
		'originationUri',
		'upsert',
		{ name: '={{ $json.name }}', uri: '={{ $json.uri }}' },
		{
			items: [
				{ name: 'Acme', uri: 'pbx.acme.com' },
				{ name: 'Bolt', uri: 'pbx.bolt.com' },
			],
		},
	);
	const ids = [...simulator.state.uris.keys()];
	expect(ids).toHaveLength(2);
	for (const id of ids) expect(wordsOf(result)).toContain(id);
});

describe('an undo', () => {
	it.each(TIMES)('leaves what somebody else made meanwhile: %j', async (variants) => {
		const simulator = await newAccount({ variants });
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Credential/',
			times: 1,
			faults: [{ kind: 'status', status: 503 }],
		});
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		let theirs = '';
		onceBefore(
			simulator,
			({ method }) => method === 'POST',
			() => (theirs = String(simulator.addCredential(LOGIN).credential_uuid)),
		);
		const result = await run(simulator, 'provisioning', 'provisionOutbound', {
			name: LOGIN.name,
			sipAuthentication: 'newCredential',
			username: LOGIN.username,
			password: 'mine#1',
		});
		expect(wordsOf(result)).toMatch(/^Could not create outbound trunk "Acme outbound"/);
		expect(simulator.state.credentials.has(theirs)).toBe(true);
		expect(simulator.state.trunks.size).toBe(0);
		expect([...simulator.state.credentials.keys()]).toEqual([theirs]);
		expect(wordsOf(result)).toContain(theirs);
	});

	it.each([
		['beside what it has found', 2],
		['in the place of what it has found', 1],
	])('names what is perhaps its own, %s, though a later step fails', async (_where, left) => {
		settleIn(2_000);
		const simulator = await newAccount();
		const { uris } = simulator.state;
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/URI/',
			times: 1,
			faults: [{ kind: 'slow', as: 'reset', ms: 1_500 }],
		});
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		const [name, uri, theirs] = [
			'Acme',
			'pbx.acme.com;transport=tcp',
			'00000000-0000-4000-8000-000000000000',
		];
		onceBefore(
			simulator,
			({ method }) => method === 'POST',
			() => void simulator.addUri({ name, uri, uri_uuid: theirs }),
		);
		let looks = 0;
		simulator.onRequest(({ method, path }) => {
			if (method !== 'GET' || path !== '/Zentrunk/URI/' || uris.size < 2) return;
			if (++looks === 2 && left === 1) uris.delete(theirs);
		});
		const result = await run(simulator, 'provisioning', 'provisionInbound', {
			name,
			primaryUri: uri,
		});
		const ids = [...uris.keys()];
		expect(ids).toHaveLength(left);
		const words = wordsOf(result);
		expect(words).toMatch(/^Could not create origination URI "Acme"/);
		for (const id of ids) expect(words).toContain(id);
		expect(words).not.toContain('Nothing is left behind');
	});

	it('says what is left where a list isn’t there to be read', async () => {
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		// Not the record's own 404.
		simulator.faults.add({
			method: 'GET',
			path: /\/Zentrunk\/Trunk\/$/,
			from: 2,
			faults: [{ kind: 'status', status: 404 }],
		});
		const result = await run(simulator, 'provisioning', 'provisionOutbound', {
			name: LOGIN.name,
			sipAuthentication: 'newCredential',
		});
		const [id = ''] = simulator.state.credentials.keys();
		expect(wordsOf(result)).toMatch(
			new RegExp(`Left: SIP credential "Acme" \\(${id}\\): .*not deleted`),
		);
	});

	it('leaves what was there before and was used', async () => {
		const simulator = await newAccount();
		const uri = simulator.addUri({ name: 'Acme', uri: 'pbx.acme.com;transport=tcp' });
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		const result = await run(simulator, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.acme.com;transport=tcp',
		});
		expect(wordsOf(result)).toContain('Nothing is left behind.');
		expect([...simulator.state.uris.keys()]).toEqual([uri.uri_uuid]);
	});
});
