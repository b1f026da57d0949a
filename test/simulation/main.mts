/**
 * npm run simulate -- [--histories 1000] [--seed 1] [--rule left] [--verbose] [--sabotage N] [--amnesia 1] [--keep-going]
 *
 * Simulates histories from one seed on. It ends at the first that breaks a rule and prints it shortened; with
 * `--keep-going` it only counts which rules are broken, and by which seeds. `--verbose` prints the first seed's
 * history, shortened, with all its requests. `--amnesia` says how often every process forgets. README.md tells more.
 */
import { parseArgs } from 'node:util';

import { type Core, editedCore, wholeCore } from './core.mts';
import { historyOf } from './generate.mts';
import type { History } from './history.mts';
import { report } from './report.mts';
import { SABOTAGES } from './sabotages.mts';
import { simulate } from './simulate.mts';

const { values } = parseArgs({
	options: {
		histories: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		rule: { type: 'string' },
		verbose: { type: 'boolean', default: false },
		sabotage: { type: 'string' },
		amnesia: { type: 'string' },
		'keep-going': { type: 'boolean', default: false },
	},
});

const first = Number(values.seed);
const { rule } = values;

function coreUnderTest(): Core {
	if (values.sabotage === undefined) return wholeCore;
	const sabotage = SABOTAGES[Number(values.sabotage)];
	if (!sabotage) {
		const names = SABOTAGES.map(({ rule: name }, number) => `${number}: ${name}`);
		throw new Error(`--sabotage is one of\n${names.join('\n')}`);
	}
	console.log(`Without the rule: ${sabotage.rule}`);
	return editedCore(sabotage.edits);
}

const core = coreUnderTest();

/** Words without what differs from history to history. */
const kindOfWords = (words: string) =>
	words
		.replace(/^\d+ ms: /, '')
		.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{11,}/g, '#')
		.replace(/run \d+\.\d+ \(p\d\)/g, 'run')
		.replace(/"[^"]*"/g, '"…"')
		.replace(/\d+(\.\d+)?/g, '0')
		.slice(0, 220);

async function goOn(): Promise<boolean> {
	const histories = values.verbose ? 1 : Number(values.histories);
	const startedAt = performance.now();
	const seen = new Map<string, number[]>();
	let requests = 0;
	for (let seed = first; seed < first + histories; seed++) {
		const history = {
			...historyOf(seed),
			...(values.amnesia !== undefined && { amnesia: Number(values.amnesia), forgetsTries: true }),
		} as History;
		const result = await simulate(history, { core });
		requests += result.requests;
		const broken = result.broken.filter((one) => rule === undefined || one.rule === rule);
		const [shown] = broken;
		if (shown && !values['keep-going']) {
			console.log(await report(history, shown.rule, core));
			return false;
		}
		for (const one of broken) {
			const key = `${one.rule}: ${kindOfWords(one.words)}`;
			const seeds = seen.get(key) ?? [];
			if (!seeds.includes(seed)) seeds.push(seed);
			seen.set(key, seeds);
		}
		if (values.verbose) {
			const { log = [] } = await simulate(history, { core, verbose: true });
			console.log([...log, JSON.stringify(history)].join('\n'));
		}
		if ((seed - first + 1) % 10_000 === 0) console.log(`${seed - first + 1} histories`);
	}
	const seconds = (performance.now() - startedAt) / 1000;
	for (const [words, seeds] of [...seen].sort(([, one], [, other]) => other.length - one.length)) {
		console.log(`${seeds.length} × ${words} (seeds ${seeds.slice(0, 5).join(', ')})`);
	}
	console.log(
		`${histories} histories from seed ${first}, ${requests} requests: ${seen.size === 0 ? 'no rule broken' : 'rules broken'}; ${(histories / seconds).toFixed(0)} a second`,
	);
	return seen.size === 0;
}

process.exitCode = (await goOn()) ? 0 : 1;
