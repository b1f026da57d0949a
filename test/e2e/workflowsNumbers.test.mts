/** The examples that rent, connect and give back phone numbers, in a real n8n: forms, pages and mails as people use them. */
import { exampleOf } from '../../demo/examples.mts';
import type { Mail } from '../../demo/mailbox.mts';
import { publishWorkflow } from '../../demo/n8n.mts';
import { plivoTime } from '../../simulator/plivoTime.mts';
import type { PlivoRecord } from '../../simulator/records.mts';
import { exactly, only } from '../support/elements.mts';
import {
	BASIC,
	type ExampleStand,
	linkIn,
	readable,
	READY,
	startExamples,
	submit,
} from './exampleStand.mts';
import { eventually, type WorkflowFile } from './stand.mts';

const DAY_MS = 86_400_000;

let examples: ExampleStand;
let simulator: ExampleStand['stand']['simulator'];

const formUrl = () => `${examples.n8n.url}/form/customer-with-a-new-number`;

/** Customer offboarding with its switch turned on, on a webhook of its own. */
function offboardingWithRelease(): WorkflowFile {
	const example = exampleOf('customerOffboarding', READY);
	const text = JSON.stringify({ ...example, id: 'offboardingWithRelease' })
		.replace('"path":"customer-offboarding"', '"path":"offboarding-with-release"')
		.replace('"name":"release_numbers","value":false', '"name":"release_numbers","value":true')
		.replace('2b7c8f04-5d0e-4b0e-8c1a-6a4d3d0f9e21', '2b7c8f04-5d0e-4b0e-8c1a-6a4d3d0f9e22');
	expect(text).toContain('"value":true');
	return JSON.parse(text) as WorkflowFile;
}

beforeAll(async () => {
	examples = await startExamples('workflows-numbers', { workflows: [offboardingWithRelease()] });
	({ simulator } = examples.stand);
	for (const id of ['customerOffboarding', 'offboardingWithRelease', 'customerWithANewNumber'])
		await publishWorkflow(examples.session, id);
	// n8n publishes in the background.
	await eventually('the form', async () =>
		(await fetch(formUrl())).status === 404 ? undefined : true,
	);
});

afterAll(async () => await examples?.close());

const routeTo = (trunkId: unknown) =>
	`/v1/Account/${simulator.authId}/Zentrunk/Trunk/${String(trunkId)}/`;

/** An inbound trunk, as provisioning names it. */
const addInbound = (customer: string) => {
	const { uri_uuid } = simulator.addUri({ name: customer, uri: 'sip.pbx.example:5060' });
	return String(
		simulator.addTrunk({
			name: `${customer} inbound`,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		}).trunk_id,
	);
};

const numbersOnAccount = () => [...simulator.state.numbers.keys()].sort();

