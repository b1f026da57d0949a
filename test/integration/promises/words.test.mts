import { setTimeout as wait } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import {
	stateOf,
	writesOf as recentWrites,
} from '../../../nodes/PlivoSipTrunking/records/accountState.ts';
import { CREDENTIAL } from '../../../nodes/PlivoSipTrunking/records/credential.ts';
import { TRUNK } from '../../../nodes/PlivoSipTrunking/records/trunk.ts';
import { accountAt } from '../../../nodes/PlivoSipTrunking/transport/channel.ts';
import { closeAccounts, newAccount, outputOf, run, wordsOf } from '../../support/account.mts';
import { comesIn, liveNumber, liveTrunk, settleIn } from './helper.mts';

beforeEach(() => settleIn(300));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const OUTBOUND: INodeParameters = { name: 'Acme', sipAuthentication: 'newCredential' };
const inbound = (phoneNumbers: string): INodeParameters => ({
	name: 'Acme',
	primaryUri: 'pbx.acme.com;transport=tcp',
	phoneNumbers,
});

describe('Deprovision', () => {
	it('does not take a web page that says 404 for the trunk being gone', async () => {
		const simulator = await newAccount();
		const { trunkId } = liveTrunk(simulator);
		const { authId, authToken, url } = simulator;
		const result = await run(
			simulator,
			'provisioning',
			'deprovision',
			{ trunkId },
			{ credentials: { authId, authToken, baseUrl: url.replace('/v1', '/wrong') } },
		);
		expect(result.json).toEqual([]);
		expect(wordsOf(result)).toMatch(/status 404, but not with Plivo's API\nCheck the Base URL/);
		expect(simulator.state.trunks.has(trunkId)).toBe(true);
	});

	it('does not take such a page of the trunk alone for its being gone', async () => {
		const simulator = await newAccount();
		const { trunkId } = liveTrunk(simulator);
		simulator.faults.add({
			method: 'GET',
			path: `/Zentrunk/Trunk/${trunkId}/`,
			faults: [{ kind: 'status', status: 404, html: true }],
		});
		const result = await run(simulator, 'provisioning', 'deprovision', { trunkId });
		expect(result.json).toEqual([]);
		expect(wordsOf(result)).toContain("status 404, but not with Plivo's API");
	});

	it("says already gone on Plivo's own word", async () => {
		const simulator = await newAccount();
		const result = await run(simulator, 'provisioning', 'deprovision', {
			trunkId: '21784100000000001',
		});
		expect(outputOf(result)).toMatchObject({ deleted: true, already_gone: true });
	});
});

describe('Rotate Password', () => {
	it.each(['reset', 'hang'] as const)(
		'says that the old password may be dead when the answer is lost: %s',
		async (kind) => {
			const simulator = await newAccount();
			const credential = simulator.addCredential({ password: 'before#1' });
			simulator.faults.add({ method: 'POST', faults: [{ kind, done: true }] });
			const result = await run(simulator, 'credential', 'rotatePassword', {
				credentialId: String(credential.credential_uuid),
				options: { maxRetries: 0, timeout: 1 },
			});
			expect(credential.password).not.toBe('before#1');
			expect(wordsOf(result)).toMatch(/old password may no longer work[^]*Rotate Password again/);
			expect(wordsOf(result)).not.toContain(String(credential.password));
		},
	);

	it('does not say so when Plivo has refused', async () => {
		const simulator = await newAccount();
		const { credential_uuid: id } = simulator.addCredential();
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'status', status: 400 }] });
		const result = await run(simulator, 'credential', 'rotatePassword', {
			credentialId: String(id),
		});
		expect(wordsOf(result)).not.toContain('old password');
	});
});

