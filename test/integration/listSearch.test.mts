import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { runListSearch } from '../support/engine.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	credentialsOf,
	type Json,
	newAccount,
	searchList,
	sentTo,
} from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);
const simulator = () => plivo;

const names = async (method: string, filter?: string) =>
	(await searchList(plivo, method, filter)).results.map(({ name }) => name);

const numberRoutedTo = (path: string) =>
	simulator().addNumber({
		number: '14155550123',
		alias: null,
		application: `/v1/Account/${simulator().authId}/${path}`,
	});

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
			() => {
				const { trunk_id: id } = simulator().addTrunk({ name: 'Acme inbound' });
				return numberRoutedTo(`Zentrunk/Trunk/${String(id)}/`);
			},
			'number',
			'+14155550123 (trunk Acme inbound)',
		],
		[
			'searchPhoneNumbers',
			() => {
				const { app_id: id } = simulator().addApplication({ app_name: 'Announcement' });
				return numberRoutedTo(`Application/${String(id)}/`);
			},
			'number',
			'+14155550123 (application Announcement)',
		],
		[
			'searchPhoneNumbers',
			() => numberRoutedTo('Zentrunk/Trunk/21784177241578123/'),
			'number',
			'+14155550123 (trunk 21784177241578123)',
		],
		['searchPhoneNumbers', () => numberRoutedTo('Message/x/'), 'number', '+14155550123 (routed)'],
		[
			'searchApplications',
			() =>
				simulator().addApplication({
					app_name: 'Announcement',
					answer_url: 'https://user:secret@calls.example.com:8443/answer?token=secret',
				}),
			'app_id',
			'Announcement (calls.example.com)',
		],
		[
			'searchApplications',
			() => simulator().addApplication({ app_name: '', answer_url: '' }),
			'app_id',
			'unnamed',
		],
	])('of %s shows what it is, and has its id', async (method, add, idField, name) => {
		const record = add();
		const { results } = await searchList(plivo, method);
		expect(results).toEqual([{ name, value: record[idField] }]);
	});
});

