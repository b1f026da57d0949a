/** Plans, and applying what was planned. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Simulator, Variants } from '../../../simulator/simulator.mts';
import { fullState, newAccount, run, wordsOf, writesOf } from '../../support/account.mts';
import {
	APPLICATION,
	accountWithNumbers,
	applicationOf,
	listings,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();

interface Composite {
	operation: string;
	/** What is on the account before. */
	prepare(account: Simulator): Promise<unknown> | void;
	parameters(account: Simulator): INodeParameters;
	/** What the plan says, in words. */
	summaries(account: Simulator): string[];
	/** Something that somebody else does in between, and the words that tell it. */
	outside(account: Simulator): void;
	different: RegExp;
}

const INBOUND = {
	name: 'Acme',
	primaryUri: 'pbx.example.com;transport=tcp',
	phoneNumbers: '14155550101, 14155550102',
};
const trunkId = ({ state }: Simulator) => [...state.trunks.keys()][0]!;

const COMPOSITES: Composite[] = [
	{
		operation: 'provisionOutbound',
		prepare: () => {},
		parameters: () => ({ name: 'Acme', options: { secure: true } }),
		summaries: () => ['create SIP credential "Acme"', 'create outbound trunk "Acme outbound"'],
		outside: (account) => void account.add('credentials', { name: 'Acme', username: 'acmepbx' }),
		different: /now: set a new password for the SIP credential "Acme"; 1 step no longer as planned/,
	},
	{
		operation: 'provisionInbound',
		prepare: (account) => {
			account.add('uris', { name: 'Acme', uri: 'old.example.com' });
			account.state.numbers.get('14155550102')!.application = null;
		},
		parameters: () => INBOUND,
		summaries: () => [
			'change URI of the origination URI "Acme"',
			'create inbound trunk "Acme inbound"',
			`route +14155550101 from application ${APPLICATION} to the inbound trunk`,
			'route +14155550102 from nowhere to the inbound trunk',
		],
		outside: (account) => {
			account.add('applications', { app_id: '42' });
			account.state.numbers.get('14155550101')!.application =
				`/v1/Account/${account.authId}/Application/42/`;
		},
		different:
			/now: route \+14155550101 from application 42 to the inbound trunk; 1 step no longer as planned/,
	},
	{
		operation: 'connectPlatform',
		prepare: () => {},
		parameters: () => ({ platform: 'vapi', name: 'Acme', phoneNumbers: '14155550101' }),
		summaries: () => [
			'create origination URI "Acme"',
			'create inbound trunk "Acme inbound"',
			'create IP access control list "Acme"',
			'create outbound trunk "Acme outbound"',
			`route +14155550101 from application ${APPLICATION} to the inbound trunk`,
		],
		outside: (account) => {
			account.add('ipacls', {
				name: 'Acme',
				ip_addresses: ['44.229.228.186/32', '44.238.177.138/32'],
			});
		},
		different: /now: use the IP access control list "Acme" as it is; 1 step no longer as planned/,
	},
	{
		operation: 'deprovision',
		prepare: async (account) => await provisioned(account, 'provisionInbound', INBOUND),
		parameters: (account) => ({
			trunkId: trunkId(account),
			options: { rerouteToApplicationId: APPLICATION },
		}),
		summaries: (account) => [
			`route +14155550101 from trunk ${trunkId(account)} to application ${APPLICATION}`,
			`route +14155550102 from trunk ${trunkId(account)} to application ${APPLICATION}`,
			'delete the inbound trunk "Acme inbound"',
			'delete the origination URI "Acme"',
		],
		outside: (account) => {
			account.state.numbers.get('14155550102')!.application = applicationOf(account);
		},
		different: /\(1 step no longer as planned\)/,
	},
];

async function prepared({ prepare }: Composite, variants: Partial<Variants> = {}) {
	const account = await accountWithNumbers(variants);
	await prepare(account);
	account.clearRequests();
	return account;
}

const withOptions = (parameters: INodeParameters, options: INodeParameters) => ({
	...parameters,
	options: { ...(parameters.options as INodeParameters), ...options },
});

/** Plans on an account that refuses every write. */
async function planned(account: Simulator, operation: string, parameters: INodeParameters) {
	account.refuseWrites = true;
	const output = await provisioned(account, operation, withOptions(parameters, { planOnly: true }));
	account.refuseWrites = false;
	expect(account.refusedWrites).toEqual([]);
	expect(output.planned).toBe(true);
	return output;
}

const shown = (steps: unknown) =>
	(steps as IDataObject[]).map(({ action, kind, name }) => ({ action, kind, name }));

