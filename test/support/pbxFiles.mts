/** Readers of PBXs' files that know nothing of how the nodes write them. */
import type { IDataObject } from 'n8n-workflow';
import { only, there } from './elements.mts';

/** A file as the nodes answer it. */
export interface PbxFile {
	title: string;
	file: string;
	content: string;
}

/** A section of a configuration file of Asterisk, with each key's values. */
export interface Section {
	name: string;
	values: Record<string, string[]>;
}

/**
 * Reads a configuration file by the rules of Asterisk's main/config.c: `;` begins a comment unless `\` is right
 * before it, `;--` one of several lines; spaces at the edges go; `=>` is `=`.
 *
 * @throws {Error} for a line that Asterisk would complain of
 */
export function readAsterisk(text: string): Section[] {
	const sections: Section[] = [];
	let commented = false;
	for (const raw of text.split('\n')) {
		let line = '';
		for (let at = 0; at < raw.length; at++) {
			if (commented) {
				if (raw.startsWith('--;', at)) {
					commented = false;
					at += 2;
				}
			} else if (raw[at] === ';') {
				if (raw[at - 1] === '\\') line = `${line.slice(0, -1)};`;
				else if (raw.startsWith(';--', at) && raw[at + 3] !== '-') commented = true;
				else break;
			} else line += raw[at];
		}
		line = line.trim();
		if (line === '') continue;
		const [, name] = /^\[([^\]]+)\](\(.*\))?$/.exec(line) ?? [];
		if (name !== undefined) {
			sections.push({ name, values: {} });
			continue;
		}
		const at = line.indexOf('=');
		const section = sections.at(-1);
		if (at < 0 || !section) throw new Error(`Asterisk can't read the line: ${raw}`);
		const isArrow = line[at + 1] === '>';
		const key = line.slice(0, at).trim();
		const value = line.slice(at + (isArrow ? 2 : 1)).trim();
		(section.values[key] ??= []).push(value);
	}
	return sections;
}

/** The one section of a name and type. */
export function sectionOf(sections: Section[], name: string, type: string): Section['values'] {
	const found = sections.filter(
		(section) => section.name === name && section.values.type?.[0] === type,
	);
	return only(found, `section [${name}] of type ${type}`).values;
}

/** The values of a form by tab and field. */
export type Form = Record<string, Record<string, string[]>>;

/** Rows of a form by tab, as a person copies them: all that follows `Field: `. */
export function readForm(text: string): Form {
	const tabs: Form = {};
	let tab: Record<string, string[]> | undefined;
	for (const line of text.split('\n')) {
		const [, head] = /^\[(.+)\]$/.exec(line) ?? [];
		if (head !== undefined) tab = tabs[head] = {};
		else if (line === '') tab = undefined;
		else if (tab) {
			const at = line.indexOf(': ');
			if (at < 0) throw new Error(`No row of a form: ${line}`);
			(tab[line.slice(0, at)] ??= []).push(line.slice(at + 2));
		}
	}
	return tabs;
}

/** What a tab of a form has in the rows of a field. */
export function rowsOf(form: Form, tab: string, field: string): string[] {
	return there(form[tab]?.[field], `a row ${field} in the tab ${tab}`);
}

/** The file whose name begins so, of a node's output. */
export function fileOf({ pbx_configuration: files }: IDataObject, begins: string): string {
	const found = (files as unknown as PbxFile[]).filter(({ file }) => file.startsWith(begins));
	return only(found, `file ${begins}*`).content;
}
