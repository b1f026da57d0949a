import { isBlank } from './text';

/** A text that begins as JSON does, parsed; any other value as it is. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
	try {
		const json: unknown = JSON.parse(value);
		return json;
	} catch {
		return value;
	}
}

/**
 * The entries of a list, however it was given: as a list, as JSON text, as text with separators, or as one
 * value. Texts within a list are split too: a cell may hold several.
 *
 * @param separators where one entry of a text ends
 * @returns the entries that aren't blank, unchecked
 */
export function entriesOf(value: unknown, separators: RegExp): unknown[] {
	const given = parsed(value);
	return (Array.isArray(given) ? given : [given])
		.flatMap((entry: unknown): unknown[] =>
			typeof entry === 'string' ? entry.split(separators) : [entry],
		)
		.filter((entry) => !isBlank(entry));
}
