import { nth, only } from '../support/elements.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { byId, closeAccounts, type Json, newAccount, run, sentTo } from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const PATH = '/Zentrunk/IPAccessControlList/';
const path = (id: unknown) => `${PATH}${String(id)}/`;
const add = (...ip_addresses: string[]) => plivo.addIpAcl({ name: 'Acme', ip_addresses });

describe('create', () => {
	const create = { name: 'Acme' };

	it('makes a list and answers it', async () => {
		const ip_addresses = ['13.52.9.10', '18.214.109.0/28'];
		const { items } = await run(plivo, 'ipAccessControlList', 'create', {
			...create,
			ipAddresses: ip_addresses.join(', '),
		});
		const [id] = [...plivo.state.ipacls.keys()];
		expect(items).toEqual([
			{ json: { ipacl_uuid: id, name: 'Acme', ip_addresses }, pairedItem: { item: 0 } },
		]);
		expect(sentTo(plivo)).toEqual([[`POST ${PATH}`, { name: 'Acme', ip_addresses }]]);
	});

	it.each<[string, unknown]>([
		['a list', ['13.52.9.10', '2600:1f18::1']],
		['a text with line ends', '13.52.9.10\n2600:1f18::1'],
	])('takes %s from an expression', async (_, addresses) => {
		const { error } = await run(
			plivo,
			'ipAccessControlList',
			'create',
			{ ...create, name: '={{ $json.name }}', ipAddresses: '={{ $json.addresses }}' },
			{ items: [{ name: 'One', addresses }] },
		);
		expect(error).toBeUndefined();
		expect(only(sentTo(plivo))[1]).toEqual({
			name: 'One',
			ip_addresses: ['13.52.9.10', '2600:1f18::1'],
		});
	});

	it('warns about a range that lets strangers in, and makes it all the same', async () => {
		const { json } = await run(plivo, 'ipAccessControlList', 'create', {
			...create,
			ipAddresses: '0.0.0.0/0',
		});
		expect(only(json).warnings).toEqual([expect.stringContaining('anyone in it')]);
		expect(plivo.state.ipacls.size).toBe(1);
	});
});

describe('upsert', () => {
	const upsert = (ipAddresses: unknown) =>
		run(plivo, 'ipAccessControlList', 'upsert', { name: 'Acme', ipAddresses });

	it('replaces the addresses where they differ', async () => {
		const there = add('13.52.9.10');
		const { json } = await upsert('13.52.9.11');
		expect(json).toEqual([
			{ ...there, ip_addresses: ['13.52.9.11'], created: false, changed: true },
		]);
	});
});

