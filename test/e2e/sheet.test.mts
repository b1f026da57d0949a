/**
 * A messy sheet of 100 made-up customers as one workflow in a real n8n, with Continue on: every row is
 * provisioned right, or refused by its field, and no row touches what belongs to another.
 */
import type { IDataObject, INodeExecutionData, IRun } from 'n8n-workflow';

import { executeWorkflow } from '../../demo/n8n.mts';
import type { PlivoRecord } from '../../simulator/records.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { first, nth } from '../support/elements.mts';
import {
	chain,
	coreNode,
	CREDENTIAL_TYPE,
	outputOf,
	plivoNode,
	prepareStand,
	type Stand,
	taskOf,
	VERSIONS,
} from './stand.mts';

/** The columns, as people fill them in. */
interface Cells {
	customer: unknown;
	sip: unknown;
	backup: unknown;
	phones: unknown;
	access: unknown;
	ips: unknown;
	user: unknown;
	secure: unknown;
}

/** What a row must come to; each direction is provisioned by a node of its own. */
interface Row {
	readonly why: string;
	readonly cells: Partial<Cells>;
	/** Differences from the row's plain values; or the words of the refusal. */
	readonly inbound?: Partial<Inbound> | RegExp;
	readonly outbound?: Partial<Outbound> | RegExp;
}

interface Inbound {
	name: string;
	uri: string;
	fallback: string | null;
	numbers: string[];
}

interface Outbound {
	name: string;
	/** `undefined`: made from the name. */
	username?: string;
	ips?: string[];
	secure: boolean;
}

/** A number of each row's own, and two more. */
const own = (row: number) => `1415555${2000 + row}`;
const second = (row: number) => `1415555${4000 + row}`;

/** Numbers that a row must not have. */
const LIVE = '14155559001';
const WITHOUT_VOICE = '14155559002';
const NOWHERE = '14155559003';
/** The number of a customer who is there already. */
const ZURICH = '41445550100';

const both = (words: RegExp) => ({ inbound: words, outbound: words });
const NAME = (name: string) => ({ inbound: { name }, outbound: { name } });

/** A row whose only oddity is its phone cell. */
const phones = (why: string, cell: unknown, numbers: string[] | RegExp): Row => ({
	why,
	cells: { phones: cell },
	inbound: numbers instanceof RegExp ? numbers : { numbers },
});

const sip = (why: string, cell: unknown, uri: string | RegExp): Row => ({
	why,
	cells: { sip: cell },
	inbound: uri instanceof RegExp ? uri : { uri },
});

const ips = (why: string, cell: unknown, list: string[] | RegExp): Row => ({
	why,
	cells: { access: 'newIpAcl', ips: cell },
	outbound: list instanceof RegExp ? list : { ips: list },
});

const secure = (cell: unknown, meant: boolean | RegExp): Row => ({
	why: `Secure: ${JSON.stringify(cell)}`,
	cells: { secure: cell },
	outbound: meant instanceof RegExp ? meant : { secure: meant },
});

const access = (cell: unknown, words?: RegExp): Row => ({
	why: `Authentication: ${JSON.stringify(cell)}`,
	cells: { access: cell },
	...(words && { outbound: words }),
});

