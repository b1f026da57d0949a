import { type IDataObject, sleep } from 'n8n-workflow';

import { listed } from '../words';
import { PlivoFailure } from '../failure';

/** One run of the node: all its input items, and what became of each. */
export interface Run {
	/**
	 * An item begins. n8n starts all items of a run in one go and evaluates their expressions on the way:
	 * where one fails, the execution ends at once, while the items before it go on unseen.
	 *
	 * @returns what the item has answered in an earlier try of this run (Retry On Fail), if it has
	 */
	begin(item: number): IDataObject[] | undefined;
	/**
	 * Waits until all items have begun, their values have been checked and their credentials read: before that
	 * nothing leaves.
	 *
	 * @param reading of the item's own credential
	 * @returns whether the item may go on; not when another has failed
	 */
	open(reading: Promise<unknown>): Promise<boolean>;
	/** Before each write of an item: why not, when another has failed and this one has written nothing yet. */
	beforeWrite(item: number): PlivoFailure | undefined;
	/** What an item has written, for the error of another. */
	wrote(item: number, what: string): void;
	/** The item has its answer. */
	succeed(item: number, records: IDataObject[]): void;
	/**
	 * The item has failed. Waits for the others, where n8n will show this error and nothing of theirs.
	 *
	 * @returns what this error alone doesn't tell, as sentences: what the item had written, what other items
	 *   have written or left, and what earlier tries have left
	 */
	fail(item: number, failure: unknown): Promise<string>;
	/** The item was not carried out, since another had failed. */
	skip(): void;
}

/** Runs by n8n's data of them, which is the same object when n8n tries a run again. */
const runs = new WeakMap<object, Run>();

/** How a run is to be treated. */
export interface RunSetup {
	/** How many input items there are. */
	readonly items: number;
	/** An item's failure leaves the others alone (On Error: Continue). */
	readonly goesOn: boolean;
	/** n8n waits between batches of items (Request Options, Batching). */
	readonly batched: boolean;
}

/** @param key n8n's data of the run */
export function runOf(key: object, setup: RunSetup): Run {
	let run = runs.get(key);
	if (!run) {
		run = createRun(setup);
		runs.set(key, run);
	}
	return run;
}

/** What is known of one try. */
interface Try {
	readonly begun: Set<number>;
	ended: number;
	failed: boolean;
	/** Items that have written something. */
	readonly started: Set<number>;
	readonly waiting: Array<() => void>;
	/** Whether each item's credential could be read. */
	readonly readings: Array<Promise<boolean>>;
	opened?: Promise<void>;
}

/** What a failed item has left. */
interface Leftover {
	readonly item: number;
	readonly current: Try;
	readonly left: string;
}

const createTry = (): Try => ({
	begun: new Set(),
	ended: 0,
	failed: false,
	started: new Set(),
	waiting: [],
	readings: [],
});

/** n8n starts all items without a pause unless the node is set to batches. */
async function allBegun({ begun }: Try, { items, goesOn, batched }: RunSetup): Promise<void> {
	while (begun.size < items) {
		await sleep(batched ? 20 : 0);
		if (goesOn) return;
		// The loop is over, and an item hasn't begun: n8n has ended the run. What has begun never goes on.
		if (!batched && begun.size < items) await new Promise<never>(() => {});
	}
}

/** All items have begun, and their credentials have been read: one that can't be has failed. */
async function allReady(current: Try, setup: RunSetup): Promise<void> {
	await allBegun(current, setup);
	const areRead = await Promise.all(current.readings);
	current.failed ||= areRead.includes(false);
}

function end(current: Try): void {
	current.ended++;
	if (current.ended < current.begun.size) return;
	current.waiting.forEach((resume) => resume());
}

/** Resolves when the items besides the one that is about to end have ended; nothing where none is left. */
const othersEnded = (current: Try): Promise<void> | undefined =>
	current.ended + 1 >= current.begun.size
		? undefined
		: new Promise<void>((resolve) => current.waiting.push(resolve));

