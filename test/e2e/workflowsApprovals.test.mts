/** The example workflows in which a person decides, in a real n8n: forms, mails and pages as people see them. */
import type { ReadyCredentials } from '../../demo/examples.mts';
import type { Mail } from '../../demo/mailbox.mts';
import { publishWorkflow } from '../../demo/n8n.mts';
import { exactly, first } from '../support/elements.mts';
import {
	BASIC,
	credentialFor,
	type ExampleStand,
	linkIn,
	readable,
	startExamples,
	submit,
} from './exampleStand.mts';
import { type ChatRequest, serveModel, toolCall } from './model.mts';
import { eventually } from './stand.mts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const MODEL: ReadyCredentials = { openAiApi: { id: 'model', name: 'Scripted model' } };

let examples: ExampleStand;
let stand: ExampleStand['stand'];
let mailbox: ExampleStand['mailbox'];
let editor: ExampleStand['editor'];
let model: Awaited<ReturnType<typeof serveModel>>;
/** What the model answers. */
let think: (request: ChatRequest) => ReturnType<typeof toolCall>;

const form = () => `${examples.n8n.url}/form/new-phone-service`;

beforeAll(async () => {
	model = await serveModel((request) => think(request));
	examples = await startExamples('workflows-approvals', {
		ready: MODEL,
		credentials: [
			credentialFor(MODEL, 'openAiApi', { apiKey: 'none', url: model.url, header: false }),
		],
	});
	({ stand, mailbox, editor } = examples);
	await publishWorkflow(examples.session, 'onboardingWithApproval');
	// n8n answers a 404 until it has registered the form.
	await eventually('the form', async () => (await fetch(form())).status !== 404 || undefined);
});

afterAll(async () => {
	await examples?.close();
	model?.close();
});

