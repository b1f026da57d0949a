import type { INodeParameters, INodePropertyOptions } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { Simulator } from '../../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../../support/account.mts';
import { liveNumber, liveTrunk, onceBefore } from './helper.mts';

afterEach(closeAccounts);

const PBX = 'pbx.acme.com;transport=tcp';

it('an undo routes no number back to a trunk that is just being deleted', async () => {
	const simulator = await newAccount({ variants: { detach: 'dead' } });
	const { trunkId, number, digits } = liveTrunk(simulator, 'Bolt inbound');
	const { digits: second } = liveNumber(simulator);
	simulator.faults.add({
		method: 'POST',
		path: `/Number/${second}/`,
		faults: [{ kind: 'status', status: 400 }],
	});
	// The numbers have been looked at by then, and none was routed to the trunk.
	simulator.faults.add({ path: /^\/Number\/$/, times: 1, faults: [{ kind: 'delay', ms: 300 }] });
	let deleting: Promise<unknown> | undefined;
	onceBefore(
		simulator,
		({ method, path }) => method === 'POST' && path === `/Number/${second}/`,
		() => {
			deleting = run(simulator, 'trunk', 'delete', { trunkId }).then(outputOf);
		},
	);
	const result = await run(simulator, 'provisioning', 'provisionInbound', {
		name: 'Acme',
		primaryUri: PBX,
		phoneNumbers: [digits, second],
		options: { moveRoutedNumbers: true },
	});
	await deleting;
	expect(wordsOf(result)).toContain(
		`Left: the route of phone number ${digits}: Plivo has no trunk ${trunkId}`,
	);
	const [ours] = simulator.state.trunks.keys();
	expect(number.application).toBe(trunkPath(simulator, ours));
});

describe('a live number is not put on what cannot take its calls', () => {
	it('Provision Inbound: not on a disabled trunk', async () => {
		const simulator = await newAccount();
		const { trunk } = liveTrunk(simulator, 'Acme inbound');
		trunk.trunk_status = 'disabled';
		const { digits, application } = liveNumber(simulator);
		const wish = { name: 'Acme', primaryUri: PBX, phoneNumbers: digits };
		const refused = await run(simulator, 'provisioning', 'provisionInbound', wish);
		expect(wordsOf(refused)).toMatch(/Acme inbound.*is disabled/);
		expect(simulator.state.numbers.get(digits)?.application).toBe(application);
		expect(writesOf(simulator)).toEqual([]);

		const allowed = await run(simulator, 'provisioning', 'provisionInbound', {
			...wish,
			options: { allowDisabledTrunk: true, moveRoutedNumbers: true },
		});
		expect(String(outputOf(allowed).warnings)).toContain('is disabled');
	});

	it('Route to Trunk: not on a disabled trunk', async () => {
		const simulator = await newAccount();
		const { trunk, trunkId } = liveTrunk(simulator);
		trunk.trunk_status = 'disabled';
		const { digits, application } = liveNumber(simulator);
		const refused = await run(simulator, 'phoneNumber', 'routeToTrunk', {
			phoneNumber: digits,
			trunkId,
		});
		expect(wordsOf(refused)).toContain('is disabled');
		expect(simulator.state.numbers.get(digits)?.application).toBe(application);
	});

	it('Trunk Update: a trunk with numbers is not turned outbound', async () => {
		const simulator = await newAccount();
		const { trunk, trunkId, digits } = liveTrunk(simulator);
		const { credential_uuid } = simulator.addCredential();
		const refused = await run(simulator, 'trunk', 'update', {
			trunkId,
			updateFields: { trunkDirection: 'outbound', credentialId: String(credential_uuid) },
		});
		expect(wordsOf(refused)).toContain(digits);
		expect(trunk.trunk_direction).toBe('inbound');
		expect(writesOf(simulator)).toEqual([]);
	});
});

