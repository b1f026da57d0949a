import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault, Simulator, Variants } from '../../simulator/simulator.mts';
import { newAccount, outputOf, run, start, wordsOf, writesOf } from '../support/account.mts';
import { quickly } from '../support/quickly.mts';
import { first, nth, only } from '../support/elements.mts';
import type { NodeRun } from '../support/engine.mts';
import { someOf } from '../support/lane.mts';
import { sideBySide } from '../support/sideBySide.mts';

quickly();

const US = { country: 'US', maxMonthlyRate: 1, alias: 'Acme' };

const rent = (account: Simulator, parameters: INodeParameters = {}, rest = {}) =>
	run(account, 'phoneNumber', 'rent', { ...US, ...parameters }, rest);

const rentsOf = ({ state }: Simulator) => [...state.rents.values()];

const aliased = ({ state }: Simulator, alias: string) =>
	[...state.numbers.values()].filter((number) => number.alias === alias);

const warningsOf = ({ warnings = [] }: IDataObject) => (warnings as string[]).join(' ');

const wordsOrOutput = (result: NodeRun) =>
	result.error ? wordsOf(result) : JSON.stringify(result.json);

/** What a run has spent is what it says: no number twice for one alias, none without a word. */
function expectOnce(account: Simulator, alias = 'Acme') {
	expect(rentsOf(account).length).toBeLessThanOrEqual(1);
	const [rented] = rentsOf(account);
	if (rented) expect(account.state.numbers.get(String(rented.number))?.alias).toBe(alias);
}

describe('renting', () => {
	it('takes the cheapest that fits, gives it the alias, and tells what it costs', async () => {
		const account = await newAccount();
		const output = outputOf(await rent(account));
		expect(output).toMatchObject({
			alias: 'Acme',
			rented: true,
			pending: false,
			monthly_rental_rate: 0.5,
			setup_rate: 0,
			first_charge: 0.5,
			restriction: null,
			restriction_meaning: null,
		});
		expect(output).not.toHaveProperty('warnings');
		expect(rentsOf(account)).toHaveLength(1);
		expect(writesOf(account)).toEqual([
			`POST /PhoneNumber/${String(output.number)}/`,
			`POST /Number/${String(output.number)}/`,
		]);
	});

	it('prefers the lower monthly rate, whatever the order of the list', async () => {
		const account = await newAccount({ variants: { order: 'oldest' } });
		account.add('stock', {
			number: '14155779999',
			country: 'UNITED STATES',
			type: 'local',
			setup_rate: '0.10000',
			monthly_rental_rate: '0.40000',
			restriction: null,
			voice_enabled: true,
		});
		const output = outputOf(await rent(account));
		expect(output).toMatchObject({ number: '14155779999', first_charge: 0.5 });
	});

	it('keeps to the filters', async () => {
		const account = await newAccount();
		const filters = { numberType: 'tollfree' };
		expect(outputOf(await rent(account, { filters })).number).toMatch(/^1888/);
		const other = { alias: 'Bolt', filters: { city: 'New York', services: ['voice', 'sms'] } };
		expect(outputOf(await rent(account, other)).number).toMatch(/^1212/);
	});

	it('leaves out numbers that take no calls', async () => {
		const account = await newAccount();
		for (const number of account.state.stock.values()) number.voice_enabled = false;
		expect(wordsOf(await rent(account))).toContain('can’t take calls');
		expect(rentsOf(account)).toEqual([]);
	});

	it('this very one', async () => {
		const account = await newAccount();
		const options = { phoneNumber: '+1 212 577 0003' };
		expect(outputOf(await rent(account, { options }))).toMatchObject({
			number: '12125770003',
			rented: true,
		});
		const again = outputOf(await rent(account, { options }));
		expect(again).toMatchObject({ number: '12125770003', rented: false });
		const bolt = wordsOf(await rent(account, { alias: 'Bolt', options }));
		expect(bolt).toContain('on the account already, with the alias "Acme"');
		const second = { phoneNumber: '12125770004' };
		expect(wordsOf(await rent(account, { options: second }))).toContain(
			'the account has 12125770003 for the alias "Acme" already',
		);
		const gone = { alias: 'Bolt', options: { phoneNumber: '12125779999' } };
		expect(wordsOf(await rent(account, gone))).toContain('Plivo does not offer phone number');
		expectOnce(account);
	});

	it('this very one, which the account has without an alias', async () => {
		const account = await newAccount();
		account.addNumber({ number: '12125770003', alias: '' });
		const options = { phoneNumber: '12125770003' };
		expect(outputOf(await rent(account, { options }))).toMatchObject({
			alias: 'Acme',
			rented: false,
		});
		expect(rentsOf(account)).toEqual([]);
	});

	it('says that the number is on the default application', async () => {
		const account = await newAccount();
		const { app_id: id } = account.addApplication({ app_name: 'Demo', default_app: true });
		const output = outputOf(await rent(account));
		expect(warningsOf(output)).toContain(`default application "Demo" (${String(id)})`);
		account.faults.add({ path: '/Application/', faults: [{ kind: 'status', status: 403 }] });
		expect(warningsOf(outputOf(await rent(account, { alias: 'Bolt' })))).toContain(
			`default application (${String(id)})`,
		);
	});
});

