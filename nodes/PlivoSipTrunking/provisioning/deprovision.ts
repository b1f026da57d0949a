import type { IDataObject } from 'n8n-workflow';

import { numbersOf } from '../plivo/dependents';
import { type Kind, TRUNK, TRUNK_REFERENCES } from '../plivo/kinds';
import { lookAfresh } from '../plivo/look';
import { getRecord } from '../plivo/read';
import { checkedBoolean, checkedId } from '../plivo/rules';
import { deleteRecord } from '../plivo/write';
import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';
import { holdCustomer, type Job, labelled, note, sentence, undertake, write } from './job';
import { holdNumbers, routeNumbers, type RoutedNumber } from './numbers';

/** The parameters of `deprovision` as they come from the node. */
export interface DeprovisionParameters {
	trunkId: string;
	/** `force`, `keepShared`, `rerouteToApplicationId` */
	options: IDataObject;
}

/** A record that the trunk refers to. */
interface Part {
	readonly kind: Kind;
	readonly id: string;
	readonly record: IDataObject;
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
export async function deprovision(
	channel: Channel,
	{ trunkId, options }: DeprovisionParameters,
): Promise<IDataObject> {
	const application =
		(options.rerouteToApplicationId ?? '') === ''
			? undefined
			: checkedId('Reroute to Application ID', options.rerouteToApplicationId);
	const force = checkedBoolean('Force', options.force ?? false);
	const keepShared = checkedBoolean('Keep Shared', options.keepShared ?? true);

	const seen = await trunkIfThere(channel, trunkId);
	if (!seen) return gone(trunkId);
	return await holdCustomer(channel, String(seen.name), async () => {
		// Once more: another operation on this customer may just have ended.
		const trunk = await trunkIfThere(channel, trunkId);
		if (!trunk) return gone(trunkId);
		const numbers = await numbersOf(channel, trunkId);
		if (numbers.length > 0 && application === undefined && !force)
			throw stillRouted(trunk, numbers);
		const parts = await partsOf(channel, trunk);
		if (!keepShared && !force) await refuseShared(channel, trunkId, parts);
		const digits = numbers.map(({ number }) => String(number)).sort();
		return await holdNumbers(channel, digits, async () => {
			const { job, routed } = await undertake(channel, true, async (under) => {
				const released = await releaseNumbers(under, numbers, application);
				await deleteTrunk(under, trunk);
				return { job: under, routed: released };
			});
			const kept = await deleteParts(job, trunk, parts, keepShared);
			return {
				deleted: true,
				trunk_id: trunkId,
				name: trunk.name,
				numbers: routed,
				kept,
				what_was_done: job.done,
				warnings: job.warnings,
			};
		});
	});
}

async function trunkIfThere(channel: Channel, id: string): Promise<IDataObject | undefined> {
	return await getRecord(channel, TRUNK, id).catch((failure: unknown) => {
		if (failure instanceof PlivoFailure && failure.details.httpCode === 404) return undefined;
		throw failure;
	});
}

function gone(trunkId: string): IDataObject {
	return {
		deleted: true,
		trunk_id: trunkId,
		already_gone: true,
		numbers: [],
		kept: [],
		what_was_done: [],
		warnings: [
			`There is no trunk ${trunkId} on this account. If it was never deprovisioned, check the ID.`,
		],
	};
}

function stillRouted(trunk: IDataObject, numbers: IDataObject[]): PlivoFailure {
	const named = numbers.slice(0, 10).map(({ number }) => String(number));
	const others = numbers.length > 10 ? ` and ${numbers.length - 10} more` : '';
	return new PlivoFailure(
		'conflict',
		`The ${labelled(TRUNK, trunk, String(trunk.trunk_id))} still takes the calls of ${named.join(', ')}${others}`,
		'Tell in Reroute to Application ID where these calls go from now on, or switch on Force to leave the numbers without a route.',
	);
}

/** What the trunk refers to, each record once; what is gone already is left out. */
async function partsOf(channel: Channel, trunk: IDataObject): Promise<Part[]> {
	const referred = TRUNK_REFERENCES.filter(
		({ field }, index) =>
			(trunk[field] ?? '') !== '' &&
			TRUNK_REFERENCES.findIndex((other) => trunk[other.field] === trunk[field]) === index,
	);
	const parts = await Promise.all(
		referred.map(async ({ field, kind }) => {
			const id = String(trunk[field]);
			const record = await getRecord(channel, kind, id).catch((failure: unknown) => {
				if (failure instanceof PlivoFailure && failure.details.httpCode === 404) return undefined;
				throw failure;
			});
			return record && { kind, id, record };
		}),
	);
	return parts.filter((part) => part !== undefined);
}

const usersOf = ({ id }: Part, trunks: IDataObject[]) =>
	trunks.filter((trunk) => TRUNK_REFERENCES.some(({ field }) => trunk[field] === id));

const namesOf = (trunks: IDataObject[]) =>
	trunks.map((trunk) => `"${String(trunk.name)}" (${String(trunk.trunk_id)})`).join(', ');

async function refuseShared(channel: Channel, trunkId: string, parts: Part[]): Promise<void> {
	const trunks = await lookAfresh(channel, TRUNK);
	const others = trunks.filter(({ trunk_id }) => trunk_id !== trunkId);
	for (const part of parts) {
		const users = usersOf(part, others);
		if (users.length === 0) continue;
		throw new PlivoFailure(
			'conflict',
			`The ${labelled(part.kind, part.record, part.id)} is also used by ${namesOf(users)}`,
			'Switch on Keep Shared to leave it there, or Force to delete it although these trunks need it.',
		);
	}
}

async function releaseNumbers(
	job: Job,
	numbers: IDataObject[],
	application: string | undefined,
): Promise<RoutedNumber[]> {
	if (application !== undefined) return await routeNumbers(job, numbers, application);
	return numbers.map(({ number, application: old }) => {
		job.warnings.push(`Phone number ${String(number)} has no route now: its calls fail.`);
		return { number: String(number), previous_application: old as string };
	});
}

async function deleteTrunk(job: Job, trunk: IDataObject): Promise<void> {
	const id = String(trunk.trunk_id);
	const what = `the deletion of ${labelled(TRUNK, trunk, id)}`;
	const run = async (patient: Channel): Promise<boolean> => {
		if (await trunkIfThere(patient, id)) return false;
		throw new PlivoFailure('conflict', 'a deleted trunk cannot be brought back', '');
	};
	await write(job, `delete ${labelled(TRUNK, trunk, id)}`, { what, run }, async (step) => {
		await deleteRecord(job.channel, TRUNK, id).catch(async (failure: unknown) => {
			if (!(failure instanceof PlivoFailure) || failure.kind === 'cancelled') throw failure;
			// What counts is whether it is there.
			if (!(await trunkIfThere(job.channel, id))) return;
			step.happened = 'no';
			throw failure;
		});
	});
	note(job, 'deleted', TRUNK, trunk);
}

/** One failure must not leave the other records behind, and what failed once may work the next time. */
const SWEEPS = 2;

interface Kept extends IDataObject {
	kind: string;
	id: string;
	reason: string;
}

async function deleteParts(
	job: Job,
	trunk: IDataObject,
	parts: Part[],
	keepShared: boolean,
): Promise<Kept[]> {
	const kept: Kept[] = [];
	let open = parts.map((part) => ({ part, failure: undefined as PlivoFailure | undefined }));
	for (let sweep = 1; sweep <= SWEEPS && open.length > 0; sweep++) {
		open = await deleteUnused(
			job,
			open.map(({ part }) => part),
			keepShared,
			kept,
		);
	}
	const [first] = open;
	if (!first?.failure) return kept;
	const left = open.map(
		({ part, failure }) =>
			`${labelled(part.kind, part.record, part.id)}: ${sentence(failure?.message ?? '')}`,
	);
	throw new PlivoFailure(
		first.failure.kind,
		`The ${labelled(TRUNK, trunk, String(trunk.trunk_id))} is deleted, but not all that belonged to it. Left: ${left.join(' ')}`,
		`Delete what is left by its ID, with the Delete operation of its resource. ${first.failure.description}`,
		first.failure.details,
	);
}

/** @returns what could not be deleted */
async function deleteUnused(job: Job, parts: Part[], keepShared: boolean, kept: Kept[]) {
	const { channel } = job;
	const failed: Array<{ part: Part; failure: PlivoFailure | undefined }> = [];
	const tried = async <T>(which: Part[], work: () => Promise<T>): Promise<T | undefined> =>
		await work().catch((failure: unknown) => {
			if (!(failure instanceof PlivoFailure)) throw failure;
			failed.push(...which.map((part) => ({ part, failure })));
			return undefined;
		});
	// After the trunk's deletion: another run may just have deleted the last other user.
	const trunks = await tried(parts, async () => await lookAfresh(channel, TRUNK));
	if (!trunks) return failed;
	for (const part of parts) {
		const users = usersOf(part, trunks);
		const label = labelled(part.kind, part.record, part.id);
		if (users.length > 0 && keepShared) {
			kept.push({ kind: part.kind.label, id: part.id, reason: `used by ${namesOf(users)}` });
			continue;
		}
		await tried([part], async () => {
			await deleteRecord(channel, part.kind, part.id).catch((failure: unknown) => {
				if (!(failure instanceof PlivoFailure) || failure.details.httpCode !== 404) throw failure;
			});
			note(job, 'deleted', part.kind, part.record);
			if (users.length > 0) job.warnings.push(`The ${label} was also used by ${namesOf(users)}.`);
		});
	}
	return failed;
}
