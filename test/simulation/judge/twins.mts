/** Twins: nothing is created twice. */
import { ID_FIELDS } from '../../../simulator/records.mts';

import { type Actor, nameOf, type Run, type Version, type World } from '../world.mts';
import { ENSURING, identityOf, kindOf, names, PLAIN_CREATE, toldBy, wasStopped } from './actor.mts';
import type { Broke, Evidence } from './evidence.mts';

/** Whether who has made a record has failed, and says that it may be there. */
const isPerhapsThere = ({ id, first, maker }: { id: string; first: Version; maker?: Actor }) =>
	maker?.error !== undefined && names(maker.error.text, id, first.record?.name);

/** Whether some text tells of both as two. */
const isDoubt = (told: string, one: string, other: string) =>
	told
		.split('\n')
		.some(
			(text) =>
				(text.includes(one) || text.includes(other)) &&
				/Left: |perhaps a second|are exactly like it|is exactly like it|are named|may be somebody else|could not be deleted again|could not be checked: look for a second|perhaps /.test(
					text,
				),
		);

export function judgeOfTwins(
	{ plivo: { variants }, ledger }: World,
	{ versionsByKey }: Evidence,
	broke: Broke,
) {
	function judgeTwins(runs: readonly Run[]) {
		const made = new Map<string, Array<{ id: string; first: Version; maker?: Actor }>>();
		for (const [kind, id, versions] of versionsByKey()) {
			if (kind === 'numbers') continue;
			const [first] = versions;
			const last = versions.at(-1);
			if (!first?.record || !last?.record) continue;
			const identity = identityOf(kind, first.record);
			const isRenamed = versions.some(
				({ record }) => record && identityOf(kind, record) !== identity,
			);
			if (isRenamed) continue;
			const list = made.get(identity) ?? [];
			list.push({ id, first, maker: first.event.by });
			made.set(identity, list);
		}
		const told = runs.map(toldBy).join('\n');
		for (const [identity, all] of made) {
			const ours = all.filter(({ maker }) => maker && ENSURING.test(maker.item.what));
			for (const one of ours) {
				for (const other of all) {
					if (other === one || one.first.event.seq < other.first.event.seq) continue;
					const { maker } = one;
					if (!maker || wasStopped(maker) || (other.maker && wasStopped(other.maker))) continue;
					const isOurs = other.maker && ENSURING.test(other.maker.item.what);
					// Somebody else may make one of the same name at the same moment: that is theirs.
					const wasThere = other.first.event.at + variants.late < maker.startedAt;
					if (!isOurs && !wasThere) continue;
					if (told.includes(one.id) && told.includes(other.id) && isDoubt(told, one.id, other.id))
						continue;
					if (isPerhapsThere(one) || isPerhapsThere(other)) continue;
					broke(
						'twin',
						`${identity}: ${one.id} by ${nameOf(maker)} beside ${other.id} by ${other.maker ? nameOf(other.maker) : 'the console'}`,
					);
				}
			}
		}
		for (const run of runs) for (const actor of run.items) judgeOnce(actor);
	}

	/** A create that succeeded has made exactly one. */
	function judgeOnce(actor: Actor) {
		if (!PLAIN_CREATE.test(actor.item.what) || !actor.output || wasStopped(actor)) return;
		const kind = kindOf(actor);
		if (!kind) return;
		const made = ledger.events
			.filter(({ by }) => by === actor)
			.flatMap(({ effects }) => effects.filter((effect) => !effect.before && effect.kind === kind))
			.map(({ id }) => id);
		// What somebody else has deleted before the answer, was made once more.
		const left = made.filter((id) => {
			const versions = ledger.versions(kind, id);
			const making = versions[0]?.event;
			const touch = versions.find(({ event }) => event !== making)?.event;
			const isGone = !versions.at(-1)?.record;
			return touch ? !isGone && touch.at > actor.endedAt : true;
		});
		const [output = {}] = actor.output;
		const answered = String(output[ID_FIELDS[kind]]);
		const text = JSON.stringify(actor.output);
		if (left.length > 1 && !/perhaps a second/.test(text)) {
			broke('once', `${nameOf(actor)} made ${left.join(' and ')}`);
		}
		if (made.includes(answered)) return;
		const maker = ledger.versions(kind, answered)[0]?.event;
		// What a create of the same, in doubt (also in an earlier try) or stopped, has made after all is its result.
		const wasOpen = maker?.by && (!maker.by.output || maker.seq <= maker.by.triedSeq);
		// In doubt, the output says so.
		if (!wasOpen && !/it may be theirs/.test(text)) {
			broke('once', `${nameOf(actor)} answered ${answered}, which it has not made`);
		}
	}

	return judgeTwins;
}