describe('a definite refusal', () => {
	it.each<[string, string, number[], string]>([
		['provisionOutbound', '/Zentrunk/Trunk/', [], 'Undone: SIP credential "Acme" ('],
		['provisionOutbound', '/Zentrunk/Trunk/', [503], 'Undone: SIP credential "Acme" ('],
		['provisionOutbound', '/Zentrunk/Credential/', [], 'Nothing is left behind.'],
		['provisionOutbound', '/Zentrunk/Credential/', [503], 'Nothing is left behind.'],
		['provisionInbound', '/Zentrunk/URI/', [], 'Nothing is left behind.'],
		['provisionInbound', '/Zentrunk/Trunk/', [503], 'Undone: origination URI "Acme" ('],
		['provisionInbound', '/Number/', [], 'Undone: inbound trunk "Acme inbound" ('],
	])('is not called "perhaps": %s, %s, after %j', async (operation, path, before, told) => {
		const simulator = await newAccount();
		const { digits } = liveNumber(simulator);
		for (const status of [...before, 400]) {
			simulator.faults.add({
				method: 'POST',
				path,
				times: 1,
				faults: [{ kind: 'status', status }],
			});
		}
		const parameters = operation === 'provisionOutbound' ? OUTBOUND : inbound(digits);
		const words = wordsOf(await run(simulator, 'provisioning', operation, parameters));
		expect(words).toContain('simulated 400');
		expect(words).toContain(told);
		expect(words).toContain('Nothing is left behind.');
		expect(words).not.toMatch(/perhaps|may have/);
		const { credentials, uris, trunks } = simulator.state;
		expect([credentials.size, uris.size, trunks.size]).toEqual([0, 0, 0]);
	});

	it('of a new password is not called "perhaps the new password"', async () => {
		const simulator = await newAccount();
		const credential = simulator.addCredential({ name: 'Acme', password: 'before#1' });
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Credential/',
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = wordsOf(
			await run(simulator, 'provisioning', 'provisionOutbound', {
				...OUTBOUND,
				password: 'after#1',
			}),
		);
		expect(credential.password).toBe('before#1');
		expect(words).toContain('Nothing is left behind.');
		expect(words).not.toContain('perhaps');
	});

	it('is not called "perhaps" where Roll Back is off', async () => {
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = wordsOf(
			await run(simulator, 'provisioning', 'provisionOutbound', {
				...OUTBOUND,
				options: { rollback: false },
			}),
		);
		const [id] = simulator.state.credentials.keys();
		expect(words).toContain(`This stays: SIP credential "Acme" (${id}).`);
		expect(words).not.toContain('perhaps');
	});

	it.each<[string, INodeParameters]>([
		['credential', { name: 'Acme', username: 'acmepbx01', password: 'pass#1' }],
		['originationUri', { name: 'Acme', uri: 'pbx.acme.com;transport=tcp' }],
	])(
		'of a create is told as one after an attempt without an answer: %s',
		async (resource, parameters) => {
			const simulator = await newAccount();
			for (const status of [503, 400]) {
				simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'status', status }] });
			}
			const words = wordsOf(await run(simulator, resource, 'create', parameters));
			expect(words).toMatch(/^Plivo refused the request as invalid: simulated 400\n/);
			expect(words).not.toMatch(/perhaps|may have|unknown/);
		},
	);

	it('of a reference that does not exist is not taken for a name that is taken', async () => {
		const simulator = await newAccount();
		const result = await run(simulator, 'trunk', 'create', {
			name: 'Acme',
			trunkDirection: 'outbound',
			sipAuthentication: 'credential',
			credentialId: 'no-such-record',
		});
		expect(wordsOf(result)).toContain('credential_uuid does not exist');
		expect(simulator.requests.map(({ method }) => method)).toEqual(['POST']);
	});
});

describe('a create in doubt', () => {});