describe('never twice', () => {
	it('a second run answers the number of the alias', async () => {
		const account = await newAccount();
		const first = outputOf(await rent(account));
		const second = outputOf(await rent(account, { alias: '  Acme\u200b ' }));
		expect(second).toMatchObject({ number: first.number, rented: false, pending: false });
		expectOnce(account);
	});

	it('an alias that was typed otherwise in the console is the same', async () => {
		const account = await newAccount();
		account.addNumber({ number: '14155550123', alias: 'Acme  Ltd' });
		const output = outputOf(await rent(account, { alias: 'Acme Ltd' }));
		expect(output).toMatchObject({ number: '14155550123', rented: false });
	});

	it('several numbers of the alias: the first, and all are named', async () => {
		const account = await newAccount();
		account.addNumber({ number: '14155550124', alias: 'Acme' });
		account.addNumber({ number: '442045550123', alias: 'Acme' });
		const output = outputOf(await rent(account, { country: 'GB' }));
		expect(output).toMatchObject({ number: '14155550124', rented: false });
		expect(warningsOf(output)).toContain('14155550124, 442045550123');
		expect(warningsOf(output)).toContain('not a number of United Kingdom');
	});

	it.each([{ ignoreListFilters: true }, {}])('two at once are one (%j)', async (options) => {
		const account = await newAccount();
		Object.assign(account.options, options);
		account.options.latencyMs = 10;
		const both = await Promise.all([rent(account), rent(account)]);
		const outputs = both.map(outputOf);
		expect(outputs.map(({ rented }) => rented).sort()).toEqual([false, true]);
		expect(first(outputs).number).toBe(nth(outputs, 1).number);
		expectOnce(account);
	});

	it('twenty items for twenty aliases, and ten of them twice', async () => {
		const account = await newAccount();
		const items = Array.from({ length: 30 }, (_, index) => ({ alias: `Customer ${index % 20}` }));
		const { error, json } = await rent(account, { alias: '={{ $json.alias }}' }, { items });
		expect(error).toBeUndefined();
		expect(json.filter(({ rented }) => rented)).toHaveLength(20);
		expect(new Set(json.map(({ number }) => number)).size).toBe(20);
		expect(rentsOf(account)).toHaveLength(20);
	});

	it('a number that a run has left without its alias stops the next one, by name', async () => {
		const account = await newAccount();
		account.addNumber({ number: '14155550123', alias: null });
		account.addNumber({ number: '14155550124', alias: null, added_on: '2020-01-01' });
		const words = wordsOf(await rent(account));
		expect(words).toContain('Rented lately and without an alias: 14155550123');
		expect(words).toContain('give it this alias (Phone Number, Update)');
		expect(rentsOf(account)).toEqual([]);
		// Of another kind, it can't be what was rented.
		const filters = { numberType: 'tollfree' };
		expect(outputOf(await rent(account, { filters })).rented).toBe(true);
	});

	it('another worker that is about to give its number the alias is waited for', async () => {
		const account = await newAccount();
		const number = account.addNumber({ number: '14155550123', alias: null });
		setTimeout(() => (number.alias = 'Acme'), 100);
		expect(outputOf(await rent(account))).toMatchObject({ number: '14155550123', rented: false });
		expect(rentsOf(account)).toEqual([]);
	});

	it.each(['14155770000', '14155779999'])(
		'another worker has rented %s at the same moment: the second one is named',
		async (other) => {
			const account = await newAccount();
			account.onRequest(({ method, path }) => {
				if (method === 'POST' && path.startsWith('/Number/') && !account.state.numbers.has(other)) {
					account.addNumber({ number: other, alias: 'Acme' });
				}
			});
			const output = outputOf(await rent(account));
			expect(output).toMatchObject({ number: other, rented: false });
			const own = only(rentsOf(account));
			expect(warningsOf(output)).toContain(
				`phone number ${String(own.number)}, rented by this run`,
			);
			expect(account.state.numbers.get(String(own.number))?.alias).toBe('Acme (rented twice)');
			expect(outputOf(await rent(account))).toMatchObject({ number: other, rented: false });
			expect(rentsOf(account)).toHaveLength(1);
		},
	);

	it('of two that see each other, the other one gives way', async () => {
		const account = await newAccount();
		account.onRequest(({ method, path }) => {
			if (method === 'POST' && path.startsWith('/Number/')) {
				const other = account.addNumber({ number: '19995550000', alias: 'Acme' });
				setTimeout(() => (other.alias = 'Acme (rented twice)'), 120);
			}
		});
		const output = outputOf(await rent(account));
		expect(output).toMatchObject({ rented: true, alias: 'Acme' });
		expect(output).not.toHaveProperty('warnings');
	});
});

