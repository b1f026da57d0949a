/** What a person does with the package in n8n's editor, step by step, in a browser. */
import type { Locator, Page } from 'playwright-core';

import { exampleOf } from '../../demo/examples.mts';
import { type N8n, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { first } from '../support/elements.mts';
import { type Editor, openBrowser } from './browser.mts';
import { type Model, startModel } from './model.mts';
import {
	ACCOUNT,
	chain,
	coreNode,
	eventually,
	langchainNode,
	OWNER,
	prepareStand,
	type Stand,
	VERSIONS,
	type WorkflowFile,
} from './stand.mts';

const ONBOARDING = exampleOf('customerOnboarding', {
	plivoSipTrunkingApi: ACCOUNT,
	httpHeaderAuth: { id: 'webhookKey', name: 'Webhook key' },
}) as unknown as WorkflowFile;

const TRUNKS = 500;

const NEW_URI = { name: 'Hooli PBX', uri: 'sip.hooli.example:5060' };

/** An AI agent with a model and no tool yet. */
function assistant(): WorkflowFile {
	const workflow = chain('assistant', [
		coreNode('Start', 'manualTrigger', 1),
		langchainNode('SIP assistant', 'agent', 2, {
			promptType: 'define',
			text: `Add the PBX ${NEW_URI.name} at ${NEW_URI.uri}.`,
		}),
	]);
	const model = langchainNode(
		'Model',
		'lmChatOpenAi',
		1.2,
		{ model: { __rl: true, mode: 'id', value: 'scripted' } },
		{ credentials: { openAiApi: { id: 'model', name: 'Scripted model' } }, position: [120, 240] },
	);
	workflow.nodes.push(model);
	workflow.connections[model.name] = {
		ai_languageModel: [[{ node: 'SIP assistant', type: 'ai_languageModel', index: 0 }]],
	};
	return workflow;
}

let stand: Stand;
let n8n: N8n;
let editor: Editor;
let page: Page;
let model: Model;

beforeAll(async () => {
	model = await startModel(
		(name) => (/uri/i.test(name) ? NEW_URI.uri : NEW_URI.name),
		`${NEW_URI.name} is set up.`,
	);
	stand = await prepareStand('editor', first(VERSIONS), {
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
	simulator.seed({ numbers: 20, applications: 1, credentials: 3, uris: 3, trunks: TRUNKS });
	simulator.addCredential({ name: 'Globex digest', username: 'globex' });
	simulator.addUri({ name: 'Globex PBX', uri: 'sip.globex.example' });
	await stand.addWorkflows([ONBOARDING, assistant()]);
	n8n = await startN8n(stand.installation, await freePort());
	await signIn(n8n.url, OWNER);
	editor = await openBrowser();
	page = editor.page;
});

/** What was seen last is the best hint at why a step failed. */
afterEach(async () => {
	const { currentTestName = '' } = expect.getState();
	await editor.picture(`end of ${currentTestName.replace(/\W+/g, ' ')}`);
});

afterAll(async () => {
	await editor?.close();
	await n8n?.stop();
	await stand?.close();
	model?.close();
});

const byId = (id: string) => editor.byId(id);
const parameter = (name: string) => editor.parameter(name);
const item = (text: string) => editor.item(text);
const output = () => byId('output-panel');
const newWorkflow = async () => await editor.newWorkflow(n8n.url);

/** Types into a resource locator's search, and picks what is found. */
async function pick(name: string, search: string, found: string, picture?: string) {
	await byId(`resource-locator-${name}`).locator('input').last().click();
	await byId('rlc-search').locator('visible=true').fill(search);
	const only = byId('rlc-item').locator('visible=true');
	await expectCount(only, 1);
	if (picture) await editor.picture(picture, byId('ndv'));
	await only.filter({ hasText: found }).click();
}

async function expectCount(locator: Locator, count: number) {
	await eventually(`${count} of them`, async () =>
		(await locator.count()) === count ? true : undefined,
	);
}

const execute = async () => await byId('node-execute-button').click();

/** The record of a kind with a name, in the simulated account. */
const made = (kind: 'trunks' | 'uris' | 'credentials', name: string) =>
	[...stand.simulator.state[kind].values()].find((record) => record.name === name);

it('signing in', async () => {
	await editor.signIn(n8n.url, OWNER);
});

it.each(['sip', 'zentrunk'])('the node is found by "%s"', async (word) => {
	await newWorkflow();
	await editor.openNodes();
	await byId('node-creator-search-bar').fill(word);
	await item('Plivo SIP Trunking').waitFor();
	await editor.picture(`found by ${word}`);
	await item('Plivo SIP Trunking').click();
	await byId('node-creator-category-item')
		.getByText(/^Actions/)
		.waitFor();
	await editor.picture('actions');
});

it('a credential with a wrong token is told so, with the right one it connects', async () => {
	const { url, authId, authToken } = stand.simulator;
	await newWorkflow();
	await editor.addAction('zentrunk', 'Get many trunks');
	await byId('node-credentials-select').click();
	await byId('node-credentials-select-item-new').click();
	const enter = async (name: string, value: string) =>
		await parameter(name).locator('input').fill(value);
	await enter('authId', authId);
	await enter('authToken', 'wrong');
	await enter('baseUrl', url);
	await byId('credential-save-button').click();
	await page.getByText('More details').click();
	await page.getByText('Plivo does not accept this Auth ID and Auth Token').waitFor();
	await editor.picture('credential refused');

	await enter('authToken', authToken);
	await byId('credential-save-button').click();
	await byId('credential-edit-dialog').waitFor({ state: 'detached' });
	await byId('credential-edit-button').click();
	await page.getByText('Connection tested successfully').waitFor();
	await editor.picture('credential accepted');
});

it('an outbound trunk, with a credential picked by typing', async () => {
	await newWorkflow();
	await editor.addAction('sip', 'Create trunk', ACCOUNT.id);
	await parameter('name').locator('input').fill('Globex outbound');
	await pick('credentialId', 'glob', 'Globex digest', 'searchable list');
	await execute();
	await output().getByText('1 item').waitFor();
	await editor.clearNotifications();
	await editor.picture('outbound trunk', byId('ndv'));
	expect(made('trunks', 'Globex outbound')).toMatchObject({
		trunk_direction: 'outbound',
		credential_uuid: made('credentials', 'Globex digest')?.credential_uuid,
	});
});

it('an inbound trunk, with an origination URI picked by typing', async () => {
	await newWorkflow();
	await editor.addAction('sip', 'Create trunk', ACCOUNT.id);
	await parameter('name').locator('input').fill('Globex inbound');
	await editor.choose('trunkDirection', 'Inbound');
	await pick('primaryUriId', 'glob', 'Globex PBX');
	await execute();
	await output().getByText('1 item').waitFor();
	await output().getByText('Globex inbound').waitFor();
	await editor.picture('inbound trunk');
	expect(made('trunks', 'Globex inbound')).toMatchObject({
		trunk_direction: 'inbound',
		primary_uri_uuid: made('uris', 'Globex PBX')?.uri_uuid,
	});
});

it('an error is told with a remedy', async () => {
	await newWorkflow();
	await editor.addAction('sip', 'Create trunk', ACCOUNT.id);
	await parameter('name').locator('input').fill('Globex outbound');
	await execute();
	await output()
		.getByText(/'SIP Credential' is empty/)
		.first()
		.waitFor();
	await editor.clearNotifications();
	await editor.picture('error panel', byId('ndv'));
});

it('500 trunks are listed', async () => {
	await newWorkflow();
	await editor.addAction('sip', 'Get many trunks', ACCOUNT.id);
	await parameter('returnAll').click();
	await execute();
	await output().getByText(`${stand.simulator.state.trunks.size} items`).waitFor();
	await editor.clearNotifications();
	await editor.picture('500 trunks', byId('ndv'));
});

it('"Customer onboarding" runs from the canvas', async () => {
	// The sample customer's number is nobody else's.
	Object.assign(stand.simulator.state.numbers.get('14155550001')!, { application: null });
	await page.goto(`${n8n.url}/workflow/${ONBOARDING.id}`);
	await byId('canvas-trigger-node').waitFor();
	await byId('execute-workflow-button').click();
	await page.getByText('Workflow executed successfully').waitFor();
	await editor.clearNotifications();
	await editor.picture('customer onboarding', byId('canvas-wrapper'));
	await editor.openNode('Answer');
	await output().getByText('Acme Dental').waitFor();
	await editor.picture('customer onboarding answer');
	const trunks = [...stand.simulator.state.trunks.values()];
	const directions = trunks.filter(({ name }) => /^Acme Dental (in|out)bound$/.test(String(name)));
	expect(directions.map((trunk) => trunk.trunk_direction).sort()).toEqual(['inbound', 'outbound']);
});

it('as a tool of an AI agent, with parameters that the model fills', async () => {
	await page.goto(`${n8n.url}/workflow/assistant`);
	await byId('canvas-node').filter({ hasText: 'SIP assistant' }).waitFor();
	const tools = page.locator('[data-connection-type="ai_tool"]').getByTestId('canvas-handle-plus');
	await editor.untilSeen(
		async () => await tools.click(),
		page.getByText('Action in an app', { exact: true }),
	);
	await byId('node-creator-search-bar').last().fill('sip');
	await item('Plivo SIP Trunking Tool').waitFor();
	await editor.picture('tools');
	await item('Plivo SIP Trunking Tool').click();
	await byId('ndv').waitFor();
	await editor.useAccount(ACCOUNT.id);
	await editor.choose('resource', 'Origination URI');
	await editor.choose('operation', 'Create');
	for (const name of ['name', 'uri']) {
		const row = byId('parameter-item').filter({ has: parameter(name) });
		await row.getByTestId('from-ai-override-button').click();
	}
	await editor.picture('tool parameters');
	await byId('ndv-close-button').click();
	await byId('execute-workflow-button').click();
	await page.getByText('Workflow executed successfully').waitFor();
	await editor.clearNotifications();
	await editor.picture('assistant', byId('canvas-wrapper'));
	expect(model.offered).toHaveLength(1);
	expect(model.toolAnswers[0]).toContain(String(made('uris', NEW_URI.name)?.uri_uuid));
});
