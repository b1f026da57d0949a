import { parseArgs } from 'node:util';

import { ID_FIELDS, type KindName } from './records.mts';
import { startSimulator } from './simulator.mts';

const HELP = `A local Plivo SIP Trunking API.

  npm run simulator -- [options]

  --port N            port on 127.0.0.1 (default 4010)
  --seed LIST         records to start with: trunks=2000,numbers=50,calls=500
  --latency MS        wait so long before each answer
  --auth-id ID        default MASIMULATOR000000000
  --auth-token TOKEN  default simulator-token
  --no-rate-limit     without Plivo's 300 requests in 5 seconds
  --log               print each request
  --help              this text`;

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d+$/.test(text)) fail(`${flag} takes a number, not "${text}"`);
	return Number(text);
}

function seeds(text: string): Partial<Record<KindName, number>> {
	return Object.fromEntries(
		text.split(',').map((part) => {
			const [kind, count] = part.split('=');
			if (!(kind in ID_FIELDS)) {
				fail(`--seed: "${kind}" is none of ${Object.keys(ID_FIELDS).join(', ')}`);
			}
			return [kind, wholeNumber('--seed', count) ?? 0];
		}),
	);
}

function flags() {
	try {
		return parseArgs({
			options: {
				port: { type: 'string' },
				seed: { type: 'string' },
				latency: { type: 'string' },
				'auth-id': { type: 'string' },
				'auth-token': { type: 'string' },
				'no-rate-limit': { type: 'boolean' },
				log: { type: 'boolean' },
				help: { type: 'boolean' },
			},
		}).values;
	} catch (error) {
		return fail(`${(error as Error).message} (see --help)`);
	}
}

async function main() {
	const given = flags();
	if (given.help) return console.log(HELP);
	const port = wholeNumber('--port', given.port) ?? 4010;
	const latencyMs = wholeNumber('--latency', given.latency);
	const counts = given.seed ? seeds(given.seed) : {};
	const simulator = await startSimulator({
		port,
		latencyMs,
		authId: given['auth-id'],
		authToken: given['auth-token'],
		log: given.log,
		...(given['no-rate-limit'] && { rateLimit: false }),
	}).catch((error: NodeJS.ErrnoException) =>
		fail(
			error.code === 'EADDRINUSE'
				? `Port ${port} is taken: stop what uses it, or choose another with --port`
				: error.message,
		),
	);
	simulator.seed(counts);
	console.log(
		`Plivo SIP Trunking simulator: Base URL ${simulator.url}, Auth ID ${simulator.authId}, Auth Token ${simulator.authToken}`,
	);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void simulator.close().then(() => process.exit(0)));
	}
}

void main();
