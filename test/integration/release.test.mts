import type { INodeParameters } from 'n8n-workflow';

import type { Fault, Simulator } from '../../simulator/simulator.mts';
import { newAccount, outputOf, run, start, wordsOf, writesOf } from '../support/account.mts';
import { quickly } from '../support/quickly.mts';
import { sideBySide } from '../support/sideBySide.mts';

quickly();

const NUMBER = '14155550101';

const release = (account: Simulator, options: INodeParameters = {}) =>
	run(account, 'phoneNumber', 'release', { phoneNumber: `+${NUMBER}`, options });

/** An account with a number; on a trunk, if so. */
async function withNumber(onTrunk = false) {
	const account = await newAccount();
	if (!onTrunk) {
		account.addNumber({ number: NUMBER });
		return account;
	}
	const uri = account.addUri().uri_uuid;
	const trunk = account.addTrunk({
		trunk_id: '21784000000000001',
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri,
	});
	const application = `/v1/Account/${account.authId}/Zentrunk/Trunk/${String(trunk.trunk_id)}/`;
	account.addNumber({ number: NUMBER, application });
	return account;
}

const isThere = ({ state }: Simulator) => state.numbers.has(NUMBER);

describe('releasing', () => {
	it('gives a number back that goes nowhere, or to an application', async () => {
		const account = await withNumber();
		expect(outputOf(await release(account))).toEqual({ released: true, number: NUMBER });
		expect(isThere(account)).toBe(false);
		expect(writesOf(account)).toEqual([`DELETE /Number/${NUMBER}/`]);
		const application = `/v1/Account/${account.authId}/Application/77/`;
		account.addNumber({ number: NUMBER, application });
		expect(outputOf(await release(account))).toEqual({ released: true, number: NUMBER });
	});

	it('is refused while calls go to a trunk, by its name', async () => {
		const account = await withNumber(true);
		const words = wordsOf(await release(account));
		expect(words).toContain('was not released: its calls go to trunk "Acme inbound" (217840');
		expect(words).toContain('Force');
		expect(writesOf(account)).toEqual([]);
		account.faults.add({ path: '/Zentrunk/Trunk/', faults: [{ kind: 'status', status: 403 }] });
		expect(wordsOf(await release(account))).toContain('its calls go to trunk 217840');
		expect(isThere(account)).toBe(true);
	});

	it('is forced, and says what the calls went to', async () => {
		const account = await withNumber(true);
		const output = outputOf(await release(account, { force: true }));
		expect(output).toMatchObject({ released: true, number: NUMBER });
		expect(output.warnings).toEqual([expect.stringContaining('went to trunk "Acme inbound"')]);
		expect(isThere(account)).toBe(false);
	});

	it('needs no force where the trunk is gone', async () => {
		const account = await withNumber(true);
		account.state.trunks.clear();
		expect(outputOf(await release(account))).toEqual({ released: true, number: NUMBER });
	});

	it('a number that is not on the account is an error', async () => {
		const account = await newAccount();
		const words = wordsOf(await release(account));
		expect(words).toContain(`${NUMBER} is not on this account, and was not released`);
		expect(writesOf(account)).toEqual([]);
	});

	it('two at once: one releases it, the other is told that it is not there', async () => {
		const account = await withNumber();
		account.options.latencyMs = 10;
		const both = await Promise.all([release(account), release(account)]);
		expect(both.filter(({ error }) => error)).toHaveLength(1);
		expect(writesOf(account)).toHaveLength(1);
	});

	it('a routing to a trunk of the same moment comes before or after, never between', async () => {
		const account = await withNumber(true);
		Object.assign(account.state.numbers.get(NUMBER) ?? {}, { application: null });
		account.options.latencyMs = 10;
		const route = { phoneNumber: NUMBER, trunkId: '21784000000000001' };
		const routed = start(account, 'phoneNumber', 'routeToTrunk', route);
		const [first, second] = await Promise.all([routed.result, release(account)]);
		expect([first.error, second.error].filter(Boolean)).toHaveLength(1);
	});

	it('one that begins to carry calls before a further attempt stays', async () => {
		const account = await withNumber(true);
		const number = account.state.numbers.get(NUMBER);
		const onTrunk = number?.application;
		Object.assign(number ?? {}, { application: null });
		account.faults.add({
			method: 'DELETE',
			times: 1,
			faults: [{ kind: 'status', status: 429, retryAfter: 2 }],
		});
		account.onRequest(({ method }) => {
			if (method === 'DELETE') setTimeout(() => (number!.application = onTrunk), 50);
		});
		expect(wordsOf(await release(account))).toContain('its calls go to trunk "Acme inbound"');
		expect(isThere(account)).toBe(true);
	});
});

