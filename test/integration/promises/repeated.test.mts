import type { IDataObject } from 'n8n-workflow';

import type { LoggedRequest, Simulator } from '../../../simulator/simulator.mts';
import {
	applicationPath,
	closeAccounts,
	newAccount,
	outputOf,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../../support/account.mts';
import { liveNumber, liveTrunk, onceBefore, settleIn } from './helper.mts';

beforeEach(() => settleIn(300));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

/** A write that is not carried out, and is to be repeated so much later that what was looked at before may not hold. */
const LATER = { kind: 'status', status: 503, retryAfter: 2 } as const;

/** The first write of a path is to be repeated, and somebody else is faster. */
function overtaken(account: Simulator, path: string, work: () => void): void {
	account.faults.add({ method: 'POST', path, times: 1, faults: [LATER] });
	onceBefore(account, (request) => request.method === 'POST' && request.path === path, work);
}

const WISH = {
	name: 'Acme',
	primaryUri: 'pbx.acme.com;transport=tcp',
	options: { moveRoutedNumbers: true },
};

const elsewhere = (account: Simulator) => applicationPath(account, '16638156000000777');

describe('a further attempt takes back nothing that somebody else has done since', () => {
	it.each([
		['addAddresses', '13.52.9.13'],
		['removeAddresses', '13.52.9.11'],
	])('%s keeps an address that has come', async (operation, ipAddresses) => {
		const account = await newAccount();
		const list = account.addIpAcl({ name: 'Acme', ip_addresses: ['13.52.9.10', '13.52.9.11'] });
		const ipAclId = String(list.ipacl_uuid);
		const after = ['13.52.9.10', '13.52.9.11', '13.52.9.12'];
		overtaken(account, `/Zentrunk/IPAccessControlList/${ipAclId}/`, () => {
			list.ip_addresses = after;
		});
		const result = await run(account, 'ipAccessControlList', operation, { ipAclId, ipAddresses });
		expect(wordsOf(result)).toContain(
			`Somebody has just changed 'IP Addresses' of the IP access control list "Acme" (${ipAclId})`,
		);
		expect(list.ip_addresses).toEqual(after);
	});

	it('a trunk that is renamed is not turned back', async () => {
		const account = await newAccount();
		const { trunk, trunkId, number } = liveTrunk(account);
		number.application = null;
		overtaken(account, `/Zentrunk/Trunk/${trunkId}/`, () => {
			trunk.trunk_direction = 'outbound';
		});
		const update = { trunkId, updateFields: { name: 'Bolt' } };
		expect(wordsOf(await run(account, 'trunk', 'update', update))).toContain(
			"Somebody has just changed 'Direction' of the inbound trunk",
		);
		expect(trunk.trunk_direction).toBe('outbound');
	});

	it('a trunk to which a number goes now is not turned', async () => {
		const account = await newAccount();
		const { trunk, trunkId, number } = liveTrunk(account);
		const { application } = number;
		number.application = null;
		overtaken(account, `/Zentrunk/Trunk/${trunkId}/`, () => {
			number.application = application;
		});
		const credentialId = String(account.addCredential().credential_uuid);
		const update = { trunkId, updateFields: { trunkDirection: 'outbound', credentialId } };
		expect(wordsOf(await run(account, 'trunk', 'update', update))).toContain(
			`takes the calls of phone number ${String(number.number)}`,
		);
		expect(trunk.trunk_direction).toBe('inbound');
	});

	it('a number is not routed to a trunk that is disabled now', async () => {
		const account = await newAccount();
		const { trunk, trunkId } = liveTrunk(account);
		const { number, digits, application } = liveNumber(account);
		overtaken(account, `/Number/${digits}/`, () => {
			trunk.trunk_status = 'disabled';
		});
		const routing = { phoneNumber: digits, trunkId };
		expect(wordsOf(await run(account, 'phoneNumber', 'routeToTrunk', routing))).toContain(
			'is disabled, and',
		);
		expect(number.application).toBe(application);
	});

	it.each<[string, (trunkId: string) => [operation: string, parameters: object]]>([
		['routed', (trunkId) => ['routeToTrunk', { trunkId }]],
		['unrouted', () => ['unroute', {}]],
	])('a number that goes elsewhere now is not %s', async (_done, of) => {
		const account = await newAccount({ variants: { clear: 'clears' } });
		const { trunkId } = liveTrunk(account);
		const { number, digits } = liveNumber(account);
		overtaken(account, `/Number/${digits}/`, () => {
			number.application = elsewhere(account);
		});
		const [operation, parameters] = of(trunkId);
		const result = await run(account, 'phoneNumber', operation, {
			phoneNumber: digits,
			...parameters,
		});
		expect(wordsOf(result)).toContain('is routed to application 16638156000000777 now');
		expect(number.application).toBe(elsewhere(account));
	});

	it('nor is it taken from another customer by a provisioning', async () => {
		const account = await newAccount();
		const { trunkId } = liveTrunk(account, 'Bolt inbound');
		const { number, digits } = liveNumber(account);
		overtaken(account, `/Number/${digits}/`, () => {
			number.application = trunkPath(account, trunkId);
		});
		const result = await run(account, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.acme.com;transport=tcp',
			phoneNumbers: digits,
		});
		expect(wordsOf(result)).toContain(`is routed to trunk ${trunkId} now`);
		expect(wordsOf(result)).toContain('Nothing is left behind.');
		expect(number.application).toBe(trunkPath(account, trunkId));
	});

	it('nor taken off what it goes to now when its trunk is taken down', async () => {
		const account = await newAccount({ variants: { clear: 'clears' } });
		const { trunkId, number, digits } = liveTrunk(account);
		overtaken(account, `/Number/${digits}/`, () => {
			number.application = elsewhere(account);
		});
		const result = await run(account, 'provisioning', 'deprovision', {
			trunkId,
			options: { force: true },
		});
		expect(wordsOf(result)).toContain('is routed to application 16638156000000777 now');
		expect(number.application).toBe(elsewhere(account));
		expect(account.state.trunks.has(trunkId)).toBe(true);
	});

	it('nor brought back by an undo', async () => {
		const account = await newAccount();
		const [first, second] = [liveNumber(account), liveNumber(account)];
		account.faults.add({
			method: 'POST',
			path: `/Number/${second.digits}/`,
			faults: [{ kind: 'status', status: 400 }],
		});
		account.faults.add({
			method: 'POST',
			path: `/Number/${first.digits}/`,
			nth: 2,
			faults: [LATER],
		});
		onceBefore(
			account,
			({ method, path, body }) =>
				method === 'POST' &&
				path === `/Number/${first.digits}/` &&
				first.application === applicationPath(account, (body as { app_id: string }).app_id),
			() => {
				first.number.application = elsewhere(account);
			},
		);
		const result = await run(account, 'provisioning', 'provisionInbound', {
			name: 'Acme',
			primaryUri: 'pbx.acme.com;transport=tcp',
			phoneNumbers: [first.digits, second.digits],
		});
		expect(wordsOf(result)).toContain(
			`Left: the route of phone number ${first.digits}: Phone number ${first.digits} is routed to application 16638156000000777 now.`,
		);
		expect(first.number.application).toBe(elsewhere(account));
	});
});

