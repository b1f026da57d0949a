import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';

import { PlivoSipTrunkingApi } from '../../credentials/PlivoSipTrunkingApi.credentials.ts';
import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';
import { closeAccounts, newAccount, outputOf, run } from '../support/account.mts';
import { exactly, first, nth, there } from '../support/elements.mts';

/**
 * The names that saved workflows depend on: fixed from the first release on. A line is
 * `resource | operations | parameters`; a parameter may have its choices, `name(a,b)`, or its
 * default, `name=5`. Parameters of collections are `collection.name`.
 */
const INTERFACE = `
account | get |
trunk | create | name trunkDirection(inbound,outbound) sipAuthentication(credential,ipAcl,both) credentialId ipAclId primaryUriId additionalFields.fallbackUriId additionalFields.trunkStatus(enabled,disabled) additionalFields.secure
trunk | upsert | name trunkDirection(inbound,outbound) sipAuthentication(credential,ipAcl,both) credentialId ipAclId primaryUriId additionalFields.fallbackUriId additionalFields.trunkStatus(enabled,disabled) additionalFields.secure options.moveRoutedNumbers=false
trunk | get | trunkId
trunk | delete | trunkId options.force=false
trunk | getAll | returnAll limit filters.trunkStatus(enabled,disabled) filters.trunkDirection(inbound,outbound) filters.secure filters.ipAclId filters.credentialId filters.primaryUriId filters.fallbackUriId filters.name
trunk | update | trunkId updateFields.name updateFields.trunkStatus(enabled,disabled) updateFields.trunkDirection(inbound,outbound) updateFields.secure updateFields.ipAclId updateFields.credentialId updateFields.primaryUriId updateFields.fallbackUriId
trunk | attachCredential | trunkId credentialId
trunk | attachIpAcl | trunkId ipAclId
trunk | attachOriginationUri | trunkId originationUriId role(primary,fallback)
trunk | enable disable | trunkId
originationUri | create | name uri authenticationNeeded username password
originationUri | upsert | name uri authenticationNeeded username password options.moveRoutedNumbers=false
originationUri | get | originationUriId
originationUri | delete | originationUriId options.force=false
originationUri | getAll | returnAll limit
originationUri | update | originationUriId updateFields.name updateFields.uri updateFields.authenticationNeeded updateFields.username updateFields.password
credential | create upsert | name username password
credential | get | credentialId
credential | delete | credentialId options.force=false
credential | getAll | returnAll limit
credential | update | credentialId password updateFields.name updateFields.username
credential | rotatePassword | credentialId options.length=20
ipAccessControlList | create upsert | name ipAddresses
ipAccessControlList | get | ipAclId
ipAccessControlList | delete | ipAclId options.force=false
ipAccessControlList | getAll | returnAll limit
ipAccessControlList | update | ipAclId updateFields.name updateFields.ipAddresses
ipAccessControlList | addAddresses removeAddresses | ipAclId ipAddresses
phoneNumber | get | phoneNumber
phoneNumber | getAll | returnAll limit filters.type(local,mobile,fixed,national,tollfree) filters.numberStartsWith filters.alias filters.subaccount filters.services(voice,sms,mms) filters.trunkId
phoneNumber | routeToTrunk | phoneNumber trunkId options.allowDisabledTrunk=false options.skipComplianceCheck=false
phoneNumber | routeToApplication | phoneNumber applicationId
phoneNumber | unroute | phoneNumber
phoneNumber | searchAvailable | country returnAll limit filters.numberType(local,mobile,fixed,national,tollfree) filters.pattern filters.city filters.region filters.services(voice,sms,mms) filters.npanxx filters.rateCenter filters.lata options.pageConcurrency=20
phoneNumber | rent | country maxMonthlyRate alias filters.numberType(local,mobile,fixed,national,tollfree) filters.pattern filters.city filters.region filters.services(voice,sms,mms) filters.npanxx filters.rateCenter filters.lata options.phoneNumber options.complianceApplicationId options.allowRestricted=false
phoneNumber | release | phoneNumber options.force=false
phoneNumber | update | phoneNumber updateFields.alias updateFields.subaccount
call | get | callId options.explainHangup=true
call | getInsights | callId
call | getAll | returnAll limit filters.callDirection(inbound,outbound) filters.fromNumber filters.toNumber filters.hangupCauseCode filters.hangupSource(customer,carrier,zentrunk) filters.stirVerification filters.endedAfter filters.endedBefore filters.minDuration filters.maxDuration options.explainHangup=true
call | summarize | filters.callDirection(inbound,outbound) filters.fromNumber filters.toNumber filters.hangupCauseCode filters.hangupSource(customer,carrier,zentrunk) filters.stirVerification filters.endedAfter filters.endedBefore filters.minDuration filters.maxDuration groupBy(,trunk,hangupCauseCode,country,day) options.groupBy(,trunk,hangupCauseCode,country,day)
provisioning | provisionOutbound | name sipAuthentication(newCredential,credential,newIpAcl,ipAcl) username password credentialId ipAddresses ipAclId options.secure options.replaceLogin=false options.allowAnyAddress=false options.rollback=true options.planOnly=false options.planDigest
provisioning | provisionInbound | name primaryUri fallbackUri phoneNumbers options.secure options.rollback=true options.uriLogin options.planOnly=false options.planDigest options.routeNumbers=true options.moveRoutedNumbers=false options.allowDisabledTrunk=false options.skipComplianceCheck=false
provisioning | connectPlatform | platform(livekit,elevenlabs,retell,vapi,xai,custom) name direction(both,inbound,outbound) platformHost transport region phoneNumbers username password options.secure options.rollback=true options.uriLogin options.replaceLogin=false options.allowAnyAddress=false options.planOnly=false options.planDigest options.routeNumbers=true options.moveRoutedNumbers=false options.allowDisabledTrunk=false options.skipComplianceCheck=false options.platformRequests=false options.pbxType(3cx,other,asterisk,freepbx,freeswitch,fusionpbx,none)=none
provisioning | deprovision | trunkId options.force=false options.keepShared=true options.rerouteToApplicationId options.planOnly=false options.planDigest
provisioning | checkReadiness | phoneNumber trunkId
`;

