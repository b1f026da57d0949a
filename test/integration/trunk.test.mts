import type { Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	expectOnlyReads,
	type Json,
	listed,
	newAccount,
	run,
	sentTo,
} from '../support/account.mts';
import { first, nth, only } from '../support/elements.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const create = { name: 'Acme' };
const path = (id: unknown) => `/Zentrunk/Trunk/${String(id)}/`;

const someCredential = () => String(plivo.addCredential().credential_uuid);
const someIpAcl = () => String(plivo.addIpAcl().ipacl_uuid);
const someUri = () => String(plivo.addUri().uri_uuid);
const outboundTrunk = (record: Json = {}) =>
	plivo.addTrunk({ credential_uuid: someCredential(), ...record });
const inboundTrunk = (record: Json = {}) =>
	plivo.addTrunk({
		trunk_direction: 'inbound',
		primary_uri_uuid: someUri(),
		...record,
	});

describe('create', () => {
	it('makes an outbound trunk with a credential and answers it with its domain', async () => {
		const credential_uuid = someCredential();
		const { items, error } = await run(plivo, 'trunk', 'create', {
			...create,
			trunkDirection: 'outbound',
			sipAuthentication: 'credential',
			credentialId: listed(credential_uuid),
		});
		expect(error).toBeUndefined();
		const made = only(plivo.state.trunks.values());
		expect(items).toEqual([{ json: made, pairedItem: { item: 0 } }]);
		expect(made).toMatchObject({
			name: 'Acme',
			trunk_domain: `${String(made.trunk_id)}.zt.plivo.com`,
			trunk_status: 'enabled',
		});
		expect(sentTo(plivo)).toEqual([
			['POST /Zentrunk/Trunk/', { name: 'Acme', trunk_direction: 'outbound', credential_uuid }],
			[`GET ${path(made.trunk_id)}`],
		]);
	});

	it.each([
		['ipAcl', ['ipacl_uuid']],
		['both', ['credential_uuid', 'ipacl_uuid']],
	])('sends what the authentication %p needs', async (sipAuthentication, fields) => {
		const ids: Json = { credential_uuid: someCredential(), ipacl_uuid: someIpAcl() };
		const { error } = await run(plivo, 'trunk', 'create', {
			...create,
			trunkDirection: 'outbound',
			sipAuthentication,
			credentialId: byId(ids.credential_uuid),
			ipAclId: byId(ids.ipacl_uuid),
		});
		expect(error).toBeUndefined();
		expect(first(sentTo(plivo))[1]).toEqual({
			name: 'Acme',
			trunk_direction: 'outbound',
			...Object.fromEntries(fields.map((field) => [field, ids[field]])),
		});
	});

	it('makes an inbound trunk with all of its fields, never with secure', async () => {
		const [primary, fallback] = [someUri(), someUri()];
		const { json } = await run(plivo, 'trunk', 'create', {
			...create,
			trunkDirection: 'inbound',
			primaryUriId: listed(primary),
			additionalFields: { fallbackUriId: byId(fallback), trunkStatus: 'disabled', secure: true },
		});
		const fields = {
			name: 'Acme',
			trunk_direction: 'inbound',
			trunk_status: 'disabled',
			primary_uri_uuid: primary,
			fallback_uri_uuid: fallback,
		};
		expect(sentTo(plivo)[0]).toEqual(['POST /Zentrunk/Trunk/', fields]);
		expect(json).toEqual([expect.objectContaining(fields)]);
	});

	it.each([true, false])(
		'sends secure: %p for an outbound trunk when it is chosen',
		async (secure) => {
			await run(plivo, 'trunk', 'create', {
				...create,
				trunkDirection: 'outbound',
				sipAuthentication: 'credential',
				credentialId: byId(someCredential()),
				additionalFields: { secure },
			});
			expect(first(sentTo(plivo))[1]).toHaveProperty('secure', secure);
		},
	);

	it('names the trunk that has the name, when Plivo accepts each name only once', async () => {
		const there = outboundTrunk({ name: 'Acme' });
		const { error } = await run(plivo, 'trunk', 'create', {
			...create,
			trunkDirection: 'inbound',
			primaryUriId: byId(someUri()),
		});
		expect(error?.message).toBe(
			`There is already an outbound trunk "Acme" (${String(there.trunk_id)})`,
		);
		expect(plivo.state.trunks.size).toBe(1);
	});

	it('takes every field from an expression, direction and authentication too, and pairs the items', async () => {
		const [credential_uuid, ipacl_uuid] = [someCredential(), someIpAcl()];
		const [primary_uri_uuid, fallback_uri_uuid] = [someUri(), someUri()];
		const { items, error } = await run(
			plivo,
			'trunk',
			'create',
			{
				name: '={{ $json.name }}',
				trunkDirection: '={{ $json.direction }}',
				sipAuthentication: '={{ $json.authentication }}',
				credentialId: byId('={{ $json.credential }}'),
				ipAclId: '={{ $json.list }}',
				primaryUriId: '={{ $json.uri }}',
				additionalFields: {
					secure: '={{ $json.secure }}',
					trunkStatus: '={{ $json.status }}',
				},
			},
			{
				items: [
					{
						name: 'One',
						direction: 'outbound',
						authentication: 'both',
						credential: credential_uuid,
						list: ipacl_uuid,
						secure: true,
						status: 'enabled',
					},
					{
						name: 'Two',
						direction: 'inbound',
						uri: primary_uri_uuid,
						secure: false,
						status: 'disabled',
					},
				],
			},
		);
		expect(error).toBeUndefined();
		expect(
			items.map(({ json, pairedItem }) => [json.name, json.trunk_direction, pairedItem]),
		).toEqual([
			['One', 'outbound', { item: 0 }],
			['Two', 'inbound', { item: 1 }],
		]);
		const made = sentTo(plivo).filter(([line]) => line.startsWith('POST'));
		const bodies = made.map(([, body]) => body as Json);
		expect(bodies.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1))).toEqual([
			{
				name: 'One',
				trunk_direction: 'outbound',
				credential_uuid,
				ipacl_uuid,
				secure: true,
				trunk_status: 'enabled',
			},
			{
				name: 'Two',
				trunk_direction: 'inbound',
				primary_uri_uuid,
				trunk_status: 'disabled',
			},
		]);
		const { json } = await run(
			plivo,
			'trunk',
			'create',
			{
				...create,
				trunkDirection: 'inbound',
				primaryUriId: byId(primary_uri_uuid),
				additionalFields: { fallbackUriId: '={{ $json.fallback }}' },
			},
			{ items: [{ fallback: fallback_uri_uuid }] },
		);
		expect(only(json).fallback_uri_uuid).toBe(fallback_uri_uuid);
	});
});

