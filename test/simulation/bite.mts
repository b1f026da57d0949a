/** Whether the simulation notices that a rule is taken out. */
import { type Core, editedCore } from './core.mts';
import { historyOf } from './generate.mts';
import type { Sabotage } from './sabotages.mts';
import { simulate } from './simulate.mts';

export interface Bite {
	readonly seed: number;
	/** The rule of the simulation that is broken then, and is not with the whole core. */
	readonly broken: string;
}

/** @returns nothing when none of so many histories notices */
export async function bite(
	{ edits, focus }: Sabotage,
	histories: number,
	first = 1,
): Promise<Bite | undefined> {
	const core: Core = editedCore(edits);
	for (let seed = first; seed < first + histories; seed++) {
		const history = historyOf(seed, { least: 20, most: 32, focus });
		const { broken } = await simulate(history, { core });
		if (broken.length === 0) continue;
		const whole = await simulate(history);
		const more = broken.find(({ rule }) => !whole.broken.some((one) => one.rule === rule));
		if (more) return { seed, broken: more.rule };
	}
	return undefined;
}