describe('Onboarding with approval', () => {
	const request = (customer: string, numbers: string, pbx = 'sip.hooli.example;transport=tls') => [
		customer,
		pbx,
		numbers,
		'',
		'requester@example.com',
	];

	beforeAll(() => examples.clearAccount());

	/** Asks for a customer, and decides; answers the mail to the requester. */
	async function decide(fields: string[], decision: string[]): Promise<Mail> {
		const seen = mailbox.mails.length;
		expect(await submit(form(), fields, BASIC)).toContain('Sent for approval');
		const ask = await examples.nextMail(seen, /approve\?$/);
		expect(ask.to).toBe('approver@example.com');
		const link = linkIn(ask, /Review and decide/);
		// The mail leaves a moment before n8n waits for the answer.
		const page = await eventually('the page after the decision', async () => {
			const answer = await submit(link, decision);
			return answer.includes('is running already') ? undefined : answer;
		});
		expect(page).toContain('Got it, thanks');
		return await examples.nextMail(seen, /^(Approved|Declined): /);
	}

	it('the form asks for a login', async () => {
		expect((await fetch(form())).status).toBe(401);
		expect(await submit(form(), request('Nobody', ''))).toBe('');
	});

	it.each([
		["'Name' is empty", request(' \u200b', '')],
		['Platform Host', request('Hooli', '', 'no host')],
		["'Phone Numbers' contains", request('Hooli', '12')],
	])('what can’t be is said at once: %s', async (problem, fields) => {
		const seen = mailbox.mails.length;
		const page = readable(await submit(form(), fields, BASIC));
		expect(page).toContain("This can't be set up");
		expect(page).toContain(problem);
		expect(mailbox.mails).toHaveLength(seen);
	});

	it('asked, approved and set up: the login is shown once and kept nowhere', async () => {
		const seen = mailbox.mails.length;
		const { page } = editor;
		await page.context().setExtraHTTPHeaders(BASIC);
		await page.goto(form());
		const fields = request('Hooli & <Sons>', '+1 415 555 0003, +1 415 555 0004');
		for (const [index, value] of fields.entries()) await page.fill(`[name=field-${index}]`, value);
		await editor.picture('approval 1 form');
		await page.click('#submit-btn');
		await page.getByText('Sent for approval').waitFor();
		await editor.picture('approval 2 plan');
		expect(examples.writes()).toEqual([]);

		const ask = await examples.nextMail(seen, /approve\?$/);
		expect(ask.html).not.toContain('<Sons');
		await page.setContent(ask.html);
		await editor.picture('approval 3 mail');
		await page.goto(linkIn(ask, /Review and decide/));
		await page.getByText("What can't be undone").waitFor();
		for (const line of [
			'create inbound trunk "Hooli & <Sons> inbound"',
			'create outbound trunk "Hooli & <Sons> outbound"',
			'route +14155550003 from nowhere to the inbound trunk',
			'route +14155550004 from application',
		])
			await page.getByText(line).waitFor();
		await page.selectOption('[name=field-0]', 'Approve');
		await page.fill('[name=field-1]', 'Welcome them');
		await editor.picture('approval 4 page', page.locator('body'));
		await page.click('#submit-btn');
		await page.getByText('Got it, thanks').waitFor();

		const approved = await examples.nextMail(seen, /^Approved: /);
		expect(approved).toMatchObject({ to: 'requester@example.com' });
		expect(approved.html).toContain('Welcome them');
		const link = linkIn(approved, /Set it up/);
		await page.goto(link);
		await editor.picture('approval 5 set up');
		expect(examples.writes()).toEqual([]);
		await page.click('#submit-btn');
		await page.getByText('has phone service').waitFor();
		await editor.picture('approval 6 login');
		const cells = await page.locator('td code').allTextContents();
		const [domain, username, password] = exactly(4, cells);
		expect(domain).toMatch(/\.zt\.plivo\.com$/);
		const { credentials, trunks, numbers } = stand.simulator.state;
		expect(credentials.all()).toMatchObject([{ username, password }]);
		expect(trunks.size).toBe(2);
		expect(
			numbers.all().filter(({ application }) => String(application).includes('Trunk')),
		).toHaveLength(2);
		expect(examples.onDisk(password)).toEqual([]);
		expect((await fetch(link)).status).toBe(404);
	});

	it('what is up to date already needs no approval', async () => {
		const seen = mailbox.mails.length;
		const fields = request('Hooli & <Sons>', '+1 415 555 0003');
		expect(await submit(form(), fields, BASIC)).toContain('Nothing to do');
		expect(mailbox.mails).toHaveLength(seen);
	});

	it('declined: nothing is done, and the requester reads why', async () => {
		stand.simulator.clearRequests();
		const mail = await decide(request('Initech', ''), ['Decline', 'They <owe> us money']);
		expect(mail).toMatchObject({ subject: 'Declined: phone service for Initech' });
		expect(mail.html).toContain('They &#60;owe&#62; us money');
		expect(examples.writes()).toEqual([]);
	});

	it('an account that has changed in between is left alone', async () => {
		const mail = await decide(request('Umbrella', '+1 415 555 0007'), ['Approve', '']);
		stand.simulator.addUri({ name: 'Umbrella', uri: 'sip.other.example' });
		stand.simulator.clearRequests();
		const page = await submit(linkIn(mail, /Set it up/));
		expect(page).toContain('Nothing was set up');
		expect(page).toContain('The plan is no longer the one that was approved');
		expect(page).toContain('change URI of the origination URI');
		expect(examples.writes()).toEqual([]);
	});
});

