import { createHmac } from 'node:crypto';

import { PLATFORM_KEYS, type PlatformName } from '../../simulator/platforms/platforms.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { only } from '../support/elements.mts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
beforeEach(() => simulator.reset());

type Json = Record<string, ReturnType<typeof JSON.parse>>;

/** LiveKit's token: a JWT signed with the project's secret. */
function token(claims: object, secret: string = PLATFORM_KEYS.livekit.apiSecret): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
	return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
const CLAIMS = { iss: PLATFORM_KEYS.livekit.apiKey, sip: { admin: true } };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const AUTH: Record<PlatformName, () => Record<string, string>> = {
	elevenlabs: () => ({ 'xi-api-key': PLATFORM_KEYS.elevenlabs }),
	retell: () => bearer(PLATFORM_KEYS.retell),
	vapi: () => bearer(PLATFORM_KEYS.vapi),
	xai: () => bearer(PLATFORM_KEYS.xai),
	livekit: () => bearer(token({ ...CLAIMS, exp: inAnHour() })),
};

async function send(
	platform: PlatformName,
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = AUTH[platform](),
) {
	const answer = await fetch(`${simulator.platformsUrl}/${platform}${path}`, {
		method,
		headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const text = await answer.text();
	const isJson = /json/.test(answer.headers.get('content-type') ?? '');
	return { status: answer.status, text, json: (isJson ? JSON.parse(text) : undefined) as Json };
}

const NUMBER = '+14155550101';
const DOMAIN = '77.zt.plivo.com';

describe('ElevenLabs', () => {
	const PATH = '/v1/convai/phone-numbers';
	const BODY = {
		provider: 'sip_trunk',
		phone_number: NUMBER,
		label: 'Acme',
		agent_id: 'agent_1',
		inbound_trunk_config: { media_encryption: 'allowed' },
		outbound_trunk_config: {
			address: DOMAIN,
			transport: 'tcp',
			media_encryption: 'disabled',
			credentials: { username: 'acme', password: 'Secret_1' },
		},
	};
	const create = async (changes = {}) =>
		await send('elevenlabs', 'POST', PATH, { ...BODY, ...changes });

	it('asks for its key in xi-api-key', async () => {
		for (const headers of [{}, { 'xi-api-key': 'x' }, bearer(PLATFORM_KEYS.elevenlabs)])
			expect(
				await send('elevenlabs', 'GET', PATH, undefined, headers as Record<string, string>),
			).toMatchObject({
				status: 401,
				json: { detail: { status: 'invalid_api_key' } },
			});
	});

	it('creates, lists as a bare array, shows, changes and deletes; no password comes back', async () => {
		const { status, json } = await create();
		expect({ status, json }).toEqual({
			status: 200,
			json: { phone_number_id: expect.any(String) },
		});
		const list = await send('elevenlabs', 'GET', `${PATH}?provider=sip_trunk`);
		expect(list.json).toMatchObject([
			{
				...json,
				phone_number: NUMBER,
				assigned_agent: { agent_id: 'agent_1' },
				outbound_trunk: { address: DOMAIN, has_auth_credentials: true, username: 'acme' },
			},
		]);
		expect(list.text).not.toContain('Secret_1');
		const path = `${PATH}/${json.phone_number_id}`;
		await send('elevenlabs', 'PATCH', path, {
			agent_id: null,
			phone_number: '+1999',
			outbound_trunk_config: { address: 'b.example', credentials: { username: 'other' } },
		});
		expect((await send('elevenlabs', 'GET', path)).json).toMatchObject({
			phone_number: NUMBER,
			assigned_agent: null,
			outbound_trunk: { address: 'b.example', username: 'other' },
		});
		// Left out, the password stays.
		expect(only(simulator.platforms.elevenlabs.numbers.values()).outbound).toMatchObject({
			credentials: { username: 'other', password: 'Secret_1' },
		});
		expect((await send('elevenlabs', 'DELETE', path)).status).toBe(200);
		expect(await send('elevenlabs', 'GET', path)).toMatchObject({
			status: 404,
			json: { detail: { status: 'document_not_found' } },
		});
	});

	it.each([
		[{ phone_number: undefined }, 'phone_number'],
		[{ label: '' }, 'label'],
		[{ provider: 'twilio' }, 'provider'],
		[{ outbound_trunk_config: { address: `sip:${DOMAIN}` } }, 'address'],
		[{ outbound_trunk_config: { address: DOMAIN, transport: 'sctp' } }, 'transport'],
		[{ outbound_trunk_config: { address: DOMAIN, credentials: {} } }, 'username'],
		[{ inbound_trunk_config: { media_encryption: 'yes' } }, 'media_encryption'],
	])('422 for %j', async (changes, field) => {
		const { status, json } = await create(changes);
		expect(status).toBe(422);
		expect(json.detail[0]).toMatchObject({
			loc: expect.arrayContaining([field]),
			msg: expect.any(String),
		});
	});

	it.each([['400'], ['409'], ['422']] as const)(
		'a taken number: %s, phone_number_conflict',
		async (conflict) => {
			simulator.platforms.variants.elevenlabsConflict = conflict;
			await create();
			expect(await create()).toMatchObject({
				status: Number(conflict),
				json: { detail: { status: 'phone_number_conflict' } },
			});
		},
	);

	it('the number must equal what the call carries, and be for inbound calls', async () => {
		const { agentOf } = simulator.platforms.elevenlabs;
		await create();
		expect(agentOf(NUMBER)).toBe('agent_1');
		expect(agentOf(NUMBER.slice(1))).toBeUndefined();
		await create({ phone_number: '+14155550102', inbound_trunk_config: undefined });
		expect(agentOf('+14155550102')).toBeUndefined();
	});
});

describe('Retell', () => {
	const BODY = {
		phone_number: NUMBER,
		termination_uri: DOMAIN,
		sip_trunk_auth_username: 'acme',
		sip_trunk_auth_password: 'Secret_1',
		inbound_agents: [{ agent_id: 'agent_1', weight: 1 }],
	};
	const create = async (changes = {}) =>
		await send('retell', 'POST', '/import-phone-number', { ...BODY, ...changes });
	const id = encodeURIComponent(NUMBER);
	const get = async () => await send('retell', 'GET', `/get-phone-number/${id}`);

	it('imports, and changes under other names', async () => {
		expect((await get()).status).toBe(404);
		expect(await create()).toMatchObject({
			status: 201,
			json: { phone_number: NUMBER, phone_number_type: 'custom' },
		});
		await send('retell', 'PATCH', `/update-phone-number/${id}`, {
			sip_trunk_auth_password: 'Not_2',
			sip_trunk_auth_username: 'not',
		});
		const { trunk } = simulator.platforms.retell.numbers.get(NUMBER)!;
		expect(trunk).toMatchObject({
			auth_username: 'acme',
			auth_password: 'Secret_1',
			transport: 'TCP',
		});
		await send('retell', 'PATCH', `/update-phone-number/${id}`, {
			auth_password: 'New_2',
			transport: 'TLS',
		});
		expect(trunk).toMatchObject({ auth_password: 'New_2', transport: 'TLS' });
		expect((await get()).text).not.toMatch(/New_2/);
		expect((await send('retell', 'GET', '/v2/list-phone-numbers')).json).toMatchObject({
			items: [{ phone_number: NUMBER }],
			has_more: false,
		});
		expect((await send('retell', 'DELETE', `/delete-phone-number/${id}`)).status).toBe(204);
	});

	it('holds a number for one workspace only', async () => {
		await create();
		expect(await create()).toMatchObject({
			status: 400,
			json: { message: 'Phone number already exists.' },
		});
		simulator.reset();
		simulator.platforms.retell.elsewhere.add(NUMBER);
		expect((await get()).status).toBe(404);
		expect(await create()).toMatchObject({
			status: 400,
			json: { message: 'Phone number already exists.' },
		});
	});

	it.each([
		[{ phone_number: '14155550101' }, 'E.164'],
		[{ termination_uri: undefined }, 'termination_uri'],
		[{ transport: 'tcp' }, 'transport'],
		[{ inbound_agent_id: 'agent_1' }, 'no longer supported'],
		[{ inbound_agents: [{ agent_id: 'a', weight: 0.5 }] }, 'add up to 1'],
		[{ outbound_agents: [{ weight: 1 }] }, 'agent_id'],
	])('400 for %j', async (changes, words) => {
		expect(await create(changes)).toMatchObject({
			status: 400,
			json: { message: expect.stringContaining(words) },
		});
	});
});

describe('Vapi', () => {
	const inbound = { ip: '13.52.9.0', netmask: 25, inboundEnabled: true, outboundEnabled: false };
	const outbound = { ip: DOMAIN, inboundEnabled: false };
	const credential = async (gateways: object[], changes = {}) =>
		await send('vapi', 'POST', '/credential', {
			provider: 'byo-sip-trunk',
			name: 'Acme',
			gateways,
			...changes,
		});
	const number = async (credentialId: string, changes = {}) =>
		await send('vapi', 'POST', '/phone-number', {
			provider: 'byo-phone-number',
			number: NUMBER,
			credentialId,
			...changes,
		});

	it('a credential with both kinds of gateways, and a number on it', async () => {
		const { status, json } = await credential([outbound, inbound], {
			outboundAuthenticationPlan: { authUsername: 'acme', authPassword: 'Secret_1' },
		});
		expect(status).toBe(201);
		expect(json).toMatchObject({
			gateways: [outbound, inbound],
			outboundAuthenticationPlan: { authUsername: 'acme' },
		});
		expect(JSON.stringify(json)).not.toContain('Secret_1');
		expect((await send('vapi', 'GET', '/credential')).json).toHaveLength(1);
		await send('vapi', 'PATCH', `/credential/${json.id}`, { gateways: [inbound] });
		expect(simulator.platforms.vapi.credentials.get(json.id)).toMatchObject({
			gateways: [inbound],
		});
		const made = await number(json.id, { assistantId: 'a1' });
		expect(made).toMatchObject({ status: 201, json: { status: 'active', number: NUMBER } });
		await send('vapi', 'PATCH', `/phone-number/${made.json.id}`, { assistantId: 'a2' });
		expect((await send('vapi', 'GET', `/phone-number/${made.json.id}`)).json.assistantId).toBe(
			'a2',
		);
		expect(
			(await send('vapi', 'GET', '/v2/phone-number?search=415555&limit=10')).json,
		).toMatchObject({
			results: [{ id: made.json.id }],
			metadata: { totalItems: 1, currentPage: 1, itemsPerPage: 10 },
		});
		expect((await send('vapi', 'GET', '/v2/phone-number?search=999')).json.results).toEqual([]);
		expect((await send('vapi', 'DELETE', `/phone-number/${made.json.id}`)).status).toBe(200);
		expect((await send('vapi', 'GET', '/phone-number')).json).toEqual([]);
	});

	it('pages its list of credentials by time, or not, or not at all', async () => {
		const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
		for (let one = 0; one < 150; one++)
			simulator.platforms.vapi.credentials.set(`c${one}`, { id: `c${one}`, createdAt: at(one) });
		const ids = async (query = '') =>
			((await send('vapi', 'GET', `/credential${query}`)).json as unknown as Json[]).map(
				({ id }) => id as string,
			);
		const first = await ids();
		expect([first.length, first[0], first.at(-1)]).toEqual([100, 'c149', 'c50']);
		expect(await ids(`?createdAtLe=${at(50)}`)).toHaveLength(51);
		expect(await ids(`?createdAtGe=${at(148)}`)).toEqual(['c149', 'c148']);
		expect(await ids('?limit=1000')).toHaveLength(150);
		simulator.platforms.variants.vapiCredentials = 'whole';
		expect(await ids('?limit=1')).toHaveLength(150);
		simulator.platforms.variants.vapiCredentials = 'newest';
		expect(await ids(`?limit=1000&createdAtLe=${at(50)}`)).toEqual(first);
	});

	it.each([
		['a host name that takes calls', [{ ip: DOMAIN }], 'SIP gateway creation failed'],
		['no gateway', [], 'gateways'],
		['a wide netmask', [{ ...inbound, netmask: 8 }], 'netmask'],
		['a protocol', [{ ...outbound, outboundProtocol: 'TCP' }], 'outboundProtocol'],
	])('refuses %s', async (_name, gateways, words) => {
		expect(await credential(gateways)).toMatchObject({
			status: 400,
			json: { message: expect.stringContaining(words) },
		});
		simulator.platforms.variants.vapiMessage = 'list';
		expect((await credential(gateways)).json.message).toEqual([expect.stringContaining(words)]);
	});

	it('a number needs a credential, E.164 unless said otherwise, and may have a twin or not', async () => {
		const { id } = (await credential([inbound])).json;
		expect((await number('none')).status).toBe(400);
		expect((await number(id, { number: NUMBER.slice(1) })).status).toBe(400);
		expect(
			(await number(id, { number: NUMBER.slice(1), numberE164CheckEnabled: false })).status,
		).toBe(201);
		expect((await number(id)).status).toBe(201);
		expect((await number(id)).status).toBe(400);
		simulator.platforms.variants.vapiTwins = 'allowed';
		expect((await number(id)).status).toBe(201);
	});
});

describe('LiveKit', () => {
	const call = async (method: string, body: unknown = {}, headers = AUTH.livekit()) =>
		await send('livekit', 'POST', `/twirp/livekit.SIP/${method}`, body, headers);
	const inbound = async (numbers: string[], more = {}) =>
		await call('CreateSIPInboundTrunk', { trunk: { name: 'Acme', numbers, ...more } });
	const outbound = async (more = {}) =>
		await call('CreateSIPOutboundTrunk', {
			trunk: {
				name: 'Acme',
				address: DOMAIN,
				numbers: [NUMBER],
				auth_username: 'a',
				auth_password: 'Secret_1',
				...more,
			},
		});
	const RULE = { rule: { dispatchRuleIndividual: { roomPrefix: 'call-' } } };
	const dispatch = async (trunk_ids: string[], more = {}) =>
		await call('CreateSIPDispatchRule', {
			dispatch_rule: { name: 'Acme', trunk_ids, ...RULE, ...more },
		});

	it.each([
		['no token', {}],
		['another secret', { authorization: `Bearer ${token({ ...CLAIMS, exp: inAnHour() }, 'x')}` }],
		['no expiry', { authorization: `Bearer ${token(CLAIMS)}` }],
		['an old one', { authorization: `Bearer ${token({ ...CLAIMS, exp: 1000 })}` }],
		[
			'another key',
			{ authorization: `Bearer ${token({ ...CLAIMS, iss: 'API1', exp: inAnHour() })}` },
		],
	])('401 in plain text: %s', async (_name, headers) => {
		const { status, json, text } = await call(
			'ListSIPInboundTrunk',
			{},
			headers as Record<string, string>,
		);
		expect({ status, json }).toEqual({ status: 401, json: undefined });
		expect(text).toMatch(/invalid/);
	});

	it('401 without the grant', async () => {
		const headers = bearer(token({ iss: CLAIMS.iss, exp: inAnHour() }));
		expect(await call('ListSIPInboundTrunk', {}, headers)).toMatchObject({
			status: 401,
			json: { code: 'unauthenticated', msg: 'permissions denied' },
		});
	});

	it('refuses a second inbound trunk for a number, however it is spelled', async () => {
		expect(await inbound([NUMBER])).toMatchObject({
			status: 200,
			json: { sip_trunk_id: expect.stringMatching(/^ST_/), allowed_numbers: [] },
		});
		expect(await inbound(['1 415 555 0101'])).toMatchObject({
			status: 400,
			json: {
				code: 'invalid_argument',
				msg: expect.stringContaining('Conflicting inbound SIP Trunks'),
			},
		});
		expect((await inbound([])).status).toBe(400);
	});

	it('makes outbound twins without a word', async () => {
		expect((await outbound()).status).toBe(200);
		expect((await outbound()).status).toBe(200);
		expect(simulator.platforms.livekit.outboundTrunks.size).toBe(2);
		for (const address of [`sip:${DOMAIN}`, `${DOMAIN};transport=tls`, undefined])
			expect((await outbound({ address })).status).toBe(400);
		expect((await outbound({ numbers: [] })).status).toBe(400);
	});

	it('lists with a filter also what is for every number; inbound forgives a plus, outbound doesn’t', async () => {
		await inbound([NUMBER]);
		await inbound([], { auth_username: 'any' });
		await inbound(['+14155550109']);
		await outbound();
		const names = async (method: string, numbers: string[]) =>
			((await call(method, { numbers })).json.items as Json[]).map((one) => one.numbers[0] ?? '*');
		expect(await names('ListSIPInboundTrunk', [NUMBER.slice(1)])).toEqual([NUMBER, '*']);
		expect(await names('ListSIPOutboundTrunk', [NUMBER.slice(1)])).toEqual([]);
		expect(await names('ListSIPOutboundTrunk', [NUMBER])).toEqual([NUMBER]);
	});

	it('refuses a second rule for a trunk; lists rules for every trunk too', async () => {
		const { sip_trunk_id: id } = (await inbound([NUMBER])).json;
		expect(await dispatch([id])).toMatchObject({
			status: 200,
			json: { rule: { dispatch_rule_individual: { room_prefix: 'call-' } } },
		});
		expect((await dispatch([id])).json.msg).toContain('Dispatch rule for the same trunk');
		expect((await dispatch([])).status).toBe(200);
		expect((await call('ListSIPDispatchRule', { trunk_ids: [id] })).json.items).toHaveLength(2);
		expect((await dispatch(['ST_x'], { rule: {} })).status).toBe(400);
	});

	it('updates lists by set, add and remove, and replaces as a whole', async () => {
		const { sip_trunk_id } = (await inbound([NUMBER])).json;
		const update = async (numbers: object) =>
			(await call('UpdateSIPInboundTrunk', { sip_trunk_id, update: { numbers } })).json.numbers;
		expect(await update({ add: [NUMBER, '+14155550102'] })).toEqual([NUMBER, '+14155550102']);
		expect(await update({ remove: [NUMBER] })).toEqual(['+14155550102']);
		expect(await update({ set: [NUMBER] })).toEqual([NUMBER]);
		const { sip_dispatch_rule_id } = (await dispatch([sip_trunk_id])).json;
		const { json } = await call('UpdateSIPDispatchRule', {
			sip_dispatch_rule_id,
			replace: { name: 'B', ...RULE },
		});
		expect(json).toMatchObject({ sip_dispatch_rule_id, name: 'B', trunk_ids: [] });
		expect((await call('GetSIPInboundTrunk', { sip_trunk_id })).json.trunk.sip_trunk_id).toBe(
			sip_trunk_id,
		);
		expect((await call('DeleteSIPTrunk', { sip_trunk_id })).status).toBe(200);
		expect((await call('DeleteSIPTrunk', { sip_trunk_id })).json.code).toBe('not_found');
		expect((await call('DeleteSIPDispatchRule', { sip_dispatch_rule_id })).status).toBe(200);
	});

	it.each(['whole', 'capped'] as const)('pages its lists by id (%s)', async (lists) => {
		simulator.platforms.variants.livekitLists = lists;
		for (let one = 0; one < 120; one++) await outbound();
		const page = async (of?: object) =>
			((await call('ListSIPOutboundTrunk', { page: of })).json.items as Json[]).map(
				(trunk) => trunk.sip_trunk_id as string,
			);
		const all = await page();
		expect(all).toEqual([...all].sort());
		expect(all).toHaveLength(lists === 'whole' ? 120 : 100);
		expect(await page({ limit: 50, after_id: all[49] })).toEqual(all.slice(50, 100));
		expect(await page({ limit: 100, after_id: all[99] })).toHaveLength(20);
	});

	it('a rule’s room is only replaced; keys that a person has chosen stay as they are', async () => {
		const { sip_trunk_id: id } = (await inbound([NUMBER])).json;
		const attributes = { fooBar: 'x', foo_bar: 'y' };
		const { sip_dispatch_rule_id } = (
			await dispatch([id], { attributes, roomConfig: { agents: [{ agentName: 'a' }] } })
		).json;
		const change = async (action: object) =>
			(await call('UpdateSIPDispatchRule', { sip_dispatch_rule_id, ...action })).json;
		const update = { name: 'B', room_config: { agents: [{ agent_name: 'b' }] } };
		expect(await change({ update })).toMatchObject({
			name: 'B',
			attributes,
			room_config: { agents: [{ agent_name: 'a' }] },
		});
		simulator.platforms.variants.livekitNames = 'camel';
		const replace = { ...RULE, trunkIds: [id], attributes, room_config: update.room_config };
		expect(await change({ replace })).toMatchObject({
			attributes,
			roomConfig: { agents: [{ agentName: 'b' }] },
		});
	});

	it('wants the wrapper; answers in either spelling, with or without passwords', async () => {
		expect((await call('CreateSIPInboundTrunk', { numbers: [NUMBER] })).json.msg).toBe(
			'missing trunk',
		);
		expect((await outbound()).json.auth_password).toBe('Secret_1');
		Object.assign(simulator.platforms.variants, {
			livekitNames: 'camel',
			livekitPasswords: 'hidden',
		});
		const { json } = await outbound();
		expect(json).toMatchObject({ sipTrunkId: expect.any(String), authUsername: 'a' });
		expect(json).not.toHaveProperty('authPassword');
	});
});

describe('xAI', () => {
	const BODY = {
		origin: 'byo_trunk',
		name: 'Acme',
		phone_number: NUMBER,
		webhook: { name: 'Acme', url: 'https://agent.example/hook' },
		sip_auth: { allowed_addresses: ['13.52.9.0/25'] },
	};
	const create = async (changes = {}) =>
		await send('xai', 'POST', '/v2/phone-numbers', { ...BODY, ...changes });

	it('shows its secret once, and refuses a second time', async () => {
		const { json } = await create();
		const secret = json.webhook.dispatchSigningSecret as string;
		expect(secret).toMatch(/^whsec_/);
		expect((await create()).status).toBe(409);
		const list = await send('xai', 'GET', '/v2/phone-numbers');
		expect(list.json).toMatchObject({ phoneNumbers: [{ phoneNumber: NUMBER }] });
		expect(list.text).not.toContain(secret);
	});

	it('names the webhook in its list, or not', async () => {
		await create();
		const list = async () =>
			(await send('xai', 'GET', '/v2/phone-numbers')).json.phoneNumbers[0].webhook?.url as unknown;
		expect(await list()).toBeUndefined();
		simulator.platforms.variants.xaiWebhooks = 'shown';
		expect(await list()).toBe(BODY.webhook.url);
	});

	it('answers in either spelling', async () => {
		simulator.platforms.variants.xaiNames = 'snake';
		expect((await create()).json.webhook).toHaveProperty('dispatch_signing_secret');
		expect((await send('xai', 'GET', '/v2/phone-numbers')).json).toHaveProperty('phone_numbers');
	});

	it.each([
		[{ origin: 'x' }],
		[{ phone_number: '14155550101' }],
		[{ webhook: { url: 'http://agent.example' } }],
		[{ webhook: { url: 'https://<your host>' } }],
		[{ sip_auth: {} }],
		[{ sip_auth: { allowed_addresses: ['1.2.3.4'] } }],
		[{ sip_auth: { allowed_addresses: ['1.2.3.4/32'], auth_username: 'a', auth_password: 'b' } }],
	])('400 for %j', async (changes) => expect((await create(changes)).status).toBe(400));
});

describe('all of them', () => {
	const PATHS: Record<Exclude<PlatformName, 'livekit'>, string> = {
		elevenlabs: '/v1/convai/phone-numbers',
		retell: '/v2/list-phone-numbers',
		vapi: '/credential',
		xai: '/v2/phone-numbers',
	};

	it.each(Object.entries(PATHS))('%s: fails as it is told, by its own path', async (name, path) => {
		const platform = name as PlatformName;
		simulator.platforms.faults.add({
			path: `/${name}${path}`,
			times: 1,
			faults: [{ kind: 'status', status: 503, body: { message: 'busy' } }],
		});
		simulator.platforms.faults.add({
			path: `/${name}${path}`,
			times: 1,
			faults: [{ kind: 'reset' }],
		});
		expect((await send(platform, 'GET', path)).status).toBe(503);
		await expect(send(platform, 'GET', path)).rejects.toThrow('fetch failed');
		expect((await send(platform, 'GET', path)).status).toBe(200);
		expect(simulator.platforms.requests.map(({ status }) => status)).toEqual([503, 0, 200]);
		// Plivo's log and its faults are Plivo's.
		expect(simulator.requests).toEqual([]);
	});

	it.each(['retell', 'vapi', 'xai'] as const)('%s asks for its own key', async (platform) => {
		const other = bearer(PLATFORM_KEYS[platform === 'vapi' ? 'retell' : 'vapi']);
		expect((await send(platform, 'GET', PATHS[platform], undefined, other)).status).toBe(401);
	});

	it('are read and set from another process', async () => {
		const control = simulator.platformsUrl.replace(/platforms$/, '_simulator/platforms');
		const set = async (body: object) =>
			await fetch(control, { method: 'POST', body: JSON.stringify(body) });
		expect(
			(
				await set({
					variants: { xaiNames: 'snake' },
					fault: { path: '/xai/', times: 1, faults: [{ kind: 'html' }] },
				})
			).status,
		).toBe(200);
		expect(simulator.platforms.variants.xaiNames).toBe('snake');
		expect((await send('xai', 'GET', PATHS.xai)).status).toBe(502);
		expect((await set({ variants: { xaiNames: 'kebab' } })).status).toBe(400);
		simulator.platforms.retell.elsewhere.add(NUMBER);
		expect(await (await fetch(control)).json()).toMatchObject({
			retell: { elsewhere: [NUMBER] },
			xai: { numbers: [] },
		});
	});

	it('are on the page, without secrets', async () => {
		const rule = {
			origin: 'byo_trunk',
			name: 'Acme',
			phone_number: NUMBER,
			webhook: { name: 'A', url: 'https://a.example/' },
		};
		await send('xai', 'POST', '/v2/phone-numbers', {
			...rule,
			sip_auth: { auth_username: 'u', auth_password: 'Secret_1' },
		});
		const page = await (await fetch(simulator.platformsUrl.replace(/platforms$/, ''))).text();
		expect(page).toContain('xai: numbers');
		expect(page).not.toMatch(/Secret_1|whsec_/);
	});

	it('unknown platforms and paths are not found', async () => {
		expect((await fetch(`${simulator.platformsUrl}/skype/x`)).status).toBe(404);
		for (const platform of ['elevenlabs', 'retell', 'vapi', 'livekit', 'xai'] as const)
			expect((await send(platform, 'POST', '/nowhere', {})).status).toBe(404);
	});
});
