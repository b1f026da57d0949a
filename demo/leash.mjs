/**
 * Runs a command in this process's group until it ends or standard input closes: node leash.mjs <command> <args…>
 *
 * The parent holds the other end of standard input. The system closes it when the parent ends, even by kill -9, so
 * nothing that was started here stays behind.
 */
import { spawn } from 'node:child_process';

const PATIENCE_MS = 10_000;

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

const signalGroup = (signal) => process.kill(-process.pid, signal);

// The group's signals reach this process too, and it has to see the end of the others.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});

process.stdin.resume().on('close', () => {
	signalGroup('SIGTERM');
	setTimeout(() => signalGroup('SIGKILL'), PATIENCE_MS);
});

child.on('error', (error) => {
	console.error(error.message);
	process.exit(127);
});

child.on('exit', (code) => {
	signalGroup('SIGTERM');
	process.exit(code ?? 1);
});