describe("a customer's calls stay the customer's", () => {
	it('a customer named "Acme fallback" leaves the fallback URI of "Acme" alone', async () => {
		const simulator = await newAccount();
		const acme = await run(simulator, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: PBX,
			fallbackUri: 'backup.acme.com;transport=tcp',
		});
		const { fallback_uri_uuid: id } = outputOf(acme);
		const refused = await run(simulator, 'provisioning', 'provisionInbound', {
			name: 'Acme fallback',
			primaryUri: 'pbx.other.com;transport=tcp',
		});
		expect(wordsOf(refused)).toMatch(/origination URI "Acme fallback".*Acme inbound.*not changed/);
		expect(simulator.state.uris.get(String(id))?.uri).toBe('backup.acme.com;transport=tcp');
		expect(simulator.state.trunks.size).toBe(1);
	});

	it("a number that takes another customer's calls is not taken without being told so", async () => {
		const simulator = await newAccount();
		const { digits, number, trunkId } = liveTrunk(simulator, 'Beta inbound');
		const { application } = number;
		const wish = { name: 'Acme', primaryUri: PBX, phoneNumbers: digits };
		const refused = await run(simulator, 'provisioning', 'provisionInbound', wish);
		expect(wordsOf(refused)).toMatch(new RegExp(`${digits}.*"Beta inbound" \\(${trunkId}\\)`));
		expect(number.application).toBe(application);
		expect(writesOf(simulator)).toEqual([]);

		const moved = await run(simulator, 'provisioning', 'provisionInbound', {
			...wish,
			options: { moveRoutedNumbers: true },
		});
		expect(outputOf(moved).warnings).toEqual(
			expect.arrayContaining([expect.stringContaining('"Beta inbound"')]),
		);
		expect(number.application).not.toBe(application);
	});
});

const LIVE = '14155550123';
const [INBOUND, OUTBOUND] = ['21784177241578001', '21784177241578002'];
const [MAIN, BACKUP, SPARE] = ['1', '2', '3'].map(
	(digit) => `8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f${digit}`,
) as [string, string, string];
const [CREDENTIAL, IP_LIST, APPLICATION] = [
	'8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f4',
	'8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f5',
	'16638156474000802',
];
const addressOf = (host: string) => `${host}.example.com;transport=tcp`;
const [FIRST, SECOND, THIRD] = [addressOf('first'), addressOf('second'), addressOf('third')];

async function anAccount(): Promise<Simulator> {
	const account = await newAccount();
	account.addUri({ uri_uuid: MAIN, name: 'Acme', uri: FIRST });
	account.addUri({ uri_uuid: BACKUP, name: 'Acme fallback', uri: SECOND });
	account.addUri({ uri_uuid: SPARE, name: 'Spare', uri: THIRD });
	account.addCredential({ credential_uuid: CREDENTIAL, name: 'Acme', username: 'acmepbx' });
	account.addIpAcl({ ipacl_uuid: IP_LIST, name: 'Acme', ip_addresses: ['13.52.9.13'] });
	account.addApplication({ app_id: APPLICATION });
	account.addTrunk({
		trunk_id: INBOUND,
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: MAIN,
		fallback_uri_uuid: BACKUP,
	});
	account.addTrunk({ trunk_id: OUTBOUND, name: 'Acme outbound', credential_uuid: CREDENTIAL });
	account.addNumber({ number: LIVE, alias: 'Acme', application: trunkPath(account, INBOUND) });
	return account;
}

/** Where the number's calls go. */
function destination({ state }: Simulator) {
	const { application } = state.numbers.get(LIVE) ?? {};
	const [, id = ''] = /Trunk\/([^/]+)\/$/.exec(String(application)) ?? [];
	const trunk = state.trunks.get(id);
	const uriOf = (uuid: unknown) => state.uris.get(String(uuid))?.uri;
	return {
		application,
		trunk: trunk && [trunk.trunk_direction, trunk.trunk_status],
		addresses: trunk && [uriOf(trunk.primary_uri_uuid), uriOf(trunk.fallback_uri_uuid)],
	};
}

/**
 * What an operation does that would send the calls elsewhere. `moves`: it does, and its warnings say so. `stops`: it
 * doesn't, and its error says so; `stops unless`: until Move Routed Numbers is on. `names`: its output is about the
 * number. `keeps`: it has nothing to do with where calls go, and lists no numbers for that.
 */
type Conduct = 'moves' | 'stops' | 'stops unless' | 'names' | 'keeps';

const forced = { options: { force: true } };
const uri = (originationUriId: string) => ({ originationUriId });
const inbound = { name: 'Acme inbound', trunkDirection: 'inbound' };
const credential = { credentialId: CREDENTIAL };
const list = { ipAclId: IP_LIST };
const addresses = { ipAddresses: '13.52.9.14' };
const phoneNumber = { phoneNumber: LIVE };
const platform = { platform: 'custom', name: 'Acme', transport: 'tcp', phoneNumbers: '' };

/** Each operation that writes, and what its words have to name besides the number. */
const ROWS: Array<
	[operation: string, parameters: INodeParameters, conduct: Conduct, named?: string[]]
