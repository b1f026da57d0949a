import type { Fault } from '../../../simulator/simulator.mts';
import { closeAccounts, newAccount, outputOf, run, wordsOf } from '../../support/account.mts';
import { only } from '../../support/elements.mts';
import {
	allCarriedOut,
	comesIn,
	deadNumbers,
	liveNumber,
	liveTrunk,
	onceBefore,
	settleIn,
} from './helper.mts';

afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

/** The delete itself takes a moment: time for whatever doesn't wait for it. */
const slowDeletes = { method: 'DELETE', faults: [{ kind: 'delay' as const, ms: 300 }] };

it('a number routed to a trunk while an update turns it outbound: the trunk stays inbound', async () => {
	const simulator = await newAccount();
	const { trunkId, number } = liveTrunk(simulator);
	const { application } = number;
	number.application = null;
	const { credential_uuid: credential } = simulator.addCredential();
	let listings = 0;
	simulator.onRequest(({ path }) => {
		if (path === '/Number/' && ++listings === 2) number.application = application;
	});
	const turned = await run(simulator, 'trunk', 'update', {
		trunkId,
		updateFields: { trunkDirection: 'outbound', credentialId: String(credential) },
	});
	expect(wordsOf(turned)).toContain('they would stop answering if it were outbound');
	expect(simulator.state.trunks.get(trunkId)?.trunk_direction).toBe('inbound');
});

