import { setTimeout as wait } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import type { Simulator, Variants } from '../../../simulator/simulator.mts';
import {
	closeAccounts,
	credentialsOf,
	newAccount,
	outputOf,
	run,
	start,
	wordsOf,
} from '../../support/account.mts';
import { exactly, only } from '../../support/elements.mts';
import { LoadedNode } from '../../support/loadedNode.mts';
import {
	allCarriedOut,
	comesIn,
	liveNumber,
	named,
	otherProcess,
	posts,
	settleIn,
} from './helper.mts';
import { startTlsServer } from './tlsServer.mts';

afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const CREDENTIAL: INodeParameters = { name: 'Acme', username: 'acmepbx01', password: 'pass#1' };
const OUTBOUND: INodeParameters = { name: 'Acme', sipAuthentication: 'newCredential' };
const PBX = 'pbx.acme.com;transport=tcp';

const inboundTrunk = (simulator: Simulator): INodeParameters => ({
	name: 'Acme',
	trunkDirection: 'inbound',
	primaryUriId: String(simulator.addUri({ name: 'Shared' }).uri_uuid),
});

/** The names of all records, to be compared at once. */
const names = ({ state: { trunks, credentials, uris } }: Simulator) => ({
	trunks: named(trunks),
	credentials: named(credentials),
	uris: named(uris),
});

describe('a create whose answer is lost, and that is carried out later', () => {
	it.each([500, 2_000])('is made once: %d ms', async (ms) => {
		const simulator = await newAccount();
		simulator.faults.add({ method: 'POST', path: /Credential\/$/, faults: [{ kind: 'slow', ms }] });
		const output = outputOf(await run(simulator, 'credential', 'create', CREDENTIAL));
		await allCarriedOut(simulator);
		expect([...simulator.state.credentials.keys()]).toEqual([output.credential_uuid]);
	});

	it.each(['gateway', 'reset', 'hang'] as const)('is made once: a trunk, %s', async (as) => {
		settleIn(2_000);
		const simulator = await newAccount({ variants: { names: 'none' } });
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'slow', ms: 500, as }] });
		const result = await run(simulator, 'trunk', 'create', {
			...inboundTrunk(simulator),
			options: { timeout: 1, maxRetries: 2 },
		});
		await allCarriedOut(simulator);
		expect([...simulator.state.trunks.keys()]).toEqual([outputOf(result).trunk_id]);
	});

	it.each<Variants['names']>(['none', 'account'])(
		'only while the second attempt is under way: a second one is named, or there is none; names unique: %s',
		async (variant) => {
			settleIn(300);
			const simulator = await newAccount({ variants: { names: variant } });
			simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'slow', ms: 500 }] });
			simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'delay', ms: 600 }] });
			const result = await run(simulator, 'trunk', 'create', inboundTrunk(simulator));
			await allCarriedOut(simulator);
			const output = outputOf(result);
			const others = [...simulator.state.trunks.keys()].filter((id) => id !== output.trunk_id);
			// Longer than any request was seen to take: two may be there, and both are named.
			for (const id of others) expect(JSON.stringify(output.warnings)).toContain(id);
			expect(others.length).toBeLessThanOrEqual(variant === 'none' ? 1 : 0);
		},
	);

	it('in a provisioning: made once, and told so', async () => {
		settleIn(2_000);
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Credential/',
			faults: [{ kind: 'slow', ms: 500 }],
		});
		const output = outputOf(await run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND));
		await allCarriedOut(simulator);
		expect(names(simulator)).toEqual({
			trunks: ['Acme outbound'],
			credentials: ['Acme'],
			uris: [],
		});
		const credential = only(simulator.state.credentials.values());
		expect(output).toMatchObject({ password: credential.password });
	});

	it('in a provisioning that is stopped, and begun again: made once', async () => {
		settleIn(1_500);
		const simulator = await newAccount({ variants: { names: 'none' } });
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Credential/',
			times: 1,
			faults: [{ kind: 'slow', ms: 1_000 }],
		});
		const creating = comesIn(simulator, 'POST', '/Zentrunk/Credential/');
		const stopped = start(simulator, 'provisioning', 'provisionOutbound', OUTBOUND);
		await creating;
		await wait(100);
		stopped.cancel();
		await stopped.result;
		const output = outputOf(await run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND));
		await allCarriedOut(simulator);
		const credential = only(simulator.state.credentials.values());
		expect(output).toMatchObject({ password: credential.password });
	});

	it('in a provisioning that gives up: nothing is there that it does not name', async () => {
		settleIn(1_000);
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Credential/',
			faults: [{ kind: 'slow', ms: 300 }],
		});
		// From then on the list cannot be read: whether it was made is unknown.
		void comesIn(simulator, 'POST', '/Zentrunk/Credential/').then(() =>
			simulator.faults.add({
				method: 'GET',
				path: '/Zentrunk/Credential/',
				faults: [{ kind: 'status', status: 503 }],
			}),
		);
		const words = wordsOf(
			await run(simulator, 'provisioning', 'provisionOutbound', {
				...OUTBOUND,
				options: { maxRetries: 1 },
			}),
		);
		await allCarriedOut(simulator);
		expect(simulator.state.credentials.size).toBe(1);
		expect(words).not.toContain('Nothing is left');
		expect(words).toContain('perhaps SIP credential "Acme"');
	});

	it('a route in a provisioning that has no attempt left: waited for, and done', async () => {
		settleIn(1_000);
		const simulator = await newAccount();
		const { digits } = liveNumber(simulator);
		simulator.faults.add({
			method: 'POST',
			path: '/Number/',
			times: 1,
			faults: [{ kind: 'slow', ms: 500 }],
		});
		const output = outputOf(
			await run(simulator, 'provisioning', 'provisionInbound', {
				name: 'Acme',
				primaryUri: PBX,
				phoneNumbers: digits,
				options: { maxRetries: 0 },
			}),
		);
		await allCarriedOut(simulator);
		expect(simulator.state.numbers.get(digits)?.application).toContain(String(output.trunk_id));
	});

	it('behind TLS that breaks after the work: made once', async () => {
		const simulator = await newAccount();
		const server = await startTlsServer(simulator);
		server.breakAfter('POST');
		const result = await run(
			simulator,
			'credential',
			'create',
			{
				...CREDENTIAL,
				requestOptions: { allowUnauthorizedCerts: true },
				options: { maxRetries: 2 },
			},
			{ node: LoadedNode, credentials: { ...credentialsOf(simulator), baseUrl: server.url } },
		);
		server.close();
		expect(posts(simulator, '/Zentrunk/Credential/')).toHaveLength(1);
		expect([...simulator.state.credentials.keys()]).toEqual([outputOf(result).credential_uuid]);
	});
});

