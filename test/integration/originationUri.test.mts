import type { Simulator } from '../../simulator/simulator.mts';
import { byId, closeAccounts, type Json, newAccount, run, sentTo } from '../support/account.mts';
import { first, nth, only } from '../support/elements.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const PATH = '/Zentrunk/URI/';
const path = (id: unknown) => `${PATH}${String(id)}/`;
const uris = () => plivo.state.uris;

/** A URI as Plivo has it: with the password that it never shows. */
const shown = ({ password: _password, ...record }: Json) => record;

describe('create', () => {
	const create = { name: 'Acme' };

	it('makes a URI and answers it', async () => {
		const uri = 'sip.example.com:5060;transport=tcp';
		const { items, error } = await run(plivo, 'originationUri', 'create', {
			...create,
			uri: ` ${uri} `,
		});
		expect(error).toBeUndefined();
		const [id] = [...uris().keys()];
		expect(items).toEqual([
			{
				json: { uri_uuid: id, name: 'Acme', uri, authentication_needed: false },
				pairedItem: { item: 0 },
			},
		]);
		expect(sentTo(plivo)).toEqual([
			[`POST ${PATH}`, { name: 'Acme', uri, authentication_needed: false }],
		]);
	});

	it('sends username and password with authentication, and never answers the password', async () => {
		const fields = { uri: 'sip.example.com;transport=udp', username: 'plivo' };
		const { json, run: execution } = await run(plivo, 'originationUri', 'create', {
			...create,
			...fields,
			authenticationNeeded: true,
			password: 'a-secret!',
		});
		const sent = { name: 'Acme', ...fields, authentication_needed: true };
		// A password can't be compared: what is there already is looked at first.
		expect(sentTo(plivo)).toEqual([
			[`GET ${PATH}?limit=20&offset=0`],
			[`POST ${PATH}`, { ...sent, password: 'a-secret!' }],
		]);
		expect(json).toEqual([{ uri_uuid: expect.any(String), ...sent }]);
		expect(JSON.stringify(execution.data.resultData)).not.toContain('a-secret!');
	});

	it('takes every field from an expression, one item each', async () => {
		const { items, error } = await run(
			plivo,
			'originationUri',
			'create',
			{
				name: '={{ $json.name }}',
				uri: '={{ $json.uri }}',
				authenticationNeeded: '={{ $json.login !== undefined }}',
				username: '={{ $json.login }}',
				password: '={{ $json.password }}',
			},
			{
				items: [
					{ name: 'One', uri: 'one.example.com;transport=tcp' },
					{ name: 'Two', uri: 'two.example.com;transport=tls', login: 'plivo', password: 'x' },
				],
			},
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
			['One', { item: 0 }],
			['Two', { item: 1 }],
		]);
		expect(sentTo(plivo).flatMap(([, body]) => body ?? [])).toEqual([
			{ name: 'One', uri: 'one.example.com;transport=tcp', authentication_needed: false },
			{
				name: 'Two',
				uri: 'two.example.com;transport=tls',
				authentication_needed: true,
				username: 'plivo',
				password: 'x',
			},
		]);
	});

	it('warns about a private address, and makes it all the same', async () => {
		const { json } = await run(plivo, 'originationUri', 'create', {
			...create,
			uri: '192.168.1.10;transport=udp',
		});
		expect(only(json).warnings).toEqual([expect.stringContaining('only works in a test setup')]);
		expect(uris().size).toBe(1);
	});
});

