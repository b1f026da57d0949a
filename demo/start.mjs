/** npm start: installs what is missing, and hands over to the demo, which is TypeScript, as soon as that can begin. */
import { ensureDependencies, ensureRuntime, hasRuntime, main } from './install.mjs';

const N8N = '2.41.1';

const HELP = `npm start [-- options]

Starts a local Plivo SIP Trunking API, runs the example workflow "Customer onboarding" in n8n's engine
and prints what it made. Then starts a real n8n with this node and the example workflows, which is
installed meanwhile, and runs the workflow there. Ctrl-C stops everything.

  --port N             port of n8n, default 5678; 0 for any
  --simulator-port N   port of the simulator, default 4010; 0 for any
  --once               stop after the workflow has run in n8n; the exit code tells whether it succeeded
  --help               this text`;

await main(async () => {
	if (process.argv.includes('--help')) return console.log(HELP);
	await ensureDependencies();
	const wait = hasRuntime(N8N) ? 'half a minute' : '3 minutes';
	const { tsImport } = await import('tsx/esm/api');
	const { runDemo } = await tsImport('./demo.mts', import.meta.url);
	await runDemo(process.argv.slice(2), { install: async () => await ensureRuntime(N8N), wait });
});
