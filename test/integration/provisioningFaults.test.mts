import type { INodeParameters } from 'n8n-workflow';

import type { Fault, FaultRule } from '../../simulator/faults.mts';
import type { PlivoRecord } from '../../simulator/records.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, picture, run, wordsOf } from '../support/account.mts';
import type { NodeRun } from '../support/engine.mts';
import { sideBySide } from '../support/sideBySide.mts';

/** Every fault at every single request of every operation, none picked by hand. */

const APPLICATION = '16638156000000777';

interface Scenario {
	name: string;
	resource?: string;
	operation: string;
	/** What is on the account before. */
	prepare(account: Simulator): void;
	parameters(account: Simulator): INodeParameters;
	/** After the point from which only forward makes sense; what is left is named instead. */
	cannotReturn?: boolean;
}

/** Numbers that already answer: on an application, and on somebody else's trunk. */
function addLiveNumbers(account: Simulator) {
	const { uri_uuid } = account.add('uris', { name: 'Others' });
	const { trunk_id } = account.add('trunks', {
		name: 'Others',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri_uuid,
	});
	account.add('applications', { app_id: APPLICATION });
	account.add('numbers', {
		number: '14155550101',
		application: path(account, 'Application', APPLICATION),
	});
	account.add('numbers', {
		number: '14155550102',
		application: path(account, 'Zentrunk/Trunk', trunk_id),
	});
}

const path = ({ authId }: Simulator, type: string, id: unknown) =>
	`/v1/Account/${authId}/${type}/${String(id)}/`;

function addInbound(account: Simulator, fields: object = {}) {
	const primary = account.add('uris', { name: 'Acme', uri: 'old.example.com;transport=tcp' });
	const fallback = account.add('uris', {
		name: 'Acme fallback',
		uri: 'old2.example.com;transport=tcp',
	});
	return account.add('trunks', {
		name: 'Acme',
		trunk_direction: 'inbound',
		primary_uri_uuid: primary.uri_uuid,
		fallback_uri_uuid: fallback.uri_uuid,
		...fields,
	});
}

function addOutbound(account: Simulator) {
	const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
	const { ipacl_uuid } = account.add('ipacls', { name: 'Acme', ip_addresses: ['198.51.100.7'] });
	return account.add('trunks', { name: 'Acme', credential_uuid, ipacl_uuid });
}

const trunkOf = ({ state }: Simulator, direction: string) =>
	[...state.trunks.values()].find(
		(trunk) => trunk.name === 'Acme' && trunk.trunk_direction === direction,
	)?.trunk_id as string;

const NUMBERS = '+1 415 555 0101, +1 415 555 0102';

const SCENARIOS: Scenario[] = [
	{
		name: 'outbound with a new credential',
		operation: 'provisionOutbound',
		prepare: () => {},
		parameters: () => ({ name: 'Acme', username: 'acmepbx' }),
	},
	{
		name: 'outbound with a half-made credential',
		operation: 'provisionOutbound',
		prepare: (account) => void account.add('credentials', { name: 'Acme', username: 'acmepbx' }),
		parameters: () => ({ name: 'Acme' }),
	},
	{
		name: 'outbound with a new IP list',
		operation: 'provisionOutbound',
		prepare: () => {},
		parameters: () => ({ name: 'Acme', sipAuthentication: 'newIpAcl', ipAddresses: '203.0.113.5' }),
	},
	{
		name: 'outbound, brought in line',
		operation: 'provisionOutbound',
		prepare: (account) => void addOutbound(account),
		parameters: () => ({
			name: 'Acme',
			sipAuthentication: 'newIpAcl',
			ipAddresses: '203.0.113.5',
			options: { secure: true },
		}),
	},
	{
		name: 'inbound',
		operation: 'provisionInbound',
		prepare: addLiveNumbers,
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			fallbackUri: 'pbx2.example.com;transport=tcp',
			phoneNumbers: NUMBERS,
		}),
	},
	{
		name: 'inbound, brought in line',
		operation: 'provisionInbound',
		prepare: (account) => {
			addLiveNumbers(account);
			addInbound(account);
		},
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tls',
			fallbackUri: 'pbx2.example.com;transport=tls',
			phoneNumbers: NUMBERS,
			options: { secure: true },
		}),
	},
	{
		name: 'a platform in both directions',
		operation: 'connectPlatform',
		prepare: addLiveNumbers,
		parameters: () => ({
			platform: 'livekit',
			name: 'Acme',
			platformHost: 'abc123.sip.livekit.cloud',
			username: 'acmepbx',
			phoneNumbers: NUMBERS,
		}),
	},
	{
		name: 'an inbound trunk with numbers taken down',
		operation: 'deprovision',
		prepare: (account) => {
			addLiveNumbers(account);
			const { trunk_id } = addInbound(account);
			for (const number of account.state.numbers.values()) {
				number.application = path(account, 'Zentrunk/Trunk', trunk_id);
			}
		},
		parameters: (account) => ({
			trunkId: trunkOf(account, 'inbound'),
			options: { rerouteToApplicationId: APPLICATION },
		}),
		cannotReturn: true,
	},
	{
		name: 'an outbound trunk taken down',
		operation: 'deprovision',
		prepare: (account) => void addOutbound(account),
		parameters: (account) => ({ trunkId: trunkOf(account, 'outbound') }),
		cannotReturn: true,
	},
	{
		name: 'readiness',
		operation: 'checkReadiness',
		prepare: (account) => {
			addLiveNumbers(account);
			addOutbound(account);
		},
		parameters: () => ({ phoneNumber: '14155550102' }),
	},
	{
		name: 'a rotated password',
		resource: 'credential',
		operation: 'rotatePassword',
		prepare: (account) => void account.add('credentials', { name: 'Acme', username: 'acmepbx' }),
		parameters: ({ state }) => ({ credentialId: [...state.credentials.keys()][0] }),
	},
];

