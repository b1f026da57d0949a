import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { COUNTRIES } from '../../nodes/PlivoSipTrunking/knowledge/countries.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, run, wordsOf, writesOf } from '../support/account.mts';
import { first, nth } from '../support/elements.mts';

afterEach(closeAccounts);

const search = (account: Simulator, parameters: INodeParameters = {}) =>
	run(account, 'phoneNumber', 'searchAvailable', { country: 'US', returnAll: true, ...parameters });

async function found(account: Simulator, parameters: INodeParameters = {}): Promise<IDataObject[]> {
	const { error, json } = await search(account, parameters);
	if (error) throw new Error(`${error.message} ${error.description ?? ''}`);
	return json;
}

/** So many numbers more. */
function stock(account: Simulator, count: number) {
	for (let serial = 0; serial < count; serial++) {
		account.add('stock', {
			number: String(13105770000 + serial),
			country: 'UNITED STATES',
			type: 'local',
			monthly_rental_rate: '0.50000',
			restriction: null,
		});
	}
}

describe('the search', () => {
	it('answers price, restriction and what it means', async () => {
		const account = await newAccount();
		const numbers = await found(account, { country: 'AU' });
		expect(numbers).toHaveLength(10);
		expect(numbers.find(({ type }) => type === 'local')).toEqual({
			number: expect.stringMatching(/^6128577/),
			type: 'local',
			city: 'Sydney',
			region: 'New South Wales, AUSTRALIA',
			country: 'AUSTRALIA',
			monthly_rental_rate: 3,
			setup_rate: 5,
			restriction: 'city-address',
			restriction_meaning: 'Plivo asks for proof of an address in the city of the number',
			voice_enabled: true,
		});
		expect(numbers.find(({ type }) => type === 'mobile')?.restriction_meaning).toBe(
			'Plivo asks you to accept terms and conditions of the country',
		);
		const [raw] = await found(account, { country: 'US', simplify: false });
		expect(raw).toMatchObject({ restriction_meaning: null, restriction: null });
		expect(raw).toHaveProperty('lata');
		expect(writesOf(account)).toEqual([]);
	});

	it.each(COUNTRIES.slice(0, 400).filter(({ code }) => 'US CA GB IN AU'.includes(code)))(
		'takes $name by its code and by its name',
		async ({ code, name }) => {
			const account = await newAccount();
			const [byCode, byName] = [
				await found(account, { country: code }),
				await found(account, { country: name }),
			];
			expect(byCode.length).toBeGreaterThan(4);
			expect(byName).toEqual(byCode);
			expect(first(account.requests).query.country_iso).toBe(code);
		},
	);

	it.each<[INodeParameters, IDataObject]>([
		[{ pattern: '415' }, { pattern: '415' }],
		[{ pattern: '+1 (415)' }, { pattern: '415' }],
		[{ npanxx: '415-577' }, { npanxx: '415577' }],
		[{ city: ' San Francisco ' }, { city: 'San Francisco', type: 'local' }],
		[
			{ city: 'San Francisco', numberType: 'local' },
			{ city: 'San Francisco', type: 'local' },
		],
		[{ rateCenter: 'SAN FRANCISCO' }, { rate_center: 'SAN FRANCISCO' }],
		[{ lata: '415' }, { lata: '415' }],
		[
			{ services: ['voice', 'sms'], pattern: '415' },
			{ services: 'voice,sms', pattern: '415' },
		],
	])('%j asks Plivo for %j', async (filters, query) => {
		const account = await newAccount();
		expect(await found(account, { filters })).toHaveLength(25);
		expect(first(account.requests).query).toEqual({
			country_iso: 'US',
			limit: '20',
			offset: '0',
			...query,
		});
	});

	it('searches fixed numbers by region', async () => {
		const account = await newAccount();
		expect(await found(account, { filters: { region: 'Berlin' } })).toEqual([]);
		expect(first(account.requests).query).toMatchObject({ region: 'Berlin', type: 'fixed' });
	});

	it.each<[INodeParameters, string]>([
		[
			{ filters: { city: 'Rome', numberType: 'mobile' } },
			"'City' can’t be combined with 'Number Type'",
		],
		[
			{ filters: { region: 'X', numberType: 'local' } },
			"'Region' can’t be combined with 'Number Type'",
		],
		[{ filters: { city: 'X', region: 'Y' } }, "'City' can’t be combined with 'Region'"],
		[
			{ filters: { npanxx: '415577', pattern: '415' } },
			"'NPANXX' can’t be combined with 'Pattern'",
		],
		[{ country: 'GB', filters: { npanxx: '415577' } }, "'NPANXX' can’t be combined with 'Country'"],
		[
			{ country: 'GB', filters: { rateCenter: 'X' } },
			"'Rate Center' can’t be combined with 'Country'",
		],
		[{ country: 'GB', filters: { lata: '722' } }, "'LATA' can’t be combined with 'Country'"],
		[{ filters: { npanxx: '115577' } }, '\'NPANXX\' is "115577"'],
		[{ filters: { npanxx: '415' } }, '\'NPANXX\' is "415"'],
		[{ filters: { lata: 'x' } }, '\'LATA\' is "x"'],
		[{ filters: { pattern: 'SALES' } }, '\'Pattern\' is "SALES"'],
		[{ filters: { pattern: '+44 20' } }, 'numbers of United States begin with +1'],
		[{ filters: { numberType: '={{ "satellite" }}' } }, '\'Number Type\' is "satellite"'],
		[{ country: 'XX' }, '\'Country\' is "XX", which is not a country'],
		[{ returnAll: false, limit: '={{ 0 }}' }, "'Limit' is 0"],
	])('%j is refused by name, without a request', async (parameters, message) => {
		const account = await newAccount();
		expect(wordsOf(await search(account, parameters))).toContain(message);
		expect(account.requests).toEqual([]);
	});

	it('reads no more pages than the limit takes, and these at the same time', async () => {
		const account = await newAccount();
		stock(account, 300);
		account.options.latencyMs = 50;
		const filters = { pattern: '310' };
		const limited = await found(account, { returnAll: false, limit: 100, filters });
		expect(limited).toHaveLength(100);
		expect(account.requests.length).toBeLessThan(8);
		account.clearRequests();
		expect(await found(account, { filters })).toHaveLength(300);
		expect(account.requests).toHaveLength(16);
		// One after the other, each would come 50 ms after the one before at the earliest.
		const gaps = account.requests
			.slice(1)
			.map(({ at }, index) => at - nth(account.requests, index).at);
		expect(Math.min(...gaps)).toBeLessThan(50);
	});

	it('names none twice while numbers come and go', async () => {
		const account = await newAccount();
		stock(account, 200);
		let serial = 0;
		account.onRequest(({ query }) => {
			if (query.offset === '0') return;
			const gone = first(account.state.stock.keys());
			account.state.stock.delete(String(13105770000 + 150 - serial));
			account.state.stock.delete(gone);
			account.add('stock', {
				number: String(13105779000 + serial++),
				country: 'UNITED STATES',
				type: 'local',
			});
		});
		const numbers = (await found(account, { filters: { pattern: '310' } })).map(
			({ number }) => number,
		);
		expect(new Set(numbers).size).toBe(numbers.length);
		expect(numbers.length).toBeGreaterThan(150);
		expect(serial).toBeGreaterThan(5);
	});

	it('leaves out what a filter of Plivo’s has let through', async () => {
		const account = await newAccount();
		const wanted = account.state.stock.get('12125770001');
		Object.assign(wanted ?? {}, { type: 'local', sms_enabled: true });
		account.onRequest(({ query }) => {
			delete query.type;
			delete query.pattern;
		});
		const filters = { numberType: 'local', pattern: '212' };
		expect(await found(account, { filters })).toHaveLength(5);
	});

	it('a country that is not open: the reason and the remedy', async () => {
		const account = await newAccount();
		account.options.closedCountries = ['US'];
		const words = wordsOf(await search(account));
		expect(words).toContain('Plivo does not search numbers of United States for this account');
		expect(words).toContain('are not enabled for this account');
		expect(words).toContain('ask Plivo support to open it');
	});

	it('a passing failure is tried again', async () => {
		const account = await newAccount();
		account.faults.add({ times: 1, faults: [{ kind: 'status', status: 503 }] });
		expect(await found(account, { filters: { pattern: '415' } })).toHaveLength(25);
	});
});
