/** The example workflows in a real n8n, as people use them: forms, mails, approvals and webhooks by HTTP. */
import { readFileSync, writeFileSync } from 'node:fs';

import type { INode } from 'n8n-workflow';

import {
	credentialTypeOf,
	exampleOf,
	PLATFORM_CREDENTIALS,
	PLATFORMS_READY,
	readExamples,
	type ReadyCredentials,
} from '../../demo/examples.mts';
import type { Mail } from '../../demo/mailbox.mts';
import { publishWorkflow } from '../../demo/n8n.mts';
import type { LoggedRequest } from '../../simulator/simulator.mts';
import { exactly, first, only } from '../support/elements.mts';
import {
	BASIC,
	credentialFor,
	type ExampleStand,
	linkIn,
	READY as OF_EVERY_EXAMPLE,
	startExamples,
	readable,
	submit,
} from './exampleStand.mts';
import { makeByHand } from './handMade.mts';
import { type ChatRequest, serveModel, toolCall } from './model.mts';
import { eventually } from './stand.mts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const READY: ReadyCredentials = {
	...OF_EVERY_EXAMPLE,
	openAiApi: { id: 'model', name: 'Scripted model' },
	...PLATFORMS_READY,
};

const EXAMPLES = readExamples();

const isTrigger = ({ type }: INode) => /trigger$|\.webhook$/i.test(type) && !/manual/i.test(type);

/** Whether a workflow gets to see a password: from an operation that makes one, other than as a plan. */
const makesPasswords = ({ parameters }: INode) =>
	['connectPlatform', 'provisionOutbound', 'rotatePassword'].includes(
		String(parameters.operation),
	) && !(parameters.options as { planOnly?: boolean } | undefined)?.planOnly;

describe('every example', () => {
	test.each(EXAMPLES.map((example) => [example.name, example] as const))(
		'"%s" is safe as it is',
		(_name, { nodes, settings, meta, pinData }) => {
			expect(nodes.filter(({ credentials }) => credentials)).toEqual([]);
			expect(meta).not.toHaveProperty('templateCredsSetupCompleted');
			for (const { type, parameters } of nodes) {
				if (type.endsWith('.webhook')) expect(parameters.authentication).toBe('headerAuth');
				if (type.endsWith('.formTrigger')) expect(parameters.authentication).toBe('basicAuth');
				if (type.endsWith('.chatTrigger')) expect(parameters.public ?? false).toBe(false);
			}
			if (nodes.some(makesPasswords))
				expect(settings).toMatchObject({
					saveDataSuccessExecution: 'none',
					saveDataErrorExecution: 'none',
					saveManualExecutions: false,
				});
			expect(JSON.stringify(pinData)).not.toMatch(/password/i);
		},
	);

	test.each(
		EXAMPLES.filter(({ nodes }) =>
			nodes.some(({ type }) => /webhook$|formTrigger$|chatTrigger$/.test(type)),
		).map(({ name, nodes }) => [name, nodes] as const),
	)('"%s" says what to set first', (_name, nodes) => {
		const note = nodes.find(({ name }) => name === 'Set this first');
		expect(note?.parameters.content).toContain('Plivo');
	});
});

