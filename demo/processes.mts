/** Processes and ports of the demo and of the tests that start programs. All paths are relative to the repository's folder. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';

/** What a program needs beside its arguments. `env` is added to this process's environment. */
export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
}

/** A running process group: a program and all that it starts. */
export interface Group {
	/** The process group's id; its first process has the program as its only child. */
	pid: number;
	/** Resolves to the exit code when every process of the group has ended. */
	exited: Promise<number>;
	/** Asks the group to end, ends it after ten seconds; resolves when it has ended. */
	stop(): Promise<void>;
	/** The last 200,000 characters that it wrote. */
	output(): string;
}

const lastLines = (text: string) => text.trim().split('\n').slice(-15).join('\n');

/**
 * Runs a program to its end.
 * @returns what it wrote to standard output
 * @throws {Error} with the last lines it wrote, when it can't be started or its exit code isn't 0
 */
export async function run(
	command: string,
	args: string[],
	{ cwd, env }: RunOptions = {},
): Promise<string> {
	return await new Promise((fulfil, reject) => {
		const child = spawn(command, args, {
			cwd,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		child.on('error', reject);
		child.on('close', (code, signal) => {
			if (code === 0) fulfil(stdout);
			else {
				const what = [command, ...args].join(' ');
				reject(new Error(`${what} ended with ${signal ?? code}:\n${lastLines(stdout + stderr)}`));
			}
		});
	});
}

/**
 * Starts a program that runs until it is stopped, in a process group of its own that can't outlive this process:
 * however this process ends, the whole group is stopped (see leash.mjs).
 * @param onOutput called with all that it writes
 */
export function startGroup(
	command: string,
	args: string[],
	{ cwd, env }: RunOptions = {},
	onOutput: (text: string) => void = () => {},
): Group {
	const leash = spawn(process.execPath, [resolve('demo/leash.mjs'), command, ...args], {
		cwd,
		env: { ...process.env, ...env },
		stdio: ['pipe', 'pipe', 'pipe'],
		detached: true,
	});
	let output = '';
	for (const stream of [leash.stdout, leash.stderr])
		stream.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(-200_000);
			onOutput(text);
		});
	// The group may have ended by itself, and its pipe with it.
	leash.stdin.on('error', () => {});
	const exited = new Promise<number>((fulfil) => {
		leash.on('close', (code) => fulfil(code ?? 1));
	});
	const group: Group = {
		// Node.js itself is there to be started.
		pid: leash.pid!,
		exited,
		output: () => output,
		async stop() {
			leash.stdin.end();
			await exited;
		},
	};
	running.add(group);
	void exited.then(() => running.delete(group));
	return group;
}

const running = new Set<Group>();

/** From now on, Ctrl-C and its like stop every group and then end this process with an exit code. */
export function stopOnSignal(exitCode: number): void {
	const stop = async () => {
		console.log('Stopping …');
		await Promise.all([...running].map(async (group) => await group.stop()));
		process.exit(exitCode);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.once(signal, () => void stop());
}

async function tryPort(port: number): Promise<number> {
	return await new Promise((fulfil, reject) => {
		const server = createServer().on('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const found = (server.address() as AddressInfo).port;
			server.close(() => fulfil(found));
		});
	});
}

/**
 * Makes sure that a port can be listened on.
 * @param port 0 for any that is free
 * @param owner what wants to listen, for the message
 * @param flag the option that chooses another port, for the message
 * @throws {Error} when something listens there already, or the system doesn't allow it
 */
export async function claimPort(port: number, owner: string, flag: string): Promise<number> {
	try {
		return await tryPort(port);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const reason = code === 'EADDRINUSE' ? 'is in use' : `can't be listened on (${code})`;
		throw new Error(`port ${port} for ${owner} ${reason}; choose another with ${flag}.`);
	}
}

/** @returns a port that nothing listened on a moment ago */
export const freePort = async () => await tryPort(0);

/**
 * Waits until an address answers with success.
 * @param group what is expected to answer
 * @param name its name, for the message
 * @param seconds how long to wait
 * @throws {Error} with the group's last lines, when it ends first or time is up
 */
export async function waitFor(
	url: string,
	group: Group,
	name: string,
	seconds = 120,
): Promise<void> {
	let ended = false;
	void group.exited.then(() => (ended = true));
	const deadline = Date.now() + seconds * 1000;
	while (Date.now() < deadline) {
		if (ended) throw new Error(`${name} ended while starting:\n${lastLines(group.output())}`);
		const ready = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
			async (answer) => {
				await answer.arrayBuffer();
				return answer.ok;
			},
			() => false,
		);
		if (ready) return;
		await new Promise((fulfil) => setTimeout(fulfil, 200));
	}
	throw new Error(`${name} did not answer within ${seconds} s:\n${lastLines(group.output())}`);
}
