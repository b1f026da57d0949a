import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure, unlessGone } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { checkedId } from '../input/id';
import { hold, identityClaim, recordClaim } from '../records/accountState';
import { type AccountRecord, idOf, type Kind, labelled, referencesOf } from '../records/kind';
import { getRecord } from '../records/list';
import { movedCalls, movedInWords } from '../records/liveNumbers';
import { PHONE_NUMBER, type PhoneNumber } from '../records/phoneNumber';
import { namesOf, numbersOf, phoneNumbersOf, trunksUsing } from '../records/references';
import { TRUNK, type Trunk } from '../records/trunk';
import { memoryOf } from '../run/memory';
import type { Channel } from '../transport/channel';
import { apply } from './apply';
import { previousRoutes } from './numbers';
import type { Composite } from './outbound';
import { type Plan, plannedOutput, type PlanScope, requireSamePlan, type Step } from './plan';
import { type PlanOptions, planOptions } from './provision';

/** The parameters of `deprovision` as they come from the node. */
export interface DeprovisionParameters {
	trunkId: string;
	/** `force`, `keepShared`, `rerouteToApplicationId`, `planOnly`, `planDigest` */
	options: IDataObject;
}

/** A record that the trunk refers to. */
interface Part {
	readonly kind: Kind;
	readonly id: string;
	readonly record: AccountRecord;
	/** Other trunks that use it. */
	readonly others: readonly Trunk[];
}

interface Deprovision {
	readonly trunkId: string;
	readonly application?: string;
	readonly force: boolean;
	readonly keepShared: boolean;
	readonly planning: PlanOptions;
}

/**
 * Takes a customer's trunk down in the order that breaks nothing: its numbers to an application, the
 * trunk, then its credential, IP list and origination URIs.
 *
 * Up to the trunk's deletion a failure puts the numbers back. After it nothing can be put back (a new
 * trunk has another domain), so the rest is tried to the end, and the error names what is left.
 *
 * @returns `deleted`, `trunk_id`, `numbers` with their old routes, `kept` with the reasons,
 *   `what_was_done` and `warnings`; `already_gone` when there is no such trunk
 * @throws PlivoFailure
 */
export function deprovision({ trunkId, options }: DeprovisionParameters): Composite {
	const wish: Deprovision = {
		trunkId,
		...(options.rerouteToApplicationId !== undefined && {
			application: checkedId(
				'Reroute to Application ID',
				options.rerouteToApplicationId,
				'application',
			),
		}),
		force: checkedBoolean('Force', options.force ?? false),
		keepShared: checkedBoolean('Keep Shared', options.keepShared ?? true),
		planning: planOptions(options),
	};
	return async (channel) => await takeDown(channel, wish);
}

async function takeDown(channel: Channel, wish: Deprovision): Promise<IDataObject> {
	const { trunkId } = wish;
	const read = async () => await unlessGone(getRecord(channel, TRUNK, trunkId));
	for (;;) {
		const [trunk, numbers] = await Promise.all([read(), numbersOf(channel, trunkId)]);
		if (!trunk) return await gone(channel, wish);
		const digits = numbers.map(({ number }) => number);
		const claims = [
			identityClaim(TRUNK, trunk),
			recordClaim(TRUNK, trunkId),
			...digits.map((number) => recordClaim(PHONE_NUMBER, number)),
		];
		const output = await hold(channel, claims, async (holding) => {
			// Once more: another operation on this customer may just have ended, or routed a number.
			const [now, routed] = await Promise.all([read(), numbersOf(channel, trunkId)]);
			if (!now) return await gone(holding, wish);
			if (routed.some(({ number }) => !digits.includes(number))) return undefined;
			return await takeDownHeld(holding, wish, now, routed);
		});
		if (output) return output;
	}
}

const TRUNK_IS_LOST = 'A deleted trunk can’t be brought back: a new one has another domain.';

async function takeDownHeld(
	channel: Channel,
	wish: Deprovision,
	trunk: Trunk,
	numbers: PhoneNumber[],
): Promise<IDataObject> {
	const { application, force, keepShared, planning, trunkId } = wish;
	numbers.sort((one, other) => (one.number < other.number ? -1 : 1));
	if (numbers.length > 0 && application === undefined && !force) throw stillRouted(trunk, numbers);
	const parts = await partsOf(channel, trunk);
	const shared = parts.find(({ others }) => others.length > 0);
	if (!keepShared && !force && shared) throw isShared(shared);
	const deleteShared = force && !keepShared;
	const isKept = ({ others }: Part) => others.length > 0 && !deleteShared;
	const doomed = parts.filter((part) => !isKept(part));
	const tidied = await Promise.all(doomed.map(async (part) => await withLosses(channel, part)));
	const plan: Plan = {
		steps: [
			...numbers.map((number) => routing(number, application)),
			deletion(TRUNK, trunk, TRUNK_IS_LOST),
			...tidied,
		],
		// A run says so when it deletes them.
		warnings: planning.planOnly ? tidied.flatMap(lossesOf) : [],
		objections: [],
	};
	const kept = parts.filter(isKept).map(({ kind, id, others }) => ({
		kind: kind.label,
		id,
		reason: `used by ${namesOf(others)}`,
	}));
	const planned = plannedOrAllowed(channel, planning, plan);
	if (planned) return { ...planned, trunk_id: trunkId, kept };
	// What others use now may be free when the trunk is gone: another run may be deleting them too.
	const exactly = planning.planDigest !== undefined;
	const steps = [...plan.steps, ...(exactly ? [] : parts.filter(isKept).map(tidying))];
	const { takenDown } = memoryOf(channel);
	const belongings = steps.filter((step) => step.tidying);
	takenDown.set(trunkId, belongings);
	const options = { rollback: planning.rollback, force: deleteShared };
	const applied = await apply(channel, { ...plan, steps }, options);
	takenDown.delete(trunkId);
	return {
		deleted: true,
		trunk_id: trunkId,
		name: trunk.name,
		numbers: previousRoutes(numbers),
		kept: [...(exactly ? kept : []), ...applied.kept],
		what_was_done: applied.done,
		warnings: applied.warnings,
	};
}

