import { untilStopped } from './pause';

/** Runs one piece of work at a time for each key, in the order in which it was asked for. */
export interface Locks {
	/**
	 * Waits until nothing else holds the key, then runs `work` and answers what it answers.
	 *
	 * @param onWait called when something else holds the key
	 * @throws PlivoFailure of kind `cancelled` when the signal ended the wait; whatever `work` throws
	 */
	hold<T>(
		key: string,
		signal: AbortSignal | undefined,
		work: () => Promise<T>,
		onWait?: () => void,
	): Promise<T>;
}

export function createLocks(): Locks {
	const tails = new Map<string, Promise<void>>();
	return {
		async hold(key, signal, work, onWait) {
			const before = tails.get(key);
			let release!: () => void;
			const held = new Promise<void>((resolve) => (release = resolve));
			const tail = before ? before.then(async () => await held) : held;
			tails.set(key, tail);
			try {
				if (before) {
					onWait?.();
					await untilStopped(before, signal);
				}
				return await work();
			} finally {
				release();
				if (tails.get(key) === tail) tails.delete(key);
			}
		},
	};
}
