/** What failed runs leave: it is taken back, or named. */
import type { KindName, PlivoRecord } from '../../../simulator/records.mts';
import { type Actor, type Event, nameOf, type Run, subjectOf, type World } from '../world.mts';
import { isSame, isSameProcess, names } from './actor.mts';
import type { Broke, Evidence } from './evidence.mts';

/** The name of the rule that an unnamed record breaks: the remedies differ. */
function leftRule(maker: Actor, first: Event): string {
	const { run } = maker;
	if (run.cancelledAt !== undefined) return 'leftByCancel';
	// What an earlier try has left must be named by the last one: only that is shown.
	if (first.seq <= maker.triedSeq) return 'leftByEarlierTry';
	// n8n shows the error of one item.
	const shown = run.action.goesOn || maker.error?.text === run.ended?.error?.text;
	return shown ? 'left' : 'leftByOtherItem';
}

export function judgeOfLeft({ ledger }: World, { versionsByKey }: Evidence, broke: Broke) {
	function judgeLeft(runs: readonly Run[]) {
		for (const [kind, id, versions] of versionsByKey()) {
			if (kind === 'numbers') continue;
			const [first] = versions;
			const maker = first?.event.by;
			if (!maker || !first?.record) continue;
			const { run } = maker;
			if (run.process.killed || !run.ended) continue;
			if (run.cancelledAt !== undefined && run.items.length > 1) continue;
			const failed = run.ended.error !== undefined || maker.error !== undefined;
			if (!failed) continue;
			const endedAt = run.ended.at;
			// As it was when the run ended, or when it came after that.
			const then = versions
				.filter(({ event }) => event === first.event || event.at <= endedAt)
				.at(-1);
			if (!then?.record) continue;
			// What somebody else has changed since is no longer what was left.
			if (versions.some(({ event }) => event !== first.event && event.by !== maker)) continue;
			const text = maker.run.action.goesOn
				? (maker.error?.text ?? '')
				: (run.ended.error?.text ?? '');
			if (names(text, id, first.record.name)) continue;
			broke(
				leftRule(maker, first.event),
				`${nameOf(maker)} failed and left ${kind} ${id} ("${String(first.record.name)}") unnamed: ${text}`,
			);
		}
		for (const run of runs) {
			if (run.process.killed || !run.ended || run.cancelledAt !== undefined) continue;
			for (const actor of run.items) judgeChangesLeft(actor);
		}
	}

	/** What a failed composite has changed, is changed back or named. */
	function judgeChangesLeft(actor: Actor) {
		const { run, item } = actor;
		if (!item.what.startsWith('provisioning.')) return;
		if (run.ended?.error === undefined && actor.error === undefined) return;
		if (run.action.goesOn ? !actor.error : false) return;
		const text = run.action.goesOn ? (actor.error?.text ?? '') : (run.ended?.error?.text ?? '');
		const own = new Set(
			ledger.events
				.filter(({ by }) => by === actor)
				.flatMap(({ effects, request }) =>
					effects
						.filter(({ id }) => subjectOf(request.path)?.id === id)
						.map(({ kind, id }) => `${kind} ${id}`),
				),
		);
		for (const key of own) {
			const [kind, id] = key.split(' ') as [KindName, string];
			const versions = ledger.versions(kind, id);
			const start = versions.findIndex(({ event }) => event.by === actor);
			const before = versions[start - 1]?.record;
			const rest = versions.slice(start);
			if (!before || rest.some(({ event }) => event.by !== actor)) continue;
			const after = rest.at(-1)?.record;
			const isAfter = (record: PlivoRecord) =>
				after !== undefined &&
				Object.keys(record).every(
					(field) => field === 'updated_at' || isSame(record[field], after[field]),
				);
			if (isAfter(before) || names(text, id, before.name ?? id)) continue;
			// It has given back what it had found, over what another process did just before its own write.
			const found = versions.filter(({ event }) => event.seq < actor.startedSeq).at(-1)?.record;
			if (found && isAfter(found) && !isSameProcess(versions[start - 1]?.event, actor)) continue;
			const first = versions[start]?.event;
			if (first)
				broke(
					leftRule(actor, first),
					`${nameOf(actor)} failed and left ${key} changed, unnamed: ${text}`,
				);
		}
	}

	return judgeLeft;
}
