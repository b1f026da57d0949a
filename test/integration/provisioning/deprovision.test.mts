import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault, FaultRule } from '../../../simulator/faults.mts';
import type { Simulator } from '../../../simulator/simulator.mts';
import {
	newAccount,
	outputOf,
	picture,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../../support/account.mts';
import { liveTrunk, posts, settleIn } from '../promises/helper.mts';
import {
	APPLICATION,
	accountWithNumbers,
	again,
	applicationOf,
	deedsOf,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();
afterEach(() => jest.restoreAllMocks());

const BUSY: Fault = { kind: 'status', status: 503 };

/** The trunk is deleted without an answer, and whether it is gone can't be read at once. */
const DELETED_AFTER_ALL: FaultRule[] = [
	{ method: 'DELETE', path: '/Trunk/', times: 1, faults: [{ kind: 'resetAfter' }] },
	{ method: 'GET', path: /\/Trunk\/\d/, nth: 3, faults: [BUSY] },
];

async function customer(account: Simulator): Promise<IDataObject> {
	return await provisioned(account, 'connectPlatform', {
		platform: 'elevenlabs',
		name: 'Acme',
		phoneNumbers: '14155550101, 14155550102',
	});
}
const idOf = (trunk: unknown) => String((trunk as IDataObject).trunk_id);

it('takes a customer down in the order that breaks nothing, twice', async () => {
	const account = await accountWithNumbers();
	const { inbound_trunk, outbound_trunk } = await customer(account);
	const inbound = {
		trunkId: idOf(inbound_trunk),
		options: { rerouteToApplicationId: APPLICATION },
	};
	account.clearRequests();
	const first = await provisioned(account, 'deprovision', inbound);
	expect(deedsOf(first)).toEqual([
		'routed phone number',
		'routed phone number',
		'deleted trunk',
		'deleted origination URI',
	]);
	expect(
		writesOf(account).map((write) => {
			const [method, , item] = write.split('/');
			return `${method}${item}`;
		}),
	).toEqual(['POST 14155550101', 'POST 14155550102', 'DELETE Trunk', 'DELETE URI']);
	expect(first).toMatchObject({
		deleted: true,
		trunk_id: idOf(inbound_trunk),
		numbers: [
			{ number: '14155550101', previous_application: trunkPath(account, idOf(inbound_trunk)) },
			{ number: '14155550102', previous_application: trunkPath(account, idOf(inbound_trunk)) },
		],
		kept: [],
	});
	expect(await again(account, 'deprovision', inbound)).toMatchObject({ already_gone: true });

	const outbound = { trunkId: idOf(outbound_trunk) };
	expect(deedsOf(await provisioned(account, 'deprovision', outbound))).toEqual([
		'deleted trunk',
		'deleted SIP credential',
	]);
	await again(account, 'deprovision', outbound);
	expect(picture(account)).toMatchObject({ trunks: [], credentials: [], uris: [] });
	for (const { application } of account.state.numbers.values()) {
		expect(application).toBe(applicationOf(account));
	}
});

it('refuses while numbers are routed, and names them', async () => {
	const account = await accountWithNumbers();
	const { inbound_trunk } = await customer(account);
	account.clearRequests();
	const words = wordsOf(await provision(account, 'deprovision', { trunkId: idOf(inbound_trunk) }));
	expect(words).toContain('14155550101, 14155550102');
	expect(words).toContain('Reroute to Application ID');
	expect(writesOf(account)).toEqual([]);
});

it('forced, goes on and says which numbers have no route now', async () => {
	const account = await accountWithNumbers();
	const { inbound_trunk } = await customer(account);
	const output = await provisioned(account, 'deprovision', {
		trunkId: idOf(inbound_trunk),
		options: { force: true },
	});
	expect(output.warnings).toHaveLength(2);
	expect(output.numbers).toMatchObject([{ number: '14155550101' }, { number: '14155550102' }]);
});

it.each([
	['refused', 'could not be taken off the trunk: its calls fail once the trunk is gone.', 0],
	['ignored', 'could not be taken off the trunk: its calls fail once the trunk is gone.', 0],
	['clears', 'has no route now: its calls fail.', 2],
] as const)(
	'forced, where clearing a route is %s, says only what was done',
	async (clear, words, unrouted) => {
		const account = await accountWithNumbers({ clear, detach: 'dead' });
		const { inbound_trunk } = await customer(account);
		const output = await provisioned(account, 'deprovision', {
			trunkId: idOf(inbound_trunk),
			options: { force: true },
		});
		expect(output.warnings).toEqual(
			['14155550101', '14155550102'].map((number) => `Phone number ${number} ${words}`),
		);
		expect(deedsOf(output)).toEqual([
			...Array.from({ length: unrouted }, () => 'unrouted phone number'),
			'deleted trunk',
			'deleted origination URI',
		]);
	},
);

it.each([
	['an application', (account: Simulator) => applicationOf(account)],
	['out of sight', () => '/v1/Account/MASIMULATOR000000000/phlo/5c9f1f9e/'],
])('forced, leaves a number that somebody has just routed to %s', async (_where, elsewhere) => {
	const account = await accountWithNumbers({ clear: 'clears' });
	const { inbound_trunk } = await customer(account);
	const trunkId = idOf(inbound_trunk);
	const number = account.state.numbers.get('14155550102')!;
	account.onRequest(({ method, path }) => {
		if (method === 'POST' && path === '/Number/14155550101/')
			number.application = elsewhere(account);
	});
	const options = { force: true };
	const words = wordsOf(await provision(account, 'deprovision', { trunkId, options }));
	expect(words).toContain('Phone number 14155550102 is routed to ');
	expect(words).toContain('Undone: the route of phone number 14155550101. Nothing is left behind.');
	expect(number.application).toBe(elsewhere(account));
	expect(account.state.trunks.has(trunkId)).toBe(true);
});

it('forced, brings no number back that somebody has routed out of sight since', async () => {
	const account = await accountWithNumbers({ clear: 'clears' });
	const { inbound_trunk } = await customer(account);
	const number = account.state.numbers.get('14155550102')!;
	const elsewhere = '/v1/Account/MASIMULATOR000000000/phlo/5c9f1f9e/';
	account.onRequest(({ method }) => {
		if (method === 'DELETE') number.application = elsewhere;
	});
	account.faults.add({ method: 'DELETE', faults: [{ kind: 'status', status: 400 }] });
	const words = wordsOf(
		await provision(account, 'deprovision', {
			trunkId: idOf(inbound_trunk),
			options: { force: true },
		}),
	);
	expect(words).toContain('Undone: the route of phone number 14155550101. Nothing is left behind.');
	expect(number.application).toBe(elsewhere);
});

it('a number that somebody routes to the trunk in the middle of the run keeps it alive', async () => {
	const account = await accountWithNumbers();
	const { inbound_trunk } = await customer(account);
	account.add('numbers', { number: '14155550103', application: applicationOf(account) });
	const trunkId = idOf(inbound_trunk);
	account.onRequest(({ method, path }) => {
		if (method !== 'POST' || path !== '/Number/14155550102/') return;
		account.state.numbers.get('14155550103')!.application = trunkPath(account, trunkId);
	});
	const words = wordsOf(
		await provision(account, 'deprovision', {
			trunkId,
			options: { rerouteToApplicationId: APPLICATION },
		}),
	);
	expect(words).toContain('14155550103 is routed to it now');
	expect(account.state.trunks.has(trunkId)).toBe(true);
	for (const { application } of account.state.numbers.values()) {
		expect(application).toBe(trunkPath(account, trunkId));
	}
});

it('what went is named as well, where something that belonged to the trunk could not be deleted', async () => {
	const account = await newAccount();
	const [primary, fallback] = ['Acme', 'Acme fallback'].map((name) =>
		String(account.addUri({ name }).uri_uuid),
	);
	const trunk = account.addTrunk({
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: primary,
		fallback_uri_uuid: fallback,
	});
	account.faults.add({
		method: 'DELETE',
		path: `/Zentrunk/URI/${fallback}/`,
		faults: [{ kind: 'status', status: 403 }],
	});
	const words = wordsOf(await provision(account, 'deprovision', { trunkId: idOf(trunk) }));
	expect(words).toContain(`Also deleted: origination URI "Acme" (${primary}). Left:`);
	expect(words).toContain(`Left: origination URI "Acme fallback" (${fallback})`);
	expect([...account.state.uris.keys()]).toEqual([fallback]);
});

it('n8n’s Retry On Fail goes on where a URI could not be deleted', async () => {
	settleIn(100);
	const account = await newAccount();
	const { trunkId } = liveTrunk(account);
	account.state.numbers.clear();
	account.faults.add({ method: 'DELETE', path: '/URI/', times: 2, faults: [BUSY] });
	const parameters = { trunkId, options: { maxRetries: 0 } };
	const output = outputOf(
		await run(account, 'provisioning', 'deprovision', parameters, {
			retry: { maxTries: 2, waitBetweenTries: 1 },
		}),
	);
	expect(deedsOf(output)).toEqual(['deleted origination URI']);
	expect(output).toMatchObject({ already_gone: true, warnings: [] });
	expect(account.state.uris.size).toBe(0);
});

it('a trunk that was deleted after all counts as deleted, and its numbers stay where they went', async () => {
	settleIn(100);
	const account = await newAccount({ variants: { detach: 'dead' } });
	const { trunkId, digits } = liveTrunk(account);
	account.addApplication({ app_id: APPLICATION });
	for (const fault of DELETED_AFTER_ALL) account.faults.add(fault);
	const result = await run(account, 'provisioning', 'deprovision', {
		trunkId,
		options: { maxRetries: 0, rerouteToApplicationId: APPLICATION },
	});
	expect(outputOf(result)).toMatchObject({ deleted: true, kept: [] });
	expect(posts(account, `/Number/${digits}/`)).toHaveLength(1);
});

it('keeps what other trunks use, unless told otherwise', async () => {
	const account = await newAccount();
	const { credential_uuid } = account.add('credentials', { name: 'Shared' });
	const [one, two] = ['One', 'Two'].map(
		(name) => account.add('trunks', { name, credential_uuid }).trunk_id as string,
	);
	const refused = await provision(account, 'deprovision', {
		trunkId: one,
		options: { keepShared: false },
	});
	expect(wordsOf(refused)).toContain(
		`credential "Shared" (${String(credential_uuid)}) is also used by trunk "Two" (${two})`,
	);
	expect(writesOf(account)).toEqual([]);

	const kept = await provisioned(account, 'deprovision', { trunkId: one });
	expect(kept.kept).toEqual([
		{ kind: 'SIP credential', id: credential_uuid, reason: `used by trunk "Two" (${two})` },
	]);
	expect(account.state.credentials.size).toBe(1);
	await provisioned(account, 'deprovision', { trunkId: two, options: { keepShared: false } });
	expect(account.state.credentials.size).toBe(0);
});

it('forced, deletes what is shared and says whose it was', async () => {
	const account = await newAccount();
	const { credential_uuid } = account.add('credentials', { name: 'Shared' });
	const [one, two] = ['One', 'Two'].map(
		(name) => account.add('trunks', { name, credential_uuid }).trunk_id as string,
	);
	const output = await provisioned(account, 'deprovision', {
		trunkId: one,
		options: { keepShared: false, force: true },
	});
	expect(output.warnings).toEqual([expect.stringContaining(`was in use: by trunk "Two" (${two})`)]);
	expect(account.state.credentials.size).toBe(0);
});

it('two trunks of one credential at once: it goes with the last', async () => {
	const account = await newAccount();
	const { credential_uuid } = account.add('credentials', { name: 'Shared' });
	const items = ['One', 'Two'].map((name) => ({
		id: account.add('trunks', { name, credential_uuid }).trunk_id as string,
	}));
	const { error, json } = await run(
		account,
		'provisioning',
		'deprovision',
		{ trunkId: '={{ $json.id }}' },
		{ items },
	);
	expect(error).toBeUndefined();
	expect(json).toHaveLength(2);
	expect(picture(account)).toMatchObject({ trunks: [], credentials: [] });
});

it.each<[string, INodeParameters, string]>([
	['no trunk', { trunkId: '={{ "" }}' }, "'Trunk' is empty"],
	['a path as id', { trunkId: '../Credential/1' }, "'Trunk' is the address of a SIP credential"],
	[
		'an application that is no id',
		{ trunkId: '1', options: { rerouteToApplicationId: 'a/b' } },
		"'Reroute to Application ID' is not an ID",
	],
	[
		'force that is neither',
		{ trunkId: '1', options: { force: '={{ "perhaps" }}' } },
		'\'Force\' is "perhaps", neither true nor false',
	],
])('refuses %s before any request', async (_what, parameters, words) => {
	const account = await newAccount();
	expect(wordsOf(await provision(account, 'deprovision', parameters))).toContain(words);
	expect(account.requests).toEqual([]);
});
