/** n8n's editor in a headless Chromium. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium, type Locator, type Page, selectors } from 'playwright-core';

const ARTIFACTS = 'test-artifacts';

/** Debian's; another one by CHROMIUM. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export interface Editor {
	readonly page: Page;
	/** Keeps a picture in test-artifacts/<name>.png: of all that is seen, or of a part of the page. */
	picture(name: string, part?: Locator): Promise<void>;
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
		],
	});
	const page = await browser.newPage({
		viewport: { width: 1440, height: 900 },
		colorScheme: 'light',
		reducedMotion: 'reduce',
	});
	page.setDefaultTimeout(30_000);
	return {
		page,
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