const ROWS: Row[] = [
	// 1–20: names
	{ why: 'nothing odd', cells: {} },
	{ why: 'accents, composed', cells: { customer: 'Café Löwe' }, ...NAME('Café Löwe') },
	{
		why: 'the same customer, decomposed, with another number',
		cells: { customer: 'Café Löwe'.normalize('NFD'), sip: 'pbx2.example;transport=tcp' },
		inbound: { name: 'Café Löwe', uri: 'pbx2.example;transport=tcp' },
		outbound: { name: 'Café Löwe' },
	},
	{
		why: 'the same customer, with what shows nothing',
		cells: { customer: '\ufeff Café\u00a0Löwe\u200b \t', sip: 'pbx2.example;transport=tcp' },
		inbound: { name: 'Café Löwe', uri: 'pbx2.example;transport=tcp' },
		outbound: { name: 'Café Löwe' },
	},
	{
		why: 'another customer: case counts',
		cells: { customer: 'CAFÉ LÖWE' },
		...NAME('CAFÉ LÖWE'),
	},
	{
		why: 'a customer who is there already, decomposed, with the live number',
		cells: {
			customer: 'Zürich Büro'.normalize('NFD'),
			sip: 'zurich.example;transport=tls',
			phones: '+41 44 555 01 00',
		},
		inbound: { name: 'Zürich Büro', uri: 'zurich.example;transport=tls', numbers: [ZURICH] },
		outbound: { name: 'Zürich Büro' },
	},
	{ why: 'spaces around', cells: { customer: '  Globex  ' }, ...NAME('Globex') },
	{ why: 'a line end within', cells: { customer: 'Initech\r\nLtd' }, ...NAME('Initech Ltd') },
	{ why: 'a number as name', cells: { customer: 4711 }, ...NAME('4711') },
	{
		why: 'punctuation',
		cells: { customer: 'O’Brien & Söhne <GmbH> "Süd"' },
		...NAME('O’Brien & Söhne <GmbH> "Süd"'),
	},
	{ why: 'another script', cells: { customer: 'مكتب دبي' }, ...NAME('مكتب دبي') },
	{ why: 'an emoji', cells: { customer: '☎️ Ring Ring' }, ...NAME('☎ Ring Ring') },
	{
		why: 'a family name that is also a word for nothing',
		cells: { customer: 'Null Systems' },
		...NAME('Null Systems'),
	},
	{ why: 'no name', cells: { customer: '' }, ...both(/^'Name' is empty/) },
	{ why: 'a name of spaces', cells: { customer: ' \u00a0\u200b' }, ...both(/^'Name' is empty/) },
	{ why: 'a missing cell', cells: { customer: null }, ...both(/^'Name' is empty/) },
	{ why: 'a broken formula', cells: { customer: '#N/A' }, ...both(/^'Name' is "#N\/A"/) },
	{ why: 'undefined', cells: { customer: 'undefined' }, ...both(/^'Name' is "undefined"/) },
	{ why: 'an object', cells: { customer: { first: 'A' } }, ...both(/^'Name' is an object/) },
	{ why: 'a printed object', cells: { customer: '[object Object]' }, ...both(/^'Name' is /) },

	// 21–40: phone numbers that are understood
	phones('plus and spaces', '+1 415 555 2021', [own(21)]),
	phones('a JSON number', 14155552022, [own(22)]),
	phones('decimals of a spreadsheet', '14155552023.0', [own(23)]),
	phones('an exponent with all digits', '1.4155552024E+10', [own(24)]),
	phones('brackets and dashes', '+1 (415) 555-2025', [own(25)]),
	phones('dots', '1.415.555.2026', [own(26)]),
	phones('a link', 'tel:+1-415-555-2027', [own(27)]),
	phones('as it is dialed', '00 1 415 555 2028', [own(28)]),
	phones('no-break spaces and dashes', '+1\u00a0415\u2011555\u20132029', [own(29)]),
	phones('direction marks', '\u202a+14155552030\u202c', [own(30)]),
	phones('full-width digits', '＋１４１５５５５２０３１', [own(31)]),
	phones('a formula', '="+14155552032"', [own(32)]),
	phones('an apostrophe', "'14155552033", [own(33)]),
	phones('two with a comma', '+14155552034, +14155554034', [own(34), second(34)]),
	phones('two with a line end', '14155552035\n14155554035', [own(35), second(35)]),
	phones('two with a space', '+14155552036 +14155554036', [own(36), second(36)]),
	phones('two with a semicolon, one twice', '14155552037; 14155554037;+1 415 555 2037', [
		own(37),
		second(37),
	]),
	phones('JSON text', '["+14155552038", 14155554038]', [own(38), second(38)]),
	phones('records', [{ number: '14155552039' }, { number: 14155554039 }], [own(39), second(39)]),
	phones('none', '', []),

	// 41–56: phone numbers that are refused
	phones('decimals', '14155552041.5', /^'Phone Numbers' contains .*has decimals/),
	phones('a negative number', -14155552042, /^'Phone Numbers' contains .*minus sign/),
	phones('an exponent that lost digits', '1.41556E+10', /^'Phone Numbers' contains .*lost digits/),
	phones('letters', '1-800-FLOWERS', /^'Phone Numbers' contains .*has letters/),
	phones('an extension', '+1 415 555 2045 ext. 12', /^'Phone Numbers' contains .*has letters/),
	phones('too short', '5552046', /^'Phone Numbers' contains /),
	phones('too long', '44345678901234567', /^'Phone Numbers' contains .*more than 15 digits/),
	phones('no country code', '0415 555 2048', /^'Phone Numbers' contains .*begins with 0/),
	phones('a digit too many', '141555520490', /^'Phone Numbers' contains .*more than 11 digits/),
	phones('a good one and a bad one', '14155552050, n/a', /^'Phone Numbers' contains .*"n\/a"/),
	phones('not certainly one', '+39 (0)6 5550 2051', /^'Phone Numbers' contains .*"\(0\)"/),
	phones('another customer’s', LIVE, /^Phone number 14155559001 is routed to trunk "Live inbound"/),
	phones('without voice', WITHOUT_VOICE, /^'Phone Numbers' contains 14155559002.*voice/),
	phones(
		'not on the account',
		NOWHERE,
		/^'Phone Numbers' contains 14155559003.*not on the account/,
	),
	phones('a truth', true, /^'Phone Numbers' contains true/),
	phones('an object', { phone: '14155552056' }, /^'Phone Numbers' contains an object/),

	// 57–66: IP addresses that are understood
	ips('one', '8.8.57.1', ['8.8.57.1']),
	ips('the same one twice', '8.8.58.1, 8.8.58.1/32', ['8.8.58.1']),
	ips('spaces and a line end', ' 8.8.59.1\n8.8.59.2 ', ['8.8.59.1', '8.8.59.2']),
	ips('JSON text', '["8.8.60.1","8.8.60.2/31"]', ['8.8.60.1', '8.8.60.2/31']),
	ips('a list', ['8.8.61.1', '8.8.61.8/29'], ['8.8.61.1', '8.8.61.8/29']),
	ips('IPv6', '2600:1f18::62, 2600:1F18:0::62/128', ['2600:1f18::62']),
	ips('a block with spaces', '8.8.63.0 / 24', ['8.8.63.0/24']),
	ips('host bits, stored as typed', '8.8.64.9/24', ['8.8.64.9/24']),
	ips('what shows nothing', '\u200b8.8.65.1\u00a0', ['8.8.65.1']),
	ips('semicolons', '8.8.66.1; 8.8.66.2;', ['8.8.66.1', '8.8.66.2']),

	// 67–74: IP addresses that are refused
	ips('a netmask', '255.255.255.0', /^'IP Addresses' contains .*netmask/),
	ips(
		'a block with a netmask',
		'8.8.68.0/255.255.255.0',
		/^'IP Addresses' contains .*not an IP address or CIDR block/,
	),
	ips('multicast', '239.1.2.3', /^'IP Addresses' contains .*multicast/),
	ips('a host name', 'pbx70.example', /^'IP Addresses' contains .*not an IP address/),
	ips('a port', '8.8.71.1:5060', /^'IP Addresses' contains .*not an IP address/),
	ips('a range', '8.8.72.1-8.8.72.9', /^'IP Addresses' contains .*not an IP address/),
	ips('a number', 8.872, /^'IP Addresses' contains .*not text/),
	ips('none', '', /^'IP Addresses' is empty/),

	// 75–82: SIP addresses that are understood
	sip('in angle brackets', '<sip:pbx75.example;transport=tls>', 'sip:pbx75.example;transport=tls'),
	sip('a semicolon at the end', 'pbx76.example;transport=tcp;', 'pbx76.example;transport=tcp'),
	sip('a slash at the end', 'pbx77.example:5060/', 'pbx77.example:5060'),
	sip('upper case', 'PBX78.Example;transport=TCP', 'PBX78.Example;transport=TCP'),
	sip('a dot at the end', 'pbx79.example.;transport=tcp', 'pbx79.example;transport=tcp'),
	sip('spaces', ' pbx80.example:5061 ; transport = tls ', 'pbx80.example:5061;transport=tls'),
	sip(
		'a display name',
		'"Row 81" <sip:a@pbx81.example>;transport=udp',
		'sip:a@pbx81.example;transport=udp',
	),
	{
		why: 'a backup',
		cells: { backup: '<sip:backup82.example;transport=tcp>' },
		inbound: { fallback: 'sip:backup82.example;transport=tcp' },
	},

	// 83–90: SIP addresses that are refused
	sip('a WebSocket', 'wss://pbx83.example', /^'Primary URI' begins with wss:/),
	sip('a password', 'sip:a:secret84@pbx84.example', /^'Primary URI' contains a password/),
	sip('a port out of range', 'pbx85.example:99999', /^'Primary URI' has the port 99999/),
	sip(
		'a parameter without a value',
		'pbx86.example;transport=',
		/^'Primary URI' has a transport that is not udp, tcp or tls/,
	),
	sip('a web address', 'https://pbx87.example', /^'Primary URI' begins with https:/),
	sip('none', '', /^'Primary URI' is empty/),
	sip('a phone number', 'tel:+14155552089', /^'Primary URI' begins with tel:/),
	{ why: 'a backup', cells: { backup: 'pbx 90' }, inbound: /^'Fallback URI' contains a space/ },

	// 91–96: truth
	secure('TRUE', true),
	secure(' no ', false),
	secure(1, true),
	secure('0', false),
	secure('perhaps', /^'Secure' is "perhaps"/),
	secure('', /^'Secure' is empty/),

	// 97–100: choices and usernames
	access('NEW CREDENTIAL'),
	access('Password', /^'Authentication' is "Password", which is not one of the choices/),
	{ why: 'a username', cells: { user: ' row_99_pbx\u200b' }, outbound: { username: 'row_99_pbx' } },
	{
		why: 'no username',
		cells: { user: 'row 100' },
		outbound: /^'Username' must be 5 to 20 letters/,
	},
];

