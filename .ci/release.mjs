/**
 * Fails while anything is left for an owner to fill in before publishing, and names each place (docs/release.md).
 * Of facts that were checked long ago it only warns.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of no organization and no person: they are free for everybody to take. */
const PLACEHOLDER =
	/n8n-nodes-plivo-sip-trunking\/(n8n-nodes-plivo-sip-trunking|maintainers)|users\.noreply\.github\.com|n8n-nodes-plivo-sip-trunking contributors/;

/** Everything in which an address, a person or an organization is named. */
const PLACES = [
	'package.json',
	'LICENSE.md',
	'README.md',
	'SECURITY.md',
	'CONTRIBUTING.md',
	'.github',
	'docs',
	'credentials',
	'nodes',
	'workflows',
];

const KNOWLEDGE = join('nodes', 'PlivoSipTrunking', 'knowledge');

/** The pages of voice platforms change about twice a year. */
const GOOD_FOR_DAYS = 180;

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const changelog = readFileSync('CHANGELOG.md', 'utf8').split('\n');

const filesIn = (place) =>
	statSync(place).isDirectory()
		? readdirSync(place).flatMap((name) => filesIn(join(place, name)))
		: [place];

const unset = [
	...['author', 'repository', 'homepage', 'bugs']
		.filter((field) => !manifest[field])
		.map((field) => `package.json: no ${field}`),
	...PLACES.filter((place) => existsSync(place))
		.flatMap(filesIn)
		.flatMap((file) =>
			readFileSync(file, 'utf8')
				.split('\n')
				.flatMap((line, index) => {
					const [placeholder] = PLACEHOLDER.exec(line) ?? [];
					return placeholder ? [`${file}:${index + 1}: ${placeholder} is a placeholder`] : [];
				}),
		),
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
if (unset.length > 0) console.error('Not ready to publish: docs/release.md says what to enter.');
process.exitCode = unset.length > 0 ? 1 : 0;
