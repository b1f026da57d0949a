/**
 * Each field of each operation reads its value by its check, in n8n's engine: what is meant, another spelling of it, and
 * a value that can't be right. What the checks themselves accept is in test/unit/input.
 */
import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	newAccount,
	outputOf,
	run,
	testEvent,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { exactly } from '../support/elements.mts';
import { testCredential } from '../support/engine.mts';
import { firstOfEach } from '../support/lane.mts';

afterEach(closeAccounts);

/** One name to a reader. */
const CAFE = 'Café Löwe';

/** The digits of the account's only number, and some ids that are told beforehand. */
const NUMBER = '14155550123';
const INBOUND = '21784177241578001';
const OUTBOUND = '21784177241578002';
const URI = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0';
const OTHER_URI = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f1';
const CREDENTIAL = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f2';
const IP_LIST = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f3';
const CALL = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f4';
const APPLICATION = '16638156474000802';
const COMPLIANCE = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f5';

/** An account with one of each, in which every operation finds what it needs. */
async function anAccount(): Promise<Simulator> {
	const account = await newAccount();
	account.addCredential({ credential_uuid: CREDENTIAL, name: 'Signed', username: 'signed01' });
	account.addIpAcl({
		ipacl_uuid: IP_LIST,
		name: 'Offices',
		ip_addresses: ['203.0.113.10/32', '198.51.100.0/28', '2001:db8::1'],
	});
	account.addUri({ uri_uuid: URI, name: 'PBX', uri: 'pbx.example.com;transport=tcp' });
	account.addUri({ uri_uuid: OTHER_URI, name: 'Spare', uri: 'spare.example.com;transport=tcp' });
	account.addApplication({ app_id: APPLICATION });
	account.addTrunk({
		trunk_id: OUTBOUND,
		name: 'Out',
		trunk_direction: 'outbound',
		credential_uuid: CREDENTIAL,
	});
	account.addTrunk({
		trunk_id: INBOUND,
		name: 'In',
		trunk_direction: 'inbound',
		primary_uri_uuid: URI,
	});
	account.addNumber({ number: NUMBER, alias: 'Front desk', sms_enabled: true });
	account.addNumber({ number: '442079460000', alias: '42', sms_enabled: false });
	account.addCall({ call_uuid: CALL, call_direction: 'outbound' });
	return account;
}

/** What required and shown fields hold in every run, by the field's name. */
const FILLED: Readonly<Record<string, string>> = {
	trunkId: OUTBOUND,
	originationUriId: URI,
	primaryUriId: URI,
	credentialId: CREDENTIAL,
	ipAclId: IP_LIST,
	phoneNumber: `+${NUMBER}`,
	applicationId: APPLICATION,
	callId: CALL,
	name: 'Acme',
	uri: 'acme.example.com;transport=tcp',
	primaryUri: 'acme.example.com;transport=tcp',
	username: 'acmepbx01',
	password: 'Given_123',
	ipAddresses: '192.0.2.7',
	platform: 'custom',
	platformHost: 'abc123.sip.livekit.cloud',
	transport: 'tcp',
	phoneNumbers: '',
	country: 'US',
	maxMonthlyRate: '5',
	alias: 'Acme',
};

/** Operations on inbound trunks. */
const ON_INBOUND = ['attachOriginationUri', 'routeToTrunk', 'checkReadiness'];

interface TestedField {
	readonly resource: string;
	readonly operation: string;
	/** `filters.secure` */
	readonly path: string;
	readonly field: INodeProperties;
	/** Other parameters, with which the field is shown. */
	readonly base: INodeParameters;
}

const { properties } = new PlivoSipTrunking().description;

const isShownBy = (property: INodeProperties, resource: string, operation: string) => {
	const { show = {} } = property.displayOptions ?? {};
	return (show.resource ?? []).includes(resource) && (show.operation ?? []).includes(operation);
};