/** What a row without oddities has. */
const plainCells = (row: number): Cells => ({
	customer: `Customer ${row}`,
	sip: `pbx${row}.example;transport=tcp`,
	backup: '',
	phones: own(row),
	access: 'New Credential',
	ips: '',
	user: '',
	secure: 'false',
});

const cellsOf = ({ cells }: Row, index: number) => ({ ...plainCells(index + 1), ...cells });

const expectedInbound = ({ inbound = {} }: Row, index: number): Inbound | RegExp =>
	inbound instanceof RegExp
		? inbound
		: {
				name: `Customer ${index + 1}`,
				uri: `pbx${index + 1}.example;transport=tcp`,
				fallback: null,
				numbers: [own(index + 1)],
				...inbound,
			};

const expectedOutbound = ({ outbound = {} }: Row, index: number): Outbound | RegExp =>
	outbound instanceof RegExp
		? outbound
		: { name: `Customer ${index + 1}`, secure: false, ...outbound };

const isMade = <T,>(expected: T | RegExp): expected is T => !(expected instanceof RegExp);

/** The nodes after the first read the row by the pairing of items. */
const cell = (name: keyof Cells) => `={{ $('Rows').item.json.${name} }}`;

const sheet = chain('sheet', [
	coreNode('Start', 'manualTrigger', 1),
	coreNode('Sheet', 'set', 3.4, {
		mode: 'raw',
		jsonOutput: JSON.stringify({ rows: ROWS.map(cellsOf) }),
		options: {},
	}),
	coreNode('Rows', 'splitOut', 1, { fieldToSplitOut: 'rows', options: {} }),
	plivoNode(
		'Inbound',
		{
			resource: 'provisioning',
			operation: 'provisionInbound',
			name: cell('customer'),
			primaryUri: cell('sip'),
			fallbackUri: cell('backup'),
			phoneNumbers: cell('phones'),
			options: {},
		},
		{ onError: 'continueRegularOutput' },
	),
	plivoNode(
		'Outbound',
		{
			resource: 'provisioning',
			operation: 'provisionOutbound',
			name: cell('customer'),
			sipAuthentication: cell('access'),
			username: cell('user'),
			password: '',
			ipAddresses: cell('ips'),
			options: { secure: cell('secure') },
		},
		{ onError: 'continueRegularOutput' },
	),
]);

