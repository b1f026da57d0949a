import type { Open } from '../failure';
import type { Offer } from '../records/availableNumber';
import type { AccountRecord, Kind } from '../records/kind';
import type { Channel } from '../transport/channel';

/** A number that was bought, or may have been. */
export interface Purchase {
	readonly number: string;
	/** The number as the search has shown it. */
	readonly offer: Offer;
	/** Plivo has confirmed it; else the number was found after a lost answer. */
	readonly isCertain: boolean;
	/** It waits for documents. */
	readonly pending: boolean;
}

/** What the items and tries of one run of the node share of their writes to one account. */
export interface RunMemory {
	/** Ids of records that the run has made: none of them is the result of another of its requests. */
	readonly made: Set<string>;
	/** Creations that stayed in doubt, by what was sent: they are looked for before anything is sent again. */
	readonly inDoubt: Map<string, Open>;
	/** Numbers that the run has rented and not yet given their alias, by the alias. */
	readonly rented: Map<string, Purchase>;
	/** What belonged to trunks that the run has begun to take down, by the trunk's id: they can't be asked any more. */
	readonly takenDown: Map<
		string,
		ReadonlyArray<{ readonly kind: Kind; readonly record: AccountRecord }>
	>;
}

/** By n8n's data of a run, which is the same object when n8n tries the run again, and by the account's address. */
const memories = new WeakMap<object, Map<string, RunMemory>>();

/** What the channel's run remembers of the channel's account; it goes with the run. */
export function memoryOf({ owner, accountUrl }: Channel): RunMemory {
	const ofRun = memories.get(owner) ?? new Map<string, RunMemory>();
	memories.set(owner, ofRun);
	let memory = ofRun.get(accountUrl);
	if (!memory) {
		memory = { made: new Set(), inDoubt: new Map(), rented: new Map(), takenDown: new Map() };
		ofRun.set(accountUrl, memory);
	}
	return memory;
}