/** A value of each other parameter that a field is shown with. */
const conditionsOf = (property: INodeProperties): INodeParameters =>
	Object.fromEntries(
		Object.entries(property.displayOptions?.show ?? {})
			.filter(([name]) => name !== 'resource' && name !== 'operation')
			.map(([name, values = []]) => [
				name,
				(values.find((value) => value === FILLED[name]) ?? values[0]) as string,
			]),
	);

const childrenOf = (property: INodeProperties) =>
	(property.options as INodeProperties[]).map((field) => ({
		path: `${property.name}.${field.name}`,
		field,
	}));

const operations = properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ displayOptions, options = [] }) =>
		(options as INodePropertyOptions[]).map(({ value }) => ({
			resource: String(displayOptions?.show?.resource?.[0]),
			operation: String(value),
		})),
	);

/** The fields of some types, of every operation. */
const fieldsOf = (types: string[]): TestedField[] =>
	operations.flatMap(({ resource, operation }) => {
		const shown = properties.filter(
			(property) =>
				isShownBy(property, resource, operation) &&
				// Of AI agents' tools: test/integration/views.test.mts.
				!('@tool' in (property.displayOptions?.show ?? {})),
		);
		const filled = Object.fromEntries(
			shown.flatMap(({ name }) => (name in FILLED ? [[name, FILLED[name]]] : [])),
		);
		if ('trunkId' in filled && ON_INBOUND.includes(operation)) filled.trunkId = INBOUND;
		return shown.flatMap((property) =>
			(property.type === 'collection'
				? childrenOf(property)
				: [{ path: property.name, field: property }]
			)
				.filter(({ field }) => types.includes(field.type))
				.map(({ path, field }) => ({
					resource,
					operation,
					path,
					field,
					base: {
						...filled,
						...(shown.some(({ name }) => name === 'updateFields') && {
							updateFields: resource === 'phoneNumber' ? { alias: 'Line 9' } : { name: 'Other' },
						}),
						...conditionsOf(property),
						...(path === 'additionalFields.fallbackUriId' && { trunkDirection: 'inbound' }),
					},
				})),
		);
	});

const choicesOf = ({ options = [] }: INodeProperties): string[] =>
	(options as INodePropertyOptions[]).map(({ value }) => String(value)).filter(Boolean);

/** A value, another spelling of it, and one that can't be right. */
type Values = readonly [plain: unknown, alike: unknown, wrong: unknown];

const URI_TEXT = 'sip:pbx.acme.example;transport=tls';
const TEXT: Values = ['Austin', ' Austin\u200b', '${city}'];
const NAME: Values = [CAFE, `\ufeff ${CAFE.normalize('NFD').replace(' ', '\u00a0')}`, '—'];
const HOST = 'abc123.sip.livekit.cloud';
const ADDRESS: Values = [URI_TEXT, ` <${URI_TEXT}>`, 'https://pbx.acme.example'];
const PHONE: Values = [NUMBER, '00 1 (415) 555-0123', '1-800-FLOWERS'];
const RECENT = Math.floor(Date.now() / 60_000 - 60) * 60_000;
const TIME: Values = [new Date(RECENT).toISOString(), RECENT, '03/04/2026'];
const DIGITS: Values = ['415577', '\u200b415577.0', '41x577'];

/** Of texts, by the field's path or its last name. */
const TEXTS: Readonly<Record<string, Values>> = {
	name: NAME,
	'filters.name': TEXT,
	'filters.alias': TEXT,
	alias: NAME,
	uri: ADDRESS,
	primaryUri: ADDRESS,
	fallbackUri: ADDRESS,
	platformHost: [HOST, ` <sip:${HOST}>`, 'https://pbx.acme.example'],
	ipAddresses: ['192.0.2.7', '["192.0.2.7"]', 'pbx.example.com'],
	username: ['acmepbx01', ' acmepbx01\n', '${user}'],
	password: ['Given_123', 'Given_123', '${password}'],
	phoneNumbers: PHONE,
	phoneNumber: PHONE,
	fromNumber: PHONE,
	toNumber: PHONE,
	numberStartsWith: ['1415', '+1 (415)', 'acme'],
	pattern: DIGITS,
	npanxx: DIGITS,
	lata: ['722', ' 722\u200b', 'Dallas'],
	city: TEXT,
	region: TEXT,
	rateCenter: TEXT,
	hangupCauseCode: ['4000', 4000, 'busy'],
	country: ['US', ' united states ', 'Utopia'],
	endedAfter: TIME,
	endedBefore: TIME,
};

