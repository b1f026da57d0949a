/** Every value that a user can give, as spreadsheets, forms and webhooks really give it, in n8n's engine. */
import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';
import { plivoTime } from '../../simulator/plivoTime.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	fullState,
	newAccount,
	outputOf,
	picture,
	run,
	testEvent,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { exactly, nth, only } from '../support/elements.mts';
import { testCredential } from '../support/engine.mts';
import { firstOfEach, inTurn, numbered } from '../support/lane.mts';

afterEach(closeAccounts);

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
	platformHost: 'acme.example.com',
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
			.map(([name, values]) => [name, values?.[0] as string]),
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
						...conditionsOf(property),
						...(path === 'additionalFields.fallbackUriId' && { trunkDirection: 'inbound' }),
					},
				})),
		);
	});

const tested = fieldsOf(['boolean', 'number', 'options', 'multiOptions']);

const choicesOf = ({ options = [] }: INodeProperties): string[] =>
	(options as INodePropertyOptions[]).map(({ value }) => String(value)).filter(Boolean);

/** A number that the field takes. */
const fitting = ({ typeOptions: { minValue = 0, maxValue = Infinity } = {} }: INodeProperties) =>
	Math.min(Math.max(2, minValue), maxValue);

/** Values, and what else is to come to the same. */
function alikeOf(field: INodeProperties): Array<[value: unknown, alike: unknown[]]> {
	switch (field.type) {
		case 'boolean':
			return [
				[true, ['true', 'TRUE', ' Yes ', 1, '1', 'on']],
				[false, ['false', 'FALSE', ' False\n', 0, '0', 'no']],
			];
		case 'number': {
			const number = fitting(field);
			return [[number, [String(number), ` ${number} `, `${number}.0`, `\u200b${number}`]]];
		}
		case 'multiOptions': {
			const [one, other] = [nth(choicesOf(field), 0), nth(choicesOf(field), 1)];
			return [
				[
					[one, other],
					[
						`${one}, ${other}`,
						`${other.toUpperCase()};${one}`,
						JSON.stringify([one, other]),
						` ${one}\n${other} `,
						[` ${one.toUpperCase()}`, other],
					],
				],
				[[one], [one, [`${one} `], one.toUpperCase()]],
			];
		}
		default:
			return choicesOf(field).map((choice) => [
				choice,
				[choice.toUpperCase(), ` ${choice[0]?.toUpperCase()}${choice.slice(1)} `],
			]);
	}
}

