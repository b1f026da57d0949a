import { CannotStart, startProgram } from './program.mts';

try {
	const simulator = await startProgram(process.argv.slice(2), console.log);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void simulator?.close().then(() => process.exit(0)));
	}
} catch (error) {
	if (!(error instanceof CannotStart)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
