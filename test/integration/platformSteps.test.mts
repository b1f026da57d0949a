import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { PLIVO_ADDRESSES } from '../../nodes/PlivoSipTrunking/knowledge/plivoAddresses.ts';
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

const provision = (account: Simulator, operation: string, parameters: INodeParameters) =>
	run(account, 'provisioning', operation, parameters);

describe('what is left to do on the platform', () => {
	const stepsFor = async (parameters: INodeParameters) => {
		const account = await newAccount();
		account.addNumber({ number: '14155550101' });
		const output = outputOf(
			await provision(account, 'connectPlatform', {
				name: 'Acme',
				phoneNumbers: '+1 415 555 0101',
				...parameters,
			}),
		);
		return { output, steps: output.next_steps as string[] };
	};

	it('of Vapi: one credential, the domain for outbound, Plivo’s ranges for inbound', async () => {
		const { output, steps } = await stepsFor({ platform: 'vapi' });
		const domain = String((output.outbound_trunk as IDataObject).trunk_domain);
		expect(steps.filter((step) => step.includes('credential (BYO'))).toHaveLength(1);
		const [outbound] = steps.filter((step) => step.includes(domain));
		expect(outbound).toContain('inbound off and outbound on');
		const [inbound] = steps.filter((step) => step.includes('inbound on and outbound off'));
		for (const range of PLIVO_ADDRESSES) expect(inbound).toContain(range);
		expect(inbound).not.toContain(domain);
	});

	it.each<[string, INodeParameters]>([
		['xAI', { platform: 'xai', direction: 'inbound' }],
		['a PBX', { platform: 'custom', platformHost: 'pbx.example.com', transport: 'udp' }],
	])('of %s: Plivo’s ranges are let in', async (_name, parameters) => {
		const { steps } = await stepsFor(parameters);
		for (const range of PLIVO_ADDRESSES) expect(steps.join()).toContain(range);
	});
});

describe('usernames and passwords', () => {
	const outbound = (account: Simulator, username: string) =>
		provision(account, 'provisionOutbound', { name: 'Acme', username });

	it.each(['livekit_trunk', 'sip_user_1', '_____'])('%s is let through', async (username) => {
		const account = await newAccount();
		expect(outputOf(await outbound(account, username)).username).toBe(username);
		expect([...account.state.credentials.values()]).toMatchObject([{ username }]);
	});

	it('Plivo decides: its refusal is passed on in its words, and nothing is left', async () => {
		const account = await newAccount();
		const error = 'username may have letters and digits only';
		account.faults.add({
			method: 'POST',
			path: '/Zentrunk/Credential/',
			faults: [{ kind: 'status', status: 400, body: { error } }],
		});
		const words = wordsOf(await outbound(account, 'livekit_trunk'));
		expect(words).toContain(`Plivo refused the request as invalid: ${error}`);
		expect(words).toContain('Nothing is left behind');
		expect(account.state.credentials.size + account.state.trunks.size).toBe(0);
	});

	it.each(['live-kit', 'user@host', 'four', 'a'.repeat(21)])('%s is refused here', async (name) => {
		const account = await newAccount();
		expect(wordsOf(await outbound(account, name))).toContain('Username');
		expect(writesOf(account)).toEqual([]);
	});

	it('generated passwords have letters, digits and an underscore alone, 20 of them', async () => {
		const account = await newAccount();
		const { password } = outputOf(await outbound(account, ''));
		expect(password).toMatch(/^(?=.*_)[A-Za-z0-9_]{20}$/);
		const credential = only(account.state.credentials.values());
		const { json } = await run(account, 'credential', 'rotatePassword', {
			credentialId: String(credential.credential_uuid),
		});
		expect(only(json).password).toMatch(/^(?=.*_)[A-Za-z0-9_]{20}$/);
	});
});