describe('Agent with a leash', () => {
	const WISH = {
		customer: 'Vandelay',
		pbx: 'sip.vandelay.example;transport=tls',
		phoneNumbers: '+14155550010',
	};
	const QUESTION = [{ action: 'sendMessage', chatInput: 'Set up Vandelay', sessionId: 'test' }];
	const asTask = () => ({
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		source: [null],
		executionStatus: 'success',
		data: { main: [QUESTION.map((json) => ({ json }))] },
	});
	/** What the tools answered to the model. */
	let answers: string[];
	let tools: Array<{ name: string; properties: string[] }>;

	beforeAll(() => examples.clearAccount());

	/** A model that plans, and applies what it planned or what it is told to. */
	function script(applied: (planned: string) => Record<string, unknown>) {
		answers = [];
		think = ({ messages, tools: offered = [] }) => {
			tools = offered.map(({ function: { name, parameters } }) => ({
				name,
				properties: Object.keys(parameters.properties),
			}));
			const last = messages.at(-1);
			if (last?.role !== 'tool') return toolCall('Plan_phone_service', WISH);
			answers.push(String(last.content));
			if (answers.length > 1) return { content: 'Done.' };
			const summary = 'Two trunks and a number.';
			return toolCall(
				'Apply_a_plan',
				{ toolParameters: { ...WISH, ...applied(first(answers)) }, hitlParameters: { summary } },
				'call-2',
			);
		};
	}

	const digestIn = (answer: string) => /"plan_digest\\?":\\?"([^"\\]+)/.exec(answer)?.[1];

	/** Chats until the person is asked. */
	async function chat(applied?: (planned: string) => Record<string, unknown>) {
		const seen = mailbox.mails.length;
		script(applied ?? ((planned) => ({ planDigest: digestIn(planned) })));
		const id = await examples.run('agentWithALeash', 'When chat message received', asTask());
		const ask = await examples.nextMail(seen, /^The telephony agent asks/);
		const click = async (label: RegExp) => {
			// The mail leaves a moment before n8n waits for the answer.
			await eventually(
				'the wait',
				async () => (await examples.statusOf(id)) === 'waiting' || undefined,
			);
			// n8n takes a program for a bot that must not approve.
			await fetch(linkIn(ask, label), { headers: { 'user-agent': BROWSER } });
			await examples.ended(id);
		};
		return { ask, click };
	}

	it('plans freely, and applies after a person’s yes', async () => {
		const { ask, click } = await chat();
		expect(tools.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
			{ name: 'Apply_a_plan', properties: ['toolParameters', 'hitlParameters'] },
			{ name: 'List_phone_numbers', properties: [] },
			{ name: 'Plan_phone_service', properties: ['customer', 'pbx', 'phoneNumbers'] },
		]);
		expect(answers[0]).toContain('create inbound trunk');
		for (const text of [
			WISH.customer,
			WISH.pbx,
			WISH.phoneNumbers,
			digestIn(first(answers))!,
			'Two trunks',
		])
			expect(ask.html).toContain(text);
		await editor.page.setContent(ask.html);
		await editor.picture('agent asks');
		expect(examples.writes()).toEqual([]);
		await click(/Approve/);
		expect(stand.simulator.state.trunks.size).toBe(2);
		expect(answers[1]).toContain('trunk_domain');
	});

	it.each([
		['a no', undefined, /Decline/, /rejected/],
		['no plan', () => ({ planDigest: '' }), /Approve/, /'Plan Digest' was not made/],
		[
			'another PBX',
			(plan: string) => ({ planDigest: digestIn(plan), pbx: 'sip.evil.example;transport=tls' }),
			/Approve/,
			/no longer the one/,
		],
	])('%s: nothing is done', async (_name, applied, label, answer) => {
		examples.clearAccount();
		const { click } = await chat(applied);
		await click(label);
		expect(answers[1]).toMatch(answer);
		expect(examples.writes()).toEqual([]);
	});

	it('an account that has changed in between: nothing is done', async () => {
		examples.clearAccount();
		const { click } = await chat();
		stand.simulator.addCredential({ name: WISH.customer, username: 'someoneelse' });
		await click(/Approve/);
		expect(answers[1]).toMatch(/no longer the one/);
		expect(examples.writes()).toEqual([]);
	});
});
