/** What people type into n8n's search for nodes, and where the node stands in what is found. */
import { signIn, startN8n, type N8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { type Editor, openBrowser } from './browser.mts';
import { eventually, OWNER, prepareStand, type Stand, VERSIONS } from './stand.mts';

const NODE = 'Plivo SIP Trunking';

/** n8n takes the trigger's for the entry of both nodes. */
const TEXT =
	'Start a workflow when a call on a SIP trunk ends or fails, or a trunk changes; set up trunks with its actions';

const WORDS = [
	'sip',
	'trunk',
	'voip',
	'telephony',
	'phone number',
	'voice agent',
	'elevenlabs',
	'vapi',
	'retell',
	'xai',
	'livekit',
	'pbx',
	'asterisk',
	'3cx',
	'dial',
	'did',
	'call quality',
	'hangup',
	'phone call',
	'caller id',
	'outbound call',
	'rent number',
	'dialer',
	'call center',
	'hosted pbx',
];

let stand: Stand;
let n8n: N8n;
let editor: Editor;

beforeAll(async () => {
	stand = await prepareStand('editorSearch', VERSIONS[0] as string);
	n8n = await startN8n(stand.installation, await freePort());
	await signIn(n8n.url, OWNER);
	editor = await openBrowser();
	await editor.signIn(n8n.url, OWNER);
});

afterAll(async () => {
	await editor?.close();
	await n8n?.stop();
	await stand?.close();
});

/** Types into the search of the panel that is open. */
async function find(word: string): Promise<string[]> {
	const { page } = editor;
	await page.getByTestId('node-creator-search-bar').fill(word);
	const names = page.getByTestId('node-creator-item-name');
	return await eventually(`something for ${word}`, async () => {
		// The list follows what is typed after a moment.
		await page.waitForTimeout(400);
		const found = await names.allInnerTexts();
		return found.includes(NODE) ? found : undefined;
	});
}

it('n8n has one entry for both nodes, and its text is right for both', async () => {
	const { page } = editor;
	await editor.openEmpty(n8n.url);
	await find('hangup');
	await editor.picture('search as first node');
	await page.getByTestId('node-creator-search-bar').fill('manual');
	await editor.item('Manual Trigger').click();
	await page.getByTestId('canvas-trigger-node').waitFor();
	await editor.openNodes();
	expect(await find('hangup')).toEqual([NODE]);
	await page.getByText(TEXT, { exact: true }).waitFor();
});

/** n8n adds up to 100 points for how popular a node is: for "sip" it shows Code and Stripe first. */
const PLACE: Readonly<Record<string, number>> = { sip: 5 };

it.each(WORDS)('"%s" finds the node among the first', async (word) => {
	const found = await find(word);
	await editor.picture(`search ${word}`);
	expect(found.slice(0, PLACE[word] ?? 2)).toContain(NODE);
});
