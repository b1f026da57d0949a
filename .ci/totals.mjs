/** A reporter for jest: writes "<passed> <failed>" to the file that TEST_TOTALS names. */
import { writeFileSync } from 'node:fs';

export default class Totals {
	/** A test file that couldn't be run has no test to count; it counts as one that failed. */
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		writeFileSync(
			process.env.TEST_TOTALS,
			`${numPassedTests} ${numFailedTests + numRuntimeErrorTestSuites}\n`,
		);
	}
}