describe('upsert', () => {
	const upsert = (parameters: Json, items?: Json[]) =>
		run(
			plivo,
			'trunk',
			'upsert',
			{ ...create, trunkDirection: 'outbound', sipAuthentication: 'credential', ...parameters },
			{ items },
		);
	const sent = () => plivo.requests.map(({ method, path }) => `${method} ${path}`);
	const writes = () => sentTo(plivo).filter(([line]) => !line.startsWith('GET'));

	it('updates what differs', async () => {
		const there = outboundTrunk({ name: 'Acme' });
		const credential_uuid = someCredential();
		const { json } = await upsert({ credentialId: byId(credential_uuid) });
		expect(json[0]).toMatchObject({
			trunk_id: there.trunk_id,
			credential_uuid,
			created: false,
			changed: true,
		});
		expect(sent()).toEqual([
			'GET /Zentrunk/Trunk/',
			`GET ${path(there.trunk_id)}`,
			`POST ${path(there.trunk_id)}`,
			`GET ${path(there.trunk_id)}`,
		]);
		expect(writes()).toEqual([
			[
				`POST ${path(there.trunk_id)}`,
				{ name: 'Acme', trunk_direction: 'outbound', credential_uuid },
			],
		]);
	});

	it.each([true, 'true'])(
		'leaves secure alone where an inbound trunk is to have it (%p)',
		async (secure) => {
			const { uri_uuid } = plivo.add('uris');
			const there = plivo.add('trunks', {
				name: 'Acme',
				trunk_direction: 'inbound',
				primary_uri_uuid: uri_uuid,
			});
			const { json } = await upsert({
				trunkDirection: 'inbound',
				primaryUriId: byId(uri_uuid),
				additionalFields: { secure: `={{ ${JSON.stringify(secure)} }}` },
			});
			expect(json).toEqual([{ ...there, created: false, changed: false }]);
			expect(writes()).toEqual([]);
		},
	);

	it.each(['direction', 'none'] as const)(
		'takes a trunk of the other direction for another one (names unique: %s)',
		async (names) => {
			plivo.variants.names = names;
			plivo.add('trunks', { name: 'Acme', trunk_direction: 'inbound' });
			const { json } = await upsert({ credentialId: byId(someCredential()) });
			expect(json[0]).toMatchObject({ created: true, trunk_direction: 'outbound' });
			expect(plivo.state.trunks.size).toBe(2);
		},
	);

	it('names the trunk of the other direction that has the name, where Plivo takes each once', async () => {
		const there = plivo.add('trunks', { name: 'Acme', trunk_direction: 'inbound' });
		const { error } = await upsert({ credentialId: byId(someCredential()) });
		expect(error?.message).toBe(
			`There is already an inbound trunk "Acme" (${String(there.trunk_id)})`,
		);
		expect(error?.description).toContain('Choose another name');
		expect(plivo.state.trunks.size).toBe(1);
	});

	it('creates once what several items ask for', async () => {
		const { json } = await upsert({ credentialId: byId(someCredential()) }, [{}, {}, {}]);
		expect(json.map(({ created }) => created).sort()).toEqual([false, false, true]);
		expect(plivo.state.trunks.size).toBe(1);
	});

	it.each(['account', 'none'] as const)(
		'creates once what several runs ask for at the same time (names unique: %s)',
		async (names) => {
			plivo.variants.names = names;
			plivo.options.latencyMs = 5;
			const credential_uuid = someCredential();
			const runs = await Promise.all(
				Array.from(
					{ length: 5 },
					async () => await upsert({ credentialId: byId(credential_uuid) }),
				),
			);
			expect(runs.map(({ error }) => error)).toEqual(runs.map(() => undefined));
			expect(runs.filter(({ json }) => only(json).created)).toHaveLength(1);
			expect(new Set(runs.map(({ json }) => only(json).trunk_id)).size).toBe(1);
			expect(plivo.state.trunks.size).toBe(1);
		},
	);
});

