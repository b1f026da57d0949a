/** The rules that no history may break. */
import type { Core } from './core.mts';
import { judgeOfAnswers } from './judge/answers.mts';
import { judgeOfEnds } from './judge/ends.mts';
import { type Broke, evidenceOf } from './judge/evidence.mts';
import { judgeOfLeft } from './judge/left.mts';
import { judgeOfMoney } from './judge/money.mts';
import { judgeOfNumbers } from './judge/numbers.mts';
import { judgeOfOthers } from './judge/others.mts';
import { judgeOfTwins } from './judge/twins.mts';
import type { Actor, Event, Run, World } from './world.mts';

export interface Judge {
	wrote(event: Event): void;
	answered(actor: Actor): void;
	failed(actor: Actor): void;
	/** When everything has ended. */
	judge(runs: readonly Run[], quiet: boolean, core: Core): void;
}

export function createJudge(world: World, broke: Broke): Judge {
	const evidence = evidenceOf(world);
	const { mayLose, judgeEffect, judgeLateness } = judgeOfOthers(world, evidence, broke);
	const judgeNumbers = judgeOfNumbers(world, evidence, mayLose, broke);
	const judgeAnswer = judgeOfAnswers(world, evidence, broke);
	const judgeLeft = judgeOfLeft(world, evidence, broke);
	const judgeTwins = judgeOfTwins(world, evidence, broke);
	const judgeMoney = judgeOfMoney(world, broke);
	const { judgeEnds, judgeGate } = judgeOfEnds(world, broke);

	return {
		wrote(event) {
			judgeNumbers(event);
			const actor = event.by;
			if (!actor) return;
			for (const effect of event.effects) {
				judgeEffect(event, actor, effect);
				judgeLateness(event, actor, effect);
			}
		},
		answered: judgeAnswer,
		failed: () => {},
		judge(runs, quiet, core) {
			judgeEnds(runs, quiet, core);
			judgeGate(runs);
			judgeLeft(runs);
			judgeTwins(runs);
			judgeMoney(runs);
		},
	};
}