/** The account before the run: a live customer, and one who is in the sheet. */
function fill(simulator: Simulator) {
	const inboundTrunk = (name: string, uri: string) => {
		const { uri_uuid } = simulator.addUri({ name, uri });
		return simulator.addTrunk({
			name: `${name} inbound`,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
	};
	const routed = (number: string, { trunk_id }: PlivoRecord) =>
		simulator.addNumber({
			number,
			application: `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${String(trunk_id)}/`,
		});
	routed(LIVE, inboundTrunk('Live', 'live.example;transport=tcp'));
	routed(ZURICH, inboundTrunk('Zürich Büro', 'zurich.example;transport=tls'));
	simulator.addNumber({ number: WITHOUT_VOICE, voice_enabled: false });
	for (let row = 1; row <= ROWS.length; row++) {
		simulator.addNumber({ number: own(row) });
		simulator.addNumber({ number: second(row) });
	}
}

/** All that the account has, by names. */
function inboundOf({ state }: Simulator) {
	const uri = (id: unknown) => (id ? state.uris.get(String(id))?.uri : null);
	return [...state.trunks.values()]
		.filter(({ trunk_direction }) => trunk_direction === 'inbound')
		.map(({ trunk_id, name, primary_uri_uuid, fallback_uri_uuid }) => ({
			name,
			uri: uri(primary_uri_uuid),
			fallback: uri(fallback_uri_uuid),
			numbers: [...state.numbers.values()]
				.filter(({ application }) => String(application).includes(`/Trunk/${String(trunk_id)}/`))
				.map(({ number }) => number)
				.sort(),
		}));
}

function outboundOf({ state }: Simulator) {
	return [...state.trunks.values()]
		.filter(({ trunk_direction }) => trunk_direction === 'outbound')
		.map(({ name, secure: isSecure, credential_uuid, ipacl_uuid }) => ({
			name,
			secure: isSecure,
			username: state.credentials.get(String(credential_uuid))?.username,
			ips: state.ipacls.get(String(ipacl_uuid))?.ip_addresses,
		}));
}

const byName = <T extends { name: unknown }>(list: T[]) =>
	list.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1));

