import type { Variants } from './variants.mts';

/** A record as Plivo returns it; a password is kept with it, but never returned. */
export type PlivoRecord = Record<string, unknown>;

type Order = Variants['order'];

/** The records of one kind by id, in the order in which they were made. */
export class Records extends Map<string, PlivoRecord> {
	readonly #orders = new Map<Order, PlivoRecord[]>();
	readonly #madeAt = new WeakMap<PlivoRecord, number>();
	readonly #listedFrom = new Map<PlivoRecord, number>();

	override set(id: string, record: PlivoRecord): this {
		this.#orders.clear();
		return super.set(id, record);
	}

	override delete(id: string): boolean {
		this.#orders.clear();
		return super.delete(id);
	}

	override clear(): void {
		this.#orders.clear();
		this.#listedFrom.clear();
		super.clear();
	}

	/**
	 * Notes when a record was made.
	 *
	 * @param late so many milliseconds later lists have it
	 */
	noteMaking(record: PlivoRecord, now: number, late: number): void {
		this.#madeAt.set(record, now);
		if (late > 0) this.#listedFrom.set(record, now + late);
	}

	/** As a list, made once for all pages of a listing; the same one until a record comes or goes. */
	all(): PlivoRecord[] {
		return this.#inOrder('oldest');
	}

	/**
	 * The records that a list has, in its order.
	 *
	 * @param page tells the pages apart where the order of ties is unstable
	 */
	listed(order: Order, now: number, page: number): PlivoRecord[] {
		const madeInSecond = (record: PlivoRecord) =>
			Math.floor((this.#madeAt.get(record) ?? 0) / 1000);
		const records =
			order === 'unstable'
				? turnTies(this.#inOrder('newest'), madeInSecond, page)
				: this.#inOrder(order);
		for (const [record, from] of this.#listedFrom) {
			if (from <= now) this.#listedFrom.delete(record);
		}
		if (this.#listedFrom.size === 0) return records;
		return records.filter((record) => !this.#listedFrom.has(record));
	}

	#inOrder(order: Exclude<Order, 'unstable'>): PlivoRecord[] {
		let records = this.#orders.get(order);
		if (!records) {
			if (order === 'oldest') records = [...this.values()];
			else if (order === 'newest') records = [...this.values()].reverse();
			else {
				const byId = [...this].sort(([one], [other]) => (one < other ? -1 : 1));
				records = byId.map(([, record]) => record);
			}
			this.#orders.set(order, records);
		}
		return records;
	}
}

/**
 * A list whose neighbours with the same key have changed places: others for each turn, and never those of the turn
 * before. So the pages of a listing overlap and leave records out.
 */
export function turnTies<T>(records: T[], keyOf: (record: T) => unknown, turn: number): T[] {
	const turned: T[] = [];
	for (const ties of neighboursOfOneKey(records, keyOf)) {
		const size = ties.length;
		// By a third at least: the more ties there are, the more of them a listing misses. And by some more now and
		// then, or readings of as many pages would miss the same ones each time.
		const shift = (turn * (1 + Math.floor(size / 3)) + 2 * Math.floor(turn / 3)) % size;
		turned.push(...ties.slice(shift), ...ties.slice(0, shift));
	}
	return turned;
}

function neighboursOfOneKey<T>(records: T[], keyOf: (record: T) => unknown): T[][] {
	const all: T[][] = [];
	let key: unknown;
	for (const record of records) {
		const last = all.at(-1);
		const own = keyOf(record);
		if (last && own === key) last.push(record);
		else all.push([record]);
		key = own;
	}
	return all;
}