describe('Customer with a new number', () => {
	const wish = (
		customer: string,
		{ pbx = 'sip.hooli.example;transport=tls', country = 'US', area = '415', price = '1' } = {},
	) => [customer, pbx, country, area, price];

	beforeEach(() => {
		simulator.reset();
		simulator.seed({ applications: 1 });
	});

	const rents = () => simulator.state.rents.all();

	it('the form asks for a login', async () => {
		expect((await fetch(formUrl())).status).toBe(401);
		expect(await submit(formUrl(), wish('Nobody'))).toBe('');
		expect(rents()).toEqual([]);
	});

	it('a form in, phone service out; the login is shown once and kept nowhere', async () => {
		const { editor } = examples;
		const { page } = editor;
		await page.context().setExtraHTTPHeaders(BASIC);
		await page.goto(formUrl());
		for (const [index, value] of wish('Hooli & <Sons>').entries())
			await page.fill(`[name=field-${index}]`, value);
		await editor.picture('new number 1 form');
		await page.click('#submit-btn');
		await page.getByText('has phone service').waitFor();
		await editor.picture('new number 2 page');
		await page.context().setExtraHTTPHeaders({});
		const cells = await page.locator('td code').allTextContents();
		const [number, domain, username, password] = exactly(4, cells);
		expect(number).toMatch(/^\+1415\d{7}$/);
		expect(domain).toMatch(/\.zt\.plivo\.com$/);
		const { credentials, numbers, trunks } = simulator.state;
		expect(credentials.all()).toMatchObject([{ username, password }]);
		expect(rents()).toHaveLength(1);
		const inbound = trunks.all().find(({ trunk_direction }) => trunk_direction === 'inbound');
		expect(numbers.get(number.slice(1))).toMatchObject({
			alias: 'Hooli & <Sons>',
			application: routeTo(inbound?.trunk_id),
		});
		expect(await page.textContent('body')).toContain('at $0.50 a month');
		expect(examples.onDisk(password)).toEqual([]);
	});

	it('without an area code any number of the country will do', async () => {
		expect(await submit(formUrl(), wish('Hooli', { area: ' ' }), BASIC)).toContain(
			'has phone service',
		);
		expect(rents()).toHaveLength(1);
	});

	it('the same form again rents nothing', async () => {
		await submit(formUrl(), wish('Initech'), BASIC);
		expect(rents()).toHaveLength(1);
		const page = await submit(formUrl(), wish('Initech'), BASIC);
		expect(page).toContain('No second number was rented');
		expect(page).toContain('unchanged: this customer already had a login');
		expect(rents()).toHaveLength(1);
		expect(simulator.state.trunks.size).toBe(2);
	});

	it.each([
		['Platform Host', wish('Hooli', { pbx: 'no host' })],
		["'Name' is empty", wish(' \u200b')],
	])('what can’t be set up costs nothing: %s', async (problem, fields) => {
		const page = readable(await submit(formUrl(), fields, BASIC));
		expect(page).toContain("This can't be set up");
		expect(page).toContain(problem);
		expect(examples.writes()).toEqual([]);
	});

	it.each([
		['a country that isn’t one', wish('Hooli', { country: 'Freedonia' }), 'Country'],
		['too expensive', wish('Hooli', { price: '0.1' }), '0.1'],
		['restricted', wish('Hooli', { country: 'GB', area: '20', price: '5' }), 'address'],
		['none there', wish('Hooli', { area: '999' }), 'does not offer'],
	])('no number: %s', async (_name, fields, problem) => {
		simulator.clearRequests();
		const page = await submit(formUrl(), fields, BASIC);
		expect(page).toContain('No number yet');
		expect(page).toContain(problem);
		expect(rents()).toEqual([]);
		expect(simulator.state.trunks.size).toBe(0);
	});

	it('a pending number is told as pending and isn’t routed; once it is active, it is', async () => {
		simulator.addNumber({
			number: '912245770009',
			alias: 'Hooli',
			country: 'INDIA',
			monthly_rental_rate: '3.50000',
			compliance_status: 'pending',
		});
		simulator.clearRequests();
		const fields = wish('Hooli', { country: 'India', area: '', price: '5' });
		const page = await submit(formUrl(), fields, BASIC);
		expect(page).toContain("The number can't take calls yet");
		expect(page).toContain('+912245770009');
		expect(page).toContain('Compliance');
		expect(examples.writes()).toEqual([]);
		Object.assign(simulator.state.numbers.get('912245770009')!, { compliance_status: null });
		await submit(formUrl(), fields, BASIC);
		expect(rents()).toEqual([]);
		expect(String(simulator.state.numbers.get('912245770009')?.application)).toContain('/Trunk/');
	});

	it('a number that was rented but can’t be connected is named, and used the next time', async () => {
		simulator.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			times: 1,
			faults: [{ kind: 'status', status: 403 }],
		});
		const page = await submit(formUrl(), wish('Hooli'), BASIC);
		expect(page).toContain('The number is there, but not connected');
		expect(page).toMatch(/\+1415\d{7} is rented for Hooli, at \$0\.50 a month/);
		expect(await submit(formUrl(), wish('Hooli'), BASIC)).toContain('has phone service');
		expect(rents()).toHaveLength(1);
	});

	it('too little credit: said so, and nothing is set up', async () => {
		Object.assign(simulator.account, { cash_credits: '0.10000', auto_recharge: false });
		const page = await submit(formUrl(), wish('Hooli'), BASIC);
		expect(page).toContain('No number yet');
		expect(simulator.state.trunks.size).toBe(0);
	});
});