describe('a list that shows new records late', () => {
	it('one run, two items of one name: one record', async () => {
		const simulator = await newAccount({ variants: { late: 1_000 } });
		const { json, error } = await run(simulator, 'credential', 'upsert', CREDENTIAL, {
			items: [{}, {}],
		});
		expect(error).toBeUndefined();
		expect(json.map(({ created }) => created).sort()).toEqual([false, true]);
		expect(simulator.state.credentials.size).toBe(1);
	});

	it('two runs after each other: one record', async () => {
		const simulator = await newAccount({ variants: { late: 3_000, names: 'none' } });
		const wanted = inboundTrunk(simulator);
		const first = outputOf(await run(simulator, 'trunk', 'upsert', wanted));
		const second = outputOf(await run(simulator, 'trunk', 'upsert', wanted));
		expect(second).toMatchObject({ trunk_id: first.trunk_id, created: false });
		expect(simulator.state.trunks.size).toBe(1);
	});

	it.each<Partial<Variants>>([{ names: 'none' }, { names: 'account' }])(
		'two provisionings after each other: one customer, %j',
		async (variants) => {
			settleIn(2_000);
			const simulator = await newAccount({ variants: { late: 1_000, ...variants } });
			const first = outputOf(await run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND));
			const second = outputOf(await run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND));
			expect(second.trunk_id).toBe(first.trunk_id);
			expect(names(simulator)).toEqual({
				trunks: ['Acme outbound'],
				credentials: ['Acme'],
				uris: [],
			});
		},
	);
});

