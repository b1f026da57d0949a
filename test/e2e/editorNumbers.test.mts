/** How a number is rented in n8n's editor: the list of countries, what numbers cost, and what the run answers. */
import type { Page } from 'playwright-core';

import { type N8n, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { first, only } from '../support/elements.mts';
import { type Editor, openBrowser } from './browser.mts';
import {
	chain,
	coreNode,
	eventually,
	OWNER,
	plivoNode,
	prepareStand,
	type Stand,
	VERSIONS,
} from './stand.mts';

const NOTHING = { __rl: true, mode: 'list', value: '' };

const RENTING = chain('renting', [
	coreNode('Start', 'manualTrigger', 1),
	plivoNode('Rent', {
		resource: 'phoneNumber',
		operation: 'rent',
		country: NOTHING,
		maxMonthlyRate: 8,
		alias: 'Acme Dental',
		options: { allowRestricted: true, phoneNumber: NOTHING },
	}),
]);

let stand: Stand;
let n8n: N8n;
let editor: Editor;
let page: Page;

beforeAll(async () => {
	stand = await prepareStand('editor-numbers', first(VERSIONS));
	await stand.addWorkflows([RENTING]);
	n8n = await startN8n(stand.installation, await freePort());
	await signIn(n8n.url, OWNER);
	editor = await openBrowser();
	page = editor.page;
	await editor.signIn(n8n.url, OWNER);
});

afterEach(async () => {
	const { currentTestName = '' } = expect.getState();
	await editor.picture(`end of ${currentTestName.replace(/\W+/g, ' ')}`);
});

afterAll(async () => {
	await editor?.close();
	await n8n?.stop();
	await stand?.close();
});

const byId = (id: string) => editor.byId(id);
const entries = () => byId('rlc-item').locator('visible=true');
const search = () => byId('rlc-search').locator('visible=true');

/** Opens a resource locator's list, and waits until it has so many entries. */
async function list(name: string, text: string, count: number) {
	await byId(`resource-locator-${name}`).locator('input').last().click();
	await search().fill(text);
	await eventually(`${count} entries for "${text}"`, async () =>
		(await entries().count()) === count ? true : undefined,
	);
}

it('a number is rented: its country by name, its cost in the list and in the answer', async () => {
	await page.goto(`${n8n.url}/workflow/${RENTING.id}`);
	await editor.openNode('Rent');

	await list('country', 'united', 3);
	await editor.picture('countries', byId('ndv'));
	expect(await entries().allInnerTexts()).toContainEqual(
		expect.stringContaining('United Kingdom (GB, +44)'),
	);
	await search().fill('+61');
	await entries().filter({ hasText: 'Australia (AU, +61)' }).click();

	await list('phoneNumber', '+61 2', 5);
	await editor.picture('numbers to rent', byId('ndv'));
	const [first] = await entries().allInnerTexts();
	expect(first).toMatch(
		/\+6128577\d+ Sydney \(\$3\.00 a month, \$5\.00 to set up, needs city-address\)/,
	);
	await entries().first().click();

	await byId('node-execute-button').click();
	await byId('output-panel').getByText('1 item').waitFor();
	await editor.clearNotifications();
	await editor.picture('rented', byId('ndv'));
	expect([...stand.simulator.state.rents.values()]).toMatchObject([{ charge: '8.00000' }]);
	const rented = only(stand.simulator.state.rents.values());
	expect(stand.simulator.state.numbers.get(String(rented.number))?.alias).toBe('Acme Dental');
	await byId('output-panel').getByText('first_charge').first().waitFor();

	await byId('node-execute-button').click();
	await byId('output-panel').getByText('1 item').waitFor();
	expect(stand.simulator.state.rents.size).toBe(1);
});