describe('get', () => {
	it('answers the whole record where it is not simplified', async () => {
		const there = outboundTrunk();
		const { json } = await run(plivo, 'trunk', 'get', {
			trunkId: byId(there.trunk_id),
			simplify: false,
		});
		expect(json).toEqual([there]);
	});

	it('also reads a trunk that is not nested', async () => {
		plivo.faults.add({
			faults: [{ kind: 'status', status: 200, body: { api_id: 'a', trunk_id: '7', name: 'Flat' } }],
		});
		const { json } = await run(plivo, 'trunk', 'get', { trunkId: byId('7') });
		expect(json).toEqual([{ trunk_id: '7', name: 'Flat' }]);
	});

	it('pairs each trunk with its item', async () => {
		const ids = [outboundTrunk(), outboundTrunk(), outboundTrunk()].map(({ trunk_id }) => trunk_id);
		const { items } = await run(
			plivo,
			'trunk',
			'get',
			{ trunkId: byId('={{ $json.id }}') },
			{ items: ids.map((id) => ({ id })) },
		);
		expect(items.map(({ json, pairedItem }) => [json.trunk_id, pairedItem])).toEqual(
			ids.map((id, item) => [id, { item }]),
		);
	});
});

describe('getAll', () => {
	it('reads all pages, in Plivo’s order', async () => {
		plivo.seed({ trunks: 45 });
		const { items } = await run(plivo, 'trunk', 'getAll', { returnAll: true });
		expect(items.map(({ json }) => json.trunk_id)).toEqual([
			...[...plivo.state.trunks.keys()].reverse(),
		]);
		expect(new Set(items.map(({ pairedItem }) => JSON.stringify(pairedItem)))).toEqual(
			new Set(['{"item":0}']),
		);
		expect(sentTo(plivo)).toEqual([
			['GET /Zentrunk/Trunk/?limit=20&offset=0'],
			['GET /Zentrunk/Trunk/?limit=20&offset=19'],
			['GET /Zentrunk/Trunk/?limit=20&offset=38'],
		]);
	});

	it.each([
		[1, 1],
		[20, 1],
		[21, 2],
		[50, 3],
	])('reads no more pages than a limit of %i takes', async (limit, pages) => {
		plivo.seed({ trunks: 65 });
		const { json } = await run(plivo, 'trunk', 'getAll', { limit });
		expect(json).toHaveLength(limit);
		expect(sentTo(plivo)).toHaveLength(pages);
	});

	it('answers 50 where nothing is said', async () => {
		plivo.seed({ trunks: 65 });
		const { json } = await run(plivo, 'trunk', 'getAll');
		expect(json).toHaveLength(50);
	});

	it('answers no item for an account without trunks', async () => {
		const { json, error } = await run(plivo, 'trunk', 'getAll', { returnAll: true });
		expect([json, error]).toEqual([[], undefined]);
	});

	it('sends every filter that is set, false included', async () => {
		await run(plivo, 'trunk', 'getAll', {
			filters: {
				trunkStatus: 'enabled',
				trunkDirection: 'outbound',
				secure: false,
				ipAclId: byId('i'),
				credentialId: listed('c'),
				primaryUriId: byId('p'),
				fallbackUriId: byId('f'),
			},
		});
		expect(plivo.requests.map(({ query }) => query)).toEqual([
			{
				trunk_status: 'enabled',
				trunk_direction: 'outbound',
				secure: 'false',
				ipacl_uuid: 'i',
				credential_uuid: 'c',
				primary_uri_uuid: 'p',
				fallback_uri_uuid: 'f',
				limit: '20',
				offset: '0',
			},
		]);
	});

	it('takes filters from expressions', async () => {
		const there = outboundTrunk({ trunk_status: 'disabled', name: 'ACME north' });
		outboundTrunk({ name: 'Other', credential_uuid: there.credential_uuid });
		const { json } = await run(
			plivo,
			'trunk',
			'getAll',
			{
				returnAll: '={{ $json.all }}',
				filters: {
					trunkStatus: '={{ $json.status }}',
					credentialId: '={{ $json.credential }}',
					name: '={{ $json.name }}',
				},
			},
			{
				items: [
					{
						all: true,
						status: 'disabled',
						credential: there.credential_uuid,
						name: 'acme',
					},
				],
			},
		);
		expect(json.map(({ trunk_id }) => trunk_id)).toEqual([there.trunk_id]);
	});

	it('finds a part of the name by itself, over all pages', async () => {
		plivo.seed({ trunks: 30 });
		const there = outboundTrunk({ name: 'The WAYNE one' });
		const { json } = await run(plivo, 'trunk', 'getAll', { filters: { name: ' wayne o' } });
		expect(json.map(({ trunk_id }) => trunk_id)).toEqual([there.trunk_id]);
		expect(sentTo(plivo).map(([line]) => line.includes('name'))).toEqual([false, false]);
	});

	it('takes a number for a part of the name, and trunks without a name for no match', async () => {
		outboundTrunk({ name: 'Branch 42' });
		outboundTrunk({ name: null });
		const { json } = await run(
			plivo,
			'trunk',
			'getAll',
			{ filters: { name: '={{ $json.part }}' } },
			{ items: [{ part: 42 }] },
		);
		expect(json.map(({ name }) => name)).toEqual(['Branch 42']);
	});

	it('does not trust Plivo to filter', async () => {
		plivo.options.ignoreListFilters = true;
		inboundTrunk();
		const there = outboundTrunk();
		const { json } = await run(plivo, 'trunk', 'getAll', {
			filters: { trunkDirection: 'outbound' },
		});
		expect(json.map(({ trunk_id }) => trunk_id)).toEqual([there.trunk_id]);
	});

	it('reads pages one after the other where it is told to', async () => {
		plivo.seed({ trunks: 45 });
		const { json } = await run(plivo, 'trunk', 'getAll', {
			returnAll: true,
			options: { pageConcurrency: 1 },
		});
		expect(json).toHaveLength(45);
	});

	it.each([
		['all fields', false, 12],
		['the main fields', true, 10],
	])('answers %s', async (_, simplify, fields) => {
		outboundTrunk();
		const { json } = await run(plivo, 'trunk', 'getAll', { simplify });
		expect(Object.keys(only(json))).toHaveLength(fields);
	});
});

