import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { badInput } from './failure';
import { createLimiter, type Limiter } from './limiter';
import { createLocks, type Locks } from './lock';

/** A record that this process has made, changed or deleted. */
export interface Written {
	readonly path: string;
	readonly id: string;
	/** The record as it is now; nothing when it was deleted. */
	readonly record?: IDataObject;
	/** By `performance.now()`. */
	readonly at: number;
}

/** Listings of one kind and filter: the one that hasn't begun yet, and the latest that hasn't ended. */
export interface Looks {
	next?: Promise<IDataObject[]>;
	/** Which record each of those who wait for the next one is after; nothing: all of them. */
	sought: Array<((record: IDataObject) => boolean) | undefined>;
	latest?: Promise<void>;
}

/** What all nodes and executions of this process share about one Plivo account. */
export interface Account {
	readonly limiter: Limiter;
	readonly locks: Locks;
	/** Ids of the records that this process has made, the oldest first. */
	readonly made: Set<string>;
	/** Plivo's clock less this one, from the latest `Date` header, in milliseconds. */
	clockOffset: number;
	/** What this process has written lately, the oldest first. */
	readonly journal: Written[];
	/** Listings under way or about to start, by what they list: see `lookAfresh`. */
	readonly looks: Map<string, Looks>;
}

/** How patient a request is. */
export interface Limits {
	/** Attempts after the first one. */
	readonly maxRetries: number;
	/** Milliseconds for one attempt, from sending to the last byte of the answer. */
	readonly timeoutMs: number;
}

/** An item's place among the writes of its run: they leave in the order of the items. */
export interface Turn {
	/** Settles when the items before this one have queued their first write, or ended. */
	readonly ready: Promise<unknown>;
	/** Lets the next item go. */
	pass(): void;
}

/** The way from one item of one execution to one Plivo account. */
export interface Channel {
	/** `<base URL>/Account/<auth id>`, without a slash at the end. */
	readonly accountUrl: string;
	readonly account: Account;
	/** The run that this item belongs to: runs take turns at the rate limit. */
	readonly owner: object;
	readonly limits: Limits;
	readonly signal?: AbortSignal;
	readonly turn?: Turn;
	/** Sends with the credential's authentication; answers n8n's full response. */
	send(options: IHttpRequestOptions): Promise<unknown>;
	/** For n8n's log, debug level. Never given a secret. */
	log(message: string): void;
}

/**
 * Runs work while nothing else in this process holds the key; see `Locks`. An item that has to wait
 * lets the items after it go first: one of them may be what it waits for.
 */
export async function hold<T>(
	{ account, signal, turn }: Channel,
	key: string,
	work: () => Promise<T>,
): Promise<T> {
	return await account.locks.hold(key, signal, work, () => turn?.pass());
}

const accounts = new Map<string, Account>();

/**
 * The shared state of an account, made at its first use and kept for the life of the process.
 *
 * @param accountUrl what identifies it: base URL and auth id
 */
export function accountAt(accountUrl: string): Account {
	let account = accounts.get(accountUrl);
	if (!account) {
		account = {
			limiter: createLimiter(),
			locks: createLocks(),
			made: new Set(),
			journal: [],
			clockOffset: 0,
			looks: new Map(),
		};
		accounts.set(accountUrl, account);
	}
	return account;
}

/**
 * Checks the two options that every operation has.
 *
 * @param options `maxRetries` 0–10 (default 5), `timeout` 1–300 seconds (default 30)
 * @throws PlivoFailure of kind `input`, naming the option
 */
export function limitsFrom(options: IDataObject): Limits {
	return {
		maxRetries: wholeNumber('Max Retries', options.maxRetries ?? 5, 0, 10),
		timeoutMs: wholeNumber('Timeout', options.timeout ?? 30, 1, 300) * 1000,
	};
}

/**
 * @param label the parameter's name in the editor
 * @throws PlivoFailure of kind `input` unless the value is a whole number from `least` to `most`
 */
export function wholeNumber(label: string, value: unknown, least: number, most: number): number {
	if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
		const range = most === Infinity ? `of ${least} or more` : `from ${least} to ${most}`;
		throw badInput(label, `must be a whole number ${range}`, `Enter a number ${range}.`);
	}
	return value;
}
