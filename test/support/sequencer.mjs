import Sequencer from '@jest/test-sequencer';

/** Small files that take longest: the simulation's, and the one that waits for n8n's polls. */
const LONGEST = /\/simulation\/|\/e2e\/trigger\./;

/**
 * jest begins with the largest files, as long as it doesn't know how long each takes. Those that take longest would be
 * begun last, and run on alone.
 */
export default class extends Sequencer {
	sort(tests) {
		const isLong = ({ path }) => LONGEST.test(path);
		const sorted = super.sort(tests);
		return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
	}
}
