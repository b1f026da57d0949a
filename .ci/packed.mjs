/** Fails unless the tarball that would be published has all that n8n needs, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [pack] = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], { encoding: 'utf8' }),
);
const files = pack.files.map(({ path }) => path);
const { n8n, dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));

const unexpected = files.filter(
	(path) => !/^(dist\/.+|README\.md|LICENSE\.md|package\.json)$/.test(path),
);
const expected = [
	'README.md',
	'LICENSE.md',
	...n8n.credentials,
	...n8n.nodes.flatMap((path) => [path, path.replace(/\.js$/, '.json')]),
];
const missing = expected.filter((path) => !files.includes(path));

console.log(`${pack.filename}: ${files.length} files, ${pack.size} bytes packed`);
if (unexpected.length) console.error(`not to be published: ${unexpected.join(', ')}`);
if (missing.length) console.error(`missing: ${missing.join(', ')}`);
// With none, `npm audit` has nothing to find in what is published, and n8n can verify it.
const runtime = Object.keys(dependencies);
if (runtime.length) console.error(`run-time dependencies: ${runtime.join(', ')}`);
process.exitCode = unexpected.length || missing.length || runtime.length ? 1 : 0;
