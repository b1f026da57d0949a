import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/**
 * Starts a script of package.json in a process of its own, as npm does. Nobody can type.
 *
 * @param name of a script that begins with `node`
 * @param env instead of this process's variables, of which it keeps `PATH`
 * @returns what it has printed so far, and all of it with the exit code once it has ended
 */
export function startNpmScript(name: string, flags: string[], env: Record<string, string> = {}) {
	const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
		scripts: Record<string, string>;
	};
	const [, ...command] = scripts[name]?.split(' ') ?? [];
	const child = spawn(process.execPath, [...command, ...flags], {
		cwd: ROOT,
		env: { PATH: process.env.PATH, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output = { out: '', err: '' };
	child.stdout.on('data', (text) => (output.out += text));
	child.stderr.on('data', (text) => (output.err += text));
	const ended = once(child, 'close').then(([code]) => ({ code: code as number, ...output }));
	return { child, output, ended };
}
