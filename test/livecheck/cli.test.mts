import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { confirms, readOptions } from '../../livecheck/options.mts';
import { runProgram, type Surroundings } from '../../livecheck/program.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { startNpmScript } from '../support/npmScript.mts';
import { fill, NUMBER, snapshotOf } from './account.mts';

jest.setTimeout(120_000);

let simulator: Simulator;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false });
});

beforeEach(() => {
	simulator.reset();
	folder = mkdtempSync(path.join(tmpdir(), 'live-check-'));
});

afterEach(() => {
	for (const child of running.splice(0)) child.kill('SIGKILL');
	rmSync(folder, { recursive: true });
	jest.restoreAllMocks();
});

afterAll(async () => await simulator.close());

const argsFrom = (flags: string[]) => [
	...['--report', path.join(folder, 'report'), '--rate', '50'],
	...flags,
];

const environment = () => ({
	PLIVO_AUTH_ID: simulator.authId,
	PLIVO_AUTH_TOKEN: simulator.authToken,
	PLIVO_BASE_URL: simulator.url,
});

/** `npm run check:live` in this process. */
async function run(flags: string[], surroundings: Partial<Surroundings> = {}) {
	// A proxy of this machine would be asked for names that aren't there.
	jest.replaceProperty(process, 'env', {});
	const output = { out: '', err: '' };
	const code = await runProgram({
		args: argsFrom(flags),
		print: (line) => void (output.out += `${line}\n`),
		say: (line) => void (output.err += `${line}\n`),
		stopSignal: () => new AbortController().signal,
		...surroundings,
		env: { ...environment(), ...surroundings.env },
	});
	return { code, ...output };
}

/** `npm run check:live` in a process of its own, as npm starts it. */
function start(flags: string[]) {
	const started = startNpmScript('check:live', argsFrom(flags), environment());
	running.push(started.child);
	return started;
}

const reportOf = () =>
	JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as Record<string, unknown>;

it('as expected: table, report, exit code 0', async () => {
	fill(simulator);
	const { code, out } = await start([]).ended;
	expect(out).toMatch(/Fact +As expected\? +Seen\n/);
	expect(out).toMatch(/trunks: created_at +as expected +time with T and Z/);
	expect(out).toMatch(/The simulator acts like this account with: --variant .*order=newest/);
	expect(code).toBe(0);
	expect(reportOf()).toMatchObject({ mode: 'read', asExpected: true, variants: { time: 'T' } });
	const markdown = readFileSync(path.join(folder, 'report.md'), 'utf8');
	expect(markdown).toContain('| trunks: created_at | time with T and Z | as expected |');
});

it('differences: exit code 1', async () => {
	simulator.addTrunk({ surprise: 1 });
	const { code, out } = await run([]);
	expect(out).toMatch(/trunk in a list: fields and types +DIFFERENT +unknown: surprise/);
	expect(code).toBe(1);
	expect(reportOf()).toMatchObject({ asExpected: false });
});

