/** How values are written in each format so that they come out whole. Names go into a file only as {@link slugOf}. */

/** What ends a line, for any reader. */
const LINE_ENDS = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * What a PBX calls a trunk: letters, digits, `_` and `-`, 40 at most. FreeSWITCH refuses most other characters
 * (mod_sofia/sofia.c), and a line break in a comment would begin a setting.
 *
 * @param id keeps trunks apart whose names differ only in other characters
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
 * A value in a configuration file of Asterisk: `;` begins a comment unless `\` is before it, and spaces at the edges are
 * dropped (asterisk main/config.c).
 */
export const iniValue = (value: string): string =>
	value.replace(LINE_ENDS, ' ').trim().replace(/;/g, '\\;');

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** The value of an XML attribute. FreeSWITCH would expand `$${`; no value of a trunk has a brace. */
export const xmlValue = (value: string): string =>
	value.replace(LINE_ENDS, ' ').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** By the ending of a file's name. */
export const ESCAPES: Readonly<Record<string, (value: string) => string>> = {
	conf: iniValue,
	xml: xmlValue,
	txt: (value) => value,
};