describe('in n8n', () => {
	let examples: ExampleStand;
	let stand: ExampleStand['stand'];
	let mailbox: ExampleStand['mailbox'];
	let n8n: ExampleStand['n8n'];
	let session: ExampleStand['session'];
	let editor: ExampleStand['editor'];
	let think: (request: ChatRequest) => ReturnType<typeof toolCall>;
	let closeModel: () => void;

	beforeAll(async () => {
		const model = await serveModel((request) => think(request));
		closeModel = model.close;
		examples = await startExamples('workflows', {
			ready: READY,
			credentials: [
				credentialFor(READY, 'openAiApi', { apiKey: 'none', url: model.url, header: false }),
				...PLATFORM_CREDENTIALS,
			],
			workflows: EXAMPLES.map(
				(bare) => ({ ...bare, id: `${bare.id}Bare`, name: `${bare.name}, bare` }) as never,
			),
		});
		({ stand, mailbox, n8n, session, editor } = examples);
	});

	afterAll(async () => {
		await examples?.close();
		closeModel?.();
	});

	const run: ExampleStand['run'] = async (...args) => await examples.run(...args);
	const statusOf: ExampleStand['statusOf'] = async (id) => await examples.statusOf(id);
	const ended: ExampleStand['ended'] = async (id) => await examples.ended(id);
	const nextMail: ExampleStand['nextMail'] = async (...args) => await examples.nextMail(...args);
	const onDisk: ExampleStand['onDisk'] = (text) => examples.onDisk(text);
	const writes = () => examples.writes();
	const clearAccount = () => examples.clearAccount();

	describe('publishing', () => {
		const published = EXAMPLES.filter(({ nodes }) => nodes.some(isTrigger));

		test('with all but the webhook’s credential it is refused too', async () => {
			const { httpHeaderAuth: _key, ...others } = READY;
			const { nodes, connections, settings } = exampleOf('customerOnboarding', others);
			const { id } = (await session('POST', '/workflows', {
				name: 'No key',
				nodes,
				connections,
				settings,
			})) as { id: string };
			await expect(publishWorkflow(session, id)).rejects.toThrow(
				/New customer[^]*Missing required credential: httpHeaderAuth/,
			);
		});

		test.each(published.map(({ id, name, nodes }) => [name, id, nodes] as const))(
			'"%s" is refused until its credentials are set',
			async (_name, id, nodes) => {
				await expect(publishWorkflow(session, `${id}Bare`)).rejects.toThrow(
					/Missing required credential/,
				);
				const needed = nodes.filter((node) => !node.disabled).map(credentialTypeOf);
				if (needed.some((type) => type && !(type in READY))) return;
				await publishWorkflow(session, id);
				if (id !== 'customerOnboarding' && id !== 'onboardingWithApproval')
					await session('POST', `/workflows/${id}/deactivate`);
			},
		);
	});

	describe('customers by webhook', () => {
		const CUSTOMER = {
			customer: 'Acme Dental',
			username: 'acmedental',
			pbx: 'sip.acmedental.example:5060;transport=tcp',
			phoneNumber: '+1 415 555 0001',
		};

		beforeAll(clearAccount);

		const post: ExampleStand['post'] = async (...args) => await examples.post(...args);

		test('without the key nothing is done', async () => {
			expect(await post('customer-onboarding', CUSTOMER, {})).toMatchObject({ status: 403 });
			expect(await post('customer-onboarding', CUSTOMER, { 'x-api-key': 'x' })).toMatchObject({
				status: 403,
			});
			expect(writes()).toEqual([]);
			expect(stand.simulator.state.trunks.size).toBe(0);
		});

		test('a customer comes, and the password is nowhere on disk', async () => {
			const answer = (await post('customer-onboarding', CUSTOMER)) as unknown as {
				password: string;
			};
			expect(answer).toMatchObject({
				status: 200,
				customer: 'Acme Dental',
				username: 'acmedental',
				password: expect.stringMatching(/^.{20}$/),
				phone_number: '14155550001',
				note: expect.stringContaining('shown only once'),
			});
			expect(onDisk(answer.password)).toEqual([]);
			expect(onDisk('Customer onboarding')).not.toEqual([]);
		});

		test('the same customer again changes nothing and says so', async () => {
			stand.simulator.clearRequests();
			const again = await post('customer-onboarding', {
				...CUSTOMER,
				customer: ' Acme\u200b  Dental\u00a0',
			});
			expect(again).toMatchObject({
				status: 200,
				password: null,
				note: expect.stringContaining('already had a login'),
			});
			expect(writes()).toEqual([]);
		});

		test.each([
			['customer', { customer: ' ' }],
			['customer', { customer: null }],
			['pbx', { pbx: '' }],
			['pbx', { pbx: 'no host at all' }],
			['pbx', { pbx: 'sip.acme.example' }],
			['username', { username: 'a' }],
			['phoneNumber', { phoneNumber: '123' }],
			['phoneNumber', { phoneNumber: '+1 415 555 9999' }],
		])('400 with the field %s: %j', async (field, changes) => {
			const answer = await post('customer-onboarding', {
				...CUSTOMER,
				customer: 'New',
				...changes,
			});
			expect(answer).toMatchObject({ status: 400, field, fix: expect.stringMatching(/./) });
		});

		test('another customer’s number is refused, naming the trunk', async () => {
			expect(await post('customer-onboarding', { ...CUSTOMER, customer: 'Globex' })).toMatchObject({
				status: 409,
				error: expect.stringContaining('"Acme Dental inbound"'),
				fix: expect.stringContaining('Move Routed Numbers'),
			});
		});
	});

	describe('Onboarding with approval', () => {
		const FORM = () => `${n8n.url}/form/new-phone-service`;
		const request = (
			customer: string,
			numbers: string,
			pbx = 'sip.hooli.example;transport=tls',
		) => [customer, pbx, numbers, '', 'requester@example.com'];

		beforeAll(clearAccount);

		/** Asks for a customer, and decides; answers the mail to the requester. */
		async function decide(fields: string[], decision: string[]): Promise<Mail> {
			const seen = mailbox.mails.length;
			expect(await submit(FORM(), fields, BASIC)).toContain('Sent for approval');
			const ask = await nextMail(seen, /approve\?$/);
			expect(ask.to).toBe('approver@example.com');
			const link = linkIn(ask, /Review and decide/);
			// The mail leaves a moment before n8n waits for the answer.
			const page = await eventually('the page after the decision', async () => {
				const answer = await submit(link, decision);
				return answer.includes('is running already') ? undefined : answer;
			});
			expect(page).toContain('Got it, thanks');
			return await nextMail(seen, /^(Approved|Declined): /);
		}

		test('the form asks for a login', async () => {
			expect((await fetch(FORM())).status).toBe(401);
			expect(await submit(FORM(), request('Nobody', ''))).toBe('');
		});

		test.each([
			["'Name' is empty", request(' \u200b', '')],
			['Platform Host', request('Hooli', '', 'no host')],
			["'Phone Numbers' contains", request('Hooli', '12')],
		])('what can’t be is said at once: %s', async (problem, fields) => {
			const seen = mailbox.mails.length;
			const page = readable(await submit(FORM(), fields, BASIC));
			expect(page).toContain("This can't be set up");
			expect(page).toContain(problem);
			expect(mailbox.mails).toHaveLength(seen);
		});

		test('asked, approved and set up: the login is shown once and kept nowhere', async () => {
			const seen = mailbox.mails.length;
			const { page } = editor;
			await page.context().setExtraHTTPHeaders(BASIC);
			await page.goto(FORM());
			const fields = request('Hooli & <Sons>', '+1 415 555 0003, +1 415 555 0004');
			for (const [index, value] of fields.entries())
				await page.fill(`[name=field-${index}]`, value);
			await editor.picture('approval 1 form');
			await page.click('#submit-btn');
			await page.getByText('Sent for approval').waitFor();
			await editor.picture('approval 2 plan');
			expect(writes()).toEqual([]);

			const ask = await nextMail(seen, /approve\?$/);
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

			const approved = await nextMail(seen, /^Approved: /);
			expect(approved).toMatchObject({ to: 'requester@example.com' });
			expect(approved.html).toContain('Welcome them');
			const link = linkIn(approved, /Set it up/);
			await page.goto(link);
			await editor.picture('approval 5 set up');
			expect(writes()).toEqual([]);
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
			expect(onDisk(password)).toEqual([]);
			expect((await fetch(link)).status).toBe(404);
		});

		test('what is in line already needs no approval', async () => {
			const seen = mailbox.mails.length;
			const fields = request('Hooli & <Sons>', '+1 415 555 0003');
			expect(await submit(FORM(), fields, BASIC)).toContain('Nothing to do');
			expect(mailbox.mails).toHaveLength(seen);
		});

		test('declined: nothing is done, and the requester reads why', async () => {
			stand.simulator.clearRequests();
			const mail = await decide(request('Initech', ''), ['Decline', 'They <owe> us money']);
			expect(mail).toMatchObject({ subject: 'Declined: phone service for Initech' });
			expect(mail.html).toContain('They &#60;owe&#62; us money');
			expect(writes()).toEqual([]);
		});

		test('an account that has changed in between is left alone', async () => {
			const mail = await decide(request('Umbrella', '+1 415 555 0007'), ['Approve', '']);
			stand.simulator.addUri({ name: 'Umbrella', uri: 'sip.other.example' });
			stand.simulator.clearRequests();
			const page = await submit(linkIn(mail, /Set it up/));
			expect(page).toContain('Nothing was set up');
			expect(page).toContain('The plan is no longer the one that was approved');
			expect(page).toContain('change URI of the origination URI');
			expect(writes()).toEqual([]);
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

		beforeAll(clearAccount);

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
			const id = await run('agentWithALeash', 'When chat message received', asTask());
			const ask = await nextMail(seen, /^The telephony agent asks/);
			const click = async (label: RegExp) => {
				// n8n takes a program for a bot that must not approve.
				await fetch(linkIn(ask, label), { headers: { 'user-agent': BROWSER } });
				await ended(id);
			};
			return { ask, click };
		}

		test('plans freely, and applies after a person’s yes', async () => {
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
			expect(writes()).toEqual([]);
			await click(/Approve/);
			expect(stand.simulator.state.trunks.size).toBe(2);
			expect(answers[1]).toContain('trunk_domain');
		});

		test.each([
			['a no', undefined, /Decline/, /rejected/],
			['no plan', () => ({ planDigest: '' }), /Approve/, /'Plan Digest' was not made/],
			[
				'another PBX',
				(plan: string) => ({ planDigest: digestIn(plan), pbx: 'sip.evil.example;transport=tls' }),
				/Approve/,
				/no longer the one/,
			],
		])('%s: nothing is done', async (_name, applied, label, answer) => {
			clearAccount();
			const { click } = await chat(applied);
			await click(label);
			expect(answers[1]).toMatch(answer);
			expect(writes()).toEqual([]);
		});

		test('an account that has changed in between: nothing is done', async () => {
			clearAccount();
			const { click } = await chat();
			stand.simulator.addCredential({ name: WISH.customer, username: 'someoneelse' });
			await click(/Approve/);
			expect(answers[1]).toMatch(/no longer the one/);
			expect(writes()).toEqual([]);
		});
	});

	describe('Adopt what is there, and the nightly drift report', () => {
		let tables: string;

		interface Table {
			id: string;
			name: string;
		}

		const tableOf = async (): Promise<Table | undefined> => {
			const { data } = (await session('GET', tables)) as { data: Table[] };
			return data.find(({ name }) => name === 'Customers');
		};

		const COLUMNS = [
			'name',
			'direction',
			'pbx',
			'fallback_pbx',
			'phone_numbers',
			'username',
			'credential_id',
			'ip_acl_id',
		];

		async function rowsInTable(): Promise<Array<Record<string, unknown>>> {
			const { id } = (await tableOf())!;
			const { data } = (await session('GET', `${tables}/${id}/rows?take=250`)) as {
				data: Array<Record<string, unknown>>;
			};
			return data;
		}

		/** The table with these rows and no others. */
		async function fill(rows: Array<Record<string, unknown>>): Promise<void> {
			const old = await tableOf();
			if (old) await session('DELETE', `${tables}/${old.id}`);
			const columns = [
				...COLUMNS.map((name) => ({ name, type: 'string' })),
				{ name: 'secure', type: 'boolean' },
			];
			const { id } = (await session('POST', tables, { name: 'Customers', columns })) as Table;
			for (let at = 0; at < rows.length; at += 200)
				await session('POST', `${tables}/${id}/insert`, {
					data: rows.slice(at, at + 200),
					returnType: 'count',
				});
		}

		/** Runs the report; answers its mail, if there is one. */
		async function report(): Promise<Mail | undefined> {
			const seen = mailbox.mails.length;
			const id = await run('nightlyDriftReport', 'Try it now');
			await eventually(
				'the report',
				async () => (['new', 'running'].includes(await statusOf(id)) ? undefined : true),
				150,
			);
			return mailbox.mails.slice(seen).find(({ subject }) => subject.startsWith('Plivo drift'));
		}

		/** The names in a section of the mail. */
		const namesIn = ({ html }: Mail, title: string) => {
			const section = html.split('<h3>').find((part) => part.startsWith(title)) ?? '';
			return [...section.matchAll(/<b>(.*?)<\/b>/g)]
				.map(([, name = '']) => name)
				.filter((name) => !/^Repair/.test(name));
		};

		beforeAll(async () => {
			const { id } = (await session('GET', '/projects/personal')) as { id: string };
			tables = `/projects/${id}/data-tables`;
		});

		test('an account of 100 trunks made by hand is adopted, and the report is empty', async () => {
			stand.simulator.reset();
			makeByHand(stand.simulator, 100);
			await ended(await run('adoptWhatIsThere', 'Try it now'));
			const rows = await rowsInTable();
			expect(rows).toHaveLength(100);
			expect(await report()).toBeUndefined();
			expect(writes()).toEqual([]);
			// Once more: no row twice.
			await ended(await run('adoptWhatIsThere', 'Try it now'));
			expect(await rowsInTable()).toHaveLength(100);
		});

		test('two directions become one row; what can’t be told apart is left out and stays in the report', async () => {
			const { addTrunk, addUri, addCredential, reset } = stand.simulator;
			reset();
			await fill([]);
			const { uri_uuid } = addUri({ name: 'pbx', uri: 'pbx.example:5060' });
			const { credential_uuid } = addCredential({ name: 'login', username: 'pairlogin' });
			const inbound = (name: string) =>
				addTrunk({ name, trunk_direction: 'inbound', primary_uri_uuid: uri_uuid });
			inbound('Pair inbound');
			addTrunk({ name: 'Pair outbound', trunk_direction: 'outbound', credential_uuid });
			inbound('Twin inbound');
			inbound('Twin');
			addTrunk({ name: 'No address', trunk_direction: 'inbound', primary_uri_uuid: null });
			await ended(await run('adoptWhatIsThere', 'Try it now'));
			expect((await rowsInTable()).map(({ name, direction }) => [name, direction]).sort()).toEqual([
				['Pair', 'both'],
				['Twin', 'inbound'],
			]);
			const mail = (await report())!;
			expect(namesIn(mail, 'On the account, not in the table').sort()).toEqual([
				'No address',
				'Twin',
			]);
		});

		test('rows that can’t be read are named by row and field', async () => {
			stand.simulator.reset();
			await fill([
				{ name: ' \u200b', direction: 'both', pbx: 'a.example;transport=tls' },
				{ name: 'Double', direction: 'both', pbx: 'a.example;transport=tls' },
				{ name: ' Double\u00a0', direction: 'inbound', pbx: 'b.example' },
				{ name: 'Sideways', direction: 'sideways' },
				{ name: 'No PBX', direction: 'inbound' },
				{ name: 'Out', direction: 'outbound', phone_numbers: '+14155550001' },
				{ name: 'Bad number', direction: 'inbound', pbx: 'c.example', phone_numbers: '12' },
				{ name: 'Not ours', direction: 'inbound', pbx: 'd.example', phone_numbers: '+14155550001' },
			]);
			const mail = (await report())!;
			for (const line of [
				'Row 1, name: is empty',
				'Row 2, name: "Double" is in rows 2 and 3; each customer has one row',
				'Row 3, name: "Double" is in rows 2 and 3',
				'Row 4, direction: is "sideways", not inbound, outbound or both',
				'Row 5, pbx: is empty, but the direction includes inbound calls',
				'Row 6, phone_numbers: are set, but the direction is outbound',
				"Row 7, inbound: 'Phone Numbers' contains",
				"Row 8, inbound: 'Phone Numbers' contains 14155550001, which is not on the account",
			])
				expect(readable(mail.html)).toContain(line);
			expect(mail.html).toContain('Nothing here can be repaired automatically');
			expect(writes()).toEqual([]);
		});

		test('missing, different and in no row: told in one mail, repaired by one click', async () => {
			const { addTrunk, addUri, addCredential, addNumber, reset, state, authId } = stand.simulator;
			reset();
			const { credential_uuid } = addCredential({ name: 'Initech', username: 'initechsip' });
			const uri = addUri({ name: 'Initech', uri: 'old.initech.example:5060' });
			const trunk = addTrunk({
				name: 'Initech inbound',
				trunk_direction: 'inbound',
				primary_uri_uuid: uri.uri_uuid,
			});
			addTrunk({
				name: 'Initech outbound',
				trunk_direction: 'outbound',
				credential_uuid,
				secure: false,
			});
			addTrunk({ name: 'Forgotten <b>', trunk_direction: 'outbound', credential_uuid });
			addNumber({
				number: '14155550001',
				application: `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk.trunk_id)}/`,
			});
			addNumber({ number: '14155550002' });
			await fill([
				{
					name: 'Globex',
					direction: 'both',
					pbx: 'sip.globex.example;transport=tls',
					phone_numbers: '+1 415 555 0002',
					username: 'globexsip',
				},
				{ name: 'Initech', direction: 'both', pbx: 'new.initech.example:5060', secure: true },
			]);
			stand.simulator.clearRequests();
			const mail = (await report())!;
			await editor.page.setContent(mail.html);
			await editor.picture('drift 1 mail');
			expect(mail.subject).toBe('Plivo drift: 1 missing, 1 different, 2 not in the table');
			expect(namesIn(mail, 'Missing')).toEqual(['Globex']);
			expect(namesIn(mail, 'Different')).toEqual(['Initech']);
			expect(namesIn(mail, 'On the account')).toEqual(['Forgotten &#60;b&#62;', 'Initech inbound']);
			for (const line of [
				'create inbound trunk',
				'route +14155550002 from nowhere to the inbound trunk',
				'change URI of the origination URI &#34;Initech&#34; (uri: old.initech.example:5060 → new.initech.example:5060)',
				'change Secure of the outbound trunk',
				'Plivo bills encrypted calls',
				'+14155550001 is routed to this trunk, but not in the table',
			])
				expect(mail.html).toContain(line);
			expect(writes()).toEqual([]);

			// Between mail and click, somebody changes one of them.
			addCredential({ name: 'Globex', username: 'globexsip' });
			const seen = mailbox.mails.length;
			await editor.page.goto(linkIn(mail, /Repair/));
			await editor.picture('drift 2 page', editor.page.locator('body'));
			await editor.page.click('#submit-btn');
			await editor.page.getByText('The repair has started').waitFor();
			const result = await nextMail(seen, /repaired/);
			await editor.page.setContent(result.html);
			await editor.picture('drift 3 result');
			expect(result.subject).toBe('Plivo drift: 2 repaired, 1 not');
			expect(namesIn(result, 'Not repaired')).toEqual(['Globex']);
			expect(result.html).toContain('The plan is no longer the one that was approved');
			expect(
				state.trunks
					.all()
					.map(({ name }) => name)
					.sort(),
			).toEqual(['Forgotten <b>', 'Globex inbound', 'Initech inbound', 'Initech outbound']);

			// The next report plans the rest anew; after its repair only what is in no row is left.
			const again = (await report())!;
			expect(again.subject).toBe('Plivo drift: 1 missing, 2 not in the table');
			await submit(linkIn(again, /Repair/));
			const rest = await nextMail(seen + 2, /1 repaired, 0 not/);
			const { password } = only(state.credentials.all().filter(({ name }) => name === 'Globex'));
			expect(rest.html).toContain('Rotate Password');
			expect(rest.html).not.toContain(String(password));
			expect(onDisk(String(password))).toEqual([]);
			const last = (await report())!;
			expect(last.subject).toBe('Plivo drift: 2 not in the table');
			expect(last.html).toContain('Nothing here can be repaired automatically');
		});

		test('what was changed by hand since the last report is seen', async () => {
			const { addTrunk, addUri, addNumber, reset, state, authId } = stand.simulator;
			reset();
			const { uri_uuid } = addUri({ name: 'Soylent', uri: 'sip.soylent.example:5060' });
			const route = (id: unknown) => `/v1/Account/${authId}/Zentrunk/Trunk/${String(id)}/`;
			const { trunk_id } = addTrunk({
				name: 'Soylent inbound',
				trunk_direction: 'inbound',
				primary_uri_uuid: uri_uuid,
			});
			// The number in the middle: at either end of a list a change is seen more easily.
			for (let n = 1; n <= 50; n++)
				addNumber({
					number: String(14155550000 + n),
					application: n === 25 ? route(trunk_id) : null,
				});
			await fill([
				{
					name: 'Soylent',
					direction: 'inbound',
					pbx: 'sip.soylent.example:5060',
					phone_numbers: '+14155550025',
				},
			]);
			expect(await report()).toBeUndefined();
			Object.assign(state.numbers.get('14155550025')!, { application: null });
			expect((await report())?.subject).toBe('Plivo drift: 1 different');
			Object.assign(state.numbers.get('14155550025')!, { application: route(trunk_id) });
			expect(await report()).toBeUndefined();
		});

		test('1,000 customers: one listing of each kind', async () => {
			const { simulator } = stand;
			simulator.reset();
			const { addTrunk, addUri, addCredential, addNumber, authId } = simulator;
			const rows = Array.from({ length: 1_000 }, (_, n) => {
				const name = `Customer ${n}`;
				const { uri_uuid } = addUri({ name, uri: `pbx${n}.example:5060` });
				const { credential_uuid } = addCredential({ name, username: `customer${n}` });
				const { trunk_id } = addTrunk({
					name: `${name} inbound`,
					trunk_direction: 'inbound',
					primary_uri_uuid: uri_uuid,
				});
				addTrunk({ name: `${name} outbound`, trunk_direction: 'outbound', credential_uuid });
				const number = String(14150000000 + n);
				addNumber({
					number,
					application: `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk_id)}/`,
				});
				return { name, direction: 'both', pbx: `pbx${n}.example:5060`, phone_numbers: number };
			});
			await fill(rows);
			const figures = [{ rss: residentMb(n8n.pid) }];
			for (let round = 0; round < 3; round++) {
				simulator.clearRequests();
				Object.assign(simulator.options, { latencyMs: 50, rateLimit: false });
				const started = performance.now();
				expect(await report()).toBeUndefined();
				const seconds = Math.round(performance.now() - started) / 1000;
				const counted = countsOf(simulator.requests);
				figures.push({ ...counted, seconds, rss: residentMb(n8n.pid) } as never);
				// No record is read for itself, and a page of a list not more often than the workflow lists it.
				const kinds = {
					'/Zentrunk/Trunk/': 'trunks',
					'/Number/': 'numbers',
					'/Zentrunk/URI/': 'uris',
					'/Zentrunk/Credential/': 'credentials',
				} as const;
				const pages = {
					'/Zentrunk/Trunk/': 2,
					'/Number/': 2,
					'/Zentrunk/URI/': 1,
					'/Zentrunk/Credential/': 1,
				};
				expect(Object.keys(counted.counts).sort()).toEqual(
					Object.keys(pages)
						.map((path) => `GET ${path}`)
						.sort(),
				);
				for (const [path, listings] of Object.entries(pages)) {
					const all = simulator.state[kinds[path as keyof typeof pages]].size;
					// Pages overlap by one record; some more tell whether the list stayed the same.
					expect(counted.counts[`GET ${path}`]).toBeLessThan((all / 19 + 12) * listings);
				}
			}
			Object.assign(simulator.options, { latencyMs: 0, rateLimit: true });
			writeFileSync('test-artifacts/drift-figures.json', JSON.stringify(figures, null, '\t'));
			// Twice a thousand customers through every expression of n8n's.
		}, 600_000);
	});
});

/** Requests by what they ask for; records by their kind. */
function countsOf(requests: LoggedRequest[]) {
	const counts: Record<string, number> = {};
	for (const { method, path, query } of requests) {
		const kind = path.replace(
			/(?<=(Trunk|URI|Credential|IPAccessControlList|Number)\/)[^/]+\/$/,
			'<id>/',
		);
		const filters = Object.keys(query).filter((name) => !['limit', 'offset'].includes(name));
		const key = [method, kind, ...filters].join(' ');
		counts[key] = (counts[key] ?? 0) + 1;
	}
	const times = requests.map(({ at }) => at);
	return { counts, total: requests.length, span: (Math.max(...times) - Math.min(...times)) / 1000 };
}

/** Resident memory of a process and all below it, in MB. */
function residentMb(pid: number): number {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
		.trim()
		.split(' ')
		.filter(Boolean);
	const own =
		Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
	return Math.round(own + children.reduce((sum, child) => sum + residentMb(Number(child)), 0));
}
