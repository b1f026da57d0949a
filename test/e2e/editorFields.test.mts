/** What the editor shows of the fields, in a browser: only what matters for the choice, and in the right order. */
import type { IDataObject } from 'n8n-workflow';

import { signIn, startN8n, type N8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { type Editor, openBrowser } from './browser.mts';
import { type Model, startModel } from './model.mts';
import {
	ACCOUNT,
	chain,
	coreNode,
	eventually,
	langchainNode,
	OWNER,
	PACKAGE_NODE,
	prepareStand,
	type Stand,
	VERSIONS,
	type WorkflowFile,
} from './stand.mts';

const NUMBER = '14155550001';

const GONE = '21784100000000009';

/** An AI agent whose tool asks for a trunk that isn't there. */
function assistant(): WorkflowFile {
	const workflow = chain('lookingUp', [
		coreNode('Start', 'manualTrigger', 1),
		langchainNode('SIP assistant', 'agent', 2, {
			promptType: 'define',
			text: 'Look up the trunk.',
		}),
	]);
	const below = [
		[
			langchainNode(
				'Model',
				'lmChatOpenAi',
				1.2,
				{ model: { __rl: true, mode: 'id', value: 'scripted' } },
				{
					credentials: { openAiApi: { id: 'model', name: 'Scripted model' } },
					position: [120, 240],
				},
			),
			'ai_languageModel',
		],
		[
			{
				...coreNode('Trunk', 'noOp', 1),
				type: `${PACKAGE_NODE}Tool`,
				parameters: { resource: 'trunk', operation: 'get', trunkId: GONE },
				credentials: { plivoSipTrunkingApi: ACCOUNT },
				position: [320, 240] as [number, number],
			},
			'ai_tool',
		],
	] as const;
	for (const [node, type] of below) {
		workflow.nodes.push(node);
		workflow.connections[node.name] = {
			[type]: [[{ node: 'SIP assistant', type, index: 0 }]],
		};
	}
	return workflow;
}

let stand: Stand;
let n8n: N8n;
let editor: Editor;
let model: Model;

beforeAll(async () => {
	model = await startModel(() => '', 'There is no such trunk.');
	stand = await prepareStand('editorFields', VERSIONS[0] as string, {
		credentials: () => [
			{
				id: 'model',
				name: 'Scripted model',
				type: 'openAiApi',
				data: { apiKey: 'none', url: model.url, header: false },
			},
		],
	});
	const { simulator } = stand;
	simulator.seed({ numbers: 3, applications: 1 });
	const { app_id } = [...simulator.state.applications.values()][0] as IDataObject;
	Object.assign(simulator.state.numbers.get(NUMBER) ?? {}, {
		application: `/v1/Account/${simulator.authId}/Application/${String(app_id)}/`,
	});
	await stand.addWorkflows([assistant()]);
	n8n = await startN8n(stand.installation, await freePort());
	await signIn(n8n.url, OWNER);
	editor = await openBrowser();
	await editor.signIn(n8n.url, OWNER);
});

afterEach(async () => {
	const { currentTestName = '' } = expect.getState();
	await editor?.picture(`end of ${currentTestName.replace(/\W+/g, ' ')}`);
});

afterAll(async () => {
	await editor?.close();
	await n8n?.stop();
	await stand?.close();
	model?.close();
});

const byId = (id: string) => editor.byId(id);
const parameter = (name: string) => editor.parameter(name);

/** Opens an action in a new workflow. */
async function openAction(action: string) {
	await editor.newWorkflow(n8n.url);
	await editor.addAction('sip', action, ACCOUNT.id);
}

/** The names of the parameters that are shown, in their order. */
async function shown(): Promise<string[]> {
	await editor.page.waitForTimeout(500);
	return await byId('parameter-item').evaluateAll((items) =>
		items.map(
			(one) =>
				one.querySelector('[data-test-id^="parameter-input-"]')?.getAttribute('data-test-id') ?? '',
		),
	);
}

/** What a list offers. */
async function offered(name: string): Promise<string[]> {
	await parameter(name).click();
	const options = editor.page.getByRole('option').locator('visible=true');
	await options.first().waitFor();
	const names = await options.allInnerTexts();
	await editor.picture(`choices of ${name}`);
	await editor.page.keyboard.press('Escape');
	return names.map((text) => text.split('\n')[0]?.trim() ?? '');
}

it('Connect Platform needs a name only, and begins with what is pasted', async () => {
	await openAction('Connect voice platform or PBX');
	await editor.picture('connect platform', byId('ndv'));
	expect((await offered('resource'))[0]).toBe('Provisioning');
	await parameter('name').locator('input').fill('Globex');
	await byId('node-execute-button').click();
	const output = byId('output-panel');
	await output.getByText('1 item').waitFor();
	await editor.clearNotifications();
	const headers = await output.locator('th').allInnerTexts();
	await editor.picture('connect platform output', byId('ndv'));
	expect(
		headers
			.map((text) => text.trim())
			.filter(Boolean)
			.slice(0, 5),
	).toEqual(['trunk_domain', 'username', 'password', 'next_steps', 'warnings']);
});

const named = (names: string[], all: string[]) =>
	names.filter((name) => all.includes(`parameter-input-${name}`));

it.each([
	['ElevenLabs', ['direction', 'transport', 'region', 'username']],
	['LiveKit', ['direction', 'platformHost', 'transport', 'username']],
	['Other PBX or Platform', ['direction', 'platformHost', 'transport', 'username']],
	['Retell', ['direction', 'transport', 'username']],
	['Vapi', ['direction', 'platformHost', 'region']],
	['xAI', []],
])('%s shows what it has', async (platform, fields) => {
	if ((await byId('ndv').count()) === 0) {
		await openAction('Connect voice platform or PBX');
	}
	const now = await parameter('platform').locator('input').inputValue();
	if (now !== platform) await editor.choose('platform', platform);
	const all = await shown();
	await editor.picture(`fields of ${platform}`, byId('ndv'));
	expect(named(['direction', 'platformHost', 'transport', 'region', 'username'], all)).toEqual(
		fields,
	);
	if (fields.includes('region')) {
		expect(await offered('region')).toEqual(
			platform === 'Vapi' ? ['EU', 'Worldwide'] : ['India', 'Worldwide'],
		);
	}
});

it('a phone number is picked, and says where it is routed', async () => {
	await openAction('Provision inbound calling');
	await byId('resource-locator-phoneNumbers').locator('input').last().click();
	const entry = byId('rlc-item').locator('visible=true').filter({ hasText: NUMBER });
	await entry.waitFor();
	await editor.picture('picking a number', byId('ndv'));
	expect(await entry.innerText()).toContain('application Application');
	await entry.click();
});

it('the login of a URI is one option', async () => {
	await byId('collection-parameter-add').first().click();
	const options = editor.page.getByRole('option').locator('visible=true');
	await options.first().waitFor();
	const names = (await options.allInnerTexts()).map((text) => text.trim());
	await editor.picture('options of provision inbound');
	expect(names).toContain('URI Login');
	expect(names).not.toContain('Secure');
	await editor.page.keyboard.press('Escape');
});

it('the trigger is asked what to trigger on', async () => {
	await editor.openEmpty(n8n.url);
	await byId('node-creator-search-bar').fill('hangup');
	await editor.item('Plivo SIP Trunking').click();
	await editor.page
		.getByText(/call fail/i)
		.first()
		.click();
	await byId('ndv').waitFor();
	await editor.page.getByText('Trigger On', { exact: true }).waitFor();
	await parameter('event').click();
	await editor.page
		.getByText(/because of a fault/)
		.locator('visible=true')
		.first()
		.waitFor();
	await editor.picture('trigger on', byId('ndv'));
	await editor.page.keyboard.press('Escape');
});

it('an AI agent is told what went wrong and what to do', async () => {
	await editor.page.goto(`${n8n.url}/workflow/lookingUp`);
	await byId('canvas-node').filter({ hasText: 'SIP assistant' }).waitFor();
	await byId('execute-workflow-button').click();
	await editor.page.getByText('Workflow executed successfully').waitFor();
	await editor.clearNotifications();
	await editor.picture('assistant told of a failure', byId('canvas-wrapper'));
	const answer = await eventually('an answer', async () => model.toolAnswers[0]);
	for (const field of ['error', 'description', 'fix', 'http_code']) {
		expect(answer).toContain(`"${field}"`);
	}
	expect(answer).toContain('It may have been deleted');
});
