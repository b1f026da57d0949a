import { createInterface } from 'node:readline/promises';

import { runProgram } from './program.mts';

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

async function ask(question: string): Promise<string> {
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	// Ctrl-C and Ctrl-D: nothing was typed.
	const typed = await terminal.question(question).catch(() => '');
	terminal.close();
	return typed;
}

// Whoever reads the output may be gone (`| head`): no reason to leave records behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await runProgram({
	args: process.argv.slice(2),
	env: process.env,
	print: console.log,
	say,
	ask: process.stdin.isTTY ? ask : undefined,
	stopSignal,
});