/** On every operation, and on every listing. */
const COMMON = 'options.maxRetries=5 options.timeout=30';
const COMMON_OF_LISTINGS = 'options.pageConcurrency=20';

/** Records with more than ten fields. */
const SIMPLIFIED = ['trunk get', 'trunk getAll', 'phoneNumber get', 'phoneNumber getAll'].concat([
	'phoneNumber routeToTrunk',
	'phoneNumber routeToApplication',
	'phoneNumber unroute',
	'phoneNumber searchAvailable',
	'call get',
	'call getAll',
	'call getInsights',
	'provisioning connectPlatform',
]);

/** Records with more than ten fields that are answered whole. */
const WHOLE =
	/^trunk (create|upsert|update|attach\w+|enable|disable)$|^phoneNumber update$|^provisioning provision/;

const LOCATORS =
	'trunkId originationUriId primaryUriId fallbackUriId credentialId ipAclId phoneNumber phoneNumbers'
		.concat(' callId applicationId rerouteToApplicationId country')
		.split(' ');

afterEach(closeAccounts);

const rows = INTERFACE.trim()
	.split('\n')
	.flatMap((line) => {
		const [resource, operations, parameters = ''] = exactly(3, line.split(/ \| ?/));
		return operations.split(' ').map((operation) => ({
			resource,
			operation,
			parameters: [
				...parameters.split(' ').filter(Boolean),
				...COMMON.split(' '),
				...(operation === 'getAll' ? [COMMON_OF_LISTINGS] : []),
				...(SIMPLIFIED.includes(`${resource} ${operation}`)
					? ['simplify=true', 'output(simplified,raw,selectedFields)=simplified', 'outputFields']
					: []),
				...(WHOLE.test(`${resource} ${operation}`) ? ['options.simplify=false'] : []),
			],
		}));
	});

const { description } = new PlivoSipTrunking();
const { properties } = description;

const choicesOf = (property: INodeProperties) =>
	(property.options as INodePropertyOptions[]).map(({ value }) => value);

/** The fields of an operation by path. */
function fieldsOf(
	of: INodeTypeDescription,
	isShown: (show: NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>) => boolean,
): Map<string, INodeProperties> {
	return new Map(
		of.properties
			.filter(({ displayOptions }) => displayOptions?.show && isShown(displayOptions.show))
			.flatMap((property) =>
				property.type === 'collection'
					? (property.options as INodeProperties[]).map(
							(field) => [`${property.name}.${field.name}`, field] as const,
						)
					: [[property.name, property] as const],
			),
	);
}

