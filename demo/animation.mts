/**
 * Makes docs/images/onboarding.gif: one onboarding in the editor, from the click to the login it answers.
 * What is seen is what `npm start` shows; run it again when the example or n8n's editor has changed.
 */
import { writeFile } from 'node:fs/promises';

import sharp from 'sharp';

import { openBrowser } from '../test/e2e/browser.mts';
import { startDemo } from './demo.mts';
import { signIn } from './n8n.mts';

const FILE = 'docs/images/onboarding.gif';
const WIDTH = 900;

/** One picture of the animation, and how long it is seen, in milliseconds. */
interface Frame {
	readonly png: Buffer;
	readonly ms: number;
}

/** Joins pictures to an endless GIF. */
async function animated(frames: readonly Frame[]): Promise<Buffer> {
	const pictures = await Promise.all(
		frames.map(async ({ png }) => await sharp(png).resize({ width: WIDTH }).png().toBuffer()),
	);
	return await sharp(pictures, { join: { animated: true } })
		.gif({ delay: frames.map(({ ms }) => ms), loop: 0, colours: 64, dither: 0, effort: 10 })
		.toBuffer();
}

const demo = await startDemo({ n8n: 0, simulator: 0 });
const editor = await openBrowser();
const frames: Frame[] = [];
const { page } = editor;
const keep = async (ms: number) => {
	frames.push({ png: await page.screenshot(), ms });
};
try {
	await signIn(demo.n8n.url, demo.owner);
	await page.setViewportSize({ width: 1200, height: 800 });
	await editor.signIn(demo.n8n.url, demo.owner);
	await page.goto(`${demo.n8n.url}/workflow/customerOnboarding`);
	await page.getByTestId('canvas-trigger-node').waitFor();
	await editor.clearNotifications();
	await page.waitForTimeout(1_000);
	await keep(2_000);
	await page.getByTestId('execute-workflow-button').click();
	const done = page.getByText('Workflow executed successfully');
	for (let count = 0; count < 40 && !(await done.isVisible()); count++) {
		await keep(150);
		await page.waitForTimeout(100);
	}
	await editor.clearNotifications();
	await keep(2_500);
	await editor.openNode('Answer');
	const output = page.getByTestId('output-panel');
	await output.getByText('1 item').first().waitFor();
	await output.getByText('JSON', { exact: true }).click();
	await page.mouse.move(0, 0);
	await page.waitForTimeout(500);
	await editor.clearNotifications();
	await keep(5_000);
} finally {
	await editor.close();
	await demo.stop();
}
await writeFile(FILE, await animated(frames));
console.log(`${FILE}: ${frames.length} pictures`);
