import type { provisionOutbound } from '../../provisioning';
import type { Executor, Operation } from '../../run/operation';

/** What a composite runs: its parameters are checked at once, and it answers one item. */
export const composite =
	(planned: (operation: Operation) => ReturnType<typeof provisionOutbound>): Executor =>
	(operation) => {
		const work = planned(operation);
		return async (channel) => [await work(channel, operation.whenOver)];
	};
