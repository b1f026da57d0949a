/** The examples that report on calls and money, in a real n8n: mails as people see them, and messages in chats. */
import { exampleOf, readExamples, type ReadyCredentials } from '../../demo/examples.mts';
import type { Mail } from '../../demo/mailbox.mts';
import { plivoTime } from '../../simulator/plivoTime.mts';
import { type Chats, startChats } from './chats.mts';
import { credentialFor, type ExampleStand, READY, startExamples } from './exampleStand.mts';
import type { WorkflowFile } from './stand.mts';

const DAY_MS = 86_400_000;

const CHATS: ReadyCredentials = {
	slackApi: { id: 'slack', name: 'Slack' },
	microsoftTeamsOAuth2Api: { id: 'teams', name: 'Microsoft Teams' },
	discordWebhookApi: { id: 'discord', name: 'Discord' },
};

let examples: ExampleStand;
let chats: Chats;

/** An example of a chat as it is used: the last node switched on, and a channel chosen. */
function switchedOn(id: string): WorkflowFile {
	const example = exampleOf(id, { ...READY, ...CHATS });
	const nodes = example.nodes.map(({ disabled: _, ...node }) =>
		node.type.endsWith('.microsoftTeams')
			? {
					...node,
					parameters: {
						...node.parameters,
						teamId: { __rl: true, mode: 'id', value: '11111111-2222-4333-8444-555555555555' },
						channelId: { __rl: true, mode: 'id', value: '19:channel@thread.tacv2' },
					},
				}
			: node,
	);
	return { ...example, nodes, id: `${id}On` } as unknown as WorkflowFile;
}

beforeAll(async () => {
	chats = await startChats();
	examples = await startExamples('workflows-reports', {
		ready: CHATS,
		env: chats.env,
		credentials: [
			credentialFor(CHATS, 'slackApi', { accessToken: 'xoxb-token' }),
			credentialFor(CHATS, 'microsoftTeamsOAuth2Api', {
				clientId: 'client',
				clientSecret: 'secret',
				oauthTokenData: { access_token: 'graph-token', token_type: 'Bearer' },
			}),
			credentialFor(CHATS, 'discordWebhookApi', { webhookUri: chats.discordUrl }),
		],
		workflows: [
			switchedOn('failedCallsToSlack'),
			switchedOn('failedCallsToMicrosoftTeams'),
			switchedOn('failedCallsToDiscord'),
		],
	});
});

afterAll(async () => {
	await examples?.close();
	await chats?.close();
});

/** Runs a report by its button; answers its mail. */
async function mailOf(id: string, subject: RegExp): Promise<Mail> {
	const seen = examples.mailbox.mails.length;
	expect(await examples.ended(await examples.run(id, 'Try it now'))).toBe('success');
	return await examples.nextMail(seen, subject);
}

/** Keeps a picture of a mail; answers its tables' cells as they read, row by row. */
async function cellsOf(mail: Mail, picture: string): Promise<string[][]> {
	const { page, picture: keep } = examples.editor;
	await page.setContent(mail.html);
	await keep(picture);
	// The bars are tables within cells.
	const rows = page.locator('table:not(table table) > tbody > tr');
	return await rows.evaluateAll((all) =>
		all.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').trim())),
	);
}

/** Mail clients drop these, or refuse the mail. */
const NOT_IN_MAILS = /<(svg|style|script|img|canvas|div[^>]*(height|background))/i;