/** Values that can't be right. */
function wrongOf(field: INodeProperties): unknown[] {
	const { minValue = 0, maxValue, numberPrecision = 0 } = field.typeOptions ?? {};
	switch (field.type) {
		case 'boolean':
			return ['maybe', 2, -1, 'ja!', ['x', 'y'], { a: 1 }];
		case 'number':
			return [
				'five',
				// An amount of money may have cents.
				...(numberPrecision > 0 ? [] : ['2.5', 2.5]),
				true,
				minValue - 1,
				String(minValue - 1),
				'1e99',
				[3, 4],
				...(maxValue === undefined ? [] : [maxValue + 1, String(maxValue + 1)]),
			];
		case 'multiOptions':
			return ['fax', ['voice', 'fax'], 42, true, { a: 1 }];
		default:
			return ['nonsense', 42, true, ['x', 'y'], { a: 1 }];
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

/** What a value comes to: what was asked of Plivo, and what n8n shows. */
async function outcomeOf(one: TestedField, value: unknown, account?: Simulator) {
	const own = account ?? (await anAccount());
	const { json, error } = await run(own, one.resource, one.operation, withValue(one, value));
	const asked = own.requests.map(({ method, path, query, body }) => ({
		line: `${method} ${path} ${JSON.stringify(query)}`,
		body,
	}));
	if (!account) await own.close();
	return {
		asked: asked.length,
		message: error?.message,
		description: error?.description,
		whole: withoutChance({
			asked: sorted(asked),
			json,
			error: error && [error.message, error.description],
		}),
	};
}

/** The same field is checked by the same code in every operation. */
const onceEach = (fields: TestedField[]) =>
	numbered(
		firstOfEach(fields, ({ path, field }) => `${path} ${field.type}`).map(
			(one) => [titleOf(one), one] as const,
		),
	);

const titleOf = ({ resource, operation, path }: TestedField) => `${resource} ${operation} ${path}`;

describe('a truth, number or choice from an expression', () => {
	it('is tested for every such field', () => {
		expect(tested.length).toBeGreaterThan(180);
		const found = new Set(tested.map(({ resource, operation }) => `${resource} ${operation}`));
		expect(found.size).toBe(operations.length);
	});

	describe.each(onceEach(tested))('%s', (_, one, index) => {
		it('means the same in every spelling', async () => {
			for (const [value, alike] of inTurn(alikeOf(one.field), index)) {
				const { whole } = await outcomeOf(one, value);
				for (const other of inTurn(alike, Math.floor(index / 2))) {
					expect([other, (await outcomeOf(one, other)).whole]).toEqual([other, whole]);
				}
			}
		});

		it('is refused by its name, before anything is asked of Plivo', async () => {
			const account = await anAccount();
			for (const wrong of inTurn(wrongOf(one.field), index)) {
				const { asked, message, description } = await outcomeOf(one, wrong, account);
				expect([wrong, asked, message]).toEqual([
					wrong,
					0,
					expect.stringMatching(new RegExp(`^'${one.field.displayName}' (?:is|contains) `)),
				]);
				for (const choice of choicesOf(one.field)) expect(description).toContain(choice);
			}
		});
	});
});

describe('a truth, number or choice of the trigger', () => {
	const { properties: ofTrigger } = new PlivoSipTrunkingTrigger().description;
	const fields = ['callEnded', 'callFailed', 'trunkChanged'].flatMap((event) =>
		ofTrigger
			.filter(
				({ type, displayOptions }) =>
					type === 'collection' && displayOptions?.show?.event?.includes(event),
			)
			.flatMap(childrenOf)
			.filter(({ field }) => ['boolean', 'number', 'options'].includes(field.type))
			.map(({ path, field }) => ({ event, path, field })),
	);

	/** The first poll after the workflow was switched on, with a state of before. */
	async function pollWith(event: string, path: string, value: unknown) {
		const account = await anAccount();
		const [outer, inner] = exactly(2, path.split('.'));
		const parameters = { [outer]: { [inner]: byExpression(value) } };
		const { items, error } = await testEvent(account, event, parameters);
		const asked = account.requests.map(({ path: asking, query }) => [asking, query]);
		const { message, description } = (error ?? {}) as { message?: string; description?: string };
		await account.close();
		return {
			asked: asked.length,
			message,
			description,
			whole: withoutChance([asked, items?.map(({ json }) => json), message]),
		};
	}

	it('is tested for every such field', () => {
		expect(fields.map(({ event, path }) => `${event} ${path}`)).toEqual(
			expect.arrayContaining([
				'callEnded filters.callDirection',
				'callFailed filters.minDuration',
				'callEnded options.explainHangup',
				'trunkChanged options.catchUp',
				'trunkChanged options.timeout',
			]),
		);
	});

	it.each(numbered(fields.map(({ event, path, field }) => [event, path, field] as const)))(
		'%s %s',
		async (event, path, field, index) => {
			for (const [value, alike] of inTurn(alikeOf(field), index)) {
				const { whole } = await pollWith(event, path, value);
				for (const other of inTurn(alike, Math.floor(index / 2))) {
					expect([other, (await pollWith(event, path, other)).whole]).toEqual([other, whole]);
				}
			}
			for (const wrong of inTurn(wrongOf(field), index)) {
				const { asked, message, description } = await pollWith(event, path, wrong);
				expect([wrong, asked, message]).toEqual([
					wrong,
					0,
					expect.stringMatching(new RegExp(`^'${field.displayName}' is `)),
				]);
				for (const choice of choicesOf(field)) expect(description).toContain(choice);
			}
		},
	);
});

describe('a filter', () => {
	it.each<[string, string, string, IDataObject, unknown[]]>([
		['trunk', 'secure', 'trunk_id', { secure: '={{ "false" }}' }, [OUTBOUND, INBOUND]],
		['trunk', 'secure', 'trunk_id', { secure: '={{ "TRUE" }}' }, []],
		['trunk', 'name', 'trunk_id', { name: '={{ " \u200bOUT " }}' }, [OUTBOUND]],
		['trunk', 'status', 'trunk_id', { trunkStatus: '={{ "Enabled" }}' }, [OUTBOUND, INBOUND]],
		['phoneNumber', 'services', 'number', { services: '={{ "voice, sms" }}' }, [NUMBER]],
		['phoneNumber', 'alias', 'number', { alias: '={{ 42 }}' }, ['442079460000']],
		['phoneNumber', 'alias', 'number', { alias: '={{ " Front desk " }}' }, [NUMBER]],
		['phoneNumber', 'prefix', 'number', { numberStartsWith: '={{ "+1 (415)" }}' }, [NUMBER]],
		['phoneNumber', 'prefix', 'number', { numberStartsWith: '={{ 1415 }}' }, [NUMBER]],
		['phoneNumber', 'prefix', 'number', { numberStartsWith: '={{ "0044 20" }}' }, ['442079460000']],
		['call', 'code', 'call_uuid', { hangupCauseCode: '={{ 4000 }}' }, [CALL]],
		['call', 'code', 'call_uuid', { hangupCauseCode: '={{ " 4000 " }}' }, [CALL]],
		['call', 'number', 'call_uuid', { fromNumber: '={{ "+1 (999)*" }}' }, []],
	])('of %ss by %s finds what is meant', async (resource, _, idField, filters, expected) => {
		const account = await anAccount();
		account.add('calls', { ...account.state.calls.get(CALL), hangup_cause_code: 4000 });
		const { error, json } = await run(account, resource, 'getAll', {
			returnAll: true,
			filters: filters as INodeParameters,
		});
		expect(error?.message).toBeUndefined();
		expect(json.map((record) => record[idField]).sort()).toEqual([...expected].sort());
	});

	it('of trunks by name finds it in any Unicode form', async () => {
		const account = await newAccount();
		account.addTrunk({ name: 'Café Löwe'.normalize('NFD') });
		account.addTrunk({ name: 'Café Löwe 2' });
		for (const name of ['café löwe', 'CAFÉ\u00a0LÖWE'.normalize('NFD')]) {
			const { json } = await run(account, 'trunk', 'getAll', { filters: { name } });
			expect(json).toHaveLength(2);
		}
	});

	it.each([
		['phoneNumber', { subaccount: 'not an id' }, "'Subaccount' is "],
		['phoneNumber', { trunkId: byId(`/v1/Account/MA/Zentrunk/URI/${URI}/`) }, "'Trunk' is "],
		['phoneNumber', { trunkId: byId('={{ 21784177241578123 }}') }, "'Trunk' is "],
		['phoneNumber', { numberStartsWith: 'abc' }, "'Number Starts With' is "],
		['call', { hangupCauseCode: 'busy' }, "'Hangup Cause Code' is "],
		['call', { fromNumber: '+1 415 555 0123 ext. 5' }, "'From Number' is "],
		['call', { toNumber: '={{ -14155550123 }}' }, "'To Number' is "],
	])('of %ss that can not be right is refused: %j', async (resource, filters, words) => {
		const account = await anAccount();
		const { error } = await run(account, resource, 'getAll', {
			filters: filters as unknown as INodeParameters,
		});
		expect(error?.message).toMatch(new RegExp(`^${words}`));
		expect(account.requests).toHaveLength(0);
	});
});

/** One name to a reader. */
const CAFE = 'Café Löwe';
const CAFE_SPELLINGS: Array<[what: string, name: string]> = [
	['NFC', CAFE.normalize('NFC')],
	['NFD', CAFE.normalize('NFD')],
	['a zero-width space', 'Café\u200b Löwe'],
	['a no-break space', 'Café\u00a0Löwe'],
	['spaces around it', '  Café Löwe \t'],
	['two spaces', 'Café  Löwe'],
	['a byte order mark', '\ufeffCafé Löwe'],
	['a direction mark', 'Café Löwe\u200e'],
	['a soft hyphen', 'Ca\u00adfé Löwe'],
	['a line end', 'Café\r\nLöwe'],
];

describe('a name', () => {
	it.each(numbered(CAFE_SPELLINGS))(
		'with %s is the one that is there, for Create or Update',
		async (_, name, index) => {
			for (const stored of inTurn([CAFE, CAFE.normalize('NFD')], index + 1)) {
				const account = await newAccount();
				account.addUri({ uri_uuid: URI, name: stored, uri: 'pbx.example.com;transport=tcp' });
				account.addCredential({ credential_uuid: CREDENTIAL, name: stored, username: 'signed01' });
				account.addIpAcl({ name: stored, ip_addresses: ['192.0.2.7'] });
				account.addTrunk({
					name: stored,
					trunk_direction: 'inbound',
					primary_uri_uuid: URI,
				});
				const upserts: Array<[string, INodeParameters]> = [
					['originationUri', { uri: 'pbx.example.com;transport=tcp' }],
					['ipAccessControlList', { ipAddresses: '192.0.2.7' }],
					['trunk', { trunkDirection: 'inbound', primaryUriId: byId(URI) as never }],
				];
				for (const [resource, parameters] of upserts) {
					const output = outputOf(await run(account, resource, 'upsert', { name, ...parameters }));
					expect([resource, output.created, output.changed]).toEqual([resource, false, false]);
				}
				expect(writesOf(account)).toEqual([]);
				await run(account, 'credential', 'upsert', {
					name,
					username: 'signed01',
					password: 'Given_123',
				});
				expect(account.state.credentials.size).toBe(1);
			}
		},
	);

	it('in any spelling is the same customer, for provisioning', async () => {
		const account = await newAccount();
		account.addNumber({ number: NUMBER });
		const provision = async (given: string) => {
			const inbound = await run(account, 'provisioning', 'provisionInbound', {
				name: given,
				primaryUri: 'pbx.example.com;transport=tcp',
				phoneNumbers: NUMBER,
			});
			const outbound = await run(account, 'provisioning', 'provisionOutbound', { name: given });
			return [outputOf(inbound), outputOf(outbound)];
		};
		await provision(CAFE);
		const [before, state] = [picture(account), fullState(account)];
		account.clearRequests();
		for (const [what, name] of CAFE_SPELLINGS) {
			await provision(name);
			expect([what, picture(account)]).toEqual([what, before]);
			expect([what, fullState(account)]).toEqual([what, state]);
			expect([what, writesOf(account)]).toEqual([what, []]);
		}
	});

	it('that differs in case is another customer, and takes no number away', async () => {
		const account = await newAccount();
		account.addNumber({ number: NUMBER });
		const parameters = { primaryUri: 'pbx.example.com;transport=tcp', phoneNumbers: NUMBER };
		await run(account, 'provisioning', 'provisionInbound', { name: CAFE, ...parameters });
		const before = fullState(account);
		const other = await run(account, 'provisioning', 'provisionInbound', {
			name: CAFE.toUpperCase(),
			...parameters,
		});
		expect(wordsOf(other)).toContain(`Phone number ${NUMBER} is routed to trunk "${CAFE} inbound"`);
		expect(fullState(account)).toEqual(before);
	});

	it.each(
		numbered<[string, string]>([
			['an empty one', '={{ "" }}'],
			['one of spaces that show nothing', ' \u200b\u00a0'],
			['undefined', '={{ undefined }}'],
			['null', '={{ null }}'],
			['"undefined"', 'undefined'],
			['"#N/A"', '#N/A'],
			['an object', '={{ ({ a: 1 }) }}'],
			['a list', '={{ ["Acme"] }}'],
			['"[object Object]"', '[object Object]'],
		]),
	)('is refused where it is none: %s', async (_, name, index) => {
		const account = await newAccount();
		for (const [resource, operation, parameters] of inTurn(
			[
				['originationUri', 'create', { uri: 'pbx.example.com' }],
				['credential', 'upsert', { username: 'signed01', password: 'Given_123' }],
				['provisioning', 'provisionOutbound', {}],
				['provisioning', 'connectPlatform', { platform: 'retell' }],
			] as const,
			index,
		)) {
			const { error } = await run(account, resource, operation, { name, ...parameters });
			expect(error?.message).toMatch(/^'Name' is /);
		}
		expect(account.requests).toHaveLength(0);
	});
});

describe('an IP address', () => {
	const change = async (account: Simulator, operation: string, ipAddresses: unknown) =>
		outputOf(
			await run(account, 'ipAccessControlList', operation, {
				ipAclId: byId(IP_LIST) as never,
				ipAddresses: byExpression(ipAddresses),
			}),
		);

	it.each<[unknown, string[]]>([
		['203.0.113.10', ['198.51.100.0/28', '2001:db8::1']],
		['203.0.113.10/32', ['198.51.100.0/28', '2001:db8::1']],
		[' 203.0.113.10 / 32 ', ['198.51.100.0/28', '2001:db8::1']],
		['::ffff:203.0.113.10', ['198.51.100.0/28', '2001:db8::1']],
		['198.51.100.5/28', ['203.0.113.10/32', '2001:db8::1']],
		['2001:0DB8:0:0::1', ['203.0.113.10/32', '198.51.100.0/28']],
		['2001:db8::1/128', ['203.0.113.10/32', '198.51.100.0/28']],
		[['2001:db8::1', '203.0.113.10'], ['198.51.100.0/28']],
		['["2001:db8::1"; "203.0.113.10"]'.replace(';', ','), ['198.51.100.0/28']],
		['2001:db8::1|203.0.113.10\n', ['198.51.100.0/28']],
	])('is removed as a block: %j', async (addresses, left) => {
		const account = await anAccount();
		const output = await change(account, 'removeAddresses', addresses);
		expect(account.state.ipacls.get(IP_LIST)?.ip_addresses).toEqual(left);
		expect(output.warnings).toBeUndefined();
	});

	it.each(['203.0.113.11', '198.51.100.1', '198.51.100.0/29', '2001:db8::/64'])(
		'that is not in the list is said not to be removed: %s',
		async (address) => {
			const account = await anAccount();
			const output = await change(account, 'removeAddresses', address);
			expect(output.warnings).toEqual([`Not in the list, so nothing to remove: ${address}.`]);
			expect(writesOf(account)).toEqual([]);
		},
	);

	it('that is there already is not added, and the others are stored as typed', async () => {
		const account = await anAccount();
		await change(account, 'addAddresses', '203.0.113.10, 198.51.100.9/28, 2001:DB8::1/128');
		expect(writesOf(account)).toEqual([]);
		await change(account, 'addAddresses', '203.0.113.10; 2001:DB8::2 192.0.2.9/31');
		expect(account.state.ipacls.get(IP_LIST)?.ip_addresses).toEqual([
			'203.0.113.10/32',
			'198.51.100.0/28',
			'2001:db8::1',
			'2001:DB8::2',
			'192.0.2.9/31',
		]);
	});

	it('in another spelling changes nothing, for Create or Update and provisioning', async () => {
		const account = await anAccount();
		const respelled = ['2001:db8:0::1', '198.51.100.3/28', '203.0.113.10'];
		const upserted = outputOf(
			await run(account, 'ipAccessControlList', 'upsert', {
				name: 'Offices',
				ipAddresses: byExpression(respelled),
			}),
		);
		expect([upserted.created, upserted.changed]).toEqual([false, false]);
		const provision = async (ipAddresses: unknown) =>
			await run(account, 'provisioning', 'provisionOutbound', {
				name: 'Acme',
				sipAuthentication: 'newIpAcl',
				ipAddresses: byExpression(ipAddresses),
			});
		outputOf(await provision('203.0.113.10/32, 198.51.100.0/28, 2001:db8::1'));
		account.clearRequests();
		outputOf(await provision(respelled));
		expect(writesOf(account)).toEqual([]);
	});

	it.each(
		numbered<[unknown, RegExp]>([
			['255.255.255.0', /netmask/],
			['203.0.113.10/255.255.255.0', /write 203\.0\.113\.10\/24/],
			['224.0.0.1', /multicast/],
			['pbx.example.com', /host name/],
			['203.0.113.10:5060', /port/],
			['203.0.113.1-203.0.113.9', /range/],
			['203.0.113.*', /wildcard/],
			['010.0.0.1', /leading zero/],
			['203.0.113.256', /not an IP address/],
			['203.0.113', /not an IP address/],
			[203.01, /not text/],
			[{ ip: '203.0.113.10' }, /an object/],
			['', /is empty/],
			[[], /is empty/],
		]),
	)('that can not be right is refused everywhere: %j', async (addresses, problem, index) => {
		const account = await anAccount();
		const ipAddresses = byExpression(addresses);
		for (const [resource, operation, parameters] of inTurn(
			[
				['ipAccessControlList', 'create', { name: 'Acme' }],
				['ipAccessControlList', 'upsert', { name: 'Offices' }],
				['ipAccessControlList', 'addAddresses', { ipAclId: byId(IP_LIST) }],
				['ipAccessControlList', 'removeAddresses', { ipAclId: byId(IP_LIST) }],
				['provisioning', 'provisionOutbound', { name: 'Acme', sipAuthentication: 'newIpAcl' }],
			] as const,
			index,
		)) {
			const { error } = await run(account, resource, operation, {
				...(parameters as unknown as INodeParameters),
				ipAddresses,
			});
			expect(error?.message).toMatch(/^'IP Addresses' /);
			expect(error?.message).toMatch(problem);
		}
		const { error } = await run(account, 'ipAccessControlList', 'update', {
			ipAclId: byId(IP_LIST) as never,
			updateFields: { ipAddresses },
		});
		expect(error?.message).toMatch(problem);
		expect(account.requests).toHaveLength(0);
	});

	it.each([
		['8.0.0.0/7', 'a very wide range'],
		['0.0.0.0/0', 'a very wide range'],
		['10.1.2.3', 'a private address'],
		['203.0.113.99', 'an address for examples in documentation'],
	])('%s is named as what it is in every output', async (address, words) => {
		const account = await anAccount();
		const outputs = [
			await change(account, 'addAddresses', address),
			outputOf(
				await run(account, 'ipAccessControlList', 'create', { name: 'A', ipAddresses: address }),
			),
			outputOf(
				await run(account, 'provisioning', 'provisionOutbound', {
					name: 'B',
					sipAuthentication: 'newIpAcl',
					ipAddresses: address,
				}),
			),
		];
		for (const { warnings } of outputs) {
			expect((warnings as string[]).join(' ')).toContain(`${address} is ${words}`);
		}
	});
});

describe('a SIP address', () => {
	const uriPlaces = (uri: string): Array<[string, string, string, INodeParameters]> => [
		['URI', 'originationUri', 'create', { name: 'Acme', uri }],
		['URI', 'originationUri', 'upsert', { name: 'Acme', uri }],
		['URI', 'originationUri', 'update', { originationUriId: OTHER_URI, updateFields: { uri } }],
		['Primary URI', 'provisioning', 'provisionInbound', { name: 'Acme', primaryUri: uri }],
		[
			'Fallback URI',
			'provisioning',
			'provisionInbound',
			{ name: 'Acme', primaryUri: 'first.example.com;transport=tcp', fallbackUri: uri },
		],
	];

	it.each(
		numbered<[string, string]>([
			['pbx.acme.example;transport=tls', 'pbx.acme.example;transport=tls'],
			['<sip:pbx.acme.example;transport=tls>', 'sip:pbx.acme.example;transport=tls'],
			['"Acme" <sip:a@pbx.acme.example>;transport=tls', 'sip:a@pbx.acme.example;transport=tls'],
			['pbx.acme.example;transport=tls;', 'pbx.acme.example;transport=tls'],
			['sip:pbx.acme.example/', 'sip:pbx.acme.example'],
			[' pbx.acme.example:5061 ; transport = tls ', 'pbx.acme.example:5061;transport=tls'],
			['PBX.Acme.Example;transport=TLS', 'PBX.Acme.Example;transport=TLS'],
			['exämple.com;transport=tcp', 'xn--exmple-cua.com;transport=tcp'],
			['\u200bpbx.acme.example\u00a0', 'pbx.acme.example'],
			['192.0.2.7:5060;transport=udp', '192.0.2.7:5060;transport=udp'],
			['sip:[2001:db8::7]:5060;transport=udp', 'sip:[2001:db8::7]:5060;transport=udp'],
		]),
	)('is understood: %j', async (given, sent, index) => {
		for (const [label, resource, operation, parameters] of inTurn(uriPlaces(given), index)) {
			const account = await anAccount();
			outputOf(await run(account, resource, operation, parameters));
			const uris = [...account.state.uris.values()].map(({ uri }) => uri);
			expect([label, operation, uris]).toEqual([label, operation, expect.arrayContaining([sent])]);
		}
	});

	it.each(
		numbered<[string, RegExp]>([
			['wss://pbx.acme.example', /WebSocket/],
			['https://pbx.acme.example', /web address/],
			['tel:+14155550123', /phone number/],
			[
				'sip:acme:secret9@pbx.acme.example',
				/password: enter username and password in fields of their own/,
			],
			['pbx.acme.example:99999', /port 99999/],
			['pbx.acme.example:0', /port 0/],
			['pbx.acme.example;transport', /without a value/],
			['pbx.acme.example;transport=', /without a value/],
			['pbx.acme.example;transport=wss', /not udp, tcp or tls/],
			['pbx.acme.example;tls', /written ;transport=tls/],
			['pbx.acme.example/calls', /a path/],
			['a@pbx.acme.example', /does not begin with sip:/],
			['pbx acme example', /a space/],
			['203.0.113.300', /not an IPv4 address/],
			['2001:db8::7', /without brackets/],
			['undefined', /missing value/],
		]),
	)('is refused by its field: %j', async (given, problem, index) => {
		const account = await anAccount();
		const places: ReturnType<typeof uriPlaces> = [
			...uriPlaces(given),
			[
				'Platform Host',
				'provisioning',
				'connectPlatform',
				{ platform: 'custom', name: 'Acme', platformHost: given, transport: 'tcp' },
			],
		];
		for (const [label, resource, operation, parameters] of inTurn(places, index)) {
			const words = wordsOf(await run(account, resource, operation, parameters));
			expect(words).toMatch(new RegExp(`^'${label}' `));
			if (label !== 'Platform Host') expect(words).toMatch(problem);
			expect(words).not.toContain('secret9');
		}
		expect(account.requests).toHaveLength(0);
	});

	it.each([
		['<sip:pbx.acme.example>', 'pbx.acme.example;transport=tcp'],
		[' PBX.acme.example:5070/ ', 'pbx.acme.example:5070;transport=tcp'],
		['exämple.com', 'xn--exmple-cua.com;transport=tcp'],
		['sip:sales@pbx.acme.example;transport=TCP', 'sip:sales@pbx.acme.example;transport=tcp'],
	])('is understood as the host of a platform: %j', async (platformHost, sent) => {
		const account = await newAccount();
		outputOf(
			await run(account, 'provisioning', 'connectPlatform', {
				platform: '={{ "Custom" }}',
				name: 'Acme',
				direction: '={{ "INBOUND" }}',
				platformHost,
				transport: '={{ "TCP" }}',
			}),
		);
		expect([...account.state.uris.values()].map(({ uri }) => uri)).toEqual([sent]);
	});
});

describe('a time in a filter of calls', () => {
	// A minute that nothing can round away, within the 90 days, with a day that no month can be.
	const day = new Date(Date.now() - 20 * 86_400_000);
	if (day.getUTCDate() <= 12) day.setUTCDate(13);
	const time = Math.floor(day.getTime() / 60_000) * 60_000;
	const iso = new Date(time).toISOString();
	const [year, month, date] = iso.slice(0, 10).split('-');
	const zoned = `${iso.slice(11, 16)}Z`;

	it.each(
		numbered<[unknown]>([
			[iso],
			[time],
			[time / 1000],
			[String(time)],
			[` ${time / 1000} `],
			[plivoTime(time) + 'Z'],
			[`${date}.${month}.${year} ${zoned}`],
			[`${month}/${date}/${year} ${zoned}`],
			[new Date(time).toUTCString()],
			[iso.replace('Z', '+00:00')],
			[`"${iso}"`],
		]),
	)('is understood: %j', async (given, index) => {
		for (const [field, query] of inTurn(
			[
				['endedAfter', 'end_time__gte'],
				['endedBefore', 'end_time__lte'],
			] as const,
			index,
		)) {
			const account = await newAccount();
			const { error } = await run(account, 'call', 'getAll', {
				filters: { [field]: byExpression(given) },
			});
			expect(error?.message).toBeUndefined();
			expect(only(account.requests).query[query]).toBe(plivoTime(time));
		}
	});

	it('of a spreadsheet is that of a clock in the workflow’s time zone', async () => {
		const serial = Math.floor(time / 86_400_000) + 25_569.75;
		const asked = async (given: unknown) => {
			const account = await newAccount();
			await run(account, 'call', 'getAll', { filters: { endedAfter: byExpression(given) } });
			return only(account.requests).query.end_time__gte;
		};
		const clock = `${iso.slice(0, 10)}T18:00:00`;
		expect(await asked(serial)).toBe(await asked(clock));
		expect(await asked(String(serial).replace('.', ','))).toBe(await asked(clock));
	});

	it.each(
		numbered<[unknown, RegExp]>([
			[`${year}-02-31`, /does not exist/],
			['03/04/2026', /can’t be told apart/],
			['31/12/26', /two digits/],
			['tomorrow', /not a date/],
			[12, /a number, but neither a spreadsheet date/],
			[true, /is true/],
			[{ a: 1 }, /an object/],
			['undefined', /not a date/],
			['2020-01-01T00:00:00Z', /more than 90 days ago/],
		]),
	)('that can not be told is refused: %j', async (given, problem, index) => {
		const account = await newAccount();
		const places = [
			['getAll', 'endedAfter', 'Ended After'],
			['getAll', 'endedBefore', 'Ended Before'],
			['summarize', 'endedAfter', 'Ended After'],
			['summarize', 'endedBefore', 'Ended Before'],
		] as const;
		for (const [operation, field, label] of inTurn(places, index)) {
			const { error } = await run(account, 'call', operation, {
				filters: { [field]: byExpression(given) },
			});
			expect(error?.message).toMatch(new RegExp(`^'${label}' is `));
			expect(error?.message).toMatch(problem);
		}
		expect(account.requests).toHaveLength(0);
	});
});

/** Spellings of the account's only number. */
const NUMBER_SPELLINGS: unknown[] = [
	NUMBER,
	Number(NUMBER),
	`+${NUMBER}`,
	'+1 415 555 0123',
	'+1\u00a0(415)\u2009555\u20110123',
	'1-415-555-0123',
	'1.415.555.0123',
	'tel:+1-415-555-0123',
	'00 1 415 555 0123',
	'+１４１５５５５０１２３',
	'+١٤١٥٥٥٥٠١٢٣',
	'\u202a+14155550123\u202c',
	'\u200b14155550123 ',
	'14155550123.0',
	"'14155550123",
	'="14155550123"',
	'1.4155550123E+10',
	'/v1/Account/MA/Number/14155550123/',
];

/** What is no number, or not certainly one. */
const NO_NUMBERS: Array<[given: unknown, problem: RegExp]> = [
	['14155550123.5', /has decimals/],
	[14155550123.5, /has decimals/],
	[-14155550123, /is negative/],
	['-14155550123', /minus/],
	['1.41556E+10', /lost digits/],
	['1-800-FLOWERS', /has letters/],
	['+1 415 555 0123 ext. 7', /extension/],
	['+1 415 555 0123 x7', /extension/],
	['123', /only 3 digits/],
	['1234567890123456', /16 digits/],
	['+14155550123.00.0', /./],
	['+39 (0)6 1234567', /"\(0\)"/],
	['0415 555 0123', /begins with 0/],
	['141555501230', /12 digits/],
	[true, /is not a phone number/],
	['undefined', /stands for a missing value/],
];

describe('a phone number', () => {
	it.each(numbered(NUMBER_SPELLINGS.map((given) => [given] as const)))(
		'is understood everywhere: %j',
		async (given, index) => {
			const value = byExpression(given);
			const places: Array<[string, string, INodeParameters]> = [
				['phoneNumber', 'get', { phoneNumber: byId(value) as never }],
				['phoneNumber', 'unroute', { phoneNumber: value }],
				[
					'phoneNumber',
					'update',
					{ phoneNumber: byId(value) as never, updateFields: { alias: 'A' } },
				],
				['phoneNumber', 'routeToTrunk', { phoneNumber: byId(value) as never, trunkId: INBOUND }],
				['provisioning', 'checkReadiness', { phoneNumber: byId(value) as never }],
				[
					'provisioning',
					'provisionInbound',
					{ name: 'Acme', primaryUri: 'acme.example.com;transport=tcp', phoneNumbers: value },
				],
			];
			for (const [resource, operation, parameters] of inTurn(places, index)) {
				const account = await anAccount();
				outputOf(await run(account, resource, operation, parameters));
				const asked = new Set(
					account.requests.flatMap(({ path }) => /\/Number\/([^/]+)/.exec(path)?.[1] ?? []),
				);
				expect([operation, [...asked]]).toEqual([operation, [NUMBER]]);
			}
		},
	);

	it.each(numbered(NO_NUMBERS))(
		'that is none is refused everywhere: %j',
		async (given, problem, index) => {
			const account = await anAccount();
			const value = byExpression(given);
			const uri = 'acme.example.com;transport=tcp';
			const places: Array<[string, string, string, INodeParameters]> = [
				['Phone Number', 'phoneNumber', 'get', { phoneNumber: byId(value) as never }],
				['Phone Number', 'phoneNumber', 'unroute', { phoneNumber: byId(value) as never }],
				['Phone Number', 'phoneNumber', 'routeToTrunk', { phoneNumber: value, trunkId: INBOUND }],
				[
					'Phone Number',
					'phoneNumber',
					'routeToApplication',
					{ phoneNumber: value, applicationId: APPLICATION },
				],
				[
					'Phone Number',
					'phoneNumber',
					'update',
					{ phoneNumber: value, updateFields: { alias: 'A' } },
				],
				['Phone Number', 'provisioning', 'checkReadiness', { phoneNumber: byId(value) as never }],
				[
					'Phone Numbers',
					'provisioning',
					'provisionInbound',
					{ name: 'Acme', primaryUri: uri, phoneNumbers: value },
				],
				[
					'Phone Numbers',
					'provisioning',
					'connectPlatform',
					{ name: 'Acme', platform: 'custom', platformHost: uri, phoneNumbers: value },
				],
				[
					'Phone Numbers',
					'provisioning',
					'provisionInbound',
					{ name: 'Acme', primaryUri: uri, phoneNumbers: byExpression([NUMBER, given]) },
				],
			];
			for (const [label, resource, operation, parameters] of inTurn(places, index)) {
				const words = wordsOf(await run(account, resource, operation, parameters));
				expect([operation, words]).toEqual([
					operation,
					expect.stringMatching(new RegExp(`^'${label}' (?:is|contains) `)),
				]);
				expect(words).toMatch(problem);
			}
			expect(account.requests).toHaveLength(0);
		},
	);

	it.each<[unknown]>([
		[`+${NUMBER}, +442079460000`],
		['+1 415 555 0123; +44 20 7946 0000'],
		[`+1 415 555 0123\n+44 20 7946 0000`],
		[`${NUMBER}\t442079460000`],
		[`${NUMBER} 442079460000`],
		['+1 415 555 0123 +44 20 7946 0000'],
		[`["+${NUMBER}", 442079460000]`],
		[[Number(NUMBER), '+44 20 7946 0000']],
		[[{ number: NUMBER }, { number: 442079460000 }]],
		[JSON.stringify([{ number: `+${NUMBER}` }, { number: '442079460000' }])],
		[[`+${NUMBER}`, '442079460000', '1 415 555 0123', '']],
	])('is found in a list however that is given: %j', async (given) => {
		const account = await anAccount();
		const { numbers } = outputOf(
			await run(account, 'provisioning', 'provisionInbound', {
				name: 'Acme',
				primaryUri: 'acme.example.com;transport=tcp',
				phoneNumbers: byExpression(given),
			}),
		);
		expect((numbers as IDataObject[]).map(({ number }) => number)).toEqual([
			NUMBER,
			'442079460000',
		]);
	});
});

describe('an ID', () => {
	const PATHS: Readonly<Record<string, string>> = {
		[OUTBOUND]: 'Zentrunk/Trunk',
		[INBOUND]: 'Zentrunk/Trunk',
		[URI]: 'Zentrunk/URI',
		[CREDENTIAL]: 'Zentrunk/Credential',
		[IP_LIST]: 'Zentrunk/IPAccessControlList',
		[CALL]: 'Zentrunk/Call',
		[APPLICATION]: 'Application',
		[COMPLIANCE]: 'PhoneNumber/Compliance',
	};
	const ID_OF: Readonly<Record<string, string>> = {
		...FILLED,
		fallbackUriId: URI,
		rerouteToApplicationId: APPLICATION,
		complianceApplicationId: COMPLIANCE,
	};
	const locators = fieldsOf(['resourceLocator', 'string']).filter(
		({ path }) =>
			/(?:Id)$/.test(path) &&
			// Numbers have a test of their own.
			!/phoneNumber$/i.test(path),
	);
	const given = (one: TestedField, value: unknown): INodeParameters => {
		const [outer = '', inner] = one.path.split('.');
		const expression = byExpression(value);
		const whole = one.field.type === 'resourceLocator' ? byId(expression) : expression;
		return {
			...one.base,
			[outer]: (inner === undefined ? whole : { [inner]: whole }) as never,
		};
	};

	it('is tested in every locator', () => {
		expect(locators.length).toBeGreaterThan(40);
	});

	describe.each(onceEach(locators))('%s', (_, one, index) => {
		const name = one.path.split('.').at(-1) as string;
		const id = String(one.base[name] ?? ID_OF[name]);

		it('is found in its path and address', async () => {
			const outcome = async (value: unknown) => {
				const account = await anAccount();
				const { json, error } = await run(account, one.resource, one.operation, given(one, value));
				const asked = account.requests.map(({ method, path, query, body }) => ({
					line: `${method} ${path} ${JSON.stringify(query)}`,
					body,
				}));
				await account.close();
				return withoutChance([sorted(asked), json, error?.message]);
			};
			const expected = await outcome(id);
			const path = `/v1/Account/MAXXXXXXXXXXXXXXXXXX/${PATHS[id]}/${id}/`;
			for (const value of [
				...inTurn(
					[path, `https://api.plivo.com${path}`, ` ${id}\n`, `\u200b${id}`, `"${id}"`],
					index,
				),
				...(PATHS[id] === 'Zentrunk/Trunk'
					? [`${id}.zt.plivo.com`, `sip:${id}.zt.plivo.com;transport=tls`]
					: []),
			]) {
				expect([value, await outcome(value)]).toEqual([value, expected]);
			}
		});

		it('is refused by its name where it can not be right', async () => {
			const account = await anAccount();
			const otherKind = PATHS[id] === 'Zentrunk/Call' ? 'Zentrunk/Trunk' : 'Zentrunk/Call';
			for (const wrong of inTurn(
				[
					21784177241578124,
					'2.1784177241578E+16',
					`${OUTBOUND}.0`,
					`/v1/Account/MA/${otherKind}/${id}/`,
					'not an id',
					'../Trunk',
					'undefined',
					{ a: 1 },
				],
				index,
			)) {
				const { error } = await run(account, one.resource, one.operation, given(one, wrong));
				expect([wrong, account.requests.length, error?.message]).toEqual([
					wrong,
					0,
					expect.stringMatching(new RegExp(`^'${one.field.displayName}' is `)),
				]);
			}
		});
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
		['a Base URL that ends in a slash', ({ baseUrl }) => ({ baseUrl: `${baseUrl}/` })],
		[
			'a Base URL that ends in /Account/<id>/',
			({ baseUrl, authId }) => ({ baseUrl: `${baseUrl}/Account/${authId}/` }),
		],
		[
			'a Base URL with the path of trunks',
			({ baseUrl, authId }) => ({ baseUrl: `${baseUrl}/Account/${authId}/Zentrunk/Trunk/` }),
		],
		['a quoted Base URL', ({ baseUrl }) => ({ baseUrl: `"${baseUrl}"` })],
		['a labelled Base URL', ({ baseUrl }) => ({ baseUrl: `BASE_URL="${baseUrl}",` })],
		[
			'a Base URL with a space that shows nothing',
			({ baseUrl }) => ({ baseUrl: `\u200b${baseUrl} ` }),
		],
		['a quoted Auth ID', ({ authId }) => ({ authId: `"${authId}"` })],
		['a quoted Auth ID with a comma', ({ authId }) => ({ authId: `'${authId}',` })],
		['a labelled Auth ID', ({ authId }) => ({ authId: `Auth ID: ${authId}` })],
		['an exported Auth ID', ({ authId }) => ({ authId: `export PLIVO_AUTH_ID="${authId}"` })],
		['an Auth ID with a zero-width space', ({ authId }) => ({ authId: `\u200b${authId}\u00a0` })],
		['a labelled Auth Token', ({ authToken }) => ({ authToken: `AUTH_TOKEN=${authToken}` })],
		['a quoted Auth Token', ({ authToken }) => ({ authToken: ` "${authToken}"\n` })],
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
			'the console’s address',
			() => ({ baseUrl: 'https://console.plivo.com/dashboard/' }),
			/^'Base URL' is a page of Plivo/,
		],
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