describe('update', () => {
	const update = (id: unknown, updateFields: Json, items?: Json[]) =>
		run(plivo, 'trunk', 'update', { trunkId: byId(id), updateFields: updateFields }, { items });

	it('carries the direction along and answers the trunk as Plivo has it then', async () => {
		const there = outboundTrunk();
		const { json } = await update(there.trunk_id, { name: 'New', secure: false });
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.trunk_id)}`],
			[`POST ${path(there.trunk_id)}`, { trunk_direction: 'outbound', name: 'New', secure: false }],
			[`GET ${path(there.trunk_id)}`],
		]);
		expect(json).toEqual([plivo.state.trunks.get(String(there.trunk_id))]);
		expect(only(json).name).toBe('New');
	});

	it('reads the trunk first also where the direction is given', async () => {
		const there = outboundTrunk();
		const uri = someUri();
		const { json } = await update(there.trunk_id, {
			trunkDirection: 'inbound',
			primaryUriId: byId(uri),
		});
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.trunk_id)}`],
			[`POST ${path(there.trunk_id)}`, { trunk_direction: 'inbound', primary_uri_uuid: uri }],
			[`GET ${path(there.trunk_id)}`],
		]);
		expect(json[0]).toMatchObject({ name: there.name, trunk_direction: 'inbound' });
	});

	it('writes nothing to a trunk that is gone', async () => {
		const { error } = await update('21784100000000000', { trunkDirection: 'inbound' });
		expect(error?.message).toContain('Plivo has no trunk 21784100000000000');
		expect(sentTo(plivo)).toEqual([[`GET ${path('21784100000000000')}`]]);
	});

	it('does not turn a trunk outbound while numbers are routed to it', async () => {
		const there = inboundTrunk({ name: 'Acme' });
		const application = `/v1/Account/${plivo.authId}/Zentrunk/Trunk/${String(there.trunk_id)}/`;
		const others = (count: number) => {
			for (let added = 0; added < count; added++) plivo.addNumber();
		};
		others(25);
		const { number } = plivo.addNumber({ application });
		others(25);
		const turn = { trunkDirection: 'outbound', credentialId: byId(someCredential()) };
		const { error } = await update(there.trunk_id, turn);
		expect(error?.message).toBe(
			`Trunk "Acme" (${String(there.trunk_id)}) takes the calls of phone number ${String(number)}, and they would stop answering if it were outbound`,
		);
		expect(error?.description).toContain('Route every number of this trunk elsewhere first');
		expectOnlyReads(plivo);
		plivo.state.numbers.get(String(number))!.application = null;
		const { json } = await update(there.trunk_id, turn);
		expect(json[0]).toMatchObject({ trunk_id: there.trunk_id, trunk_direction: 'outbound' });
	});

	it.each([undefined, null])(
		'nor one whose direction Plivo shows as %p, which may be inbound',
		async (direction) => {
			const there = inboundTrunk({ name: null });
			there.trunk_direction = direction;
			const id = String(there.trunk_id);
			const { number } = plivo.addNumber({
				application: `/v1/Account/${plivo.authId}/Zentrunk/Trunk/${id}/`,
			});
			const { error } = await update(id, {
				trunkDirection: 'outbound',
				credentialId: byId(someCredential()),
			});
			expect(error?.message).toContain(
				`Trunk ${id} takes the calls of phone number ${String(number)}, and`,
			);
			const attached = await run(plivo, 'trunk', 'attachCredential', {
				trunkId: byId(id),
				credentialId: byId('c'),
			});
			expect(attached.error?.message).toContain(`Trunk ${id} is of an unknown direction, and`);
			expectOnlyReads(plivo);
		},
	);

	it('does not turn a trunk outbound while it cannot be told whether numbers are routed to it', async () => {
		const there = inboundTrunk({ name: 'Acme' });
		plivo.faults.add({ path: '/Number/', faults: [{ kind: 'status', status: 500 }] });
		const { error } = await run(plivo, 'trunk', 'update', {
			trunkId: byId(there.trunk_id),
			updateFields: { trunkDirection: 'outbound', credentialId: byId(someCredential()) },
			options: { maxRetries: 0 },
		});
		expect(error?.message).toBe('Plivo had an internal error: simulated 500');
		expectOnlyReads(plivo);
	});

	it.each<[string, Json, Json[]]>([
		[
			'with other fields',
			{ name: 'New', secure: true },
			[{ trunk_direction: 'inbound', name: 'New' }],
		],
		['alone', { secure: true }, []],
	])('never sends secure to an inbound trunk, %s', async (_, updateFields, written) => {
		const there = inboundTrunk();
		await update(there.trunk_id, updateFields);
		const bodies = sentTo(plivo).flatMap(([, body]) => (body === undefined ? [] : [body]));
		expect(bodies).toEqual(written);
		expect(plivo.state.trunks.get(String(there.trunk_id))).toMatchObject({
			secure: false,
		});
	});

	it('sends each field that is given, also from an expression', async () => {
		const there = outboundTrunk();
		const [credential_uuid, ipacl_uuid] = [someCredential(), someIpAcl()];
		const [primary_uri_uuid, fallback_uri_uuid] = [someUri(), someUri()];
		const { error } = await update(
			there.trunk_id,
			{
				name: '={{ $json.name }}',
				trunkStatus: '={{ $json.status }}',
				trunkDirection: '={{ $json.direction }}',
				secure: '={{ $json.secure }}',
				ipAclId: byId('={{ $json.list }}'),
				credentialId: '={{ $json.credential }}',
				primaryUriId: listed(primary_uri_uuid),
				fallbackUriId: byId('={{ $json.fallback }}'),
			},
			[
				{
					name: 'New',
					status: 'disabled',
					direction: 'outbound',
					secure: true,
					list: ipacl_uuid,
					credential: credential_uuid,
					fallback: fallback_uri_uuid,
				},
			],
		);
		expect(error).toBeUndefined();
		expect(nth(sentTo(plivo), 1)[1]).toEqual({
			name: 'New',
			trunk_status: 'disabled',
			trunk_direction: 'outbound',
			secure: true,
			ipacl_uuid,
			credential_uuid,
			primary_uri_uuid,
			fallback_uri_uuid,
		});
	});
});

