import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Simulator, Variants } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { first } from '../support/elements.mts';

afterEach(closeAccounts);

const INDIAN = '912245550101';
const AMERICAN = '14155550101';
const COMPLIANCE = '/PhoneNumber/Compliance/';

/** An account with an inbound trunk, an American number, and an Indian one with an application of this status. */
async function accountWith(
	status: string | null,
	variants: Partial<Variants> = {},
): Promise<Simulator> {
	const account = await newAccount({ variants });
	account.addTrunk({
		trunk_id: '21784177241578123',
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: account.addUri().uri_uuid,
	});
	account.addNumber({ number: AMERICAN });
	const application = status === null ? undefined : account.addComplianceApplication({ status });
	account.addNumber({
		number: INDIAN,
		country: 'India',
		region: 'Maharashtra, INDIA',
		compliance_application_id: application?.compliance_application_id ?? null,
		compliance_status: status,
	});
	return account;
}

/** What routes numbers to a trunk. */
const OPERATIONS: Array<
	[
		name: string,
		route: (numbers: string, options: IDataObject) => [string, string, INodeParameters],
	]
> = [
	[
		'Route to Trunk',
		(numbers, options) => [
			'phoneNumber',
			'routeToTrunk',
			{ phoneNumber: numbers, trunkId: '21784177241578123', options: options as INodeParameters },
		],
	],
	[
		'Provision Inbound',
		(numbers, options) => [
			'provisioning',
			'provisionInbound',
			{
				name: 'Bharat',
				primaryUri: 'pbx.example.in:5060;transport=udp',
				phoneNumbers: numbers,
				options: options as INodeParameters,
			},
		],
	],
	[
		'Connect Platform',
		(numbers, options) => [
			'provisioning',
			'connectPlatform',
			{
				platform: 'custom',
				platformHost: 'pbx.example.in',
				transport: 'udp',
				name: 'Bharat',
				phoneNumbers: numbers,
				options: options as INodeParameters,
			},
		],
	],
];

const isRouted = (account: Simulator, number = INDIAN) =>
	account.state.numbers.get(number)?.application !== null;

const asked = (account: Simulator) =>
	account.requests.filter(({ path }) => path.startsWith(COMPLIANCE)).map(({ path }) => path);

const warningsOf = ({ warnings = [] }: IDataObject) => (warnings as string[]).join('\n');

describe.each(OPERATIONS)('%s', (_name, operation) => {
	const routing = (account: Simulator, options: IDataObject = {}, numbers = INDIAN) =>
		run(account, ...operation(numbers, options));

	it.each(['top', 'nested'] as const)(
		'goes on where the application is accepted (status %s)',
		async (compliance) => {
			const account = await accountWith('accepted', { compliance });
			const output = outputOf(await routing(account));
			expect(isRouted(account)).toBe(true);
			expect(warningsOf(output)).not.toMatch(/compliance/i);
			expect(asked(account)).toHaveLength(1);
			// Before anything is written.
			const order = account.requests.map(({ method, path }) =>
				path.startsWith(COMPLIANCE) ? 'asked' : method,
			);
			expect(order.indexOf('asked')).toBeLessThan(order.indexOf('POST'));
		},
	);

	it('goes on where none is attached, and warns', async () => {
		const account = await accountWith(null);
		const output = outputOf(await routing(account));
		expect(isRouted(account)).toBe(true);
		expect(warningsOf(output)).toContain(
			`No compliance application is attached to the Indian phone number ${INDIAN}`,
		);
		expect(warningsOf(output)).toContain('Phone Numbers > Compliance');
		expect(asked(account)).toEqual([]);
	});

	describe.each(['top', 'nested'] as const)('with the status %s', (compliance) => {
		it.each(['submitted', 'rejected', 'suspended', 'not accepted', 'draft'])(
			'refuses %s, writes nothing, and says how to fix it',
			async (status) => {
				const account = await accountWith(status, { compliance });
				const words = wordsOf(await routing(account));
				expect(words).toContain(`is "${status}", not accepted`);
				expect(words).toContain(INDIAN);
				expect(words).toContain('Phone Numbers > Compliance in the Plivo console');
				expect(words).toContain('Skip Compliance Check');
				expect(isRouted(account)).toBe(false);
				expect(writesOf(account)).toEqual([]);
			},
		);
	});

	it.each([
		['gone', { kind: 'status', status: 404, body: { error: 'not found' } }],
		['forbidden', { kind: 'status', status: 403 }],
		['out of reach', { kind: 'status', status: 503 }],
		['a web page', { kind: 'html' }],
		['without a status', { kind: 'status', status: 200, body: { api_id: 'a' } }],
		['null', { kind: 'status', status: 200, body: { status: null, compliance: null } }],
	] as const)('refuses an application that is %s', async (_what, fault) => {
		const account = await accountWith('accepted');
		account.faults.add({ path: COMPLIANCE, faults: [fault] });
		const words = wordsOf(await routing(account, { maxRetries: 0 }));
		expect(words).toContain('could not be read');
		expect(words).toContain('Skip Compliance Check');
		expect(isRouted(account)).toBe(false);
		expect(writesOf(account)).toEqual([]);
	});

	it.each(['rejected', null])(
		'Skip Compliance Check overrides (%p), without a look',
		async (status) => {
			const account = await accountWith(status);
			const output = outputOf(await routing(account, { skipComplianceCheck: true }));
			expect(isRouted(account)).toBe(true);
			expect(asked(account)).toEqual([]);
			expect(warningsOf(output)).not.toMatch(/compliance/i);
		},
	);

	it('asks nothing about numbers of other countries', async () => {
		const account = await accountWith('rejected');
		Object.assign(account.state.numbers.get(AMERICAN) ?? {}, {
			compliance_application_id: 'c1',
			region: 'Indiana, UNITED STATES',
		});
		outputOf(await routing(account, {}, AMERICAN));
		expect(isRouted(account, AMERICAN)).toBe(true);
		expect(asked(account)).toEqual([]);
	});
});

