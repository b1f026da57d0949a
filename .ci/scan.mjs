/** Runs n8n's community package scanner on the sources and on the package as it would be published. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

/** What the scanner itself looks at in a tarball. */
const PUBLISHED_FILE_PATTERNS = ['**/*.js', 'package.json'];

const folder = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	execFileSync('npm', ['pack', '--silent', `--pack-destination=${folder}`]);
	const [tarball] = readdirSync(folder);
	execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder]);
	const verdicts = {
		sources: await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS),
		published: await analyzePackage(join(folder, 'package'), PUBLISHED_FILE_PATTERNS),
	};
	for (const [what, { passed, message, details = '' }] of Object.entries(verdicts)) {
		// It also passes when it has found nothing to look at, but says so.
		const clean = passed && message === undefined;
		console.log(`${what}: ${clean ? 'passed' : `${message}\n${details}`}`);
		if (!clean) process.exitCode = 1;
	}
} finally {
	rmSync(folder, { recursive: true });
}