const FAULTS: Array<[string, Fault]> = [
	['429', { kind: 'status', status: 429, retryAfter: 0 }],
	['500', { kind: 'status', status: 500 }],
	['500 after the work', { kind: 'status', status: 500, done: true }],
	['400', { kind: 'status', status: 400 }],
	['a broken connection', { kind: 'reset' }],
	['a broken connection after the work', { kind: 'resetAfter' }],
	['no answer', { kind: 'hang' }],
	['no answer after the work', { kind: 'hangAfter' }],
	['half an answer', { kind: 'truncate' }],
	['bad JSON', { kind: 'badJson' }],
	['an empty answer', { kind: 'empty' }],
	['a request that is carried out late', { kind: 'slow', ms: 100 }],
];

const CASES = ['GET', 'DELETE'].flatMap((method) =>
	FAULTS.flatMap(([fault, what]) =>
		[1, 99].flatMap((times) =>
			[0, 2].map((maxRetries) => ({ method, fault, what, times, maxRetries })),
		),
	),
);

describe('every step × every fault', () => {
	it(`${CASES.length} cases: what is said is what is`, async () => {
		const wrong: string[] = [];
		await sideBySide(CASES, 8, async ({ method, fault, what, times, maxRetries }) => {
			const account = await withNumber();
			account.faults.add({ method, times, faults: [what] });
			const { error, json } = await release(account, { maxRetries, timeout: 1 });
			account.faults.clear();
			const name = `${method}, ${fault} ×${times}, ${maxRetries} retries`;
			const words = `${error?.message ?? ''} ${error?.description ?? ''}`;
			if (!error && (isThere(account) || json[0]?.released !== true)) wrong.push(`${name}: there`);
			if (error && !isThere(account) && !words.includes('may have been released')) {
				wrong.push(`${name}: silent: ${words}`);
			}
			// Run again, it comes to the same end, and doesn't say that it never was there.
			const again = await release(account);
			if (error && again.error) wrong.push(`${name}: again: ${again.error.message}`);
			if (isThere(account)) wrong.push(`${name}: still there`);
			await account.close();
		});
		expect(wrong).toEqual([]);
	}, 120_000);
});

it('a number that was never typed in is refused without a request', async () => {
	const account = await newAccount();
	const phoneNumber = '={{ $json.none }}';
	const words = wordsOf(await run(account, 'phoneNumber', 'release', { phoneNumber }));
	expect(words).toContain("'Phone Number' is empty");
	expect(account.requests).toEqual([]);
});

it('a number of which Plivo doesn’t say where its calls go is kept', async () => {
	const account = await withNumber();
	delete account.state.numbers.get(NUMBER)?.application;
	const words = wordsOf(await release(account));
	expect(words).toContain('was not released: Plivo does not say where its calls go');
	expect(words).toContain("turn on 'Force'");
	expect(writesOf(account)).toEqual([]);
	const output = outputOf(await release(account, { force: true }));
	expect(output.warnings).toEqual([
		`Plivo did not say where the calls of phone number ${NUMBER} went.`,
	]);
	expect(account.state.numbers.size).toBe(0);
});
