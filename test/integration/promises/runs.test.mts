import { setTimeout as wait } from 'node:timers/promises';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Simulator } from '../../../simulator/simulator.mts';
import { closeAccounts, newAccount, run, wordsOf, writesOf } from '../../support/account.mts';
import { first, nth } from '../../support/elements.mts';
import { named, posts, settleIn } from './helper.mts';

beforeEach(() => settleIn(300));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const MISSING = 'no-such-record';
const RETRY = { maxTries: 3, waitBetweenTries: 100 };

/** Trunks by their names; Plivo refuses the one whose credential isn't there. */
function trunks(simulator: Simulator, ...bad: number[]) {
	const id = String(simulator.addCredential().credential_uuid);
	return (count: number): { parameters: INodeParameters; items: IDataObject[] } => ({
		parameters: {
			name: '=T{{ $json.number }}',
			trunkDirection: 'outbound',
			sipAuthentication: 'credential',
			credentialId: '={{ $json.credential }}',
		},
		items: Array.from({ length: count }, (_, number) => ({
			number,
			credential: bad.includes(number) ? MISSING : id,
		})),
	});
}

/** Customers; the provisioning of the one whose IP list isn't there is refused. */
const CUSTOMERS: INodeParameters = {
	name: '={{ $json.name }}',
	sipAuthentication: '={{ $json.bad ? "ipAcl" : "newCredential" }}',
	ipAclId: MISSING,
};
const THREE = [{ name: 'Acme' }, { name: 'Beta', bad: true }, { name: 'Core' }];

/** The passwords that an output shows, and those that the account has, by the customers' names. */
function passwords(simulator: Simulator, json: IDataObject[]) {
	const has = new Map(
		[...simulator.state.credentials.values()].map(({ name, password }) => [name, password]),
	);
	const shown = json
		.filter(({ password }) => password !== undefined)
		.map(({ name, password }) => [String(name).replace(' outbound', ''), password] as const);
	return { has, shown: new Map(shown) };
}

describe("n8n's Retry On Fail", () => {
	it('makes nothing again that an earlier try has made', async () => {
		const simulator = await newAccount({ variants: { names: 'none' } });
		const { parameters, items } = trunks(simulator, 1)(3);
		const result = await run(simulator, 'trunk', 'create', parameters, { items, retry: RETRY });
		expect(wordsOf(result)).toContain('credential_uuid does not exist');
		expect(named(simulator.state.trunks)).toEqual(['T0', 'T2']);
		const bodies = posts(simulator, '/Zentrunk/Trunk/').map(
			({ body }) => (body as IDataObject).name,
		);
		expect(bodies.sort()).toEqual(['T0', 'T1', 'T1', 'T1', 'T2']);
	});

	it('answers what an earlier try has answered once the bad item succeeds', async () => {
		const simulator = await newAccount({ variants: { names: 'none' } });
		const { parameters, items } = trunks(simulator)(3);
		simulator.faults.add({ method: 'POST', nth: 2, faults: [{ kind: 'status', status: 400 }] });
		const { json, error } = await run(simulator, 'trunk', 'create', parameters, {
			items,
			retry: RETRY,
		});
		expect(error).toBeUndefined();
		expect(json.map(({ name }) => name)).toEqual(['T0', 'T1', 'T2']);
		expect(json.map(({ trunk_id }) => trunk_id).sort()).toEqual(
			[...simulator.state.trunks.keys()].sort(),
		);
	});

	it.each([true, 'continueErrorOutput'] as const)(
		'with Continue (%s), the generated passwords of finished customers are shown',
		async (continueOnFail) => {
			const simulator = await newAccount();
			const { outputs, error } = await run(
				simulator,
				'provisioning',
				'provisionOutbound',
				CUSTOMERS,
				{ items: [nth(THREE, 1), first(THREE), nth(THREE, 2)], retry: RETRY, continueOnFail },
			);
			expect(error).toBeUndefined();
			const { has, shown } = passwords(
				simulator,
				first(outputs).map(({ json }) => json),
			);
			expect([...has.keys()].sort()).toEqual(['Acme', 'Core']);
			expect(shown).toEqual(has);
		},
	);
});

