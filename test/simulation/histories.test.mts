import { historyOf } from './generate.mts';
import { report } from './report.mts';
import { simulate } from './simulate.mts';

/** The same in every run, so that a failure can be repeated. The nightly run simulates 100,000 others. */
const HISTORIES = 300;

/** As short as a history may be, so that there are many. */
const SIZE = { least: 20, most: 24 };

it(`keeps every promise in ${HISTORIES} histories`, async () => {
	let sent = 0;
	for (let seed = 1; seed <= HISTORIES; seed++) {
		const history = historyOf(seed, SIZE);
		const { broken, requests } = await simulate(history);
		sent += requests;
		const [one] = broken;
		if (one) throw new Error(await report(history, one.rule));
	}
	// A history in which nothing happens breaks no promise either.
	expect(sent / HISTORIES).toBeGreaterThan(80);
}, 180_000);