/** One request meets it, then all is well again. */
const PASSING: Record<string, Fault> = {
	'500': { kind: 'status', status: 500 },
	'500 after the work': { kind: 'status', status: 500, done: true },
	'502 as a web page': { kind: 'html' },
	'502 as a web page after the work': { kind: 'html', done: true },
	'503': { kind: 'status', status: 503 },
	'429': { kind: 'status', status: 429 },
	'429 with Retry-After': { kind: 'status', status: 429, retryAfter: 0 },
	'reset before the work': { kind: 'reset' },
	'reset after the work': { kind: 'reset', done: true },
	'no answer': { kind: 'hang' },
	'no answer after the work': { kind: 'hang', done: true },
	'truncated answer': { kind: 'truncate' },
	'broken JSON': { kind: 'badJson' },
	'empty answer': { kind: 'empty' },
};

/** One request is refused. */
const REFUSING: Record<string, Fault> = {
	'400': { kind: 'status', status: 400 },
	'403': { kind: 'status', status: 403 },
};

const GONE = { kind: 'status', status: 500 } as const;

/** Short, for the faults that only end with the timeout; more than one attempt, for slow machines. */
const PATIENCE = { maxRetries: 3, timeout: 2 };

async function prepared(scenario: Scenario): Promise<Simulator> {
	const account = await newAccount();
	scenario.prepare(account);
	return account;
}

async function perform(scenario: Scenario, account: Simulator): Promise<NodeRun> {
	const { options = {}, ...parameters } = scenario.parameters(account);
	return await run(account, scenario.resource ?? 'provisioning', scenario.operation, {
		...parameters,
		options: { ...PATIENCE, ...(options as INodeParameters) },
	});
}

/** What an operation starts from, should lead to, and the requests that it takes. */
async function withoutFaults(scenario: Scenario) {
	const account = await prepared(scenario);
	const before = picture(account);
	const { error } = await perform(scenario, account);
	expect(error).toBeUndefined();
	return { before, wanted: picture(account), requests: [...account.requests] };
}

