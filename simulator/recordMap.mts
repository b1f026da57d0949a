/** A record as Plivo answers it; a password is kept with it, but never answered. */
export type PlivoRecord = Record<string, unknown>;

/** The records of one kind by id, in Plivo's order. */
export class Records extends Map<string, PlivoRecord> {
	#all: PlivoRecord[] | undefined;

	override set(id: string, record: PlivoRecord): this {
		this.#all = undefined;
		return super.set(id, record);
	}

	override delete(id: string): boolean {
		this.#all = undefined;
		return super.delete(id);
	}

	override clear(): void {
		this.#all = undefined;
		super.clear();
	}

	/** As a list, made once for all pages of a listing; the same one until a record comes or goes. */
	all(): PlivoRecord[] {
		this.#all ??= [...this.values()];
		return this.#all;
	}
}
