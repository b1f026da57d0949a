import type { IHttpRequestOptions } from 'n8n-workflow';

import type { PlivoFailure } from '../failure';
import { createLimiter, type Limiter } from './limiter';

/** What all executions of this process share about requests to one Plivo account. */
export interface Account {
	readonly limiter: Limiter;
	/** Plivo's clock less this one in milliseconds, from the latest `Date` header; nothing until one came. */
	clockOffset?: number;
	/** By `performance.now()`. */
	usedAt: number;
}

/** How patient a request is. */
export interface Limits {
	/** Attempts after the first one, 0–10. */
	readonly maxRetries: number;
	/** Milliseconds for one attempt, from sending to the last byte of the answer. */
	readonly timeoutMs: number;
}

/** The way from one item of one execution to one Plivo account. */
export interface Channel {
	/** `<base URL>/Account/<auth id>`, without a slash at the end. */
	readonly accountUrl: string;
	readonly account: Account;
	/** The run that this item belongs to: runs take turns at the rate limit. */
	readonly owner: object;
	/** The id of the execution, where it has one. */
	readonly execution?: string;
	readonly limits: Limits;
	/** The execution's cancel signal. */
	readonly signal?: AbortSignal;
	/** What must never show up in a text: the Auth Token. */
	readonly secrets: readonly string[];
	/** Keys of claims that this work holds: what it calls needs no further wait for them. */
	readonly held?: ReadonlySet<string>;
	/** Sends with the credential's authentication; returns n8n's full response. */
	send(options: IHttpRequestOptions): Promise<unknown>;
	/** Asked before each write: why it must not leave, since another item of the run has failed. */
	beforeWrite?(): PlivoFailure | undefined;
	/** Called with what has been written: `created trunk "Acme" (217…)`. */
	wrote?(what: string): void;
	/** For n8n's log, debug level. Never given a secret. */
	log(message: string): void;
}

/** More accounts than any n8n serves at a time. */
const MOST_ACCOUNTS = 500;

/** An account that nothing has used for so long has no rate limit left to remember. */
const UNUSED_MS = 3_600_000;

const accounts = new Map<string, Account>();

/**
 * The shared state of an account, made at its first use.
 *
 * @param accountUrl what identifies it: base URL and auth id
 */
export function accountAt(accountUrl: string): Account {
	const now = performance.now();
	const account = accounts.get(accountUrl) ?? { limiter: createLimiter(), usedAt: now };
	account.usedAt = now;
	// Behind the others: the first ones are those that were not used for longest.
	accounts.delete(accountUrl);
	accounts.set(accountUrl, account);
	for (const [url, { limiter, usedAt }] of accounts) {
		const isOld = now - usedAt > UNUSED_MS || accounts.size > MOST_ACCOUNTS;
		if (!isOld) break;
		if (!limiter.isBusy()) accounts.delete(url);
	}
	return account;
}
