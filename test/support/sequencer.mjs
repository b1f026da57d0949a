import Sequencer from '@jest/test-sequencer';

/**
 * jest begins with the largest files, as long as it doesn't know how long each takes. The simulation's are small and
 * take longest: begun last, they would run on alone.
 */
export default class extends Sequencer {
	sort(tests) {
		const isLong = ({ path }) => path.includes('/simulation/');
		const sorted = super.sort(tests);
		return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
	}
}
