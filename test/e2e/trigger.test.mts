import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exampleOf } from '../../demo/examples.mts';
import { N8N_VERSION, publishWorkflow, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { ID_FIELDS } from '../../simulator/records.mts';
import {
	ACCOUNT,
	eventually,
	OWNER,
	prepareStand,
	type Stand,
	type WorkflowFile,
} from './stand.mts';

/** The workflows of the triggers end with a request to a chat, a log or an alarm: here they all come. */
let received: Server;
const texts: string[] = [];

let stand: Stand;

const DISCORD = { id: 'discord', name: 'Discord' };

const receivedUrl = () => `http://127.0.0.1:${(received.address() as AddressInfo).port}/`;

/** An example as it is used: nothing switched off. */
const example = (id: string): WorkflowFile => {
	const { nodes, ...rest } = exampleOf(id, {
		plivoSipTrunkingApi: ACCOUNT,
		discordWebhookApi: DISCORD,
	});
	const text = JSON.stringify({ ...rest, nodes: nodes.map(({ disabled: _, ...node }) => node) });
	return JSON.parse(text.replace(/https:\/\/[a-z]+\.example\//g, receivedUrl())) as WorkflowFile;
};

const wait = async (seconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, seconds * 1000));

beforeAll(async () => {
	received = createServer((request, response) => {
		let body = '';
		request.on('data', (part) => (body += part));
		request.on('end', () => {
			const { text, content } = JSON.parse(body) as { text?: string; content?: string };
			texts.push(text ?? content ?? '');
			response.setHeader('Content-Type', 'application/json').end('{}');
		});
	});
	await new Promise<void>((resolve) => received.listen(0, '127.0.0.1', resolve));
	stand = await prepareStand('trigger', N8N_VERSION, {
		credentials: () => [
			{ ...DISCORD, type: 'discordWebhookApi', data: { webhookUri: receivedUrl() } },
		],
	});
	await stand.addWorkflows([example('failedCallsToDiscord'), example('trunkChangeAudit')]);
}, 120_000);

afterAll(async () => {
	received.close();
	await stand.close();
});

const start = async () => await startN8n(stand.installation, await freePort());

it('tells each failed call and each changed trunk once, over a restart and an off and on', async () => {
	const { simulator } = stand;
	const trunk = simulator.addTrunk({ name: 'Office' });
	const failed: string[] = [];
	const endCalls = () => {
		const { call_uuid } = simulator.addCall({ hangup_cause_code: 4350, bill_duration: 0 });
		failed.push(String(call_uuid));
		simulator.addCall();
		simulator.addCall({ hangup_cause_code: 4410, bill_duration: 0 });
	};
	endCalls();
	const old = failed.splice(0);
	const told = () => texts.flatMap((text) => /call ([0-9a-f-]{36})$/.exec(text)?.[1] ?? []).sort();

	let n8n = await start();
	try {
		let session = await signIn(n8n.url, OWNER);
		await publishWorkflow(session, 'failedCallsToDiscord');
		await publishWorkflow(session, 'trunkChangeAudit');
		const calls = setInterval(endCalls, 1_500);
		try {
			await wait(65);
			expect(told().length).toBeGreaterThan(0);
			await n8n.stop();
			await wait(10);
			simulator.state.trunks.set(String(trunk[ID_FIELDS.trunks]), {
				...trunk,
				trunk_status: 'disabled',
			});
			n8n = await start();
			session = await signIn(n8n.url, OWNER);
			await wait(60);
		} finally {
			clearInterval(calls);
		}
		await eventually(
			'all failed calls',
			() => (told().length >= failed.length ? true : undefined),
			70,
		);
		expect(told()).toEqual(failed.sort());
		expect(told()).not.toContain(old[0]);
		// Once for the log and once as an alarm.
		expect(texts.filter((text) => text.startsWith('Trunk'))).toEqual(
			Array(2).fill(
				`Trunk Office (${trunk.trunk_id}) was changed: trunk_status from enabled to disabled`,
			),
		);

		await session('POST', '/workflows/failedCallsToDiscord/deactivate');
		endCalls();
		const whileOff = failed.pop();
		simulator.clearRequests();
		await publishWorkflow(session, 'failedCallsToDiscord');
		// n8n activates a published workflow a moment later.
		await eventually('the first poll', () =>
			simulator.requests.some(({ path, status }) => path === '/Zentrunk/Call/' && status === 200)
				? true
				: undefined,
		);
		await wait(2);
		endCalls();
		await eventually(
			'the call after the switch',
			() => (told().length >= failed.length ? true : undefined),
			70,
		);
		expect(told()).toEqual(failed.sort());
		expect(told()).not.toContain(whileOff);
	} finally {
		await n8n.stop();
	}
}, 400_000);
