import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { fullState, newAccount, trunkPath, wordsOf, writesOf } from '../../support/account.mts';
import { only } from '../../support/elements.mts';
import {
	APPLICATION,
	PASSWORD,
	accountWithNumbers,
	again,
	applicationOf,
	deedsOf,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();

const HOSTS: Record<string, INodeParameters> = {
	livekit: { platformHost: 'abc123.sip.livekit.cloud' },
	elevenlabs: {},
	retell: {},
	vapi: {},
	xai: { direction: 'inbound' },
	custom: { platformHost: 'pbx.example.com', transport: 'udp' },
};

it.each(Object.keys(HOSTS))(
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
			{ number: '14155550101', previous_application: applicationOf(account) },
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

it.each<[string, INodeParameters, RegExp, RegExp]>([
	['not secure', {}, /address \S+\.zt\.plivo\.com, transport TCP/, /;transport=tls$/],
	['secure', { secure: true }, /address \S+\.zt\.plivo\.com, transport TLS/, /;transport=tls$/],
])(
	'%s: what the platform dials over goes by that, whatever the inbound transport is',
	async (_what, options, step, uri) => {
		const account = await newAccount({ variants: { secure: 'refused' } });
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

it('several customers share an origination URI where Plivo takes an address once', async () => {
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

it('a customer who moves to an address that others have shares it, where Plivo takes it once', async () => {
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

it.each<[string, INodeParameters, string]>([
	[
		'has another login',
		{ options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } } },
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

it('a trunk gets the URI that is there, also when its login is set last', async () => {
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
		options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
	});
	expect(output.primary_uri_uuid).toBe(uri_uuid);
});

it('outbound only touches no number and makes no URI', async () => {
	const account = await newAccount();
	const output = await provisioned(account, 'connectPlatform', {
		platform: 'retell',
		name: 'Acme',
		direction: 'outbound',
	});
	expect(deedsOf(output)).toEqual(['created SIP credential', 'created trunk']);
	expect(output).toMatchObject({ numbers: [], username: expect.any(String) });
	expect(output).not.toHaveProperty('inbound_trunk');
});

it('a password of one’s own is not shown, in no step either', async () => {
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

it('signs in to a PBX of one’s own that asks for it', async () => {
	const account = await newAccount();
	const output = await provisioned(account, 'connectPlatform', {
		...HOSTS.custom,
		platform: 'custom',
		name: 'Acme',
		direction: 'inbound',
		options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
	});
	expect(only(account.state.uris.values())).toMatchObject({
		authentication_needed: true,
		username: 'plivo',
		password: 'letmein',
	});
	expect(JSON.stringify(output)).not.toContain('letmein');
});

it('an Indian number, told by the account, is refused for Vapi before anything is written', async () => {
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

it.each<[string, INodeParameters, string]>([
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

it.each([
	['inbound', true],
	['both', true],
	['outbound', false],
])('%s without a number says so: %s', async (direction, says) => {
	const account = await newAccount();
	const { warnings } = await provisioned(account, 'connectPlatform', {
		platform: 'elevenlabs',
		name: 'Acme',
		direction,
		phoneNumbers: '={{ $json.phone_number }}',
	});
	expect(String(warnings).includes('No phone number was given')).toBe(says);
});
