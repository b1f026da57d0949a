/** What n8n's queue mode needs beside n8n: Redis and PostgreSQL, each with data of its own that goes with it. */
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePort, run, startGroup } from '../../demo/processes.mts';
import { exactly } from '../support/elements.mts';
import { eventually } from './stand.mts';

export interface Service {
	/** What n8n's environment says about it. */
	env: NodeJS.ProcessEnv;
	/** Ends it and removes its data. */
	stop(): Promise<void>;
}

/** Debian keeps PostgreSQL's programs off the path, in a folder for each version. */
const POSTGRES_HOME = '/usr/lib/postgresql';

const PATH = (process.env.PATH ?? '').split(delimiter);

/** @throws {Error} that names the Debian package, when no folder has the program */
function find(program: string, folders: string[], debianPackage: string): string {
	const folder = folders.find((name) => existsSync(join(name, program)));
	if (!folder) throw new Error(`${program} is missing; install the package ${debianPackage}.`);
	return join(folder, program);
}

const postgresFolders = () => [
	...PATH,
	...(existsSync(POSTGRES_HOME)
		? readdirSync(POSTGRES_HOME).map((version) => join(POSTGRES_HOME, version, 'bin'))
		: []),
];

const USER = 'n8n';
const DATABASE = 'postgres';

type Command = [program: string, ...args: string[]];

/**
 * PostgreSQL refuses to run as root: there, it runs as the user that Debian's package makes.
 * @param folder the data, which that user has to own
 */
async function unprivileged(
	folder: string,
	[program, ...args]: Command,
): Promise<[string, string[]]> {
	if (process.getuid?.() !== 0) return [program, args];
	const id = async (which: string) => Number(await run('id', [which, 'postgres']));
	await chown(folder, await id('-u'), await id('-g'));
	return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', program, ...args]];
}

/**
 * Starts an empty PostgreSQL on 127.0.0.1.
 * @throws {Error} when its programs are missing or it doesn't start
 */
export async function startPostgres(): Promise<Service> {
	const [initdb, postgres, isReady] = exactly(
		3,
		['initdb', 'postgres', 'pg_isready'].map((program) =>
			find(program, postgresFolders(), 'postgresql'),
		),
	);
	const port = String(await freePort());
	const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
	const remove = async () => await rm(folder, { recursive: true, force: true });
	try {
		const init: Command = [
			initdb,
			'-D',
			folder,
			'-U',
			USER,
			'-A',
			'trust',
			'-E',
			'UTF8',
			'--no-sync',
		];
		await run(...(await unprivileged(folder, init)), { cwd: folder });
	} catch (error) {
		await remove();
		throw error;
	}
	const serve: Command = [postgres, '-D', folder, '-h', '127.0.0.1', '-p', port, '-k', folder];
	const server = startGroup(...(await unprivileged(folder, serve)), { cwd: folder });
	const stop = async () => {
		await server.stop();
		await remove();
	};
	try {
		await eventually(
			'PostgreSQL',
			async () => await run(isReady, ['-h', '127.0.0.1', '-p', port]).catch(() => undefined),
		);
	} catch (error) {
		await stop();
		throw new Error(`PostgreSQL did not start:\n${server.output()}`, { cause: error });
	}
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: port,
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_DATABASE: DATABASE,
		},
		stop,
	};
}

/**
 * Starts an empty Redis on 127.0.0.1 that keeps nothing on disk.
 * @throws {Error} when its program is missing or it doesn't start
 */
export async function startRedis(): Promise<Service> {
	const program = find('redis-server', PATH, 'redis-server');
	const port = String(await freePort());
	const nothingKept = ['--save', '', '--appendonly', 'no'];
	const redis = startGroup(program, ['--bind', '127.0.0.1', '--port', port, ...nothingKept]);
	const stop = async () => await redis.stop();
	try {
		await eventually('Redis', () =>
			redis.output().includes('Ready to accept connections') ? true : undefined,
		);
	} catch (error) {
		await stop();
		throw new Error(`Redis did not start:\n${redis.output()}`, { cause: error });
	}
	return {
		env: {
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: port,
		},
		stop,
	};
}
