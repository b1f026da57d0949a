import type { INodeParameters } from 'n8n-workflow';

import * as provisioning from '../../nodes/PlivoSipTrunking/provisioning/index.ts';
import type { Composite } from '../../nodes/PlivoSipTrunking/provisioning/outbound.ts';
import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Fault, FaultRule } from '../../simulator/faults.mts';
import { createPlivo, type Plivo } from '../../simulator/plivo.mts';
import type { PlivoRecord } from '../../simulator/records.mts';
import type { LoggedRequest, Simulator, Variants } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, picture, run, wordsOf } from '../support/account.mts';
import type { NodeRun } from '../support/engine.mts';
import { someOf } from '../support/lane.mts';
import { sideBySide } from '../support/sideBySide.mts';
import { runOn } from '../unit/provisioning/memory.mts';

/**
 * Every fault at every single request of every operation, none picked by hand (in `npm test` a few of each operation):
 * what is written is told by the plan. Faults in other variants of Plivo: variantPairs.test.mts, and the simulation.
 */

// Tests that run at the same time begin before any hook does. Longer than all that comes late here.
settling.ms = 150;

const APPLICATION = '16638156000000777';

/** An account behind a server, or in memory. */
type Account = Pick<Simulator, 'authId' | 'state' | 'add'>;

interface Scenario {
	name: string;
	resource?: string;
	operation: string;
	/** What Plivo does in any case here. */
	variants?: Partial<Variants>;
	/** What is on the account before. */
	prepare(account: Account): void;
	parameters(account: Account): INodeParameters;
	/** After the point from which only forward makes sense; what is left is named instead. */
	cannotReturn?: boolean;
}

/** Its place among the scenarios: others have other requests fail in `npm test`. */
type Numbered = Scenario & { readonly index: number };

/** Numbers that already answer, and somebody else's trunk. */
function addLiveNumbers(account: Account, othersUri = 'others.example.com;transport=tcp') {
	const { uri_uuid } = account.add('uris', { name: 'Others', uri: othersUri });
	const { trunk_id } = account.add('trunks', {
		name: 'Others',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri_uuid,
	});
	account.add('applications', { app_id: APPLICATION });
	for (const number of ['14155550101', '14155550102']) {
		account.add('numbers', { number, application: path(account, 'Application', APPLICATION) });
	}
	account.add('numbers', {
		number: '14155550103',
		application: path(account, 'Zentrunk/Trunk', trunk_id),
	});
}

const path = ({ authId }: Account, type: string, id: unknown) =>
	`/v1/Account/${authId}/${type}/${String(id)}/`;