/** Of ids, by the field's name: the id, and its place in Plivo's paths. */
const IDS: Readonly<Record<string, readonly [id: string, path: string]>> = {
	trunkId: [OUTBOUND, 'Zentrunk/Trunk'],
	originationUriId: [URI, 'Zentrunk/URI'],
	primaryUriId: [URI, 'Zentrunk/URI'],
	fallbackUriId: [URI, 'Zentrunk/URI'],
	credentialId: [CREDENTIAL, 'Zentrunk/Credential'],
	ipAclId: [IP_LIST, 'Zentrunk/IPAccessControlList'],
	callId: [CALL, 'Zentrunk/Call'],
	applicationId: [APPLICATION, 'Application'],
	rerouteToApplicationId: [APPLICATION, 'Application'],
	complianceApplicationId: [COMPLIANCE, 'PhoneNumber/Compliance'],
	subaccount: ['SAXXXXXXXXXXXXXXXXXX', 'Subaccount'],
};

/** They have a meaning only together or with a plan: test/integration/provisioning. */
const ELSEWHERE = ['options.planDigest'];

/** A number that the field takes, as text of a spreadsheet, and one that it doesn't. */
function numbersFor({ typeOptions: { minValue = 0, maxValue = Infinity } = {} }: INodeProperties) {
	const number = Math.min(Math.max(2, minValue), maxValue);
	return [number, ` ${number}.0`, minValue - 1] as const;
}

function valuesFor({ path, field, base }: Omit<TestedField, 'resource' | 'operation'>): Values {
	const name = path.split('.').at(-1) ?? path;
	const [first = '', other = ''] = choicesOf(field);
	const one = choicesOf(field).find((choice) => choice === FILLED[name]) ?? first;
	switch (field.type) {
		case 'boolean':
			return [true, ' Yes ', 'maybe'];
		case 'number':
			return numbersFor(field);
		case 'options':
			return [one, ` ${one.toUpperCase()}`, 'nonsense'];
		case 'multiOptions':
			return [[one, other], `${other.toUpperCase()}; ${one}`, [one, 'fax']];
		default: {
			const [known = '', segment = ''] = IDS[name] ?? [];
			const id = String(base[name] ?? known);
			if (segment) return [id, ` /v1/Account/MA/${segment}/${id}/`, '../Trunk'];
			const values = TEXTS[path] ?? TEXTS[name];
			if (!values) throw new Error(`${path} has no values to be tried`);
			return values;
		}
	}
}

const byExpression = (value: unknown) => `={{ (${JSON.stringify(value)}) }}`;

const withValue = ({ path, base }: TestedField, value: unknown): INodeParameters => {
	const [outer = '', inner] = path.split('.');
	const given = byExpression(value);
	return { ...base, [outer]: inner === undefined ? given : { [inner]: given } };
};

/** Fields whose values are by chance. */
const CHANCE = new Set(
	'password plan_digest created_at updated_at initiation_time answer_time end_time'.split(' '),
);

