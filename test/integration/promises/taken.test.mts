import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../../support/account.mts';

/** What Plivo's refusal of a name means is decided by whether the account has such a record. */
describe('a create that Plivo refuses', () => {
	afterEach(closeAccounts);
	afterEach(() => void jest.restoreAllMocks());
	beforeEach(() => void jest.replaceProperty(settling, 'ms', 400));

	const outbound = {
		name: 'Acme',
		trunkDirection: 'outbound',
		sipAuthentication: 'credential',
		credentialId: '579218f4-0099-4270-b91c-3211877a1ee2',
	};
	const uri = { name: 'Acme', uri: 'acme.example.com;transport=tcp' };

	const refusing = async (error: string) => {
		const account = await newAccount();
		account.faults.add({
			method: 'POST',
			times: 9,
			faults: [{ kind: 'status', status: 400, body: { error } }],
		});
		return account;
	};

	it.each(['create', 'upsert'])(
		'for a reference that does not exist (%s) is not refused for its name',
		async (operation) => {
			const account = await refusing('No credential exists with the given id');
			account.addTrunk({ name: 'Acme', trunk_direction: 'inbound' });
			const words = wordsOf(await run(account, 'trunk', operation, outbound));
			expect(words).toMatch(/^Plivo refused the request as invalid: No credential exists/);
			expect(words).not.toContain('There is already');
			expect(writesOf(account)).toHaveLength(1);
		},
	);

	it.each([
		'A trunk with the same name "Acme" already exists',
		'Origination URI Already Exists',
		'name has already been taken',
		'Duplicate name',
		'Choose a unique name/id',
	])('as taken names the record that is there: %s', async (error) => {
		const account = await refusing(error);
		account.addTrunk({ trunk_id: '1', name: 'Acme', trunk_direction: 'inbound' });
		const words = wordsOf(await run(account, 'trunk', 'create', outbound));
		expect(words).toMatch(/^There is already an inbound trunk "Acme" \(1\)/);
	});

	it('as taken is no failure of an upsert once the record is listed', async () => {
		const account = await refusing('Origination URI Already Exists');
		setTimeout(() => account.addUri(uri), settling.ms / 2);
		const output = outputOf(await run(account, 'originationUri', 'upsert', uri));
		expect(output).toMatchObject({ name: 'Acme', created: false });
	});
});
