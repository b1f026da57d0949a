import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, outputOf, run, writesOf } from '../support/account.mts';

/** What a number costs, where Plivo has more of them than are read, or doesn't say all of it. */

beforeEach(() => void jest.replaceProperty(settling, 'ms', 100));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const rent = async (account: Simulator, parameters: INodeParameters = {}) =>
	outputOf(
		await run(account, 'phoneNumber', 'rent', {
			country: 'US',
			maxMonthlyRate: 2,
			alias: 'Acme',
			...parameters,
		}),
	);

/** Only these numbers are to be rented. */
function stock(account: Simulator, ...numbers: IDataObject[]): void {
	account.state.stock.clear();
	for (const number of numbers) {
		account.add('stock', {
			country: 'UNITED STATES',
			type: 'local',
			setup_rate: '0.00000',
			monthly_rental_rate: '0.50000',
			restriction: null,
			voice_enabled: true,
			...number,
		});
	}
}

const many = (count: number, first: number, fields: IDataObject) =>
	Array.from({ length: count }, (_, index) => ({ number: String(first + index), ...fields }));

const tollFree = many(510, 18885770001, { type: 'tollfree', monthly_rental_rate: '1.00000' });

const warningsOf = ({ warnings = [] }: IDataObject) => (warnings as string[]).join(' ');

describe('more numbers than are read', () => {
	it('the cheapest kind is found behind 510 of a dearer one', async () => {
		const account = await newAccount({ variants: { order: 'oldest' } });
		stock(account, ...tollFree, ...many(3, 14155770001, {}));
		expect(await rent(account)).toMatchObject({ number_type: 'local', first_charge: 0.5 });
		const searches = account.requests.filter(({ path }) => path === '/PhoneNumber/');
		expect(searches.length).toBeLessThan(35);
	});

	it('a kind that Plivo refuses to search is left out', async () => {
		const account = await newAccount({ variants: { order: 'oldest' } });
		stock(account, ...tollFree);
		// The first search asks for no type.
		account.onRequest(({ query, path }) => {
			const isOfType = path === '/PhoneNumber/' && query.type !== undefined;
			account.options.closedCountries = isOfType ? ['US'] : [];
		});
		expect(await rent(account)).toMatchObject({ number_type: 'tollfree', rented: true });
	});

	it('a kind that is asked for is kept to', async () => {
		const account = await newAccount({ variants: { order: 'oldest' } });
		stock(account, ...tollFree, ...many(3, 14155770001, {}));
		const filters = { numberType: 'tollfree' };
		expect(await rent(account, { filters })).toMatchObject({ number_type: 'tollfree' });
		const types = account.requests.flatMap(({ query }) => query.type ?? []);
		expect(new Set(types)).toEqual(new Set(['tollfree']));
	});
});

describe('a set-up fee that Plivo doesn’t say', () => {
	it('is told, since the limit could not be held against it', async () => {
		const account = await newAccount();
		stock(account, { number: '14155770001', setup_rate: null });
		const output = await rent(account);
		expect(output).toMatchObject({ rented: true, setup_rate: null, first_charge: 0.5 });
		expect(warningsOf(output)).toContain(
			'Plivo doesn’t say what it costs to set up phone number 14155770001',
		);
	});

	it('comes behind one that is said to cost nothing', async () => {
		const account = await newAccount();
		stock(
			account,
			...many(20, 14155770001, { setup_rate: null }),
			{ number: '14155770099' },
			...many(20, 14155770101, { setup_rate: '' }),
		);
		const output = await rent(account);
		expect(output.number).toBe('14155770099');
		expect(output).not.toHaveProperty('warnings');
	});
});

it('a number that costs more a month than it was offered for is told', async () => {
	const account = await newAccount();
	stock(account, { number: '14155770001' });
	account.onRequest(({ method }) => {
		const rented = method === 'GET' ? account.state.numbers.get('14155770001') : undefined;
		if (rented) rented.monthly_rental_rate = '9.00000';
	});
	expect(warningsOf(await rent(account))).toContain(
		'Phone number 14155770001 costs USD 9.00 a month, more than the price that Plivo offered (USD 0.50 a month).',
	);
});

describe('a compliance status beside "pending" and "accepted"', () => {
	const withStatus = async (status: unknown) => {
		const account = await newAccount();
		const application = { application: null, compliance_status: status };
		account.addNumber({ number: '442045550123', alias: 'Acme', country: 'GB', ...application });
		const { uri_uuid: uri } = account.addUri();
		const { trunk_id } = account.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: uri });
		return { account, trunkId: String(trunk_id) };
	};

	it.each(['rejected', 'Suspended', 'in-review'])(
		'%s is told where it is routed or found',
		async (status) => {
			const { account, trunkId } = await withStatus(status);
			const words = `Phone number 442045550123 has the compliance status "${status}"`;
			expect(warningsOf(await rent(account, { country: 'GB' }))).toContain(words);
			const routing = { phoneNumber: '442045550123', trunkId };
			const routed = outputOf(await run(account, 'phoneNumber', 'routeToTrunk', routing));
			expect(warningsOf(routed)).toContain(words);
			expect(writesOf(account)).toHaveLength(1);
		},
	);

	it('submitted is told where it is rented', async () => {
		const account = await newAccount();
		account.onRequest(({ method }) => {
			const [rented] = method === 'GET' ? account.state.rents.values() : [];
			const number = account.state.numbers.get(String(rented?.number));
			if (number) number.compliance_status = 'submitted';
		});
		const output = await rent(account);
		expect(output).toMatchObject({ rented: true, pending: false });
		expect(warningsOf(output)).toContain('has the compliance status "submitted"');
	});

	it.each(['accepted', 'Approved', 'not_required', '', null])('%j is in order', async (status) => {
		const { account, trunkId } = await withStatus(status);
		const routing = { phoneNumber: '442045550123', trunkId };
		const routed = outputOf(await run(account, 'phoneNumber', 'routeToTrunk', routing));
		expect(routed).not.toHaveProperty('warnings');
	});
});
