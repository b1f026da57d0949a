/** The runs in a real n8n. Each starts programs of its own, and the one for the triggers waits most of the time. */
import base from '../../jest.config.js';

export default {
	...base,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: [],
	globalSetup: '<rootDir>/test/e2e/prepare.mjs',
	testTimeout: 180_000,
};
