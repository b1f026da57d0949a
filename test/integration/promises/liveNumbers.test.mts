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
			options: { allowDisabledTrunk: true },
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
