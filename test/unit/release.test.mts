import { spawnSync } from 'node:child_process';
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const NODE = 'nodes/PlivoSipTrunking/PlivoSipTrunking.node.json';
const KNOWLEDGE = 'nodes/PlivoSipTrunking/knowledge';
const OWN = 'https://github.com/acme/plivo';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'release-'));
	mkdirSync(join(folder, KNOWLEDGE), { recursive: true });
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
	// Warnings are printed, and nothing more.
	expect(status).toBe(lines.every((line) => line.startsWith('Warning: ')) ? 0 : 1);
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
	const repository = 'n8n-nodes-plivo-sip-trunking/n8n-nodes-plivo-sip-trunking';
	const placeholder = `github.com/${repository}`;
	mkdirSync(join(folder, '.github'));
	copyFileSync('.github/CODEOWNERS', join(folder, '.github/CODEOWNERS'));
	const lines = check(
		{ ...own, author: undefined, repository: { url: placeholder }, version: '1.0.0' },
		JSON.stringify({ url: placeholder }),
		'## [Unreleased]',
	);
	expect(lines).toEqual(
		expect.arrayContaining([
			'package.json: no author',
			`package.json:1: ${repository} is a placeholder`,
			`${NODE}:1: ${repository} is a placeholder`,
			'.github/CODEOWNERS:2: n8n-nodes-plivo-sip-trunking/maintainers is a placeholder',
			'CHANGELOG.md: no heading "## [1.0.0] - <date>"',
			expect.stringContaining('docs/release.md'),
		]),
	);
});

it('facts that were checked more than 180 days ago are a warning', () => {
	const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
	const source = [
		`// checked ${day(10)}`,
		`\tchecked: '${day(170)}',`,
		`\tchecked: '${day(200)}',`,
	];
	writeFileSync(join(folder, KNOWLEDGE, 'platforms.ts'), source.join('\n'));
	writeFileSync(join(folder, KNOWLEDGE, 'quality.ts'), `/** (checked ${day(365)}). */`);
	const lines = check(manifest, '{}', '## [1.0.0] - 2026-12-01');
	expect(lines.sort()).toEqual([
		`Warning: ${KNOWLEDGE}/platforms.ts:3: last checked 200 days ago, on ${day(200)}`,
		`Warning: ${KNOWLEDGE}/quality.ts:1: last checked 365 days ago, on ${day(365)}`,
	]);
});

it('all knowledge says when it was checked', () => {
	// The others have no facts of their own: they put those of these files together.
	const silent = readdirSync(KNOWLEDGE, { recursive: true, encoding: 'utf8' })
		.filter(
			(name) =>
				name.endsWith('.ts') &&
				!/(index|escape|trunk|call\w+|requests|custom|template)\.ts$/.test(name),
		)
		.filter(
			(name) => !/\bchecked:? '?\d{4}-\d\d/.test(readFileSync(`${KNOWLEDGE}/${name}`, 'utf8')),
		);
	expect(silent).toEqual([]);
});
