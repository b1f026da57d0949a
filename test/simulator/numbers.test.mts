import type { AxiosInstance } from 'axios';

import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { accountOf, refusalOf } from './account.mts';

let simulator: Simulator;
let account: AxiosInstance;

beforeAll(async () => {
	const now = () => Date.parse('2026-11-20T12:00:00Z');
	simulator = await startSimulator({ now, rateLimit: false });
	account = accountOf(simulator);
});

beforeEach(() => simulator.reset());

afterAll(async () => await simulator.close());

const SEARCH = 'PhoneNumber/';
const COMPLIANCE = 'PhoneNumber/Compliance/';

const found = async (params: object) => (await account.get(SEARCH, { params })).data.objects;
const numbersOf = async (params: object) =>
	(await found(params)).map(({ number }: { number: string }) => number);
const [US, IN, AU] = ['14155770001', '912245770001', '61285770001'];
const rent = async (number: string, body = {}) => await account.post(`${SEARCH}${number}/`, body);

describe('the account itself', () => {
	it('has credits as text', async () => {
		const { status, data } = await account.get('');
		expect(status).toBe(200);
		expect(data).toEqual({
			api_id: expect.any(String),
			name: 'Simulated Account',
			account_type: 'standard',
			billing_mode: 'prepaid',
			cash_credits: '100.00000',
			auto_recharge: false,
			timezone: 'UTC',
		});
	});
});

describe('numbers to rent', () => {
	it('have what Plivo names of each', async () => {
		const { data } = await account.get(SEARCH, { params: { country_iso: 'US', pattern: '415' } });
		expect(data.meta.total_count).toBe(25);
		expect(data.objects).toHaveLength(20);
		const fields =
			'number prefix city country region rate_center lata type sub_type setup_rate monthly_rental_rate voice_enabled voice_rate sms_enabled restriction restriction_text';
		for (const field of fields.split(' ')) expect(data.objects[0]).toHaveProperty(field);
		expect(data.objects[0]).toMatchObject({
			number: expect.stringMatching(/^1415/),
			region: 'California, UNITED STATES',
			monthly_rental_rate: '0.50000',
			restriction: null,
		});
	});

	it.each(['US', 'CA', 'GB', 'IN', 'AU'])('are there in %s', async (country_iso) => {
		expect((await found({ country_iso })).length).toBeGreaterThan(4);
	});

	it('are found by country, type, pattern, npanxx, city, services, lata and rate center', async () => {
		const country_iso = 'US';
		expect(refusalOf(await account.get(SEARCH))).toEqual([400, 'country_iso is required']);
		expect((await account.get(`${SEARCH}?country_iso=US&type=satellite`)).status).toBe(400);
		expect(await numbersOf({ country_iso: 'FR' })).toEqual([]);
		expect(await numbersOf({ country_iso, type: 'tollfree', limit: 1 })).toEqual(['18885770005']);
		expect(await numbersOf({ country_iso, npanxx: '212577' })).toHaveLength(5);
		expect(await numbersOf({ country_iso, city: 'new york' })).toHaveLength(5);
		expect(await numbersOf({ country_iso, rate_center: 'NEW YORK', lata: '212' })).toHaveLength(5);
		expect(await numbersOf({ country_iso: 'IN', services: 'voice' })).toHaveLength(5);
		expect(await numbersOf({ country_iso: 'IN', services: 'voice,sms' })).toEqual([]);
	});
});