> = [
	['trunk create', { ...inbound, name: 'New', primaryUriId: MAIN }, 'keeps'],
	['trunk upsert', { ...inbound, primaryUriId: MAIN }, 'keeps'],
	['trunk upsert', { ...inbound, primaryUriId: SPARE }, 'stops unless', [FIRST, THIRD]],
	[
		'trunk upsert',
		{ ...inbound, primaryUriId: MAIN, additionalFields: { fallbackUriId: SPARE } },
		'stops unless',
		[SECOND, THIRD],
	],
	[
		'trunk upsert',
		{ ...inbound, primaryUriId: MAIN, additionalFields: { trunkStatus: 'disabled' } },
		'stops unless',
		[FIRST, 'disabled'],
	],
	['trunk update', { trunkId: INBOUND, updateFields: { name: 'New' } }, 'keeps'],
	['trunk update', { trunkId: OUTBOUND, updateFields: { trunkStatus: 'disabled' } }, 'keeps'],
	[
		'trunk update',
		{ trunkId: INBOUND, updateFields: { primaryUriId: SPARE } },
		'moves',
		[FIRST, THIRD],
	],
	[
		'trunk update',
		{ trunkId: INBOUND, updateFields: { fallbackUriId: SPARE } },
		'moves',
		[SECOND, THIRD],
	],
	[
		'trunk update',
		{ trunkId: INBOUND, updateFields: { trunkStatus: 'disabled' } },
		'moves',
		[FIRST, 'disabled'],
	],
	[
		'trunk update',
		{ trunkId: INBOUND, updateFields: { trunkDirection: 'outbound', ...credential } },
		'stops',
	],
	['trunk delete', { trunkId: INBOUND }, 'stops'],
	['trunk delete', { trunkId: INBOUND, ...forced }, 'moves'],
	['trunk attachCredential', { trunkId: OUTBOUND, ...credential }, 'keeps'],
	['trunk attachIpAcl', { trunkId: OUTBOUND, ...list }, 'keeps'],
	[
		'trunk attachOriginationUri',
		{ trunkId: INBOUND, ...uri(SPARE), role: 'primary' },
		'moves',
		[FIRST, THIRD],
	],
	[
		'trunk attachOriginationUri',
		{ trunkId: INBOUND, ...uri(SPARE), role: 'fallback' },
		'moves',
		[SECOND, THIRD],
	],
	['trunk attachOriginationUri', { trunkId: INBOUND, ...uri(MAIN), role: 'primary' }, 'keeps'],
	['trunk enable', { trunkId: INBOUND }, 'keeps'],
	['trunk disable', { trunkId: INBOUND }, 'moves', [FIRST, 'disabled']],
	['originationUri create', { name: 'New', uri: 'new.example.com' }, 'keeps'],
	['originationUri upsert', { name: 'Spare', uri: 'new.example.com' }, 'keeps'],
	[
		'originationUri upsert',
		{ name: 'Acme', uri: 'new.example.com' },
		'stops unless',
		[FIRST, 'new.example.com'],
	],
	['originationUri update', { ...uri(MAIN), updateFields: { name: 'New' } }, 'keeps'],
	[
		'originationUri update',
		{ ...uri(MAIN), updateFields: { uri: 'new.example.com' } },
		'moves',
		[FIRST, 'new.example.com'],
	],
	[
		'originationUri update',
		{ ...uri(BACKUP), updateFields: { uri: 'new.example.com' } },
		'moves',
		[SECOND, 'new.example.com'],
	],
	['originationUri delete', { ...uri(MAIN) }, 'keeps'],
	['originationUri delete', { ...uri(MAIN), ...forced }, 'moves', [MAIN]],
	['originationUri delete', { ...uri(BACKUP), ...forced }, 'moves', [BACKUP]],
	['credential create', { name: 'New', username: 'newpbx', password: 'New_1' }, 'keeps'],
	['credential upsert', { name: 'Acme', username: 'newpbx', password: 'New_1' }, 'keeps'],
	['credential update', { ...credential, password: 'New_1' }, 'keeps'],
	['credential rotatePassword', credential, 'keeps'],
	['credential delete', { ...credential, ...forced }, 'keeps'],
	['ipAccessControlList create', { name: 'New', ...addresses }, 'keeps'],
	['ipAccessControlList upsert', { name: 'Acme', ...addresses }, 'keeps'],
	['ipAccessControlList update', { ...list, updateFields: addresses }, 'keeps'],
	['ipAccessControlList addAddresses', { ...list, ...addresses }, 'keeps'],
	['ipAccessControlList removeAddresses', { ...list, ipAddresses: '13.52.9.13' }, 'keeps'],
	['ipAccessControlList delete', { ...list, ...forced }, 'keeps'],
	['phoneNumber routeToTrunk', { ...phoneNumber, trunkId: INBOUND }, 'names'],
	['phoneNumber routeToApplication', { ...phoneNumber, applicationId: APPLICATION }, 'names'],
	['phoneNumber unroute', phoneNumber, 'names'],
	['phoneNumber update', { ...phoneNumber, updateFields: { alias: 'New' } }, 'names'],
	['phoneNumber release', { ...phoneNumber, ...forced }, 'names'],
	['phoneNumber rent', { country: 'US', maxMonthlyRate: 1, alias: 'Acme' }, 'names'],
	['provisioning provisionOutbound', { name: 'Acme' }, 'keeps'],
	[
		'provisioning provisionInbound',
		{ name: 'Acme', primaryUri: FIRST, fallbackUri: SECOND },
		'keeps',
	],
	['provisioning provisionInbound', { name: 'Acme', primaryUri: FIRST }, 'keeps'],
	[
		'provisioning provisionInbound',
		{ name: 'Acme', primaryUri: THIRD },
		'stops unless',
		[FIRST, THIRD],
	],
	[
		'provisioning provisionInbound',
		{ name: 'Acme', primaryUri: 'new.example.com', phoneNumbers: LIVE },
		'stops unless',
		[FIRST, 'new.example.com'],
	],
	[
		'provisioning provisionInbound',
		{ name: 'Acme', primaryUri: FIRST, fallbackUri: 'new.example.com' },
		'stops unless',
		[SECOND, 'new.example.com'],
	],
	['provisioning connectPlatform', { ...platform, platformHost: 'first.example.com' }, 'keeps'],
	[
		'provisioning connectPlatform',
		{ ...platform, platformHost: 'new.example.com' },
		'stops unless',
		[FIRST, 'new.example.com'],
	],
	[
		'provisioning connectPlatform',
		{ ...platform, platformHost: 'new.example.com', options: { routeNumbers: false } },
		'stops unless',
		[FIRST, 'new.example.com'],
	],
	['provisioning deprovision', { trunkId: INBOUND }, 'stops'],
	['provisioning deprovision', { trunkId: INBOUND, ...forced }, 'names'],
	['provisioning deprovision', { trunkId: OUTBOUND }, 'keeps'],
];

