/** So many are named in a sentence. */
const MOST_NAMED = 10;

/** The word that goes with a number of things: `agree(2, 'is', 'are')`. */
export const agree = (count: number, one: string, several: string): string =>
	count === 1 ? one : several;

/** Names one behind the other, ten at most: `a, b and 3 more`. */
export function listed(names: readonly string[]): string {
	const more = names.length - MOST_NAMED;
	return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
