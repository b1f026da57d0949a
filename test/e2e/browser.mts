/** n8n's editor in a headless Chromium. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium, type Locator, type Page, selectors } from 'playwright-core';

const ARTIFACTS = 'test-artifacts';

/** Debian's; another one by CHROMIUM. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export interface Editor {
	readonly page: Page;
	/** What n8n marks with an id for tests. */
	byId(id: string): Locator;
	/** The input of a parameter in a node's panel. */
	parameter(name: string): Locator;
	/** An entry in the panel of nodes and actions. */
	item(text: string): Locator;
	signIn(url: string, owner: { readonly email: string; readonly password: string }): Promise<void>;
	/** Opens an empty workflow and the panel for its first node. */
	openEmpty(url: string): Promise<void>;
	/** Opens a new workflow with a trigger to start it by hand. */
	newWorkflow(url: string): Promise<void>;
	/** Opens the panel of nodes, to add another. */
	openNodes(): Promise<void>;
	/** Adds an action of the node to the canvas and opens it; `credential` is the id of the account to use. */
	addAction(search: string, action: string, credential?: string): Promise<void>;
	/** Opens a node that is on the canvas. */
	openNode(name: string): Promise<void>;
	/** Picks the account with this id in the panel of a node. */
	useAccount(credential: string): Promise<void>;
	/** Picks from the list that opens below a parameter. */
	choose(name: string, option: string): Promise<void>;
	/** Keeps a picture in test-artifacts/<name>.png: of all that is seen, or of a part of the page. */
	picture(name: string, part?: Locator): Promise<void>;
	/**
	 * Does it until something is seen. The canvas draws a node's handles and arranges itself after it is shown: what is
	 * clicked meanwhile isn't there any more, or is something else.
	 */
	untilSeen(act: () => Promise<void>, seen: Locator): Promise<void>;
	/** Closes n8n's notifications, which lie over what is below them. */
	clearNotifications(): Promise<void>;
	close(): Promise<void>;
}

/** Opens an empty browser. n8n marks what can be used with `data-test-id`. */
export async function openBrowser(): Promise<Editor> {
	selectors.setTestIdAttribute('data-test-id');
	await mkdir(ARTIFACTS, { recursive: true });
	const browser = await chromium.launch({
		executablePath: CHROMIUM,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			// Pages and mails of n8n load fonts and icons from afar, and wait for as long as a network lets them.
			'--no-proxy-server',
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
		],
	});
	const page = await browser.newPage({
		viewport: { width: 1440, height: 900 },
		colorScheme: 'light',
		reducedMotion: 'reduce',
	});
	page.setDefaultTimeout(30_000);

	const byId = (id: string) => page.getByTestId(id);
	const parameter = (name: string) => byId(`parameter-input-${name}`);
	const item = (text: string) =>
		byId('item-iterator-item').filter({ has: page.getByText(text, { exact: true }) });
	const searchBar = byId('node-creator-search-bar');
	const untilSeen: Editor['untilSeen'] = async (act, seen) => {
		for (let tries = 1; ; tries++) {
			await act();
			try {
				await seen.waitFor({ timeout: 5_000 });
				return;
			} catch (error) {
				if (tries === 6) throw error;
			}
		}
	};
	const openNodes = async () =>
		await untilSeen(async () => await byId('node-creator-plus-button').click(), searchBar);
	const openEmpty = async (url: string) => {
		await page.goto(`${url}/workflow/new`);
		await untilSeen(async () => await byId('canvas-plus-button').click(), searchBar);
	};
	const useAccount = async (credential: string) => {
		await byId('node-credentials-select').click();
		await byId(`node-credentials-select-item-${credential}`).click();
	};

	return {
		page,
		byId,
		parameter,
		item,
		untilSeen,
		openNodes,
		openEmpty,
		useAccount,
		async signIn(url, { email, password }) {
			await page.goto(`${url}/signin`);
			await byId('emailOrLdapLoginId').locator('input').fill(email);
			await byId('password').locator('input').fill(password);
			await byId('form-submit-button').click();
			await page.waitForURL(/home|workflow/);
		},
		async newWorkflow(url) {
			await openEmpty(url);
			await searchBar.fill('manual');
			await item('Manual Trigger').click();
			await byId('canvas-trigger-node').waitFor();
		},
		async addAction(search, action, credential) {
			await openNodes();
			await searchBar.fill(search);
			await item('Plivo SIP Trunking').click();
			await item(action).click();
			await byId('ndv').waitFor();
			if (credential) await useAccount(credential);
		},
		async openNode(name) {
			const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
			await untilSeen(async () => await node.dblclick(), byId('ndv'));
		},
		async choose(name, option) {
			await parameter(name).click();
			const named = page.getByText(option, { exact: true });
			await page.getByRole('option').filter({ has: named }).click();
		},
		async picture(name, part) {
			await (part ?? page).screenshot({ path: join(ARTIFACTS, `${name}.png`) });
		},
		async clearNotifications() {
			const notifications = page.locator('.el-notification');
			// A click on one that is still moving in is lost: click until all are gone.
			while ((await notifications.count()) > 0) {
				const close = notifications.first().locator('.el-notification__closeBtn');
				await close.click({ timeout: 1_000 }).catch(() => undefined);
				await page.waitForTimeout(200);
			}
		},
		close: async () => await browser.close(),
	};
}