describe('Give back unused numbers', () => {
	const OLD = plivoTime(Date.now() - 200 * DAY_MS).slice(0, 10);
	const NEW = plivoTime(Date.now() - 5 * DAY_MS).slice(0, 10);

	let trunk: string;

	/** The numbers by what is the matter with them. */
	const NUMBERS = {
		silent: '14155550001',
		busy: '14155550002',
		unrouted: '14155550003',
		callerId: '14155550004',
		application: '14155550005',
		fresh: '14155550006',
		lately: '14155550007',
		subaccount: '14155550008',
	};

	const call = (fields: PlivoRecord, days = 10) =>
		simulator.addCall({ end_time: plivoTime(Date.now() - days * DAY_MS), ...fields });

	beforeEach(() => {
		simulator.reset();
		simulator.seed({ applications: 1 });
		trunk = addInbound('Acme <Dental>');
		const application = only(simulator.state.applications.all());
		const add = (number: string, fields: PlivoRecord) =>
			simulator.addNumber({ number, added_on: OLD, alias: 'Acme <Dental>', ...fields });
		add(NUMBERS.silent, { application: routeTo(trunk) });
		add(NUMBERS.busy, { application: routeTo(trunk) });
		add(NUMBERS.unrouted, { alias: null });
		add(NUMBERS.callerId, {});
		add(NUMBERS.application, {
			application: `/v1/Account/${simulator.authId}/Application/${String(application.app_id)}/`,
		});
		add(NUMBERS.fresh, { application: routeTo(trunk), added_on: NEW });
		add(NUMBERS.lately, { application: routeTo(trunk) });
		add(NUMBERS.subaccount, {
			application: '/v1/Account/SASIMULATOR000000000/Zentrunk/Trunk/21784100000000999/',
		});
		call({
			call_direction: 'inbound',
			from_number: '+442071838750',
			to_number: `+${NUMBERS.busy}`,
		});
		call({
			call_direction: 'outbound',
			from_number: `+${NUMBERS.callerId}`,
			to_number: '+442071838750',
		});
		// Out of the 60 days.
		call({ call_direction: 'inbound', to_number: `+${NUMBERS.silent}` }, 80);
		simulator.clearRequests();
	});

	const UNUSED = [NUMBERS.silent, NUMBERS.unrouted, NUMBERS.lately].map((number) => `+${number}`);

	/** Asks; answers the mail and a way to decide. */
	async function ask() {
		const seen = examples.mailbox.mails.length;
		const id = await examples.run('giveBackUnusedNumbers', 'Try it now');
		const mail = await examples.nextMail(seen, /^Give back .*\?$/);
		// The mail goes out a moment before n8n can take the answer.
		await eventually('the wait', async () =>
			(await examples.statusOf(id)) === 'waiting' ? true : undefined,
		);
		const decide = async (ticked: string[], decision = 'Give back the ticked numbers') => {
			const page = await submit(linkIn(mail, /Choose and decide/), [
				JSON.stringify(ticked),
				decision,
			]);
			expect(page).toContain('Got it, thanks');
			expect(await examples.ended(id)).toBe('success');
		};
		const result = async () => await examples.nextMail(seen, /^Numbers given back/);
		return { mail, decide, result };
	}

	const listed = ({ html }: Mail) =>
		[...html.matchAll(/<td align="left">(\+\d+)<\/td>/g)].map(([, number]) => number).sort();

	it('the mail lists what is unused, and only reads', async () => {
		const { mail, decide } = await ask();
		expect(mail).toMatchObject({
			to: 'approver@example.com',
			subject: 'Give back 3 unused phone numbers?',
		});
		expect(listed(mail)).toEqual([...UNUSED].sort());
		expect(mail.html).toContain('$2.40 a month');
		expect(mail.html).toContain('No call for 60 days');
		expect(mail.html).toContain('No route, no call for 60 days');
		expect(mail.html).not.toContain('<Dental>');
		await examples.editor.page.setContent(mail.html);
		await examples.editor.picture('give back 1 mail');
		await decide([], 'Keep all numbers');
		expect(examples.writes()).toEqual([]);
	});

	it('a number that another one begins with: the calls of each are its own', async () => {
		const [silent, busy] = ['4930901820', '4930901830'];
		for (const number of [silent, `${silent}1`, busy, `${busy}1`])
			simulator.addNumber({ number, added_on: OLD, application: routeTo(trunk) });
		call({ call_direction: 'inbound', to_number: `+${busy}` }, 3);
		for (const number of [silent, busy])
			call({ call_direction: 'inbound', to_number: `+${number}1` }, 1);
		const { mail, decide } = await ask();
		expect(listed(mail)).toEqual([...UNUSED, `+${silent}`].sort());
		await decide([], 'Keep all numbers');
	});

	it('a person ticks and says yes: these go, and a mail tells', async () => {
		const { mail, result } = await ask();
		const { page, picture } = examples.editor;
		await page.goto(linkIn(mail, /Choose and decide/));
		await page.getByText("can't get it back").waitFor();
		for (const number of [NUMBERS.silent, NUMBERS.unrouted])
			await page.getByText(`+${number}`).last().click();
		await page.selectOption('select', 'Give back the ticked numbers');
		await picture('give back 2 page', page.locator('body'));
		await page.click('#submit-btn');
		await page.getByText('Got it, thanks').waitFor();
		const told = await result();
		await page.setContent(told.html);
		await picture('give back 3 result');
		expect(told.subject).toBe('Numbers given back: 2');
		expect(told.html).toContain('$1.60 a month');
		expect(numbersOnAccount()).toEqual(
			Object.values(NUMBERS).filter(
				(number) => number !== NUMBERS.silent && number !== NUMBERS.unrouted,
			),
		);
	});

	it.each([
		['nothing ticked', [] as string[], 'Give back the ticked numbers'],
		['ticked, but no', UNUSED, 'Keep all numbers'],
		['a number that was not listed', [`+${NUMBERS.busy}`], 'Give back the ticked numbers'],
	])('without a yes nothing is released: %s', async (_name, ticked, decision) => {
		const { decide } = await ask();
		await decide(ticked, decision);
		expect(examples.writes()).toEqual([]);
		expect(numbersOnAccount()).toEqual(Object.values(NUMBERS));
	});

	it('what is used again in the meantime stays', async () => {
		const { decide, result } = await ask();
		call({ call_direction: 'inbound', to_number: `+${NUMBERS.silent}` }, 0);
		const other = addInbound('Globex');
		Object.assign(simulator.state.numbers.get(NUMBERS.unrouted)!, { application: routeTo(other) });
		simulator.state.numbers.delete(NUMBERS.lately);
		await decide(UNUSED);
		const { subject, html } = await result();
		expect(subject).toBe('Numbers given back: 0, kept after all: 3');
		for (const text of [
			'It was used in a call since',
			'It is routed to another trunk now',
			'Plivo has no',
		])
			expect(html).toContain(text);
		expect(examples.writes()).toEqual([]);
	});

	it('a release that fails is told', async () => {
		const { decide, result } = await ask();
		simulator.faults.add({
			method: 'DELETE',
			path: `Number/${NUMBERS.unrouted}`,
			faults: [{ kind: 'status', status: 403 }],
		});
		await decide([`+${NUMBERS.unrouted}`, `+${NUMBERS.lately}`]);
		const { subject, html } = await result();
		expect(subject).toBe('Numbers given back: 1, kept after all: 1');
		expect(html).toMatch(new RegExp(`Kept after all.*\\+${NUMBERS.unrouted}`, 's'));
		expect(numbersOnAccount()).toContain(NUMBERS.unrouted);
		expect(numbersOnAccount()).not.toContain(NUMBERS.lately);
	});

	it('nothing unused: no mail', async () => {
		for (const number of [NUMBERS.silent, NUMBERS.unrouted, NUMBERS.lately])
			simulator.state.numbers.delete(number);
		const seen = examples.mailbox.mails.length;
		expect(await examples.ended(await examples.run('giveBackUnusedNumbers', 'Try it now'))).toBe(
			'success',
		);
		expect(examples.mailbox.mails).toHaveLength(seen);
	});
});