const fieldsOfOperation = (resource: string, operation: string) =>
	fieldsOf(
		description,
		({ resource: resources, operation: operations }) =>
			resources?.includes(resource) === true && operations?.includes(operation) === true,
	);

describe('the fixed names', () => {
	it('are those of package, nodes and credential type', () => {
		expect(description.name).toBe('plivoSipTrunking');
		expect(description.displayName).toBe('Plivo SIP Trunking');
		expect(new PlivoSipTrunkingTrigger().description).toMatchObject({
			name: 'plivoSipTrunkingTrigger',
			displayName: 'Plivo SIP Trunking Trigger',
		});
		const credential = new PlivoSipTrunkingApi();
		expect(credential.name).toBe('plivoSipTrunkingApi');
		expect(credential.properties.map(({ name }) => name)).toEqual([
			'authId',
			'authToken',
			'baseUrl',
		]);
		expect(nth(credential.properties, 2).default).toBe('https://api.plivo.com/v1');
		expect(nth(credential.properties, 1).typeOptions).toEqual({ password: true });
	});

	it('are those of the resources and operations, and no others', () => {
		const offered = properties
			.filter(({ name }) => name === 'operation')
			.flatMap((property) =>
				choicesOf(property).map(
					(value) => `${String(property.displayOptions?.show?.resource)} ${String(value)}`,
				),
			);
		expect(offered.sort()).toEqual(
			rows.map(({ resource, operation }) => `${resource} ${operation}`).sort(),
		);
		const resource = first(properties);
		expect(choicesOf(resource).sort()).toEqual(
			[...new Set(rows.map((row) => row.resource))].sort(),
		);
	});

	it.each(rows)('are those of the parameters of $resource $operation', (row) => {
		const fields = fieldsOfOperation(row.resource, row.operation);
		const names = row.parameters.map((parameter) => /^[\w.]+/.exec(parameter)?.[0]);
		expect([...fields.keys()].sort()).toEqual(names.sort());
		for (const parameter of row.parameters) {
			const [, path = '', choices, byDefault] =
				/^([\w.]+)(?:\(([\w,]+)\))?(?:=(\w+))?$/.exec(parameter) ?? [];
			const field = there(fields.get(path), `the field ${path}`);
			if (choices) expect(choicesOf(field).sort()).toEqual(choices.split(',').sort());
			if (byDefault) expect(String(field.default)).toBe(byDefault);
		}
	});

	it.each(rows)('resource locators of $resource $operation have a list and an id', (row) => {
		for (const [path, { type, modes }] of fieldsOfOperation(row.resource, row.operation)) {
			const name = path.split('.').pop() as string;
			const isLocator = LOCATORS.includes(name);
			expect(type === 'resourceLocator').toBe(isLocator);
			if (!isLocator) continue;
			expect(modes?.map((mode) => mode.name)).toEqual(name === 'callId' ? ['id'] : ['list', 'id']);
		}
	});

	it('are those of the trigger', () => {
		const trigger = new PlivoSipTrunkingTrigger().description;
		expect(
			choicesOf(trigger.properties.find(({ name }) => name === 'event') as INodeProperties),
		).toEqual(['callEnded', 'callFailed', 'trunkChanged']);
		const paths = (event: string) => [
			...fieldsOf(trigger, ({ event: events }) => events?.includes(event) === true).keys(),
		];
		for (const event of ['callEnded', 'callFailed']) {
			expect(paths(event).sort()).toEqual(
				[
					...'callDirection fromNumber toNumber hangupCauseCode hangupSource stirVerification minDuration maxDuration trunkId'
						.split(' ')
						.map((name) => `filters.${name}`),
					...'explainHangup catchUp maxPerPoll maxRetries timeout'
						.split(' ')
						.map((name) => `options.${name}`),
					'simplify',
				].sort(),
			);
		}
		expect(paths('trunkChanged')).toEqual(
			expect.arrayContaining(['filters.trunkId', 'options.catchUp', 'options.maxPerPoll']),
		);
	});
});

