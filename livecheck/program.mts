import { accessSync, constants, writeFileSync } from 'node:fs';
import path from 'node:path';

import { runLiveCheck } from './check.mts';
import { CannotRun } from './errors.mts';
import { confirms, HELP, type Options, readOptions } from './options.mts';
import { isAsExpected, jsonOf, markdownOf, summaryOf, tableOf } from './report.mts';

const COULD_NOT_RUN = 2;

/** What the program has of the process that it runs in. */
export interface Surroundings {
	args: string[];
	env: NodeJS.ProcessEnv;
	/** Prints a line of the result. */
	print: (line: string) => void;
	/** Says what is being done, or why it can't be. */
	say: (line: string) => void;
	/** Answers what was typed; undefined where nobody can be asked. */
	ask?: (question: string) => Promise<string>;
	/**
	 * Called when the check begins: from then on a wish to end (Ctrl-C) aborts this signal. Before, it ends the process at
	 * once, since there is nothing to remove.
	 */
	stopSignal: () => AbortSignal;
}

/** Runs `npm run check:live` and answers its exit code. */
export async function runProgram(surroundings: Surroundings): Promise<number> {
	try {
		return await checkAndReport(surroundings);
	} catch (error) {
		// An error of another kind is a fault of the check itself, and shown with its stack; no value of the account is
		// in one.
		surroundings.say(error instanceof CannotRun ? error.message : String((error as Error).stack));
		return COULD_NOT_RUN;
	}
}

async function checkAndReport(surroundings: Surroundings): Promise<number> {
	const { args, env, print, say, stopSignal } = surroundings;
	const options = readOptions(args, env);
	if (options.help) {
		print(HELP);
		return 0;
	}
	checkFolder(options.report);
	await confirm(options, surroundings);
	const { write, number, report, rate, authId, authToken, baseUrl } = options;
	const result = await runLiveCheck({
		authId,
		authToken,
		baseUrl,
		write,
		number,
		timing: { requestsPerSecond: rate },
		stop: stopSignal(),
		progress: say,
	});
	const run = {
		at: new Date().toISOString(),
		mode: number ? 'write and number' : write ? 'write' : 'read',
	} as const;
	print(`\n${tableOf(result.findings)}\n\n${summaryOf(result)}`);
	writeFileSync(`${report}.json`, jsonOf(result, run));
	writeFileSync(`${report}.md`, markdownOf(result, run));
	print(`Report: ${report}.json and ${report}.md`);
	if (result.unfinished) return COULD_NOT_RUN;
	return isAsExpected(result) ? 0 : 1;
}

function checkFolder(report: string): void {
	const folder = path.dirname(path.resolve(report));
	try {
		accessSync(folder, constants.W_OK);
	} catch {
		throw new CannotRun(
			'The report can not be written there: name a folder that exists with --report',
		);
	}
}

async function confirm({ number, confirmed }: Options, { ask, say }: Surroundings): Promise<void> {
	if (number === undefined || confirmed) return;
	const flag = '--yes-this-number-may-lose-its-route';
	if (!ask) {
		throw new CannotRun(`--number takes a second confirmation: ${flag}, or a terminal to ask in`);
	}
	say(
		'Calls to this number are lost for about a minute, and its route may have to be set by hand.',
	);
	const typed = await ask('Type the number once more to go on: ');
	if (!confirms(typed, number)) throw new CannotRun('not confirmed: nothing was changed');
}
