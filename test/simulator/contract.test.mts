import axios, { type AxiosInstance } from 'axios';

import { createRateLimit, windowOf } from '../../simulator/rateLimit.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { accountOf, refusalOf } from './account.mts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

let simulator: Simulator;
let account: AxiosInstance;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => NOW, rateLimit: false });
	account = accountOf(simulator);
});

beforeEach(() => simulator.reset());

afterAll(async () => await simulator.close());

const TRUNK = 'Zentrunk/Trunk/';
const CREDENTIAL = 'Zentrunk/Credential/';
const IP_ACL = 'Zentrunk/IPAccessControlList/';
const URI = 'Zentrunk/URI/';
const CALL = 'Zentrunk/Call/';
const NUMBER = 'Number/';

const MISSING_ID = '00000000-0000-0000-0000-000000000000';

const idsOf = async (path: string, idField: string) =>
	(await account.get(path)).data.objects.map((record: Record<string, unknown>) => record[idField]);

describe('every request', () => {
	it.each([TRUNK, CREDENTIAL, IP_ACL, URI, CALL, NUMBER])('%s is a collection', async (path) => {
		const { status, data } = await account.get(path);
		expect(status).toBe(200);
		expect(data.objects).toEqual([]);
	});

	it('every path ends in a slash', async () => {
		expect((await account.get('Zentrunk/Trunk')).status).toBe(404);
	});

	it.each([
		'Zentrunk/trunk/',
		'Zentrunk/Trunks/',
		'zentrunk/Trunk/',
		'Trunk/',
		'number/',
		'Zentrunk/Number/',
	])('paths are case-sensitive and exact: %s is not found, in HTML', async (path) => {
		const { status, headers } = await account.get(path);
		expect(status).toBe(404);
		expect(headers['content-type']).toContain('text/html');
	});

	it.each([
		['a wrong token', 'Basic ' + Buffer.from('MASIMULATOR000000000:wrong').toString('base64')],
		['Bearer with an account token', 'Bearer simulator-token'],
	])('%s is a 401 that is not JSON', async (_name, authorization) => {
		const { status, headers, data } = await accountOf(simulator, authorization).get(TRUNK);
		expect(status).toBe(401);
		expect(headers['content-type']).toContain('text/plain');
		expect(data).toBe('Could not verify your access level for that URL.');
	});

	it('no credentials, or those of another account, are a 401', async () => {
		const bare = { validateStatus: () => true };
		const ofOther = `${simulator.url}/Account/MAOTHER0000000000000/${TRUNK}`;
		const auth = { username: simulator.authId, password: simulator.authToken };
		expect(
			(await axios.get(`${simulator.url}/Account/${simulator.authId}/${TRUNK}`, bare)).status,
		).toBe(401);
		expect((await axios.get(ofOther, { ...bare, auth })).status).toBe(401);
	});

	it('a scoped token (stk_…) goes as Bearer, and not as Basic', async () => {
		const scoped = await startSimulator({ authToken: 'stk_scoped' });
		try {
			expect((await accountOf(scoped, 'Bearer stk_scoped').get(TRUNK)).status).toBe(200);
			expect((await accountOf(scoped).get(TRUNK)).status).toBe(401);
		} finally {
			await scoped.close();
		}
	});

	it('answers 201 created, 202 changed, 204 deleted without a body', async () => {
		const made = await account.post(IP_ACL, { name: 'Office', ip_addresses: ['203.0.113.1'] });
		const item = `${IP_ACL}${made.data.ipacl_uuid}/`;
		expect(made.status).toBe(201);
		const changed = await account.post(item, { name: 'Offices' });
		expect([changed.status, changed.data.message]).toEqual([202, 'changed']);
		const deleted = await account.delete(item);
		expect([deleted.status, deleted.data]).toEqual([204, '']);
		expect(refusalOf(await account.delete(item))).toEqual([404, 'not found']);
	});

	it('a request id is in X-Request-ID, and api_id in the body is the same', async () => {
		const { headers, data } = await account.get(TRUNK);
		expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
		expect(data.api_id).toBe(headers['x-request-id']);
	});

	it('errors come as {api_id, error}, as {message} and as {data: {error}}', async () => {
		expect((await account.post(TRUNK, {})).data).toEqual({
			api_id: expect.any(String),
			error: 'trunk_direction is required',
		});
		expect((await account.post(TRUNK, { trunk_direction: 'inbound' })).data).toEqual({
			message: 'primary_uri_uuid is required for an inbound trunk',
		});
		expect((await account.post(URI, { uri: 'https://example.com' })).data).toEqual({
			data: { error: 'uri is not a SIP address' },
		});
	});

	it.each(['{"name":', '[]', '"text"', ''])('the body %p is a 400', async (body) => {
		const headers = { 'Content-Type': 'application/json' };
		expect(refusalOf(await account.post(CREDENTIAL, body, { headers }))[0]).toBe(400);
	});

	it('a method that a path does not have is a 405', async () => {
		const call = simulator.addCall();
		const { app_id } = simulator.addApplication();
		expect((await account.put(TRUNK, {})).status).toBe(405);
		expect((await account.post(CALL, {})).status).toBe(405);
		expect((await account.delete(`${CALL}${call.call_uuid}/`)).status).toBe(405);
		expect((await account.delete(`Application/${app_id}/`)).status).toBe(405);
		expect((await account.get('PhoneNumber/14155770001/')).status).toBe(405);
		expect((await account.post('', {})).status).toBe(405);
	});

	it('300 requests in any 5 seconds are accepted, then 429; refused ones do not count', () => {
		const limit = createRateLimit();
		const plivo = windowOf(true);
		const accepted = (now: number, requests: number) =>
			Array.from({ length: requests }, () => plivo && limit.accepts(now, plivo)).filter(Boolean)
				.length;
		expect(accepted(0, 200)).toBe(200);
		expect(accepted(3_000, 200)).toBe(100);
		expect(accepted(4_999, 100)).toBe(0);
		expect(accepted(5_000, 300)).toBe(200);
		expect(accepted(8_000, 300)).toBe(100);
	});

	it.each([
		[{ requests: 3, windowMs: 600_000 }, undefined],
		[{ requests: 3, windowMs: 600_000, retryAfter: 2 }, '2'],
	])('a 429 is JSON, with Retry-After or without: %j', async (rateLimit, retryAfter) => {
		simulator.options.rateLimit = rateLimit;
		const statuses = [];
		for (let sent = 0; sent < 3; sent++) statuses.push((await account.get(TRUNK)).status);
		expect(statuses).toEqual([200, 200, 200]);
		const refused = await account.get(TRUNK);
		expect(refusalOf(refused)).toEqual([429, 'too many requests']);
		expect(refused.headers['retry-after']).toBe(retryAfter);
	});

	it.each([`${TRUNK}?trunk_status=`, `${CALL}?from_number=`, `${NUMBER}?alias=`, `${URI}?limit=`])(
		'an empty value in a query is a 400: %s',
		async (path) => expect((await account.get(path)).status).toBe(400),
	);
});

