import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { PlivoRecord, Simulator, Variants } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { exactly, first } from '../support/elements.mts';

afterEach(closeAccounts);

const NUMBER = '14155550101';
const INDIAN = '912245550101';

/** An account with a number on an inbound trunk, and an outbound trunk. */
async function readyAccount({
	number = {},
	inbound = {},
	outbound = {},
	variants = {},
}: {
	number?: PlivoRecord;
	inbound?: PlivoRecord;
	outbound?: PlivoRecord;
	variants?: Partial<Variants>;
} = {}): Promise<Simulator> {
	const account = await newAccount({ variants });
	const { uri_uuid } = account.addUri();
	const { trunk_id } = account.addTrunk({
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri_uuid,
		fallback_uri_uuid: account.addUri().uri_uuid,
		...inbound,
	});
	account.addTrunk({
		name: 'Acme outbound',
		credential_uuid: account.addCredential().credential_uuid,
		...outbound,
	});
	account.addNumber({
		number: NUMBER,
		application: `/v1/Account/${account.authId}/Zentrunk/Trunk/${String(trunk_id)}/`,
		...number,
	});
	return account;
}

interface Check {
	name: string;
	status: 'pass' | 'warn' | 'fail' | 'info';
	detail: string;
	fix: string;
}

async function check(
	account: Simulator,
	phoneNumber = NUMBER,
	rest: INodeParameters = {},
): Promise<IDataObject & { checks: Check[] }> {
	const output = outputOf(
		await run(account, 'provisioning', 'checkReadiness', { phoneNumber, ...rest }),
	);
	return output as IDataObject & { checks: Check[] };
}

const named = ({ checks }: { checks: Check[] }, name: string) =>
	checks.find((one) => one.name === name);

it('begins with the account, ends with what no API shows, and only reads', async () => {
	const account = await readyAccount();
	const output = await check(account);
	expect(output.ready).toBe(true);
	expect(output.checks.map(({ name, status }) => `${status} ${name}`)).toEqual([
		'pass Account',
		'pass Phone number',
		'pass Voice',
		'pass Route',
		'pass Trunk',
		'pass Primary URI',
		'pass Primary URI transport',
		'pass Fallback URI',
		'pass Fallback URI transport',
		'pass Outbound trunk',
		'info Geo permissions',
		'info Concurrent calls',
		'info Calls per second',
	]);
	expect(writesOf(account)).toEqual([]);
	for (const { status, detail, fix } of output.checks) {
		expect(detail).toMatch(/^[A-Z].*\.$/);
		if (status !== 'pass') expect(fix).toMatch(/^[A-Z].*\.$/);
	}
});

describe('the account', () => {
	it.each<[PlivoRecord, string]>([
		[{ cash_credits: '0.00001' }, 'pass'],
		[{ cash_credits: 12.5 }, 'pass'],
		[{ cash_credits: '0.00000' }, 'fail'],
		[{ cash_credits: '-3.20000' }, 'fail'],
		[{ cash_credits: '0.00000', auto_recharge: true }, 'pass'],
		[{ cash_credits: '-3.20000', auto_recharge: 'true' }, 'pass'],
		[{ cash_credits: '0', auto_recharge: 'false' }, 'fail'],
		[{ cash_credits: undefined }, 'warn'],
		[{ cash_credits: null, auto_recharge: true }, 'pass'],
	])('%j: %s', async (record, status) => {
		const account = await readyAccount();
		Object.assign(account.account, record);
		const output = await check(account);
		expect(output.checks[0]).toMatchObject({ name: 'Account', status });
		expect(output.ready).toBe(status !== 'fail');
		if (status === 'fail') {
			expect(first(output.checks).detail).toContain(`${Number(record.cash_credits)} credits`);
			expect(first(output.checks).fix).toContain('Add credit');
		}
	});

	it.each([403, 404])(
		'a token that may not see it (%i) leaves the other checks',
		async (status) => {
			const account = await readyAccount();
			account.faults.add({
				path: /^\/$/,
				faults: [{ kind: 'status', status, body: { error: 'not for this token' } }],
			});
			const output = await check(account);
			expect(output.ready).toBe(true);
			expect(output.checks[0]).toMatchObject({ name: 'Account', status: 'warn' });
			expect(first(output.checks).fix).toContain('Plivo console');
		},
	);

	it('is no matter of luck: out of reach is an error, not a check', async () => {
		const account = await readyAccount();
		account.faults.add({ path: /^\/$/, faults: [{ kind: 'status', status: 503 }] });
		const parameters = { phoneNumber: NUMBER, options: { maxRetries: 0 } };
		expect(wordsOf(await run(account, 'provisioning', 'checkReadiness', parameters))).toContain(
			'Plivo is not available',
		);
	});
});