/** The requests of a renting, in order. */
const STEPS: Array<[string, { method: string; path: RegExp }]> = [
	['looking for the alias', { method: 'GET', path: /^\/Number\/$/ }],
	['the search', { method: 'GET', path: /^\/PhoneNumber\/$/ }],
	['the credits', { method: 'GET', path: /^\/$/ }],
	['the renting', { method: 'POST', path: /^\/PhoneNumber\// }],
	['the alias', { method: 'POST', path: /^\/Number\// }],
	['reading back', { method: 'GET', path: /^\/Number\/\d+\/$/ }],
];

const FAULTS: Array<[string, Fault]> = [
	['429', { kind: 'status', status: 429, retryAfter: 0 }],
	['500', { kind: 'status', status: 500 }],
	['500 after the work', { kind: 'status', status: 500, done: true }],
	['400', { kind: 'status', status: 400 }],
	['401', { kind: 'status', status: 401 }],
	['403', { kind: 'status', status: 403 }],
	['a broken connection', { kind: 'reset' }],
	['a broken connection after the work', { kind: 'resetAfter' }],
	['no answer', { kind: 'hang' }],
	['no answer after the work', { kind: 'hangAfter' }],
	['half an answer', { kind: 'truncate' }],
	['bad JSON', { kind: 'badJson' }],
	['an empty answer', { kind: 'empty' }],
	['a gateway that gives up too early', { kind: 'slow', as: 'gateway', ms: 100 }],
	['an answer that comes late', { kind: 'slow', as: 'reset', ms: 30 }],
	['a number that somebody else takes', { kind: 'vanish' }],
	['a web page', { kind: 'html' }],
];

/** The second one has all that makes a lost answer harder to find. */
const VARIANTS: Array<Partial<Variants>> = [{}, { late: 100, date: 'missing', order: 'oldest' }];

/** Each variant with every other case, so that each step and fault meets both, once and for good. */
const CASES = STEPS.flatMap(([step, where], place) =>
	FAULTS.flatMap(([fault, what], number) =>
		[1, 99].map((times, turn) => ({
			step,
			where,
			fault,
			what,
			times,
			variants: VARIANTS[(place + number + turn) % VARIANTS.length],
		})),
	),
);

describe('every step × every fault, once and for good', () => {
	it('each run again afterwards: one number at most', async () => {
		const wrong: string[] = [];
		await sideBySide(
			someOf(CASES, 13),
			12,
			async ({ step, where, fault, what, times, variants }) => {
				const account = await newAccount({ variants });
				account.faults.add({ ...where, times, faults: [what] });
				const options = { maxRetries: times === 1 ? 2 : 1, timeout: 1 };
				const first = await rent(account, { options });
				const spent = rentsOf(account).map(({ number }) => String(number));
				const said = first.error
					? `${first.error.message} ${first.error.description ?? ''}`
					: JSON.stringify(first.json);
				const name = `${step}, ${fault} ×${times} ${JSON.stringify(variants)}`;
				// What was spent is told.
				for (const number of spent)
					if (!said.includes(number)) wrong.push(`${name}: silent: ${said}`);
				account.faults.clear();
				const again = await rent(account);
				const rents = rentsOf(account);
				if (rents.length !== 1) wrong.push(`${name}: rented ${rents.length}: ${said}`);
				const number = String(rents[0]?.number);
				const [output = {}] = again.json;
				const isDone = aliased(account, 'Acme').length === 1 && output.number === number;
				// A number without its alias may be anybody's: a person decides.
				const isNamed = again.error?.message.includes(number) ?? false;
				if (!isDone && !isNamed) wrong.push(`${name}: again: ${wordsOrOutput(again)}`);
				await account.close();
			},
		);
		expect(wrong).toEqual([]);
	}, 240_000);

	it('two runs side by side, and twice, under every fault of the renting and the alias', async () => {
		const cases = someOf(
			CASES.filter(({ where, times }) => where.method === 'POST' && times === 1),
			5,
		);
		const wrong: string[] = [];
		await sideBySide(cases, 8, async ({ step, where, fault, what, variants }) => {
			const account = await newAccount({ variants });
			account.faults.add({ ...where, times: 1, faults: [what] });
			const both = () => Promise.all([rent(account), rent(account)]);
			await both();
			account.faults.clear();
			const after: NodeRun[] = await both();
			const name = `${step}, ${fault} ${JSON.stringify(variants)}`;
			if (rentsOf(account).length !== 1) wrong.push(`${name}: ${rentsOf(account).length}`);
			const number = String(rentsOf(account)[0]?.number);
			for (const one of after) {
				const isNamed = wordsOrOutput(one).includes(number);
				if (!isNamed) wrong.push(`${name}: ${wordsOrOutput(one)}`);
			}
			await account.close();
		});
		expect(wrong).toEqual([]);
	}, 240_000);

	it('Retry On Fail goes on with the number that was rented', async () => {
		const account = await newAccount();
		const path = /^\/Number\/\d+\/$/;
		account.faults.add({
			method: 'POST',
			path,
			times: 2,
			faults: [{ kind: 'status', status: 400 }],
		});
		const retry = { maxTries: 3, waitBetweenTries: 1 };
		expect(outputOf(await rent(account, {}, { retry }))).toMatchObject({
			rented: true,
			alias: 'Acme',
		});
		expectOnce(account);
	});

	it('a number that a run could not give its alias is named, and stops the next run', async () => {
		const account = await newAccount();
		account.faults.add({
			method: 'POST',
			path: /^\/Number\/\d+\/$/,
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = /Phone number \d+ was rented for "Acme", but could not be given this alias/;
		expect(wordsOf(await rent(account))).toMatch(words);
		expect(wordsOf(await rent(account))).toMatch(
			/Nothing was rented: an interrupted run may have rented a number for "Acme"/,
		);
		expect(rentsOf(account)).toHaveLength(1);
	});

	it('a run that is stopped while it rents leaves no second one to the next', async () => {
		const account = await newAccount();
		account.faults.add({
			method: 'POST',
			path: '/PhoneNumber/',
			times: 1,
			faults: [{ kind: 'hangAfter' }],
		});
		const stopped = start(account, 'phoneNumber', 'rent', US);
		while (rentsOf(account).length === 0) await new Promise((go) => setTimeout(go, 10));
		stopped.cancel();
		await stopped.result;
		expect(wordsOf(await rent(account))).toMatch(
			/Nothing was rented: an interrupted run may have rented a number for "Acme"/,
		);
		expect(rentsOf(account)).toHaveLength(1);
	});
});

describe('somebody else is faster', () => {
	const vanish = (account: Simulator, times: number) =>
		account.faults.add({
			method: 'POST',
			path: '/PhoneNumber/',
			times,
			faults: [{ kind: 'vanish' }],
		});

	it('the next one is rented', async () => {
		const account = await newAccount();
		vanish(account, 3);
		expect(outputOf(await rent(account)).rented).toBe(true);
		expectOnce(account);
		expect(writesOf(account)).toHaveLength(5);
	});

	it('five times at most', async () => {
		const account = await newAccount();
		vanish(account, 99);
		expect(wordsOf(await rent(account))).toContain('someone else was faster to rent');
		expect(writesOf(account)).toHaveLength(5);
		expect(rentsOf(account)).toEqual([]);
	});

	it('this very one: no other is taken', async () => {
		const account = await newAccount();
		vanish(account, 1);
		const words = wordsOf(await rent(account, { options: { phoneNumber: '12125770003' } }));
		expect(words).toContain('someone else was faster to rent 12125770003');
		expect(writesOf(account)).toHaveLength(1);
	});

	it('another worker of the account, for another alias', async () => {
		const account = await newAccount();
		account.faults.add({
			method: 'POST',
			path: '/PhoneNumber/',
			times: 1,
			faults: [{ kind: 'vanish' }],
		});
		let taken: string | undefined;
		account.onRequest(({ method, path }) => {
			if (method !== 'POST' || taken !== undefined) return;
			taken = path.split('/')[2];
			account.addNumber({ number: taken, alias: 'Bolt' });
		});
		const output = outputOf(await rent(account));
		expect(output.number).not.toBe(taken);
		expect(output.rented).toBe(true);
		expect(account.state.numbers.get(String(taken))?.alias).toBe('Bolt');
	});
});

describe('what keeps a number from being rented', () => {
	it.each<[string, INodeParameters, string, string]>([
		[
			'the price',
			{ maxMonthlyRate: 0.2 },
			'USD 0.50 a month: more than',
			"Raise 'Max Monthly Rate'",
		],
		[
			'the set-up fee',
			{ country: 'AU', maxMonthlyRate: 7.99 },
			'restricted',
			"Turn on 'Allow Restricted'",
		],
		[
			'the set-up fee of a type',
			{ country: 'AU', maxMonthlyRate: 7.99, filters: { numberType: 'local' } },
			'USD 3.00 a month and USD 5.00 to set up, USD 8.00 at once',
			'The set-up fee counts',
		],
		[
			'a restriction',
			{ country: 'GB', maxMonthlyRate: 1, filters: { city: 'London' } },
			'country-address). Plivo asks for proof of an address in the country',
			"Turn on 'Allow Restricted'",
		],
		['nothing to rent', { country: 'France' }, 'number of France', 'ask Plivo support to open'],
		['India', { country: 'IN', maxMonthlyRate: 5 }, 'compliance application', 'Submit one under'],
	])('%s', async (_what, parameters, message, remedy) => {
		const account = await newAccount();
		const words = wordsOf(await rent(account, parameters));
		expect(words).toContain('Nothing was rented');
		expect(words).toContain(message);
		expect(words).toContain(remedy);
		expect(writesOf(account)).toEqual([]);
	});

	it('credits: before anything is spent, and by Plivo’s own word', async () => {
		const account = await newAccount();
		account.account.cash_credits = '0.30000';
		const words = wordsOf(await rent(account));
		expect(words).toContain('costs USD 0.50 a month, and the account has USD 0.30');
		expect(words).toContain('Add credits');
		expect(writesOf(account)).toEqual([]);
		// The token may not see the account.
		account.faults.add({ path: /^\/$/, times: 1, faults: [{ kind: 'status', status: 403 }] });
		expect(wordsOf(await rent(account))).toContain('the account has USD 0.30');
		expect(writesOf(account)).toHaveLength(1);
		account.account.billing_mode = 'postpaid';
		expect(wordsOf(await rent(account))).toContain('insufficient credits');
		account.account.auto_recharge = true;
		expect(outputOf(await rent(account)).rented).toBe(true);
		expectOnce(account);
	});

	it('a country that is not open: in the search, and when it is closed after it', async () => {
		const account = await newAccount();
		account.options.closedCountries = ['US'];
		const words = wordsOf(await rent(account));
		expect(words).toContain('Plivo does not search numbers of United States for this account');
		expect(words).toContain('ask Plivo support to open it');
		account.options.closedCountries = [];
		account.onRequest(({ method }) => {
			if (method === 'POST') account.options.closedCountries = ['US'];
		});
		expect(wordsOf(await rent(account))).toContain('Plivo does not allow this for the account');
		expect(rentsOf(account)).toEqual([]);
	});

	it('a refusal of one number, in Plivo’s words', async () => {
		const account = await newAccount();
		const refused: Fault = { kind: 'status', status: 403, body: { error: 'KYC is missing' } };
		account.faults.add({ method: 'POST', faults: [refused] });
		const words = wordsOf(await rent(account));
		expect(words).toContain('Plivo does not rent numbers of United States to this account');
		expect(words).toContain('KYC is missing');
	});

	it('all that fit are taken by others of the process', async () => {
		const account = await newAccount();
		const filters = { city: 'New York' };
		const items = Array.from({ length: 7 }, (_, index) => ({ alias: `C${index}` }));
		const setup = { items, continueOnFail: true };
		const { json } = await rent(account, { alias: '={{ $json.alias }}', filters }, setup);
		expect(json.filter(({ rented }) => rented)).toHaveLength(5);
		const errors = json.filter(({ error }) => error).map(({ error }) => String(error));
		expect(errors).toHaveLength(2);
		for (const error of errors) expect(error).toContain('Nothing was rented');
		expect(rentsOf(account)).toHaveLength(5);
	});
});

describe('documents', () => {
	const INDIA = { country: 'IN', maxMonthlyRate: 5 };

	it('an accepted application is used, and the number is not pending', async () => {
		const account = await newAccount();
		const { compliance_application_id: id } = account.addComplianceApplication();
		expect(wordsOf(await rent(account, INDIA))).toContain(String(id));
		const options = { complianceApplicationId: String(id) };
		const output = outputOf(await rent(account, { ...INDIA, options }));
		expect(output).toMatchObject({ rented: true, pending: false, compliance_application_id: id });
		expect(account.requests.find(({ method }) => method === 'POST')?.body).toEqual({
			compliance_application_id: id,
		});
	});

	it.each(['rejected', 'unknown'])(
		'one that is %s is refused before anything is spent',
		async (status) => {
			const account = await newAccount();
			const { compliance_application_id: id } = account.addComplianceApplication({ status });
			const options = { complianceApplicationId: status === 'unknown' ? 'nothing' : String(id) };
			expect(wordsOf(await rent(account, { ...INDIA, options }))).toContain('Nothing was rented');
			expect(writesOf(account)).toEqual([]);
		},
	);

	it('a restricted number is pending, says so, and is not routed', async () => {
		const account = await newAccount();
		const uri = account.addUri();
		const trunk = account.addTrunk({
			trunk_direction: 'inbound',
			primary_uri_uuid: uri.uri_uuid,
		});
		const options = { allowRestricted: true };
		const output = outputOf(await rent(account, { country: 'AU', maxMonthlyRate: 8, options }));
		expect(output).toMatchObject({ rented: true, pending: true, restriction: 'city-address' });
		expect(output.first_charge).toBe(8);
		expect(warningsOf(output)).toContain(
			'is pending: it already costs money, and can’t take calls',
		);
		const route = { phoneNumber: String(output.number), trunkId: String(trunk.trunk_id) };
		const words = wordsOf(await run(account, 'phoneNumber', 'routeToTrunk', route));
		expect(words).toContain('is still pending');
		const again = outputOf(await rent(account, { country: 'AU', maxMonthlyRate: 8 }));
		expect(again).toMatchObject({ rented: false, pending: true });
	});

	it('one that the account does not list yet says that another run would rent a second one', async () => {
		const account = await newAccount();
		account.options.pendingUnlisted = true;
		const parameters = { country: 'AU', maxMonthlyRate: 8, options: { allowRestricted: true } };
		const output = outputOf(await rent(account, parameters));
		expect(output).toMatchObject({ rented: true, pending: true, alias: null });
		expect(warningsOf(output)).toContain('not on the account’s list yet');
		expect(warningsOf(output)).toContain('another run would rent a second number');
	});
});

describe('what is typed', () => {
	it.each<[INodeParameters, string]>([
		[{ country: '={{ $json.none }}' }, "'Country' is empty"],
		[{ country: 'Atlantis' }, '\'Country\' is "Atlantis", which is not a country'],
		[{ maxMonthlyRate: 0 }, "'Max Monthly Rate' is 0"],
		[{ maxMonthlyRate: '={{ "1,5" }}' }, 'which is not an amount in US dollars'],
		[{ alias: ' ' }, "'Alias' is empty"],
		[{ options: { phoneNumber: '+44 20 4577 0001' } }, 'not a number of United States'],
		[
			{ options: { phoneNumber: '14155770001' }, filters: { city: 'New York' } },
			"can’t be combined with 'Filters'",
		],
		[{ options: { complianceApplicationId: 'a/b' } }, "'Compliance Application ID' is not an ID"],
	])('%j is refused without a request', async (parameters, message) => {
		const account = await newAccount();
		expect(wordsOf(await rent(account, parameters))).toContain(message);
		expect(account.requests).toEqual([]);
	});

	it('names and other spellings of a country', async () => {
		const account = await newAccount();
		for (const country of ['us', 'United States', 'USA', ' US ']) {
			const alias = `of ${country}`;
			expect(outputOf(await rent(account, { country, alias })).number).toMatch(/^1/);
		}
	});
});