describe('a list', () => {
	it('has meta and objects, 20 by default, newest first', async () => {
		simulator.seed({ trunks: 45 });
		const { data } = await account.get(TRUNK);
		const ids = [...simulator.state.trunks.keys()].reverse();
		expect(data.meta).toEqual({
			limit: 20,
			offset: 0,
			total_count: 45,
			previous: null,
			next: `v1/Account/${simulator.authId}/${TRUNK}?limit=20&offset=20`,
		});
		expect(data.objects.map((trunk: { trunk_id: string }) => trunk.trunk_id)).toEqual(
			ids.slice(0, 20),
		);
		expect(await idsOf(`${TRUNK}?limit=20&offset=40`, 'trunk_id')).toEqual(ids.slice(40));
	});

	it('`next` has no leading slash and keeps the filters; the last page has none', async () => {
		simulator.seed({ trunks: 6 });
		const first = await account.get(`${TRUNK}?trunk_direction=inbound&limit=2`);
		expect(first.data.meta.next).toMatch(/^v1\/.*\?trunk_direction=inbound&limit=2&offset=2$/);
		const last = await account.get(`${TRUNK}?trunk_direction=inbound&limit=2&offset=2`);
		expect(last.data.meta.next).toBeNull();
		expect(last.data.meta.previous).toContain('offset=0');
	});

	it.each(['0', '21', '-1', '1.5', 'all'])('limit=%s is a 400', async (limit) => {
		expect((await account.get(`${TRUNK}?limit=${limit}`)).status).toBe(400);
	});

	it('an offset behind the end is an empty page; a negative one a 400', async () => {
		simulator.seed({ uris: 1 });
		expect((await account.get(`${URI}?offset=5`)).data.objects).toEqual([]);
		expect((await account.get(`${URI}?offset=-1`)).status).toBe(400);
	});

	it('a listing shifts when a record goes while it runs', async () => {
		simulator.seed({ uris: 4 });
		const ids = [...simulator.state.uris.keys()].reverse();
		await account.get(`${URI}?limit=2`);
		await account.delete(`${URI}${ids[0]}/`);
		expect(await idsOf(`${URI}?limit=2&offset=2`, 'uri_uuid')).toEqual([ids[3]]);
	});
});

