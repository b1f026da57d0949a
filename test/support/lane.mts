/**
 * `npm test` is to answer in a minute or two, so matrices and random examples are a part of all there are in it.
 * `npm run test:long` has them all: it runs the test files that use this module, or fastCheck.mts.
 */
export const LONG = process.env.TEST_LANE === 'long';

/**
 * All of them in the long lane, else each nth, at least one.
 *
 * @param nth best a number that has no divisor in common with the size of what repeats in them
 * @param turn where to begin, for lists of the same kind to have others tried; else with the first
 */
export const someOf = <T,>(all: readonly T[], nth: number, turn = 0): T[] => {
	const first = turn % Math.max(1, Math.min(nth, all.length));
	return all.filter((_, index) => LONG || index % nth === first);
};

/**
 * All of them in the long lane, else one, in turn: where each case holds in several places, each case is tried in one
 * and each place with some.
 *
 * @param turn best the number of the case
 */
export const inTurn = <T,>(all: readonly T[], turn: number): T[] =>
	all.filter((_, index) => LONG || index === turn % all.length);

/** The rows of a table, each with its number at the end: for `inTurn`. */
export const numbered = <T extends readonly unknown[]>(rows: readonly T[]) =>
	rows.map((row, index): [...T, number] => [...row, index]);

/** All of them in the long lane, else the first with each key. */
export const firstOfEach = <T,>(all: readonly T[], keyOf: (one: T) => string): T[] =>
	all.filter(
		(one, index) => LONG || all.findIndex((other) => keyOf(other) === keyOf(one)) === index,
	);
