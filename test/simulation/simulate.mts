/** One history, from its start until nothing is left to be done. */
import { randomFrom } from '../../simulator/random.mts';

import { underClock } from './clock.mts';
import { type Core, wholeCore } from './core.mts';
import type { Action, History } from './history.mts';
import { createJudge } from './judge.mts';
import { createRuns } from './n8n.mts';
import { createWorld, pathOf, type World } from './world.mts';

/** A rule that was broken. */
export interface Broken {
	readonly rule: string;
	readonly words: string;
}

export interface Result {
	readonly broken: readonly Broken[];
	readonly requests: number;
	readonly log?: readonly string[];
}

/** However badly Plivo does, everything has ended so long after the last action. */
const LONGEST_MS = 3 * 3_600_000;

const OVER = new Error('The simulation is over');

/** Time without end for what is to be ended by force. */
const AFTER_MS = 24 * 3_600_000;

export async function simulate(
	history: History,
	{ core = wholeCore, verbose = false }: { core?: Core; verbose?: boolean } = {},
): Promise<Result> {
	return await underClock(randomFrom(history.seed + 5), async (clock) => {
		const broken: Broken[] = [];
		const log: string[] | undefined = verbose ? [] : undefined;
		const broke = (rule: string, words: string) => {
			broken.push({ rule, words: `${clock.now()} ms: ${words}` });
			log?.push(`!!!!!!! ${rule}: ${words}`);
		};
		const unhandled = (error: unknown) =>
			broke('unhandled', String((error as Error).stack ?? error));
		process.on('unhandledRejection', unhandled);
		const { stackTraceLimit } = Error;
		if (!verbose) Error.stackTraceLimit = 0;
		try {
			const world = createWorld(
				history,
				clock,
				{ broke, wrote: (event) => judge.wrote(event) },
				log,
			);
			const judge = createJudge(world, broke);
			world.begin();
			const runs = createRuns(core, world, clock, judge);
			for (const action of history.actions) {
				clock.after(action.at, () => perform(action, world, runs.start));
			}
			const last = history.actions.at(-1)?.at ?? 0;
			const quiet = await clock.run(last + LONGEST_MS);
			judge.judge(runs.all, quiet, core);
			const requests = world.sentInAll();
			// What still waits is ended, or it would wait for ever in this process.
			world.plivo.close();
			for (const run of runs.all) {
				run.cancelledAt ??= clock.now();
				// With a reason of its own: the usual one costs more than the rest of a history.
				run.abort.abort(OVER);
			}
			world.endAll();
			const before = broken.length;
			await clock.run(last + AFTER_MS);
			broken.length = before;
			return { broken, requests, ...(log && { log }) };
		} finally {
			process.off('unhandledRejection', unhandled);
			Error.stackTraceLimit = stackTraceLimit;
		}
	});
}

function perform(action: Action, world: World, start: ReturnType<typeof createRuns>['start']) {
	switch (action.do) {
		case 'run':
			return start(action);
		case 'kill':
			world.note(`process ${action.process} is killed`);
			return world.kill(action.process);
		case 'outage':
			world.note(`outage of ${action.ms} ms: ${JSON.stringify(action.fault)}`);
			return world.outage(action.ms, action.fault);
		case 'console': {
			const { method, target } = action;
			const kind = target?.pick ?? action.kind;
			if (!kind) return undefined;
			const id = target && String(world.resolve(target));
			const body =
				action.body &&
				Object.fromEntries(
					Object.entries(action.body).map(([field, value]) => [field, world.resolve(value)]),
				);
			return world.console({ method, path: pathOf(kind, id), ...(body && { body }) });
		}
	}
}