describe('what begins to use a record while that is being deleted', () => {
	it('Route to Trunk during Trunk Delete: the number keeps its calls', async () => {
		const simulator = await newAccount();
		const { trunkId, number } = liveTrunk(simulator);
		number.application = null;
		const { digits, application } = liveNumber(simulator);
		simulator.faults.add(slowDeletes);
		const checks = comesIn(simulator, 'GET', '/Number/');
		const deleting = run(simulator, 'trunk', 'delete', { trunkId });
		await checks;
		const routed = await run(simulator, 'phoneNumber', 'routeToTrunk', {
			phoneNumber: digits,
			trunkId,
		});
		outputOf(await deleting);
		expect(wordsOf(routed)).toContain(`Plivo has no trunk ${trunkId}`);
		expect(deadNumbers(simulator)).toEqual([]);
		expect(simulator.state.numbers.get(digits)?.application).toBe(application);
	});

	it('Trunk Delete during Route to Trunk: the trunk stays', async () => {
		const simulator = await newAccount();
		const { trunkId, number } = liveTrunk(simulator);
		number.application = null;
		const { digits } = liveNumber(simulator);
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'delay', ms: 300 }] });
		const route = comesIn(simulator, 'GET', '/Number/');
		const routing = run(simulator, 'phoneNumber', 'routeToTrunk', { phoneNumber: digits, trunkId });
		await route;
		const deleted = await run(simulator, 'trunk', 'delete', { trunkId });
		outputOf(await routing);
		expect(wordsOf(deleted)).toContain(digits);
		expect(simulator.state.trunks.has(trunkId)).toBe(true);
		expect(deadNumbers(simulator)).toEqual([]);
	});

	it('a new trunk during an upsert that takes its own record back: no trunk goes with it', async () => {
		settleIn(500);
		const simulator = await newAccount();
		simulator.faults.add(slowDeletes);
		onceBefore(
			simulator,
			({ method }) => method === 'POST',
			() => {
				const theirs = '00000000-0000-4000-8000-000000000000';
				simulator.addUri({ name: 'Acme', uri: 'pbx.acme.com', uri_uuid: theirs });
			},
		);
		const takesBack = comesIn(simulator, 'DELETE', '/Zentrunk/URI/');
		const upserting = run(simulator, 'originationUri', 'upsert', {
			name: 'Acme',
			uri: 'pbx.acme.com',
		});
		const { path } = await takesBack;
		const created = await run(simulator, 'trunk', 'create', {
			name: 'Bolt',
			trunkDirection: 'inbound',
			primaryUriId: path.split('/')[3],
		});
		outputOf(await upserting);
		// The URI was gone before the trunk was asked for.
		expect(wordsOf(created)).toMatch(/^Plivo refused the request as invalid/);
		expect(simulator.state.uris.size).toBe(1);
	});

	it('a new trunk after a URI Delete without an answer: that is over first, so no trunk goes with the URI', async () => {
		settleIn(2_500);
		const simulator = await newAccount();
		const { uri_uuid: uri } = simulator.addUri();
		simulator.faults.add({
			method: 'DELETE',
			times: 1,
			faults: [{ kind: 'slow', as: 'gateway', ms: 2_000 }],
		});
		const deleted = await run(simulator, 'originationUri', 'delete', {
			originationUriId: String(uri),
			options: { maxRetries: 0 },
		});
		outputOf(deleted);
		const created = await run(simulator, 'trunk', 'create', {
			name: 'Acme',
			trunkDirection: 'inbound',
			primaryUriId: String(uri),
		});
		await allCarriedOut(simulator);
		expect(simulator.state.uris.size).toBe(0);
		expect(wordsOf(created)).toContain('primary_uri_uuid does not exist');
	});

	it('Attach Origination URI during URI Delete: the live trunk stays', async () => {
		const simulator = await newAccount();
		const { trunkId, digits } = liveTrunk(simulator);
		const originationUriId = String(simulator.addUri({ name: 'Other' }).uri_uuid);
		simulator.faults.add(slowDeletes);
		const checks = comesIn(simulator, 'GET', '/Zentrunk/Trunk/');
		const deleting = run(simulator, 'originationUri', 'delete', { originationUriId });
		await checks;
		const attached = await run(simulator, 'trunk', 'attachOriginationUri', {
			trunkId,
			originationUriId,
			role: 'fallback',
		});
		outputOf(await deleting);
		expect(wordsOf(attached)).toContain('fallback_uri_uuid does not exist');
		expect(simulator.state.trunks.has(trunkId)).toBe(true);
		expect(deadNumbers(simulator)).toEqual([]);
		expect(simulator.state.numbers.has(digits)).toBe(true);
	});

	it('Route to Trunk during Deprovision with reroute: no number is dead', async () => {
		const simulator = await newAccount();
		const { trunkId, digits } = liveTrunk(simulator);
		const { digits: other, application } = liveNumber(simulator);
		const { app_id: app } = simulator.addApplication();
		simulator.faults.add(slowDeletes);
		const reroutes = comesIn(simulator, 'POST', `/Number/${digits}/`);
		const deprovisioning = run(simulator, 'provisioning', 'deprovision', {
			trunkId,
			options: { rerouteToApplicationId: String(app) },
		});
		await reroutes;
		const routed = await run(simulator, 'phoneNumber', 'routeToTrunk', {
			phoneNumber: other,
			trunkId,
		});
		outputOf(await deprovisioning);
		expect(wordsOf(routed)).toContain(`Plivo has no trunk ${trunkId}`);
		expect(deadNumbers(simulator)).toEqual([]);
		expect(simulator.state.numbers.get(other)?.application).toBe(application);
		expect(simulator.state.numbers.get(digits)?.application).toContain(
			`Application/${String(app)}/`,
		);
	});

	it('a trunk made on a URI while a failed provisioning deletes it: not made, or it stays', async () => {
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			nth: 1,
			faults: [{ kind: 'status', status: 400 }],
		});
		simulator.faults.add(slowDeletes);
		const undoes = comesIn(simulator, 'POST', '/Zentrunk/URI/').then(
			async () => await comesIn(simulator, 'DELETE', '/Zentrunk/URI/'),
		);
		const provisioning = run(simulator, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.acme.com;transport=tcp',
		});
		await undoes;
		const uri = only(simulator.state.uris.keys());
		const other = await run(simulator, 'trunk', 'create', {
			name: 'Other',
			trunkDirection: 'inbound',
			primaryUriId: uri,
		});
		expect(wordsOf(await provisioning)).toContain('Nothing is left behind.');
		expect(wordsOf(other)).toContain('primary_uri_uuid does not exist');
		expect(simulator.state.uris.size).toBe(0);
	});

	it('a trunk made on a URI that a failed provisioning is to take back: the trunk stays', async () => {
		const simulator = await newAccount();
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			nth: 1,
			faults: [{ kind: 'status', status: 400 }],
		});
		simulator.faults.add(slowDeletes);
		const fails = comesIn(simulator, 'POST', '/Zentrunk/Trunk/');
		const provisioning = run(simulator, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.acme.com;transport=tcp',
		});
		await fails;
		const uri = only(simulator.state.uris.keys());
		const other = await run(simulator, 'trunk', 'create', {
			name: 'Other',
			trunkDirection: 'inbound',
			primaryUriId: uri,
		});
		const words = wordsOf(await provisioning);
		if (other.error) {
			expect(simulator.state.trunks.size).toBe(0);
		} else {
			expect(simulator.state.uris.has(uri)).toBe(true);
			expect([...simulator.state.trunks.keys()]).toEqual([outputOf(other).trunk_id]);
			expect(words).toContain(`(${uri})`);
		}
	});
});

