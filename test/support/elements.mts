/**
 * For tests that go on with an element of a list: each says how many there must be, so that a test fails at the
 * list that isn't as expected, and not later at `undefined`.
 */

/** A tuple of `N` elements. */
type Several<T, N extends number, Found extends T[] = []> = Found['length'] extends N
	? Found
	: Several<T, N, [...Found, T]>;

/**
 * All elements, to be destructured: `const [one, other] = exactly(2, records)`.
 *
 * @param what the word for an element in the error
 * @throws when there are more or fewer
 */
export function exactly<T, N extends number>(
	count: N,
	elements: Iterable<T>,
	what = 'element',
): Several<T, N> {
	const list = [...elements];
	if (list.length !== count) {
		throw new Error(`Expected ${count} × ${what}, found ${list.length}: ${shown(list)}`);
	}
	// TypeScript can't conclude it from the length.
	return list as Several<T, N>;
}

/** The one element there is; throws, with `what` it should be, when there are none or more. */
export function only<T>(elements: Iterable<T>, what?: string): T {
	const [element] = exactly(1, elements, what);
	return element;
}

/** The first of any number of elements; throws when there are none. */
export const first = <T,>(elements: Iterable<T>): T => nth(elements, 0);

/** The element at a place, from 0, or from the end where it is negative; throws when there is none. */
export function nth<T>(elements: Iterable<T>, place: number): T {
	const list: readonly T[] = Array.isArray(elements) ? elements : [...elements];
	if (!((place < 0 ? list.length + place : place) in list)) {
		throw new Error(`Expected an element ${place} of ${shown(list)}`);
	}
	// It is there, and may be undefined itself.
	return list.at(place) as T;
}

/**
 * What must be there, as an entry of a map or a group of a regular expression.
 *
 * @param what the words for it in the error
 */
export function there<T>(value: T | undefined, what = 'it'): T {
	if (value === undefined) throw new Error(`Expected ${what}, which isn't there`);
	return value;
}

const shown = (list: unknown) => (JSON.stringify(list) ?? '').slice(0, 300);
