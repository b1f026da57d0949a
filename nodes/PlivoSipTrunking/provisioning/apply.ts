import type { Channel } from '../transport/channel';
import { deleteTrunk, tidyUp } from './deletionSteps';
import type { Plan, Step } from './plan';
import { changeAll, create, reuse } from './recordSteps';
import { route, unroute } from './routeSteps';
import { type Applied, type ApplyOptions, begun, failed, type Transaction } from './transaction';

/**
 * Does a plan's steps in order; when one fails, those before it are undone in reverse.
 *
 * Nothing goes out after the execution was stopped, so nothing is undone then.
 *
 * @throws PlivoFailure that tells what failed, what was undone and what is left, with ids
 */
export async function apply(channel: Channel, plan: Plan, options: ApplyOptions): Promise<Applied> {
	const transaction = begun(channel, plan, options);
	const main = plan.steps.filter(({ tidying }) => !tidying);
	const tidying = plan.steps.filter((step) => step.tidying);
	const inOrder = async () => {
		for (const steps of grouped(main)) await carryOut(transaction, steps);
	};
	await inOrder().catch(async (failure: unknown): Promise<never> => {
		throw await failed(transaction, failure);
	});
	await tidyUp(transaction, tidying);
	return transaction;
}

/** Steps one by one; numbers that go to the same trunk together, so that it is looked at once. */
function grouped(steps: readonly Step[]): Step[][] {
	const groups: Step[][] = [];
	for (const step of steps) {
		const group = groups.at(-1);
		const same = group?.[0]?.action === 'route' && step.action === 'route';
		if (same && JSON.stringify(group?.[0]?.to) === JSON.stringify(step.to)) group?.push(step);
		else groups.push([step]);
	}
	return groups;
}

async function carryOut(transaction: Transaction, [step, ...others]: Step[]): Promise<void> {
	if (!step) return;
	switch (step.action) {
		case 'reuse':
			return await reuse(transaction, step);
		case 'create':
			return await create(transaction, step);
		case 'change':
			return await changeAll(transaction, step);
		case 'route':
			return await route(transaction, [step, ...others]);
		case 'unroute':
			return await unroute(transaction, step);
		case 'delete':
			return await deleteTrunk(transaction, step);
	}
}
