type Value = string | number | boolean | undefined;

/** What the names in a template mean: text, conditions, lists, and views that a section adds to this one. */
export interface View {
	readonly [name: string]: Value | View | readonly string[] | readonly View[];
}

/** JSON in which texts and sections are templates; see {@link fillJson}. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
	readonly [key: string]: Json;
}

const COMMENT = String.raw`\{\{!.*?\}\}\n?`;
const SECTION = String.raw`\{\{([#^])(\w+)\}\}(\n?)([^]*?)\{\{/\2\}\}\3`;
const NAME = String.raw`\{\{([\w.]+)\}\}`;
const TAGS = new RegExp(`${COMMENT}|${SECTION}|${NAME}`, 'g');

/** The views in which a section is filled in: one for each element of a list, none where nothing is there. */
export function viewsOf(view: View, name: string): View[] {
	const value = view[name];
	if (value === undefined || value === false || value === '') return [];
	if (typeof value !== 'object') return [view];
	const elements: ReadonlyArray<string | View> = Array.isArray(value) ? value : [value as View];
	return elements.map((element) =>
		typeof element === 'string' ? { ...view, '.': element } : { ...view, ...element },
	);
}

/**
 * Fills in a text: the part of Mustache (mustache.github.io) that tables of text need. `{{name}}` is a value,
 * `{{#name}}…{{/name}}` is there where the name holds and once for each element of a list (`{{.}}`), `{{^name}}…{{/name}}`
 * where it doesn't hold, `{{! … }}` never. A tag with a line of its own leaves no line. Values are never read as templates.
 *
 * @param escape writes a value in the format of the text
 * @throws Error for a name that the view doesn't know
 */
export function fillIn(template: string, view: View, escape = (value: string) => value): string {
	return template.replace(
		TAGS,
		// What String.replace hands over: the tag, then its groups.
		(...[, kind, section, , body, name]: Array<string | undefined>) => {
			if (section !== undefined && body !== undefined) {
				const views = viewsOf(view, section);
				if (kind === '#') return views.map((one) => fillIn(body, one, escape)).join('');
				return views.length === 0 ? fillIn(body, view, escape) : '';
			}
			if (name === undefined) return '';
			const value = view[name];
			if (value === undefined) throw new Error(`No value for {{${name}}} in a template`);
			return escape(Array.isArray(value) ? value.join(', ') : String(value));
		},
	);
}

/**
 * Fills in JSON. A text that is nothing but `{{name}}` becomes the value itself, of any type; a property whose value is
 * unknown is left out. `'#name': {…}` in an object adds these properties where the name holds; `{ '#name': … }` in a list
 * adds an element where it holds, or one for each of its elements.
 */
export function fillJson(template: Json, view: View): Json | undefined {
	if (typeof template === 'string') {
		const name = /^\{\{(\w+)\}\}$/.exec(template)?.[1];
		return name === undefined ? fillIn(template, view) : (view[name] as Json | undefined);
	}
	if (typeof template !== 'object' || template === null) return template;
	if (Array.isArray(template)) return template.flatMap((element) => elementsOf(element, view));
	const properties: Array<[string, Json | undefined]> = Object.entries(
		template as JsonObject,
	).flatMap(([key, value]) =>
		key.startsWith('#')
			? viewsOf(view, key.slice(1)).flatMap((one) => Object.entries(fillJson(value, one) ?? {}))
			: [[key, fillJson(value, view)]],
	);
	return Object.fromEntries(
		properties.filter((property): property is [string, Json] => property[1] !== undefined),
	);
}

/** What an element of a list becomes: itself, or a section’s elements. */
function elementsOf(element: Json, view: View): Json[] {
	const [key = '', value = null] = Object.entries(element ?? {})[0] ?? [];
	if (key.startsWith('#')) {
		return viewsOf(view, key.slice(1)).flatMap((one) => elementsOf(value, one));
	}
	const filled = fillJson(element, view);
	return filled === undefined ? [] : [filled];
}