function addInbound(account: Account, fields: object = {}) {
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

function addOutbound(account: Account) {
	const { credential_uuid } = account.add('credentials', { name: 'Acme', username: 'acmepbx' });
	const { ipacl_uuid } = account.add('ipacls', { name: 'Acme', ip_addresses: ['198.51.100.7'] });
	return account.add('trunks', { name: 'Acme', credential_uuid, ipacl_uuid });
}

const trunkOf = ({ state }: Account, direction: string) =>
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
		name: 'outbound, brought up to date',
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
		prepare: (account) => addLiveNumbers(account),
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			fallbackUri: 'pbx2.example.com;transport=tcp',
			phoneNumbers: NUMBERS,
		}),
	},
	{
		name: 'inbound, with a number that was routed nowhere',
		operation: 'provisionInbound',
		prepare: (account) => {
			addLiveNumbers(account);
			account.state.numbers.get('14155550101')!.application = null;
		},
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			phoneNumbers: NUMBERS,
		}),
	},
	{
		name: 'inbound, to an address that others have and Plivo takes once',
		operation: 'provisionInbound',
		variants: { uri: 'one' },
		prepare: (account) => addLiveNumbers(account, 'pbx.example.com;transport=tcp'),
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			phoneNumbers: NUMBERS,
		}),
	},
	{
		name: 'inbound, moved to an address that others have and Plivo takes once',
		operation: 'provisionInbound',
		variants: { uri: 'one' },
		prepare: (account) => {
			addLiveNumbers(account, 'pbx.example.com;transport=tcp');
			addInbound(account);
		},
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			phoneNumbers: NUMBERS,
		}),
	},
	{
		name: 'inbound, with the number of another customer’s trunk',
		operation: 'provisionInbound',
		prepare: (account) => addLiveNumbers(account),
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tcp',
			phoneNumbers: '14155550103',
			options: { moveRoutedNumbers: true },
		}),
	},
	{
		name: 'inbound, with a login of its own',
		operation: 'provisionInbound',
		prepare: (account) => {
			addLiveNumbers(account);
			addInbound(account);
		},
		parameters: () => ({
			name: 'Acme',
			primaryUri: 'pbx.example.com;transport=tls',
			phoneNumbers: '14155550101',
			options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
		}),
	},
	{
		name: 'inbound, brought up to date',
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
		}),
	},
	{
		name: 'a platform in both directions',
		operation: 'connectPlatform',
		prepare: (account) => addLiveNumbers(account),
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
		parameters: () => ({ phoneNumber: '14155550103' }),
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
	'carried out later': { kind: 'slow', ms: 90 },
	'carried out later, after a reset': { kind: 'slow', ms: 90, as: 'reset' },
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
	const account = await newAccount({ variants: scenario.variants });
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
async function lookedAt(scenario: Scenario) {
	const account = await prepared(scenario);
	const before = picture(account);
	const { error } = await perform(scenario, account);
	expect(error?.message).toBeUndefined();
	const requests = account.requests.map(({ method, path: at }, index) => ({
		nth: index + 1,
		method,
		at,
	}));
	const writes = requests.filter(({ method }) => method !== 'GET');
	return { before, wanted: picture(account), requests, writes };
}

const seen = new Map<string, ReturnType<typeof lookedAt>>();

/** As an operation goes without faults: the tests of a scenario see it once. */
async function withoutFaults(scenario: Scenario) {
	const outcome = seen.get(scenario.name) ?? lookedAt(scenario);
	seen.set(scenario.name, outcome);
	return await outcome;
}

const COLLECTIONS: Record<string, string> = {
	trunk: '/Zentrunk/Trunk/',
	'SIP credential': '/Zentrunk/Credential/',
	'IP access control list': '/Zentrunk/IPAccessControlList/',
	'origination URI': '/Zentrunk/URI/',
	'phone number': '/Number/',
};

const collectionOf = (at: string) => /^\/(?:Zentrunk\/)?[A-Za-z]+\//.exec(at)?.[0] ?? at;

/** The writes of a plan, in order: what an operation may do, and so what may fail. */
async function plannedWrites({ operation, variants, prepare, parameters }: Scenario) {
	const plivo: Plivo = createPlivo({ variants });
	prepare(plivo);
	const { options, ...rest } = parameters(plivo);
	const composite = provisioning[operation as keyof typeof provisioning] as (
		given: object,
	) => Composite;
	const plan = await runOn(plivo, () =>
		composite({
			sipAuthentication: 'newCredential',
			direction: 'both',
			...rest,
			options: { ...(options as object), planOnly: true },
		}),
	);
	return (plan.what_would_be_done as Array<{ action: string; kind: string }>)
		.filter(({ action }) => action !== 'reused')
		.map(({ action, kind }) => `${action === 'deleted' ? 'DELETE' : 'POST'} ${COLLECTIONS[kind]}`);
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

/** Numbers that lead to an application or to an inbound trunk with a URI. */
function liveNumbers({ state }: Simulator): Set<unknown> {
	const live = [...state.numbers.values()].filter(({ application }) => {
		const [, type, id = ''] = /(Trunk|Application)\/([^/]+)\/$/.exec(String(application)) ?? [];
		if (type === 'Application') return state.applications.has(id);
		const trunk = state.trunks.get(id);
		return trunk?.trunk_direction === 'inbound' && state.uris.has(String(trunk.primary_uri_uuid));
	});
	return new Set(live.map(({ number }) => number));
}

/** What took calls takes them still. */
function deadNumbers(account: Simulator, liveBefore: ReadonlySet<unknown>): string[] {
	const live = liveNumbers(account);
	return [...liveBefore]
		.filter((number) => !live.has(number))
		.map((number) => `number ${String(number)} is dead`);
}

/** Records of one kind and name, one of them made by the run. */
function twins({ state }: Simulator, idsBefore: ReadonlySet<string>): string[] {
	const { trunks, credentials, ipacls, uris } = state;
	const seen = new Map<string, string[]>();
	for (const [kind, records] of Object.entries({ trunks, credentials, ipacls, uris })) {
		for (const [id, { name, trunk_direction: direction = '' }] of records) {
			const key = `${kind} ${String(direction)} ${String(name)}`;
			seen.set(key, [...(seen.get(key) ?? []), id]);
		}
	}
	return [...seen]
		.filter(([, ids]) => ids.length > 1 && ids.some((id) => !idsBefore.has(id)))
		.map(([key, ids]) => `twins: ${key} ${ids.join(', ')}`);
}

/** All that can't be taken back, as an error says it. */
const WHY_LEFT =
	/the old password is not known|had no value before|it is still routed to|The trunk is deleted/;

/** After a refusal the account is as it was, or what is left is named, with why. */
function notAsBefore(
	account: Simulator,
	outcome: NodeRun,
	before: unknown,
	idsBefore: ReadonlySet<string>,
): string[] {
	if (same(picture(account), before)) return [];
	const words = wordsOf(outcome);
	const left = [...idsOf(account)].filter((id) => !idsBefore.has(id));
	return [
		...left.filter((id) => !words.includes(id)).map((id) => `does not name ${id}: ${words}`),
		...(WHY_LEFT.test(words) ? [] : [`ended as ${JSON.stringify(picture(account))}: ${words}`]),
	];
}

interface Case {
	label: string;
	rules: FaultRule[];
}

/**
 * Runs the cases side by side, each on an account of its own, in `npm test` a part of them; answers what was wrong
 * with any.
 */
async function check(
	scenario: Numbered,
	cases: Case[],
	judge: (
		account: Simulator,
		outcome: NodeRun,
		idsBefore: Set<string>,
	) => string[] | Promise<string[]>,
): Promise<string[]> {
	const wrong = await sideBySide(
		someOf(cases, 31, 7 * scenario.index),
		16,
		async ({ label, rules }) => {
			const account = await prepared(scenario);
			const idsBefore = idsOf(account);
			const liveBefore = liveNumbers(account);
			for (const rule of rules) account.faults.add(rule);
			const outcome = await perform(scenario, account);
			account.faults.clear();
			const problems = [
				...(await judge(account, outcome, idsBefore)),
				...deadNumbers(account, liveBefore),
				...twins(account, idsBefore),
			];
			await account.close();
			return problems.map((problem) => `${label}: ${problem}`);
		},
	);
	return wrong.flat();
}

/** So many tests are under way: they mostly wait, and jest's own concurrency ends at five. */
const AT_A_TIME = 8;

let running = 0;
const waiting: Array<() => void> = [];

/** A test that begins when the file is read. */
function atOnce(name: string, work: () => Promise<void>) {
	const result = (async () => {
		if (running >= AT_A_TIME) await new Promise<void>((resolve) => waiting.push(resolve));
		running++;
		await work().finally(() => {
			running--;
			waiting.shift()?.();
		});
	})();
	// Told by the test below.
	result.catch(() => {});
	it(name, async () => await expect(result).resolves.toBeUndefined());
}

afterAll(closeAccounts);
jest.setTimeout(120_000);

/** For reads a few faults are enough, others at each; for writes all. */
function passingFor(method: string, nth: number): Array<[string, Fault]> {
	const all = Object.entries(PASSING);
	if (method !== 'GET') return all;
	const rotated = [...all, ...all].slice(nth % all.length);
	return rotated.filter(([, { kind }]) => kind !== 'hang' && kind !== 'slow').slice(0, 2);
}

describe.each(SCENARIOS.map((scenario, index) => ({ ...scenario, index })))('$name', (scenario) => {
	atOnce('a passing fault at any request is got over', async () => {
		const { before, wanted, requests, writes } = await withoutFaults(scenario);
		if (!scenario.variants && scenario.operation !== 'checkReadiness' && !scenario.resource) {
			const sent = writes.map(({ method, at }) => `${method} ${collectionOf(at)}`);
			expect(sent).toEqual(await plannedWrites(scenario));
		}
		const cases = requests.flatMap(({ nth, method, at }) =>
			passingFor(method, nth).map(([name, fault]) => ({
				label: `${name} at request ${nth}, ${method} ${at}`,
				rules: [{ nth, faults: [fault] }],
			})),
		);
		const wrong = await check(scenario, cases, (account, outcome, idsBefore) => {
			// Half of a refusal is one as well: a 4xx that can't be read.
			const isHalf = ({ fault, status }: LoggedRequest) => fault === 'badJson' && status >= 400;
			if (outcome.error && account.requests.some(isHalf))
				return notAsBefore(account, outcome, before, idsBefore);
			return [
				...(outcome.error ? [`failed: ${wordsOf(outcome)}`] : []),
				...(same(picture(account), wanted) ? [] : [`ended as ${JSON.stringify(picture(account))}`]),
			];
		});
		expect(wrong).toEqual([]);
	});

	atOnce('a refusal at any request leaves the account as it was, or as it should be', async () => {
		const { before, wanted, requests } = await withoutFaults(scenario);
		const cases = requests.map(({ nth, method, at }) => ({
			label: `refused at request ${nth}, ${method} ${at}`,
			rules: [{ nth, faults: [REFUSING[nth % 2 === 0 ? '400' : '403']!] }],
		}));
		const wrong = await check(scenario, cases, (account, outcome, idsBefore) => {
			if (outcome.error) return notAsBefore(account, outcome, before, idsBefore);
			const end = picture(account);
			return same(end, wanted) ? [] : [`no error, ended as ${JSON.stringify(end)}`];
		});
		expect(wrong).toEqual([]);
	});

	atOnce(
		'when one kind of write is refused for good, the account is as it was, or what is left is named',
		async () => {
			const { before, writes } = await withoutFaults(scenario);
			const kinds = new Set(writes.map(({ method, at }) => `${method} ${collectionOf(at)}`));
			const cases = [...kinds].map((kind) => {
				const [method = '', collection = ''] = kind.split(' ');
				return {
					label: `${kind} always refused`,
					rules: [{ method, path: collection, faults: [REFUSING['400']!] }],
				};
			});
			const wrong = await check(scenario, cases, (account, outcome, idsBefore) => {
				const words = wordsOf(outcome);
				if (same(picture(account), before)) return [];
				if (!scenario.cannotReturn) {
					// The way back of what could be written is refused as well where it is the same kind of write.
					const left = [...idsOf(account)].filter((id) => !idsBefore.has(id));
					return [
						...left
							.filter((id) => !words.includes(id))
							.map((id) => `does not name ${id}: ${words}`),
						...(words.includes('Left: ')
							? []
							: [`ended as ${JSON.stringify(picture(account))}: ${words}`]),
					];
				}
				const left = [...idsOf(account)].filter((id) => !words.includes(id));
				return trunkOf(account, 'inbound') || trunkOf(account, 'outbound')
					? ['the trunk is there, but something else is not as it was']
					: left.filter((id) => isAcmes(account, id)).map((id) => `does not name ${id}: ${words}`);
			});
			expect(wrong).toEqual([]);
		},
	);

	atOnce(
		'when Plivo goes away for good at any request, what stands is named, and another run completes it',
		async () => {
			const { wanted, requests } = await withoutFaults(scenario);
			const before = requests.map(({ nth, method, at }) => ({
				label: `gone before request ${nth}, ${method} ${at}`,
				rules: [{ from: nth, faults: [GONE] }],
			}));
			const after = requests
				.filter(({ method }) => method !== 'GET')
				.map(({ nth, method, at }) => ({
					label: `gone after request ${nth}, ${method} ${at}`,
					rules: [
						{ nth, faults: [{ ...GONE, done: true }] },
						{ from: nth, faults: [GONE] },
					],
				}));
			const cases = [...before, ...after];
			const wrong = await check(scenario, cases, async (account, outcome, idsBefore) => {
				// A trunk that can't be read back is there all the same.
				if (!outcome.error) return same(picture(account), wanted) ? [] : ['no error, but not done'];
				const words = wordsOf(outcome);
				const unnamed = [...idsOf(account)]
					.filter((id) => !idsBefore.has(id) && !words.includes(id))
					.filter((id) => !words.includes(`perhaps ${describedIn(account, id)}`))
					.map((id) => `${id} is left, but not named: ${words}`);
				const isGone = !trunkOf(account, 'inbound') && !trunkOf(account, 'outbound');
				if (scenario.cannotReturn && isGone) return unnamed;
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
			? 'SIP credential'
			: record.ipacl_uuid
				? 'IP access control list'
				: 'origination URI';
	return `${kind} "${String(record.name)}"`;
}
