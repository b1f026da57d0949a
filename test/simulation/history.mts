/** What happens in a simulation, as data: so it can be made from a seed, shortened and printed. */
import type { Fault } from '../../simulator/faults.mts';
import type { KindName } from '../../simulator/records.mts';
import type { Variants } from '../../simulator/variants.mts';

/** A record that is picked from the account when it is needed, as a person would from a list. */
export interface Pick {
	pick: KindName;
	/** Those of this name first. */
	by?: string;
	direction?: 'inbound' | 'outbound';
	/** Which of them. */
	nth: number;
	/** The record's field that is meant; default: its id. */
	field?: string;
}

/** What one item of a run asks for. */
export interface Item {
	/** Resource and operation: `trunk.create`. */
	what: string;
	/** Plivo's fields, as the fields' routing puts them into the request. */
	body?: Record<string, unknown>;
	parameters?: Record<string, unknown>;
	options?: Record<string, unknown>;
	/** Evaluating the item's expressions fails. */
	badExpression?: true;
}

/** What meets one or more requests of a run, one after the other. */
export interface RunFault {
	/** The nth request, or the nth write, of the run. */
	nth: number;
	times: number;
	of: 'requests' | 'writes';
	fault: Fault | { kind: 'refused' | 'tls' };
}

export interface RunAction {
	do: 'run';
	/** Names the run in output, and seeds its latencies. */
	id: number;
	at: number;
	process: number;
	items: Item[];
	/** On Error: Continue. */
	goesOn?: true;
	/** Retry On Fail: so many tries at most. */
	tries?: number;
	/** The execution is stopped so many milliseconds after it began. */
	cancelAfter?: number;
	faults?: RunFault[];
}

/** Somebody changes the account in Plivo's console. */
export interface ConsoleAction {
	do: 'console';
	at: number;
	method: 'POST' | 'DELETE';
	/** Of a new record. */
	kind?: KindName;
	/** The record that is changed or deleted; missing: a new one. */
	target?: Pick;
	body?: Record<string, unknown>;
}

/** A process ends at once and another one takes its place. */
export interface KillAction {
	do: 'kill';
	at: number;
	process: number;
}

/** Every request meets this for a while. */
export interface OutageAction {
	do: 'outage';
	at: number;
	ms: number;
	fault: RunFault['fault'];
}

export type Action = RunAction | ConsoleAction | KillAction | OutageAction;

/** What the account has at the start; made by the console. */
export interface Initial {
	/** Each with a URI, a credential and a trunk in both directions, and a number. */
	customers: string[];
	/** Records that nothing asks for by name: they make lists longer than a page. */
	fillers: Partial<Record<KindName, number>>;
}

export interface History {
	seed: number;
	variants: Partial<Variants>;
	initial: Initial;
	/** Plivo's own limit is kept to. */
	rateLimit: boolean;
	/** Milliseconds that a request or answer is on its way. */
	latency: { least: number; most: number };
	/** So many milliseconds Plivo's clock is ahead of this one. */
	skew: number;
	/** Before so large a share of its requests, a process forgets what it remembers (`forgetAccount`). */
	amnesia?: number;
	/** Between two tries, a run forgets all but what its finished items have answered. */
	forgetsTries?: true;
	actions: Action[];
}
