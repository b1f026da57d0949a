import type { INodeParameters } from 'n8n-workflow';

import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator } from '../../../simulator/simulator.mts';
import { newAccount, outputOf, run, wordsOf, writesOf } from '../../support/account.mts';
import { quickly } from '../../support/quickly.mts';

/** What made a promise about rented numbers false once. */

quickly();

const NUMBER = '14155550101';
const VERY_ONE = '12125770003';
const TRUNK = '21784000000000001';

const rent = async (account: Simulator, parameters: INodeParameters = {}) =>
	await run(account, 'phoneNumber', 'rent', {
		country: 'US',
		maxMonthlyRate: 1,
		alias: 'Acme',
		...parameters,
	});

const rented = ({ state }: Simulator) =>
	[...state.rents.values()].map(({ number }) => String(number));

const aliasOf = ({ state }: Simulator, number: string) => state.numbers.get(number)?.alias;

const refusedOnce = (account: Simulator, path: RegExp, kind: 'reset' | 'resetAfter' | 400) =>
	account.faults.add({
		method: 'POST',
		path,
		times: 1,
		faults: [kind === 400 ? { kind: 'status', status: 400 } : { kind }],
	});

/** The route to Bolt's trunk, as a number's record has it. */
function liveRoute(account: Simulator): string {
	account.addTrunk({
		trunk_id: TRUNK,
		name: 'Bolt inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: account.addUri().uri_uuid,
	});
	return `/v1/Account/${account.authId}/Zentrunk/Trunk/${TRUNK}/`;
}

it('one that got another alias is not taken back', async () => {
	const account = await newAccount();
	refusedOnce(account, /^\/Number\/\d+\/$/, 400);
	await rent(account);
	const [number = ''] = rented(account);
	const other = { phoneNumber: number, updateFields: { alias: 'Bolt' } };
	await run(account, 'phoneNumber', 'update', other);
	await rent(account);
	expect(aliasOf(account, number)).toBe('Bolt');
});

it('one whose calls go to a trunk is not adopted, asked for by its number', async () => {
	const account = await newAccount();
	account.addNumber({ number: VERY_ONE, alias: null, application: liveRoute(account) });
	expect(wordsOf(await rent(account, { options: { phoneNumber: VERY_ONE } }))).toContain(
		`its calls go to trunk ${TRUNK}`,
	);
	expect(aliasOf(account, VERY_ONE)).toBeNull();
});

it('one that a colleague rented after an attempt that failed is not adopted', async () => {
	const account = await newAccount();
	refusedOnce(account, /^\/PhoneNumber\//, 'reset');
	await rent(account, { options: { maxRetries: 0 } });
	const post = account.requests.find(({ method }) => method === 'POST');
	const number = String(post?.path.split('/')[2]);
	account.state.stock.delete(number);
	account.addNumber({ number, alias: null, application: liveRoute(account) });
	await rent(account);
	expect(aliasOf(account, number)).toBeNull();
});

it.each([
	[{ filters: { city: 'New York' } }, /^1212/],
	[{ country: 'CA' }, /^1416/],
])('a search filter that Plivo ignores buys nothing else: %j', async (wanted, shape) => {
	const account = await newAccount();
	account.options.ignoreListFilters = true;
	await rent(account, wanted);
	for (const number of rented(account)) expect(number).toMatch(shape);
});

it('too little credit is told as that, where Plivo ignores search filters', async () => {
	const account = await newAccount();
	account.options.ignoreListFilters = true;
	Object.assign(account.account, { cash_credits: '0.30000', billing_mode: 'postpaid' });
	expect(wordsOf(await rent(account))).toContain('insufficient credits');
	expect(writesOf(account)).toHaveLength(1);
});

it('an alias that Plivo stores differently is named', async () => {
	const account = await newAccount();
	account.onRequest(() => {
		for (const number of account.state.numbers.values()) {
			if (typeof number.alias === 'string') number.alias = number.alias.slice(0, 20);
		}
	});
	const wanted = { alias: 'Acme Limited of Great Britain and Ireland' };
	expect(wordsOf(await rent(account, wanted))).toContain('has the alias "Acme Limited of Grea');
	expect(rented(account)).toHaveLength(1);
});

it('an alias that somebody has just written in another spelling is found', async () => {
	const account = await newAccount();
	for (let n = 0; n < 60; n++) {
		const number = String(Number(NUMBER) + n);
		account.addNumber({ number, alias: `N${n}`, added_on: '2020-01-01' });
	}
	await rent(account, { alias: 'First' });
	Object.assign(account.state.numbers.get('14155550130') ?? {}, { alias: 'Acme  Ltd' });
	expect(outputOf(await rent(account, { alias: 'Acme Ltd' })).number).toBe('14155550130');
});

it('the default application is named by a second run as well', async () => {
	const account = await newAccount();
	account.addApplication({ app_name: 'Demo', default_app: true });
	await rent(account);
	expect(JSON.stringify(outputOf(await rent(account)).warnings)).toContain('default application');
});

it('a price that is no number comes last', async () => {
	for (const alias of ['a', 'b', 'c', 'd']) {
		const account = await newAccount();
		for (const offer of [...account.state.stock.values()]) {
			const number = Number(offer.number);
			if (!String(number).startsWith('1415')) account.state.stock.delete(String(number));
			else if (number % 2) offer.monthly_rental_rate = 'on request';
			else offer.monthly_rental_rate = number === 14155770012 ? '0.10000' : '0.90000';
		}
		expect(outputOf(await rent(account, { alias })).monthly_rental_rate).toBe(0.1);
	}
});

it('a price that was raised at the last moment is told', async () => {
	const account = await newAccount();
	account.onRequest(({ method }) => {
		if (method !== 'POST') return;
		for (const offer of account.state.stock.values()) offer.monthly_rental_rate = '9.00000';
	});
	expect(JSON.stringify(outputOf(await rent(account)).warnings)).toContain('more than the price');
});

it('a trunk is not deleted while a number that was released takes its calls there again', async () => {
	const account = await newAccount();
	const application = liveRoute(account);
	account.addNumber({ number: NUMBER, alias: 'Acme' });
	settling.ms = 5_000;
	outputOf(await run(account, 'phoneNumber', 'release', { phoneNumber: NUMBER }));
	account.addNumber({ number: NUMBER, alias: 'Bolt', application });
	const { error } = await run(account, 'trunk', 'delete', { trunkId: TRUNK });
	expect(error?.message).toContain(NUMBER);
});

it('one whose route is not understood is not released', async () => {
	const account = await newAccount();
	account.addNumber({ number: NUMBER, application: `${liveRoute(account)}?v=1` });
	const { error } = await run(account, 'phoneNumber', 'release', { phoneNumber: NUMBER });
	expect(error?.message).toContain('may be a trunk');
});