describe('a trunk', () => {
	const outbound = async (rest = {}) => {
		const credential_uuid = simulator.addCredential().credential_uuid;
		const made = await account.post(TRUNK, {
			name: 'Office',
			trunk_direction: 'outbound',
			credential_uuid,
			...rest,
		});
		return { credential_uuid, trunkId: made.data.trunk_id as string, made };
	};

	it('create answers api_id, message and trunk_id alone', async () => {
		const { made } = await outbound();
		expect(made.status).toBe(201);
		expect(made.data).toEqual({
			api_id: expect.any(String),
			message: 'created',
			trunk_id: expect.stringMatching(/^\d{17}$/),
		});
	});

	it('get one is nested under `object`; trunk_domain is <trunk_id>.zt.plivo.com', async () => {
		const { trunkId, credential_uuid } = await outbound();
		const { data } = await account.get(`${TRUNK}${trunkId}/`);
		expect(Object.keys(data)).toEqual(['api_id', 'object']);
		expect(data.object).toEqual({
			trunk_id: trunkId,
			trunk_domain: `${trunkId}.zt.plivo.com`,
			name: 'Office',
			trunk_status: 'enabled',
			trunk_direction: 'outbound',
			secure: false,
			ipacl_uuid: null,
			credential_uuid,
			primary_uri_uuid: null,
			fallback_uri_uuid: null,
			created_at: '2026-11-20T12:00:00Z',
			updated_at: '2026-11-20T12:00:00Z',
		});
	});

	it('an unknown trunk is a 404 {api_id, error}', async () => {
		const { status, data } = await account.get(`${TRUNK}21784100000000000/`);
		expect(status).toBe(404);
		expect(data).toEqual({ api_id: expect.any(String), error: 'not found' });
	});

	it('trunk_direction is required and one of two', async () => {
		expect(refusalOf(await account.post(TRUNK, { name: 'x' }))).toEqual([
			400,
			'trunk_direction is required',
		]);
		expect(refusalOf(await account.post(TRUNK, { trunk_direction: 'both' }))[0]).toBe(400);
	});

	it.each([
		['trunk_status', 'paused'],
		['secure', 'true'],
		['credential_uuid', MISSING_ID],
		['ipacl_uuid', MISSING_ID],
		['credential_uuid', ''],
	])('%s cannot be %p', async (field, value) => {
		const { made } = await outbound({ [field]: value });
		expect(made.status).toBe(400);
	});

	it('outbound needs a credential or an IP list, or both', async () => {
		const { credential_uuid } = simulator.addCredential();
		const { ipacl_uuid } = simulator.addIpAcl();
		const create = async (fields: object) =>
			(await account.post(TRUNK, { trunk_direction: 'outbound', ...fields })).status;
		expect(await create({})).toBe(422);
		expect(await create({ credential_uuid })).toBe(201);
		expect(await create({ ipacl_uuid })).toBe(201);
		expect(await create({ credential_uuid, ipacl_uuid })).toBe(201);
	});

	it('inbound needs a primary URI; a fallback one is optional', async () => {
		const [first, second] = [simulator.addUri(), simulator.addUri()].map((uri) => uri.uri_uuid);
		const create = async (fields: object) =>
			(await account.post(TRUNK, { trunk_direction: 'inbound', ...fields })).status;
		expect(await create({ fallback_uri_uuid: second })).toBe(422);
		expect(await create({ primary_uri_uuid: first })).toBe(201);
		expect(await create({ primary_uri_uuid: first, fallback_uri_uuid: second })).toBe(201);
	});

	it('an id cannot be chosen', async () => {
		const { trunkId } = await outbound({ trunk_id: '1', trunk_domain: 'example.com' });
		expect(trunkId).not.toBe('1');
		expect(simulator.state.trunks.get(trunkId)?.trunk_domain).toBe(`${trunkId}.zt.plivo.com`);
	});

	it('an update without trunk_direction is a 400 that changes nothing', async () => {
		const { trunkId } = await outbound();
		const answer = await account.post(`${TRUNK}${trunkId}/`, { name: 'New' });
		expect(refusalOf(answer)).toEqual([400, 'trunk_direction is required']);
		expect(simulator.state.trunks.get(trunkId)?.name).toBe('Office');
	});

	it('an update with trunk_direction changes what it names and updated_at', async () => {
		const { trunkId } = await outbound();
		const before = { ...simulator.state.trunks.get(trunkId) };
		simulator.options.now = () => NOW + 60_000;
		const answer = await account.post(`${TRUNK}${trunkId}/`, {
			trunk_direction: 'outbound',
			name: 'New',
			secure: true,
			trunk_status: 'disabled',
		});
		expect(answer.data).toEqual({ api_id: expect.any(String), message: 'changed' });
		expect(simulator.state.trunks.get(trunkId)).toEqual({
			...before,
			name: 'New',
			secure: true,
			trunk_status: 'disabled',
			updated_at: '2026-11-20T12:01:00Z',
		});
	});

	it('turning a trunk around takes what the other direction needs', async () => {
		const { trunkId } = await outbound();
		const turn = { trunk_direction: 'inbound' };
		expect((await account.post(`${TRUNK}${trunkId}/`, turn)).status).toBe(422);
		const { uri_uuid } = simulator.addUri();
		const whole = { ...turn, primary_uri_uuid: uri_uuid };
		expect((await account.post(`${TRUNK}${trunkId}/`, whole)).status).toBe(202);
	});

	it('delete detaches the numbers that are routed to it, and no others', async () => {
		const [one, other] = [simulator.addTrunk(), simulator.addTrunk()];
		const route = (trunk: { trunk_id?: unknown }) =>
			`/v1/Account/${simulator.authId}/Zentrunk/Trunk/${trunk.trunk_id}/`;
		simulator.addNumber({ number: '14155550001', application: route(one) });
		simulator.addNumber({ number: '14155550002', application: route(other) });
		expect((await account.delete(`${TRUNK}${one.trunk_id}/`)).status).toBe(204);
		expect(simulator.state.numbers.get('14155550001')?.application).toBeNull();
		expect(simulator.state.numbers.get('14155550002')?.application).toBe(route(other));
	});

	describe('list filters', () => {
		it('by status, direction, secure and what it refers to', async () => {
			const { credential_uuid } = simulator.addCredential();
			const { ipacl_uuid } = simulator.addIpAcl();
			const [primary, fallback] = [simulator.addUri().uri_uuid, simulator.addUri().uri_uuid];
			const out = simulator.addTrunk({ credential_uuid, secure: true });
			const list = simulator.addTrunk({ ipacl_uuid, trunk_status: 'disabled' });
			const into = simulator.addTrunk({
				trunk_direction: 'inbound',
				primary_uri_uuid: primary,
				fallback_uri_uuid: fallback,
			});
			const found = async (query: string) => await idsOf(`${TRUNK}?${query}`, 'trunk_id');
			expect(await found('trunk_status=disabled')).toEqual([list.trunk_id]);
			expect(await found('trunk_direction=inbound')).toEqual([into.trunk_id]);
			expect(await found('secure=true')).toEqual([out.trunk_id]);
			expect(await found(`credential_uuid=${credential_uuid}`)).toEqual([out.trunk_id]);
			expect(await found(`ipacl_uuid=${ipacl_uuid}`)).toEqual([list.trunk_id]);
			expect(await found(`primary_uri_uuid=${primary}`)).toEqual([into.trunk_id]);
			expect(await found(`fallback_uri_uuid=${fallback}`)).toEqual([into.trunk_id]);
			expect(await found('trunk_direction=outbound&secure=false')).toEqual([list.trunk_id]);
		});

		it('a value outside the set is a 400', async () => {
			expect((await account.get(`${TRUNK}?trunk_direction=sideways`)).status).toBe(400);
		});

		it('may be ignored, where the options say so', async () => {
			simulator.seed({ trunks: 4 });
			simulator.options.ignoreListFilters = true;
			expect(await idsOf(`${TRUNK}?trunk_direction=inbound`, 'trunk_id')).toHaveLength(4);
		});
	});
});

