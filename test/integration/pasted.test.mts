import { closeAccounts, newAccount, outputOf, run, wordsOf } from '../support/account.mts';
import { ToolNode } from '../support/loadedNode.mts';

/** Values as people and spreadsheets write them. */

afterEach(closeAccounts);

describe('Rent', () => {
	const US = { country: 'US', maxMonthlyRate: 1, alias: 'Acme' };

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