describe('update', () => {
	const update = (id: unknown, updateFields: Json, items?: Json[]) =>
		run(plivo, 'ipAccessControlList', 'update', { ipAclId: byId(id), updateFields }, { items });

	it('replaces the whole list of addresses', async () => {
		const there = add('13.52.9.10', '13.52.9.11');
		const changes = { name: 'New', ip_addresses: ['13.52.9.12'] };
		const { json } = await update(there.ipacl_uuid, { name: 'New', ipAddresses: '13.52.9.12' });
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.ipacl_uuid)}`],
			[`POST ${path(there.ipacl_uuid)}`, changes],
		]);
		expect(json).toEqual([{ ...there, ...changes }]);
	});

	it('leaves the addresses alone where only the name is given, also by an expression', async () => {
		const there = add('13.52.9.10');
		const { json } = await update(there.ipacl_uuid, { name: '={{ $json.name }}' }, [
			{ name: 'New' },
		]);
		expect(nth(sentTo(plivo), 1)[1]).toEqual({ name: 'New' });
		expect(json).toEqual([{ ...there, name: 'New' }]);
	});
});

describe('addAddresses and removeAddresses', () => {
	const change = (operation: string, id: unknown, ipAddresses: unknown, items?: Json[]) =>
		run(plivo, 'ipAccessControlList', operation, { ipAclId: byId(id), ipAddresses }, { items });

	it('adds to what is there', async () => {
		const there = add('13.52.9.10');
		const ip_addresses = ['13.52.9.10', '13.52.9.11'];
		const { json } = await change('addAddresses', there.ipacl_uuid, ip_addresses);
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.ipacl_uuid)}`],
			[`POST ${path(there.ipacl_uuid)}`, { ip_addresses }],
		]);
		expect(json).toEqual([{ ...there, ip_addresses }]);
	});

	it('adds to a list that has none', async () => {
		const { ipacl_uuid } = plivo.addIpAcl({ ip_addresses: null });
		const { json } = await change('addAddresses', ipacl_uuid, '13.52.9.10');
		expect(only(json).ip_addresses).toEqual(['13.52.9.10']);
	});

	describe.each(['addAddresses', 'removeAddresses'])('%s', (operation) => {
		it.each([
			['a text', '13.52.9.10,13.52.9.11'],
			['a list of objects', [{ address: '13.52.9.10' }, { address: '13.52.9.11' }]],
			['nothing of them', undefined],
		])('replaces nothing where Plivo shows %s', async (_, shown) => {
			const there = add('13.52.9.10', '13.52.9.11');
			there.ip_addresses = shown;
			const { error } = await change(operation, there.ipacl_uuid, '13.52.9.10');
			expect(error?.message).toBe(
				`Plivo does not show the addresses of IP access control list ${String(there.ipacl_uuid)} as a list, so nothing was changed`,
			);
			expect(sentTo(plivo)).toHaveLength(1);
		});
	});

	it('warns about what it adds', async () => {
		const there = add('13.52.9.10');
		const { json } = await change('addAddresses', there.ipacl_uuid, '10.0.0.5');
		expect(only(json).warnings).toEqual([expect.stringContaining('10.0.0.5 is a private address')]);
	});

	it('loses none when several items add to one list', async () => {
		const there = add('13.52.9.1');
		const items = ['13.52.9.2', '13.52.9.3', '13.52.9.4'].map((address) => ({ address }));
		await change('addAddresses', there.ipacl_uuid, '={{ $json.address }}', items);
		expect(plivo.state.ipacls.get(String(there.ipacl_uuid))?.ip_addresses).toEqual([
			'13.52.9.1',
			'13.52.9.2',
			'13.52.9.3',
			'13.52.9.4',
		]);
	});

	it('takes off what is named', async () => {
		const there = add('13.52.9.10', '13.52.9.11');
		const { json } = await change('removeAddresses', there.ipacl_uuid, '13.52.9.10');
		expect(nth(sentTo(plivo), 1)[1]).toEqual({ ip_addresses: ['13.52.9.11'] });
		expect(json).toEqual([{ ...there, ip_addresses: ['13.52.9.11'] }]);
	});

	it.each<[string, string, Json]>([
		['addAddresses', '13.52.9.10', {}],
		['addAddresses', '13.52.9.10/32', {}],
		[
			'removeAddresses',
			'18.214.109.1',
			{ warnings: ['Not in the list, so nothing to remove: 18.214.109.1.'] },
		],
	])('%s of %s writes nothing: nothing changes', async (operation, address, warnings) => {
		const there = add('13.52.9.10');
		const { json } = await change(operation, there.ipacl_uuid, address);
		expect(json).toEqual([{ ...there, ...warnings }]);
		expect(sentTo(plivo)).toEqual([[`GET ${path(there.ipacl_uuid)}`]]);
	});

	it('takes off what is there, and says what is not', async () => {
		const there = add('13.52.9.10', '13.52.9.11');
		const { json } = await change('removeAddresses', there.ipacl_uuid, '13.52.9.10, 18.214.109.1');
		expect(json).toEqual([
			{
				...there,
				ip_addresses: ['13.52.9.11'],
				warnings: ['Not in the list, so nothing to remove: 18.214.109.1.'],
			},
		]);
	});

	it('warns about an address that no call comes from', async () => {
		const there = add('13.52.9.10');
		const { json } = await change('addAddresses', there.ipacl_uuid, '203.0.113.10');
		expect(only(json).warnings).toEqual([
			expect.stringContaining('203.0.113.10 is an address for examples in documentation'),
		]);
	});

	it('does not empty a list', async () => {
		const there = add('13.52.9.10');
		const { error } = await change('removeAddresses', there.ipacl_uuid, '13.52.9.10');
		expect(error?.message).toContain('nobody could call with an empty list');
		expect(error?.description).toContain('delete the list');
		expect(sentTo(plivo)).toHaveLength(1);
	});
});
