import type { IDataObject } from 'n8n-workflow';

import { cancelled, PlivoFailure } from '../failure';
import { type AccountRecord, idOf } from '../records/kind';
import { TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { type Plan, type ShownStep, shownStep, type Step } from './plan';

/** How one step is undone. */
interface Undo {
	/** What it takes back, with its id; a continuation of "Undone:" and "Left:". */
	what: string;
	/** `perhaps` while Plivo hasn't confirmed the step. */
	happened: 'no' | 'perhaps' | 'yes';
	/**
	 * @param channel with the patience of a roll-back
	 * @returns whether there was anything to take back
	 * @throws PlivoFailure when it can't be taken back, with the reason
	 */
	run: (channel: Channel) => Promise<boolean>;
}

/** A record that was meant to be deleted and is still there, on purpose. */
export interface Kept extends IDataObject {
	kind: string;
	id: string;
	reason: string;
}

/** The result of applying a plan. */
export interface Applied {
	/** The records of the plan as they are now, by the steps' keys. */
	readonly records: ReadonlyMap<string, AccountRecord>;
	readonly done: ShownStep[];
	readonly kept: Kept[];
	/** Whole sentences for the output. */
	readonly warnings: string[];
}

export interface ApplyOptions {
	/** Whether what was done is undone when a step fails. */
	readonly rollback: boolean;
	/** Route numbers to a trunk that is disabled, send calls of live numbers elsewhere, and delete what is used. */
	readonly allowDisabledTrunk?: boolean;
	readonly moveRoutedNumbers?: boolean;
	readonly force?: boolean;
	/** Somebody has approved this very plan: nothing is changed that it doesn't name. */
	readonly approved?: boolean;
}

/** Attempts of each undo after its first, whatever the operation's own patience is. */
const ROLLBACK_RETRIES = 3;

/** A plan under way: what has been done, and how it is taken back. */
export interface Transaction extends Omit<Applied, 'records'> {
	readonly channel: Channel;
	readonly options: ApplyOptions;
	readonly records: Map<string, AccountRecord>;
	readonly ids: Map<string, string>;
	/** The trunks of the plan that are there: what each is, by its id. */
	readonly ownTrunks: ReadonlyMap<string, string>;
	/** Keys of records that this transaction has made: nobody else knows them yet. */
	readonly made: Set<string>;
	/** Ids of records that the plan changes. */
	readonly changing: ReadonlySet<string>;
	/** Keys of records that are there and get a login. */
	readonly logins: ReadonlySet<string>;
	/** Numbers whose route could not be cleared: they go dead with the trunk, as the user wants it. */
	readonly stuck: Set<string>;
	readonly undos: Undo[];
	/** The step under way, a continuation of "Could not". */
	doing: string;
}

/** A plan of which nothing has been done yet. */
export const begin = (channel: Channel, plan: Plan, options: ApplyOptions): Transaction => ({
	channel,
	options,
	records: new Map(),
	ids: new Map(plan.steps.flatMap(({ key, id }) => (id === undefined ? [] : [[key, id]]))),
	ownTrunks: new Map(
		plan.steps.flatMap(({ kind, id, record }) =>
			kind === TRUNK && id ? [[id, TRUNK.identityOf(record)] as const] : [],
		),
	),
	made: new Set(),
	done: [],
	kept: [],
	warnings: [...plan.warnings],
	changing: new Set(
		plan.steps.flatMap(({ action, id }) => (action === 'change' && id ? [id] : [])),
	),
	logins: new Set(
		plan.steps.flatMap(({ action, key, fields }) =>
			action === 'change' && 'password' in fields ? [key] : [],
		),
	),
	stuck: new Set(),
	undos: [],
	doing: '',
});

/** A step is done, with the record as it is now. */
export function noteDone(transaction: Transaction, step: Step, record: AccountRecord): void {
	transaction.records.set(step.key, record);
	transaction.ids.set(step.key, idOf(step.kind, record));
	transaction.done.push(shownStep(step, record));
}

/**
 * Makes one write.
 *
 * @param doing a continuation of "Could not"
 * @param work is given the undo, to tell more about it
 */
export async function write<T>(
	transaction: Transaction,
	doing: string,
	undo: Pick<Undo, 'what' | 'run'>,
	work: (undo: Undo) => Promise<T>,
): Promise<T> {
	const entry: Undo = { ...undo, happened: 'perhaps' };
	// Before the write: when it fails without an answer, it may have been carried out.
	transaction.undos.push(entry);
	transaction.doing = doing;
	const result = await work(entry).catch((failure: unknown): never => {
		const open = failure instanceof PlivoFailure && failure.details.open;
		if (entry.happened === 'yes') throw failure;
		if (!open) entry.happened = 'no';
		throw failure;
	});
	if (entry.happened === 'perhaps') entry.happened = 'yes';
	return result;
}

/**
 * Undoes the steps before one that failed, in reverse.
 *
 * @returns the failure to throw, with what was undone and what is left, with ids
 */
export async function rollBack(transaction: Transaction, failure: unknown): Promise<unknown> {
	const { channel, doing, undos, options } = transaction;
	if (!(failure instanceof PlivoFailure) || doing === '' || failure.kind === 'skipped') {
		return failure;
	}
	const written = undos.filter(({ happened }) => happened !== 'no');
	if (channel.signal?.aborted) {
		const left = standing(written);
		return new PlivoFailure('cancelled', cancelled().message, left, { isAccount: true, left });
	}
	const { summary, left } = options.rollback
		? await takeBack(channel, written)
		: leftAlone(written);
	return new PlivoFailure(
		failure.kind,
		`Could not ${doing}: ${sentence(failure.message)} ${summary}`,
		failure.description,
		{ ...failure.details, isAccount: true, left: left ? summary : undefined },
	);
}

/** What became of a transaction that failed, in whole sentences. */
interface Outcome {
	readonly summary: string;
	/** Whether the account isn't as it was. */
	readonly left: boolean;
}

const leftAlone = (written: Undo[]): Outcome => ({
	summary: `'Roll Back' is off. ${standing(written)}`,
	left: written.length > 0,
});

async function takeBack(channel: Channel, written: Undo[]): Promise<Outcome> {
	const undone: string[] = [];
	const left: string[] = [];
	let maxRetries = Math.max(channel.limits.maxRetries, ROLLBACK_RETRIES);
	for (const { what, run, happened } of [...written].reverse()) {
		const limits = { ...channel.limits, maxRetries };
		const done = await run({ ...channel, limits }).catch((failure: unknown) => {
			if (!(failure instanceof PlivoFailure)) throw failure;
			left.push(`${happened === 'perhaps' ? 'perhaps ' : ''}${what}: ${sentence(failure.message)}`);
			// Plivo is out of reach: each of the others gets one attempt, for the sake of everyone's time.
			if (failure.kind === 'unreachable' || (failure.details.httpCode ?? 0) >= 500) maxRetries = 0;
			return false;
		});
		if (done) undone.push(what);
	}
	const sentences = undone.length > 0 ? [`Undone: ${undone.join(', ')}.`] : [];
	sentences.push(left.length > 0 ? `Left: ${left.join(' ')}` : 'Nothing is left behind.');
	return { summary: sentences.join(' '), left: left.length > 0 };
}

function standing(written: Undo[]): string {
	const stands = written.map(
		({ what, happened }) => `${happened === 'perhaps' ? 'perhaps ' : ''}${what}`,
	);
	return stands.length === 0
		? 'Nothing had been written.'
		: `This stays: ${stands.join(', ')}. Another run continues from there.`;
}

/** With a full stop, unless it ends like a sentence. */
export const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