/** What a run has come to, without what is by chance: ids are numbered as they come. */
function withoutChance(value: unknown): string {
	const text = JSON.stringify(value, (key, inner: unknown) =>
		CHANCE.has(key) && inner ? '…' : inner,
	);
	const seen = new Map<string, string>();
	return text.replace(
		/[0-9a-f]{8}-[0-9a-f-]{27}|(?<!\d)217841\d{11}(?!\d)|(?<=127\.0\.0\.1:)\d+|(?<="username":"acme)\d{6}/g,
		(id) => {
			if (!seen.has(id)) seen.set(id, `#${seen.size}`);
			return seen.get(id) as string;
		},
	);
}

/** Pages and lookups that go side by side come in no order. */
const sorted = <T extends { line: string }>(asked: T[]) =>
	asked.sort((one, other) => (one.line < other.line ? -1 : 1));

/** What was asked of Plivo with a value, and what n8n shows. */
async function outcomeOf(one: TestedField, value: unknown) {
	const account = await anAccount();
	const { json, error } = await run(account, one.resource, one.operation, withValue(one, value));
	const asked = account.requests.map(({ method, path, query, body }) => ({
		line: `${method} ${path} ${JSON.stringify(query)}`,
		body,
	}));
	await account.close();
	return {
		asked: asked.length,
		message: error?.message,
		whole: withoutChance({ asked: sorted(asked), json, error: error?.message }),
	};
}

const tested = fieldsOf([
	'boolean',
	'number',
	'options',
	'multiOptions',
	'string',
	'resourceLocator',
	'dateTime',
]).filter(({ path }) => !ELSEWHERE.includes(path));

/** The same field is checked by the same code in every operation; the long lane tries each of them. */
const onceEach = firstOfEach(tested, ({ path, field }) => `${path} ${field.type}`).map(
	(one) => [`${one.resource} ${one.operation} ${one.path}`, one] as const,
);

describe('a field', () => {
	it('is tested in every operation', () => {
		expect(tested.length).toBeGreaterThan(280);
		const found = new Set(tested.map(({ resource, operation }) => `${resource} ${operation}`));
		expect(found.size).toBe(operations.length);
	});

	it.each(onceEach)(
		'of %s reads what is meant, and refuses by its name the rest',
		async (_, one) => {
			const [plain, alike, wrong] = valuesFor(one);
			const meant = await outcomeOf(one, plain);
			expect([meant.asked > 0, meant.message]).toEqual([true, meant.message]);
			expect([alike, (await outcomeOf(one, alike)).whole]).toEqual([alike, meant.whole]);
			const { asked, message } = await outcomeOf(one, wrong);
			expect([wrong, asked, message]).toEqual([
				wrong,
				0,
				expect.stringMatching(new RegExp(`^'${one.field.displayName}' `)),
			]);
		},
	);
});

describe('a field of the trigger', () => {
	const { properties: ofTrigger } = new PlivoSipTrunkingTrigger().description;
	const fields = ['callEnded', 'callFailed', 'trunkChanged'].flatMap((event) =>
		ofTrigger
			.filter(
				({ type, displayOptions }) =>
					type === 'collection' && displayOptions?.show?.event?.includes(event),
			)
			.flatMap(childrenOf)
			.map(({ path, field }) => ({ event, path, field })),
	);

	/** The first poll after the workflow was switched on, with a state of before. */
	async function pollWith(event: string, path: string, value: unknown) {
		const account = await anAccount();
		const [outer, inner] = exactly(2, path.split('.'));
		const parameters = { [outer]: { [inner]: byExpression(value) } };
		const { items, error } = await testEvent(account, event, parameters);
		const asked = account.requests.map(({ path: asking, query }) => [asking, query]);
		const { message } = (error ?? {}) as { message?: string };
		await account.close();
		return {
			asked: asked.length,
			message,
			whole: withoutChance([asked, items?.map(({ json }) => json), message]),
		};
	}

	it.each(fields.map(({ event, path, field }) => [event, path, field] as const))(
		'%s %s reads what is meant, and refuses by its name the rest',
		async (event, path, field) => {
			const [plain, alike, wrong] = valuesFor({ path, field, base: {} });
			const { whole } = await pollWith(event, path, plain);
			expect([alike, (await pollWith(event, path, alike)).whole]).toEqual([alike, whole]);
			const { asked, message } = await pollWith(event, path, wrong);
			expect([wrong, asked, message]).toEqual([
				wrong,
				0,
				expect.stringMatching(new RegExp(`^'${field.displayName}' is `)),
			]);
		},
	);
});

describe('a name', () => {
	const SPELLINGS = [CAFE, `${CAFE.normalize('NFD')}\u200b`, '  Café \r\nLöwe'];

	it('in any spelling is the one that is there, for Create or Update', async () => {
		for (const stored of [CAFE, CAFE.normalize('NFD')]) {
			const account = await newAccount();
			account.addUri({ uri_uuid: URI, name: stored, uri: 'pbx.example.com;transport=tcp' });
			account.addIpAcl({ name: stored, ip_addresses: ['192.0.2.7'] });
			account.addTrunk({ name: stored, trunk_direction: 'inbound', primary_uri_uuid: URI });
			const upserts: Array<[string, INodeParameters]> = [
				['originationUri', { uri: 'pbx.example.com;transport=tcp' }],
				['ipAccessControlList', { ipAddresses: '192.0.2.7' }],
				['trunk', { trunkDirection: 'inbound', primaryUriId: byId(URI) as never }],
			];
			for (const [resource, parameters] of upserts) {
				for (const name of SPELLINGS) {
					const output = outputOf(await run(account, resource, 'upsert', { name, ...parameters }));
					expect([resource, output.created, output.changed]).toEqual([resource, false, false]);
				}
			}
			expect(writesOf(account)).toEqual([]);
		}
	});

	it('in any spelling is the same customer, for provisioning; in another case it is another', async () => {
		const account = await newAccount();
		account.addNumber({ number: NUMBER });
		const provision = async (name: string) => {
			const parameters = { primaryUri: 'pbx.example.com;transport=tcp', phoneNumbers: NUMBER };
			await run(account, 'provisioning', 'provisionOutbound', { name });
			return await run(account, 'provisioning', 'provisionInbound', { name, ...parameters });
		};
		await provision(CAFE);
		account.clearRequests();
		for (const name of SPELLINGS) outputOf(await provision(name));
		expect(writesOf(account)).toEqual([]);
		expect(wordsOf(await provision(CAFE.toUpperCase()))).toContain(
			`Phone number ${NUMBER} is routed to trunk "${CAFE} inbound"`,
		);
	});
});

describe('an IP address', () => {
	const change = async (account: Simulator, operation: string, ipAddresses: string) =>
		outputOf(
			await run(account, 'ipAccessControlList', operation, {
				ipAclId: byId(IP_LIST) as never,
				ipAddresses,
			}),
		);

	it('is added and removed as a block, and the others stay as they were typed', async () => {
		const account = await anAccount();
		await change(account, 'addAddresses', '203.0.113.10, 198.51.100.9/28, 2001:DB8::1/128');
		expect(writesOf(account)).toEqual([]);
		await change(account, 'addAddresses', '203.0.113.10; 2001:DB8::2 192.0.2.9/31');
		const removed = await change(account, 'removeAddresses', '203.0.113.10, 2001:0db8::1, 8.8.8.8');
		expect(removed.warnings).toEqual(['Not in the list, so nothing to remove: 8.8.8.8.']);
		expect(account.state.ipacls.get(IP_LIST)?.ip_addresses).toEqual([
			'198.51.100.0/28',
			'2001:DB8::2',
			'192.0.2.9/31',
		]);
	});

	it('in another spelling changes nothing, for Create or Update and provisioning', async () => {
		const account = await anAccount();
		const respelled = '2001:db8:0::1, 198.51.100.3/28, 203.0.113.10';
		const upserted = outputOf(
			await run(account, 'ipAccessControlList', 'upsert', {
				name: 'Offices',
				ipAddresses: respelled,
			}),
		);
		expect([upserted.created, upserted.changed]).toEqual([false, false]);
		const provision = async (ipAddresses: string) =>
			outputOf(
				await run(account, 'provisioning', 'provisionOutbound', {
					name: 'Acme',
					sipAuthentication: 'newIpAcl',
					ipAddresses,
				}),
			);
		await provision('203.0.113.10/32, 198.51.100.0/28, 2001:db8::1');
		account.clearRequests();
		const { warnings } = await provision(respelled);
		expect(writesOf(account)).toEqual([]);
		expect(String(warnings)).toContain('203.0.113.10 is an address for examples in documentation');
	});
});

describe('a credential', () => {
	const ID = 'MAXXXXXXXXXXXXXXXXXX';
	const TOKEN = 'abcdefghijklmnopqrstuvwxyz01234567890123';
	let account: Simulator;
	beforeEach(async () => void (account = await anAccount()));

	const both = async (
		changes: (right: { authId: string; authToken: string; baseUrl: string }) => IDataObject,
	) => {
		const { authId, authToken, url: baseUrl } = account;
		const right = { authId, authToken, baseUrl };
		const credentials = { ...right, ...changes(right) } as typeof right;
		const tested = await testCredential(credentials);
		const { error } = await run(account, 'trunk', 'getAll', {}, { credentials });
		return { tested, error };
	};

	it.each<[string, Parameters<typeof both>[0]]>([
		['as it is', () => ({})],
		['a Base URL that ends in slashes', ({ baseUrl }) => ({ baseUrl: `\u200b${baseUrl}// ` })],
		['an Auth ID with a zero-width space', ({ authId }) => ({ authId: `\u200b${authId}\u00a0` })],
		['an Auth Token with a line end', ({ authToken }) => ({ authToken: ` ${authToken}\n` })],
	])('is understood, at its test and at the first request: %s', async (_, changes) => {
		const { tested: verdict, error } = await both(changes);
		expect(error?.message).toBeUndefined();
		expect(verdict).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it.each<[string, Parameters<typeof both>[0], RegExp]>([
		[
			'swapped fields',
			() => ({ authId: TOKEN, authToken: ID }),
			/^'Auth ID' holds what looks like an Auth Token/,
		],
		[
			'the Auth ID twice',
			() => ({ authToken: ID }),
			/^'Auth Token' holds what looks like an Auth ID/,
		],
		['an empty Auth ID', () => ({ authId: ' ' }), /^'Auth ID' is empty/],
		['an empty Auth Token', () => ({ authToken: '' }), /^'Auth Token' is empty/],
		['an Auth ID with spaces within', () => ({ authId: 'MA XX' }), /^'Auth ID' has characters/],
		[
			'no https',
			() => ({ baseUrl: 'http://api.plivo.com/v1' }),
			/^'Base URL' is not an https address/,
		],
		['no address', () => ({ baseUrl: 'plivo' }), /^'Base URL' is not an https address/],
		['an empty address', () => ({ baseUrl: '' }), /^'Base URL' is empty/],
	])(
		'that can not be right is said to be, at its test and at the first request: %s',
		async (_, changes, words) => {
			const { tested: verdict, error } = await both(changes);
			expect(error?.message).toMatch(words);
			expect(verdict).toEqual({ status: 'Error', message: expect.stringMatching(words) });
			expect(JSON.stringify([verdict, error])).not.toContain(TOKEN);
			expect(account.requests).toHaveLength(0);
		},
	);
});

describe('a hand-made workflow', () => {
	it.each([
		['trunk', 'fly', /^'Operation' is "fly", which this node doesn't have/],
		['satellite', 'create', /^'Resource' is "satellite", which this node doesn't have/],
		['Trunk', 'getAll', /^'Resource' is "Trunk"/],
		['trunk', '', /^'Operation' is missing/],
	])('with %s %s is told so, not "404"', async (resource, operation, words) => {
		const account = await anAccount();
		const { error } = await run(account, resource, operation);
		expect(error?.message).toMatch(words);
		expect(account.requests).toHaveLength(0);
	});
});