describe('a credential', () => {
	const GOOD = { name: 'PBX', username: 'pbxuser1', password: 'Secret#123' };

	it('create answers api_id, message and credential_uuid alone; the record has no password', async () => {
		const { status, data } = await account.post(CREDENTIAL, GOOD);
		expect(status).toBe(201);
		expect(Object.keys(data).sort()).toEqual(['api_id', 'credential_uuid', 'message']);
		const { credential_uuid } = data;
		const one = await account.get(`${CREDENTIAL}${credential_uuid}/`);
		expect(one.data).toEqual({
			api_id: expect.any(String),
			credential_uuid,
			name: 'PBX',
			username: 'pbxuser1',
		});
		const list = await account.get(CREDENTIAL);
		expect(list.data.objects).toEqual([{ credential_uuid, name: 'PBX', username: 'pbxuser1' }]);
		expect(simulator.state.credentials.get(credential_uuid)?.password).toBe('Secret#123');
	});

	it.each([
		['abcd', 400],
		['abcde', 201],
		['a'.repeat(20), 201],
		['a'.repeat(21), 400],
		['livekit_trunk', 201],
		['user-name', 400],
		['', 400],
	])(
		'the username %p answers %d: 5 to 20 letters, digits and underscores',
		async (username, status) => {
			expect((await account.post(CREDENTIAL, { ...GOOD, username })).status).toBe(status);
		},
	);

	it.each([
		['ab1#', 400],
		['abc1#', 201],
		[`${'a'.repeat(19)}#`, 201],
		[`${'a'.repeat(20)}#`, 400],
		['NoSpecial1', 400],
		['With space#', 400],
		['Wrong-special#', 400],
		['~!@#$%^&*()_+', 201],
	])(
		'the password %p answers %d: 5 to 20 with a special of ~!@#$%%^&*()_+',
		async (password, status) => {
			expect((await account.post(CREDENTIAL, { ...GOOD, password })).status).toBe(status);
		},
	);

	it('an update without a password blanks it', async () => {
		const { credential_uuid } = simulator.addCredential();
		const answer = await account.post(`${CREDENTIAL}${credential_uuid}/`, { name: 'New' });
		expect(answer.status).toBe(202);
		expect(simulator.state.credentials.get(String(credential_uuid))).toMatchObject({
			name: 'New',
			password: '',
		});
	});

	it('a password without username is refused', async () => {
		const { credential_uuid, password } = simulator.addCredential();
		const answer = await account.post(`${CREDENTIAL}${credential_uuid}/`, {
			password: 'Other#123',
		});
		expect(refusalOf(answer)).toEqual([400, 'username is required with a password']);
		expect(simulator.state.credentials.get(String(credential_uuid))?.password).toBe(password);
	});

	it('a password with username is written', async () => {
		const { credential_uuid, username } = simulator.addCredential();
		const fields = { username, password: 'Other#123' };
		expect((await account.post(`${CREDENTIAL}${credential_uuid}/`, fields)).status).toBe(202);
		expect(simulator.state.credentials.get(String(credential_uuid))).toMatchObject(fields);
	});

	it('delete takes the authentication of the trunks that use it', async () => {
		const { credential_uuid } = simulator.addCredential();
		const trunk = simulator.addTrunk({ credential_uuid });
		expect((await account.delete(`${CREDENTIAL}${credential_uuid}/`)).status).toBe(204);
		expect(trunk.credential_uuid).toBeNull();
	});
});

