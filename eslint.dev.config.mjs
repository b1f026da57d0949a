// The published nodes are linted with n8n's own configuration (eslint.config.mjs), which forbids what
// development code needs: this one is for the simulator, the tests and the demo.
import { createRequire } from 'node:module';

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
		files: ['test/**/*.test.mts'],
		rules: {
			// A describe is a function too: a longer one is several behaviours.
			'max-lines-per-function': ['error', 200],
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
