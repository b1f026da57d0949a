/** The example "PBX configuration" in a real n8n: a customer by webhook, the PBX's files by mail. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { exampleOf } from '../../demo/examples.mts';
import { type Mail, type Mailbox, startMailbox } from '../../demo/mailbox.mts';
import { type N8n, publishWorkflow, type Session, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { PLIVO_ADDRESSES } from '../../nodes/PlivoSipTrunking/knowledge/plivoAddresses.ts';
import { exactly, first, only, there } from '../support/elements.mts';
import { readAsterisk, sectionOf } from '../support/pbxFiles.mts';
import {
	ACCOUNT,
	eventually,
	OWNER,
	prepareStand,
	type Stand,
	type WorkflowFile,
} from './stand.mts';

const KEY = 'k-17-open-sesame';
const READY = {
	plivoSipTrunkingApi: ACCOUNT,
	httpHeaderAuth: { id: 'webhookKey', name: 'Webhook key' },
	smtp: { id: 'mailbox', name: 'Mailbox' },
};
const CUSTOMER = {
	customer: 'Acme Dental',
	pbx: 'pbx.acmedental.example:5060;transport=udp',
	pbxType: 'asterisk',
	phoneNumber: '+1 415 555 0001',
	email: 'it@acmedental.example',
};

let stand: Stand;
let mailbox: Mailbox;
let n8n: N8n;
let session: Session;

beforeAll(async () => {
	mailbox = await startMailbox();
	stand = await prepareStand('workflows-pbx', '2.41.1', {
		credentials: () => [
			{
				...READY.httpHeaderAuth,
				type: 'httpHeaderAuth',
				data: { name: 'X-API-Key', value: KEY },
			},
			{
				...READY.smtp,
				type: 'smtp',
				data: { user: '', password: '', hostName: '', ...mailbox.smtp },
			},
		],
	});
	stand.simulator.seed({ numbers: 5 });
	await stand.addWorkflows([exampleOf('pbxConfiguration', READY) as unknown as WorkflowFile]);
	n8n = await startN8n(stand.installation, await freePort());
	session = await signIn(n8n.url, OWNER);
	await publishWorkflow(session, 'pbxConfiguration');
});

afterAll(async () => {
	await n8n?.stop();
	await stand?.close();
	await mailbox?.close();
});

async function post(body: unknown, headers: Record<string, string> = { 'x-api-key': KEY }) {
	return await eventually('the webhook', async () => {
		const answer = await fetch(`${n8n.url}/webhook/pbx-configuration`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
		const text = await answer.text();
		if (answer.status === 404 && text.includes('not registered')) return undefined;
		const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
		return { status: answer.status, ...json } as Record<string, unknown> & { status: number };
	});
}

const writes = () => stand.simulator.requests.filter(({ method }) => method !== 'GET');

const pjsipIn = ({ attachments }: Mail) =>
	readAsterisk(there(attachments['pjsip-Acme-Dental.conf'], 'the attachment for PJSIP'));

const passwordIn = (mail: Mail) =>
	sectionOf(pjsipIn(mail), 'Acme-Dental-auth', 'auth').password?.[0];

it('without the key nothing is done', async () => {
	expect(await post(CUSTOMER, {})).toMatchObject({ status: 403 });
	expect(writes()).toEqual([]);
	expect(mailbox.mails).toEqual([]);
});

it('the customer gets the files, whole, and n8n keeps no password', async () => {
	expect(await post(CUSTOMER)).toMatchObject({
		status: 200,
		customer: 'Acme Dental',
		mailed_to: 'it@acmedental.example',
		files: ['pjsip-Acme-Dental.conf', 'extensions-Acme-Dental.conf', 'firewall-Acme-Dental.txt'],
	});
	const mail = only(mailbox.mails);
	expect(mail).toMatchObject({
		to: 'it@acmedental.example',
		subject: 'Your PBX and Plivo: Acme Dental',
	});
	expect(Object.keys(mail.attachments)).toEqual([
		'pjsip-Acme-Dental.conf',
		'extensions-Acme-Dental.conf',
		'firewall-Acme-Dental.txt',
	]);
	const credential = only(stand.simulator.state.credentials.values());
	expect(passwordIn(mail)).toBe(credential.password);
	const identify = sectionOf(pjsipIn(mail), 'Acme-Dental-in', 'identify');
	expect(identify.match).toEqual(PLIVO_ADDRESSES);
	const folder = join(stand.installation.userFolder, '.n8n');
	const kept = readdirSync(folder)
		.filter((name) => name.startsWith('database.sqlite'))
		.filter((name) => readFileSync(join(folder, name)).includes(String(credential.password)));
	expect(kept).toEqual([]);
});

it('a second run makes nothing twice, and the mail says that the password stays', async () => {
	stand.simulator.clearRequests();
	expect(await post(CUSTOMER)).toMatchObject({ status: 200 });
	expect(writes()).toEqual([]);
	const [, mail] = exactly(2, mailbox.mails);
	expect(passwordIn(mail)).toBe('PASSWORD_OF_THE_CREDENTIAL');
	expect(mail.html).toContain('replace PASSWORD_OF_THE_CREDENTIAL');
});

const routeOf = (number: string) => stand.simulator.state.numbers.get(number)?.application ?? '';

it('the number is routed once the PBX is ready, without a mail', async () => {
	const seen = mailbox.mails.length;
	expect(routeOf('14155550001')).not.toContain('/Trunk/');
	expect(first(mailbox.mails).html).toContain('Once your PBX is set up, tell us');
	expect(await post({ ...CUSTOMER, pbxReady: 'yes' })).toMatchObject({
		status: 200,
		routed: true,
		numbers: [{ number: '14155550001' }],
	});
	expect(routeOf('14155550001')).toContain('/Trunk/');
	expect(mailbox.mails).toHaveLength(seen);
});

it('a live number moves to another PBX only when told; its files come before that and with it', async () => {
	const [host, other] = ['pbx.acmedental.example', 'new.acmedental.example'];
	const moved = { ...CUSTOMER, pbx: `${other}:5060;transport=udp`, pbxType: 'freeswitch' };
	const uri = () => first(stand.simulator.state.uris.all()).uri;
	const seen = mailbox.mails.length;
	expect(await post(moved)).toMatchObject({
		status: 409,
		error: expect.stringContaining('would go to new.acmedental.example'),
		fix: expect.stringMatching(/PBX's files, send .* old address as pbx .* pbxReady: yes/),
	});
	expect(mailbox.mails).toHaveLength(seen);
	// As the answer says.
	stand.simulator.clearRequests();
	// Whether it was routed before is not this run's doing.
	expect(await post({ ...moved, pbx: CUSTOMER.pbx })).toMatchObject({ status: 200, routed: null });
	expect(routeOf('14155550001')).toContain('/Trunk/');
	expect(writes()).toEqual([]);
	expect(uri()).toContain(host);
	expect(mailbox.mails).toHaveLength(seen + 1);
	const before = there(mailbox.mails.at(-1)).attachments;
	expect(await post({ ...moved, pbxReady: 'yes' })).toMatchObject({
		status: 200,
		routed: true,
		mailed_to: CUSTOMER.email,
		next: expect.stringContaining('routed to the PBX already'),
	});
	expect(uri()).toContain(other);
	expect(mailbox.mails).toHaveLength(seen + 2);
	expect(there(mailbox.mails.at(-1)).attachments).toEqual(before);
	expect(there(mailbox.mails.at(-1)).html).toContain('Your number goes to your PBX now');
});

it('a new customer whose PBX is ready gets the password all the same', async () => {
	const { number } = stand.simulator.addNumber();
	const initech = { ...CUSTOMER, customer: 'Initech', phoneNumber: number, pbxReady: 'yes' };
	expect(await post(initech)).toMatchObject({
		status: 200,
		routed: true,
		mailed_to: CUSTOMER.email,
		files: expect.arrayContaining(['pjsip-Initech.conf']),
	});
	expect(routeOf(String(number))).toContain('/Trunk/');
	const login = there(
		stand.simulator.state.credentials.all().find(({ name }) => name === 'Initech'),
	);
	const { attachments } = there(mailbox.mails.at(-1));
	const pjsip = readAsterisk(there(attachments['pjsip-Initech.conf']));
	expect(sectionOf(pjsip, 'Initech-auth', 'auth').password?.[0]).toBe(login.password);
});

it.each([
	['pbxType', { pbxType: 'avaya' }],
	['pbx', { pbx: 'no host at all' }],
	['phoneNumber', { phoneNumber: '123' }],
	['email', { email: '' }],
	['email', { email: 'it at acme' }],
	['pbxType', { pbxType: 'none' }],
])('400 with the field %s, and no mail', async (field, changes) => {
	const seen = mailbox.mails.length;
	expect(await post({ ...CUSTOMER, customer: 'New', ...changes })).toMatchObject({
		status: 400,
		field,
		fix: expect.stringMatching(/./),
	});
	expect(mailbox.mails).toHaveLength(seen);
});

it('where the email can’t be sent, the answer has the files, and nothing is lost', async () => {
	await mailbox.close();
	const { number } = stand.simulator.addNumber();
	const answer = await post({ ...CUSTOMER, customer: 'Globex', phoneNumber: number });
	expect(answer).toMatchObject({
		status: 502,
		error: expect.stringContaining('The email was not sent'),
	});
	const password = [...stand.simulator.state.credentials.values()].find(
		({ name }) => name === 'Globex',
	)?.password;
	expect(JSON.stringify(answer.pbx_configuration)).toContain(String(password));
});