/** What a run keeps from one try to the next. */
interface Kept {
	/** Answers by item. */
	readonly answers: Map<number, IDataObject[]>;
	/** What each item has written, in all tries. */
	readonly written: Map<number, string[]>;
	/** What failed items have left, in all tries. */
	readonly leftovers: Leftover[];
}

function createRun(setup: RunSetup): Run {
	const { goesOn } = setup;
	const kept: Kept = { answers: new Map(), written: new Map(), leftovers: [] };
	let tried = createTry();
	return {
		begin(item) {
			if (tried.begun.has(item)) tried = createTry();
			tried.begun.add(item);
			return kept.answers.get(item);
		},
		async open(reading) {
			const current = tried;
			current.readings.push(
				reading.then(
					() => true,
					() => false,
				),
			);
			current.opened ??= allReady(current, setup);
			await current.opened;
			return !current.failed || goesOn;
		},
		beforeWrite(item) {
			if (tried.failed && !goesOn && !tried.started.has(item)) return notSent();
			// From here on it is under way, and may go on to its end.
			tried.started.add(item);
			return undefined;
		},
		wrote(item, what) {
			kept.written.set(item, [...(kept.written.get(item) ?? []), what]);
		},
		succeed(item, records) {
			kept.answers.set(item, records);
			end(tried);
		},
		fail: async (item, failure) => await failItem(kept, tried, { item, failure, goesOn }),
		skip() {
			end(tried);
		},
	};
}

interface Failed {
	readonly item: number;
	readonly failure: unknown;
	readonly goesOn: boolean;
}

/** Ends an item that has failed, and waits for the others where n8n will show this error and nothing of theirs. */
async function failItem(
	{ answers, written, leftovers }: Kept,
	current: Try,
	{ item, failure, goesOn }: Failed,
): Promise<string> {
	current.failed = true;
	const known = failure instanceof PlivoFailure ? failure : undefined;
	const left = known?.details.left ?? (known?.details.open ? known.message : undefined);
	if (left !== undefined) leftovers.push({ item, current, left });
	const isAlone = goesOn || known?.kind === 'cancelled';
	const over = isAlone ? undefined : othersEnded(current);
	end(current);
	await over;
	return besides(item, {
		own: known?.details.isAccount ? [] : (written.get(item) ?? []),
		// Where the run continues on error, each item names only what it has written itself.
		done: goesOn ? [] : [...written].filter(([other]) => answers.has(other)),
		failed: leftovers.filter((one) => one.current === current && !goesOn),
		earlier: leftovers.filter((one) => one.current !== current && (!goesOn || one.item === item)),
	});
}

const notSent = () =>
	new PlivoFailure(
		'skipped',
		'Not carried out, since another item of this run had failed',
		'Correct that item and run it again.',
	);

/**
 * What the error of one item doesn't tell, as sentences.
 *
 * @param own what the item had written
 * @param done what items have written that have their answers
 * @param failed what items have left in this try
 * @param earlier what earlier tries have left
 */
function besides(
	item: number,
	{
		own,
		done,
		failed,
		earlier,
	}: {
		own: readonly string[];
		done: ReadonlyArray<readonly [item: number, what: readonly string[]]>;
		failed: readonly Leftover[];
		earlier: readonly Leftover[];
	},
): string {
	const doneByOthers = done
		.filter(([other]) => other !== item)
		.flatMap(([other, what]) => what.map((one) => `${one} (item ${other})`));
	return [
		sentenceOf('Before that:', own),
		sentenceOf('Other items of this run have been carried out:', doneByOthers),
		...failed
			.filter((one) => one.item !== item)
			.map((one) => `Item ${one.item} also failed: ${one.left}`),
		...earlier.map((one) => `An earlier try of item ${one.item}: ${one.left}`),
	]
		.filter((sentence) => sentence !== '')
		.join(' ');
}

function sentenceOf(what: string, written: readonly string[]): string {
	if (written.length === 0) return '';
	return `${what} ${listed(written)}.`;
}