describe('upsert', () => {
	const upsert = (fields: Json) =>
		run(plivo, 'originationUri', 'upsert', { name: 'Acme', ...fields });
	const sent = () => plivo.requests.map(({ method, path }) => `${method} ${path}`);
	const writes = () => sentTo(plivo).filter(([line]) => !line.startsWith('GET'));
	const uri = 'sip.example.com;transport=tcp';

	it('updates what differs', async () => {
		const there = plivo.add('uris', { name: 'Acme', uri: 'old.example.com' });
		const { json } = await upsert({ uri });
		expect(json).toEqual([{ ...shown(there), uri, created: false, changed: true }]);
		expect(sent()).toEqual([
			`GET ${PATH}`,
			`GET ${path(there.uri_uuid)}`,
			// No trunk uses it, so no number is looked for.
			'GET /Zentrunk/Trunk/',
			'GET /Zentrunk/Trunk/',
			`POST ${path(there.uri_uuid)}`,
		]);
		expect(writes()).toEqual([
			[`POST ${path(there.uri_uuid)}`, { name: 'Acme', uri, authentication_needed: false }],
		]);
	});

	it('writes a given password each time, since it cannot be compared', async () => {
		const there = plivo.add('uris', {
			name: 'Acme',
			uri,
			authentication_needed: true,
			username: 'plivo',
			password: 'old',
		});
		const { json } = await upsert({
			uri,
			authenticationNeeded: true,
			username: 'plivo',
			password: 'new',
		});
		expect(json[0]).toMatchObject({ uri_uuid: there.uri_uuid, created: false, changed: true });
		expect(json[0]).not.toHaveProperty('password');
		expect(plivo.state.uris.get(String(there.uri_uuid))?.password).toBe('new');
	});

	it('uses the list that it has read for a minute, and brings it up to date with one request', async () => {
		for (let number = 0; number < 100; number++) plivo.add('uris', { name: `U ${number}` });
		await upsert({ uri });
		plivo.clearRequests();
		const { json } = await upsert({ name: 'Second', uri });
		expect(json[0]).toMatchObject({ name: 'Second', created: true });
		// One look at either end before it is made, and one afterwards.
		expect(plivo.requests.length).toBeLessThanOrEqual(5);
		expect(writes()).toHaveLength(1);
	});

	it('sees what others have made meanwhile', async () => {
		for (let number = 0; number < 50; number++) plivo.add('uris', { name: `U ${number}` });
		await upsert({ uri });
		const there = plivo.add('uris', { name: 'Second', uri });
		const { json } = await upsert({ name: 'Second', uri });
		expect(json).toEqual([{ ...shown(there), created: false, changed: false }]);
	});

	it.each(['newest', 'oldest', 'id', 'unstable'] as const)(
		'finds what it has made, whatever the order of the list (%s) and whatever others do to it',
		async (order) => {
			plivo.variants.order = order;
			for (let number = 0; number < 45; number++) plivo.add('uris', { name: `U ${number}` });
			const made = await upsert({ uri });
			expect(made.error).toBeUndefined();
			const { uri_uuid } = only(made.json);
			for (let round = 0; round < 4; round++) {
				const someone = first([...plivo.state.uris.keys()].filter((id) => id !== uri_uuid));
				plivo.state.uris.delete(someone);
				for (let made = 0; made < round; made++) plivo.add('uris', { name: `New ${round}` });
				const { json, error } = await upsert({ uri });
				expect(error).toBeUndefined();
				expect(json[0]).toMatchObject({ uri_uuid, created: false, changed: false });
			}
			expect(writes()).toHaveLength(1);
		},
	);

	it.each(['newest', 'oldest', 'id'] as const)(
		'makes none twice where many are made one after the other (%s first)',
		async (order) => {
			plivo.variants.order = order;
			for (let round = 0; round < 2; round++) {
				for (let number = 0; number < 25; number++) {
					const { error, json } = await upsert({ name: `U ${number}`, uri });
					expect(error).toBeUndefined();
					expect(only(json).created).toBe(round === 0);
				}
			}
			expect(plivo.state.uris.size).toBe(25);
		},
	);

	it('makes again what others have deleted meanwhile', async () => {
		const made = await upsert({ uri });
		plivo.state.uris.clear();
		const { json } = await upsert({ uri });
		expect(json[0]).toMatchObject({ name: 'Acme', uri, created: true });
		expect(only(json).uri_uuid).not.toBe(only(made.json).uri_uuid);
		expect([...plivo.state.uris.keys()]).toEqual([only(json).uri_uuid]);
	});

	it('makes it under its name when others have renamed what had it', async () => {
		const made = await upsert({ uri });
		plivo.state.uris.get(String(only(made.json).uri_uuid))!.name = 'Other';
		const { json } = await upsert({ uri });
		expect(json[0]).toMatchObject({ name: 'Acme', created: true });
		expect(plivo.state.uris.size).toBe(2);
	});
});

