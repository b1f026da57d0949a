import type { INodeParameters } from 'n8n-workflow';

import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';

afterEach(closeAccounts);

const rent = (account: Simulator, parameters: INodeParameters = {}) =>
	run(account, 'phoneNumber', 'rent', {
		country: 'US',
		maxMonthlyRate: 1,
		alias: 'Acme',
		...parameters,
	});

const rentsOf = ({ state }: Simulator) => [...state.rents.values()];

describe('renting', () => {
	it('takes the cheapest that fits, gives it the alias, and tells what it costs', async () => {
		const account = await newAccount();
		const output = outputOf(await rent(account));
		expect(output).toMatchObject({
			alias: 'Acme',
			rented: true,
			pending: false,
			monthly_rental_rate: '0.50000',
			setup_rate: '0.00000',
			first_charge: 0.5,
			restriction: null,
		});
		expect(output).not.toHaveProperty('warnings');
		expect(rentsOf(account)).toHaveLength(1);
		expect(account.state.numbers.get(String(output.number))?.alias).toBe('Acme');
		expect(writesOf(account)).toEqual([
			`POST /PhoneNumber/${String(output.number)}/`,
			`POST /Number/${String(output.number)}/`,
		]);
	});

	it('answers the number of the alias the second time', async () => {
		const account = await newAccount();
		const first = outputOf(await rent(account));
		const second = outputOf(await rent(account, { alias: ' Acme ' }));
		expect(second).toMatchObject({ number: first.number, rented: false });
		expect(rentsOf(account)).toHaveLength(1);
	});

	it('says no', async () => {
		const account = await newAccount();
		console.log(
			wordsOf(await rent(account, { maxMonthlyRate: 0.1 })),
			wordsOf(await rent(account, { country: 'AU', maxMonthlyRate: 4 })),
			wordsOf(await rent(account, { country: 'AU', maxMonthlyRate: 8 })),
			wordsOf(await rent(account, { country: 'FR', maxMonthlyRate: 8 })),
			wordsOf(await rent(account, { country: 'IN', maxMonthlyRate: 8 })),
		);
		expect(rentsOf(account)).toHaveLength(0);
	});
});
