import type { Channel } from '../transport/channel';
import { deleteTrunk, tidyUp } from './deletionSteps';
import type { Plan, Step } from './plan';
import { changeAll, create, reuse } from './recordSteps';
import { route, unroute } from './routeSteps';
import { type Applied, type ApplyOptions, begin, rollBack, type Transaction } from './transaction';

/**
 * Does a plan's steps in order; when one fails, those before it are undone in reverse.
 *
 * Nothing goes out after the execution was stopped, so nothing is undone then.
 *
 * @throws PlivoFailure that names what failed, what was undone and what is left, with ids
 */
export async function apply(channel: Channel, plan: Plan, options: ApplyOptions): Promise<Applied> {
	const transaction = begin(channel, plan, options);
	const main = plan.steps.filter(({ tidying }) => !tidying);
	const tidying = plan.steps.filter((step) => step.tidying);
	const inOrder = async () => {
		for (const step of main) await carryOut(transaction, step);
	};
	await inOrder().catch(async (failure: unknown): Promise<never> => {
		throw await rollBack(transaction, failure);
	});
	await tidyUp(transaction, tidying);
	return transaction;
}

async function carryOut(transaction: Transaction, step: Step): Promise<void> {
	switch (step.action) {
		case 'reuse':
			return await reuse(transaction, step);
		case 'create':
			return await create(transaction, step);
		case 'change':
			return await changeAll(transaction, step);
		case 'route':
			return await route(transaction, step);
		case 'unroute':
			return await unroute(transaction, step);
		case 'delete':
			return await deleteTrunk(transaction, step);
	}
}