describe('secure', () => {
	it.each([
		[false, 'sip.example.com:5061;transport=tls'],
		[true, 'sip.example.com:5060;transport=tcp'],
		[true, 'sip.example.com:5061;transport=tls'],
	])('is nothing to hold against an inbound trunk (%p, %s)', async (secure, uri) => {
		const account = await readyAccount({ inbound: { secure } });
		for (const record of account.state.uris.values()) record.uri = uri;
		const output = await check(account);
		expect(output.ready).toBe(true);
		expect(JSON.stringify(output.checks)).not.toMatch(/secure|encrypt/i);
	});

	it('of an outbound trunk asks for TLS from the PBX', async () => {
		const account = await readyAccount({ outbound: { secure: true } });
		const output = await check(account);
		expect(output.ready).toBe(true);
		expect(named(output, 'Outbound encryption')).toMatchObject({
			status: 'info',
			detail: expect.stringMatching(/Acme outbound.*must dial over TLS/),
			fix: expect.stringContaining('TLS'),
		});
	});

	it('of an outbound trunk that carries no calls is no matter', async () => {
		const account = await readyAccount({ outbound: { secure: true, trunk_status: 'disabled' } });
		expect(named(await check(account), 'Outbound encryption')).toBeUndefined();
	});
});

describe('an Indian number', () => {
	const indian = async (status: string | null, variants: Partial<Variants> = {}) => {
		const account = await readyAccount({
			number: { number: INDIAN, country: 'India', region: 'Maharashtra, INDIA' },
			variants,
		});
		if (status !== null) {
			Object.assign(account.state.numbers.get(INDIAN) ?? {}, {
				compliance_application_id: account.addComplianceApplication({ status })
					.compliance_application_id,
			});
		}
		return account;
	};

	it.each<[string | null, 'top' | 'nested', string]>([
		['accepted', 'top', 'pass'],
		['accepted', 'nested', 'pass'],
		[null, 'top', 'warn'],
		['submitted', 'top', 'fail'],
		['rejected', 'nested', 'fail'],
	])('with an application that is %p (%s): %s', async (state, compliance, status) => {
		const output = await check(await indian(state, { compliance }), INDIAN);
		expect(output.ready).toBe(status !== 'fail');
		expect(named(output, 'India: compliance')).toMatchObject({
			status,
			fix: status === 'pass' ? '' : expect.stringContaining('Compliance in the Plivo console'),
		});
	});

	it('with an application that cannot be read is not ready, and the other checks are there', async () => {
		const account = await indian('accepted');
		account.state.compliance.clear();
		const output = await check(account, INDIAN);
		expect(output.ready).toBe(false);
		expect(named(output, 'India: compliance')).toMatchObject({
			status: 'fail',
			detail: expect.stringContaining('could not be read'),
		});
		expect(named(output, 'Trunk')).toMatchObject({ status: 'pass' });
	});

	it('has the gates that no API shows, and where they are', async () => {
		const output = await check(await indian('accepted'), INDIAN);
		expect(named(output, 'India: data region')).toMatchObject({
			status: 'info',
			fix: expect.stringContaining('Plivo console'),
		});
		expect(named(output, 'India: media')).toMatchObject({
			status: 'info',
			detail: expect.stringContaining('4590'),
		});
	});

	it('alone is asked about: others have no such checks', async () => {
		const account = await readyAccount({ number: { region: 'Indiana, UNITED STATES' } });
		expect(JSON.stringify((await check(account)).checks)).not.toContain('India:');
	});
});

describe('what no API shows', () => {
	it('is told with today’s defaults and the hangup codes that tell of it', async () => {
		const output = await check(await readyAccount());
		expect(named(output, 'Calls per second')?.detail).toMatch(/1 for each outbound trunk.*5180/);
		expect(named(output, 'Concurrent calls')?.detail).toMatch(/2 on the Free plan.*5190/);
		expect(named(output, 'Geo permissions')?.fix).toContain('Geo Permissions in the Plivo console');
	});

	it('leaves out who may be called where nobody calls out', async () => {
		const account = await readyAccount();
		for (const trunk of [...account.state.trunks.values()]) {
			if (trunk.trunk_direction === 'outbound') account.state.trunks.delete(String(trunk.trunk_id));
		}
		const output = await check(account);
		expect(named(output, 'Geo permissions')).toBeUndefined();
		expect(named(output, 'Calls per second')).toMatchObject({ status: 'info' });
	});
});

it('checks an outbound trunk alone, account first', async () => {
	const account = await readyAccount({ outbound: { secure: true } });
	const [, outbound] = exactly(2, account.state.trunks.values());
	const output = await check(account, '', { trunkId: String(outbound.trunk_id) });
	expect(output.checks.map(({ name }) => name)).toEqual([
		'Account',
		'Outbound trunk',
		'Outbound encryption',
		'Geo permissions',
		'Concurrent calls',
		'Calls per second',
	]);
});