describe('a busy account', () => {
	it('a 429 does not surface while a whole window may not have passed', async () => {
		const simulator = await newAccount();
		const { uri_uuid: id } = simulator.addUri();
		jest.spyOn(Math, 'random').mockReturnValue(0.1);
		simulator.faults.add({ faults: [{ kind: 'status', status: 429 }] });
		setTimeout(() => simulator.faults.clear(), 4_500);
		const result = await run(simulator, 'originationUri', 'get', {
			originationUriId: String(id),
			options: { maxRetries: 1 },
		});
		expect(outputOf(result).uri_uuid).toBe(id);
	});

	it('sixty hung requests of one execution do not hold up another', async () => {
		const simulator = await newAccount();
		simulator.faults.add({ path: '/hung', faults: [{ kind: 'hang' }] });
		const { uri_uuid: id } = simulator.addUri();
		const get = async (originationUriId: string, count: number) =>
			await run(
				simulator,
				'originationUri',
				'get',
				{ originationUriId, options: { maxRetries: 0, timeout: 3 } },
				{ items: Array.from({ length: count }, () => ({})) },
			);
		const hung = get('hung', 60);
		while (simulator.requests.length < 60) await wait(5);
		const from = performance.now();
		const other = await get(String(id), 1);
		expect(performance.now() - from).toBeLessThan(1_000);
		expect(outputOf(other).uri_uuid).toBe(id);
		expect(wordsOf(await hung)).toContain('Plivo did not answer within 3 seconds');
	});
});

it('what is kept of lost creates goes with time', async () => {
	const simulator = await newAccount({ variants: { names: 'none' } });
	const account = accountAt(`${simulator.url}/Account/${simulator.authId}`);
	const channel = { account };
	simulator.faults.add({
		method: 'POST',
		path: /Credential\/$/,
		faults: [{ kind: 'reset', done: true }],
	});
	const { error } = await run(
		simulator,
		'credential',
		'create',
		{ name: '=C{{ $itemIndex }}', username: '=user{{ $itemIndex }}', password: 'pass#1' },
		{ items: Array.from({ length: 20 }, () => ({})) },
	);
	expect(error).toBeUndefined();
	const { credential_uuid } = simulator.addCredential();
	simulator.faults.clear();
	simulator.faults.add({
		method: 'POST',
		path: /Trunk\/$/,
		faults: [{ kind: 'reset', done: true }],
	});
	const made = await run(
		simulator,
		'trunk',
		'create',
		{
			name: '=T{{ $itemIndex }}',
			trunkDirection: 'outbound',
			sipAuthentication: 'credential',
			credentialId: String(credential_uuid),
		},
		{ items: Array.from({ length: 20 }, () => ({})) },
	);
	expect(made.error).toBeUndefined();
	const state = stateOf(channel);
	const kept = () => ({
		trunks: recentWrites(state, TRUNK).entries().length,
		credentials: recentWrites(state, CREDENTIAL).entries().length,
		openWrites: state.openWrites.entries().length,
		locks: state.locks.size(),
		lookups: state.lookups.size,
	});
	expect(kept()).toMatchObject({ trunks: 20 });
	await wait(400);
	expect(kept()).toMatchObject({ locks: 0, lookups: 0 });
	const now = performance.now.bind(performance);
	jest.spyOn(performance, 'now').mockImplementation(() => now() + 30 * 60_000);
	expect(kept()).toEqual({
		trunks: 0,
		credentials: 0,
		openWrites: 0,
		locks: 0,
		lookups: 0,
	});
});

it('names the request that fails while a rename of the same record waits', async () => {
	const simulator = await newAccount();
	const { uri_uuid: id } = simulator.addUri();
	simulator.faults.add({ method: 'POST', times: 1, faults: [{ kind: 'status', status: 400 }] });
	const update = async (name: string) =>
		await run(simulator, 'originationUri', 'update', {
			originationUriId: String(id),
			updateFields: { name },
		});
	const first = comesIn(simulator, 'POST', '/Zentrunk/URI/');
	const failing = update('First');
	await first;
	const waiting = update('Second');
	expect(wordsOf(await failing)).toContain('simulated 400');
	expect(outputOf(await waiting)).toMatchObject({ name: 'Second' });
});