describe('Daily call quality report', () => {
	const dayOf = (back: number) => plivoTime(Date.now() - back * DAY_MS).slice(0, 10);

	it('seven days, those without calls as zero; bars are cells', async () => {
		const { simulator } = examples.stand;
		simulator.reset();
		const call = (back: number, more = {}) =>
			simulator.addCall({
				end_time: `${dayOf(back)} 00:00:30`,
				call_duration: 90,
				total_amount: '0.25000',
				...more,
			});
		call(0);
		for (let n = 0; n < 4; n++) call(2);
		call(2, {
			hangup_cause_code: 4350,
			hangup_cause_name: 'temporary_unavailable',
			call_duration: 0,
			total_amount: '0',
		});
		call(6);
		// Out of the seven days.
		call(7);
		const mail = await mailOf('dailyCallQualityReport', /^Plivo calls/);
		expect(mail.to).toBe('telephony-team@example.com');
		expect(mail.html).not.toMatch(NOT_IN_MAILS);
		const cells = await cellsOf(mail, 'daily report');
		expect(cells.slice(1).map(([day, , ...figures]) => [day, ...figures])).toEqual([
			[dayOf(6), '1', '100.0%', '0', '1.5', '$0.25'],
			[dayOf(5), '0', '–', '0', '0.0', '$0.00'],
			[dayOf(4), '0', '–', '0', '0.0', '$0.00'],
			[dayOf(3), '0', '–', '0', '0.0', '$0.00'],
			[dayOf(2), '5', '80.0%', '1', '6.0', '$1.00'],
			[dayOf(1), '0', '–', '0', '0.0', '$0.00'],
			[dayOf(0), '1', '100.0%', '0', '1.5', '$0.25'],
		]);
		const bars = await examples.editor.page
			.locator('table table')
			.evaluateAll((all) =>
				all.map((bar) =>
					[...bar.querySelectorAll('td[bgcolor]')].map((cell) =>
						Number(cell.getAttribute('width')),
					),
				),
			);
		expect(bars).toEqual([[48], [], [], [], [48, 192], [], [48]]);
	});

	it('an account without calls gets seven rows too', async () => {
		examples.stand.simulator.reset();
		const mail = await mailOf('dailyCallQualityReport', /: 0, 0 failed$/);
		expect(await cellsOf(mail, 'daily report empty')).toHaveLength(8);
		expect(mail.html).toContain('No call failed.');
	});

	it('the reasons of the last 24 hours, with what is said in HTML taken as text', async () => {
		const { simulator } = examples.stand;
		simulator.reset();
		const failed = (code: number, hours: number) =>
			simulator.addCall({
				hangup_cause_code: code,
				call_duration: 0,
				bill_duration: 0,
				end_time: plivoTime(Date.now() - hours * 3_600_000),
			});
		failed(4350, 1);
		failed(4350, 2);
		failed(5180, 3);
		failed(5340, 30);
		// Busy: not a failure.
		failed(4410, 1);
		const mail = await mailOf('dailyCallQualityReport', /: 4, 3 failed$/);
		const items = [...mail.html.matchAll(/<li>(.*?)<\/li>/g)].map(([, text]) => text);
		expect(items).toEqual([
			expect.stringMatching(/^<b>2<\/b> &times; .* \(code 4350\)$/),
			expect.stringMatching(/^<b>1<\/b> &times; .* \(code 5180\)$/),
		]);
		await cellsOf(mail, 'daily report failures');
	});
});

