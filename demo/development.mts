/** What `npm run dev` does: the demo, with the node compiled and reloaded on every change. */
import { join, resolve } from 'node:path';
import { describe, readOptions, startDemo } from './demo.mts';
import { installedFolder } from './package.mts';
import { startGroup, stopOnSignal } from './processes.mts';

/**
 * Runs the demo and, beside it, tsc and gulp, which write what changes into n8n's copy of the package; n8n watches
 * that folder and reloads the node. An open editor shows it after a reload of the page.
 * @param args command line, as for `npm start`
 * @throws {Error} when the demo doesn't start or n8n ends by itself
 */
export async function runDevelopment(args: string[]): Promise<void> {
	const { ports } = readOptions(args);
	stopOnSignal(0);
	const demo = await startDemo(ports, { N8N_DEV_RELOAD: 'true' });
	const dist = join(resolve(installedFolder(demo.installation.userFolder)), 'dist');
	const show = (text: string) => process.stdout.write(text);
	const watchers = [
		startGroup('npx', ['tsc', '--watch', '--preserveWatchOutput', '--outDir', dist], {}, show),
		startGroup('npx', ['gulp', 'watch'], { env: { DIST: dist } }, show),
	];
	console.log(describe(demo));
	await demo.n8n.exited;
	await Promise.all([...watchers, demo].map(async (part) => await part.stop()));
	throw new Error('n8n ended by itself.');
}