describe('the search', () => {
	it('goes over all pages, by name and by id', async () => {
		simulator().seed({ trunks: 65 });
		const { trunk_id } = simulator().addTrunk({ name: 'The WAYNE one' });
		for (const words of ['wayne', ' Wayne one ', String(trunk_id)]) {
			expect(await names('searchTrunks', words)).toEqual(['The WAYNE one (outbound, enabled)']);
		}
	});

	it.each(['searchTrunks', 'searchOutboundTrunks', 'searchPhoneNumbers'])(
		'%s takes at most two requests a keystroke once the list has been read',
		async (method) => {
			simulator().seed({ trunks: 2_000, numbers: 100 });
			const { trunk_id: id } = simulator().addTrunk({ name: 'Wayne', trunk_direction: 'outbound' });
			const { app_id: application } = simulator().addApplication({ app_name: 'Announcement' });
			numberRoutedTo(`Zentrunk/Trunk/${String(id)}/`);
			simulator().addNumber({
				number: '14155550124',
				application: `/v1/Account/${simulator().authId}/Application/${String(application)}/`,
			});
			await names(method);
			for (const words of ['w', 'wa', 'wayne']) {
				simulator().clearRequests();
				const found = await names(method, words);
				expect(found[0]).toMatch(/Wayne/);
				expect(sentTo(plivo).length).toBeLessThanOrEqual(2);
			}
			// What somebody else creates meanwhile is found at the next keystroke.
			simulator().addTrunk({ trunk_id: '2', name: 'Wayne too', trunk_direction: 'outbound' });
			simulator().addNumber({ number: '14155550125', alias: 'Wayne too' });
			expect(await names(method, 'wayne too')).toHaveLength(1);
		},
	);

	it.each([
		['+44 20 7946', 'a space'],
		['+4420', 'a plus sign'],
		['0044 (0)20-7946', 'as it is dialed'],
		['020 7946 0000', 'as it is dialed within the country'],
		['tel:+44-20-7946-0000', 'as a link'],
		['+４４２０', 'full-width digits'],
		['\u202d+44 20\u202c', 'direction marks'],
		["'442079460000", 'a spreadsheet’s apostrophe'],
	])('finds a number by %s (%s)', async (words) => {
		simulator().addNumber({ number: '14155550123', alias: 'A' });
		simulator().addNumber({ number: '442079460000', alias: 'B' });
		expect(await names('searchPhoneNumbers', words)).toEqual(['+442079460000 B (not routed)']);
	});

	it('finds a number by its alias, also one of digits, and by where it is routed to', async () => {
		const { trunk_id: id } = simulator().addTrunk({ name: 'Zoë inbound' });
		numberRoutedTo(`Zentrunk/Trunk/${String(id)}/`);
		simulator().addNumber({ number: '442079460000', alias: 'Room 4150' });
		expect(await names('searchPhoneNumbers', 'zoe')).toEqual(['+14155550123 (trunk Zoë inbound)']);
		expect(await names('searchPhoneNumbers', '4150')).toEqual([
			'+442079460000 Room 4150 (not routed)',
		]);
		expect(await names('searchPhoneNumbers', '2079 room')).toEqual([
			'+442079460000 Room 4150 (not routed)',
		]);
	});

	it('shows numbers by the ids of their routes where Plivo does not show the trunks', async () => {
		numberRoutedTo('Zentrunk/Trunk/21784177241578123/');
		simulator().faults.add({
			path: '/Zentrunk/Trunk/',
			times: 10,
			faults: [{ kind: 'status', status: 403 }],
		});
		expect(await names('searchPhoneNumbers')).toEqual(['+14155550123 (trunk 21784177241578123)']);
	});

	it('reads trunks and applications only where numbers are routed to them', async () => {
		simulator().addNumber({ number: '14155550123' });
		await names('searchPhoneNumbers');
		expect(sentTo(plivo)).toHaveLength(1);
	});

	const CAFE = 'Café Löwe Straße';
	it.each([
		['the same', CAFE],
		['another Unicode form', CAFE.normalize('NFD')],
		['no diacritics', 'cafe lowe strasse'],
		['another case', CAFE.toUpperCase()],
		['a no-break space and a zero-width one', 'Café\u00a0Löwe \u200bStraße '],
		['full-width letters', 'ｃａｆé'],
		['some words in another order', 'löwe café'],
	])('finds a name by %s', async (_, words) => {
		simulator().addUri({ name: CAFE, uri: 'a.example.com' });
		simulator().addUri({ name: CAFE.normalize('NFD'), uri: 'b.example.com' });
		simulator().addUri({ name: 'Cave', uri: 'c.example.com' });
		expect(await names('searchOriginationUris', words)).toHaveLength(2);
	});

	it('finds a trunk by its domain, and everything by its path', async () => {
		const { trunk_id: id } = simulator().addTrunk({ name: 'Acme' });
		simulator().addTrunk({ name: 'Other' });
		for (const words of [
			`${String(id)}.zt.plivo.com`,
			`sip:${String(id)}.zt.plivo.com;transport=tls`,
			`/v1/Account/${simulator().authId}/Zentrunk/Trunk/${String(id)}/`,
		]) {
			expect(await names('searchTrunks', words)).toEqual(['Acme (outbound, enabled)']);
		}
	});

	it('puts names first that begin with the words, then those with a word that does', async () => {
		for (const name of ['Big acme', 'Pacme', 'Acme', 'Globex', 'ACME 2']) {
			simulator().addCredential({ name, username: 'somebody' });
		}
		expect(await names('searchCredentials', 'acme')).toEqual([
			'ACME 2 (somebody)',
			'Acme (somebody)',
			'Big acme (somebody)',
			'Pacme (somebody)',
		]);
	});

	it('answers nothing where nothing fits', async () => {
		simulator().addTrunk();
		expect(await searchList(plivo, 'searchTrunks', 'nowhere')).toEqual({ results: [] });
	});

	it('hands out the list a hundred at a time, each entry once', async () => {
		simulator().seed({ trunks: 250 });
		const values: unknown[] = [];
		let token: string | undefined;
		const sizes: number[] = [];
		do {
			const { results, paginationToken } = await searchList(
				plivo,
				'searchTrunks',
				undefined,
				token,
			);
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
	it(`lists ${direction} trunks only`, async () => {
		simulator().addTrunk({ name: 'In', trunk_direction: 'inbound' });
		simulator().addTrunk({ name: 'Out', trunk_direction: 'outbound' });
		expect(await names(method)).toEqual([
			`${direction === 'inbound' ? 'In' : 'Out'} (${direction}, enabled)`,
		]);
	});
});

describe('searchNumbersToRent', () => {
	const search = async (filter?: string) => {
		simulator().clearRequests();
		const parameters = { resource: 'phoneNumber', operation: 'rent', country: 'US' };
		const setup = { credentials: credentialsOf(plivo), parameters, filter };
		return (await runListSearch(PlivoSipTrunking, 'searchNumbersToRent', setup)).results;
	};

	it('offers numbers before anything is typed, by their beginning and by city, with two requests', async () => {
		for (let line = 1000; line < 1100; line++) {
			simulator().add('stock', {
				number: `1720577${line}`,
				country: 'UNITED STATES',
				city: line < 1050 ? 'Denver' : null,
				type: 'local',
				monthly_rental_rate: '0.50',
			});
		}
		for (const [filter, word] of [
			[undefined, '+1'],
			['', '+1'],
			['+1', '+1'],
			['720', '+1720577'],
			['+1 (720) 577', '+1720577'],
			['denver', 'Denver'],
		]) {
			const found = await search(filter);
			expect([filter, found.length > 0]).toEqual([filter, true]);
			for (const { name } of found) expect(name).toContain(word);
			expect(sentTo(plivo).length).toBeLessThanOrEqual(2);
		}
		expect(await search('nowhere')).toEqual([]);
	});
});

describe('a search that fails', () => {
	it('says why, in plain words', async () => {
		simulator().faults.add({ faults: [{ kind: 'status', status: 403 }] });
		await expect(searchList(plivo, 'searchTrunks')).rejects.toMatchObject({
			message: expect.stringContaining('Plivo does not allow this for the account'),
			description: expect.stringContaining('SIP Trunking is enabled'),
		});
	});

	it('passes on what n8n says of a credential that it cannot read', async () => {
		const search = runListSearch(PlivoSipTrunking, 'searchTrunks', {
			credentials: {
				...credentialsOf(plivo),
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
			credentials: { ...credentialsOf(plivo), baseUrl: 'http://api.example.com/v1' },
		});
		await expect(search).rejects.toMatchObject({
			message: "'Base URL' is not an https address",
			description: expect.stringContaining('https://api.plivo.com/v1'),
		});
		expect(sentTo(plivo)).toEqual([]);
	});
});
