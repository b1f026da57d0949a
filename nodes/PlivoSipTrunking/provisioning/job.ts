import type { IDataObject } from 'n8n-workflow';

import { type Kind, TRUNK } from '../plivo/kinds';
import { type Channel, hold } from '../transport/channel';
import { cancelled, PlivoFailure } from '../transport/failure';

/** One thing that was done to the account, for the output's `what_was_done`. */
export interface Deed extends IDataObject {
	action: 'made' | 'reused' | 'changed' | 'routed' | 'deleted';
	/** `trunk`, `credential`, `IP access control list`, `origination URI` or `phone number`. */
	kind: string;
	id: string;
	name?: string;
	/** Of a trunk. */
	trunk_direction?: string;
	/** Plivo's names of the fields that were changed. */
	fields?: string[];
}

/** How one write is taken back. */
export interface Reverse {
	/** What it takes back, with its id; a continuation of "Undone:" and "Left:". */
	what: string;
	/** `perhaps` while Plivo hasn't confirmed the write. */
	happened: 'no' | 'perhaps' | 'yes';
	/**
	 * @param channel with the patience of a roll-back
	 * @returns whether there was anything to take back
	 * @throws PlivoFailure when it can't be taken back, with the reason
	 */
	readonly run: (channel: Channel) => Promise<boolean>;
}

/** A provisioning under way. */
export interface Job {
	readonly channel: Channel;
	/** In the order in which it was done. */
	readonly done: Deed[];
	/** Whole sentences for the output. */
	readonly warnings: string[];
	/** Writes that can't be taken back, such as a new password: they wait until all others are done. */
	readonly last: Array<() => Promise<void>>;
	readonly reverses: Reverse[];
	/** The write under way, a continuation of "Could not". */
	doing: string;
}

/** Attempts of each step of a roll-back after its first, whatever the operation's own patience is. */
const ROLLBACK_RETRIES = 3;

/**
 * Runs several writes as one: when one fails, what was done before is taken back, the newest first.
 *
 * Nothing goes out after the execution was stopped, so nothing is taken back then.
 *
 * @param rollback false: leave what was done
 * @throws PlivoFailure that tells what failed, what was undone and what is left, with ids
 */
export async function undertake<T>(
	channel: Channel,
	rollback: boolean,
	work: (job: Job) => Promise<T>,
): Promise<T> {
	const job: Job = { channel, done: [], warnings: [], last: [], reverses: [], doing: '' };
	const all = async () => {
		const result = await work(job);
		for (const step of job.last) await step();
		return result;
	};
	return await all().catch(async (failure: unknown): Promise<never> => {
		if (!(failure instanceof PlivoFailure) || job.doing === '') throw failure;
		const written = job.reverses.filter(({ happened }) => happened !== 'no');
		if (channel.signal?.aborted) {
			throw new PlivoFailure('cancelled', cancelled().message, standing(written));
		}
		const outcome = rollback
			? await takeBack(channel, written)
			: `Roll-back is off. ${standing(written)}`;
		throw new PlivoFailure(
			failure.kind,
			`Could not ${job.doing}: ${sentence(failure.message)} ${outcome}`,
			failure.description,
			failure.details,
		);
	});
}

/**
 * Makes one write of a job.
 *
 * @param doing a continuation of "Could not"
 * @param work is given the reverse, to tell more about it
 */
export async function write<T>(
	job: Job,
	doing: string,
	{ what, run }: Pick<Reverse, 'what' | 'run'>,
	work: (reverse: Reverse) => Promise<T>,
): Promise<T> {
	const reverse: Reverse = { what, run, happened: 'perhaps' };
	// Before the write: when it fails without an answer, it may have been carried out.
	job.reverses.push(reverse);
	job.doing = doing;
	const result = await work(reverse);
	reverse.happened = 'yes';
	return result;
}

/** The reverse of setting a password: Plivo never shows the old one. */
export async function cannotReturn(): Promise<never> {
	throw new PlivoFailure('conflict', 'the old password is not known', '');
}

/** One provisioning at a time for a customer's name, in this process. */
export async function holdCustomer<T>(
	channel: Channel,
	name: string,
	work: () => Promise<T>,
): Promise<T> {
	return await hold(channel, `provisioning ${name}`, work);
}

/** What a person calls a record: `inbound trunk "Acme" (21784177241578123)`. */
export function labelled(kind: Kind, { name, trunk_direction }: IDataObject, id?: string): string {
	const direction = kind === TRUNK ? `${String(trunk_direction)} ` : '';
	return `${direction}${kind.label} "${String(name)}"${id === undefined ? '' : ` (${id})`}`;
}

/** Notes what was done with a record. */
export function note(
	job: Job,
	action: Deed['action'],
	kind: Kind,
	record: IDataObject,
	fields?: string[],
): void {
	job.done.push({
		action,
		kind: kind.label,
		id: String(record[kind.idField]),
		...(record.name !== undefined && { name: String(record.name) }),
		...(kind === TRUNK && { trunk_direction: String(record.trunk_direction) }),
		...(fields && { fields }),
	});
}

async function takeBack(channel: Channel, written: Reverse[]): Promise<string> {
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
	const told = undone.length > 0 ? [`Undone: ${undone.join(', ')}.`] : [];
	told.push(left.length > 0 ? `Left: ${left.join(' ')}` : 'Nothing is left of it.');
	return told.join(' ');
}

function standing(written: Reverse[]): string {
	if (written.length === 0) return 'Nothing had been written.';
	const stands = written.map(
		({ what, happened }) => `${happened === 'perhaps' ? 'perhaps ' : ''}${what}`,
	);
	return `This stands: ${stands.join(', ')}. Another run goes on from there.`;
}

/** With a full stop, unless it ends like a sentence. */
export const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