describe('Customer offboarding', () => {
	const CUSTOMER = 'Acme Dental';
	let number = '14155560000';

	/** A customer with both trunks and a number: another one each time, as the nodes remember what they have read. */
	beforeEach(() => {
		examples.clearAccount();
		number = String(Number(number) + 1);
		const trunk = addInbound(CUSTOMER);
		const { credential_uuid } = simulator.addCredential({ name: CUSTOMER, username: 'acmedental' });
		simulator.addTrunk({
			name: `${CUSTOMER} outbound`,
			trunk_direction: 'outbound',
			credential_uuid,
		});
		simulator.addNumber({ number, application: routeTo(trunk) });
		simulator.clearRequests();
	});

	const application = () => String(only(simulator.state.applications.all()).app_id);

	it('without the key nothing is done', async () => {
		for (const headers of [{}, { 'x-api-key': 'x' }] as Array<Record<string, string>>)
			expect(
				await examples.post('customer-offboarding', { customer: CUSTOMER }, headers),
			).toMatchObject({ status: 403 });
		expect(examples.writes()).toEqual([]);
	});

	it.each([
		[400, 'customer', { customer: ' \u200b ' }],
		[400, 'customer', {}],
		[400, 'customer', { customer: { name: CUSTOMER } }],
		[400, 'customer', [CUSTOMER]],
		[404, undefined, { customer: 'acme dental' }],
		[409, null, { customer: CUSTOMER }],
		[400, 'application', { customer: CUSTOMER, application: 'no/id!' }],
	])('%i with the field %s: %j', async (status, field, body) => {
		expect(await examples.post('customer-offboarding', body)).toMatchObject({
			status,
			...(field !== undefined && { field }),
			fix: expect.stringMatching(/./),
		});
		expect(examples.writes()).toEqual([]);
	});

	it('a customer goes, however the name is spelled; the number stays', async () => {
		const body = { customer: '\u00a0Acme  Dental\u200b', application: application() };
		const answer = await examples.post('customer-offboarding', body);
		expect(answer).toMatchObject({ status: 200, customer: CUSTOMER });
		expect(answer).not.toHaveProperty('released_numbers');
		expect(simulator.state.trunks.size).toBe(0);
		expect(simulator.state.credentials.size).toBe(0);
		expect(String(simulator.state.numbers.get(number)?.application)).toContain(application());
		expect(numbersOnAccount()).toHaveLength(21);
	});

	it.each([
		['without an application', () => ({})],
		['with an application', () => ({ application: application() })],
	])('with the switch on the number is released: %s', async (_name, more) => {
		const answer = await examples.post('offboarding-with-release', {
			customer: CUSTOMER,
			...more(),
		});
		expect(answer).toMatchObject({
			status: 200,
			released_numbers: [number],
			numbers_not_released: [],
		});
		expect(simulator.state.trunks.size).toBe(0);
		expect(numbersOnAccount()).toHaveLength(20);
		expect(numbersOnAccount()).not.toContain(number);
	});

	it('a number that can’t be released is told, with what to do', async () => {
		simulator.faults.add({
			method: 'DELETE',
			path: `Number/${number}`,
			faults: [{ kind: 'status', status: 403 }],
		});
		expect(await examples.post('offboarding-with-release', { customer: CUSTOMER })).toMatchObject({
			status: 502,
			released_numbers: [],
			numbers_not_released: [
				{ number, error: expect.stringMatching(/./), fix: expect.stringMatching(/./) },
			],
		});
		expect(numbersOnAccount()).toContain(number);
	});

	it('nothing is released when a trunk can’t be taken down', async () => {
		simulator.faults.add({
			method: 'DELETE',
			path: '/Zentrunk/Trunk/',
			times: 100,
			faults: [{ kind: 'status', status: 403 }],
		});
		expect(await examples.post('offboarding-with-release', { customer: CUSTOMER })).toMatchObject({
			status: 502,
			trunks: [],
		});
		expect(numbersOnAccount()).toHaveLength(21);
		expect(
			examples
				.writes()
				.filter(({ method, path }) => method === 'DELETE' && path.startsWith('/Number/')),
		).toEqual([]);
	});
});
