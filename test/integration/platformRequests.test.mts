import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { PlatformApiRequest } from '../../nodes/PlivoSipTrunking/knowledge/platforms/index.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { only } from '../support/elements.mts';

afterEach(closeAccounts);

const connect = async (account: Simulator, parameters: INodeParameters = {}, options = {}) =>
	await run(account, 'provisioning', 'connectPlatform', {
		platform: 'elevenlabs',
		name: 'Acme',
		phoneNumbers: '+1 415 555 0101',
		options: { platformRequests: true, ...options },
		...parameters,
	});

async function accountWithNumber() {
	const account = await newAccount();
	account.addNumber({ number: '14155550101' });
	return account;
}

const requestsIn = (output: IDataObject) =>
	output.platform_requests as unknown as PlatformApiRequest[];
const bodyOf = (output: IDataObject, step: string) =>
	JSON.stringify(requestsIn(output).find((one) => one.step === step)?.body);

it('are answered only where they are asked for', async () => {
	const account = await accountWithNumber();
	const off = outputOf(await connect(account, {}, { platformRequests: false }));
	expect(off).not.toHaveProperty('platform_requests');
	expect(outputOf(await connect(account)).platform_requests).toHaveLength(3);
	expect(wordsOf(await connect(account, {}, { platformRequests: 'perhaps' }))).toContain(
		'\'Platform Requests\' is "perhaps"',
	);
});

it('have the domain, the login and the generated password of this run', async () => {
	const account = await accountWithNumber();
	const output = outputOf(await connect(account));
	const { password } = only(account.state.credentials.all());
	expect(output.password).toBe(password);
	for (const step of ['createNumber', 'updateNumber']) {
		const body = bodyOf(output, step);
		for (const value of [output.trunk_domain, output.username, password])
			expect(body).toContain(JSON.stringify(value));
	}
});

it('have a password that was given, which stands nowhere else', async () => {
	const account = await accountWithNumber();
	const password = 'Given_1&$';
	const output = outputOf(await connect(account, { password }));
	expect(bodyOf(output, 'createNumber')).toContain(JSON.stringify(password));
	const { platform_requests: _requests, ...rest } = output;
	expect(JSON.stringify(rest)).not.toContain(password);
});

it('of a later run have a placeholder instead, and a warning', async () => {
	const account = await accountWithNumber();
	const { password } = outputOf(await connect(account));
	const output = outputOf(await connect(account));
	expect(JSON.stringify(output)).not.toContain(String(password));
	expect(bodyOf(output, 'createNumber')).toContain('<password of the credential>');
	expect(bodyOf(output, 'updateNumber')).not.toMatch(/password"/);
	expect(output.warnings).toContainEqual(
		expect.stringContaining('can’t be read again'.replace('’', "'")),
	);
});

it('need no password where none is set', async () => {
	const account = await accountWithNumber();
	for (let round = 0; round < 2; round++) {
		const output = outputOf(await connect(account, { platform: 'vapi' }));
		expect(JSON.stringify(output)).not.toMatch(/password of/i);
	}
});

it('are there while the number is still routed elsewhere', async () => {
	const account = await accountWithNumber();
	const output = outputOf(await connect(account, {}, { routeNumbers: false }));
	expect(requestsIn(output).map(({ number }) => number)).toEqual([
		undefined,
		'+14155550101',
		'+14155550101',
	]);
	expect(writesOf(account).join()).not.toContain('/Number/');
	expect(account.state.numbers.get('14155550101')?.application).toBeNull();
});

it('a PBX has none, and a plan neither', async () => {
	const account = await accountWithNumber();
	const pbx = { platform: 'custom', platformHost: 'pbx.example.com', transport: 'udp' };
	expect(outputOf(await connect(account, { ...pbx, name: 'PBX' })).platform_requests).toEqual([]);
	const plan = outputOf(
		await connect(account, { name: 'Other', phoneNumbers: '' }, { planOnly: true }),
	);
	expect(plan).not.toHaveProperty('platform_requests');
});

describe('Vapi’s host', () => {
	const host = '3f1c9a52-7f0e-4c1c-9f62-8f2f5c0f7a11.sip.vapi.ai';

	it('may begin with the id of the credential', async () => {
		const account = await accountWithNumber();
		outputOf(await connect(account, { platform: 'vapi', platformHost: host }));
		expect(account.state.uris.all()).toMatchObject([{ uri: `${host};transport=udp` }]);
	});

	it.each([
		['sip.evil.example', 'but Vapi uses sip.vapi.ai'],
		['evil.sip.vapi.ai', 'but Vapi uses sip.vapi.ai'],
		[`x${host}`, 'but Vapi uses sip.vapi.ai'],
		['<credential id>.sip.vapi.ai', 'Platform Host'],
	])('may not be %s', async (platformHost, words) => {
		const account = await accountWithNumber();
		expect(wordsOf(await connect(account, { platform: 'vapi', platformHost }))).toContain(words);
		expect(writesOf(account)).toEqual([]);
	});

	it('is the region’s', async () => {
		const account = await accountWithNumber();
		const wrong = await connect(account, { platform: 'vapi', platformHost: host, region: 'eu' });
		expect(wordsOf(wrong)).toContain('sip.eu.vapi.ai in this region');
	});
});