describe('could not run: exit code 2, in plain words, and no report', () => {
	const cases: Array<[string, string[], Record<string, string>, RegExp]> = [
		[
			'no credentials',
			[],
			{ PLIVO_AUTH_ID: '', PLIVO_AUTH_TOKEN: ' ' },
			/^PLIVO_AUTH_ID and PLIVO_AUTH_TOKEN are not set: both values are on the overview page/,
		],
		[
			'a wrong token',
			[],
			{ PLIVO_AUTH_TOKEN: 'wrong' },
			/refuses the Auth ID or the Auth Token \(401\): copy both/,
		],
		[
			'no server',
			[],
			{ PLIVO_BASE_URL: 'http://127.0.0.1:9/v1' },
			/can not be reached: the server refuses the connection/,
		],
		[
			'no such name',
			[],
			{ PLIVO_BASE_URL: 'https://plivo.invalid/v1' },
			/can not be reached: the name of the server/,
		],
		['http elsewhere', [], { PLIVO_BASE_URL: 'http://plivo.example/v1' }, /is an https address/],
		['an unknown flag', ['--wrote'], {}, /^Unknown option '--wrote'; see --help/],
		['a number without --write', ['--number', '+14155550100'], {}, /goes with --write only/],
		['an Indian number', ['--write', '--number', '+912240000000'], {}, /no Indian number/],
		[
			'a folder that is not there',
			['--report', '/nowhere/report'],
			{},
			/name a folder that exists/,
		],
		['a rate that is too high', ['--rate', '51'], {}, /up to 50/],
	];
	it.each(cases)('%s', async (_what, flags, env, words) => {
		const { code, err, out } = await run(flags, { env });
		expect([err, code]).toEqual([expect.stringMatching(words), 2]);
		expect(out).toBe('');
		expect(readdirSync(folder)).toEqual([]);
		expect(simulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	it('a number to confirm, and nobody to ask', async () => {
		const { code, err } = await start(['--write', '--number', `+${NUMBER}`]).ended;
		expect(err).toMatch(/takes a second confirmation: --yes-this/);
		expect(code).toBe(2);
		expect(simulator.requests).toEqual([]);
	});

	it('a number that is not confirmed as asked', async () => {
		const asked: string[] = [];
		const flags = ['--write', '--number', `+${NUMBER}`];
		const ask = async (question: string) => (asked.push(question), 'yes');
		const { code, err } = await run(flags, { ask });
		expect(asked).toEqual(['Type the number once more to go on: ']);
		expect(err).toMatch(/^Calls to this number are lost .*\nnot confirmed: nothing was changed\n$/);
		expect(code).toBe(2);
		expect(simulator.requests).toEqual([]);
	});

	it.each([
		['/', 403, /may not read the account \(403\)/],
		[
			'/Zentrunk/',
			403,
			/SIP trunking is closed for this account or token \(403\): open SIP Trunking/,
		],
		['/Zentrunk/', 404, /ask Plivo's support to enable it/],
		['/', 404, /no such account \(404\)/],
	])('%s answers %i', async (part, status, words) => {
		const rule = part === '/' ? /^\/$/ : part;
		simulator.faults.add({ path: rule, faults: [{ kind: 'status', status }] });
		const { code, err } = await run([]);
		expect([err, code]).toEqual([expect.stringMatching(words), 2]);
	});
});

describe('stopped in the middle of writing', () => {
	const flags = ['--write', '--number', `+${NUMBER}`, '--yes-this-number-may-lose-its-route'];

	const account = () => {
		simulator.variants.clear = 'clears';
		fill(simulator, { records: 8 });
		return snapshotOf(simulator);
	};

	/** Does something at the nth POST to a part of the API; says how many there were. */
	const atPost = (part: RegExp, nth: number, then: () => void) => {
		const posts = { count: 0 };
		simulator.onRequest(({ method, path: asked }) => {
			if (method === 'POST' && part.test(asked) && ++posts.count === nth) then();
		});
		return posts;
	};

	const expectUndone = ({ code, out }: { code: number; out: string }, before: string) => {
		expect(out).toMatch(/everything that the check made is removed again +as expected +yes/);
		expect(out).toContain('The check is not complete: stopped before its end.');
		expect(code).toBe(2);
		expect(reportOf()).toMatchObject({ unfinished: 'stopped before its end' });
		expect(snapshotOf(simulator)).toBe(before);
	};

	it.each([
		['the first record is made', /^\/Zentrunk\/Credential\/$/, 1],
		['trunks are made', /^\/Zentrunk\/Trunk\/$/, 3],
		['the number is routed elsewhere', /^\/Number\//, 1],
		['the route is cleared', /^\/Number\//, 3],
	] as const)('while %s: the account is as it was', async (_when, part, nth) => {
		const before = account();
		const stop = new AbortController();
		const posts = atPost(part, nth, () => stop.abort());
		const result = await run(flags, { stopSignal: () => stop.signal });
		expect(posts.count).toBeGreaterThanOrEqual(nth);
		expectUndone(result, before);
	});

	// Each of the three signals comes first, or second, while what was made is removed.
	it.each([
		['SIGINT', 'SIGHUP'],
		['SIGTERM', 'SIGINT'],
	] as const)('by %s, and impatiently by %s: the account is as it was', async (first, second) => {
		const before = account();
		const { child, ended } = start(flags);
		const posts = atPost(/^\/Number\//, 1, () => {
			child.kill(first);
			setTimeout(() => child.kill(second), 100);
		});
		const result = await ended;
		expect(posts.count).toBeGreaterThanOrEqual(1);
		expect(result.err).toContain('Stopping; what was made is removed first.\n');
		expect(result.err).toContain('What was made is being removed: a moment more.\n');
		expectUndone(result, before);
	});

	it('whose reader is gone: the account is as it was', async () => {
		fill(simulator, { records: 8 });
		const before = snapshotOf(simulator);
		const { child, ended } = start(['--write']);
		child.stdout?.destroy();
		child.stderr?.destroy();
		await ended;
		expect(simulator.requests.some(({ method }) => method === 'POST')).toBe(true);
		expect(snapshotOf(simulator)).toBe(before);
	});
});

describe('options', () => {
	const env = { PLIVO_AUTH_ID: ' MAX ', PLIVO_AUTH_TOKEN: 't' };

	it('defaults: reads only, two requests a second, Plivo itself', () => {
		expect(readOptions([], env)).toMatchObject({
			authId: 'MAX',
			baseUrl: 'https://api.plivo.com/v1',
			write: false,
			rate: 2,
			report: './live-check-report',
		});
	});

	it('a number is confirmed by typing it once more', () => {
		expect(confirms('+1 415 555 8123', NUMBER)).toBe(true);
		for (const typed of ['', 'y', 'yes', '+1 415 555 8124'])
			expect(confirms(typed, NUMBER)).toBe(false);
	});
});
