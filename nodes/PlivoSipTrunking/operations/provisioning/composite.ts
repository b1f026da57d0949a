import type { provisionOutbound } from '../../provisioning';
import type { Executor, Operation } from '../../run/operation';

/**
 * What a composite runs: one item is its answer.
 *
 * @param prepare checks the parameters at once, and returns the work
 */
export const composite =
	(prepare: (operation: Operation) => ReturnType<typeof provisionOutbound>): Executor =>
	(operation) => {
		const work = prepare(operation);
		return async (channel) => [await work(channel)];
	};