/** The items of a node, by the row that each is of. */
function outputsOf(run: IRun, node: string): IDataObject[][] {
	const items: INodeExecutionData[] = taskOf(run, node)?.data?.main?.[0] ?? [];
	return ROWS.map((_, row) =>
		items
			.filter(({ pairedItem }) => (pairedItem as { item: number }).item === row)
			.map(({ json }) => json),
	);
}

describe.each(VERSIONS)('a messy sheet of 100 customers in n8n %s', (version) => {
	let stand: Stand;
	let run: IRun;
	let inbound: IDataObject[][];
	let outbound: IDataObject[][];

	beforeAll(async () => {
		stand = await prepareStand(`sheet-${version}`, version);
		fill(stand.simulator);
		await stand.addWorkflows([sheet]);
		run = await executeWorkflow(stand.installation, sheet.id);
		inbound = outputsOf(run, 'Inbound');
		outbound = outputsOf(run, 'Outbound');
	});

	afterAll(async () => await stand.close());

	it('has 100 rows, and each comes out of each node once', () => {
		expect(ROWS).toHaveLength(100);
		expect(run.status).toBe('success');
		for (const rows of [inbound, outbound]) {
			expect(rows.map((items) => items.length)).toEqual(ROWS.map(() => 1));
		}
	});

	it.each(ROWS.map((row, index) => [index + 1, row.why, row] as const))(
		'row %i (%s)',
		(number, _, row) => {
			const index = number - 1;
			const check = (expected: { name: string } | RegExp, outputs: IDataObject[], way: string) => {
				const output = first(outputs);
				if (!isMade(expected)) {
					expect(output).toMatchObject({
						error: expect.stringMatching(expected),
						fix: expect.stringMatching(/\w/),
					});
					return;
				}
				expect(output.error).toBeUndefined();
				expect(output.name).toBe(`${expected.name} ${way}`);
			};
			check(expectedInbound(row, index), nth(inbound, index), 'inbound');
			check(expectedOutbound(row, index), nth(outbound, index), 'outbound');
		},
	);

	it('leaves on the account what the rows ask for, and nothing else', () => {
		const { simulator } = stand;
		const customers = new Map<string, Inbound>([
			[
				'Live',
				{ name: 'Live', uri: 'live.example;transport=tcp', fallback: null, numbers: [LIVE] },
			],
		]);
		for (const expected of ROWS.map(expectedInbound).filter(isMade<Inbound>)) {
			const numbers = [...(customers.get(expected.name)?.numbers ?? []), ...expected.numbers];
			customers.set(expected.name, { ...expected, numbers: numbers.sort() });
		}
		expect(byName(inboundOf(simulator))).toEqual(
			byName(
				[...customers.values()].map((expected) => ({
					...expected,
					name: `${expected.name} inbound`,
				})),
			),
		);

		const callers = new Map<string, Outbound>();
		for (const expected of ROWS.map(expectedOutbound).filter(isMade<Outbound>)) {
			callers.set(expected.name, expected);
		}
		expect(byName(outboundOf(simulator))).toEqual(
			byName(
				[...callers.values()].map(({ name, secure: isSecure, username, ips: addresses }) => ({
					name: `${name} outbound`,
					secure: isSecure,
					username: addresses ? undefined : (username ?? expect.stringMatching(/^\w{5,20}$/)),
					ips: addresses,
				})),
			),
		);

		const { uris, credentials, ipacls } = simulator.state;
		const made = [...callers.values()];
		expect(credentials.size).toBe(made.filter((caller) => !caller.ips).length);
		expect(ipacls.size).toBe(made.filter((caller) => caller.ips).length);
		expect(uris.size).toBe(
			customers.size + [...customers.values()].filter(({ fallback }) => fallback).length,
		);
	});
});