/**
 * The answer of Plan Only; nothing where the plan is to be applied.
 *
 * @throws PlivoFailure where another plan was approved
 */
function plannedOrAllowed(
	channel: Channel,
	{ planOnly, planDigest }: PlanOptions,
	plan: Plan,
): IDataObject | undefined {
	const scope: PlanScope = { operation: 'deprovision', accountUrl: channel.accountUrl };
	if (planDigest !== undefined) requireSamePlan(plan, scope, planDigest);
	return planOnly ? plannedOutput(plan, scope) : undefined;
}

function routing(number: PhoneNumber, application: string | undefined): Step {
	const common = {
		kind: PHONE_NUMBER,
		key: number.number,
		id: number.number,
		record: number,
		fields: {},
		before: { application: number.application ?? null },
	};
	return application === undefined
		? { ...common, action: 'unroute' }
		: { ...common, action: 'route', to: { kind: 'application', id: application } };
}

const deletion = (kind: Kind, record: AccountRecord, cannotUndo: string): Step => ({
	action: 'delete',
	kind,
	key: idOf(kind, record),
	id: idOf(kind, record),
	record,
	fields: {},
	before: {},
	cannotUndo,
});

const tidying = ({ kind, record }: Pick<Part, 'kind' | 'record'>): Step => ({
	...deletion(kind, record, `A deleted ${kind.label} can’t be brought back.`),
	tidying: true,
});

/**
 * The deletion of what belonged to the trunk, with the other trunks that use it and their live numbers: who approves it
 * has read both, so they belong to the plan.
 */
async function withLosses(channel: Channel, part: Part): Promise<Step> {
	const { kind, record, others } = part;
	if (others.length === 0) return tidying(part);
	const ids = new Set(others.map((trunk) => idOf(TRUNK, trunk)));
	const moves = await movedCalls(channel, { kind, record, changes: 'deleted' });
	return {
		...tidying(part),
		before: { used_by: namesOf(others) },
		moves: moves.filter(({ trunk }) => ids.has(idOf(TRUNK, trunk))),
	};
}

const lossesOf = ({ kind, id, record, before, moves = [] }: Step): string[] => [
	...(before.used_by === undefined
		? []
		: [`The ${labelled(kind, record, id)} is used by ${String(before.used_by)}.`]),
	...moves.map((one) => `${movedInWords(one, false)}.`),
];

/** There is no such trunk; where this run has taken it down, and not to the end, it goes on. */
async function gone(channel: Channel, wish: Deprovision): Promise<IDataObject> {
	const { trunkId, planning, force, keepShared } = wish;
	const { takenDown } = memoryOf(channel);
	const left = takenDown.get(trunkId);
	const plan: Plan = {
		steps: (left ?? []).map(tidying),
		warnings: left
			? []
			: [
					`There is no trunk ${trunkId} on this account. If it was never deprovisioned, check the ID.`,
				],
		objections: [],
	};
	const planned = plannedOrAllowed(channel, planning, plan);
	if (planned) return { ...planned, trunk_id: trunkId, kept: [] };
	const applied = await apply(channel, plan, {
		rollback: planning.rollback,
		force: force && !keepShared,
	});
	takenDown.delete(trunkId);
	return {
		deleted: true,
		trunk_id: trunkId,
		already_gone: true,
		numbers: [],
		kept: applied.kept,
		what_was_done: applied.done,
		warnings: applied.warnings,
	};
}

function stillRouted(trunk: Trunk, numbers: PhoneNumber[]): PlivoFailure {
	return new PlivoFailure(
		'conflict',
		`The ${labelled(TRUNK, trunk, trunk.trunk_id)} still takes the calls of ${phoneNumbersOf(numbers)}`,
		"Set 'Reroute to Application ID' to where these calls should go, or turn on 'Force' to leave the numbers without a route.",
	);
}

const isShared = ({ kind, record, id, others }: Part) =>
	new PlivoFailure(
		'conflict',
		`The ${labelled(kind, record, id)} is also used by ${namesOf(others)}`,
		"Turn on 'Keep Shared' to leave it there, or 'Force' to delete it even though it is needed there.",
	);

/** What the trunk refers to, each record once; what is gone already is left out. */
async function partsOf(channel: Channel, trunk: Trunk): Promise<Part[]> {
	const parts = await Promise.all(
		referencesOf(TRUNK, trunk).map(async ({ kind, id }) => {
			const [record, users] = await Promise.all([
				unlessGone(getRecord(channel, kind, id)),
				trunksUsing(channel, kind, id),
			]);
			const others = users.filter(({ trunk_id: other }) => other !== trunk.trunk_id);
			return record && { kind, id, record, others };
		}),
	);
	return parts.filter((part) => part !== undefined);
}
