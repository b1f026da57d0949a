import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	newAccount,
	outputOf,
	picture,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../../support/account.mts';
import { only } from '../../support/elements.mts';
import {
	APPLICATION,
	accountWithNumbers,
	again,
	applicationOf,
	bodiesOf,
	deedsOf,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();

const PARAMETERS = {
	name: 'Acme',
	primaryUri: 'pbx.example.com:5060;transport=tcp',
	fallbackUri: 'pbx2.example.com:5060;transport=tcp',
	phoneNumbers: '+1 415 555 0101; +1 (415) 555-0102',
};

it('makes the URIs and the trunk, and routes the numbers last', async () => {
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
		{ number: '14155550101', previous_application: applicationOf(account) },
		{ number: '14155550102', previous_application: applicationOf(account) },
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

it.each([
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

it('without a number says that none is routed', async () => {
	const account = await newAccount();
	const output = await provisioned(account, 'provisionInbound', {
		...PARAMETERS,
		phoneNumbers: '',
	});
	expect(output.numbers).toEqual([]);
	expect(output.warnings).toEqual([expect.stringContaining('No phone number')]);
});

it('brings what differs up to date and leaves the rest alone', async () => {
	const account = await accountWithNumbers();
	const first = await provisioned(account, 'provisionInbound', PARAMETERS);
	const changed = {
		...PARAMETERS,
		primaryUri: 'sip.acme.example;transport=tls',
		// Secure is nothing that an inbound trunk has.
		options: { secure: true, moveRoutedNumbers: true },
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

it('signs in to a PBX that asks for it, and sets that again when it is given again', async () => {
	const account = await accountWithNumbers();
	const parameters = {
		name: 'Acme',
		primaryUri: 'pbx.example.com;transport=tcp',
		phoneNumbers: '14155550101',
		options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
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

it('warns of a URI without transport and of one that Plivo cannot reach', async () => {
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

it.each<[string, INodeParameters, string]>([
	['an empty name', { name: ' ' }, "'Name' is empty"],
	['no address', { primaryUri: '={{ "" }}' }, "'Primary URI' is empty"],
	['a web address', { primaryUri: 'https://pbx.example.com' }, "'Primary URI' begins with https:"],
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
	[
		'a URI login without username',
		{ options: { uriLogin: { login: { password: 'x' } } } },
		"'URI Login: Username' is empty",
	],
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

it('refuses a number that is not on the account or has no voice, before anything is written', async () => {
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

it('stops before it writes anything when two URIs or trunks have the name', async () => {
	const account = await accountWithNumbers();
	for (const name of ['Acme fallback', 'Acme fallback']) account.add('uris', { name });
	const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
	expect(words).toContain('2 origination URIs are named "Acme fallback"');
	expect(writesOf(account)).toEqual([]);
});

it('leaves a customer as it is whose fallback is another’s, and whose primary was the fallback before', async () => {
	const account = await newAccount({ variants: { uri: 'one' } });
	const primary = account.addUri({ name: 'Acme fallback', uri: PARAMETERS.primaryUri });
	const fallback = account.addUri({ name: 'Bolt', uri: PARAMETERS.fallbackUri });
	const trunk = account.addTrunk({
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: primary.uri_uuid,
		fallback_uri_uuid: fallback.uri_uuid,
	});
	const { name, primaryUri, fallbackUri } = PARAMETERS;
	const wish = { name, primaryUri, fallbackUri };
	const output = await provisioned(account, 'provisionInbound', wish);
	expect(output.trunk_id).toBe(trunk.trunk_id);
	expect(writesOf(account)).toEqual([]);
});
