/** Ends: every run ends, nothing is held then, and none begins that can't. */
import type { Core } from '../core.mts';
import type { Run, World } from '../world.mts';
import type { Broke } from './evidence.mts';

export function judgeOfEnds({ plivo }: World, broke: Broke) {
	function judgeEnds(runs: readonly Run[], quiet: boolean, core: Core) {
		if (!quiet) broke('ends', 'something goes on for hours');
		const processes = new Set(runs.map(({ process }) => process));
		for (const run of runs) {
			if (run.process.killed || run.ended) continue;
			broke('ends', `run ${run.action.id} never ends`);
		}
		for (const { killed, baseUrl, index } of processes) {
			if (killed) continue;
			const url = core.accountUrl({ authId: plivo.authId, baseUrl });
			const account = core.accountAt(url);
			const { locks, lookups } = core.stateOf({ account });
			if (locks.size() > 0) broke('ends', `process ${index} holds ${locks.size()} locks`);
			if (lookups.size > 0) broke('ends', `process ${index} has ${lookups.size} lookups`);
			if (account.limiter.isBusy()) broke('ends', `the limiter of process ${index} is busy`);
		}
	}

	/** Where an expression fails, n8n shows that and nothing else: so nothing may be written. */
	function judgeGate(runs: readonly Run[]) {
		for (const run of runs) {
			const isBad = run.action.items.some(({ badExpression }) => badExpression);
			if (isBad && !run.action.goesOn && run.requests > 0) {
				broke('gate', `run ${run.action.id} sent requests although an item never began`);
			}
		}
	}

	return { judgeEnds, judgeGate };
}
