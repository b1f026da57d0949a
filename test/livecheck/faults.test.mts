import { variantsOf } from '../../livecheck/findings.mts';
import { type Fault, type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { LONG, someOf } from '../support/lane.mts';
import { check, differencesOf, fill, NUMBER, snapshotOf } from './account.mts';

jest.setTimeout(240_000);

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false, variants: { clear: 'clears' } });
});

beforeEach(() => simulator.reset());

afterAll(async () => await simulator.close());

const FAULTS: Fault[] = [
	{ kind: 'status', status: 500, done: true },
	{ kind: 'resetAfter' },
	{ kind: 'status', status: 503 },
	{ kind: 'reset' },
	{ kind: 'badJson' },
	{ kind: 'empty' },
	{ kind: 'slow', ms: 15 },
	{ kind: 'slow', as: 'reset', ms: 15 },
];

/** Runs the check, with a fault where one is given. */
async function runWith(rule?: { method: string; nth: number; faults: Fault[] }) {
	simulator.reset();
	fill(simulator, { records: 8 });
	const before = snapshotOf(simulator);
	if (rule) simulator.faults.add(rule);
	const result = await check(simulator, { number: NUMBER });
	while (simulator.unfinished > 0) await new Promise((resolve) => setTimeout(resolve, 2));
	return { result, before };
}

/** What is told where nothing fails, and the methods of the requests that this takes. */
let undisturbed: { variants: Record<string, string>; methods: string[] };

beforeAll(async () => {
	const { result } = await runWith();
	const methods = simulator.requests.map(({ method }) => method);
	undisturbed = { variants: variantsOf(result.findings), methods };
});

describe.each(['POST', 'DELETE', 'GET'])('each %s', (method) => {
	// Reading is the same for each list: every request once is done with the first two faults.
	const faults = method === 'POST' ? FAULTS : FAULTS.slice(0, 5);
	it.each(someOf(faults, 2))(
		'failing once with %j: all told right, the account as it was',
		async (fault) => {
			const requests = undisturbed.methods.filter((one) => one === method).length;
			const step = method !== 'GET' || FAULTS.indexOf(fault) < 2 ? (method === 'GET' ? 3 : 1) : 11;
			const pace = LONG ? step : 9 * step;
			const first = method === 'GET' ? 1 + (FAULTS.indexOf(fault) % 3) : 1;
			for (let nth = first; nth <= requests; nth += pace) {
				const { result, before } = await runWith({ method, nth, faults: [fault] });
				const label = `${method} ${nth}, ${JSON.stringify(fault)}`;
				const untold = result.findings.filter(({ verdict }) => verdict === 'untold').length;
				expect([label, differencesOf(result), result.left, result.unfinished]).toEqual([
					label,
					[],
					[],
					undefined,
				]);
				expect([label, variantsOf(result.findings)]).toEqual([label, undisturbed.variants]);
				// At most an answer that was lost is missing.
				expect(untold).toBeLessThanOrEqual(3 + 2);
				expect([label, snapshotOf(simulator)]).toEqual([label, before]);
			}
		},
	);
});

it('a create whose answer is lost is looked for before it is made again', async () => {
	const fault: Fault = { kind: 'resetAfter' };
	simulator.faults.add({ method: 'POST', path: '/Trunk/', nth: 1, faults: [fault] });
	await check(simulator);
	const at = simulator.requests.findIndex(({ fault: met }) => met === 'resetAfter');
	const [lost, next] = simulator.requests.slice(at);
	expect([next?.method, next?.path]).toEqual(['GET', '/Zentrunk/Trunk/']);
	const same = simulator.requests.filter(
		({ method, path, body }) =>
			method === 'POST' &&
			path === lost?.path &&
			JSON.stringify(body) === JSON.stringify(lost?.body),
	);
	// The lost one, and the one that tries whether its name is taken.
	expect(same).toHaveLength(2);
});

it('no network any more in the middle: said, and what was made is left with the remedy', async () => {
	fill(simulator);
	let posts = 0;
	simulator.onRequest(({ method }) => {
		if (method === 'POST' && ++posts === 6) simulator.faults.add({ faults: [{ kind: 'reset' }] });
	});
	const result = await check(simulator);
	expect(result.unfinished).toMatch(/^Plivo can not be reached: the connection breaks/);
	expect(result.left).toEqual([expect.stringContaining('can not be reached')]);
	simulator.faults.clear();
	const next = await check(simulator);
	expect(next.findings.find(({ id }) => id === 'leftovers')?.seen).toMatch(/are removed/);
	expect(JSON.stringify([...simulator.state.trunks.values()])).not.toContain('check-');
});

it('after a lost answer about a number, it is read only when nothing more can become of it', async () => {
	fill(simulator, { records: 8 });
	simulator.faults.add({
		method: 'POST',
		path: '/Number/',
		nth: 1,
		faults: [{ kind: 'slow', ms: 15 }],
	});
	await check(simulator, { number: NUMBER, timing: { settleMs: 200 } });
	const requests = simulator.requests.filter(({ path }) => path === `/Number/${NUMBER}/`);
	const lost = requests.findIndex(({ fault }) => fault === 'slow');
	const [sent, again, readBack] = requests.slice(lost);
	expect([again?.method, readBack?.method]).toEqual(['POST', 'GET']);
	expect((readBack?.at ?? 0) - (sent?.at ?? 0)).toBeGreaterThanOrEqual(195);
});
