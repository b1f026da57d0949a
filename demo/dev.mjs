/** npm run dev: compiles on every change and reloads the node in a running n8n, beside the simulator. */
import { ensureDependencies, ensureRuntime, main } from './install.mjs';

await main(async () => {
	await ensureDependencies();
	await ensureRuntime('2.41.1');
	const { tsImport } = await import('tsx/esm/api');
	const { runDevelopment } = await tsImport('./development.mts', import.meta.url);
	await runDevelopment(process.argv.slice(2));
});