describe.each(OPERATIONS.slice(1))('%s', (_name, operation) => {
	it('refuses all numbers for one of them', async () => {
		const account = await accountWith('submitted');
		const words = wordsOf(await run(account, ...operation(`${AMERICAN}, ${INDIAN}`, {})));
		expect(words).toContain(INDIAN);
		expect(isRouted(account, AMERICAN)).toBe(false);
		expect(writesOf(account)).toEqual([]);
	});

	it('refuses in Plan Only too', async () => {
		const account = await accountWith('submitted');
		const words = wordsOf(await run(account, ...operation(INDIAN, { planOnly: true })));
		expect(words).toContain('is "submitted", not accepted');
	});

	it('warns in Plan Only where none is attached', async () => {
		const account = await accountWith(null);
		const output = outputOf(await run(account, ...operation(INDIAN, { planOnly: true })));
		expect(output.planned).toBe(true);
		expect(warningsOf(output)).toContain('No compliance application is attached');
		expect(writesOf(account)).toEqual([]);
	});

	it('makes the rest where numbers are routed later, and names what will be in the way', async () => {
		const account = await accountWith('submitted');
		const output = outputOf(await run(account, ...operation(INDIAN, { routeNumbers: false })));
		expect(isRouted(account)).toBe(false);
		expect(warningsOf(output)).toContain('is "submitted", not accepted');
		expect([...account.state.trunks.values()].map(({ name }) => name)).toContain('Bharat inbound');
	});
});

it('an application takes the calls of any number: the gate is that of trunks', async () => {
	const account = await accountWith('rejected');
	const { app_id } = account.addApplication();
	outputOf(
		await run(account, 'phoneNumber', 'routeToApplication', {
			phoneNumber: INDIAN,
			applicationId: app_id as string,
		}),
	);
	expect(asked(account)).toEqual([]);
});

it('a disabled trunk takes a number where the option says so', async () => {
	const account = await accountWith('accepted');
	Object.assign(account.state.trunks.get('21784177241578123') ?? {}, { trunk_status: 'disabled' });
	const [, operation] = first(OPERATIONS);
	const refused = wordsOf(await run(account, ...operation(AMERICAN, {})));
	expect(refused).toContain('is disabled');
	expect(refused).toContain('Allow Disabled Trunk');
	outputOf(await run(account, ...operation(AMERICAN, { allowDisabledTrunk: true })));
	expect(isRouted(account, AMERICAN)).toBe(true);
});
