// The published nodes are linted with n8n's own configuration (eslint.config.mjs), which forbids what
// development code needs: this one is for the simulator, the tests and the demo, and for the size of functions.
import { createRequire } from 'node:module';

import jest from 'eslint-plugin-jest';

// The very parser and plug-in that n8n's configuration brings along.
const fromN8n = createRequire(import.meta.resolve('@n8n/node-cli/eslint'));
const tseslint = fromN8n('typescript-eslint');
const js = fromN8n('@eslint/js');

export default tseslint.config(
	js.configs.recommended,
	tseslint.configs.recommended,
	{
		rules: {
			// TypeScript knows better which names exist.
			'no-undef': 'off',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
			],
		},
	},
	{
		// What n8n's lint doesn't ask of the published nodes: a function is read at a glance.
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: {
			'max-params': ['error', 4],
			'max-lines-per-function': ['error', { max: 50, skipComments: true }],
		},
	},
	{
		files: ['test/**/*.test.mts'],
		plugins: { jest },
		rules: {
			// A describe is a function too: a longer one is several behaviours.
			'max-lines-per-function': ['error', 200],
			...jest.configs['flat/recommended'].rules,
			'jest/no-disabled-tests': 'error',
			'jest/no-commented-out-tests': 'error',
			// The branches are those of tables and of random examples.
			'jest/no-conditional-expect': 'off',
			'jest/expect-expect': [
				'error',
				{
					assertFunctionNames: [
						'expect*',
						'fc.assert',
						// Throw where something else comes than a result or a refusal of the node's.
						'refused',
						'understood',
						// Playwright's, which throws when it isn't so in time.
						'**.waitFor',
						'editor.signIn',
					],
				},
			],
			'jest/consistent-test-it': ['error', { fn: 'it' }],
			'jest/valid-title': ['error', { disallowedWords: ['should', 'correctly', 'properly'] }],
			'jest/no-test-return-statement': 'error',
			'jest/prefer-to-have-length': 'error',
			'jest/require-to-throw-message': 'error',
			'jest/valid-expect-in-promise': 'error',
		},
	},
	{
		// Its tests begin before jest asks for them.
		files: ['test/integration/provisioningFaults.test.mts'],
		rules: {
			'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['atOnce'] }],
			'jest/valid-title': ['error', { ignoreTypeOfTestName: true }],
		},
	},
	{
		files: ['test/integration/**', 'test/unit/**'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							group: ['**/simulator/simulator.mts'],
							importNames: ['startSimulator'],
							message:
								'newAccount of test/support/account.mts starts it, and closeAccounts ends it.',
						},
					],
				},
			],
		},
	},
);
