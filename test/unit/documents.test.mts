import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { explainHangup } from '../../nodes/PlivoSipTrunking/plivo/hangup.ts';

const root = join(__dirname, '../..');

const documents = [
	...readdirSync(root).filter((name) => name.endsWith('.md')),
	...readdirSync(join(root, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join('docs', name)),
];

const textOf = (name: string) => readFileSync(join(root, name), 'utf8');

/** How GitHub makes a heading's anchor. */
const anchor = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s-]/gu, '')
		.replaceAll(' ', '-');

const anchorsOf = (text: string) =>
	[...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

describe.each(documents)('%s', (name) => {
	const text = textOf(name);

	it('links to files and headings that exist', () => {
		const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
		const broken = links.filter((target) => {
			if (/^https:\/\//.test(target)) return false;
			const [path, heading] = target.split('#');
			const file = path ? join(dirname(name), path) : name;
			if (!existsSync(join(root, file))) return true;
			return heading !== undefined && !anchorsOf(textOf(file)).includes(heading);
		});
		expect(broken).toEqual([]);
	});

	it('names npm scripts that exist', () => {
		const named = [...text.matchAll(/npm (?:run ([\w:]+)|(start|test))\b/g)].map(
			([, script, short]) => script ?? short,
		);
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});
});

describe('README.md', () => {
	const readme = textOf('README.md');
	const { properties } = new PlivoSipTrunking().description;
	const choices = (name: string) =>
		properties
			.filter((property) => property.name === name)
			.flatMap((property) => property.options as INodePropertyOptions[]);

	it('has every resource and operation by its name in the editor', () => {
		const names = [...choices('resource'), ...choices('operation')].map(({ name }) => name);
		expect(names.filter((name) => !readme.includes(name))).toEqual([]);
	});

	it('has every field of the node by its name in the editor', () => {
		const labels = properties.flatMap(({ displayName, type, options = [] }) =>
			type === 'collection'
				? (options as INodePropertyCollection[]).map((option) => option.displayName)
				: [displayName],
		);
		expect([...new Set(labels)].filter((label) => !readme.includes(label))).toEqual([]);
	});

	it('lists every example workflow', () => {
		const names = readdirSync(join(root, 'workflows')).map(
			(file) => (JSON.parse(textOf(join('workflows', file))) as { name: string }).name,
		);
		expect(names.filter((name) => !readme.includes(name))).toEqual([]);
	});

	it('says of a hangup code what the node says', () => {
		const rows = [...readme.matchAll(/^\| (\d{4})\s*\| (.+?)\s*\|/gm)];
		expect(rows.length).toBeGreaterThan(10);
		for (const [, code, meaning] of rows) {
			const call = { hangup_cause_code: Number(code), call_direction: 'outbound' };
			expect(explainHangup(call).meaning).toBe(meaning);
		}
	});

	it('has the operations’ example outputs as valid JSON', () => {
		const examples = [...readme.matchAll(/```json\n([\s\S]+?)```/g)].map(([, example]) => example);
		expect(examples.length).toBeGreaterThan(6);
		for (const example of examples) expect(() => JSON.parse(example) as unknown).not.toThrow();
	});
});
