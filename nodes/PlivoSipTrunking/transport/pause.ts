import { sleep } from 'n8n-workflow';

import { cancelled } from './failure';

/**
 * Waits, or throws at once when the execution is stopped.
 *
 * n8n 1.x's `sleep` knows no signal and n8n 2.x has no `sleepWithAbort`, so the race is made here.
 *
 * @param ms how long, in milliseconds
 * @param signal the execution's cancel signal
 * @throws PlivoFailure of kind `cancelled`
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (!signal) return await sleep(ms);
	return await new Promise((resolve, reject) => {
		const stop = () => reject(cancelled());
		if (signal.aborted) return stop();
		signal.addEventListener('abort', stop, { once: true });
		void sleep(ms).then(() => {
			signal.removeEventListener('abort', stop);
			resolve();
		});
	});
}
