import type { Ids, KindName, PlivoRecord, State } from './records.mts';
import type { Variants } from './variants.mts';

/** The account as those see it who work on its requests. */
export interface Account {
	readonly authId: string;
	readonly state: State;
	readonly variants: Variants;
	/** The account's own record: its name, credits and so on. */
	readonly account: PlivoRecord;
	readonly options: {
		/** Milliseconds since 1970. */
		now: () => number;
		/** Plivo may ignore the filters of a list (live). */
		ignoreListFilters: boolean;
		/** Countries, by their codes, whose numbers the account may neither search nor rent. */
		closedCountries: readonly string[];
		/** A rented number is on the account only when it is pending no more. */
		pendingUnlisted: boolean;
	};
	readonly ids: Ids;
	/** Adds a record, whole with defaults. `late`: so many milliseconds pass before lists have it. */
	add(kind: KindName, record?: PlivoRecord, late?: number): PlivoRecord;
	/** Counts the pages that were answered: what ties are ordered by where their order is unstable. */
	nextPage(): number;
}
