import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../failure';
import { isBlank } from '../input/text';
import { hold, recordClaim } from '../records/accountState';
import { idOf, labelled } from '../records/kind';
import { getRecord } from '../records/list';
import { PHONE_NUMBER, type Route, routeOf } from '../records/phoneNumber';
import {
	applicationPath,
	clearRoute,
	isOutOfSight,
	noteRouted,
	requireRoute,
	requireTakesCallsNow,
	routeLabel,
} from '../records/route';
import { TRUNK } from '../records/trunk';
import { routeNumber } from '../records/update';
import type { Channel } from '../transport/channel';
import { idOfReference, type Reference, type Step } from './plan';
import { noteDone, type Transaction, write } from './transaction';

/** Routes numbers that go to the same target. */
export async function route(transaction: Transaction, steps: Step[]): Promise<void> {
	const { channel, ids, options, records } = transaction;
	// Steps that route say where to.
	const to = steps[0]?.to as Reference | Route;
	const target: Route =
		'ref' in to ? { kind: 'trunk', id: idOfReference(to, ids) } : { kind: to.kind, id: to.id };
	const claims = target.kind === 'trunk' ? [recordClaim(TRUNK, target.id, true)] : [];
	const checkTarget = async () => {
		if (target.kind === 'application') return;
		const trunk = await getRecord(channel, TRUNK, target.id);
		if ('ref' in to) requireOwn(trunk, records.get(to.ref));
		requireTakesCallsNow(trunk, options.allowDisabledTrunk ?? false);
	};
	await hold(channel, claims, async () => {
		// Also one that this run has made: somebody may have disabled it since.
		transaction.doing = `route phone number ${steps[0]?.key ?? ''}`;
		await checkTarget();
		for (const step of steps) await routeOne(transaction, step, target, checkTarget);
	});
}

/** A trunk that has got another customer's name isn't the one that the numbers are to go to. */
function requireOwn(trunk: IDataObject, known: IDataObject = trunk): void {
	if (TRUNK.identityOf(trunk) === TRUNK.identityOf(known)) return;
	throw new PlivoFailure(
		'conflict',
		`somebody has renamed the ${labelled(TRUNK, known, idOf(TRUNK, known))} to "${String(trunk.name)}"`,
		'Run it again to get a new plan.',
	);
}

/** @param checkTarget throws where the target takes no calls any more */
async function routeOne(
	transaction: Transaction,
	step: Step,
	target: Route,
	checkTarget: () => Promise<void>,
): Promise<void> {
	const { channel } = transaction;
	const number = step.key;
	const { application: before } = step.before;
	const old = routeOf(before);
	const undo = {
		what: `the route of phone number ${number}`,
		run: async (patient: Channel) => {
			const now = routeOf((await getRecord(patient, PHONE_NUMBER, number)).application);
			if (now?.id !== target.id) return false;
			if (isOutOfSight(patient, before)) {
				// Without a route, its calls would fail.
				throw new PlivoFailure(
					'conflict',
					`it went to ${String(before)} before, only the Plivo console can route it back, and its calls go to ${routeLabel(application)} until then`,
					'',
				);
			}
			// Where it went before is nothing, or gone: without a route its calls fail as they did.
			const isBack = old !== undefined && step.cannotUndo === undefined;
			if (isBack) {
				const recheck = async () => await requireRoute(patient, number, application, before);
				const isTrunk = old.kind === 'trunk';
				// One that the plan takes down is held already.
				const isHeld = !isTrunk || transaction.ownTrunks.has(old.id);
				await hold(patient, isHeld ? [] : [recordClaim(TRUNK, old.id, true)], async () => {
					if (isTrunk) await getRecord(patient, TRUNK, old.id);
					await routeNumber(patient, number, old.id, applicationPath(patient, old), recheck);
				});
				return true;
			}
			const left = await clearRoute(patient, number, application);
			if (left) throw left;
			return true;
		},
	};
	const application = applicationPath(channel, target);
	await write(transaction, `route phone number ${number}`, undo, async () => {
		await requireRoute(channel, number, before);
		await routeNumber(channel, number, target.id, application, async () => {
			await checkTarget();
			await requireRoute(channel, number, before, application);
		});
		noteRouted(channel, { ...step.before, number }, application);
	});
	noteDone(transaction, step, { ...step.record, application });
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
			const recheck = async () => await requireRoute(patient, number, null, before);
			await routeNumber(patient, number, old.id, applicationPath(patient, old), recheck);
			return true;
		},
	};
	let cleared = true;
	await write(transaction, `take phone number ${number} off its trunk`, undo, async () => {
		await requireRoute(channel, number, before);
		cleared = (await clearRoute(channel, number, before)) === undefined;
	});
	warnings.push(
		cleared
			? `Phone number ${number} has no route now: its calls fail.`
			: `Phone number ${number} could not be taken off the trunk: its calls fail once the trunk is gone.`,
	);
	if (cleared) noteDone(transaction, step, step.record);
	else transaction.stuck.add(number);
}
