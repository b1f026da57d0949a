/** What the ledger proves: who changed what, and what an operation could know of it. */
import type { KindName, PlivoRecord } from '../../../simulator/records.mts';

import type { Actor, Event, Seen, Version, World } from '../world.mts';
import { isSameProcess, wasStopped } from './actor.mts';

export type Evidence = ReturnType<typeof evidenceOf>;

/** Called for each rule that is broken. */
export type Broke = (rule: string, words: string) => void;

export function evidenceOf({ plivo, ledger, forgets }: World) {
	const { variants } = plivo;

	/** The latest event that gave a record's field its value. */
	function lastChange(
		kind: KindName,
		id: string,
		isChange: (before: PlivoRecord | undefined, after: PlivoRecord | undefined) => boolean,
		before = Infinity,
	): Event | undefined {
		const versions = ledger.versions(kind, id).filter(({ event }) => event.seq < before);
		const changes = versions.filter(({ record }, index) =>
			isChange(versions[index - 1]?.record, record),
		);
		return changes.at(-1)?.event;
	}

	/**
	 * Whether something came between an operation's check and its write that it could not know of: done by another
	 * process or the console after the answer that the check relied on, or not in lists yet when that was given.
	 *
	 * @param listedAt when lists began to show what was changed
	 */
	function cameBetween(
		actor: Actor,
		change: Event | undefined,
		seen: Seen | undefined,
		listedAt = 0,
	): boolean {
		// Its lock is held all the same: only the list's lateness is excused.
		const isForgotten = forgets && seen !== undefined && listedAt > seen.at;
		if (!change || (isSameProcess(change, actor) && !isForgotten)) {
			// A stopped execution's last request: nobody waits for it any more.
			return change?.by !== undefined && wasStopped(change.by);
		}
		if (!seen || seen.seq < actor.startedSeq) return false;
		return change.seq > seen.seq || Math.max(change.at, listedAt) > seen.at;
	}

	/** When lists began to show a trunk, and so what it uses; what the account had at the start is old. */
	function listedAt(trunkId: string): number {
		const { at = 0 } = ledger.versions('trunks', trunkId)[0]?.event ?? {};
		return at === 0 ? 0 : at + variants.late;
	}

	/** Whether somebody else has touched a record since the actor began. */
	const touched = (actor: Actor, kind: KindName, id: string) =>
		ledger
			.versions(kind, id)
			.some(({ event }) => event.by !== actor && event.seq > actor.startedSeq);

	/** All records that ever were, each with its versions. */
	const versionsByKey = () =>
		[...ledger.keys()].map((key): [KindName, string, readonly Version[]] => {
			const space = key.indexOf(' ');
			const kind = key.slice(0, space) as KindName;
			const id = key.slice(space + 1);
			return [kind, id, ledger.versions(kind, id)];
		});

	return { lastChange, cameBetween, listedAt, touched, versionsByKey };
}
