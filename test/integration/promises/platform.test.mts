import type { INodeParameters } from 'n8n-workflow';

import type { Simulator } from '../../../simulator/simulator.mts';
import { closeAccounts, newAccount, outputOf, run, writesOf } from '../../support/account.mts';

/** What made a promise about voice platforms false once. */

afterEach(closeAccounts);

const NUMBER = '14155550101';

const connect = async (
	account: Simulator,
	options: INodeParameters = {},
	more: INodeParameters = {},
) =>
	await run(account, 'provisioning', 'connectPlatform', {
		platform: 'elevenlabs',
		name: 'Acme',
		phoneNumbers: NUMBER,
		options,
		...more,
	});

const addresses = ({ state }: Simulator) => [...state.uris.values()].map(({ uri }) => uri);

it('a trunk that was made secure keeps encryption in both directions, its requests and steps', async () => {
	const account = await newAccount();
	account.addNumber({ number: NUMBER });
	outputOf(await connect(account, { secure: true }));
	const before = addresses(account);
	account.clearRequests();
	const again = outputOf(await connect(account, { platformRequests: true }));
	expect(addresses(account)).toEqual(before);
	expect(writesOf(account)).toEqual([]);
	expect(JSON.stringify(again.platform_requests)).toContain('"transport":"tls"');
	expect(JSON.stringify(again)).not.toMatch(/"transport":"tcp"|'Secure' is off/);
	outputOf(await connect(account, { secure: false, moveRoutedNumbers: true }));
	expect(addresses(account)).not.toEqual(before);
});