describe('an IP access control list', () => {
	it('create answers api_id, message and ipacl_uuid alone; get one is flat', async () => {
		const fields = { name: 'Office', ip_addresses: ['203.0.113.0/24', '2001:db8::1'] };
		const { status, data } = await account.post(IP_ACL, fields);
		expect(status).toBe(201);
		expect(Object.keys(data).sort()).toEqual(['api_id', 'ipacl_uuid', 'message']);
		const one = await account.get(`${IP_ACL}${data.ipacl_uuid}/`);
		expect(one.data).toEqual({
			api_id: expect.any(String),
			ipacl_uuid: data.ipacl_uuid,
			...fields,
		});
	});

	it.each([
		[undefined],
		[[]],
		['203.0.113.1'],
		[['not an address']],
		[['203.0.113.0/33']],
		[['203.0.113.0/24/1']],
	])('ip_addresses cannot be %j', async (ip_addresses) =>
		expect((await account.post(IP_ACL, { ip_addresses })).status).toBe(400),
	);

	it('0.0.0.0/0 is taken', async () => {
		expect((await account.post(IP_ACL, { ip_addresses: ['0.0.0.0/0'] })).status).toBe(201);
	});

	it('an update replaces the whole list; one without addresses leaves it', async () => {
		const list = simulator.addIpAcl({ ip_addresses: ['203.0.113.1', '203.0.113.2'] });
		await account.post(`${IP_ACL}${list.ipacl_uuid}/`, { name: 'New' });
		expect(list.ip_addresses).toHaveLength(2);
		await account.post(`${IP_ACL}${list.ipacl_uuid}/`, { ip_addresses: ['203.0.113.3'] });
		expect(list.ip_addresses).toEqual(['203.0.113.3']);
	});

	it('delete takes the authentication of the trunks that use it', async () => {
		const { ipacl_uuid } = simulator.addIpAcl();
		const trunk = simulator.addTrunk({ ipacl_uuid });
		await account.delete(`${IP_ACL}${ipacl_uuid}/`);
		expect(trunk.ipacl_uuid).toBeNull();
	});
});

