/** The rooms of the house as docs/architecture.md has them, and what the source really imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { first } from '../support/elements.mts';

const HOUSE = 'nodes/PlivoSipTrunking';

export interface Room {
	/** As in the table, without the slash of a folder: `operations`, `failure.ts`, `*.node.ts`. */
	readonly name: string;
	/** What is in it, in the table's first words. */
	readonly holds: string;
}

/** The rooms of the page's table, the highest first. */
export function rooms(): Room[] {
	const page = readFileSync('docs/architecture.md', 'utf8');
	const table = page.slice(page.indexOf('<!-- rooms -->'), page.indexOf('<!-- end of rooms -->'));
	return [...table.matchAll(/^\| `([^`]+)`\s*\| ([^|]+)/gm)].map(([, name = '', holds = '']) => ({
		name: name.replace(/\/$/, ''),
		holds: first(holds.split(/[:;,]/)).trim(),
	}));
}

/** All source files of the house, from its folder on. */
export const files = (): string[] =>
	readdirSync(HOUSE, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.sort();

export const sourceOf = (file: string): string => readFileSync(join(HOUSE, file), 'utf8');

/** The room a file belongs to. */
export const roomOf = (file: string): string =>
	file.includes('/') ? first(file.split('/')) : file.endsWith('.node.ts') ? '*.node.ts' : file;

/** The rooms that a file imports from, once for each import; its own room as well. */
export function roomsImportedBy(file: string): string[] {
	return [...sourceOf(file).matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => {
		const target = normalize(join(dirname(file), path));
		// A module beside the rooms' folders has no ending in an import.
		return files().includes(`${target}.ts`) ? roomOf(`${target}.ts`) : first(target.split('/'));
	});
}
