import { sleep } from 'n8n-workflow';

import { cancelled } from './failure';

/**
 * Waits for some work, or throws at once when the execution is stopped; the work goes on then.
 *
 * @param signal the execution's cancel signal
 * @throws PlivoFailure of kind `cancelled`; whatever the work throws
 */
export async function untilStopped<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	return await new Promise((resolve, reject) => {
		const stop = () => reject(cancelled());
		if (signal.aborted) stop();
		else signal.addEventListener('abort', stop, { once: true });
		void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
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
	await untilStopped(sleep(ms), signal);
}
