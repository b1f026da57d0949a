import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import axios from 'axios';

import { CannotStart, startProgram } from '../../simulator/program.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { first, nth } from '../support/elements.mts';
import { startNpmScript } from '../support/npmScript.mts';
import { accountOf } from './account.mts';

describe('control from another process', () => {
	let simulator: Simulator;
	let control: ReturnType<typeof axios.create>;

	beforeAll(async () => {
		simulator = await startSimulator({ rateLimit: false });
		const baseURL = `${new URL(simulator.url).origin}/_simulator/`;
		control = axios.create({ baseURL, validateStatus: () => true });
	});

	beforeEach(() => simulator.reset());

	afterAll(async () => await simulator.close());

	it('seeds, and answers the state', async () => {
		await control.post('seed', { trunks: 4, numbers: 3, calls: 10 });
		const { data } = await control.get('state');
		expect(data.trunks).toHaveLength(4);
		expect(data.numbers).toHaveLength(3);
		expect(data.calls).toHaveLength(10);
		expect(data.trunks[1].primary_uri_uuid).toBe(data.uris[0].uri_uuid);
	});

	it('adds calls, one or several', async () => {
		await control.post('calls', { hangup_cause_code: 4410 });
		await control.post('calls', [{ call_uuid: 'a' }, { call_uuid: 'b' }]);
		expect([...simulator.state.calls.values()].map((call) => call.hangup_cause_code)).toEqual([
			4410, 3000, 3000,
		]);
		expect((await control.post('calls', { end_time: 'now' })).status).toBe(400);
	});

	it('sets faults and takes them away', async () => {
		const faults = [{ kind: 'status', status: 503 }];
		await control.post('faults', { pathPattern: '/Trunk/$', faults });
		expect((await accountOf(simulator).get('Zentrunk/Trunk/')).status).toBe(503);
		await control.delete('faults');
		expect((await accountOf(simulator).get('Zentrunk/Trunk/')).status).toBe(200);
		const wrong = await control.post('faults', { faults: [] });
		expect([wrong.status, wrong.data.error]).toEqual([
			400,
			expect.stringContaining('at least one'),
		]);
	});

	it('answers the requests as they came, and what became of them', async () => {
		await accountOf(simulator).post('Zentrunk/Credential/?a=b', {
			username: 'pbxuser1',
			password: 'Secret#1',
		});
		expect((await control.get('requests')).data).toEqual([
			{
				at: expect.any(Number),
				method: 'POST',
				path: '/Zentrunk/Credential/',
				query: { a: 'b' },
				body: { username: 'pbxuser1', password: 'Secret#1' },
				status: 201,
				authorization: expect.stringMatching(/^Basic /),
			},
		]);
	});

	it('sets options; reset empties the account and puts them back', async () => {
		await control.post('options', { ignoreListFilters: true });
		await control.post('seed', { uris: 1 });
		expect(simulator.options.ignoreListFilters).toBe(true);
		await control.post('reset');
		expect(simulator.options.ignoreListFilters).toBe(false);
		expect(simulator.state.uris.size).toBe(0);
	});

	it('sets variants, by themselves or among the options; unknown ones are an error', async () => {
		await control.post('variants', { names: 'direction', taken: 409, late: '3000' });
		await control.post('options', { variants: { order: 'oldest' }, refuseWrites: true });
		expect((await control.get('variants')).data).toMatchObject({
			names: 'direction',
			taken: '409',
			late: 3000,
			order: 'oldest',
		});
		expect(simulator.refuseWrites).toBe(true);
		const wrong = await control.post('variants', { order: 'random', late: 1 });
		expect([wrong.status, wrong.data.error]).toEqual([
			400,
			'variant order is one of newest, oldest, id, unstable, not "random"',
		]);
		expect(simulator.variants.late).toBe(3000);
		await control.post('reset');
		expect(simulator.variants).toMatchObject({ names: 'account', late: 0 });
	});

	it("sets the account's own record", async () => {
		await control.post('account', { cash_credits: '0.00000' });
		expect((await control.get('account')).data.cash_credits).toBe('0.00000');
		expect((await accountOf(simulator).get('')).data.cash_credits).toBe('0.00000');
	});

	it('shows the account as a page, without passwords and with names as text', async () => {
		simulator.addCredential({ name: '<script>', password: 'Secret#987' });
		const { data } = await axios.get(new URL('/', simulator.url).href);
		expect(data).toContain('Credentials (1)');
		expect(data).toContain('&lt;script&gt;');
		expect(data).not.toMatch(/<script>|Secret#987/);
	});
});

describe('npm run simulator', () => {
	const running: ChildProcess[] = [];

	/** In a process of its own, as npm starts it. */
	function start(...flags: string[]) {
		const started = startNpmScript('simulator', flags);
		running.push(started.child);
		return started;
	}

	afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

	it('prints address and credentials, has what --seed says, and ends on Ctrl-C', async () => {
		const flags = ['--port', '0', '--seed', 'trunks=25,numbers=2', '--auth-token', 'mine', '--log'];
		flags.push('--variant', 'names=direction,late=3000', '--variant', 'order=oldest');
		const { child, output, ended } = start(...flags);
		await once(child.stdout, 'data');
		const [, url] =
			/^Plivo SIP Trunking simulator: Base URL (\S+), Auth ID (\S+), Auth Token mine\nVoice platforms at \S+, keys \{.*\}\n$/.exec(
				output.out,
			) ?? [];
		const auth = { username: 'MASIMULATOR000000000', password: 'mine' };
		const { data } = await axios.get(`${url}/Account/${auth.username}/Zentrunk/Trunk/`, { auth });
		expect(data.meta.total_count).toBe(25);
		const variants = await axios.get(new URL('/_simulator/variants', url).href);
		expect(variants.data).toMatchObject({ names: 'direction', late: 3000, order: 'oldest' });
		child.kill('SIGINT');
		const { code, out } = await ended;
		expect(code).toBe(0);
		expect(out).toMatch(/GET \/Zentrunk\/Trunk\/ 200, \d+ ms\n$/);
	});

	it('a taken port is one clear line', async () => {
		const other = await startSimulator();
		const { port } = new URL(other.url);
		const { code, out, err } = await start('--port', port).ended;
		await other.close();
		expect(err).toBe(`Port ${port} is taken: stop what uses it, or choose another with --port\n`);
		expect([code, out]).toEqual([1, '']);
	});

	const refused: Array<[string[], string]> = [
		[['--prot', '1'], "Unknown option '--prot'; see --help"],
		[['--port', 'x'], '--port takes a whole number, not "x"'],
		[['--port', '70000'], '--port goes up to 65535, not "70000"'],
		[['--seed', 'cars=3'], expect.stringMatching(/^--seed: "cars" is none of credentials, .*$/)],
		[
			['--variant', 'moon=full'],
			expect.stringMatching(/^--variant: "moon" is none of the variants names, .*$/),
		],
		[
			['--variant', 'order=random'],
			'--variant: variant order is one of newest, oldest, id, unstable, not "random"',
		],
		[['--variant', 'late=soon'], '--variant: variant late takes milliseconds, not "soon"'],
		[['--seed', 'trunks'], '--seed trunks= takes a whole number, not ""'],
	];
	it.each(refused)('%j is one clear line', async (flags, message) => {
		const printed: string[] = [];
		const program = startProgram(flags, (line) => void printed.push(line));
		await expect(program).rejects.toMatchObject({ message });
		await expect(program).rejects.toBeInstanceOf(CannotStart);
		expect(printed).toEqual([]);
	});

	it('--help tells the flags', async () => {
		const { code, out } = await start('--help').ended;
		expect(code).toBe(0);
		for (const flag of ['--port', '--seed', '--latency', '--variant', 'order=newest|oldest']) {
			expect(out).toContain(flag);
		}
	});
});

describe('seeded accounts', () => {
	it('are realistic: trunks whole, numbers routed, calls of the last 30 days with many outcomes', async () => {
		const now = Date.parse('2026-11-20T12:00:00Z');
		const simulator = await startSimulator({ now: () => now });
		simulator.seed({ trunks: 10, numbers: 6, calls: 300 });
		await simulator.close();
		const { trunks, numbers, calls, uris, credentials } = simulator.state;
		expect(trunks.size).toBe(10);
		for (const trunk of trunks.values()) {
			const isInbound = trunk.trunk_direction === 'inbound';
			expect([...(isInbound ? uris : credentials).keys()]).toContain(
				isInbound ? trunk.primary_uri_uuid : trunk.credential_uuid,
			);
		}
		expect([...numbers.values()].filter((number) => number.application)).toHaveLength(4);
		const values = (field: string) => new Set([...calls.values()].map((call) => call[field]));
		expect(values('hangup_cause_code').size).toBeGreaterThan(8);
		expect(values('to_country').size).toBeGreaterThan(3);
		expect(values('call_direction').size).toBe(2);
		const ends = [...values('end_time')].map(String).sort();
		expect(first(ends) > '2026-10-21 12:00:00' && nth(ends, -1) <= '2026-11-20 12:00:00').toBe(
			true,
		);
		for (const call of calls.values())
			expect(call.answer_time === null).toBe(call.bill_duration === 0);
	});
});
