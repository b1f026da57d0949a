/** Numbers that carry calls: no write of an operation leaves one dead. */
import type { PlivoRecord } from '../../../simulator/records.mts';

import { type Actor, type Event, nameOf, subjectOf, type World } from '../world.mts';
import { isForced, option, trunkIdOf, wasStopped } from './actor.mts';
import type { Broke, Evidence } from './evidence.mts';
import type { MayLose } from './others.mts';

const disables = ({ item }: Actor) =>
	item.what === 'trunk.disable' || item.body?.trunk_status === 'disabled';

export function judgeOfNumbers(
	{ plivo: { state }, ledger }: World,
	{ lastChange, cameBetween }: Evidence,
	mayLose: MayLose,
	broke: Broke,
) {
	/** Numbers whose calls are taken. */
	const carrying = new Map<string, boolean>();

	function carries(number: PlivoRecord): boolean {
		const { application } = number;
		if (typeof application !== 'string') return false;
		const trunkId = trunkIdOf(application);
		if (trunkId === undefined) return true;
		const trunk = state.trunks.get(trunkId);
		return (
			trunk?.trunk_direction === 'inbound' &&
			trunk.trunk_status === 'enabled' &&
			state.uris.has(String(trunk.primary_uri_uuid))
		);
	}

	function judgeNumbers(event: Event) {
		if (event.effects.every(({ kind }) => kind === 'credentials' || kind === 'ipacls')) return;
		for (const [id, number] of state.numbers) {
			const now = carries(number);
			const before = carrying.get(id) ?? false;
			carrying.set(id, now);
			if (!before || now || !event.by) continue;
			const why = deathOf(event, event.by, id, number);
			if (why) broke('number', `${nameOf(event.by)} left number ${id} dead: ${why}`);
		}
	}

	/** @returns what is wrong with it, if it is */
	function deathOf(
		event: Event,
		actor: Actor,
		id: string,
		number: PlivoRecord,
	): string | undefined {
		if (isForced(actor) || wasStopped(actor)) return undefined;
		const subject = subjectOf(event.request.path);
		const routed = (before: number) =>
			lastChange('numbers', id, (one, other) => one?.application !== other?.application, before);
		if (event.request.method === 'DELETE' && subject?.kind === 'trunks') {
			const ok = cameBetween(actor, routed(event.seq), ledger.seen(event, 'numbers', id));
			return ok ? undefined : 'it deleted the trunk that the number was routed to';
		}
		if (event.request.method === 'DELETE' && subject?.kind === 'uris') {
			const trunk = event.effects.find(
				({ kind, id: trunkId }) =>
					kind === 'trunks' && trunkId === trunkIdOf(lastRoute(event, id, number)),
			);
			if (!trunk) return 'it deleted the origination URI of its trunk';
			return mayLose(event, actor, trunk)
				? undefined
				: 'it deleted the origination URI of its trunk, and so the trunk';
		}
		if (subject?.kind === 'trunks') {
			if (disables(actor)) return undefined;
			const ok = cameBetween(actor, routed(event.seq), ledger.seen(event, 'numbers', id));
			return ok ? undefined : 'it changed its trunk so that it takes no calls';
		}
		if (subject?.kind === 'numbers') {
			const target = trunkIdOf(number.application);
			const first = ledger.versions('numbers', id).findIndex(({ event: one }) => one.by === actor);
			const before = ledger.versions('numbers', id)[first - 1]?.record;
			const isBack = (before?.application ?? null) === (number.application ?? null);
			const wentTo = trunkIdOf(before?.application);
			const wasDead = wentTo !== undefined && !state.trunks.has(wentTo);
			if (target === undefined) return isBack || wasDead ? undefined : 'it took it off its trunk';
			if (option(actor, 'allowDisabledTrunk') === true) return undefined;
			const unfit = ledger.versions('trunks', target).at(-1)?.event;
			const made = ledger.versions('trunks', target)[0]?.event;
			const seen =
				made?.by === actor
					? { seq: made.seq, at: made.at, learnt: made.at, by: actor }
					: ledger.seen(event, 'trunks', target);
			if (cameBetween(actor, unfit, seen)) return undefined;
			if (isBack && unfit && unfit.by !== actor) return undefined;
			return `it routed it to trunk ${target}, which takes no calls`;
		}
		return 'nobody knows how';
	}

	/** Where a number was routed to just before an event. */
	function lastRoute(event: Event, id: string, number: PlivoRecord): unknown {
		const effect = event.effects.find(({ kind, id: other }) => kind === 'numbers' && other === id);
		return effect?.before?.application ?? number.application;
	}

	return judgeNumbers;
}