describe('the fields', () => {
	const all = properties.flatMap((property) =>
		property.type === 'collection'
			? (property.options as INodeProperties[]).map((field) => ({ of: property.name, field }))
			: [{ of: '', field: property }],
	);
	/** What a person knows without help. */
	const SELF_EXPLAINING = ['resource', 'operation'];
	const isList = (name: string) =>
		['filters', 'options', 'updateFields', 'additionalFields'].includes(name);

	it('explain themselves: a description, or a locator whose name says it all', () => {
		const silent = all
			.map(({ field }) => field)
			.filter(
				({ name, type, description: help }) =>
					!help && type !== 'resourceLocator' && !SELF_EXPLAINING.includes(name) && !isList(name),
			);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});

	it('have an example where a text is to be typed', () => {
		const bare = all.filter(
			({ field }) =>
				field.type === 'string' && !field.placeholder && field.typeOptions?.password !== true,
		);
		expect(bare.map(({ field }) => field.name)).toEqual([]);
	});

	it('hide every password', () => {
		const passwords = all.filter(
			({ field }) => /password$/i.test(field.name) && field.type === 'string',
		);
		expect(passwords.length).toBeGreaterThan(5);
		for (const { field } of passwords) expect(field.typeOptions?.password).toBe(true);
	});

	it('teach what inbound and outbound mean, and what secure costs', () => {
		const create = fieldsOfOperation('trunk', 'create');
		const [inbound, outbound] = exactly(
			2,
			create.get('trunkDirection')?.options as INodePropertyOptions[],
		);
		expect(inbound.description).toContain('from Plivo to your PBX');
		expect(outbound.description).toContain('from your PBX or voice platform to Plivo');
		expect(create.get('additionalFields.secure')?.description).toContain('bills it per minute');
		expect(fieldsOfOperation('originationUri', 'create').get('uri')?.description).toContain(
			'transport',
		);
	});

	it('search with methods that the node has', () => {
		const methods = all.flatMap(
			({ field }) => field.modes?.flatMap((mode) => mode.typeOptions?.searchListMethod ?? []) ?? [],
		);
		const { listSearch } = new PlivoSipTrunking().methods;
		expect(methods.length).toBeGreaterThan(10);
		for (const method of new Set(methods)) expect(listSearch).toHaveProperty(method);
	});

	it('of operations have an action text and a description', () => {
		const resources = properties.filter(({ name }) => name === 'operation');
		expect(resources.length).toBeGreaterThan(5);
		for (const property of resources) {
			for (const {
				action,
				description: help,
				routing,
			} of property.options as INodePropertyOptions[]) {
				expect(action).toMatch(/^[A-Z][a-z]/);
				expect(help).toMatch(/^[A-Z][a-z]/);
				expect(routing?.operations?.pagination).toBeInstanceOf(Function);
			}
		}
	});
});

describe('the node', () => {
	const folder = join(__dirname, '../../nodes/PlivoSipTrunking');

	it('can be a tool of an AI agent, and says in its subtitle what it does', () => {
		expect(description.usableAsTool).toBe(true);
		expect(description.subtitle).toContain('$parameter["operation"]');
	});

	it('is found by what people call it', () => {
		const codex = JSON.parse(readFileSync(join(folder, 'PlivoSipTrunking.node.json'), 'utf8')) as {
			node: string;
			categories: string[];
			alias: string[];
		};
		expect(codex.node).toBe('n8n-nodes-plivo-sip-trunking.plivoSipTrunking');
		expect(codex.categories).toEqual(['Communication']);
		expect(codex.alias).toEqual(
			expect.arrayContaining(['sip', 'trunk', 'voip', 'pbx', 'zentrunk']),
		);
	});

	it('has its icons, light and dark', () => {
		for (const file of Object.values(description.icon as object) as string[]) {
			expect(existsSync(join(folder, file.replace('file:', '')))).toBe(true);
		}
	});
});

describe('an application picked from the list', () => {
	const APPLICATION = '16638156474000802';
	const picked = { __rl: true, mode: 'list', value: APPLICATION };

	it('takes the calls of a number, and those of a trunk that goes', async () => {
		const account = await newAccount();
		account.addApplication({ app_id: APPLICATION });
		account.addNumber({ number: '14155550123' });
		const routed = await run(account, 'phoneNumber', 'routeToApplication', {
			phoneNumber: '14155550123',
			applicationId: picked,
		});
		expect(outputOf(routed).application).toContain(`/Application/${APPLICATION}/`);

		const trunkId = String(account.addTrunk({ trunk_direction: 'inbound' }).trunk_id);
		const application = `/v1/Account/${account.authId}/Zentrunk/Trunk/${trunkId}/`;
		account.addNumber({ number: '14155550124', application });
		const gone = await run(account, 'provisioning', 'deprovision', {
			trunkId,
			options: { rerouteToApplicationId: picked },
		});
		expect(outputOf(gone)).toMatchObject({ deleted: true });
		const posted = account.requests.filter(({ method }) => method === 'POST');
		expect(posted.map(({ body }) => body)).toEqual([
			{ app_id: APPLICATION },
			{ app_id: APPLICATION },
		]);
	});
});

