/** Fails while something still stands for what a maintainer has to set before publishing (CONTRIBUTING.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of no organization and no person: they are free for everybody to take. */
const PLACEHOLDER =
	/n8n-nodes-plivo-sip-trunking\/n8n-nodes-plivo-sip-trunking|users\.noreply\.github\.com/;

const FIELDS = ['author', 'repository', 'homepage', 'bugs'];
const NODES = join('nodes', 'PlivoSipTrunking');

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const codex = readdirSync(NODES).filter((file) => file.endsWith('.node.json'));
const changelog = readFileSync('CHANGELOG.md', 'utf8').split('\n');

const unset = [
	...FIELDS.filter((field) => {
		const value = JSON.stringify(manifest[field] ?? '');
		return value === '""' || PLACEHOLDER.test(value);
	}).map((field) => `package.json: ${field} is a placeholder`),
	...codex
		.filter((file) => PLACEHOLDER.test(readFileSync(join(NODES, file), 'utf8')))
		.map((file) => `${join(NODES, file)}: its links lead to a placeholder`),
	...(changelog.some(
		(line) => /^## \[(.+)\] - \d{4}-\d\d-\d\d$/.exec(line)?.[1] === manifest.version,
	)
		? []
		: [`CHANGELOG.md: no heading "## [${manifest.version}] - <date>"`]),
];

for (const line of unset) console.error(line);
if (unset.length > 0)
	console.error('Not to be published yet: see "Before the first release" in CONTRIBUTING.md.');
process.exitCode = unset.length > 0 ? 1 : 0;