/** Ids of records that an account has more than it had. */
function idsOf({ state }: Simulator): Set<string> {
	return new Set(
		[state.trunks, state.credentials, state.ipacls, state.uris].flatMap((records) => [
			...records.keys(),
		]),
	);
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** A number must lead to an application or to an inbound trunk with a URI. */
function deadNumbers({ state }: Simulator): string[] {
	return [...state.numbers.values()]
		.filter(({ application }) => {
			const [, type, id] = /(Trunk|Application)\/([^/]+)\/$/.exec(String(application)) ?? [];
			if (type === 'Application') return !state.applications.has(id);
			const trunk = state.trunks.get(id);
			return (
				trunk?.trunk_direction !== 'inbound' || !state.uris.has(String(trunk.primary_uri_uuid))
			);
		})
		.map(({ number }) => `number ${String(number)} is dead`);
}

interface Case {
	label: string;
	rules: FaultRule[];
}

/** Runs the cases side by side, each on an account of its own; answers what was wrong with any. */
async function check(
	scenario: Scenario,
	cases: Case[],
	judge: (
		account: Simulator,
		outcome: NodeRun,
		idsBefore: Set<string>,
	) => string[] | Promise<string[]>,
): Promise<string[]> {
	const wrong = await sideBySide(cases, 24, async ({ label, rules }) => {
		const account = await prepared(scenario);
		const idsBefore = idsOf(account);
		for (const rule of rules) account.faults.add(rule);
		const outcome = await perform(scenario, account);
		account.faults.clear();
		const problems = [...(await judge(account, outcome, idsBefore)), ...deadNumbers(account)];
		await account.close();
		return problems.map((problem) => `${label}: ${problem}`);
	});
	return wrong.flat();
}

afterAll(closeAccounts);
jest.setTimeout(120_000);

describe.each(SCENARIOS)('$name', (scenario) => {
	test.concurrent('a passing fault at any request is got over', async () => {
		const { wanted, requests } = await withoutFaults(scenario);
		const cases = requests.flatMap(({ method, path: at }, index) =>
			Object.entries(PASSING).map(([name, fault]) => ({
				label: `${name} at request ${index + 1}, ${method} ${at}`,
				rules: [{ nth: index + 1, faults: [fault] }],
			})),
		);
		const wrong = await check(scenario, cases, (account, outcome) => [
			...(outcome.error ? [`failed: ${wordsOf(outcome)}`] : []),
			...(same(picture(account), wanted) ? [] : [`ended as ${JSON.stringify(picture(account))}`]),
		]);
		expect(wrong).toEqual([]);
	});

	test.concurrent(
		'a refusal at any request leaves the account as it was, or as it should be',
		async () => {
			const { before, wanted, requests } = await withoutFaults(scenario);
			const cases = requests.flatMap(({ method, path: at }, index) =>
				Object.entries(REFUSING).map(([name, fault]) => ({
					label: `${name} at request ${index + 1}, ${method} ${at}`,
					rules: [{ nth: index + 1, faults: [fault] }],
				})),
			);
			const wrong = await check(scenario, cases, (account, { error }) => {
				const end = picture(account);
				return same(end, error ? before : wanted)
					? []
					: [`${error?.message ?? 'no error'}, ended as ${JSON.stringify(end)}`];
			});
			expect(wrong).toEqual([]);
		},
	);

	test.concurrent(
		'when one kind of write is refused for good, the account is as it was, or what is left is named',
		async () => {
			const { before, requests } = await withoutFaults(scenario);
			const writes = requests.filter(({ method }) => method !== 'GET');
			const cases = writes.map(({ method, path: at }) => {
				const collection = /^\/(?:Zentrunk\/)?[A-Za-z]+\//.exec(at)?.[0] ?? at;
				return {
					label: `${method} ${collection} always refused`,
					rules: [{ method, path: collection, faults: [REFUSING['400']] }],
				};
			});
			const wrong = await check(scenario, cases, (account, outcome) => {
				const words = wordsOf(outcome);
				if (same(picture(account), before)) return [];
				if (!scenario.cannotReturn)
					return [`ended as ${JSON.stringify(picture(account))}: ${words}`];
				const left = [...idsOf(account)].filter((id) => !words.includes(id));
				return trunkOf(account, 'inbound') || trunkOf(account, 'outbound')
					? ['the trunk is there, but something else is not as it was']
					: left.filter((id) => isAcmes(account, id)).map((id) => `does not name ${id}: ${words}`);
			});
			expect(wrong).toEqual([]);
		},
	);

	test.concurrent(
		'when Plivo goes away for good at any request, what stands is named, and another run completes it',
		async () => {
			const { wanted, requests } = await withoutFaults(scenario);
			const cases = requests.flatMap(({ method, path: at }, index) => [
				{
					label: `gone before request ${index + 1}, ${method} ${at}`,
					rules: [{ from: index + 1, faults: [GONE] }],
				},
				{
					label: `gone after request ${index + 1}, ${method} ${at}`,
					rules: [
						{ nth: index + 1, faults: [{ ...GONE, done: true }] },
						{ from: index + 1, faults: [GONE] },
					],
				},
			]);
			const wrong = await check(scenario, cases, async (account, outcome, idsBefore) => {
				// A trunk that can't be read back is there all the same.
				if (!outcome.error) return same(picture(account), wanted) ? [] : ['no error, but not done'];
				const words = wordsOf(outcome);
				const unnamed = [...idsOf(account)]
					.filter((id) => !idsBefore.has(id) && !words.includes(id))
					.filter((id) => !words.includes(`perhaps ${describedIn(account, id)}`))
					.map((id) => `${id} is left, but not named: ${words}`);
				if (
					scenario.cannotReturn &&
					!trunkOf(account, 'inbound') &&
					!trunkOf(account, 'outbound')
				) {
					return unnamed;
				}
				const again = await perform(scenario, account);
				const end = picture(account);
				if (again.error || !same(end, wanted)) {
					unnamed.push(
						`another run: ${again.error?.message ?? 'no error'}, ended as ${JSON.stringify(end)}`,
					);
				}
				return unnamed;
			});
			expect(wrong).toEqual([]);
		},
	);
});

function recordOf({ state }: Simulator, id: string): PlivoRecord {
	const { trunks, credentials, ipacls, uris } = state;
	return [trunks, credentials, ipacls, uris].map((records) => records.get(id)).find(Boolean) ?? {};
}

const isAcmes = (account: Simulator, id: string) =>
	String(recordOf(account, id).name).startsWith('Acme');

/** What an error calls a record whose id it can't know. */
function describedIn(account: Simulator, id: string): string {
	const record = recordOf(account, id);
	const kind = record.trunk_id
		? `${String(record.trunk_direction)} trunk`
		: record.credential_uuid
			? 'credential'
			: record.ipacl_uuid
				? 'IP access control list'
				: 'origination URI';
	return `${kind} "${String(record.name)}"`;
}