describe('Stop Workflow', () => {
	it('an item that is refused before any request: nothing of the others is sent', async () => {
		const simulator = await newAccount();
		const items = [{ username: 'no' }, { username: 'user1' }, { username: 'user2' }];
		const result = await run(
			simulator,
			'credential',
			'create',
			{ name: '={{ $json.username }}', username: '={{ $json.username }}', password: 'pass#1' },
			{ items },
		);
		expect(wordsOf(result)).toContain("'Username' must be 5 to 20 letters, digits and underscores");
		await wait(300);
		expect(simulator.requests).toEqual([]);
	});

	it('an item that Plivo refuses: no more begin, and the error names what was made', async () => {
		const simulator = await newAccount({ variants: { names: 'none' } });
		simulator.options.latencyMs = 20;
		const { parameters, items } = trunks(simulator)(200);
		simulator.faults.add({ method: 'POST', nth: 1, faults: [{ kind: 'status', status: 400 }] });
		const result = await run(simulator, 'trunk', 'create', parameters, { items });
		const made = simulator.state.trunks.size;
		expect(made).toBeLessThanOrEqual(60);
		const words = wordsOf(result);
		expect(words).toContain('simulated 400');
		const ids = [...simulator.state.trunks.keys()].filter((id) => words.includes(id)).length;
		const more = Number(/and (\d+) more/.exec(words)?.[1] ?? 0);
		expect(ids + more).toBe(made);
		await wait(300);
		expect(simulator.state.trunks.size).toBe(made);
	});

	it('the corrected rerun makes each once, where names are unique', async () => {
		const simulator = await newAccount();
		const { parameters, items } = trunks(simulator, 0)(3);
		await run(simulator, 'trunk', 'upsert', parameters, { items });
		const corrected = items.map((item) => ({ ...item, credential: nth(items, 1).credential }));
		const { error } = await run(simulator, 'trunk', 'upsert', parameters, { items: corrected });
		expect(error).toBeUndefined();
		expect(named(simulator.state.trunks)).toEqual(['T0', 'T1', 'T2']);
	});

	it('an expression that fails at the last item: nothing is sent, also not later', async () => {
		const simulator = await newAccount();
		const result = await run(
			simulator,
			'credential',
			'create',
			{
				name: "={{ $itemIndex === 2 ? $('Missing').first().json.x : 'U' + $itemIndex }}",
				username: 'acmepbx01',
				password: 'pass#1',
			},
			{ items: [{}, {}, {}] },
		);
		expect(wordsOf(result)).toContain("Referenced node doesn't exist");
		expect(result.json).toEqual([]);
		await wait(1_000);
		expect(simulator.requests).toEqual([]);
	});

	it('three customers, one refused: a password that was not shown is to be rotated, and the output says so', async () => {
		const simulator = await newAccount();
		const items = ['Acme', 'Beta', 'Core'].map((name) => ({ name }));
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			nth: 2,
			faults: [{ kind: 'status', status: 400 }],
		});
		const provision = async () =>
			await run(simulator, 'provisioning', 'provisionOutbound', CUSTOMERS, { items });
		expect(wordsOf(await provision())).toContain('simulated 400');
		expect(simulator.state.trunks.size).toBe(2);
		const again = await provision();
		expect(again.error).toBeUndefined();
		const { has, shown } = passwords(simulator, again.json);
		expect([...has.keys()].sort()).toEqual(['Acme', 'Beta', 'Core']);
		// The credentials of the others are in use.
		expect([...shown.keys()]).toEqual(['Beta']);
		expect(again.json.map(({ warnings }) => JSON.stringify(warnings))).toEqual([
			expect.stringContaining('Rotate Password'),
			expect.not.stringContaining('Rotate Password'),
			expect.stringContaining('Rotate Password'),
		]);
	});

	it('a customer that was provisioned before keeps the password that its PBX has', async () => {
		const simulator = await newAccount();
		const items = [{ name: 'Acme' }];
		await run(simulator, 'provisioning', 'provisionOutbound', CUSTOMERS, { items });
		const [before] = [...simulator.state.credentials.values()].map(({ password }) => password);
		simulator.clearRequests();
		await run(simulator, 'provisioning', 'provisionOutbound', CUSTOMERS, { items });
		expect(writesOf(simulator)).toEqual([]);
		expect([...simulator.state.credentials.values()].map(({ password }) => password)).toEqual([
			before,
		]);
	});
});

describe('Roll Back off', () => {
	const CUSTOMER: INodeParameters = {
		name: '={{ $json.name }}',
		primaryUri: 'pbx.example.com;transport=tcp',
		options: { rollback: false },
	};

	it('leaves nothing that the error doesn’t name: neither of other items nor of earlier tries', async () => {
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			faults: [{ kind: 'status', status: 400 }],
		});
		const items = [{ name: 'Acme' }, { name: 'Bolt' }];
		const result = await run(simulator, 'provisioning', 'provisionInbound', CUSTOMER, { items });
		const uris = [...simulator.state.uris.keys()];
		expect(uris).toHaveLength(2);
		for (const uri of uris) expect(wordsOf(result)).toContain(uri);
	});
});
