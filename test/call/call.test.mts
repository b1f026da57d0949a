/** A call is the proof: what the node answers is enough for a PBX to call and be called. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { freePort } from '../../demo/processes.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, outputOf, run } from '../support/account.mts';
import { eventually } from '../e2e/stand.mts';
import { nth } from '../support/elements.mts';
import { fileOf } from '../support/pbxFiles.mts';
import { type Edge, startEdge } from './edge.mts';
import {
	callIn,
	callOutWithEach,
	type Carrier,
	dial,
	type PbxTable,
	startCarrier,
	startPbx,
	tableOf,
} from './phones.mts';

const OWN = '14155550101';
const CALLEE = '+442079460100';
const ALL_SPECIALS = 'a1~!@#$%^&*()_+Z';

let account: Simulator;
let carrier: Carrier;
let edge: Edge;

beforeAll(async () => {
	account = await newAccount();
	account.addNumber({ number: OWN });
	carrier = await startCarrier();
	edge = await startEdge(account, carrier);
});

afterAll(async () => {
	await edge?.stop();
	await carrier?.stop();
	await closeAccounts();
});

const provision = async (operation: string, parameters: INodeParameters) =>
	outputOf(await run(account, 'provisioning', operation, parameters));

/** Connects a PBX; the edge then knows what the account has. */
async function connect(name: string, parameters: INodeParameters = {}): Promise<IDataObject> {
	const output = await provision('connectPlatform', {
		platform: 'custom',
		name,
		direction: 'both',
		platformHost: `127.0.0.1:${await freePort()}`,
		transport: 'udp',
		phoneNumbers: OWN,
		...parameters,
		options: {
			pbxType: 'other',
			moveRoutedNumbers: true,
			...(parameters.options as INodeParameters | undefined),
		},
	});
	await edge.sync();
	return output;
}

const tableIn = (output: IDataObject): PbxTable => tableOf(fileOf(output, 'sip-trunk'));

const changed = (table: PbxTable, tab: string, rows: Record<string, string>): PbxTable => ({
	...table,
	[tab]: {
		...table[tab],
		...Object.fromEntries(Object.entries(rows).map(([name, value]) => [name, [value]])),
	},
});

/** The newest call record of a trunk, as the node explains it. */
async function explained(domain: unknown): Promise<IDataObject> {
	const id = await eventually(
		'a call record',
		() =>
			[...account.state.calls.values()].reverse().find(({ trunk_domain: of }) => of === domain)
				?.call_uuid as string | undefined,
		10,
	);
	const { json } = await run(account, 'call', 'getAll', {
		returnAll: true,
		simplify: false,
		options: { explainHangup: true },
	});
	return json.find(({ call_uuid: uuid }) => uuid === id)!;
}

describe('a PBX that is set up with what the node answered calls out', () => {
	it.each<[string, INodeParameters]>([
		['udp', { password: ALL_SPECIALS }],
		['tcp', { transport: 'tcp' }],
		['tls', { transport: 'tls', options: { secure: true } }],
	])('over %s: challenged, authenticated, answered', async (transport, parameters) => {
		const output = await connect(`Caller ${transport}`, parameters);
		const said = await dial(tableIn(output), edge, CALLEE);
		expect(said).toContain('Call established');
		expect(edge.output()).toMatch(new RegExp(`ACCEPTED\\|.*\\|${String(output.username)}\\b`));
		expect(await explained(output.trunk_domain)).toMatchObject({
			hangup_cause_code: 3010,
			hangup_is_fault: false,
			transport_protocol: transport,
			from_number: `+${OWN}`,
			to_number: CALLEE,
		});
	});
});

