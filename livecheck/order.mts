/** A record in a list: its id, and when it was made if the record says so. */
export interface Listed {
	id: string;
	time?: string;
}

export type Order =
	| { order: 'newest' | 'oldest' | 'id' | 'unstable' }
	/** In no order that is known. */
	| { order: 'none' }
	| { order: undefined; why: string };

/** An id of this kind says nothing of when it was made: version 4, all random. */
const RANDOM_ID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/i;

/** By chance, so many records are in the order of their ids in one of 5,040 lists only. */
const ENOUGH_FOR_CHANCE = 7;

/** The same where the times say already that it is neither newest nor oldest first: one of 120. */
const FEWEST_BY_ID = 5;

/** One record after another is no order yet. */
const ENOUGH_STEPS = 2;

/**
 * The order of a list.
 *
 * @param listings the same list, asked for one or more times
 * @param made ids of records of which the order of making is known, the oldest first
 */
export function orderOf(listings: Listed[][], made: string[] = []): Order {
	const [first = [], ...others] = listings;
	if (others.some((other) => !sameOrder(first, other))) return { order: 'unstable' };
	if (first.length < 2) return { order: undefined, why: 'fewer than two records' };
	const place = new Map(made.map((id, index) => [id, index]));
	const own = first.flatMap(({ id }) => place.get(id) ?? []);
	const times = first.flatMap(({ time }) => time ?? []);
	const steps = [...stepsOf(own), ...stepsOf(times)].filter((step) => step !== 0);
	if (steps.length > 0 && steps.length < ENOUGH_STEPS) {
		return { order: undefined, why: 'too few records that tell when they were made' };
	}
	const rises = steps.some((step) => step > 0);
	const falls = steps.some((step) => step < 0);
	const byId = stepsOf(first.map(({ id }) => id)).every((step) => step > 0);
	if (rises && falls && byId && first.length < FEWEST_BY_ID) {
		return { order: undefined, why: 'by id, which may be chance: too few records' };
	}
	if (rises && falls) return { order: byId ? 'id' : 'none' };
	if (byId && (rises || falls)) {
		const other = rises ? 'oldest first' : 'newest first';
		return { order: undefined, why: `by id or ${other}: both fit` };
	}
	if (rises) return { order: 'oldest' };
	if (falls) return { order: 'newest' };
	if (!byId) return { order: undefined, why: 'nothing in the records tells when they were made' };
	const random = first.every(({ id }) => RANDOM_ID.test(id));
	if (random && first.length >= ENOUGH_FOR_CHANCE) return { order: 'id' };
	return { order: undefined, why: 'by id, which may be the order of making or chance' };
}

/** -1, 0 or 1 for each value against the one before. */
function stepsOf<T extends string | number>(values: T[]): number[] {
	return values.slice(1).map((value, index) => {
		const before = values[index] as T;
		return value > before ? 1 : value < before ? -1 : 0;
	});
}

/** Whether the records that both have are in the same order in both. */
function sameOrder(one: Listed[], other: Listed[]): boolean {
	const idsOf = (listed: Listed[]) => new Set(listed.map(({ id }) => id));
	const [ofOne, ofOther] = [idsOf(one), idsOf(other)];
	const common = [...ofOne].filter((id) => ofOther.has(id));
	const again = [...ofOther].filter((id) => ofOne.has(id));
	return common.every((id, index) => again[index] === id);
}