describe('a workflow written by hand', () => {
	it.each([
		[
			'an operation that is not there',
			{ resource: 'trunk', operation: 'fly' },
			"'Operation' is \"fly\", which this node doesn't have",
			'attachIpAcl, attachOriginationUri, attachCredential, create, ',
		],
		[
			'a resource that is not there',
			{ resource: 'plane', operation: 'get' },
			"'Resource' is \"plane\", which this node doesn't have",
			'provisioning, account, call, ',
		],
		[
			'an operation of another resource',
			{ resource: 'account', operation: 'getAll' },
			"'Operation' is \"getAll\", which this node doesn't have",
			'instead of using an expression: get.',
		],
		[
			'an operation from an expression',
			{ resource: 'trunk', operation: '={{ "get" }}', trunkId: '1' },
			'\'Operation\' is "{{ "get" }}", which this node doesn\'t have',
			'Choose one from the list instead of using an expression: ',
		],
	])('is told of %s, and sends nothing', async (_, parameters, message, help) => {
		const account = await newAccount();
		const { resource, operation, ...rest } = parameters;
		const { error } = await run(account, resource, operation, rest);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain(help);
		expect(account.requests).toEqual([]);
	});

	it('is told so as an item, where the run goes on', async () => {
		const account = await newAccount();
		const goesOn = { items: [{}, {}], continueOnFail: true };
		const { json } = await run(account, 'trunk', 'fly', {}, goesOn);
		expect(json).toHaveLength(2);
		expect(json[0]).toMatchObject({
			error: "'Operation' is \"fly\", which this node doesn't have",
		});
	});
});

describe("n8n's lint rules, on what is built", () => {
	const FILE = 'nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';

	const FILES = { eslint: 'eslint.js', prettier: 'prettier.cjs' };

	const bin = (name: keyof typeof FILES, args: string[], input: string) =>
		spawnSync(process.execPath, [join('node_modules', name, 'bin', FILES[name]), ...args], {
			input,
			encoding: 'utf8',
			// The rules take every file for one of their own tests where this says "test", as in jest.
			env: { ...process.env, NODE_ENV: 'development' },
		}).stdout;

	/** What eslint says of the node with its properties written out. */
	function complaintsAbout(built: INodeProperties[]): string[] {
		const code = readFileSync(FILE, 'utf8')
			.replace('properties, ', '')
			.replace('properties,', () => `properties: ${JSON.stringify(built)},`);
		// n8n's rules know names without quotes only, and texts in single ones.
		const written = bin('prettier', ['--stdin-filepath', FILE], code);
		const report = bin(
			'eslint',
			['--stdin', '--stdin-filename', FILE, '--format', 'json'],
			written,
		);
		const [{ messages }] = JSON.parse(report) as [
			{ messages: Array<{ ruleId: string; message: string; line: number }> },
		];
		const lines = written.split('\n');
		return messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} ${lines[line - 1]}`);
	}

	it('find what we put in, and nothing else', () => {
		const copies = JSON.parse(JSON.stringify(properties)) as INodeProperties[];
		const one = (name: string) => first(copies.filter((property) => property.name === name));
		const simplify = { ...one('simplify'), description: 'Returns less' };
		const limit = { ...one('limit'), default: 7 };
		const [operation, filters] = [one('operation'), one('filters')];
		first(operation.options as INodePropertyOptions[]).action = 'Get The Account';
		(filters.options as INodeProperties[]).reverse();
		const complaints = complaintsAbout([...properties, simplify, limit, operation, filters]);
		expect(complaints.map((complaint) => complaint.split(':')[0]).sort()).toEqual([
			'n8n-nodes-base/node-param-collection-type-unsorted-items',
			'n8n-nodes-base/node-param-default-wrong-for-limit',
			'n8n-nodes-base/node-param-description-boolean-without-whether',
			'n8n-nodes-base/node-param-operation-option-action-miscased',
			'n8n-nodes-base/node-param-options-type-unsorted-items',
		]);
		// Most people come for Provisioning, so it is first among the resources, out of the alphabet.
		expect(complaints).toContainEqual(
			expect.stringMatching(/node-param-options-type-unsorted-items: .*Account .*Trunk/) as unknown,
		);
	});
});
