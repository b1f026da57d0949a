import { LONG } from '../support/lane.mts';
import { historyOf } from './generate.mts';
import { report } from './report.mts';
import { simulate } from './simulate.mts';

/** `npm run simulate` runs as many as one likes. */
const HISTORIES = Number(process.env.SIMULATED_HISTORIES ?? (LONG ? 2_000 : 150));

/** The same in every run, so that a failure can be repeated. */
const FIRST = Number(process.env.SIMULATED_SEED ?? 1);

/** As short as a history may be, so that there are many. */
const SIZE = { least: 20, most: 24 };

it('keeps every promise in many histories', async () => {
	let sent = 0;
	for (let seed = FIRST; seed < FIRST + HISTORIES; seed++) {
		const history = historyOf(seed, SIZE);
		const { broken, requests } = await simulate(history);
		sent += requests;
		const [first] = broken;
		if (first) throw new Error(await report(history, first.rule));
	}
	// A history in which nothing happens breaks no promise either.
	expect(sent / HISTORIES).toBeGreaterThan(80);
}, 300_000);
