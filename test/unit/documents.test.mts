import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { explainHangup } from '../../nodes/PlivoSipTrunking/knowledge/hangup.ts';
import { first, there } from '../support/elements.mts';

const root = join(__dirname, '../..');

const documents = [
	...readdirSync(root).filter((name) => name.endsWith('.md')),
	...readdirSync(join(root, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join('docs', name)),
];

const textOf = (name: string) => readFileSync(join(root, name), 'utf8');

/** What a pattern’s one group takes, wherever it fits. */
const taken = (text: string, pattern: RegExp) =>
	[...text.matchAll(pattern)].map(([, group = '']) => group);

/** How GitHub makes a heading's anchor. */
const anchor = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s-]/gu, '')
		.replaceAll(' ', '-');

const anchorsOf = (text: string) => taken(text, /^#+ (.+)$/gm).map(anchor);

/** Pages outside that the documents link to. None is asked here: a new one is to be opened by hand first. */
const PAGES = [
	'https://creators.n8n.io/nodes',
	'https://cx.plivo.com',
	'https://docs.n8n.io/changelog/v30-breaking-changes/',
	'https://docs.n8n.io/integrations/builtin/app-nodes/n8n-nodes-base.plivo/',
	'https://docs.n8n.io/integrations/community-nodes/installation-and-management/',
	'https://docs.n8n.io/integrations/creating-nodes/build/reference/ux-guidelines',
	'https://docs.n8n.io/integrations/creating-nodes/build/reference/verification-guidelines',
	'https://docs.n8n.io/integrations/creating-nodes/plan/node-ui-design',
	'https://keepachangelog.com',
	'https://semver.org',
	'https://www.plivo.com/docs/faq/account/account-management',
	'https://www.plivo.com/docs/faq/billing-and-invoices/billing-concepts',
	'https://www.plivo.com/docs/sip-trunking/troubleshooting/zentrunk-hangup-codes',
	'https://www.plivo.com/sip-trunking/',
];

/** Pictures at the top of the README. */
const BADGES = 'https://img.shields.io/badge/';

/** The npm scripts that a text names, `start` and `test` in their short forms as well. */
const scriptsNamedIn = (text: string) =>
	[...text.matchAll(/npm (?:run ([\w:]+)|(start|test))\b/g)].map(
		([, script, short = '']) => script ?? short,
	);

/** The commands of a document: in code blocks for the shell, and in the text. */
function commandsIn(text: string): string[] {
	const blocks = taken(text, /```sh\n([\s\S]+?)```/g).flatMap((block) => block.split('\n'));
	const inText = taken(text, /`([^`\n]+)`/g);
	return [...blocks, ...inText]
		.map((line) => line.replace(/\s+#.*/, '').trim())
		.filter((line) => /^(\w+=\S+ )*(npm|node|bash|docker) /.test(line));
}

/** All source below a folder, or of a file. */
function sourceOf(path: string): string {
	const full = join(root, path);
	if (!statSync(full).isDirectory()) return readFileSync(full, 'utf8');
	return readdirSync(full)
		.map((name) => sourceOf(join(path, name)))
		.join('\n');
}

/** The folder of the project's program that a command starts by an npm script; nothing if it is somebody else's. */
function folderOf(command: string): string | undefined {
	const [script = ''] = scriptsNamedIn(command);
	const program = scripts[script]?.split(' ').find((word) => /^[\w/]+\.m\w+$/.test(word));
	return program && dirname(program);
}

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

describe.each(documents)('%s', (name) => {
	const text = textOf(name);

	it('links to files and headings that exist, and to known pages', () => {
		const links = taken(text, /\]\(([^)\s]+)\)/g);
		const broken = links.filter((target) => {
			if (target.startsWith(BADGES)) return false;
			if (/^\w+:/.test(target)) return !PAGES.includes(target);
			const [path, heading] = target.split('#');
			const file = path ? join(dirname(name), path) : name;
			if (!existsSync(join(root, file))) return true;
			return heading !== undefined && !anchorsOf(textOf(file)).includes(heading);
		});
		expect(broken).toEqual([]);
	});

	it('names npm scripts that exist', () => {
		expect(scriptsNamedIn(text).filter((script) => !(script in scripts))).toEqual([]);
	});

	it('gives commands whose files, options and settings exist', () => {
		const wrong = commandsIn(text).filter((command) => {
			const words = command.split(' ');
			const paths = words.filter((word) => /^[\w.-]+(\/[\w.-]+)+$/.test(word));
			const [, ...passedOn] = command.split(' -- ');
			const options = taken(passedOn.join(' '), /--([\w-]+)/g);
			const folder = folderOf(command);
			const settings = words.filter((word) => /^[A-Z_]+=/.test(word));
			return !(
				paths.every((path) => existsSync(join(root, path))) &&
				options.every((option) => folder && sourceOf(folder).includes(option)) &&
				settings.every((setting) => sourceOf(folder ?? 'test').includes(first(setting.split('='))))
			);
		});
		expect(wrong).toEqual([]);
	});
});

it.each(readdirSync(join(root, '.github/workflows')))(
	'the workflow %s runs what exists, and Actions by their hash',
	(file) => {
		const text = textOf(join('.github/workflows', file));
		const files = taken(text, /bash ([\w./]+)/g);
		expect(scriptsNamedIn(text).filter((script) => !(script in scripts))).toEqual([]);
		expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
		const actions = taken(text, /uses: (.+)/g);
		expect(actions.filter((action) => !/@[0-9a-f]{40} # v\d/.test(action))).toEqual([]);
	},
);

it('no script of package.json is one that npm starts by itself: ignore-scripts in .npmrc skips it', () => {
	const started = /^(pre|post)|^(install|uninstall|publish|version|dependencies)$/;
	expect(Object.keys(scripts).filter((script) => started.test(script))).toEqual([]);
});

/** Whether a command installs the development dependencies, by itself or before it does its work. */
const installs = (command: string) =>
	/demo\/install\.mjs|\.ci\/run/.test(command) ||
	scriptsNamedIn(command).some((script) => /^node (demo|test)\//.test(scripts[script] ?? ''));

it.each(readdirSync(join(root, '.github/workflows')))(
	'the workflow %s installs before it runs anything else of npm',
	(file) => {
		const jobs = textOf(join('.github/workflows', file)).split(/^ {4}steps:$/m);
		const unprepared = jobs.filter((job) => {
			const commands = taken(job, /run: (.+)/g);
			const first = commands.findIndex((command) => /\bnpm\b/.test(command));
			return first >= 0 && !commands.slice(0, first + 1).some(installs);
		});
		expect(unprepared).toEqual([]);
	},
);

it('the publish workflow checks the release before it publishes', () => {
	const commands = taken(textOf('.github/workflows/publish.yml'), /run: (.+)/g);
	const release = commands.indexOf('npm run release:check');
	expect(release).toBeGreaterThan(-1);
	expect(release).toBeLessThan(commands.findIndex((command) => command.includes('npm publish')));
});

describe('README.md', () => {
	const readme = textOf('README.md');

	it('has the headings that n8n asks for', () => {
		expect(taken(readme, /^## (.+)$/gm)).toEqual(
			expect.arrayContaining(
				'Installation|Credentials|Operations|Compatibility|Resources|Version history'.split('|'),
			),
		);
	});

	it('is read in five minutes', () => {
		const words = readme.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
		expect(words.length).toBeGreaterThan(900);
		expect(words.length).toBeLessThan(1100);
	});
});

it('docs/examples.md lists every example workflow', () => {
	const examples = textOf('docs/examples.md');
	const names = readdirSync(join(root, 'workflows')).map(
		(file) => (JSON.parse(textOf(join('workflows', file))) as { name: string }).name,
	);
	expect(names.filter((name) => !examples.includes(name))).toEqual([]);
});

it.each(['PlivoSipTrunking', 'PlivoSipTrunkingTrigger'])(
	'the help links of %s lead to headings of the README',
	(node) => {
		const links = [
			...textOf(`nodes/PlivoSipTrunking/${node}.node.json`).matchAll(/"url": "[^"]+#([^"]+)"/g),
		].map(([, heading]) => there(heading));
		expect(links).toHaveLength(2);
		expect(
			links.filter((link) => link !== 'readme' && !anchorsOf(textOf('README.md')).includes(link)),
		).toEqual([]);
	},
);

it('every picture is shown', () => {
	const shown = documents.flatMap((name) =>
		taken(textOf(name), /\]\(([^)]+)\)/g).map((target) => join(dirname(name), target)),
	);
	const pictures = readdirSync(join(root, 'docs/images')).map((name) => join('docs/images', name));
	expect(pictures.filter((name) => !shown.includes(name))).toEqual([]);
});

describe('docs/reference.md', () => {
	const reference = textOf('docs/reference.md');
	const { properties } = new PlivoSipTrunking().description;
	const choices = (name: string) =>
		properties
			.filter((property) => property.name === name)
			.flatMap((property) => property.options as INodePropertyOptions[]);

	it('has every resource and operation by its name in the editor', () => {
		const names = [...choices('resource'), ...choices('operation')].map(({ name }) => name);
		expect(names.filter((name) => !reference.includes(name))).toEqual([]);
	});

	it('has every field of the node by its name in the editor', () => {
		const labels = properties.flatMap(({ displayName, type, options = [] }) =>
			type === 'collection'
				? (options as INodePropertyCollection[]).map((option) => option.displayName)
				: [displayName],
		);
		expect([...new Set(labels)].filter((label) => !reference.includes(label))).toEqual([]);
	});

	it('says of a hangup code what the node says', () => {
		const rows = [...reference.matchAll(/^\| (\d{4})(?:, (inbound))?\s*\| (.+?)\s*\|/gm)];
		expect(rows.length).toBeGreaterThan(10);
		for (const [, code, direction = 'outbound', meaning] of rows) {
			const call = { hangup_cause_code: Number(code), call_direction: direction };
			expect(explainHangup(call).meaning).toBe(meaning);
		}
	});

	it('has the operations’ example outputs as valid JSON', () => {
		const examples = taken(reference, /```json\n([\s\S]+?)```/g);
		expect(examples.length).toBeGreaterThan(6);
		for (const example of examples) expect(() => JSON.parse(example) as unknown).not.toThrow();
	});
});
