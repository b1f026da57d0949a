import { asData, PlivoFailure } from '../failure';
import { changeRoute, STILL_ROUTED_FIX } from '../changes/route';
import { isBlank } from '../input/text';
import { idOf, labelled, type Values } from '../records/kind';
import { getRecord } from '../records/list';
import { PHONE_NUMBER, type Route, routeOf } from '../records/phoneNumber';
import {
	applicationPath,
	isOutOfSight,
	isSameRoute,
	requireTakesCallsNow,
	routeLabel,
} from '../records/route';
import { TRUNK, type Trunk } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { idOfReference, type Reference, type Step } from './plan';
import { noteDone, type Transaction, write } from './transaction';

/** Routes a number. */
export async function route(transaction: Transaction, step: Step): Promise<void> {
	const { channel, ids } = transaction;
	const number = step.key;
	const { application: before } = step.before;
	// Steps that route say where to.
	const to = step.to as Reference | Route;
	const target: Route = 'ref' in to ? { kind: 'trunk', id: idOfReference(to, ids) } : to;
	const application = applicationPath(channel, target);
	const undo = {
		what: `the route of phone number ${number}`,
		run: async (patient: Channel) => await routeBack(patient, step, application),
	};
	const guard = async (holding: Channel) => ({
		objection: await objectionTo(holding, transaction, to, target),
	});
	await write(
		transaction,
		`route phone number ${number}`,
		undo,
		async () =>
			await changeRoute(channel, { number, target, expected: { application: before }, guard }),
	);
	noteDone(transaction, step, { ...step.record, application });
}

/** Why a target takes no calls; also one that this run has made: somebody may have disabled it since. */
async function objectionTo(
	channel: Channel,
	{ options, records }: Transaction,
	to: Reference | Route,
	target: Route,
): Promise<PlivoFailure | undefined> {
	if (target.kind === 'application') return undefined;
	const check = async () => {
		const trunk = await getRecord(channel, TRUNK, target.id);
		if ('ref' in to) requireOwn(trunk, records.get(to.ref));
		requireTakesCallsNow(trunk, options.allowDisabledTrunk ?? false);
		return undefined;
	};
	return await check().catch(asData);
}

/** A trunk that has got another customer's name isn't the one that the numbers are to go to. */
function requireOwn(trunk: Trunk, known: Values = trunk): void {
	if (TRUNK.identityOf(trunk) === TRUNK.identityOf(known)) return;
	throw new PlivoFailure(
		'conflict',
		`somebody has renamed the ${labelled(TRUNK, known, idOf(TRUNK, known))} to "${trunk.name}"`,
		'Run it again to get a new plan.',
	);
}

/** Routes a number back to where it went before the step, if it still goes where the step has sent it. */
async function routeBack(
	channel: Channel,
	{ key: number, before, cannotUndo }: Step,
	application: string,
): Promise<boolean> {
	const { application: now } = await getRecord(channel, PHONE_NUMBER, number);
	if (!isSameRoute(now, application)) return false;
	if (isOutOfSight(channel, before.application)) {
		// Without a route, its calls would fail.
		throw new PlivoFailure(
			'conflict',
			`it went to ${String(before.application)} before, only the Plivo console can route it back, and its calls go to ${routeLabel(application)} until then`,
			'',
		);
	}
	const old = routeOf(before.application);
	const expected = { application };
	// Where it went before is nothing, or gone: without a route its calls fail as they did.
	if (!old || cannotUndo !== undefined) {
		const { left } = await changeRoute(channel, { number, expected });
		if (left === undefined) return true;
		throw new PlivoFailure('conflict', `it ${left}`, STILL_ROUTED_FIX);
	}
	const isThere = async (holding: Channel) => {
		if (old.kind === 'trunk') await getRecord(holding, TRUNK, old.id);
		return {};
	};
	await changeRoute(channel, { number, target: old, expected, guard: isThere });
	return true;
}

/** Takes a number off its trunk, if Plivo lets it be. */
export async function unroute(transaction: Transaction, step: Step): Promise<void> {
	const { channel, warnings } = transaction;
	const number = step.key;
	const { application: before } = step.before;
	const old = routeOf(before);
	const undo = {
		what: `the route of phone number ${number}`,
		run: async (patient: Channel) => {
			const { application } = await getRecord(patient, PHONE_NUMBER, number);
			if (!old || !isBlank(application)) return false;
			const expected = { application: null };
			await changeRoute(patient, { number, target: old, expected });
			return true;
		},
	};
	const { left } = await write(
		transaction,
		`take phone number ${number} off its trunk`,
		undo,
		async () => await changeRoute(channel, { number, expected: { application: before } }),
	);
	warnings.push(
		left === undefined
			? `Phone number ${number} has no route now: its calls fail.`
			: `Phone number ${number} could not be taken off the trunk: its calls fail once the trunk is gone.`,
	);
	if (left === undefined) noteDone(transaction, step, step.record);
	else transaction.stuck.add(number);
}
