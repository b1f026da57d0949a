/**
 * Prints "<passed> <failed>" of jest's JSON report: node .ci/jest-totals.mjs <report>
 * A test file that couldn't be run has no test to count; it counts as one that failed.
 */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(report.numPassedTests, report.numFailedTests + report.numRuntimeErrorTestSuites);
