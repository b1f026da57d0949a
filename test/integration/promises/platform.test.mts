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
	outputOf(await connect(account, { secure: false }));
	expect(addresses(account)).not.toEqual(before);
});

it('a live number’s calls go nowhere else while Route Numbers is off', async () => {
	const account = await newAccount();
	account.addNumber({ number: NUMBER });
	outputOf(await connect(account));
	const before = addresses(account);
	account.clearRequests();
	const { error } = await connect(account, { routeNumbers: false }, { region: 'india' });
	expect(error?.message).toContain('would go to another address at once');
	expect([addresses(account), writesOf(account)]).toEqual([before, []]);
	outputOf(await connect(account, { routeNumbers: false }));
	expect(writesOf(account)).toEqual([]);
});

it('the calls of the trunk’s other numbers go nowhere else where one that is not live yet is added', async () => {
	const account = await newAccount();
	const other = '14155550002';
	for (const number of [NUMBER, other]) account.addNumber({ number });
	outputOf(await connect(account));
	const before = addresses(account);
	account.clearRequests();
	const more = { region: 'india', phoneNumbers: other };
	const { error } = await connect(account, { routeNumbers: false }, more);
	expect(error?.message).toContain(`Phone number ${NUMBER} is routed to trunk`);
	expect([addresses(account), writesOf(account)]).toEqual([before, []]);
	// One that no number is routed to may be moved.
	const applicationId = String(account.addApplication().app_id);
	const elsewhere = { phoneNumber: NUMBER, applicationId };
	outputOf(await run(account, 'phoneNumber', 'routeToApplication', elsewhere));
	outputOf(await connect(account, { routeNumbers: false }, more));
	expect(addresses(account)).not.toEqual(before);
});
