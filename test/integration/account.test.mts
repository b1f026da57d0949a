import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';

afterEach(closeAccounts);

it('reads the account of the credential, and nothing else', async () => {
	const account = await newAccount();
	const output = outputOf(await run(account, 'account', 'get'));
	expect(output).toEqual({
		name: 'Simulated Account',
		account_type: 'standard',
		billing_mode: 'prepaid',
		cash_credits: 100,
		auto_recharge: false,
		timezone: 'UTC',
	});
	expect(account.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /']);
});

it('passes on whatever Plivo tells, but no token', async () => {
	const account = await newAccount();
	Object.assign(account.account, { city: 'Austin', auth_token: 'never-to-be-seen' });
	const { run: whole, json } = await run(account, 'account', 'get');
	expect(json).toEqual([expect.objectContaining({ city: 'Austin' })]);
	expect(JSON.stringify(whole)).not.toContain('never-to-be-seen');
});

it('answers each item, paired with it', async () => {
	const account = await newAccount();
	const { items } = await run(account, 'account', 'get', {}, { items: [{ a: 1 }, { a: 2 }] });
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
});

it('gets over a failure, and is not content with an empty answer', async () => {
	const account = await newAccount();
	account.faults.add({ times: 2, faults: [{ kind: 'status', status: 503 }, { kind: 'reset' }] });
	expect(outputOf(await run(account, 'account', 'get')).cash_credits).toBe(100);

	account.faults.add({ faults: [{ kind: 'status', status: 200, body: { api_id: 'a' } }] });
	const empty = await run(account, 'account', 'get', { options: { maxRetries: 0 } });
	expect(wordsOf(empty)).toContain("Plivo's answer has no account in it");
	expect(writesOf(account)).toEqual([]);
});

it('says what is wrong where Plivo does not show it', async () => {
	const account = await newAccount();
	account.faults.add({ faults: [{ kind: 'status', status: 403, body: { error: 'no scope' } }] });
	const refused = wordsOf(await run(account, 'account', 'get'));
	expect(refused).toContain('Plivo does not allow this for the account: no scope');
	expect(refused).toContain('that the token may be used for it');
});