describe('an origination URI', () => {
	const LOGIN = { authentication_needed: true, username: 'pbxuser1', password: 'Secret#123' };

	it('create answers api_id, message and uri_uuid alone; authentication is off by default', async () => {
		const { status, data } = await account.post(URI, { name: 'PBX', uri: 'pbx.example.com' });
		expect(status).toBe(201);
		expect(Object.keys(data).sort()).toEqual(['api_id', 'message', 'uri_uuid']);
		const one = await account.get(`${URI}${data.uri_uuid}/`);
		expect(one.data).toEqual({
			api_id: expect.any(String),
			uri_uuid: data.uri_uuid,
			name: 'PBX',
			uri: 'pbx.example.com',
			authentication_needed: false,
			username: null,
		});
	});

	it.each([
		'pbx.example.com',
		'pbx.example.com:5061',
		'203.0.113.9',
		'203.0.113.9:5060',
		'[2001:db8::1]:5060',
		'sip:user@pbx.example.com',
		'sips:pbx.example.com',
		'pbx.example.com;transport=tcp',
		'sip:user@[2001:db8::1]:5060;transport=tls',
		'192.168.1.10:5060;transport=udp',
	])('%s is taken, and kept as it was typed', async (uri) => {
		const { status, data } = await account.post(URI, { uri });
		expect(status).toBe(201);
		expect(simulator.state.uris.get(data.uri_uuid)?.uri).toBe(uri);
	});

	it.each([
		'http://pbx.example.com',
		'https://x',
		'pbx.example.com/path',
		' pbx.example.com',
		'a b',
		'',
		undefined,
	])('%p is refused', async (uri) => expect((await account.post(URI, { uri })).status).toBe(400));

	it('authentication_needed takes username and password, else 422', async () => {
		const { username, password, authentication_needed } = LOGIN;
		const create = async (fields: object) =>
			(await account.post(URI, { uri: 'pbx.example.com', authentication_needed, ...fields }))
				.status;
		expect(await create({})).toBe(422);
		expect(await create({ username })).toBe(422);
		expect(await create({ password })).toBe(422);
		expect(await create({ username, password })).toBe(201);
	});

	it('the password is never returned', async () => {
		const { uri_uuid } = simulator.addUri(LOGIN);
		expect((await account.get(`${URI}${uri_uuid}/`)).data).not.toHaveProperty('password');
		expect((await account.get(URI)).data.objects[0]).not.toHaveProperty('password');
	});

	it('an update with password restates authentication_needed and username', async () => {
		const record = simulator.addUri(LOGIN);
		const update = async (fields: object) =>
			(await account.post(`${URI}${record.uri_uuid}/`, fields)).status;
		const password = 'Other#123';
		expect(await update({ password })).toBe(400);
		expect(await update({ password, username: 'pbxuser1' })).toBe(400);
		expect(record.password).toBe('Secret#123');
		expect(await update({ ...LOGIN, password })).toBe(202);
		expect(record.password).toBe(password);
		expect(await update({ name: 'New' })).toBe(202);
		expect(record).toMatchObject({ ...LOGIN, password, name: 'New' });
	});

	it.each(['primary_uri_uuid', 'fallback_uri_uuid'])(
		'delete takes the trunks that have it as %s with it, and their numbers stop routing',
		async (field) => {
			const { uri_uuid } = simulator.addUri();
			const other = simulator.addTrunk();
			const trunk = simulator.addTrunk({ trunk_direction: 'inbound', [field]: uri_uuid });
			const number = simulator.addNumber({
				application: `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${trunk.trunk_id}/`,
			});
			expect((await account.delete(`${URI}${uri_uuid}/`)).status).toBe(204);
			expect([...simulator.state.trunks.keys()]).toEqual([other.trunk_id]);
			expect(number.application).toBeNull();
		},
	);
});