it.each([
	['changes the trunk’s URI', 1],
	['changes it back', 2],
])('Trunk Update during a provisioning that %s: one after the other', async (_what, nth) => {
	const simulator = await newAccount();
	const { trunkId, uri, uriId, number } = liveTrunk(simulator);
	number.application = null;
	Object.assign(uri, { name: 'Acme', uri: 'old.example.com' });
	const { digits } = liveNumber(simulator);
	const { credential_uuid: credential } = simulator.addCredential();
	const refused: Fault = { kind: 'status', status: 400 };
	simulator.faults.add({ method: 'POST', path: '/Number/', faults: [refused] });
	const path = `/Zentrunk/URI/${uriId}/`;
	simulator.faults.add({ method: 'POST', path, nth, faults: [{ kind: 'delay', ms: 300 }] });
	const provisioning = run(simulator, 'provisioning', 'provisionInbound', {
		name: 'Acme',
		primaryUri: 'new.example.com',
		phoneNumbers: digits,
	});
	for (let changes = 0; changes < nth; changes++) await comesIn(simulator, 'POST', path);
	let address: unknown;
	onceBefore(
		simulator,
		(request) => request.method === 'POST' && request.path === `/Zentrunk/Trunk/${trunkId}/`,
		() => (address = uri.uri),
	);
	outputOf(
		await run(simulator, 'trunk', 'update', {
			trunkId,
			updateFields: { trunkDirection: 'outbound', credentialId: String(credential) },
		}),
	);
	await provisioning;
	expect(address).toMatch(nth === 1 ? /^new\.example\.com/ : /^old\.example\.com/);
});

it('a provisioning leaves the URI of a trunk that has just become another customer’s', async () => {
	const simulator = await newAccount();
	const { trunk, uri } = liveTrunk(simulator);
	Object.assign(uri, { name: 'Acme', uri: 'old.example.com' });
	let asked = 0;
	simulator.onRequest(({ query }) => {
		// Once for the plan, and once more before it is changed.
		if ('primary_uri_uuid' in query && ++asked === 2) trunk.name = 'Bolt inbound';
	});
	const result = await run(simulator, 'provisioning', 'provisionInbound', {
		name: 'Acme',
		primaryUri: 'new.example.com',
		options: { moveRoutedNumbers: true },
	});
	expect(wordsOf(result)).toContain('is used by trunk "Bolt inbound"');
	expect(uri.uri).toBe('old.example.com');
});

it('an undo leaves a trunk that has become another customer’s as it is', async () => {
	const simulator = await newAccount();
	const { trunk } = liveTrunk(simulator);
	const ours = simulator.addUri({ name: 'Acme', uri: 'new.example.com' });
	const { digits } = liveNumber(simulator);
	const refused: Fault = { kind: 'status', status: 400 };
	simulator.faults.add({ method: 'POST', path: '/Number/', faults: [refused] });
	onceBefore(
		simulator,
		({ method, path }) => method === 'POST' && path.startsWith('/Number/'),
		() => (trunk.name = 'Bolt inbound'),
	);
	const result = await run(simulator, 'provisioning', 'provisionInbound', {
		name: 'Acme',
		primaryUri: 'new.example.com',
		phoneNumbers: digits,
		options: { moveRoutedNumbers: true },
	});
	expect(wordsOf(result)).toContain('to "Bolt inbound"');
	expect(trunk.primary_uri_uuid).toBe(ours.uri_uuid);
});