describe('Monthly cost report', () => {
	const month = (back: number) => {
		const now = new Date();
		return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
	};
	const at = (date: Date, seconds: number) => plivoTime(date.getTime() + seconds * 1000);

	/** Numbers of two customers, of one with a trunk and no alias, and of nobody; calls of this month and the last. */
	function fill() {
		const { simulator } = examples.stand;
		simulator.reset();
		const { addTrunk, addUri, addNumber, addCall, authId } = simulator;
		const { uri_uuid } = addUri({ name: 'Globex', uri: 'sip.globex.example:5060' });
		const { trunk_id } = addTrunk({
			name: 'Globex inbound',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
		const application = `/v1/Account/${authId}/Zentrunk/Trunk/${String(trunk_id)}/`;
		addNumber({ number: '14155550001', alias: 'Acme <Dental>', monthly_rental_rate: '0.80000' });
		addNumber({ number: '14155550002', alias: ' Acme <Dental> ', monthly_rental_rate: '2.00000' });
		addNumber({ number: '14155550003', alias: '', application, monthly_rental_rate: '0.50000' });
		addNumber({ number: '14155550004', alias: null, monthly_rental_rate: '0.50000' });
		// One begins with the other.
		addNumber({ number: '4930901820', alias: 'Hooli', monthly_rental_rate: '0.25000' });
		addNumber({ number: '49309018201', alias: 'Umbrella', monthly_rental_rate: '0.20000' });
		const call = (end_time: string, fields: Record<string, unknown>) =>
			addCall({
				end_time,
				call_duration: 61,
				bill_duration: 120,
				total_amount: '0.10000',
				...fields,
			});
		for (const [back, times] of [
			[1, 3],
			[0, 1],
		] as const) {
			for (let n = 1; n <= times; n++) {
				const end = at(month(back), n);
				call(end, {
					call_direction: 'inbound',
					from_number: '+442071838750',
					to_number: '+14155550001',
				});
				call(end, {
					call_direction: 'outbound',
					from_number: '+14155550002',
					to_number: '+442071838750',
				});
				// From one number of the account to another: two calls, each with its own direction.
				call(end, {
					call_direction: 'outbound',
					from_number: '+14155550003',
					to_number: '+14155550001',
				});
				call(end, {
					call_direction: 'inbound',
					from_number: '+442071838750',
					to_number: '+49309018201',
				});
				// A number that was given back.
				call(end, {
					call_direction: 'inbound',
					from_number: '+442071838750',
					to_number: '+14155559999',
				});
			}
		}
		// At the edges of the last month.
		call(at(month(0), -1), { call_direction: 'inbound', to_number: '+14155550003' });
		call(at(month(1), -1), { call_direction: 'inbound', to_number: '+14155550003' });
	}

	it('by its button, this month so far', async () => {
		fill();
		const mail = await mailOf('monthlyCostReport', /^Plivo costs/);
		expect(mail.to).toBe('telephony-team@example.com');
		expect(mail.html).not.toMatch(NOT_IN_MAILS);
		const cells = await cellsOf(mail, 'cost report this month');
		expect(cells.slice(1)).toEqual([
			['Acme <Dental>', '+14155550001, +14155550002', '', '$2.80', '4.0', '$0.20', '$3.00'],
			['Globex', '+14155550003', '', '$0.50', '2.0', '$0.10', '$0.60'],
			['No customer', '+14155550004', '', '$0.50', '0.0', '$0.00', '$0.50'],
			['Umbrella', '+49309018201', '', '$0.20', '2.0', '$0.10', '$0.30'],
			['Hooli', '+4930901820', '', '$0.25', '0.0', '$0.00', '$0.25'],
			['Other calls', '', '', '$0.00', '2.0', '$0.10', '$0.10'],
			['Total', '$4.25', '10.0', '$0.50', '$4.75'],
		]);
	});

	it('by its schedule, the whole of last month', async () => {
		fill();
		const seen = examples.mailbox.mails.length;
		await examples.ended(await examples.run('monthlyCostReport', 'Second of the month at 7'));
		const first = month(1).toISOString().slice(0, 10);
		const last = new Date(month(0).getTime() - 1).toISOString().slice(0, 10);
		const mail = await examples.nextMail(
			seen,
			new RegExp(`^Plivo costs, ${first} to ${last}: \\$`),
		);
		const cells = await cellsOf(mail, 'cost report last month');
		expect(cells.slice(1)).toEqual([
			['Acme <Dental>', '+14155550001, +14155550002', '', '$2.80', '12.0', '$0.60', '$3.40'],
			['Globex', '+14155550003', '', '$0.50', '8.0', '$0.40', '$0.90'],
			['No customer', '+14155550004', '', '$0.50', '0.0', '$0.00', '$0.50'],
			['Umbrella', '+49309018201', '', '$0.20', '6.0', '$0.30', '$0.50'],
			['Other calls', '', '', '$0.00', '6.0', '$0.30', '$0.30'],
			['Hooli', '+4930901820', '', '$0.25', '0.0', '$0.00', '$0.25'],
			['Total', '$4.25', '32.0', '$1.60', '$5.85'],
		]);
		const bars = await examples.editor.page
			.locator('table table')
			.evaluateAll((all) =>
				all.map((bar) =>
					[...bar.querySelectorAll('td[bgcolor]')].map((cell) =>
						Number(cell.getAttribute('width')),
					),
				),
			);
		expect(bars).toEqual([[198, 42], [35, 28], [35], [14, 21], [21], [18]]);
	});
});

describe('Failed calls', () => {
	const CALL = {
		call_direction: 'outbound',
		from_number: '+14155550100',
		to_number: '+14155550123',
		hangup_cause_code: 4350,
		hangup_cause_name: 'temporary_unavailable',
		hangup_source: 'customer',
		bill_duration: 0,
	};

	async function messageOf(id: string) {
		const { simulator } = examples.stand;
		simulator.reset();
		const { call_uuid } = simulator.addCall(CALL);
		const seen = chats.messages.length;
		expect(await examples.ended(await examples.run(`${id}On`, 'A call failed'))).toBe('success');
		expect(chats.messages).toHaveLength(seen + 1);
		return { ...chats.messages.at(-1)!, uuid: String(call_uuid) };
	}

	const PARTS = [
		'Outbound call from +14155550100 to +14155550123 failed',
		'What to do:',
		'code 4350',
	];

	it('to Slack', async () => {
		const { host, path, authorization, body, uuid } = await messageOf('failedCallsToSlack');
		expect({ host, path, authorization }).toEqual({
			host: 'slack.com',
			path: '/api/chat.postMessage',
			authorization: 'Bearer xoxb-token',
		});
		expect(body.channel).toBe('#calls');
		for (const part of [...PARTS, uuid]) expect(body.text).toContain(part);
		expect(body.text).toMatch(/^\*Outbound .* failed\*\n.+\n\*What to do:\* .+\n/);
	});

	it('to Microsoft Teams', async () => {
		const { host, path, authorization, body, uuid } = await messageOf(
			'failedCallsToMicrosoftTeams',
		);
		expect(host).toBe('graph.microsoft.com');
		expect(decodeURIComponent(path)).toMatch(
			/\/teams\/11111111-[^/]*\/channels\/19:channel@thread\.tacv2\/messages$/,
		);
		expect(authorization).toBe('Bearer graph-token');
		const { content, contentType } = body.body as { content: string; contentType: string };
		expect(contentType).toBe('html');
		for (const part of [...PARTS, uuid]) expect(content).toContain(part);
		expect(content).toMatch(/^<b>Outbound .* failed<\/b><br>.+<br><b>What to do:<\/b> .+<br>/);
	});

	it('to Discord', async () => {
		const { path, body, uuid } = await messageOf('failedCallsToDiscord');
		expect(path).toBe('/api/webhooks/1/token');
		for (const part of [...PARTS, uuid]) expect(body.content).toContain(part);
		expect(body.content).toMatch(/^\*\*Outbound .* failed\*\*\n.+\n\*\*What to do:\*\* .+\n/);
	});

	it.each(['failedCallsToSlack', 'failedCallsToMicrosoftTeams', 'failedCallsToDiscord'])(
		'%s runs by a click before a chat is chosen',
		async (id) => {
			const { simulator } = examples.stand;
			simulator.reset();
			simulator.addCall(CALL);
			const seen = chats.messages.length;
			expect(await examples.ended(await examples.run(id, 'A call failed'))).toBe('success');
			expect(chats.messages).toHaveLength(seen);
		},
	);
});

it.each(readExamples().map(({ name, id }) => [name, id]))(
	'"%s" in the editor: nothing is cut off or lies on something else',
	async (_name, id) => {
		expect(await examples.photograph(id)).toEqual([]);
	},
);