describe('a phone number', () => {
	it('is a flat record, its number digits without +', async () => {
		simulator.addNumber({ number: '14155550001', alias: 'Front desk' });
		const { data } = await account.get(`${NUMBER}14155550001/`);
		expect(data).toMatchObject({ number: '14155550001', alias: 'Front desk', application: null });
		expect((await account.get(`${NUMBER}+14155550001/`)).status).toBe(404);
	});

	it('list filters: type, number_startswith, alias, subaccount, services, renewal_date', async () => {
		simulator.addNumber({ number: '14155550001', number_type: 'tollfree', alias: 'Front' });
		simulator.addNumber({ number: '442079460001', sub_account: 'SA1', sms_enabled: false });
		simulator.addNumber({ number: '4930123456', mms_enabled: true, renewal_date: '2027-01-01' });
		const found = async (query: string) => await idsOf(`${NUMBER}?${query}`, 'number');
		expect(await found('type=tollfree')).toEqual(['14155550001']);
		expect(await found('number_startswith=44')).toEqual(['442079460001']);
		expect(await found('alias=Front')).toEqual(['14155550001']);
		expect(await found('alias=Fron')).toEqual([]);
		expect(await found('subaccount=SA1')).toEqual(['442079460001']);
		expect(await found('services=voice,sms')).toEqual(['4930123456', '14155550001']);
		expect(await found('services=mms')).toEqual(['4930123456']);
		expect(await found('renewal_date__gte=2027-01-01')).toEqual(['4930123456']);
		expect(await found('renewal_date__lt=2027-01-01')).toEqual(['442079460001', '14155550001']);
		expect((await account.get(`${NUMBER}?type=satellite`)).status).toBe(400);
	});

	it('there is no filter by trunk: it is ignored', async () => {
		simulator.seed({ numbers: 3 });
		const query = 'app_id=21784100000000001&application=x&trunk_id=21784100000000001';
		expect(await idsOf(`${NUMBER}?${query}`, 'number')).toHaveLength(3);
	});

	it('app_id routes it to a trunk, an outbound one too, or to an application', async () => {
		const number = simulator.addNumber();
		const { trunk_id } = simulator.addTrunk({ trunk_direction: 'outbound' });
		const { app_id } = simulator.addApplication();
		const route = async (id: unknown) =>
			await account.post(`${NUMBER}${number.number}/`, { app_id: id });
		const toTrunk = await route(trunk_id);
		expect([toTrunk.status, toTrunk.data.message]).toEqual([202, 'changed']);
		expect(number.application).toBe(`/v1/Account/${simulator.authId}/Zentrunk/Trunk/${trunk_id}/`);
		expect((await route(app_id)).status).toBe(202);
		expect(number.application).toBe(`/v1/Account/${simulator.authId}/Application/${app_id}/`);
	});

	it('an unknown app_id or number is a 404, none a 400; the route stays', async () => {
		const number = simulator.addNumber({ application: '/v1/Account/x/Application/1/' });
		const path = `${NUMBER}${number.number}/`;
		expect((await account.post(path, { app_id: '1' })).status).toBe(404);
		expect((await account.post(path, {})).status).toBe(400);
		expect((await account.post(`${NUMBER}999/`, { app_id: '1' })).status).toBe(404);
		expect(number.application).toBe('/v1/Account/x/Application/1/');
	});
});

