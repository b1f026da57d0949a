import type { IDataObject } from 'n8n-workflow';

import { newAccount, trunkPath, wordsOf, writesOf } from '../../support/account.mts';
import { accountWithNumbers, again, provision, provisioned, useAccounts } from './helper.mts';

useAccounts();

const statusesOf = ({ checks }: IDataObject) =>
	Object.fromEntries((checks as IDataObject[]).map(({ name, status }) => [name, status]));

it('a provisioned customer is ready; only reads', async () => {
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

it('says what is in the way and what to do about it', async () => {
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

it('an outbound trunk alone', async () => {
	const account = await newAccount();
	const { ipacl_uuid } = account.add('ipacls', { ip_addresses: ['0.0.0.0/0'] });
	const { trunk_id } = account.add('trunks', { ipacl_uuid });
	const output = await provisioned(account, 'checkReadiness', { trunkId: trunk_id as string });
	expect(output).toMatchObject({ ready: true, trunk_id });
	expect(statusesOf(output)).toMatchObject({ 'IP access control list': 'warn' });
});

it('asks for a number or a trunk', async () => {
	const account = await newAccount();
	expect(wordsOf(await provision(account, 'checkReadiness', {}))).toContain(
		"'Phone Number' and 'Trunk' are both empty",
	);
	expect(account.requests).toEqual([]);
});
