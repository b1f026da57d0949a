import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Simulator, Variants } from '../../../simulator/simulator.mts';
import {
	applicationPath,
	closeAccounts,
	fullState,
	newAccount,
	outputOf,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../../support/account.mts';
import { onceBefore, otherProcess, settleIn } from './helper.mts';

/** A plan that was approved is exactly what is applied: its digest knows what matters, and nothing else. */

beforeEach(() => settleIn(100));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const NUMBERS = ['14155550101', '14155550102', '14155550103'];

async function account(variants: Partial<Variants> = {}) {
	const simulator = await newAccount({ variants });
	const { app_id: app } = simulator.addApplication();
	for (const number of NUMBERS) {
		simulator.addNumber({ number, application: applicationPath(simulator, app) });
	}
	return simulator;
}

const withOptions = (parameters: INodeParameters, options: INodeParameters) => ({
	...parameters,
	options: { ...(parameters.options as INodeParameters), ...options },
});

async function planned(
	simulator: Simulator,
	operation: string,
	parameters: INodeParameters,
): Promise<IDataObject> {
	simulator.refuseWrites = true;
	const output = outputOf(
		await run(simulator, 'provisioning', operation, withOptions(parameters, { planOnly: true })),
	);
	simulator.refuseWrites = false;
	expect(simulator.refusedWrites).toEqual([]);
	return output;
}

const digestOf = async (simulator: Simulator, operation: string, parameters: INodeParameters) =>
	(await planned(simulator, operation, parameters)).plan_digest as string;

const applied = async (
	simulator: Simulator,
	operation: string,
	parameters: INodeParameters,
	planDigest: string,
) => await run(simulator, 'provisioning', operation, withOptions(parameters, { planDigest }));

const INBOUND: INodeParameters = {
	name: 'Acme',
	primaryUri: 'pbx.example.com;transport=tcp',
	fallbackUri: 'pbx2.example.com;transport=tcp',
	phoneNumbers: NUMBERS.join(', '),
	options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
};
const BY_LIST: INodeParameters = {
	name: 'Acme',
	sipAuthentication: 'newIpAcl',
	ipAddresses: '203.0.113.5, 198.51.100.0/28',
	options: { secure: true },
};
const BY_LOGIN: INodeParameters = { name: 'Acme', username: 'acmepbx01' };

describe('a digest stays the same', () => {
	it.each<[string, string, INodeParameters, INodeParameters]>([
		[
			'numbers in another order',
			'provisionInbound',
			INBOUND,
			{ phoneNumbers: [...NUMBERS].reverse() },
		],
		[
			'numbers in another spelling, and twice',
			'provisionInbound',
			INBOUND,
			{ phoneNumbers: '+1 (415) 555-0102; 0014155550101; tel:+1-415-555-0103; 14155550101' },
		],
		[
			'numbers as records, with their fields in any order',
			'provisionInbound',
			INBOUND,
			{ phoneNumbers: `=${JSON.stringify(NUMBERS.map((number) => ({ note: 1, number })))}` },
		],
		[
			'a name in another Unicode form',
			'provisionInbound',
			{ ...INBOUND, name: 'Café' },
			{ name: ' Cafe\u0301\u200b ' },
		],
		[
			'spaces around an address',
			'provisionInbound',
			INBOUND,
			{ primaryUri: ' pbx.example.com;transport=tcp ' },
		],
		[
			'IP addresses in another order',
			'provisionOutbound',
			BY_LIST,
			{ ipAddresses: ['198.51.100.0/28', '203.0.113.5'] },
		],
		[
			'an IP address with its mask',
			'provisionOutbound',
			BY_LIST,
			{ ipAddresses: '203.0.113.5/32\n198.51.100.0/28' },
		],
		[
			'what is only returned',
			'provisionInbound',
			INBOUND,
			{ options: { ...(INBOUND.options as INodeParameters), simplify: true } },
		],
	])('for %s', async (_what, operation, parameters, other) => {
		const simulator = await account();
		const digest = await digestOf(simulator, operation, parameters);
		expect(await digestOf(simulator, operation, { ...parameters, ...other })).toBe(digest);
		const result = await applied(simulator, operation, { ...parameters, ...other }, ` ${digest}\n`);
		expect(result.error).toBeUndefined();
	});

	it('when Plivo shows addresses in another order, or an empty field as none', async () => {
		const simulator = await account();
		const { ipacl_uuid: list } = simulator.addIpAcl({
			name: 'Acme',
			ip_addresses: ['192.0.2.1', '192.0.2.2'],
		});
		const record = simulator.state.ipacls.get(String(list))!;
		const digest = await digestOf(simulator, 'provisionOutbound', BY_LIST);
		record.ip_addresses = ['192.0.2.2/32', '192.0.2.1'];
		expect(await digestOf(simulator, 'provisionOutbound', BY_LIST)).toBe(digest);
	});
});

describe('a digest changes', () => {
	it.each<[string, string, INodeParameters, INodeParameters]>([
		['the name', 'provisionInbound', INBOUND, { name: 'Bolt' }],
		[
			'the primary URI',
			'provisionInbound',
			INBOUND,
			{ primaryUri: 'pbx.example.com;transport=udp' },
		],
		['the fallback URI', 'provisionInbound', INBOUND, { fallbackUri: 'pbx3.example.com' }],
		['no fallback URI', 'provisionInbound', INBOUND, { fallbackUri: '' }],
		[
			'both URIs the other way round',
			'provisionInbound',
			INBOUND,
			{
				primaryUri: 'pbx2.example.com;transport=tcp',
				fallbackUri: 'pbx.example.com;transport=tcp',
			},
		],
		['a number less', 'provisionInbound', INBOUND, { phoneNumbers: NUMBERS.slice(1) }],
		[
			'numbers that are routed later',
			'provisionInbound',
			INBOUND,
			{ options: { ...(INBOUND.options as INodeParameters), routeNumbers: false } },
		],
		[
			'the URI’s username',
			'provisionInbound',
			INBOUND,
			{ options: { uriLogin: { login: { username: 'other', password: 'letmein' } } } },
		],
		['no login of the URI', 'provisionInbound', INBOUND, { options: {} }],
		[
			'the IP addresses',
			'provisionOutbound',
			BY_LIST,
			{ ipAddresses: '203.0.113.6, 198.51.100.0/28' },
		],
		['encryption', 'provisionOutbound', BY_LIST, { options: { secure: false } }],
		['encryption that isn’t mentioned', 'provisionOutbound', BY_LIST, { options: {} }],
		[
			'a login instead of addresses',
			'provisionOutbound',
			BY_LIST,
			{ sipAuthentication: 'newCredential' },
		],
		['the username', 'provisionOutbound', BY_LOGIN, { username: 'acmepbx02' }],
		[
			'a password that is given, not generated',
			'provisionOutbound',
			BY_LOGIN,
			{ password: 'Chosen#By4Us' },
		],
	])('with %s', async (_what, operation, parameters, other) => {
		const simulator = await account();
		const digest = await digestOf(simulator, operation, parameters);
		const changed = { ...parameters, ...other };
		expect(await digestOf(simulator, operation, changed)).not.toBe(digest);
		const before = fullState(simulator);
		simulator.clearRequests();
		expect(wordsOf(await applied(simulator, operation, changed, digest))).toMatch(
			/^The plan is no longer the one that was approved/,
		);
		expect(writesOf(simulator)).toEqual([]);
		expect(fullState(simulator)).toEqual(before);
	});

	/** Everything that a plan changes, set to another value by somebody else since. */
	it.each<[string, (simulator: Simulator) => void]>([
		[
			'the URI’s address',
			({ state }) => ([...state.uris.values()][0]!.uri = 'even.older.example.com'),
		],
		['the URI’s username', ({ state }) => ([...state.uris.values()][0]!.username = 'somebody')],
		[
			'the trunk’s fallback',
			({ state }) => ([...state.trunks.values()][0]!.fallback_uri_uuid = null),
		],
		['a number’s route', ({ state }) => (state.numbers.get(NUMBERS[1]!)!.application = null)],
		['a new URI of a name', (simulator) => void simulator.addUri({ name: 'Acme fallback' })],
		['the trunk', ({ state }) => state.trunks.clear()],
	])('with %s on the account', async (_what, outside) => {
		const simulator = await account();
		const { uri_uuid: one } = simulator.addUri({ name: 'Acme', uri: 'old.example.com' });
		const { uri_uuid: other } = simulator.addUri({ name: 'Old', uri: 'older.example.com' });
		simulator.addTrunk({
			name: 'Acme inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: one,
			fallback_uri_uuid: other,
		});
		const digest = await digestOf(simulator, 'provisionInbound', INBOUND);
		outside(simulator);
		const before = fullState(simulator);
		simulator.clearRequests();
		expect(wordsOf(await applied(simulator, 'provisionInbound', INBOUND, digest))).toMatch(
			/^The plan is no longer the one that was approved/,
		);
		expect(writesOf(simulator)).toEqual([]);
		expect(fullState(simulator)).toEqual(before);
	});

	it.each<[string, (simulator: Simulator, ids: { trunk: string; uri: string }) => void]>([
		[
			'another name of the trunk',
			({ state }, { trunk }) => (state.trunks.get(trunk)!.name = 'Bolt inbound'),
		],
		['another name of its URI', ({ state }, { uri }) => (state.uris.get(uri)!.name = 'Everybody')],
		[
			'another number on it',
			(simulator, { trunk }) =>
				(simulator.state.numbers.get(NUMBERS[2]!)!.application = trunkPath(simulator, trunk)),
		],
		[
			'another user of its URI',
			(simulator, { uri }) =>
				void simulator.addTrunk({
					name: 'Bolt inbound',
					trunk_direction: 'inbound',
					primary_uri_uuid: uri,
				}),
		],
	])('of a deprovisioning with %s', async (_what, outside) => {
		const simulator = await account();
		const { uri_uuid: uri } = simulator.addUri({ name: 'Acme' });
		const { trunk_id: trunk } = simulator.addTrunk({
			name: 'Acme inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri,
		});
		const parameters = {
			trunkId: String(trunk),
			options: { rerouteToApplicationId: [...simulator.state.applications.keys()][0]! },
		};
		const digest = await digestOf(simulator, 'deprovision', parameters);
		outside(simulator, { trunk: String(trunk), uri: String(uri) });
		const before = fullState(simulator);
		simulator.clearRequests();
		expect(wordsOf(await applied(simulator, 'deprovision', parameters, digest))).toMatch(
			/^The plan is no longer the one that was approved/,
		);
		expect(writesOf(simulator)).toEqual([]);
		expect(fullState(simulator)).toEqual(before);
	});
});

describe('an approved plan, when somebody else writes between its check and its steps,', () => {
	const isFirstWrite = ({ method }: { method: string }) => method !== 'GET';

	it('changes nothing that it didn’t say', async () => {
		// The new URI is there already, with another address, which would have to be changed.
		const simulator = await account({ othernames: 'unique' });
		const parameters = { ...INBOUND, options: {} };
		const digest = await digestOf(simulator, 'provisionInbound', parameters);
		let theirs: IDataObject = {};
		onceBefore(simulator, isFirstWrite, () => {
			theirs = simulator.addUri({ name: 'Acme', uri: 'theirs.example.com' }) as IDataObject;
		});
		const words = wordsOf(await applied(simulator, 'provisionInbound', parameters, digest));
		expect(words).toContain('Run it again to get a new plan');
		expect(simulator.state.uris.get(String(theirs.uri_uuid))!.uri).toBe('theirs.example.com');
		expect([...simulator.state.trunks.values()]).toEqual([]);
	});

	it('does not go on with a URI that somebody else has just given this address', async () => {
		const simulator = await account({ uri: 'one' });
		const { uri_uuid } = simulator.addUri({ name: 'Acme', uri: 'old.example.com' });
		const trunk = simulator.addTrunk({
			name: 'Acme inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
		const parameters = { name: 'Acme', primaryUri: INBOUND.primaryUri as string };
		const digest = await digestOf(simulator, 'provisionInbound', parameters);
		onceBefore(simulator, isFirstWrite, () => {
			simulator.addUri({ name: 'Theirs', uri: INBOUND.primaryUri as string });
		});
		const words = wordsOf(await applied(simulator, 'provisionInbound', parameters, digest));
		expect(words).toMatch(
			/Plivo accepts each address only once, and the .*"Theirs" \(.*\) has this one/,
		);
		expect(words).toContain("Run it without 'Plan Digest' to use that one");
		expect(trunk.primary_uri_uuid).toBe(uri_uuid);
		outputOf(await run(simulator, 'provisioning', 'provisionInbound', parameters));
		const theirs = [...simulator.state.uris.values()].find(({ name }) => name === 'Theirs');
		expect(trunk.primary_uri_uuid).toBe(theirs?.uri_uuid);
	});

	it('does not change what is no longer what it said', async () => {
		const simulator = await account();
		const uri = simulator.addUri({ name: 'Acme', uri: 'old.example.com' });
		const { uri_uuid: fallback } = simulator.addUri({
			name: 'Acme fallback',
			uri: 'old2.example.com',
		});
		simulator.addTrunk({
			name: 'Acme inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri.uri_uuid,
			fallback_uri_uuid: fallback,
		});
		const parameters = { ...INBOUND, options: {} };
		const digest = await digestOf(simulator, 'provisionInbound', parameters);
		onceBefore(simulator, isFirstWrite, () => {
			simulator.state.uris.get(String(fallback))!.uri = 'moved.example.com';
		});
		const words = wordsOf(await applied(simulator, 'provisionInbound', parameters, digest));
		expect(words).toContain('Undone: ');
		expect(simulator.state.uris.get(String(fallback))!.uri).toBe('moved.example.com');
		expect(simulator.state.uris.get(String(uri.uri_uuid))!.uri).toBe('old.example.com');
	});
});

describe('what another worker has brought up to date meanwhile', () => {
	it('is not written again, and not taken back when a later step fails', async () => {
		const simulator = await account();
		const uri = simulator.addUri({ name: 'Acme', uri: 'old.example.com' });
		const fallback = simulator.addUri({ name: 'Acme fallback', uri: 'old2.example.com' });
		simulator.addTrunk({
			name: 'Acme inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri.uri_uuid,
			fallback_uri_uuid: fallback.uri_uuid,
		});
		onceBefore(
			simulator,
			({ method }) => method !== 'GET',
			() => (fallback.uri = INBOUND.fallbackUri as string),
		);
		simulator.faults.add({
			method: 'POST',
			path: `/Number/${NUMBERS[2]!}/`,
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = wordsOf(
			await run(simulator, 'provisioning', 'provisionInbound', { ...INBOUND, options: {} }),
		);
		expect(words).toContain(`changes to origination URI "Acme" (${String(uri.uri_uuid)})`);
		expect(words).not.toContain('Acme fallback');
		expect(
			writesOf(simulator).filter((write) => write.endsWith(`${String(fallback.uri_uuid)}/`)),
		).toEqual([]);
		expect([uri.uri, fallback.uri]).toEqual(['old.example.com', INBOUND.fallbackUri]);
	});
});

describe('one approval, applied twice at the same moment,', () => {
	it.each<[string, boolean]>([
		['in one process', false],
		['in two', true],
	])('makes one customer: %s', async (_what, isOther) => {
		const simulator = await account({ names: 'none' });
		simulator.options.latencyMs = 3;
		const digest = await digestOf(simulator, 'provisionInbound', INBOUND);
		const given = withOptions(INBOUND, { planDigest: digest });
		const scope = isOther ? otherProcess(simulator) : {};
		const results = await Promise.all([
			run(simulator, 'provisioning', 'provisionInbound', given),
			run(simulator, 'provisioning', 'provisionInbound', given, scope),
		]);
		expect(results.filter(({ error }) => !error).length).toBeGreaterThanOrEqual(1);
		expect(simulator.state.trunks.size).toBe(1);
		expect(simulator.state.uris.size).toBe(2);
		const [trunk] = simulator.state.trunks.keys();
		for (const number of NUMBERS) {
			expect(simulator.state.numbers.get(number)!.application).toBe(trunkPath(simulator, trunk));
		}
	});
});
