/** What a failed run takes back. */
import { setTimeout as wait } from 'node:timers/promises';

import type { Simulator } from '../../../simulator/simulator.mts';
import {
	fullState,
	newAccount,
	picture,
	run,
	start,
	trunkPath,
	wordsOf,
} from '../../support/account.mts';
import { only } from '../../support/elements.mts';
import { accountWithNumbers, deedsOf, provision, provisioned, useAccounts } from './helper.mts';

useAccounts();

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

it('says what failed, what was undone, and that nothing is left', async () => {
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

it('switched off, leaves what was done and says so; another run goes on from there', async () => {
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

it.each(['refused', 'ignored'] as const)(
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

it('clears the route of a number that was routed nowhere, where Plivo lets it', async () => {
	const account = await accountWithNumbers({ clear: 'clears' });
	for (const number of account.state.numbers.values()) number.application = null;
	const before = fullState(account);
	refuseSecondNumber(account);
	const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
	expect(words).toContain('Nothing is left behind.');
	expect(fullState(account)).toEqual(before);
});

it('puts back what it has changed, but not what somebody else has changed since', async () => {
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

it('leaves a number where somebody else has sent it meanwhile', async () => {
	const account = await accountWithNumbers();
	account.add('applications', { app_id: '42' });
	const elsewhere = `/v1/Account/${account.authId}/Application/42/`;
	const parameters = {
		...PARAMETERS,
		phoneNumbers: '14155550101',
		options: { uriLogin: { login: { username: 'u', password: 'p' } } },
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

it('names a field that had no value and cannot be emptied again', async () => {
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

it('names a password that was set and cannot be taken back', async () => {
	const account = await newAccount();
	account.add('credentials', { name: 'Acme', username: 'acmepbx' });
	account.faults.add({
		method: 'POST',
		path: '/Zentrunk/Trunk/',
		faults: [{ kind: 'status', status: 400 }],
	});
	const words = wordsOf(await provision(account, 'provisionOutbound', { name: 'Acme' }));
	expect(words).toContain('the new password of SIP credential "Acme"');
	expect(words).not.toContain(String(only(account.state.credentials.values()).password));
});

it('leaves, and names, what may be somebody else’s: a create whose outcome was unknown', async () => {
	const account = await newAccount();
	// Done, but no answer; and the list can't be read from then on.
	account.faults.add({
		method: 'POST',
		path: '/Zentrunk/Trunk/',
		nth: 1,
		faults: [{ kind: 'reset', done: true }],
	});
	account.onRequest(({ method, path }) => {
		if (method !== 'POST' || path !== '/Zentrunk/Trunk/') return;
		account.faults.add({
			method: 'GET',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 403 }],
		});
	});
	const words = wordsOf(await provision(account, 'provisionOutbound', { name: 'Acme' }));
	expect(words).toContain('The outbound trunk "Acme outbound" may have been created');
	expect(words).toContain('Left: perhaps outbound trunk "Acme outbound": ');
});

it('after a stop nothing more is sent', async () => {
	const account = await accountWithNumbers();
	account.options.latencyMs = 60;
	const started = start(account, 'provisioning', 'provisionInbound', PARAMETERS);
	const isTrunkCreate = ({ method, path }: { method: string; path: string }) =>
		method === 'POST' && path === '/Zentrunk/Trunk/';
	while (!account.requests.some(isTrunkCreate)) await wait(2);
	started.cancel();
	await started.result;
	await wait(400);
	// What was on its way has arrived; neither the numbers nor a roll-back followed.
	expect(account.requests.at(-1)).toMatchObject({ method: 'POST', path: '/Zentrunk/Trunk/' });
	expect(account.state.trunks.size).toBe(1);
	expect(account.state.uris.size).toBe(1);
});

it('a trunk gets no URI back that is being deleted', async () => {
	const account = await accountWithNumbers();
	const old = String(account.addUri({ name: 'Old' }).uri_uuid);
	const trunk = account.addTrunk({
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: old,
	});
	account.faults.add({
		method: 'POST',
		path: '/Number/',
		faults: [{ kind: 'status', status: 400 }],
	});
	let removal: Promise<unknown> | undefined;
	account.onRequest(({ method, path }) => {
		if (removal || method !== 'POST' || !path.startsWith('/Number/')) return;
		// No trunk uses it now: it is deleted, but later than one would get it back.
		account.faults.add({
			method: 'GET',
			path: `/Zentrunk/Trunk/${String(trunk.trunk_id)}/`,
			faults: [{ kind: 'delay', ms: 200 }],
		});
		account.faults.add({ method: 'DELETE', path: old, faults: [{ kind: 'delay', ms: 800 }] });
		removal = run(account, 'originationUri', 'delete', { originationUriId: old });
	});
	await provision(account, 'provisionInbound', {
		name: 'Acme',
		primaryUri: 'new.example.com;transport=tcp',
		phoneNumbers: '14155550101',
	});
	await removal;
	const { state } = account;
	expect(state.uris.has(String(state.trunks.get(String(trunk.trunk_id))?.primary_uri_uuid))).toBe(
		true,
	);
});
