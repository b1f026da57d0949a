import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { activationOf } from '../run/activations';
import { credentialChannel } from '../run/channel';
import { errorFor } from '../run/errors';
import { givenIn } from '../run/given';
import { isFault } from '../knowledge/hangup';
import { checkedBoolean } from '../input/boolean';
import { checkedId } from '../input/id';
import { wholeNumber } from '../input/number';
import { callFilters, listingOf } from '../records/call';
import { TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { badInput, PlivoFailure } from '../failure';
import { CALL_FILTERS, collectionsOf } from './fields';
import { type Watch, watchCalls, watchTrunks } from './watch';

/** What a poll leaves in the node's static data. */
interface Kept {
	/** What is watched: states of different subjects don't go together. */
	subject: string;
	state: unknown;
}

/**
 * One poll of the trigger.
 *
 * n8n stores the static data when a poll has emitted something or an activation has succeeded, and
 * not otherwise. After a restart the state may thus be that of the last emission: what came since has
 * been found not to match before, and is looked through once more.
 *
 * @returns nothing when there is nothing new, or when the poll before is still under way
 * @throws NodeApiError or NodeOperationError; the state is then as it was before
 */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const activation = activationOf(this);
	if (activation.isPolling) return null;
	activation.isPolling = true;
	try {
		const watched = await watchedBy(this);
		const found =
			this.getMode() === 'manual' ? [await sampleOf(watched.watch)] : await newsOf(this, watched);
		return found.length > 0 ? [this.helpers.returnJsonArray(found)] : null;
	} catch (failure) {
		throw errorFor(this, failure, 0);
	} finally {
		activation.isPolling = false;
	}
}

async function newsOf(
	context: IPollFunctions,
	{ subject, catchUp, watch }: Watched,
): Promise<IDataObject[]> {
	// Nothing but this node writes there.
	const data = context.getWorkflowStaticData('node') as { kept?: Kept };
	// A restart of n8n ('init'), another main instance ('leadershipChange') and a newly published
	// version ('update') go on where the last poll ended; only activating it by hand starts over.
	const switchedOn = context.getActivationMode() === 'activate' && !activationOf(context).hasPolled;
	const known = data.kept?.subject === subject ? data.kept.state : undefined;
	const { found, state } =
		known === undefined || (switchedOn && !catchUp)
			? { found: [], state: await watch.start() }
			: await watch.next(known);
	data.kept = { subject, state };
	activationOf(context).hasPolled = true;
	return found;
}

async function sampleOf(watch: Watch<unknown>): Promise<IDataObject> {
	const sample = await watch.sample();
	if (sample) return sample;
	throw new PlivoFailure(
		'refused',
		'There is nothing yet that would start the workflow',
		'Make a test call or create a test trunk, or remove filters, and fetch the event again. Once the workflow is active, it starts by itself.',
	);
}

/** What the parameters ask to watch. */
interface Watched {
	/**
	 * Account, event and filters, as text. Where one of them has changed, all that is there already is
	 * old: what the ones before had passed over isn't news.
	 */
	readonly subject: string;
	/** Whether to start with what happened while the workflow was switched off. */
	readonly catchUp: boolean;
	readonly watch: Watch<unknown>;
}

/** A watch gets a state back only under the subject that it gave it for. */
const ofAnyState = <State>(watch: Watch<State>) => watch as Watch<unknown>;

/** All parameters are checked here, before any request. */
async function watchedBy(context: IPollFunctions): Promise<Watched> {
	const event = context.getNodeParameter('event');
	const { filters: { trunkId, ...filters } = {}, options = {} } = Object.fromEntries(
		collectionsOf(event).map((field) => [
			field.name,
			givenIn(field, context.getNodeParameter(field.name, {}), false).values,
		]),
	);
	const maxPerPoll = wholeNumber('Max per Poll', options.maxPerPoll ?? 500, 1, 2000);
	const catchUp = checkedBoolean('Catch Up', options.catchUp ?? false);
	const simplified = checkedBoolean('Simplify', context.getNodeParameter('simplify', true));
	const explained = checkedBoolean('Explain Hangup', options.explainHangup ?? true);
	const trunk = trunkId === undefined ? undefined : checkedId(TRUNK.idLabel, trunkId, TRUNK.idKind);
	const subjectOf = ({ accountUrl }: Channel, checked: IDataObject = {}) =>
		JSON.stringify([accountUrl, event, trunk ?? '', Object.entries(checked).sort()]);
	switch (event) {
		case 'trunkChanged': {
			const channel = await credentialChannel(context, options);
			return {
				subject: subjectOf(channel),
				catchUp,
				watch: ofAnyState(watchTrunks(channel, { trunkId: trunk, maxPerPoll })),
			};
		}
		case 'callEnded':
		case 'callFailed': {
			const checked = callFilters(byPlivosNames(filters), {
				timezone: context.getTimezone(),
				now: Date.now(),
			});
			const channel = await credentialChannel(context, options);
			const { filters: asked, accept } = listingOf(checked);
			const watch = watchCalls(channel, {
				filters: asked,
				matches: (call) =>
					accept(call) &&
					(event === 'callEnded' || isFault(call)) &&
					(trunk === undefined || isOf(trunk, call)),
				explained,
				simplified,
				maxPerPoll,
			});
			return { subject: subjectOf(channel, checked), catchUp, watch: ofAnyState(watch) };
		}
		default:
			throw badInput('Trigger On', 'is unknown', 'Choose callEnded, callFailed or trunkChanged.');
	}
}

const byPlivosNames = (filters: IDataObject): IDataObject =>
	Object.fromEntries(
		CALL_FILTERS.filter(({ name }) => name in filters).map(({ name, routing }) => [
			routing?.send?.property,
			filters[name],
		]),
	);

/** A call names its trunk by the domain: `<trunk_id>.zt.plivo.com`. */
const isOf = (trunkId: string, { trunk_domain }: IDataObject) =>
	String(trunk_domain).split('.')[0] === trunkId;
