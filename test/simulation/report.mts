import type { Core } from './core.mts';
import type { History } from './history.mts';
import { shrink } from './shrink.mts';
import { simulate } from './simulate.mts';

/** A history that breaks a rule, shortened, with everything that happens in it. */
export async function report(history: History, rule: string, core?: Core): Promise<string> {
	const short = await shrink(history, rule, core);
	const { broken, log = [] } = await simulate(short, { core, verbose: true });
	return [
		`Seed ${history.seed} breaks a rule: ${rule}`,
		'Shortened:',
		...short.actions.map((action) => `  ${JSON.stringify(action)}`),
		`  ${JSON.stringify({ ...short, actions: undefined })}`,
		'What happens:',
		...log.filter((line) => !/^ +0 +\* console: numbers/.test(line)),
		'Broken:',
		...broken.map(({ rule: name, words }) => `  ${name}: ${words}`),
	].join('\n');
}