describe.each(COMPOSITES)('$operation', (composite) => {
	const { operation, summaries, outside, different } = composite;

	it('the plan writes nothing, is the same twice, and reads well', async () => {
		const account = await prepared(composite);
		const before = fullState(account);
		const parameters = composite.parameters(account);
		const first = await planned(account, operation, parameters);
		const second = await planned(account, operation, parameters);
		expect(second).toEqual(first);
		expect(fullState(account)).toEqual(before);
		expect(first.up_to_date).toBe(false);
		const steps = first.what_would_be_done as IDataObject[];
		expect(steps.map(({ summary }) => summary)).toEqual(summaries(account));
		const cannot = steps.flatMap(({ why_not: whyNot }) => whyNot ?? []);
		expect(first.cannot_be_undone).toEqual(cannot);
		expect(steps.map(({ can_be_undone: can, why_not: whyNot }) => [can, whyNot])).toEqual(
			steps.map(({ why_not: whyNot }) => [whyNot === undefined, whyNot]),
		);
	});

	it.each<Partial<Variants>>([{}, { uri: 'one', names: 'direction', order: 'oldest' }])(
		'applied, it does exactly that, and all is up to date then (%j)',
		async (variants) => {
			const account = await prepared(composite, variants);
			const parameters = composite.parameters(account);
			const plan = await planned(account, operation, parameters);
			const output = await provisioned(
				account,
				operation,
				withOptions(parameters, { planDigest: plan.plan_digest as string }),
			);
			expect(shown(output.what_was_done)).toEqual(shown(plan.what_would_be_done));
			const { up_to_date: upToDate, what_would_be_done: left } = await planned(
				account,
				operation,
				parameters,
			);
			expect({ upToDate, actions: new Set(shown(left).map(({ action }) => action)) }).toEqual({
				upToDate: true,
				actions: new Set(operation === 'deprovision' ? [] : ['reused']),
			});
		},
	);

	it('is refused when somebody else has changed something since', async () => {
		const account = await prepared(composite);
		const parameters = composite.parameters(account);
		const { plan_digest: digest } = await planned(account, operation, parameters);
		outside(account);
		const before = fullState(account);
		account.clearRequests();
		const given = withOptions(parameters, { planDigest: digest as string });
		const words = wordsOf(await provision(account, operation, given));
		expect(words).toMatch(/^The plan is no longer the one that was approved \(/);
		expect(words).toMatch(different);
		expect(words).toContain('Plan again');
		expect(writesOf(account)).toEqual([]);
		expect(fullState(account)).toEqual(before);
	});

	it('applied a second time, it is refused: it has been done', async () => {
		const account = await prepared(composite);
		const parameters = composite.parameters(account);
		const { plan_digest: digest } = await planned(account, operation, parameters);
		const given = withOptions(parameters, { planDigest: digest as string });
		await provisioned(account, operation, given);
		account.clearRequests();
		expect(wordsOf(await provision(account, operation, given))).toContain(
			'The plan is no longer the one that was approved',
		);
		expect(writesOf(account)).toEqual([]);
	});

	it('an edited digest, one of another account and one of another operation are told', async () => {
		const account = await prepared(composite);
		const parameters = composite.parameters(account);
		const digest = String((await planned(account, operation, parameters)).plan_digest);
		const tried = async (planDigest: string, on = account, what = operation) =>
			wordsOf(await provision(on, what, withOptions(parameters, { planDigest })));
		account.clearRequests();
		const notMade = "'Plan Digest' was not made by this node";
		const edits = [
			`${digest}0`,
			digest.slice(1),
			digest.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
			digest.toUpperCase(),
			'yes',
			'-',
			'----',
		];
		for (const edit of edits) expect(await tried(edit)).toContain(notMade);

		const other = await prepared(composite);
		if (operation !== 'deprovision') {
			expect(await tried(digest, other)).toContain(
				"'Plan Digest' belongs to another Plivo account",
			);
			expect(writesOf(other)).toEqual([]);
		}
		const { operation: another, ...foreign } = COMPOSITES[operation === 'deprovision' ? 0 : 3]!;
		const words = wordsOf(
			await provision(
				account,
				another,
				withOptions(
					another === 'deprovision'
						? { trunkId: '21784100000000999' }
						: foreign.parameters(account),
					{ planDigest: digest },
				),
			),
		);
		expect(words).toContain(
			`'Plan Digest' belongs to the operation ${operation}, not to ${another}`,
		);
		expect(writesOf(account)).toEqual([]);
	});
});

it('no password is ever in a plan, neither a generated one nor a given one', async () => {
	const account = await accountWithNumbers();
	account.add('credentials', { name: 'Bolt', username: 'boltpbx', password: 'Secret#123' });
	const plans = [
		await planned(account, 'provisionOutbound', { name: 'Acme', password: 'Chosen#By4Us' }),
		await planned(account, 'provisionOutbound', { name: 'Bolt' }),
		await planned(account, 'provisionInbound', {
			...INBOUND,
			options: { uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
		}),
		await planned(account, 'connectPlatform', { platform: 'retell', name: 'Acme' }),
	];
	const text = JSON.stringify(plans);
	expect(text).not.toMatch(/Chosen#By4Us|letmein|Secret#123/);
	const passwords = plans.flatMap(({ what_would_be_done: steps }) =>
		(steps as IDataObject[]).flatMap(({ after }) => (after as IDataObject)?.password ?? []),
	);
	expect(passwords).toEqual(Array.from({ length: 4 }, () => '(not shown)'));
});

it('shows the values before and after, what it costs, and what can’t be undone', async () => {
	const account = await accountWithNumbers();
	const { ipacl_uuid } = account.add('ipacls', { name: 'Acme', ip_addresses: ['198.51.100.7'] });
	const { trunk_id } = account.add('trunks', { name: 'Acme', ipacl_uuid });
	const plan = await planned(account, 'provisionOutbound', {
		name: 'Acme',
		sipAuthentication: 'newIpAcl',
		ipAddresses: '203.0.113.5',
		options: { secure: true },
	});
	expect(plan).toMatchObject({
		what_would_be_done: [
			{
				action: 'changed',
				kind: 'IP access control list',
				id: ipacl_uuid,
				name: 'Acme',
				fields: ['ip_addresses'],
				before: { ip_addresses: ['198.51.100.7'] },
				after: { ip_addresses: ['203.0.113.5'] },
				summary: 'change IP Addresses of the IP access control list "Acme"',
				can_be_undone: true,
			},
			{
				action: 'changed',
				kind: 'trunk',
				id: trunk_id,
				fields: ['secure'],
				before: { secure: false },
				after: { secure: true },
				summary: 'change Secure of the outbound trunk "Acme"',
			},
		],
		cannot_be_undone: [],
		costs: ['Secure: Plivo bills encrypted calls of the outbound trunk per minute.'],
	});
});

it('a given password can’t be compared: it is set each time, and so never up to date', async () => {
	const account = await newAccount();
	const parameters = { name: 'Acme', username: 'acmepbx', password: 'Chosen#By4Us' };
	await provisioned(account, 'provisionOutbound', parameters);
	expect(await planned(account, 'provisionOutbound', parameters)).toMatchObject({
		up_to_date: false,
		what_would_be_done: [
			{ action: 'reused', summary: 'use the outbound trunk "Acme outbound" as it is' },
			{
				action: 'changed',
				summary: 'set the login of the SIP credential "Acme"',
				can_be_undone: false,
				why_not: 'The old password can’t be set again, since Plivo never shows it.',
			},
		],
		cannot_be_undone: ['The old password can’t be set again, since Plivo never shows it.'],
	});
});

it('a customer who shares another’s origination URI is up to date', async () => {
	const account = await accountWithNumbers({ uri: 'one' });
	const parameters = (name: string) => ({
		platform: 'elevenlabs',
		name,
		phoneNumbers: name === 'Acme' ? '14155550101' : '14155550102',
	});
	await provisioned(account, 'connectPlatform', parameters('Acme'));
	await provisioned(account, 'connectPlatform', parameters('Bolt'));
	for (const name of ['Acme', 'Bolt']) {
		expect(await planned(account, 'connectPlatform', parameters(name))).toMatchObject({
			up_to_date: true,
		});
	}
});

it('a trunk that is gone has nothing left to be done', async () => {
	const account = await newAccount();
	const plan = await planned(account, 'deprovision', { trunkId: '21784100000000999' });
	expect(plan).toMatchObject({
		planned: true,
		up_to_date: true,
		trunk_id: '21784100000000999',
		what_would_be_done: [],
		warnings: [expect.stringContaining('There is no trunk 21784100000000999')],
	});
	expect(plan).not.toHaveProperty('deleted');
});

it('what others use stays when a plan that keeps it is applied, also when it is free by then', async () => {
	const account = await newAccount();
	const { credential_uuid } = account.add('credentials', { name: 'Shared' });
	const [one, two] = ['One', 'Two'].map(
		(name) => account.add('trunks', { name, credential_uuid }).trunk_id as string,
	);
	const plan = await planned(account, 'deprovision', { trunkId: one! });
	const kept = [
		{ kind: 'SIP credential', id: credential_uuid, reason: `used by trunk "Two" (${two})` },
	];
	expect(plan.kept).toEqual(kept);
	account.onRequest(({ method }) => {
		if (method === 'DELETE') account.state.trunks.delete(two!);
	});
	const output = await provisioned(account, 'deprovision', {
		trunkId: one!,
		options: { planDigest: plan.plan_digest as string },
	});
	expect(output.kept).toEqual(kept);
	expect(account.state.credentials.size).toBe(1);
});

it('a drift report over many customers lists each kind once', async () => {
	const account = await accountWithNumbers();
	const items = Array.from({ length: 30 }, (_, index) => ({ name: `Customer ${index}` }));
	const parameters = { platform: 'elevenlabs', name: '={{ $json.name }}' };
	const made = await run(account, 'provisioning', 'connectPlatform', parameters, { items });
	expect(made.error).toBeUndefined();
	account.clearRequests();
	account.refuseWrites = true;
	const report = await run(
		account,
		'provisioning',
		'connectPlatform',
		withOptions(parameters, { planOnly: true }),
		{ items },
	);
	expect(report.error).toBeUndefined();
	expect(report.json.map(({ up_to_date: upToDate }) => upToDate)).toEqual(items.map(() => true));
	expect(account.refusedWrites).toEqual([]);
	expect(listings(account)).toBeLessThanOrEqual(10);
});