describe.each(VERSIONS)('customers with accounts of their own in n8n %s', (version) => {
	/** One credential: its expressions see the item, through the pairing of items. */
	const OWN = { id: 'ownAccount', name: "Each customer's own account" };
	const own = (field: string) => `={{ $('Rows').item.json.${field} }}`;
	const credentials = { [CREDENTIAL_TYPE]: OWN };
	const acme = { name: 'Acme', primaryUri: 'acme.example;transport=tcp', phoneNumbers: '' };
	let stand: Stand;
	let accounts: Simulator[];

	beforeAll(async () => {
		accounts = [
			await startSimulator({ authId: 'MAFIRSTFIRSTFIRSTFIR', authToken: 'the-token-of-the-first' }),
			await startSimulator({
				authId: 'MASECONDSECONDSECOND',
				authToken: 'the-token-of-the-second',
			}),
		];
		const data = {
			authId: own('authId'),
			authToken: own('authToken'),
			baseUrl: own('baseUrl'),
		};
		stand = await prepareStand(`accounts-${version}`, version, {
			credentials: () => [{ ...OWN, type: CREDENTIAL_TYPE, data }],
		});
	});

	afterAll(async () => {
		for (const { close } of [stand, ...accounts]) await close();
	});

	it('are read, planned and written each on the right one', async () => {
		const [firstAccount] = accounts;
		firstAccount?.addUri({ name: 'Acme', uri: 'acme.example;transport=tcp' });
		const rows = accounts.map(({ authId, authToken, url: baseUrl }) => ({
			authId,
			authToken,
			baseUrl,
		}));
		const inbound = { resource: 'provisioning', operation: 'provisionInbound', ...acme };
		const customers = chain('accounts', [
			coreNode('Start', 'manualTrigger', 1),
			coreNode('Sheet', 'set', 3.4, {
				mode: 'raw',
				jsonOutput: JSON.stringify({ rows }),
				options: {},
			}),
			coreNode('Rows', 'splitOut', 1, { fieldToSplitOut: 'rows', options: {} }),
			plivoNode('Plan', { ...inbound, options: { planOnly: true } }, { credentials }),
			plivoNode('Inbound', { ...inbound, options: {} }, { credentials }),
		]);
		await stand.addWorkflows([customers]);
		const run = await executeWorkflow(stand.installation, customers.id);
		expect(run.status).toBe('success');
		const actions = (node: string, field: string) =>
			outputOf(run, node).map((output) =>
				(output[field] as IDataObject[]).map(({ action }) => action),
			);
		const expected = [
			['reused', 'created'],
			['created', 'created'],
		];
		expect(actions('Plan', 'what_would_be_done')).toEqual(expected);
		expect(actions('Inbound', 'what_was_done')).toEqual(expected);
		const trunkIds = accounts.map(({ state }) => [...state.trunks.keys()]);
		expect(outputOf(run, 'Inbound').map(({ trunk_id }) => [trunk_id])).toEqual(trunkIds);
		expect(stand.simulator.requests).toEqual([]);
	});
});