describe('one name, at the same time', () => {
	it('Create or Update and a provisioning: one record', async () => {
		settleIn(500);
		const simulator = await newAccount();
		simulator.options.latencyMs = 20;
		const [upserted, provisioned] = await Promise.all([
			run(simulator, 'credential', 'upsert', CREDENTIAL),
			run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND),
		]);
		expect([upserted.error, provisioned.error]).toEqual([undefined, undefined]);
		expect(named(simulator.state.credentials)).toEqual(['Acme']);
	});

	it.each(['before', 'after'])(
		'a waiter that is cancelled lets nobody in who came %s, until the first has ended: one record',
		async (came) => {
			const simulator = await newAccount();
			simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'delay', ms: 600 }] });
			const creating = comesIn(simulator, 'POST', '/Zentrunk/Credential/');
			const first = start(simulator, 'credential', 'upsert', CREDENTIAL);
			await creating;
			const second = start(simulator, 'credential', 'upsert', CREDENTIAL);
			await wait(50);
			if (came === 'after') second.cancel();
			await wait(20);
			const third = start(simulator, 'credential', 'upsert', CREDENTIAL);
			await wait(50);
			if (came === 'before') second.cancel();
			const [one, , other] = await Promise.all([first.result, second.result, third.result]);
			expect(outputOf(other)).toMatchObject({
				credential_uuid: outputOf(one).credential_uuid,
				created: false,
			});
			expect(simulator.state.credentials.size).toBe(1);
		},
	);

	it('an update whose record cannot be read back, then Create or Update: one record', async () => {
		const simulator = await newAccount({ variants: { names: 'none' } });
		const wanted = inboundTrunk(simulator);
		const { trunk_id: trunkId } = outputOf(await run(simulator, 'trunk', 'upsert', wanted));
		void comesIn(simulator, 'POST', '/Zentrunk/Trunk/').then(() =>
			simulator.faults.add({
				method: 'GET',
				path: `/Zentrunk/Trunk/${String(trunkId)}/`,
				times: 1,
				faults: [{ kind: 'status', status: 503 }],
			}),
		);
		const updated = await run(simulator, 'trunk', 'update', {
			trunkId: String(trunkId),
			updateFields: { trunkDirection: 'inbound' },
			options: { maxRetries: 0 },
		});
		expect(simulator.requests.at(-1)).toMatchObject({ method: 'GET', status: 503 });
		expect(outputOf(updated)).toMatchObject({ trunk_id: trunkId, name: 'Acme' });
		const again = outputOf(await run(simulator, 'trunk', 'upsert', wanted));
		expect(again).toMatchObject({ trunk_id: trunkId, created: false });
		expect(simulator.state.trunks.size).toBe(1);
	});

	it.each<Partial<Variants>>([
		{ names: 'account' },
		{ names: 'none' },
		{ names: 'none', order: 'oldest' },
		{ names: 'none', order: 'id', time: 'missing', date: 'missing' },
		{ names: 'none', late: 300 },
	])('two processes provisioning it: one customer, both told the same; %j', async (variants) => {
		settleIn(2_000);
		const simulator = await newAccount({ variants });
		simulator.options.latencyMs = 15;
		const results = await Promise.all([
			run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND),
			run(simulator, 'provisioning', 'provisionOutbound', OUTBOUND, otherProcess(simulator)),
			run(simulator, 'provisioning', 'provisionInbound', { name: 'Acme', primaryUri: PBX }),
			run(
				simulator,
				'provisioning',
				'provisionInbound',
				{ name: 'Acme', primaryUri: PBX },
				otherProcess(simulator),
			),
		]);
		const [outbound, outboundToo, inbound, inboundToo] = exactly(4, results.map(outputOf));
		expect(names(simulator)).toEqual({
			trunks: ['Acme inbound', 'Acme outbound'],
			credentials: ['Acme'],
			uris: ['Acme'],
		});
		expect([outbound.trunk_id, inbound.trunk_id]).toEqual([
			outboundToo.trunk_id,
			inboundToo.trunk_id,
		]);
		const credential = only(simulator.state.credentials.values());
		const shown = [outbound, outboundToo].flatMap(({ password }) => password ?? []);
		expect(shown).toContain(credential.password);
	});
});
