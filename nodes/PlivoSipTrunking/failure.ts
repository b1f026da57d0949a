/**
 * What went wrong, as data. `input`: refused before any request. `refused`: Plivo said no.
 * `unreachable`: no answer. `unreadable`: an answer that makes no sense. `conflict`: going on would
 * duplicate or break something. `cancelled`: the execution was stopped. `skipped`: another item of the
 * run had failed before anything of this one was sent.
 */
export type FailureKind =
	| 'input'
	| 'refused'
	| 'unreachable'
	| 'unreadable'
	| 'conflict'
	| 'cancelled'
	| 'skipped';

/** When the attempts of a write left and ended that have no certain answer. */
export interface Open {
	/** The first one left, by this computer's clock, in milliseconds since 1970. */
	readonly firstAt: number;
	/** The last one ended, by `performance.now()`. */
	readonly since: number;
}

export interface FailureDetails {
	/** HTTP status of Plivo's answer, where there was one. */
	httpCode?: number;
	/** Plivo's request id: `api_id` of the body or the `X-Request-ID` header. */
	apiId?: string;
	/** Attempts that may have been carried out, or may yet be. */
	open?: Open;
	/** What the work leaves behind, as a sentence: for the error of another item or of a later try. */
	left?: string;
	/** The message names all that was done. */
	isAccount?: boolean;
	/** The answer came from Plivo's API, not from something else at that address. */
	fromPlivo?: boolean;
}

/** What a guard has found, as data for the decision. */
export interface Findings {
	/** Why it must not be done. */
	readonly objection?: PlivoFailure;
	/** What is to be known of it, whole sentences for the output. */
	readonly warnings?: readonly string[];
}

/**
 * The one error of the layers below the operations. `message` says in plain words what happened,
 * `description` what to do about it. Neither ever holds a password or token.
 */
export class PlivoFailure extends Error {
	constructor(
		readonly kind: FailureKind,
		message: string,
		readonly description: string,
		readonly details: FailureDetails = {},
	) {
		super(message);
		this.name = 'PlivoFailure';
	}
}

/**
 * A refusal before any request is made. The parameter stands in single quotes, as in all texts (n8n's UX guidelines).
 *
 * @param field the label of the parameter as the editor shows it
 * @param problem what is wrong with it, a continuation of the field's name
 * @param remedy what to enter instead
 */
export function badInput(field: string, problem: string, remedy: string): PlivoFailure {
	return new PlivoFailure('input', `'${field}' ${problem}`, remedy);
}

/** The failure of an execution that the user stopped. */
export function cancelled(): PlivoFailure {
	return new PlivoFailure(
		'cancelled',
		'The execution was stopped',
		'Requests that were still waiting have not been sent.',
	);
}

/** Whether a failure is Plivo's own word that there is no such record. A web page's 404 is not. */
export const isGone = (failure: unknown): failure is PlivoFailure =>
	failure instanceof PlivoFailure &&
	failure.details.httpCode === 404 &&
	failure.details.fromPlivo === true;

/**
 * Whether Plivo may have refused a record because there is one of its name or address: seen as 400 "… already
 * exists", documented as 409 (plivo-cli, docs/errors.md). Whoever asks looks whether there is one: a reference
 * that doesn't exist is refused with similar words.
 */
export const isTaken = (failure: unknown): failure is PlivoFailure =>
	failure instanceof PlivoFailure &&
	failure.kind === 'refused' &&
	(failure.details.httpCode === 409 ||
		([400, 422].includes(failure.details.httpCode ?? 0) &&
			/\b(already|duplicat\w*|same name|taken|unique)\b/i.test(failure.message)));

/** For `catch`: Plivo's failure as data; throws what is none, and a stop of the execution. */
export function asData(failure: unknown): PlivoFailure {
	if (failure instanceof PlivoFailure && failure.kind !== 'cancelled') return failure;
	throw failure;
}

/** For `catch`: Plivo's word that a record isn't there as data; throws every other failure. */
export function goneAsData(failure: unknown): { objection: PlivoFailure } {
	if (isGone(failure)) return { objection: failure };
	throw failure;
}

/** Passes on `undefined` for a record that isn't there; throws every other failure. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
	return await work.catch((failure: unknown) => {
		if (isGone(failure)) return undefined;
		throw failure;
	});
}
