/** The long lane: the tests that are a part of themselves in `npm test` (support/lane.mts), whole. */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const base = require('../jest.config.js');

// For the workers, which inherit it.
process.env.TEST_LANE = 'long';

module.exports = {
	...base,
	rootDir: '..',
	testMatch: readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.test.mts'))
		.filter((file) =>
			/support\/(lane|fastCheck)\.mts'/.test(readFileSync(join(__dirname, file), 'utf8')),
		)
		.map((file) => `<rootDir>/test/${file}`),
	testTimeout: 300_000,
};
