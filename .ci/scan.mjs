/** Runs the rules of n8n's community package scanner on the package as it would be published. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ESLint } from 'eslint';

const fromN8n = createRequire(import.meta.resolve('@n8n/node-cli/eslint'));
const { n8nCommunityNodesPlugin } = fromN8n('@n8n/eslint-plugin-community-nodes');
const tseslint = fromN8n('typescript-eslint');

const folder = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	execFileSync('npm', ['pack', '--silent', `--pack-destination=${folder}`]);
	const [tarball] = readdirSync(folder);
	execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder]);
	const eslint = new ESLint({
		cwd: join(folder, 'package'),
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: [
			n8nCommunityNodesPlugin.configs.recommended,
			{ files: ['**/*.js'], rules: { 'no-console': 'error' } },
			{ files: ['package.json'], languageOptions: { parser: tseslint.parser } },
		],
	});
	const results = await eslint.lintFiles(['**/*.js', 'package.json']);
	const problems = results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, ruleId, message }) => `${filePath}:${line} ${ruleId}: ${message}`),
	);
	console.log(`${results.length} files, ${problems.length} problems`);
	for (const problem of problems) console.error(problem);
	process.exitCode = results.length > 0 && problems.length === 0 ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true });
}
