import { accessSync, constants, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';

import { runLiveCheck } from './check.mts';
import { CannotRun } from './errors.mts';
import { confirms, HELP, type Options, readOptions } from './options.mts';
import { isAsExpected, jsonOf, markdownOf, summaryOf, tableOf } from './report.mts';

const COULD_NOT_RUN = 2;

const say = (text: string) => void process.stderr.write(`${text}\n`);

/** Aborted by Ctrl-C and other wishes to end; from then on only what was made is removed. */
function stopSignal(): AbortSignal {
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			say(
				stop.signal.aborted
					? 'What was made is being removed: a moment more.'
					: 'Stopping; what was made is removed first.',
			);
			stop.abort();
		});
	}
	return stop.signal;
}

async function confirm({ number, confirmed }: Options): Promise<void> {
	if (number === undefined || confirmed) return;
	const flag = '--yes-this-number-may-lose-its-route';
	if (!process.stdin.isTTY) {
		throw new CannotRun(`--number takes a second confirmation: ${flag}, or a terminal to ask in`);
	}
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	say(
		'Calls to this number are lost for about a minute, and its route may have to be set by hand.',
	);
	const typed = await terminal.question('Type the number once more to go on: ');
	terminal.close();
	if (!confirms(typed, number)) throw new CannotRun('not confirmed: nothing was changed');
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

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2), process.env);
	if (options.help) {
		console.log(HELP);
		return 0;
	}
	checkFolder(options.report);
	await confirm(options);
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
	console.log(`\n${tableOf(result.findings)}\n\n${summaryOf(result)}`);
	writeFileSync(`${report}.json`, jsonOf(result, run));
	writeFileSync(`${report}.md`, markdownOf(result, run));
	console.log(`Report: ${report}.json and ${report}.md`);
	if (result.unfinished) return COULD_NOT_RUN;
	return isAsExpected(result) ? 0 : 1;
}

// Whoever reads the output may be gone (`| head`): no reason to leave records behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		// An error of another kind is a fault of the check itself, and shown with its stack; no value of the account is
		// in one.
		say(error instanceof CannotRun ? error.message : String((error as Error).stack));
		process.exitCode = COULD_NOT_RUN;
	},
);
