import type { INodeParameters } from 'n8n-workflow';

import {
	byId,
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { ToolNode } from '../support/loadedNode.mts';

/** Values of which something is missing: refused by their field where leaving them out would do something else. */

afterEach(closeAccounts);

const NOTHING = '={{ $json.nothing }}';

describe('Get Many with a filter that finds no value', () => {
	it.each<[string, INodeParameters, string]>([
		['phoneNumber', { trunkId: byId(NOTHING) as never }, 'Trunk'],
		['phoneNumber', { trunkId: byId('') as never }, 'Trunk'],
		['phoneNumber', { alias: NOTHING }, 'Alias'],
		['phoneNumber', { alias: '={{ " " }}' }, 'Alias'],
		['phoneNumber', { subaccount: '' }, 'Subaccount'],
		['phoneNumber', { numberStartsWith: NOTHING }, 'Number Starts With'],
		['trunk', { credentialId: byId(NOTHING) as never }, 'SIP Credential'],
		['trunk', { ipAclId: byId(NOTHING) as never }, 'IP Access Control List'],
		['trunk', { primaryUriId: byId(NOTHING) as never }, 'Primary URI'],
		['trunk', { fallbackUriId: byId(NOTHING) as never }, 'Fallback URI'],
		['trunk', { name: NOTHING }, 'Name Contains'],
		['call', { toNumber: NOTHING }, 'To Number'],
		['call', { fromNumber: '' }, 'From Number'],
	])('%s %j: not all records where those of one are meant', async (resource, filters, label) => {
		const account = await newAccount();
		account.seed({ trunks: 3, numbers: 3 });
		const words = wordsOf(await run(account, resource, 'getAll', { filters }));
		expect(words).toMatch(new RegExp(`^'${label}' is empty, and without this filter all `));
		expect(words).toContain(`remove '${label}' from the filters`);
		expect(account.requests).toEqual([]);
	});

	it('a summary of the calls of one number is not one of all calls', async () => {
		const account = await newAccount();
		const parameters = { filters: { toNumber: NOTHING } };
		expect(wordsOf(await run(account, 'call', 'summarize', parameters))).toContain(
			"'To Number' is empty, and without this filter all calls would be found",
		);
		expect(account.requests).toEqual([]);
	});

	it('an AI agent leaves empty what it doesn’t want to filter by', async () => {
		const account = await newAccount();
		account.seed({ numbers: 3 });
		const parameters = { filters: { alias: '' } };
		const { json } = await run(account, 'phoneNumber', 'getAll', parameters, { node: ToolNode });
		expect(json.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
	});
});

describe('Rent', () => {
	const US = { country: 'US', maxMonthlyRate: 1, alias: 'Acme' };

	it.each([NOTHING, '', byId(NOTHING), { __rl: true, mode: 'list', value: '' }])(
		'this very number, %j: no other one is rented in its place',
		async (phoneNumber) => {
			const account = await newAccount();
			const options = { phoneNumber } as unknown as INodeParameters;
			const words = wordsOf(await run(account, 'phoneNumber', 'rent', { ...US, options }));
			expect(words).toContain(
				"'Phone Number' is empty, and no other number is rented in its place",
			);
			expect(account.requests).toEqual([]);
		},
	);

	it('this very number, left empty by an AI agent: the cheapest one', async () => {
		const account = await newAccount();
		const parameters = { ...US, options: { phoneNumber: '' } };
		const { json } = await run(account, 'phoneNumber', 'rent', parameters, { node: ToolNode });
		expect(json).toEqual([expect.objectContaining({ rented: true, alias: 'Acme' })]);
	});

	it.each<[unknown, string]>([
		['415.0', '415'],
		[415, '415'],
		['(415) 577', '415577'],
		['００１ 415', '415'],
	])('a pattern that a spreadsheet wrote as %j', async (pattern, asked) => {
		const account = await newAccount();
		const filters = { pattern: `={{ ${JSON.stringify(pattern)} }}` };
		const { number } = outputOf(await run(account, 'phoneNumber', 'rent', { ...US, filters }));
		expect(String(number)).toMatch(new RegExp(`^1${asked}`));
	});

	it.each<[unknown, string]>([
		[-415, "'Pattern' is -415, which begins with a minus sign"],
		[415.5, "'Pattern' is 415.5, which has decimals"],
		['4.15E+5', '\'Pattern\' is "4.15E+5", which was shortened and may have lost digits'],
		['1415', '\'Pattern\' is "1415", but no area code begins with 1'],
		['415 or 510', '\'Pattern\' is "415 or 510", which has letters'],
	])('a pattern that can’t be one: %j', async (pattern, problem) => {
		const account = await newAccount();
		const filters = { pattern: `={{ ${JSON.stringify(pattern)} }}` };
		const words = wordsOf(await run(account, 'phoneNumber', 'rent', { ...US, filters }));
		expect(words).toContain(problem);
		expect(account.requests).toEqual([]);
	});

	it.each([
		['GB', '020', '20'],
		['GB', '(020) 45', '2045'],
		['GB', '0 20', '20'],
		['IT', '06', '06'],
		['IT', '0', '0'],
	])('the 0 of an area code in %s: %s', async (country, pattern, asked) => {
		const account = await newAccount();
		await run(account, 'phoneNumber', 'searchAvailable', { country, filters: { pattern } });
		expect(account.requests[0]?.query.pattern).toBe(asked);
	});
});

describe('Plan Digest', () => {
	it.each([NOTHING, '', '={{ null }}'])(
		'%j: what nobody has approved is not done',
		async (planDigest) => {
			const account = await newAccount();
			const parameters = { name: 'Acme', username: 'acmepbx' };
			const run1 = async (options: INodeParameters) =>
				await run(account, 'provisioning', 'provisionOutbound', { ...parameters, options });
			expect(wordsOf(await run1({ planDigest }))).toContain(
				"'Plan Digest' is empty, so nothing says which plan was approved",
			);
			expect(writesOf(account)).toEqual([]);
			// One node for both: the plan has no digest to compare with yet.
			expect(outputOf(await run1({ planDigest, planOnly: true }))).toMatchObject({ planned: true });
		},
	);
});
