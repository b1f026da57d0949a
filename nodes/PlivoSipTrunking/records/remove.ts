import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { isGone, PlivoFailure, unlessGone } from '../failure';
import { pause } from '../transport/pause';
import { request } from '../transport/request';
import { settling } from '../transport/settling';
import { hold, noteOpenWrite, noteWrite, recordClaim } from './accountState';
import { idOf, type Kind, recordPath } from './kind';
import { getRecord } from './list';
import { checkMoves } from './liveNumbers';
import { guardDelete } from './references';
import { TRUNK } from './trunk';

/** What deleting came to. */
export interface Deleted {
	/** What Force has overridden, as whole sentences for the output. */
	readonly warnings: string[];
}

/**
 * Deletes a record unless something depends on it; nothing of this process begins to depend on it
 * meanwhile.
 *
 * @param force although something does, or that could not be checked
 * @param check throws where it must not be deleted for another reason
 * @throws PlivoFailure; with `httpCode` 404 when there was none
 */
export async function deleteRecord(
	channel: Channel,
	kind: Kind,
	id: string,
	force = false,
	check?: () => Promise<unknown>,
): Promise<Deleted> {
	return await hold(channel, [recordClaim(kind, id)], async () => {
		const guard = async () => {
			await check?.();
			return await guardDelete(channel, kind, id, force);
		};
		const { warnings, isUsed } = await guard();
		// A trunk’s own numbers are among the warnings already.
		const cutOff =
			isUsed && kind !== TRUNK
				? await checkMoves(
						channel,
						{ kind, record: { [kind.idField]: id }, changes: 'deleted' },
						true,
					)
				: [];
		await destroy(channel, kind, id, guard);
		return { warnings: [...warnings, ...cutOff] };
	});
}

/** Deletes a record that is held and known to be unused. One that is gone after a repeated attempt counts as deleted. */
export async function destroy(
	channel: Channel,
	kind: Kind,
	id: string,
	recheck?: () => Promise<unknown>,
): Promise<void> {
	const subject = `${kind.label} ${id}`;
	await request(channel, { method: 'DELETE', path: recordPath(kind, id), subject, recheck }).catch(
		async (failure: unknown) => {
			if (!(failure instanceof PlivoFailure) || !failure.details.maybeDone) throw failure;
			const failed = () => {
				// It may still be carried out: nothing begins to use the record before that can't be any more.
				noteOpenWrite(channel, kind, id, failure.details.openSince ?? performance.now());
				return failure;
			};
			if (channel.signal?.aborted) throw failed();
			// What counts is whether it is there.
			const still = await unlessGone(getRecord(channel, kind, id)).catch(() => {
				throw failed();
			});
			if (still) throw failed();
		},
	);
	noteWrite(channel, kind, id);
	channel.wrote?.(`deleted ${subject}`);
}

/** Deletes a record of ours that another one stands for; not where that one is gone, or somebody has begun to use ours. */
export async function isGivenUp(
	channel: Channel,
	kind: Kind,
	id: string,
	other: IDataObject,
): Promise<boolean> {
	const isThere = async () => await getRecord(channel, kind, idOf(kind, other));
	return await deleteRecord(channel, kind, id, false, isThere).then(
		() => true,
		async (failure: unknown) => {
			if (channel.signal?.aborted) throw failure;
			const openSince = failure instanceof PlivoFailure ? failure.details.openSince : undefined;
			// Where one of the two is gone, somebody else has deleted it.
			if (openSince === undefined) return isGone(failure) && (await hasGone(channel, kind, id));
			// The delete may still be carried out: ours is no answer before it can't be any more.
			await pause(Math.max(0, openSince + settling.ms - performance.now()), channel.signal);
			if (!(await hasGone(channel, kind, id))) return false;
			channel.wrote?.(`deleted ${kind.label} ${id}`);
			return true;
		},
	);
}

/** Whether a record that was found is gone again; where that can't be read, it isn't. */
const hasGone = async (channel: Channel, kind: Kind, id: string): Promise<boolean> =>
	(await stillThere(channel, kind, id, {})) === undefined;

/** @param otherwise taken for the record where it can't be read */
export async function stillThere(
	channel: Channel,
	kind: Kind,
	id: string,
	otherwise: IDataObject,
): Promise<IDataObject | undefined> {
	const still = await unlessGone(getRecord(channel, kind, id)).catch(() => otherwise);
	if (still === undefined) noteWrite(channel, kind, id);
	return still;
}