describe('attaching', () => {
	it('sets the credential of an outbound trunk', async () => {
		const there = outboundTrunk();
		const credential_uuid = someCredential();
		const { json } = await run(plivo, 'trunk', 'attachCredential', {
			trunkId: byId(there.trunk_id),
			credentialId: listed(credential_uuid),
		});
		expect(nth(sentTo(plivo), 1)[1]).toEqual({ trunk_direction: 'outbound', credential_uuid });
		expect(json[0]).toMatchObject({ trunk_id: there.trunk_id, credential_uuid });
	});

	it('sets the IP access control list of an outbound trunk', async () => {
		const there = outboundTrunk();
		const ipacl_uuid = someIpAcl();
		const { json } = await run(
			plivo,
			'trunk',
			'attachIpAcl',
			{ trunkId: '={{ $json.trunk }}', ipAclId: byId('={{ $json.list }}') },
			{ items: [{ trunk: there.trunk_id, list: ipacl_uuid }] },
		);
		expect(nth(sentTo(plivo), 1)[1]).toEqual({ trunk_direction: 'outbound', ipacl_uuid });
		expect(json[0]).toMatchObject({ ipacl_uuid });
	});

	it.each([
		['primary', 'primary_uri_uuid'],
		['fallback', 'fallback_uri_uuid'],
	])('sets the %s URI of an inbound trunk', async (role, field) => {
		const there = inboundTrunk();
		const uri = someUri();
		const { json } = await run(plivo, 'trunk', 'attachOriginationUri', {
			trunkId: byId(there.trunk_id),
			originationUriId: byId(uri),
			role,
		});
		expect(sentTo(plivo)).toContainEqual([
			`POST ${path(there.trunk_id)}`,
			{ trunk_direction: 'inbound', [field]: uri },
		]);
		expect(json[0]).toMatchObject({ [field]: uri });
	});

	it('refuses a URI for an outbound trunk, and a credential for an inbound one', async () => {
		const [outbound, inbound] = [outboundTrunk({ name: 'Out' }), inboundTrunk({ name: 'In' })];
		const uri = await run(plivo, 'trunk', 'attachOriginationUri', {
			trunkId: byId(outbound.trunk_id),
			originationUriId: byId('u'),
		});
		expect(uri.error?.message).toBe(
			`Trunk "Out" (${String(outbound.trunk_id)}) is outbound, and this works with inbound trunks only`,
		);
		expect(uri.error?.description).toContain('Choose an inbound trunk');
		const credential = await run(plivo, 'trunk', 'attachCredential', {
			trunkId: byId(inbound.trunk_id),
			credentialId: byId('c'),
		});
		expect(credential.error?.message).toBe(
			`Trunk "In" (${String(inbound.trunk_id)}) is inbound, and this works with outbound trunks only`,
		);
		expect(credential.error?.description).toContain('Choose an outbound trunk');
		expectOnlyReads(plivo);
	});
});

describe.each([
	['enable', 'enabled'],
	['disable', 'disabled'],
])('%s', (operation, trunk_status) => {
	it('sets the status, with the direction', async () => {
		const there = inboundTrunk();
		const { json } = await run(plivo, 'trunk', operation, { trunkId: byId(there.trunk_id) });
		// Numbers are looked for only where they are cut off.
		const looks =
			operation === 'disable'
				? [
						[`GET /Zentrunk/URI/${String(there.primary_uri_uuid)}/`],
						['GET /Number/?limit=20&offset=0'],
					]
				: [];
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.trunk_id)}`],
			...looks,
			[`POST ${path(there.trunk_id)}`, { trunk_direction: 'inbound', trunk_status }],
			[`GET ${path(there.trunk_id)}`],
		]);
		expect(json[0]).toMatchObject({ trunk_id: there.trunk_id, trunk_status });
	});
});
