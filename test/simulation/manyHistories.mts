import { historyOf } from './generate.mts';
import { report } from './report.mts';
import { simulate } from './simulate.mts';

const HISTORIES = 1_000;

/** As short as a history may be, so that there are many. */
const SIZE = { least: 20, most: 24 };

/**
 * Simulates a thousand histories, the same in every run, so that a failure can be repeated.
 * Two test files share them, which two cores run side by side.
 *
 * @throws with a history that breaks a promise, shortened, in words
 */
export async function expectPromisesKept(firstSeed: number): Promise<void> {
	let sent = 0;
	for (let seed = firstSeed; seed < firstSeed + HISTORIES; seed++) {
		const history = historyOf(seed, SIZE);
		const { broken, requests } = await simulate(history);
		sent += requests;
		const [one] = broken;
		if (one) throw new Error(await report(history, one.rule));
	}
	// A history in which nothing happens breaks no promise either.
	expect(sent / HISTORIES).toBeGreaterThan(80);
}
