/** The runs in a real n8n. Each starts programs of its own, and the one for the triggers waits most of the time. */
import base from '../../jest.config.js';

export default {
	...base,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: [],
	// They start programs of their own and load nothing of n8n.
	testEnvironment: 'node',
	moduleNameMapper: {},
	globalSetup: '<rootDir>/test/e2e/prepare.mjs',
	// Each file runs an n8n, most a browser too: more at the same time take two cores away from each other.
	maxWorkers: 2,
	testTimeout: 180_000,
};
