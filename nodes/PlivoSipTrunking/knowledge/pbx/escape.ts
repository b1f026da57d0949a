/**
 * How values are written in each format so that they come out whole. Names never go into a file as they are:
 * see `slugOf`.
 */

/** What ends a line, for any reader. */
const LINE_ENDS = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * What a PBX calls a trunk: letters, digits, `_` and `-`, 40 at most. FreeSWITCH refuses most other characters
 * (mod_sofia/sofia.c), and a line break in a comment would begin a setting.
 *
 * @param id tells trunks apart whose names differ in other characters only
 */
export function slugOf(name: string, id: string): string {
	const slug = name
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.replace(/[^A-Za-z0-9_-]+/g, '-')
		.slice(0, 40)
		.replace(/^-+|-+$/g, '');
	const tail = id.replace(/\D/g, '').slice(-6);
	if (slug === '') return `plivo-${tail}`;
	const isOnlyOnes = !name.includes('-') && slug === name.replace(/ /g, '-');
	return isOnlyOnes ? slug : `${slug.slice(0, 33)}-${tail}`;
}

/**
 * A line of a configuration file of Asterisk: `;` begins a comment unless `\` is before it, and spaces at the
 * edges are dropped (asterisk main/config.c). The space behind `=` keeps a value that begins with `>` whole.
 */
export const iniLine = (key: string, value: string): string =>
	`${key} = ${value.replace(LINE_ENDS, ' ').trim().replace(/;/g, '\\;')}`;

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** The value of an XML attribute. `$${` would be expanded by FreeSWITCH; no value of a trunk has a brace. */
export const xmlValue = (value: string): string =>
	value.replace(LINE_ENDS, ' ').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** An XML element without content. */
export const xmlElement = (name: string, attributes: Readonly<Record<string, string>>): string =>
	`<${name}${Object.entries(attributes)
		.map(([key, value]) => ` ${key}="${xmlValue(value)}"`)
		.join('')}/>`;
