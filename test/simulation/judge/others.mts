/** Other people's records: nobody deletes, changes or reroutes what is not theirs. */
import { type Actor, type Effect, type Event, nameOf, subjectOf, type World } from '../world.mts';
import { normalizedName } from '../core.mts';
import {
	COMPOSITE,
	ENSURING,
	identitiesOf,
	identityOf,
	isForced,
	isSame,
	isSameProcess,
	kindOf,
	numbersOf,
	option,
	PLAIN_CREATE,
	targetOf,
	trunkIdOf,
	wasStopped,
} from './actor.mts';
import type { Broke, Evidence } from './evidence.mts';

export type MayLose = (event: Event, actor: Actor, effect: Effect) => boolean;

export function judgeOfOthers(
	{ plivo: { state }, ledger }: World,
	{ lastChange, cameBetween, listedAt }: Evidence,
	broke: Broke,
) {
	/** Whether a trunk may suffer from the deletion of what it uses. */
	function mayLose(event: Event, actor: Actor, { id, before }: Effect): boolean {
		if (isForced(actor)) return true;
		const deleted = subjectOf(event.request.path)?.id;
		return Object.entries(before ?? {})
			.filter(([field, value]) => /_uuid$/.test(field) && value === deleted)
			.every(([field]) => {
				const use = lastChange(
					'trunks',
					id,
					(one, other) => one?.[field] !== other?.[field],
					event.seq,
				);
				const seen = ledger.usersSeen(event, field, String(deleted));
				return cameBetween(actor, use, seen, listedAt(id));
			});
	}

	function judgeEffect(event: Event, actor: Actor, effect: Effect) {
		const { kind, id, before, after } = effect;
		const said = `${nameOf(actor)}`;
		const subject = subjectOf(event.request.path);
		const direct = subject?.kind === kind && subject.id === id;
		const maker = ledger.versions(kind, id)[0]?.event.by;
		const label = `${kind} ${id} ("${String((before ?? after)?.name ?? '')}")`;
		if (!before) return;
		if (kind === 'numbers' && direct && !after) return judgeRelease(event, actor, effect);
		if (kind === 'numbers') {
			if (direct) judgeRoute(event, actor, effect);
			return;
		}
		if (!direct) {
			if (wasStopped(actor) || mayLose(event, actor, effect)) return;
			broke(
				'others',
				`${said} ${after ? 'broke' : 'deleted'} ${label} by deleting ${event.request.path}`,
			);
			return;
		}
		if (maker === actor) return;
		if (!after) {
			if (/\.delete$/.test(actor.item.what) && targetOf(actor) === id) return;
			if (actor.item.what === 'provisioning.deprovision' && belongsToTarget(actor, id)) return;
			broke(
				'others',
				`${said} deleted ${label}, which ${maker ? nameOf(maker) : 'the console'} has made`,
			);
			return;
		}
		if (targetOf(actor) === id && !/\.delete$/.test(actor.item.what)) return;
		const named = identitiesOf(actor);
		const isNamed = ENSURING.test(actor.item.what) && named.has(identityOf(kind, before));
		const renamed = lastChange(
			kind,
			id,
			(one, other) => one?.name !== other?.name || one?.trunk_direction !== other?.trunk_direction,
			event.seq,
		);
		if (isTakenForResult(actor, effect)) return;
		if (!isNamed && !cameBetween(actor, renamed, ledger.seen(event, kind, id))) {
			const rule = renamed && renamed.seq > actor.startedSeq ? 'renamed' : 'others';
			broke(rule, `${said} changed ${label}, which it doesn't name`);
			return;
		}
		if (COMPOSITE.test(actor.item.what) && kind !== 'trunks') {
			for (const trunk of state.trunks.values()) {
				const field = Object.keys(trunk).find((one) => /_uuid$/.test(one) && trunk[one] === id);
				if (field === undefined || named.has(identityOf('trunks', trunk))) continue;
				const trunkId = String(trunk.trunk_id);
				const use = lastChange('trunks', trunkId, (one, other) => one?.[field] !== other?.[field]);
				const rename = lastChange('trunks', trunkId, (one, other) => one?.name !== other?.name);
				const seen = ledger.usersSeen(event, field, id);
				if (cameBetween(actor, use, seen, listedAt(trunkId))) continue;
				// The customer's own trunk, which somebody has renamed while this went on.
				if (rename && rename.seq > actor.startedSeq) continue;
				broke('others', `${said} changed ${label}, which trunk "${String(trunk.name)}" uses`);
			}
		}
	}

	/**
	 * Whether a create whose answer was lost can't tell somebody else's record from its own: made since it began, by
	 * another process or the console, all that shows is what was asked for, and its own isn't there. Its password is set.
	 */
	function isTakenForResult(actor: Actor, { kind, id, before = {} }: Effect) {
		if (!PLAIN_CREATE.test(actor.item.what) || kindOf(actor) !== kind) return false;
		const made = ledger.versions(kind, id)[0]?.event;
		if (!made || made.seq < actor.startedSeq || isSameProcess(made, actor)) return false;
		const isUsed = [...state.trunks.values()].some((trunk) => Object.values(trunk).includes(id));
		const isOwnThere = ledger.events.some(
			({ by, effects }) =>
				by === actor && effects.some((one) => !one.before && state[kind].has(one.id)),
		);
		const isAlike = Object.entries(actor.item.body ?? {}).every(
			([field, value]) =>
				field === 'password' ||
				(field === 'name'
					? normalizedName(String(value)) === normalizedName(String(before.name))
					: isSame(value, before[field])),
		);
		return isAlike && !isUsed && !isOwnThere;
	}

	/** A number is given back only by who names it, and not while a trunk that is there has its calls. */
	function judgeRelease(event: Event, actor: Actor, { id, before }: Effect) {
		if (actor.item.what !== 'phoneNumber.release' || !numbersOf(actor).includes(id)) {
			broke('others', `${nameOf(actor)} released number ${id}, which it doesn't name`);
			return;
		}
		const trunk = trunkIdOf(before?.application);
		if (trunk === undefined || !state.trunks.has(trunk) || isForced(actor)) return;
		const routed = lastChange(
			'numbers',
			id,
			(one, other) => one?.application !== other?.application,
			event.seq,
		);
		if (wasStopped(actor)) return;
		if (cameBetween(actor, routed, ledger.seen(event, 'numbers', id))) return;
		broke('number', `${nameOf(actor)} released number ${id}, whose calls go to trunk ${trunk}`);
	}

	/** Whether a trunk that is taken down has, or had, a record. */
	function belongsToTarget(actor: Actor, id: string): boolean {
		const target = targetOf(actor);
		if (target === undefined) return false;
		return (
			target === id ||
			ledger
				.versions('trunks', target)
				.some(({ record }) => Object.values(record ?? {}).includes(id))
		);
	}

	function judgeRoute(event: Event, actor: Actor, { id, before, after }: Effect) {
		if (before?.application === after?.application) return;
		const seen = ledger.seen(event, 'numbers', id);
		const routed = lastChange(
			'numbers',
			id,
			(one, other) => one?.application !== other?.application,
			event.seq,
		);
		const between = cameBetween(actor, routed, seen);
		const from = trunkIdOf(before?.application);
		if (actor.item.what === 'provisioning.deprovision') {
			// There, or on the way back.
			const own = ledger
				.versions('numbers', id)
				.some(({ event: one }) => one.by === actor && one !== event);
			const isBack = trunkIdOf(after?.application) === targetOf(actor);
			// Force has just taken the trunk, and with it the route.
			const isDead =
				(before?.application ?? null) === null &&
				ledger
					.versions('numbers', id)
					.some(({ record }) => trunkIdOf(record?.application) === targetOf(actor));
			if (from === targetOf(actor) || own || isBack || isDead || between) return;
			broke('others', `${nameOf(actor)} took number ${id} from where it was`);
			return;
		}
		if (!numbersOf(actor).includes(id)) {
			broke('others', `${nameOf(actor)} routed number ${id}, which it doesn't name`);
			return;
		}
		if (!COMPOSITE.test(actor.item.what) || option(actor, 'moveRoutedNumbers') === true) return;
		const trunk = from === undefined ? undefined : state.trunks.get(from);
		if (!trunk || identitiesOf(actor).has(identityOf('trunks', trunk)) || between) return;
		const maker = ledger.versions('trunks', from ?? '')[0]?.event.by;
		if (maker === actor) return;
		const rename = lastChange('trunks', from ?? '', (one, other) => one?.name !== other?.name);
		if (cameBetween(actor, rename, ledger.seen(event, 'trunks', from ?? ''))) return;
		broke('others', `${nameOf(actor)} took number ${id} from trunk "${String(trunk.name)}"`);
	}

	/**
	 * A write that is carried out after its answer was lost must not undo what another operation of the same process
	 * has done meanwhile.
	 */
	function judgeLateness(event: Event, actor: Actor, { kind, id, before, after }: Effect) {
		if (!before || !after || !event.late || wasStopped(actor)) return;
		// What Plivo deletes with something else is under no lock.
		if (event.request.method === 'DELETE') return;
		for (const field of Object.keys(after)) {
			if (after[field] === before[field] || field === 'updated_at') continue;
			const other = lastChange(kind, id, (one, two) => one?.[field] !== two?.[field], event.seq);
			if (!other?.by || other.by === actor || !isSameProcess(other, actor)) continue;
			if (other.request.method === 'DELETE') continue;
			if (other.sentAt <= event.sentAt || wasStopped(other.by)) continue;
			broke(
				'late',
				`${nameOf(actor)}, sent at ${event.sentAt}, undid ${field} of ${kind} ${id} that ${nameOf(other.by)} had set at ${other.at}`,
			);
		}
	}

	return { mayLose, judgeEffect, judgeLateness };
}
