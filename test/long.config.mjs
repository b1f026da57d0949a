/** The long lane: the tests that are a part of themselves in `npm test` (support/lane.mts), whole. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import base from '../jest.config.js';

const folder = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

// For the workers, which inherit it.
process.env.TEST_LANE = 'long';

export default {
	...base,
	rootDir: '..',
	testMatch: readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.test.mts'))
		.filter((file) =>
			/support\/(lane|fastCheck)\.mts'/.test(readFileSync(join(folder, file), 'utf8')),
		)
		.map((file) => `<rootDir>/test/${file}`),
	// Whole matrices keep a core busy each; what they time out by is real.
	maxWorkers: 2,
	testTimeout: 300_000,
};
