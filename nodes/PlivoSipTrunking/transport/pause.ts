import { sleep } from 'n8n-workflow';

import { cancelled } from '../failure';

/** What is to be done when an execution is stopped. */
const stops = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the execution is stopped, at once when it has been.
 *
 * A signal looks through all of its listeners for each that is added or removed, which thousands of
 * waiting items would feel: each signal gets one listener here.
 *
 * @param signal the execution's cancel signal
 * @returns takes the callback back
 */
export function onStop(signal: AbortSignal | undefined, callback: () => void): () => void {
	if (!signal) return () => {};
	if (signal.aborted) {
		callback();
		return () => {};
	}
	const callbacks = stops.get(signal) ?? new Set();
	if (!stops.has(signal)) {
		stops.set(signal, callbacks);
		signal.addEventListener('abort', () => callbacks.forEach((stop) => stop()), { once: true });
	}
	callbacks.add(callback);
	return () => callbacks.delete(callback);
}

/**
 * Waits for some work, or throws at once when the execution is stopped; the work goes on then.
 *
 * @param signal the execution's cancel signal
 * @throws PlivoFailure of kind `cancelled`; whatever the work throws
 */
export async function untilStopped<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	return await new Promise((resolve, reject) => {
		const takeBack = onStop(signal, () => reject(cancelled()));
		void work.then(resolve, reject).finally(takeBack);
	});
}

/**
 * Waits, or throws at once when the execution is stopped.
 *
 * n8n 1.x's `sleep` knows no signal and n8n 2.x has no `sleepWithAbort`, so the race is made here.
 *
 * @param ms how long, in milliseconds
 * @throws PlivoFailure of kind `cancelled`
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) throw cancelled();
	await untilStopped(sleep(ms), signal);
}