describe('a further attempt to change a record takes back nothing that it has got since', () => {
	it('Create or Update takes back neither the name nor the address that a URI has got', async () => {
		const account = await newAccount();
		const { uri, uriId } = liveTrunk(account, 'Acme');
		const theirs = { name: 'Bolt', uri: 'pbx.bolt.com;transport=tcp' };
		overtaken(account, `/Zentrunk/URI/${uriId}/`, () => void Object.assign(uri, theirs));
		const result = await run(account, 'originationUri', 'upsert', {
			name: 'Acme',
			uri: WISH.primaryUri,
			options: WISH.options,
		});
		expect(wordsOf(result)).toContain(
			`Somebody has just changed 'Name' and 'URI' of the origination URI "Acme" (${uriId})`,
		);
		expect(uri).toMatchObject(theirs);
	});

	/** What somebody else does to a trunk meanwhile. */
	const TRUNK_CHANGES: Array<[what: string, theirs: IDataObject, words: string]> = [
		['a trunk that is renamed', { name: 'Bolt inbound' }, 'somebody has renamed the'],
		[
			'what somebody else has set',
			{ primary_uri_uuid: 'theirs' },
			"Somebody has just changed 'Primary URI' of the",
		],
	];

	it.each(TRUNK_CHANGES)('a provisioning does not change %s', async (_what, theirs, words) => {
		const account = await newAccount();
		const { trunk, trunkId } = liveTrunk(account);
		account.addUri({ name: 'Acme', uri: WISH.primaryUri });
		const left = { ...trunk, ...theirs };
		overtaken(account, `/Zentrunk/Trunk/${trunkId}/`, () => void Object.assign(trunk, theirs));
		const result = await run(account, 'provisioning', 'provisionInbound', WISH);
		expect(wordsOf(result)).toContain(`${words} inbound trunk`);
		expect(trunk).toEqual(left);
	});

	it.each(TRUNK_CHANGES)('nor does its undo change %s', async (_what, theirs, words) => {
		const account = await newAccount();
		const { trunk, trunkId } = liveTrunk(account);
		const ours = account.addUri({ name: 'Acme', uri: WISH.primaryUri }).uri_uuid;
		const { digits } = liveNumber(account);
		const path = `/Zentrunk/Trunk/${trunkId}/`;
		account.faults.add({
			method: 'POST',
			path: `/Number/${digits}/`,
			faults: [{ kind: 'status', status: 400 }],
		});
		account.faults.add({ method: 'POST', path, nth: 2, faults: [LATER] });
		const isUndo = (request: LoggedRequest) =>
			request.method === 'POST' && request.path === path && trunk.primary_uri_uuid === ours;
		onceBefore(account, isUndo, () => void Object.assign(trunk, theirs));
		const wish = { ...WISH, phoneNumbers: digits };
		const result = await run(account, 'provisioning', 'provisionInbound', wish);
		expect(wordsOf(result)).toMatch(new RegExp(`Left: changes to inbound trunk [^:]+: ${words}`));
		expect(trunk).toMatchObject(theirs);
	});

	it.each([
		['a provisioning', 1, 'is used by trunk "Bolt"'],
		['its undo', 2, 'trunk "Bolt" ('],
	])('%s leaves the address of a URI that another trunk uses now', async (_who, nth, words) => {
		const account = await newAccount();
		const { uri, uriId } = liveTrunk(account);
		Object.assign(uri, { name: 'Acme', uri: 'old.example.com' });
		const { digits } = liveNumber(account);
		const path = `/Zentrunk/URI/${uriId}/`;
		account.faults.add({
			method: 'POST',
			path: `/Number/${digits}/`,
			faults: [{ kind: 'status', status: 400 }],
		});
		account.faults.add({ method: 'POST', path, nth, faults: [LATER] });
		let sent = 0;
		let address: unknown;
		account.onRequest((request) => {
			if (request.method !== 'POST' || request.path !== path || ++sent !== nth) return;
			account.addTrunk({ name: 'Bolt', trunk_direction: 'inbound', primary_uri_uuid: uriId });
			address = uri.uri;
		});
		const wish = { ...WISH, phoneNumbers: digits };
		const result = await run(account, 'provisioning', 'provisionInbound', wish);
		expect(wordsOf(result)).toContain(words);
		expect(uri.uri).toBe(address);
	});

	it.each(['on the account already', 'perhaps rented by this run'])(
		'a number keeps the alias that it has got: one that was %s',
		async (how) => {
			const account = await newAccount();
			const number = how.startsWith('on') ? '12125770003' : undefined;
			if (number !== undefined) account.addNumber({ number, alias: null });
			account.faults.add({
				method: 'POST',
				path: /^\/PhoneNumber\//,
				times: 1,
				faults: [{ kind: 'resetAfter' }],
			});
			account.faults.add({ method: 'POST', path: /^\/Number\//, times: 1, faults: [LATER] });
			const isNaming = ({ method, path }: LoggedRequest) =>
				method === 'POST' && path.startsWith('/Number/');
			onceBefore(account, isNaming, () => {
				for (const one of account.state.numbers.values()) one.alias = 'Bolt';
			});
			const result = await run(account, 'phoneNumber', 'rent', {
				country: 'US',
				maxMonthlyRate: 1,
				alias: 'Acme',
				options: number === undefined ? {} : { phoneNumber: number },
			});
			expect(wordsOf(result)).toContain("Somebody has just changed 'Alias' of the phone number");
			expect([...account.state.numbers.values()].map(({ alias }) => alias)).toEqual(['Bolt']);
		},
	);
});

it.each([
	['Trunk Delete', 'trunk', 'delete', '/Zentrunk/Trunk/'],
	['Deprovision', 'provisioning', 'deprovision', '/Zentrunk/Trunk/'],
	['Deprovision', 'provisioning', 'deprovision', '/Zentrunk/URI/'],
])('a further attempt of %s deletes nothing that has come into use', async (...row) => {
	const [, resource, operation, path] = row;
	const account = await newAccount();
	const { trunkId, uriId, number } = liveTrunk(account);
	const { application } = number;
	number.application = null;
	account.faults.add({ method: 'DELETE', path, times: 1, faults: [LATER] });
	onceBefore(
		account,
		(request) => request.method === 'DELETE' && request.path.startsWith(path),
		() => {
			if (path === '/Zentrunk/Trunk/') number.application = application;
			else account.addTrunk({ name: 'Bolt', primary_uri_uuid: uriId });
		},
	);
	await run(account, resource, operation, { trunkId });
	if (path === '/Zentrunk/Trunk/') expect(account.state.trunks.has(trunkId)).toBe(true);
	expect(account.state.uris.has(uriId)).toBe(true);
});

it('a further attempt goes on where nothing has changed, or its own has been carried out', async () => {
	const account = await newAccount();
	const list = account.addIpAcl({ name: 'Acme', ip_addresses: ['13.52.9.10'] });
	const { trunkId } = liveTrunk(account);
	const { number, digits } = liveNumber(account);
	for (const path of ['/Zentrunk/IPAccessControlList/', '/Number/']) {
		account.faults.add({
			method: 'POST',
			path,
			times: 1,
			faults: [{ ...LATER, done: path === '/Number/' }],
		});
	}
	const [added] = await Promise.all([
		run(account, 'ipAccessControlList', 'addAddresses', {
			ipAclId: String(list.ipacl_uuid),
			ipAddresses: '13.52.9.11',
		}),
		run(account, 'phoneNumber', 'routeToTrunk', { phoneNumber: digits, trunkId }).then(outputOf),
	]);
	expect(outputOf(added).ip_addresses).toEqual(['13.52.9.10', '13.52.9.11']);
	expect(number.application).toBe(trunkPath(account, trunkId));
	// What an attempt without an answer has done is not done again.
	expect(writesOf(account)).toHaveLength(3);
});
