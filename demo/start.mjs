/** npm start: installs what is missing, then hands over to the demo, which is TypeScript. */
import { ensureDependencies, ensureRuntime, main } from './install.mjs';

const HELP = `npm start [-- options]

Starts a local Plivo SIP Trunking API and a real n8n with this node, runs the example workflow
"Customer onboarding" and prints what it made. Ctrl-C stops everything.

  --port N             port of n8n, default 5678; 0 for any
  --simulator-port N   port of the simulator, default 4010; 0 for any
  --once               stop after the workflow has run; the exit code tells whether it succeeded
  --help               this text`;

await main(async () => {
	if (process.argv.includes('--help')) return console.log(HELP);
	await ensureDependencies();
	await ensureRuntime('2.41.1');
	const { tsImport } = await import('tsx/esm/api');
	const { runDemo } = await tsImport('./demo.mts', import.meta.url);
	await runDemo(process.argv.slice(2));
});
