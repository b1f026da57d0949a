import { randomBytes } from 'node:crypto';

import { createClient, type ClientOptions } from './client.mts';
import { type Context, LIVE_TIMING, type Timing } from './context.mts';
import { CannotRun, Stopped } from './errors.mts';
import { createFindings, type Finding } from './findings.mts';
import { leaveNumberOut, tryNumber } from './number.mts';
import { connect, judgeSamples, readEverything } from './read.mts';
import { leftoversIn, removeOwn } from './undo.mts';
import { tryEverything } from './write.mts';

export interface CheckOptions extends Pick<ClientOptions, 'authId' | 'authToken' | 'baseUrl'> {
	write: boolean;
	/** Digits only: a number whose route may be lost. Takes `write`. */
	number?: string;
	/** Default: for a live account. */
	timing?: Partial<Timing>;
	/** Ends the check; what was made is removed all the same. */
	stop?: AbortSignal;
	/** Says what is being done. */
	progress?: (text: string) => void;
}

export interface CheckResult {
	findings: readonly Finding[];
	/** Why it did not come to its end, if so. */
	unfinished?: string;
	/** What is left in the account of what the check made. */
	left: string[];
}

const REMOVED_FACT = 'everything that the check made is removed again';
const LEFTOVERS_FACT = 'nothing is left of an earlier check';

/**
 * Compares an account with what is known of Plivo's API. Nothing in the result is a value of the account.
 *
 * @throws CannotRun when it could not even begin
 */
export async function runLiveCheck(options: CheckOptions): Promise<CheckResult> {
	const { authId, authToken, baseUrl, write, number, stop } = options;
	const timing = { ...LIVE_TIMING, ...options.timing };
	const context: Context = {
		client: createClient({ authId, authToken, baseUrl, ...timing, stop }),
		timing,
		findings: createFindings(),
		samples: new Map(),
		run: randomBytes(4).toString('hex'),
		made: [],
		progress: options.progress ?? (() => undefined),
	};
	const { findings } = context;
	let unfinished: string | undefined;
	let left: string[] = [];
	let begun = false;
	let writing = false;
	try {
		await connect(context);
		begun = true;
		await readEverything(context);
		await settleLeftovers(context, write);
		if (write) {
			writing = true;
			const { uri } = await tryEverything(context);
			if (number) await tryNumber(context, number, uri);
			else leaveNumberOut(context);
		}
		judgeSamples(context);
	} catch (error) {
		if (!(error instanceof CannotRun) && !(error instanceof Stopped)) throw error;
		if (!begun && error instanceof CannotRun) throw error;
		unfinished = error instanceof Stopped ? 'stopped before its end' : error.message;
	} finally {
		// Also after an error of the check itself.
		if (writing) {
			context.progress('removing what was made');
			left = await removeAtEnd(context);
		}
	}
	return { findings: findings.all, unfinished, left };
}

/** Leftovers of earlier runs are removed with `--write`, and only told of without. */
async function settleLeftovers(context: Context, write: boolean): Promise<void> {
	const { findings } = context;
	const leftovers = leftoversIn(context);
	const add = (verdict: 'expected' | 'different', seen: string) =>
		findings.add('leftovers', LEFTOVERS_FACT, verdict, seen);
	if (leftovers.length === 0) return add('expected', 'nothing');
	if (!write)
		return add('different', 'records named check-…: run again with --write to remove them');
	context.progress('removing what an earlier check left');
	const problems = await removeOwn(context);
	if (problems.length > 0) add('different', problems.join('; '));
	else add('expected', 'records named check-… were there, and are removed');
}

async function removeAtEnd(context: Context): Promise<string[]> {
	context.client.finishUndisturbed();
	let problems: string[];
	try {
		problems = await removeOwn(context, context.run);
	} catch (error) {
		if (!(error instanceof CannotRun)) throw error;
		problems = [error.message];
	}
	const seen = problems.length === 0 ? 'yes' : problems.join('; ');
	context.findings.add(
		'removed',
		REMOVED_FACT,
		problems.length === 0 ? 'expected' : 'different',
		seen,
	);
	return problems;
}