describe('update', () => {
	const update = (id: unknown, updateFields: Json, items?: Json[]) =>
		run(plivo, 'originationUri', 'update', { originationUriId: byId(id), updateFields }, { items });

	it('changes what is given and answers the whole record', async () => {
		const there = plivo.addUri();
		const uri = 'new.example.com;transport=tls';
		const { json } = await update(there.uri_uuid, { name: 'New', uri });
		const used = ['primary', 'fallback'].map((role) => [
			`GET /Zentrunk/Trunk/?${role}_uri_uuid=${String(there.uri_uuid)}&limit=20&offset=0`,
		]);
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.uri_uuid)}`],
			// No trunk uses it, so no number is looked for.
			...used,
			[`POST ${path(there.uri_uuid)}`, { name: 'New', uri }],
		]);
		expect(json).toEqual([{ ...shown(there), name: 'New', uri }]);
	});

	it('restates authentication and username with a new password', async () => {
		const there = plivo.addUri({
			authentication_needed: true,
			username: 'plivo',
			password: 'old',
		});
		const { json, error } = await update(there.uri_uuid, { password: 'new' });
		expect(error).toBeUndefined();
		expect(nth(sentTo(plivo), 1)[1]).toEqual({
			password: 'new',
			authentication_needed: true,
			username: 'plivo',
		});
		expect(json[0]).not.toHaveProperty('password');
		expect(uris().get(String(there.uri_uuid))?.password).toBe('new');
	});

	it('takes every field from an expression', async () => {
		const there = plivo.addUri();
		const { error } = await update(
			there.uri_uuid,
			{
				name: '={{ $json.name }}',
				uri: '={{ $json.uri }}',
				authenticationNeeded: '={{ $json.needed }}',
				username: '={{ $json.username }}',
				password: '={{ $json.password }}',
			},
			[{ name: 'New', uri: 'n.example.com', needed: true, username: 'acme', password: 'x' }],
		);
		expect(error).toBeUndefined();
		expect(nth(sentTo(plivo), 3)[1]).toEqual({
			name: 'New',
			uri: 'n.example.com',
			authentication_needed: true,
			username: 'acme',
			password: 'x',
		});
	});

	it.each<[string, Json]>([
		["'Username' is missing", { authenticationNeeded: true, password: 'x' }],
		["'Password' is missing", { authenticationNeeded: true, username: 'acme' }],
	])('writes nothing when the %s', async (message, updateFields) => {
		const there = plivo.addUri();
		const { error } = await update(there.uri_uuid, updateFields);
		expect(error?.message).toBe(message);
		expect(sentTo(plivo)).toEqual([[`GET ${path(there.uri_uuid)}`]]);
	});

	it('switches authentication off', async () => {
		const there = plivo.addUri({
			authentication_needed: true,
			username: 'plivo',
			password: 'old',
		});
		const { json } = await update(there.uri_uuid, { authenticationNeeded: false });
		expect(nth(sentTo(plivo), 1)[1]).toEqual({ authentication_needed: false });
		expect(only(json).authentication_needed).toBe(false);
	});
});

describe('delete', () => {
	const remove = (id: unknown, options: Json = {}) =>
		run(plivo, 'originationUri', 'delete', { originationUriId: byId(id), options });

	it('names ten of many trunks', async () => {
		const { uri_uuid } = plivo.addUri();
		for (let made = 0; made < 12; made++) {
			plivo.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: uri_uuid });
		}
		const { error } = await remove(uri_uuid);
		expect(error?.message).toMatch(
			/by trunks ("Trunk \d+" \(\d+\), ){9}"Trunk \d+" \(\d+\) and 2 more$/,
		);
	});
});
