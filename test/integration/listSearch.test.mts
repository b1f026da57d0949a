import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { runListSearch } from '../support/engine.mts';
import { type Json, usePlivo } from '../support/plivo.mts';

const plivo = usePlivo();
const simulator = () => plivo.simulator;

const names = async (method: string, filter?: string) =>
	(await plivo.search(method, filter)).results.map(({ name }) => name);

describe('an entry of the list', () => {
	it.each<[string, () => Json, string, string]>([
		[
			'searchTrunks',
			() =>
				simulator().addTrunk({
					name: 'Acme',
					trunk_direction: 'inbound',
					trunk_status: 'disabled',
				}),
			'trunk_id',
			'Acme (inbound, disabled)',
		],
		[
			'searchOriginationUris',
			() => simulator().addUri({ name: 'Acme', uri: 'pbx.acme.com;transport=tcp' }),
			'uri_uuid',
			'Acme (pbx.acme.com;transport=tcp)',
		],
		[
			'searchCredentials',
			() => simulator().addCredential({ name: 'Acme', username: 'acmepbx01' }),
			'credential_uuid',
			'Acme (acmepbx01)',
		],
		[
			'searchIpAcls',
			() => simulator().addIpAcl({ name: 'Acme', ip_addresses: ['203.0.113.10'] }),
			'ipacl_uuid',
			'Acme (1 address)',
		],
		[
			'searchIpAcls',
			() => simulator().addIpAcl({ name: 'Acme', ip_addresses: ['203.0.113.1', '203.0.113.2'] }),
			'ipacl_uuid',
			'Acme (2 addresses)',
		],
		[
			'searchIpAcls',
			() => simulator().addIpAcl({ name: '', ip_addresses: null }),
			'ipacl_uuid',
			'unnamed (0 addresses)',
		],
		[
			'searchPhoneNumbers',
			() => simulator().addNumber({ number: '14155550123', alias: 'Front desk' }),
			'number',
			'+14155550123 Front desk (not routed)',
		],
		[
			'searchPhoneNumbers',
			() => simulator().addNumber({ number: '14155550123', alias: null, application: '/v1/x/' }),
			'number',
			'+14155550123 (routed)',
		],
	])('of %s shows what it is, and has its id', async (method, add, idField, name) => {
		const record = add();
		const { results } = await plivo.search(method);
		expect(results).toEqual([{ name, value: record[idField] }]);
	});
});

describe('the search', () => {
	it('goes over all pages, by name and by id', async () => {
		simulator().seed({ trunks: 65 });
		const { trunk_id } = simulator().addTrunk({ name: 'The WAYNE one' });
		for (const words of ['wayne', ' Wayne one ', String(trunk_id)]) {
			simulator().clearRequests();
			expect(await names('searchTrunks', words)).toEqual(['The WAYNE one (outbound, enabled)']);
			expect(plivo.sent()).toHaveLength(4);
		}
	});

	it('finds a number that is written with +', async () => {
		simulator().addNumber({ number: '14155550123', alias: 'A' });
		simulator().addNumber({ number: '442079460000', alias: 'B' });
		expect(await names('searchPhoneNumbers', '+4420')).toEqual(['+442079460000 B (not routed)']);
	});

	it('answers nothing where nothing fits', async () => {
		simulator().addTrunk();
		expect(await plivo.search('searchTrunks', 'nowhere')).toEqual({ results: [] });
	});

	it('hands out the list a hundred at a time, each entry once', async () => {
		simulator().seed({ trunks: 250 });
		const values: unknown[] = [];
		let token: string | undefined;
		const sizes: number[] = [];
		do {
			const { results, paginationToken } = await plivo.search('searchTrunks', undefined, token);
			sizes.push(results.length);
			values.push(...results.map(({ value }) => value));
			token = paginationToken as string | undefined;
		} while (token !== undefined);
		expect(sizes).toEqual([100, 100, 50]);
		expect(values).toEqual([...simulator().state.trunks.keys()].reverse());
	});
});

describe.each([
	['searchInboundTrunks', 'inbound'],
	['searchOutboundTrunks', 'outbound'],
])('%s', (method, direction) => {
	it.each([
		['where Plivo filters', false],
		['where Plivo ignores the filter', true],
	])(`lists ${direction} trunks only, %s`, async (_, ignoreListFilters) => {
		simulator().options.ignoreListFilters = ignoreListFilters;
		simulator().addTrunk({ name: 'In', trunk_direction: 'inbound' });
		simulator().addTrunk({ name: 'Out', trunk_direction: 'outbound' });
		expect(await names(method)).toEqual([
			`${direction === 'inbound' ? 'In' : 'Out'} (${direction}, enabled)`,
		]);
		expect(plivo.sent()[0][0]).toContain(`trunk_direction=${direction}`);
	});
});

describe('a search that fails', () => {
	it('says why, in plain words', async () => {
		simulator().faults.add({ faults: [{ kind: 'status', status: 403 }] });
		await expect(plivo.search('searchTrunks')).rejects.toMatchObject({
			message: expect.stringContaining('Plivo does not allow this for the account'),
			description: expect.stringContaining('SIP Trunking is enabled'),
		});
	});

	it('passes on what n8n says of a credential that it cannot read', async () => {
		const search = runListSearch(PlivoSipTrunking, 'searchTrunks', {
			credentials: {
				...plivo.credentials,
				get authId(): string {
					throw new Error('Credentials could not be decrypted');
				},
			},
		});
		await expect(search).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: 'Credentials could not be decrypted',
		});
	});

	it('says that the credential is not fit to be used', async () => {
		const search = runListSearch(PlivoSipTrunking, 'searchTrunks', {
			credentials: { ...plivo.credentials, baseUrl: 'http://api.example.com/v1' },
		});
		await expect(search).rejects.toMatchObject({
			message: 'Base URL is not an https address',
			description: expect.stringContaining('https://api.plivo.com/v1'),
		});
		expect(plivo.sent()).toEqual([]);
	});
});
