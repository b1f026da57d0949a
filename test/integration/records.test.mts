/** What is alike for every kind of record: Get, Get Many, Create or Update, Delete. What differs has a file a kind. */
import type { Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	expectOnlyReads,
	type Json,
	listed,
	newAccount,
	outputOf,
	run,
	sentTo,
	trunkPath,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { only } from '../support/elements.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

interface Kind {
	readonly resource: string;
	readonly label: string;
	readonly plural: string;
	readonly records: 'trunks' | 'uris' | 'credentials' | 'ipacls';
	readonly path: string;
	readonly idField: string;
	readonly idParameter: string;
	/** What no output shows. */
	readonly hidden: readonly string[];
	/** Plivo's fields of a record, and the parameters that ask for it. */
	readonly fields: () => Json;
	readonly parameters: (fields: Json) => Json;
	/** Queries by which is looked for what uses it; what uses it, in words; and what would come of its deletion. */
	readonly looks: (id: string) => string[];
	readonly user: (id: string) => string;
	readonly consequence: string;
}

const trunksBy = (field: string) => (id: string) =>
	`GET /Zentrunk/Trunk/?${field}=${id}&limit=20&offset=0`;
const usedBy = (field: string, more: Json) => (id: string) => {
	const { trunk_id } = plivo.addTrunk({ name: 'User', ...more, [field]: id });
	return `is used by trunk "User" (${String(trunk_id)})`;
};

const URI: Kind = {
	resource: 'originationUri',
	label: 'origination URI',
	plural: 'origination URIs',
	records: 'uris',
	path: '/Zentrunk/URI/',
	idField: 'uri_uuid',
	idParameter: 'originationUriId',
	hidden: ['password'],
	fields: () => ({ name: 'Acme', uri: 'sip.example.com;transport=tcp' }),
	parameters: (fields) => fields,
	looks: (id) => ['fallback_uri_uuid', 'primary_uri_uuid'].map((field) => trunksBy(field)(id)),
	user: usedBy('primary_uri_uuid', { trunk_direction: 'inbound' }),
	consequence: 'Plivo would delete every trunk that uses it',
};

const KINDS: Kind[] = [
	{
		resource: 'trunk',
		label: 'trunk',
		plural: 'trunks',
		records: 'trunks',
		path: '/Zentrunk/Trunk/',
		idField: 'trunk_id',
		idParameter: 'trunkId',
		hidden: ['created_at', 'updated_at'],
		fields: () => ({
			name: 'Acme',
			trunk_direction: 'inbound',
			primary_uri_uuid: plivo.addUri().uri_uuid,
		}),
		parameters: ({ name, primary_uri_uuid }) => ({
			name,
			trunkDirection: 'inbound',
			primaryUriId: byId(primary_uri_uuid),
		}),
		looks: () => ['GET /Number/?limit=20&offset=0'],
		user: (id) => {
			const { number } = plivo.addNumber({ application: trunkPath(plivo, id) });
			return `is in use: phone number ${String(number)} is routed to it, and its calls would fail`;
		},
		consequence: 'Route its phone numbers elsewhere first',
	},
	{
		resource: 'credential',
		label: 'SIP credential',
		plural: 'SIP credentials',
		records: 'credentials',
		path: '/Zentrunk/Credential/',
		idField: 'credential_uuid',
		idParameter: 'credentialId',
		hidden: ['password'],
		fields: () => ({ name: 'Acme', username: 'acmepbx01' }),
		parameters: (fields) => ({ ...fields, password: 'S3cret_words!' }),
		looks: (id) => [trunksBy('credential_uuid')(id)],
		user: usedBy('credential_uuid', {}),
		consequence:
			'Calls through every trunk that uses it would fail. Give each such trunk another SIP credential first',
	},
	{
		resource: 'ipAccessControlList',
		label: 'IP access control list',
		plural: 'IP access control lists',
		records: 'ipacls',
		path: '/Zentrunk/IPAccessControlList/',
		idField: 'ipacl_uuid',
		idParameter: 'ipAclId',
		hidden: [],
		fields: () => ({ name: 'Acme', ip_addresses: ['13.52.9.10', '13.52.9.11'] }),
		parameters: ({ name }) => ({ name, ipAddresses: '13.52.9.11, 13.52.9.10' }),
		looks: (id) => [trunksBy('ipacl_uuid')(id)],
		user: usedBy('ipacl_uuid', {}),
		consequence: 'Calls through every trunk that uses it would fail',
	},
	URI,
];

describe.each(KINDS)('$label', (kind) => {
	const { resource, label, path, idField, idParameter } = kind;
	const add = (record: Json = kind.fields()) => plivo.add(kind.records, record);
	const shown = (record: Json) =>
		Object.fromEntries(Object.entries(record).filter(([field]) => !kind.hidden.includes(field)));
	const upsert = async () => {
		const fields = kind.fields();
		return await run(plivo, resource, 'upsert', kind.parameters(fields));
	};

	it.each([
		['the list', listed],
		['an id', byId],
		['a plain text', (id: unknown) => id],
	])('is read where it is picked by %s', async (_, picked) => {
		const there = add();
		const { items } = await run(plivo, resource, 'get', { [idParameter]: picked(there[idField]) });
		expect(items).toEqual([{ json: shown(there), pairedItem: { item: 0 } }]);
		expect(sentTo(plivo)).toEqual([[`GET ${path}${String(there[idField])}/`]]);
	});

	it('is listed: all, or up to a limit', async () => {
		for (let more = 0; more < 25; more++) add({ ...kind.fields(), name: `Acme ${more}` });
		const newestFirst = [...plivo.state[kind.records].values()].map(shown).reverse();
		const all = await run(plivo, resource, 'getAll', { returnAll: true });
		expect(all.json).toEqual(newestFirst);
		plivo.clearRequests();
		const limit = { limit: '={{ $json.n }}' };
		const some = await run(plivo, resource, 'getAll', limit, { items: [{ n: 2 }] });
		expect(some.json).toEqual(newestFirst.slice(0, 2));
		expect(sentTo(plivo)).toEqual([[`GET ${path}?limit=20&offset=0`]]);
	});

	it('is created by Create or Update where there is none, and looked at for a twin', async () => {
		const output = outputOf(await upsert());
		expect(output).toMatchObject({ name: 'Acme', created: true, changed: true });
		expect(output).not.toHaveProperty('password');
		expect(output[idField]).toBe(only(plivo.state[kind.records].keys()));
		expect(plivo.requests.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
			`GET ${path}`,
			`POST ${path}`,
			`GET ${path}`,
		]);
	});

	it('is not chosen by Create or Update among several of the name, which are named', async () => {
		plivo.variants.order = 'oldest';
		const ids = [add(), add()].map((record) => String(record[idField]));
		const words = wordsOf(await upsert());
		expect(words).toContain(`2 ${kind.plural} are named "Acme": ${ids.join(', ')}\n`);
		expect(words).toContain('use the Update operation with an ID');
		expectOnlyReads(plivo);
	});

	it('is deleted where nothing uses it', async () => {
		const id = String(add()[idField]);
		const { json } = await run(plivo, resource, 'delete', { [idParameter]: byId(id) });
		expect(json).toEqual([{ deleted: true, [idField]: id }]);
		const lines = sentTo(plivo).map(([line]) => line);
		expect(lines.slice(0, -1).sort()).toEqual(kind.looks(id));
		expect(lines.at(-1)).toBe(`DELETE ${path}${id}/`);
	});

	it('is not deleted where something uses it, unless forced', async () => {
		const id = String(add()[idField]);
		const use = kind.user(id);
		const parameters = { [idParameter]: byId(id) };
		const words = wordsOf(await run(plivo, resource, 'delete', parameters));
		expect(words.split('\n')[0]).toBe(`The ${label} ${use}`);
		expect(words).toContain(kind.consequence);
		expect(words).toContain("turn on 'Force' in the options");
		expect(writesOf(plivo)).toEqual([]);
		const forced = { ...parameters, options: { force: true } };
		const warning = `The ${label} (${id}) was in use: ${use.replace(/^is (in use: |used )/, '')}.`;
		expect((await run(plivo, resource, 'delete', forced)).json).toEqual([
			{ deleted: true, [idField]: id, warnings: [warning] },
		]);
	});
});

// A password can't be compared, so a credential is written each time.
it.each(KINDS.filter(({ resource }) => resource !== 'credential'))(
	'$label: nothing is written by Create or Update where nothing differs',
	async ({ resource, records, fields, parameters, path }) => {
		const wanted = fields();
		const { password: _password, ...there } = plivo.add(records, wanted);
		const { json } = await run(plivo, resource, 'upsert', parameters(wanted));
		expect(json).toEqual([{ ...there, created: false, changed: false }]);
		expect(plivo.requests.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
			`GET ${path}`,
		]);
	},
);