describe('renting', () => {
	it('costs at once and takes the number to the account', async () => {
		const { status, data } = await rent(US);
		expect(status).toBe(201);
		expect(data).toEqual({
			api_id: expect.any(String),
			message: 'created',
			status: 'fulfilled',
			numbers: [{ number: US, status: 'Success' }],
		});
		expect((await account.get(`Number/${US}/`)).data).toMatchObject({
			number: US,
			application: null,
			region: 'California, UNITED STATES',
			compliance_status: null,
			cnam: null,
			added_on: '2026-11-20',
		});
		expect(simulator.account.cash_credits).toBe('99.50000');
		expect([...simulator.state.rents.values()]).toMatchObject([{ number: US, charge: '0.50000' }]);
		expect((await rent(US)).status).toBe(404);
		expect(simulator.state.rents.size).toBe(1);
	});

	it('routes to the given application or to the default one; no other id is taken', async () => {
		const { app_id } = simulator.addApplication();
		const route = `/v1/Account/${simulator.authId}/Application/${app_id}/`;
		await rent(US, { app_id });
		expect(simulator.state.numbers.get(US)?.application).toBe(route);
		const { trunk_id } = simulator.addTrunk();
		expect((await rent('14155770002', { app_id: trunk_id })).status).toBe(400);
		const byDefault = simulator.addApplication({ default_app: true });
		await rent('14155770002');
		expect(simulator.state.numbers.get('14155770002')?.application).toContain(byDefault.app_id);
	});

	it('is refused when the credits are too low, unless they refill themselves', async () => {
		simulator.account.cash_credits = '7.99000';
		expect(refusalOf(await rent(AU))[1]).toContain('insufficient credits');
		expect(simulator.state.numbers.size + simulator.state.rents.size).toBe(0);
		simulator.account.auto_recharge = true;
		expect((await rent(AU)).status).toBe(201);
	});

	it.each([IN, AU])('is pending while documents are missing: %s', async (number) => {
		const { data } = await rent(number);
		expect([data.status, data.numbers[0].status]).toEqual(['pending', 'pending']);
		expect(simulator.state.numbers.get(number)?.compliance_status).toBe('pending');
	});

	it('is fulfilled with an accepted compliance application', async () => {
		const [accepted, rejected] = ['accepted', 'rejected'].map(
			(status) => simulator.addComplianceApplication({ status }).compliance_application_id,
		);
		const body = { compliance_application_id: accepted };
		expect((await rent(IN, body)).data.status).toBe('fulfilled');
		expect(simulator.state.numbers.get(IN)).toMatchObject({
			...body,
			compliance_status: 'accepted',
		});
		const other = { compliance_application_id: rejected };
		expect((await rent('912245770002', other)).data.status).toBe('pending');
		expect((await rent('912245770003', { compliance_application_id: 'x' })).status).toBe(400);
	});

	it('meets a number that somebody else has rented since the search', async () => {
		simulator.faults.add({ method: 'POST', path: SEARCH, times: 1, faults: [{ kind: 'vanish' }] });
		expect((await rent(US)).status).toBe(404);
		expect((await account.get(`Number/${US}/`)).status).toBe(404);
		expect((await rent('14155770002')).status).toBe(201);
	});

	it('is undone by DELETE Number', async () => {
		await rent(US);
		expect((await account.delete(`Number/${US}/`)).status).toBe(204);
		expect((await account.get(`Number/${US}/`)).status).toBe(404);
	});
});

describe('compliance', () => {
	it('applications are listed by country and status, and read one by one', async () => {
		const { compliance_application_id: id } = simulator.addComplianceApplication();
		simulator.addComplianceApplication({ status: 'rejected' });
		const list = await account.get(`${COMPLIANCE}?country_iso=IN&status=accepted`);
		expect(list.data.objects).toMatchObject([
			{ compliance_application_id: id, status: 'accepted' },
		]);
		expect((await account.get(`${COMPLIANCE}${id}/`)).data.status).toBe('accepted');
		simulator.variants.compliance = 'nested';
		expect((await account.get(`${COMPLIANCE}${id}/`)).data.compliance.status).toBe('accepted');
	});

	it('is linked to numbers of the account', async () => {
		await rent(IN);
		const { compliance_application_id } = simulator.addComplianceApplication();
		const link = async (numbers: object[]) => await account.post(`${COMPLIANCE}Link/`, { numbers });
		const { data } = await link([
			{ number: IN, compliance_application_id },
			{ number: '1', compliance_application_id },
		]);
		expect(data).toMatchObject({ total_count: 2, updated_count: 1 });
		expect(simulator.state.numbers.get(IN)).toMatchObject({
			compliance_application_id,
			compliance_status: 'accepted',
		});
		expect((await link([])).status).toBe(400);
		expect((await account.get(`${COMPLIANCE}Link/`)).status).toBe(405);
	});
});

describe('applications', () => {
	it('are listed and read', async () => {
		const { app_id, app_name } = simulator.addApplication();
		expect((await account.get('Application/')).data.objects).toMatchObject([{ app_id, app_name }]);
		expect((await account.get(`Application/${app_id}/`)).data).toMatchObject({ app_id, app_name });
	});
});

describe('a number of the account', () => {
	it('takes an alias and a subaccount, without its route', async () => {
		const number = simulator.addNumber({ application: 'x' });
		const change = async (body: object) =>
			(await account.post(`Number/${number.number}/`, body)).status;
		expect(await change({ alias: 'Front', subaccount: 'SA1' })).toBe(202);
		expect(number).toMatchObject({ alias: 'Front', sub_account: 'SA1', application: 'x' });
		expect(await change({ subaccount: '' })).toBe(202);
		expect(number.sub_account).toBeNull();
	});
});