describe('calls', () => {
	const DAY = 86_400_000;
	const ago = (milliseconds: number) =>
		new Date(NOW - milliseconds).toISOString().slice(0, 19).replace('T', ' ');
	const endedAgo = (milliseconds: number, rest = {}) =>
		simulator.addCall({ end_time: ago(milliseconds), ...rest }).call_uuid;
	const found = async (params: Record<string, unknown>) => {
		const { status, data } = await account.get(CALL, { params });
		return status === 200
			? data.objects.map((call: { call_uuid: string }) => call.call_uuid)
			: status;
	};

	it('a record is flat and has every field that Plivo names', async () => {
		const { call_uuid } = simulator.addCall();
		const { data } = await account.get(`${CALL}${call_uuid}/`);
		const fields =
			'call_uuid call_id from_number to_number call_direction call_duration bill_duration billed_duration initiation_time answer_time end_time hangup_cause_name hangup_cause_code hangup_source total_rate total_amount trunk_domain from_country to_country transport_protocol srtp secure_trunking secure_trunking_rate cnam_lookup cnam_lookup_rate stir_verification attestation_indicator';
		expect(Object.keys(data)).toEqual(['api_id', ...fields.split(' ')]);
		expect(data.from_number).toMatch(/^\+\d+$/);
		expect(data.end_time).toBe('2026-11-20 12:00:00');
	});

	it('a call of 32 seconds is billed as 60; money is text; names may differ from the table', async () => {
		const { call_uuid } = simulator.addCall();
		const { data } = await account.get(`${CALL}${call_uuid}/`);
		expect(data).toMatchObject({
			call_duration: 32,
			bill_duration: 60,
			billed_duration: 60,
			hangup_cause_name: 'normal_hangup',
			hangup_cause_code: 3000,
			hangup_source: 'carrier',
			total_rate: '0.00650',
			total_amount: '0.00650',
		});
		expect(simulator.addCall({ call_duration: 61 })).toMatchObject({
			bill_duration: 120,
			total_amount: '0.01300',
		});
		expect(simulator.addCall({ call_duration: 0 })).toMatchObject({
			bill_duration: 0,
			answer_time: null,
		});
	});

	it('are listed newest first, also when they come late', async () => {
		const [middle, newest, oldest] = [endedAgo(2000), endedAgo(1000), endedAgo(3000)];
		expect(await found({})).toEqual([newest, middle, oldest]);
		const late = endedAgo(1500);
		expect(await found({})).toEqual([newest, late, middle, oldest]);
	});

	it('numbers match exactly or by prefix without +; with + nothing matches', async () => {
		const call = endedAgo(1000, { from_number: '+14155550100', to_number: '+442079460100' });
		expect(await found({ from_number: '14155550100' })).toEqual([call]);
		expect(await found({ to_number: '4420' })).toEqual([call]);
		expect(await found({ to_number: '20' })).toEqual([]);
		expect(await found({ from_number: '+14155550100' })).toEqual([]);
		expect(await found({ to_number: '+44' })).toEqual([]);
	});

	it('filters by direction, hangup code and source, verification and duration', async () => {
		const answered = endedAgo(1000, { bill_duration: 30, hangup_source: 'zentrunk' });
		const busy = endedAgo(2000, {
			call_direction: 'inbound',
			hangup_cause_code: 4410,
			hangup_source: 'carrier',
			stir_verification: 'Not Verified',
			bill_duration: 0,
		});
		expect(await found({ call_direction: 'inbound' })).toEqual([busy]);
		expect(await found({ hangup_cause_code: 4410 })).toEqual([busy]);
		expect(await found({ hangup_source: 'carrier' })).toEqual([busy]);
		expect(await found({ stir_verification: 'Not Verified' })).toEqual([busy]);
		expect(await found({ bill_duration__gt: 0 })).toEqual([answered]);
		expect(await found({ bill_duration__gte: 30, bill_duration__lte: 30 })).toEqual([answered]);
		expect(await found({ bill_duration__lt: 30 })).toEqual([busy]);
		expect(await found({ bill_duration: 30 })).toEqual([answered]);
		expect(await found({ stir_verification: 'verified' })).toBe(400);
		expect(await found({ hangup_source: 'pbx' })).toBe(400);
	});

	it('end_time bounds: gte and lte include, gt and lt do not; seconds may be left out', async () => {
		const [early, middle, late] = [endedAgo(120_000), endedAgo(60_000), endedAgo(0)];
		const [from, to] = [ago(120_000), ago(0)];
		expect(await found({ end_time__gte: from, end_time__lte: to })).toEqual([late, middle, early]);
		expect(await found({ end_time__gt: from, end_time__lt: to })).toEqual([middle]);
		expect(
			await found({ end_time__gte: from.slice(0, 16), end_time__lt: to.slice(0, 16) }),
		).toEqual([middle, early]);
		expect(await found({ end_time__gt: to })).toEqual([]);
	});

	it('an upper bound without a lower one is refused', async () => {
		expect(await found({ end_time__lt: ago(0) })).toBe(400);
		expect(await found({ end_time__lte: ago(0) })).toBe(400);
	});

	it.each(['2026-11-20T11:00:00', '2026-11-20', 'yesterday', '2026-13-40 10:00'])(
		'the time %s is refused',
		async (time) => expect(await found({ end_time__gte: time })).toBe(400),
	);

	it('without end_time the last 30 days are searched', async () => {
		const [recent, older] = [endedAgo(29 * DAY), endedAgo(31 * DAY)];
		expect(await found({})).toEqual([recent]);
		expect(await found({ end_time__gte: ago(60 * DAY) })).toEqual([recent, older]);
	});

	it('90 days are kept', async () => {
		const gone = endedAgo(91 * DAY);
		expect(await found({ end_time__gte: ago(90 * DAY) })).toEqual([]);
		expect(await found({ end_time__gte: ago(91 * DAY) })).toBe(400);
		expect((await account.get(`${CALL}${gone}/`)).status).toBe(404);
	});

	it('insights are strings', async () => {
		const { call_uuid } = simulator.addCall();
		const { data } = await account.get(`${CALL}${call_uuid}/Insights/`);
		const measured = ['rtt', 'jitter', 'packet_loss', 'post_dial_delay', 'plivo_quality_score'];
		for (const name of measured) expect(data[name]).toMatch(/^\d+(\.\d+)?$/);
		expect(data).toMatchObject({
			call_uuid,
			from: { carrier: 'Plivo', number: '+14155550100', region: 'US' },
			to: { carrier: 'Example Telecom', number: '+442079460100', region: 'GB' },
		});
		expect((await account.get(`${CALL}${MISSING_ID}/Insights/`)).status).toBe(404);
		const { trunk_id } = simulator.addTrunk();
		expect((await account.get(`${TRUNK}${trunk_id}/Insights/`)).status).toBe(404);
	});
});
