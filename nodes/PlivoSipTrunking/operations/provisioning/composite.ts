import { badInput } from '../../failure';
import { checkedBoolean } from '../../input/boolean';
import { CHECK_EXPRESSION, isBlank } from '../../input/text';
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
		requireDigest(operation);
		const work = prepare(operation);
		return async (channel) => [await work(channel, operation.whenOver)];
	};

/**
 * Whoever sets a digest wants nothing done but what was approved, also where the expression finds none.
 *
 * @throws PlivoFailure of kind `input`
 */
function requireDigest({ options }: Operation): void {
	const { planDigest, planOnly = false } = options;
	if (!('planDigest' in options) || !isBlank(planDigest)) return;
	if (checkedBoolean('Plan Only', planOnly)) return;
	throw badInput(
		'Plan Digest',
		'is empty, so nothing says which plan was approved',
		`Pass on the plan_digest of the run with 'Plan Only', or remove 'Plan Digest' from the options. ${CHECK_EXPRESSION}`,
	);
}
