/**
 * What went wrong, as data. `input`: refused before any request. `refused`: Plivo said no.
 * `unreachable`: no answer. `unreadable`: an answer that makes no sense. `conflict`: going on would
 * duplicate or break something. `cancelled`: the execution was stopped.
 */
export type FailureKind =
	| 'input'
	| 'refused'
	| 'unreachable'
	| 'unreadable'
	| 'conflict'
	| 'cancelled';

export interface FailureDetails {
	/** HTTP status of Plivo's answer, where there was one. */
	httpCode?: number;
	/** Plivo's request id: `api_id` of the body or the `X-Request-ID` header. */
	apiId?: string;
	/** `maybe` when Plivo may have carried out the request all the same. */
	processed?: 'no' | 'maybe';
}

/**
 * The one error of the layers below the executors. `message` says in plain words what happened,
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
 * A refusal before any request is made.
 *
 * @param field the label of the parameter as the editor shows it
 * @param problem what is wrong with it, a continuation of the field's name
 * @param remedy what to enter instead
 */
export function badInput(field: string, problem: string, remedy: string): PlivoFailure {
	return new PlivoFailure('input', `${field} ${problem}`, remedy);
}

/** The failure of an execution that the user stopped. */
export function cancelled(): PlivoFailure {
	return new PlivoFailure(
		'cancelled',
		'The execution was stopped',
		'Requests that were still waiting have not been sent.',
	);
}
