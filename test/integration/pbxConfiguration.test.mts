import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { only } from '../support/elements.mts';
import { fileOf, readAsterisk, readForm, sectionOf } from '../support/pbxFiles.mts';

afterEach(closeAccounts);

const CONNECT: INodeParameters = {
	platform: 'custom',
	name: 'Acme Dental',
	platformHost: 'pbx.example.com:5080',
	transport: 'udp',
	username: 'acmedental',
	phoneNumbers: '+1 415 555 0101',
	options: { pbxType: 'asterisk' },
};

async function newOffice() {
	const account = await newAccount();
	account.addNumber({ number: '14155550101' });
	const connect = async (parameters: INodeParameters = {}) =>
		await run(account, 'provisioning', 'connectPlatform', { ...CONNECT, ...parameters });
	return { account, connect };
}

const warningsOf = ({ warnings }: IDataObject) => (warnings as string[]).join('\n');

const authOf = (output: IDataObject) =>
	sectionOf(readAsterisk(fileOf(output, 'pjsip')), 'Acme-Dental-auth', 'auth');

it('has the domain, the login and the number of what was made', async () => {
	const { account, connect } = await newOffice();
	const output = outputOf(await connect());
	const credential = only(account.state.credentials.values());
	expect(authOf(output)).toMatchObject({
		username: ['acmedental'],
		password: [credential.password],
	});
	expect(output.password).toBe(credential.password);
	const sections = readAsterisk(fileOf(output, 'pjsip'));
	expect(sectionOf(sections, 'Acme-Dental-out', 'aor').contact).toEqual([
		`sip:${String(output.trunk_domain)}:5060`,
	]);
	expect(fileOf(output, 'firewall')).toContain('UDP port 5080 of the PBX');
	expect(fileOf(output, 'extensions')).toContain('CALLERID(num)=14155550101');
});

it('has a password that was given', async () => {
	const { connect } = await newOffice();
	const output = outputOf(await connect({ password: 'a~!@#$%^&*()_+;'.slice(0, -1) }));
	expect(authOf(output).password).toEqual(['a~!@#$%^&*()_+']);
	expect(output).not.toHaveProperty('password');
});

it('of a customer who is there already names the password that nobody can read', async () => {
	const { connect } = await newOffice();
	await connect();
	const output = outputOf(await connect());
	expect(authOf(output).password).toEqual(['PASSWORD_OF_THE_CREDENTIAL']);
	expect(warningsOf(output)).toContain('replace PASSWORD_OF_THE_CREDENTIAL');
});

it('goes by the trunk: one that was secure before is dialed over TLS', async () => {
	const { account, connect } = await newOffice();
	const credential = account.addCredential({ name: 'Acme Dental', username: 'acmedental' });
	account.addTrunk({
		name: 'Acme Dental outbound',
		trunk_direction: 'outbound',
		secure: true,
		credential_uuid: credential.credential_uuid,
	});
	const output = outputOf(await connect());
	const sections = readAsterisk(fileOf(output, 'pjsip'));
	expect(sectionOf(sections, 'Acme-Dental-out', 'aor').contact).toEqual([
		expect.stringMatching(/:5061;transport=tls$/),
	]);
	expect(sectionOf(sections, 'Acme-Dental-out', 'endpoint').media_encryption).toEqual(['sdes']);
});

it.each<[string, INodeParameters, string[]]>([
	['both', {}, ['Outgoing calls', 'Incoming calls']],
	['inbound', {}, ['Incoming calls']],
	['outbound', { phoneNumbers: '', transport: 'tcp' }, ['Outgoing calls']],
])('has what the direction %s needs', async (direction, parameters, tabs) => {
	const { connect } = await newOffice();
	const output = outputOf(
		await connect({ direction, options: { pbxType: 'other' }, ...parameters }),
	);
	const form = readForm(fileOf(output, 'sip-trunk'));
	expect(Object.keys(form)).toEqual(tabs);
	if (direction === 'outbound') {
		expect(form['Outgoing calls']).toMatchObject({ Transport: ['tcp'] });
		expect(warningsOf(output)).toContain('CALLER_ID_OF_YOUR_ACCOUNT');
	}
});

it('takes the ports of the transport where the host names none', async () => {
	const { connect } = await newOffice();
	const output = outputOf(await connect({ platformHost: 'pbx.example.com', transport: 'tls' }));
	expect(fileOf(output, 'firewall')).toContain('TCP port 5061 of the PBX');
});

it('no name gets a setting of its own into a file', async () => {
	const { connect } = await newOffice();
	const output = outputOf(await connect({ name: 'x ;\u2028[global] "/> <param name="y' }));
	for (const { file, content } of output.pbx_configuration as IDataObject[]) {
		expect(file).toMatch(/^[\w.-]+$/);
		expect(content).not.toMatch(/^\[global|<param name="y/m);
	}
});

it('None: there is none', async () => {
	const { connect } = await newOffice();
	expect(outputOf(await connect({ options: { pbxType: 'none' } }))).not.toHaveProperty(
		'pbx_configuration',
	);
});

it('with Plan Only nothing is written, and there is nothing to configure yet', async () => {
	const { account, connect } = await newOffice();
	const output = outputOf(await connect({ options: { pbxType: 'asterisk', planOnly: true } }));
	expect(output).not.toHaveProperty('pbx_configuration');
	expect(writesOf(account)).toEqual([]);
});

it.each<[string, INodeParameters, RegExp]>([
	[
		// Chosen by an expression: else n8n leaves out what isn't shown.
		'another platform',
		{ platform: '={{ "retell" }}', platformHost: '', transport: '' },
		/'PBX Type' is Asterisk, but the platform is Retell/,
	],
	['an unknown PBX', { options: { pbxType: 'avaya' } }, /'PBX Type' is "avaya"/],
])('%s is refused by name, before any request', async (_name, parameters, words) => {
	const { account, connect } = await newOffice();
	account.clearRequests();
	expect(wordsOf(await connect(parameters))).toMatch(words);
	expect(account.requests).toEqual([]);
});