const runRow = async (account: Simulator, name: string, parameters: INodeParameters) => {
	const [resource = '', operation = ''] = name.split(' ');
	return await run(account, resource, operation, parameters);
};

const withOptions = (parameters: INodeParameters, more: INodeParameters): INodeParameters => ({
	...parameters,
	options: { ...(parameters.options as INodeParameters), ...more },
});

describe('calls of a live number go elsewhere only where somebody reads it', () => {
	it.each(ROWS)('%s %j %s', async (operation, parameters, conduct, named = []) => {
		const account = await anAccount();
		const before = destination(account);
		account.clearRequests();
		const result = await runRow(account, operation, parameters);
		if (conduct === 'keeps') {
			expect(destination(account)).toEqual(before);
			expect(JSON.stringify(result.json)).not.toContain(LIVE);
			return;
		}
		if (conduct === 'names') return expect(JSON.stringify(outputOf(result))).toContain(LIVE);
		const words = conduct === 'moves' ? String(outputOf(result).warnings) : wordsOf(result);
		for (const word of [LIVE, ...named]) expect(words).toContain(word);
		if (conduct === 'moves') return expect(destination(account)).not.toEqual(before);
		expect([destination(account), writesOf(account)]).toEqual([before, []]);
		if (conduct === 'stops') return;
		expect(words).toContain("'Move Routed Numbers'");
		const allowed = withOptions(parameters, { moveRoutedNumbers: true });
		const { warnings } = outputOf(await runRow(account, operation, allowed));
		for (const word of [LIVE, ...named]) expect(String(warnings)).toContain(word);
		expect(destination(account)).not.toEqual(before);
	});

	it.each(
		ROWS.filter(
			([name, , conduct]) => name.startsWith('provisioning') && conduct === 'stops unless',
		),
	)(
		'%s %j with Plan Only says it in words',
		async (operation, parameters, _conduct, named = []) => {
			const account = await anAccount();
			const plan = withOptions(parameters, { planOnly: true });
			const output = outputOf(await runRow(account, operation, plan));
			expect(output.up_to_date).toBe(false);
			for (const word of [LIVE, ...named, "'Move Routed Numbers'"]) {
				expect(String(output.warnings)).toContain(word);
			}
			expect(JSON.stringify(output.what_would_be_done)).toContain(`which moves calls to ${LIVE}`);
			const moving = withOptions(plan, { moveRoutedNumbers: true });
			const allowed = outputOf(await runRow(account, operation, moving));
			expect(allowed.plan_digest).toBe(output.plan_digest);
			for (const word of [LIVE, ...named]) expect(String(allowed.warnings)).toContain(word);
			expect(String(allowed.warnings)).not.toContain("'Move Routed Numbers'");
			// Who has approved it has read the numbers; one more is another plan.
			const { plan_digest: planDigest } = output;
			const approved = withOptions(parameters, { planDigest: String(planDigest) });
			expect(wordsOf(await runRow(account, operation, approved))).toContain(LIVE);
			const number = account.addNumber({ number: '14155550199' });
			number.application = trunkPath(account, INBOUND);
			const agreed = withOptions(approved, { moveRoutedNumbers: true });
			expect(wordsOf(await runRow(account, operation, agreed))).toContain('no longer the one');
			account.state.numbers.delete('14155550199');
			expect(writesOf(account)).toEqual([]);
			outputOf(await runRow(account, operation, agreed));
		},
	);

	it('each operation that writes is in the table', () => {
		const offered = new PlivoSipTrunking().description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options = [] }) =>
				(options as INodePropertyOptions[]).map(
					({ value }) => `${String(displayOptions?.show?.resource?.[0])} ${String(value)}`,
				),
			);
		const writing = offered.filter((one) => !/ (get|search|summarize|checkReadiness)/.test(one));
		expect([...new Set(ROWS.map(([operation]) => operation))].sort()).toEqual(writing.sort());
	});

	it.each([
		['trunk update', { trunkId: INBOUND, updateFields: { primaryUriId: SPARE } }],
		['trunk disable', { trunkId: INBOUND }],
		['originationUri update', { ...uri(MAIN), updateFields: { uri: 'new.example.com' } }],
	])('%s %j is done although the numbers cannot be listed', async (operation, parameters) => {
		const account = await anAccount();
		account.faults.add({ path: '/Number/', faults: [{ kind: 'status', status: 400 }] });
		const { warnings } = outputOf(await runRow(account, operation, parameters));
		expect(String(warnings)).toContain('Whether this moves calls of live numbers');
	});

	it('a deprovisioning that takes a shared URI with Force names the numbers of the other trunk', async () => {
		const account = await anAccount();
		const { trunk_id: other } = account.addTrunk({
			name: 'Bolt inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: MAIN,
		});
		account.addNumber({ number: '14155550177', application: trunkPath(account, other) });
		const options = { force: true, keepShared: false };
		const deprovision = async (more: INodeParameters) =>
			await run(account, 'provisioning', 'deprovision', {
				trunkId: INBOUND,
				options: { ...options, ...more },
			});
		const plan = outputOf(await deprovision({ planOnly: true }));
		expect(String(plan.warnings)).toContain(`is used by trunk "Bolt inbound" (${String(other)})`);
		expect(String(plan.warnings)).toContain('Calls to 14155550177');
		// Who has approved it has read whose calls are cut off; one more is another plan.
		const third = account.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: MAIN });
		const planDigest = String(plan.plan_digest);
		expect(wordsOf(await deprovision({ planDigest }))).toContain('no longer the one');
		account.state.trunks.delete(String(third.trunk_id));
		const { warnings } = outputOf(await deprovision({ planDigest }));
		expect(String(warnings)).toContain('Calls to 14155550177');
		expect(account.state.trunks.has(String(other))).toBe(false);
	});

	it('provisioning refuses what it would move once the plan is made; where it may, it says so', async () => {
		const account = await anAccount();
		account.state.numbers.clear();
		const becomesLive: Parameters<typeof onceBefore> = [
			account,
			({ method, path }) => method === 'POST' && path === '/Zentrunk/URI/',
			() => account.addNumber({ number: LIVE, application: trunkPath(account, INBOUND) }),
		];
		onceBefore(...becomesLive);
		account.state.uris.get(MAIN)!.name = 'Old';
		const parameters = { name: 'Acme', primaryUri: 'new.example.com' };
		const result = await run(account, 'provisioning', 'provisionInbound', parameters);
		expect(wordsOf(result)).toContain(`Calls to ${LIVE}`);
		expect(account.state.trunks.get(INBOUND)?.primary_uri_uuid).toBe(MAIN);
		account.state.numbers.clear();
		onceBefore(...becomesLive);
		const allowed = { ...parameters, options: { moveRoutedNumbers: true } };
		const { warnings } = outputOf(await run(account, 'provisioning', 'provisionInbound', allowed));
		expect(String(warnings)).toContain(`Calls to ${LIVE}`);
	});
});
