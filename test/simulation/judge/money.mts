/** Money: what was spent. */
import { type Actor, type Event, nameOf, RENT, type Run, type World } from '../world.mts';
import { aliasOf, toldBy, TWO_NUMBERS, wasStopped } from './actor.mts';
import type { Broke } from './evidence.mts';

export function judgeOfMoney({ ledger, forgets }: World, broke: Broke) {
	/**
	 * What was spent: one number for an alias, none without a word. Two processes can come to two, and say so then; one
	 * process never does.
	 */
	function judgeMoney(runs: readonly Run[]) {
		const told = runs.map(toldBy).join('\n');
		const rents = ledger.events.filter(
			({ by, request, effects }) => by && RENT.test(request.path) && effects.length > 0,
		);
		const numberOf = ({ request }: Event) => RENT.exec(request.path)?.[1] ?? '';
		for (const [index, second] of rents.entries()) {
			const by = second.by as Actor;
			const number = numberOf(second);
			const { run } = by;
			// Its own error was for n8n's next try; released since, it is nobody's to be told of.
			const isReleased = ledger.versions('numbers', number).at(-1)?.record === undefined;
			// Another run of the process may have gone on with it.
			const isTold =
				toldBy(run).includes(number) ||
				runs.some(
					(other) =>
						other.process === run.process &&
						toldBy(other).includes(`phone number ${number}, rented by this run`),
				);
			if (!isReleased && !wasStopped(by) && run.ended && !isTold) {
				broke('money', `${nameOf(by)} rented ${number} without a word`);
			}
			for (const first of rents.slice(0, index)) {
				const maker = first.by as Actor;
				if (aliasOf(maker) !== aliasOf(by)) continue;
				const one = numberOf(first);
				const then = ledger
					.versions('numbers', one)
					.filter(({ event }) => event.seq < second.seq)
					.at(-1)?.record;
				// Released, or given another alias, since it was one too many.
				if (!then || /rented twice/.test(String(then.alias))) continue;
				const isOneProcess = maker.run.process === run.process && !forgets;
				if (!isOneProcess && (wasStopped(maker) || wasStopped(by))) continue;
				const isTold = told
					.split('\n')
					.some((text) => (text.includes(one) || text.includes(number)) && TWO_NUMBERS.test(text));
				if (!isOneProcess && isTold && told.includes(one) && told.includes(number)) continue;
				broke(
					'money',
					`${nameOf(by)} rented ${number} for "${aliasOf(by)}" beside ${one} by ${nameOf(maker)}`,
				);
			}
		}
	}

	return judgeMoney;
}