describe('a call that Plivo refuses, and the node explains', () => {
	/** Dials, and answers the explained call record. */
	async function refused(table: PbxTable, domain: unknown, number = CALLEE): Promise<IDataObject> {
		const said = await dial(table, edge, number);
		expect(said).not.toContain('Call established');
		expect(said).toContain('403 Forbidden');
		return await explained(domain);
	}

	it('a wrong password', async () => {
		const output = await connect('Wrong password');
		const table = changed(tableIn(output), 'Outgoing calls', { Password: 'Not_this_1' });
		expect(await refused(table, output.trunk_domain)).toMatchObject({
			hangup_cause_code: 4060,
			hangup_owner: 'customer',
			hangup_meaning: 'Your PBX or platform failed to authenticate.',
		});
	});

	it('a disabled trunk', async () => {
		const output = await connect('Disabled');
		const { trunk_id: trunkId } = output.outbound_trunk as IDataObject;
		await run(account, 'trunk', 'disable', { trunkId: String(trunkId) });
		await edge.sync();
		expect(await refused(tableIn(output), output.trunk_domain)).toMatchObject({
			hangup_cause_code: 4070,
			hangup_owner: 'plivo_setup',
			hangup_fix: expect.stringContaining('enabled'),
		});
	});

	it.each([
		['outside the list', '203.0.113.7', 4180],
		['on the list', '127.0.0.1', 3010],
	])('an address %s', async (_name, address, code) => {
		const { pbx_configuration } = await connect('Template');
		const trunk = await provision('provisionOutbound', {
			name: `Listed ${address}`,
			sipAuthentication: 'newIpAcl',
			ipAddresses: address,
		});
		await edge.sync();
		const table = changed(tableIn({ pbx_configuration }), 'Outgoing calls', {
			'SIP domain': String(trunk.trunk_domain),
		});
		const call =
			code === 3010
				? (await dial(table, edge, CALLEE), await explained(trunk.trunk_domain))
				: await refused(table, trunk.trunk_domain);
		expect(call.hangup_cause_code).toBe(code);
	});

	it('TLS towards a trunk that isn’t secure', async () => {
		const output = await connect('Not secure');
		const table = changed(tableIn(output), 'Outgoing calls', { Transport: 'tls' });
		expect(await refused(table, output.trunk_domain)).toMatchObject({
			hangup_cause_code: 4110,
			hangup_fix: expect.stringContaining("Turn on 'Secure'"),
		});
	});

	it.each([
		['the login as caller ID', { 'From user (caller ID, DOD)': '14155559999' }, CALLEE, 4190],
		['a number without country code', {}, '02079460100', 4120],
	])('%s', async (name, rows, number, code) => {
		const output = await connect(name);
		const table = changed(tableIn(output), 'Outgoing calls', rows as Record<string, string>);
		const call = await refused(table, output.trunk_domain, number);
		expect(call).toMatchObject({ hangup_cause_code: code, hangup_is_fault: true });
	});
});

describe('a call to a routed number', () => {
	it.each(['udp', 'tcp', 'tls'])('arrives at the origination URI over %s', async (transport) => {
		const port = await freePort();
		const output = await connect(`Callee ${transport}`, {
			direction: 'inbound',
			platformHost: `127.0.0.1:${port}`,
			transport,
		});
		const pbx = await startPbx(tableIn(output), edge, port);
		try {
			// Plivo's calls may carry either spelling.
			await callIn(edge, `+${OWN}`);
			await callIn(edge, OWN);
			expect(pbx.output().match(/Call established/g)).toHaveLength(2);
			expect(edge.output()).toContain(
				`BRANCH|primary|sip:+${OWN}@127.0.0.1:${port};transport=${transport}`,
			);
			expect(await explained((output.inbound_trunk as IDataObject).trunk_domain)).toMatchObject({
				hangup_cause_code: 3000,
				call_direction: 'inbound',
			});
		} finally {
			await pbx.stop();
		}
	});

	it('arrives at the fallback while the primary is down', async () => {
		const [down, up] = [await freePort(), await freePort()];
		const { pbx_configuration } = await connect('Fallback', {
			direction: 'inbound',
			platformHost: `127.0.0.1:${down}`,
		});
		await provision('provisionInbound', {
			name: 'Fallback',
			primaryUri: `127.0.0.1:${down};transport=udp`,
			fallbackUri: `127.0.0.1:${up};transport=udp`,
			phoneNumbers: OWN,
		});
		await edge.sync();
		const pbx = await startPbx(tableIn({ pbx_configuration }), edge, up);
		try {
			await callIn(edge, `+${OWN}`);
			expect(pbx.output()).toContain('Call established');
			expect(edge.output()).toContain(`BRANCH|fallback|sip:+${OWN}@127.0.0.1:${up}`);
		} finally {
			await pbx.stop();
		}
	});
});

it('200 generated passwords authenticate', async () => {
	const trunks = Array.from({ length: 200 }, (_none, index) => {
		const credential = account.addCredential({ username: `pbx${String(index).padStart(4, '0')}` });
		const trunk = account.addTrunk({
			name: `Customer ${index}`,
			trunk_direction: 'outbound',
			credential_uuid: credential.credential_uuid,
		});
		return {
			domain: String(trunk.trunk_domain),
			username: String(credential.username),
			credentialId: String(credential.credential_uuid),
		};
	});
	const { json, error } = await run(
		account,
		'credential',
		'rotatePassword',
		{ credentialId: '={{ $json.credentialId }}' },
		{ items: trunks },
	);
	expect(error).toBeUndefined();
	expect(new Set(json.map(({ password }) => password)).size).toBe(200);
	await edge.sync();
	const before = edge.output().match(/ACCEPTED\|/g)?.length ?? 0;
	await callOutWithEach(
		edge,
		OWN,
		trunks.map(({ domain, username }, index) => ({
			domain,
			username,
			password: String(nth(json, index).password),
		})),
	);
	expect(edge.output().match(/ACCEPTED\|/g)).toHaveLength(before + 200);
}, 120_000);
