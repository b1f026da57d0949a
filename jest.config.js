/**
 * Code outside the published package is `.mts`: n8n's lint, which must stay untouched, speaks for `.ts`.
 * swc turns both into CommonJS for jest.
 */
module.exports = {
	// n8n's packages and fastify are loaded once a worker instead of once a file.
	testEnvironment: '<rootDir>/test/support/environment.mjs',
	moduleNameMapper: {
		'^(n8n-core|n8n-workflow|fastify)$': '<rootDir>/test/support/loadedOnce/$1.cjs',
	},
	testSequencer: '<rootDir>/test/support/sequencer.mjs',
	// Much of the time is spent waiting, as for the rate limit: more workers than cores.
	maxWorkers: 5,
	// For tests that set none: jest’s 5 s are too few for the first test of a file on a busy machine.
	testTimeout: 60_000,
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.mts'],
	testPathIgnorePatterns: ['<rootDir>/test/e2e/', '<rootDir>/test/call/', '<rootDir>/test/bench/'],
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
	transform: {
		'^.+\\.m?ts$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	reporters: ['default', ...(process.env.TEST_TOTALS ? ['<rootDir>/.ci/totals.mjs'] : [])],
	collectCoverage: process.env.TEST_COVERAGE === 'true',
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text-summary', 'json-summary', 'lcov'],
};
