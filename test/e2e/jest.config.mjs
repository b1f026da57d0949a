/** The runs in a real n8n, one after the other: each starts programs of its own. */
import base from '../../jest.config.js';

export default {
	...base,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: [],
	globalSetup: '<rootDir>/test/e2e/prepare.mjs',
	maxWorkers: 1,
	testTimeout: 180_000,
};
