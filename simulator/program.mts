import { parseArgs } from 'node:util';

import { PLATFORM_KEYS } from './platforms/platforms.mts';
import type { KindName } from './records.mts';
import { SEEDED_KINDS, type SeedCounts } from './seed.mts';
import { type Simulator, startSimulator } from './simulator.mts';
import { defaultVariants, setVariants, VARIANT_CHOICES, VARIANT_TIMES } from './variants.mts';

const VARIANTS = [
	...Object.entries(VARIANT_CHOICES).map(([name, choices]) => `${name}=${choices.join('|')}`),
	...Object.entries(VARIANT_TIMES).map(([name, ms]) => `${name}=MS (${ms})`),
].map((line) => `                        ${line}`);

const HELP = `A local Plivo SIP Trunking API.

  npm run simulator -- [options]

  --port N            port on 127.0.0.1 (default 4010; 0: a free one)
  --seed LIST         records to start with: trunks=2000,numbers=50,calls=500
  --latency MS        wait so long before each answer
  --auth-id ID        default MASIMULATOR000000000
  --auth-token TOKEN  default simulator-token
  --no-rate-limit     without Plivo's 300 requests in 5 seconds
  --variant LIST      what Plivo may do, as names=direction,late=3000; the first of each is the default:
${VARIANTS.join('\n')}
  --log               print each request
  --help              this text`;

const LARGEST_PORT = 65_535;

/** Why the simulator can't start, in plain words. */
export class CannotStart extends Error {}

function fail(message: string): never {
	throw new CannotStart(message);
}

function wholeNumber(flag: string, text: string): number {
	if (!/^\d{1,9}$/.test(text)) fail(`${flag} takes a whole number, not "${text}"`);
	return Number(text);
}

function seedCounts(text: string): SeedCounts {
	const counts = text.split(',').map((part) => {
		const [kind, count = ''] = part.split('=');
		if (!SEEDED_KINDS.includes(kind as KindName)) {
			fail(`--seed: "${kind}" is none of ${SEEDED_KINDS.join(', ')}`);
		}
		return [kind as KindName, wholeNumber(`--seed ${kind}=`, count)];
	});
	return Object.fromEntries(counts) as SeedCounts;
}

function variantsFrom(lists: string[]) {
	const variants = defaultVariants();
	try {
		for (const part of lists.flatMap((list) => list.split(','))) {
			const [name = '', ...value] = part.split('=');
			setVariants(variants, { [name]: value.join('=') });
		}
	} catch (error) {
		fail(`--variant: ${(error as Error).message}`);
	}
	return variants;
}

function readFlags(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				port: { type: 'string', default: '4010' },
				seed: { type: 'string' },
				latency: { type: 'string', default: '0' },
				'auth-id': { type: 'string' },
				'auth-token': { type: 'string' },
				'no-rate-limit': { type: 'boolean', default: false },
				variant: { type: 'string', multiple: true, default: [] },
				log: { type: 'boolean' },
				help: { type: 'boolean' },
			},
		}).values;
	} catch (error) {
		// The first sentence says what is wrong, the rest how parseArgs could be called otherwise.
		return fail(`${(error as Error).message.split('. ')[0]}; see --help`);
	}
}

/**
 * Starts what `npm run simulator` starts, and prints where it is.
 *
 * @param print prints a line
 * @returns the simulator; undefined where nothing but help was asked for
 * @throws CannotStart in plain words
 */
export async function startProgram(
	args: string[],
	print: (line: string) => void,
): Promise<Simulator | undefined> {
	const flags = readFlags(args);
	if (flags.help) {
		print(HELP);
		return undefined;
	}
	const port = wholeNumber('--port', flags.port);
	if (port > LARGEST_PORT) fail(`--port goes up to ${LARGEST_PORT}, not "${port}"`);
	const latencyMs = wholeNumber('--latency', flags.latency);
	const counts = flags.seed === undefined ? {} : seedCounts(flags.seed);
	const simulator = await startSimulator({
		port,
		latencyMs,
		variants: variantsFrom(flags.variant),
		authId: flags['auth-id'],
		authToken: flags['auth-token'],
		log: flags.log,
		rateLimit: !flags['no-rate-limit'],
	}).catch((error: NodeJS.ErrnoException) =>
		fail(
			error.code === 'EADDRINUSE'
				? `Port ${port} is taken: stop what uses it, or choose another with --port`
				: error.message,
		),
	);
	simulator.seed(counts);
	const { url, authId, authToken, platformsUrl } = simulator;
	print(
		`Plivo SIP Trunking simulator: Base URL ${url}, Auth ID ${authId}, Auth Token ${authToken}
Voice platforms at ${platformsUrl}/${Object.keys(PLATFORM_KEYS).join('|')}, keys ${JSON.stringify(PLATFORM_KEYS)}`,
	);
	return simulator;
}
