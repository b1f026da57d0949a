/**
 * Fails while something still stands for what a maintainer has to set before publishing (CONTRIBUTING.md). Of facts
 * that were checked long ago it only warns.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of no organization and no person: they are free for everybody to take. */
const PLACEHOLDER =
	/n8n-nodes-plivo-sip-trunking\/n8n-nodes-plivo-sip-trunking|users\.noreply\.github\.com/;

const FIELDS = ['author', 'repository', 'homepage', 'bugs'];
const NODES = join('nodes', 'PlivoSipTrunking');
const KNOWLEDGE = join(NODES, 'knowledge');

/** The pages of voice platforms change about twice a year. */
const GOOD_FOR_DAYS = 180;

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

/** Where knowledge says when it was last compared with its source, as data (`checked: '…'`) or in a comment. */
const outdated = readdirSync(KNOWLEDGE, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.flatMap((file) =>
		readFileSync(join(KNOWLEDGE, file), 'utf8')
			.split('\n')
			.flatMap((line, index) => {
				const day = /\bchecked:? '?(\d{4}-\d\d(?:-\d\d)?)/.exec(line)?.[1];
				const days = Math.floor((Date.now() - Date.parse(day)) / 86_400_000);
				return days > GOOD_FOR_DAYS
					? [`${join(KNOWLEDGE, file)}:${index + 1}: last checked ${days} days ago, on ${day}`]
					: [];
			}),
	);

for (const line of outdated) console.warn(`Warning: ${line}`);
for (const line of unset) console.error(line);
if (unset.length > 0)
	console.error('Not to be published yet: see "Before the first release" in CONTRIBUTING.md.');
process.exitCode = unset.length > 0 ? 1 : 0;
