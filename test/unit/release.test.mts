import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const NODE = 'nodes/PlivoSipTrunking/PlivoSipTrunking.node.json';
const OWN = 'https://github.com/acme/plivo';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'release-'));
	mkdirSync(join(folder, 'nodes/PlivoSipTrunking'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What keeps a package from being published. */
function check(manifest: object, codex: string, changelog: string): string[] {
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
	writeFileSync(join(folder, NODE), codex);
	writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
	const script = resolve('.ci/release.mjs');
	const { status, stderr } = spawnSync(process.execPath, [script], {
		cwd: folder,
		encoding: 'utf8',
	});
	const lines = stderr.split('\n').filter(Boolean);
	expect(status).toBe(lines.length > 0 ? 1 : 0);
	return lines;
}

const manifest = {
	version: '1.0.0',
	author: { name: 'Acme', email: 'voice@acme.com' },
	repository: { type: 'git', url: `git+${OWN}.git` },
	homepage: `${OWN}#readme`,
	bugs: { url: `${OWN}/issues` },
};

it('a package with all that is its maintainer’s may be published', () => {
	expect(check(manifest, '{}', '## [1.0.0] - 2026-12-01')).toEqual([]);
});

it('one with a placeholder may not: each is named', () => {
	const own = JSON.parse(readFileSync('package.json', 'utf8')) as object;
	const placeholder = 'github.com/n8n-nodes-plivo-sip-trunking/n8n-nodes-plivo-sip-trunking';
	const lines = check(
		{ ...own, author: undefined, repository: { url: placeholder }, version: '1.0.0' },
		JSON.stringify({ url: placeholder }),
		'## [Unreleased]',
	);
	expect(lines).toEqual(
		expect.arrayContaining([
			'package.json: author is a placeholder',
			'package.json: repository is a placeholder',
			`${NODE}: its links lead to a placeholder`,
			'CHANGELOG.md: no heading "## [1.0.0] - <date>"',
			expect.stringContaining('CONTRIBUTING.md'),
		]),
	);
});
