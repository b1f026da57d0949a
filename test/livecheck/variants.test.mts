import { variantsOf } from '../../livecheck/findings.mts';
import { type Simulator, startSimulator, type Variants } from '../../simulator/simulator.mts';
import { defaultVariants, VARIANT_CHOICES } from '../../simulator/variants.mts';
import { someOf } from '../support/lane.mts';
import { check, differencesOf, fill, NUMBER, snapshotOf, TWO_PAGES } from './account.mts';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false });
});

beforeEach(() => simulator.reset());

afterAll(async () => await simulator.close());

/** What the check can see: how long a lost request takes isn't among it. */
function visible({ slow: _slow, late, ...variants }: Variants) {
	return { ...variants, late: String(late) };
}

/** What Plivo is taken to do, and each choice that is something else: the first of each variant is the default. */
const CASES = someOf<readonly [name: string, choice: string]>(
	[
		['names', 'account'],
		...Object.entries(VARIANT_CHOICES).flatMap(([name, [, ...others]]) =>
			others.map((choice) => [name, choice] as const),
		),
	],
	3,
);

it.each(CASES)('%s=%s is told right, and the account is as it was', async (name, choice) => {
	const variants = { ...defaultVariants(), [name]: choice } as Variants;
	// What is taken shows in a refusal only: here each kind refuses.
	if (name === 'taken') Object.assign(variants, { othernames: 'unique', uri: 'one' });
	Object.assign(simulator.variants, variants);
	fill(simulator, { atOnce: choice === 'unstable' });
	const before = snapshotOf(simulator);
	simulator.faults.add({ nth: 5, faults: [{ kind: 'status', status: 429, retryAfter: 0 }] });
	const result = await check(simulator, { number: NUMBER });

	const expected: Partial<ReturnType<typeof visible>> = visible(variants);
	// Nothing was refused that tells.
	if (choice === 'none' && name === 'names') delete expected.taken;
	expect(variantsOf(result.findings)).toEqual(expected);
	expect(differencesOf(result)).toEqual([]);
	expect(result).toMatchObject({ left: [], unfinished: undefined });
	expect(snapshotOf(simulator)).toBe(before);
});

it('late: the time until a new record is listed', async () => {
	fill(simulator);
	Object.assign(simulator.variants, { late: 1_500 });
	const before = snapshotOf(simulator);
	// One clock for both, which only the account's work moves on: a busy machine's doesn't tell what was measured.
	let clock = Date.now();
	const { now } = simulator.options;
	simulator.options.now = () => (clock += 20);
	const measured = jest.spyOn(performance, 'now').mockImplementation(() => clock);
	const result = await check(simulator).finally(() => {
		measured.mockRestore();
		simulator.options.now = now;
	});
	const late = result.findings.filter(({ id }) => id.endsWith('.late'));
	expect(late).toHaveLength(4);
	for (const { variant, verdict } of late) {
		expect(Math.abs(Number(variant?.value) - 1_500)).toBeLessThan(100);
		expect(verdict).toBe('variant');
	}
	expect(snapshotOf(simulator)).toBe(before);
});

it('the whole of variants at once', async () => {
	const variants: Partial<Variants> = {
		names: 'direction',
		othernames: 'unique',
		taken: '409',
		uri: 'one',
		clear: 'ignored',
		detach: 'dead',
		order: 'oldest',
		time: 'missing',
		date: 'missing',
		secure: 'refused',
		compliance: 'nested',
	};
	Object.assign(simulator.variants, variants);
	fill(simulator, { records: TWO_PAGES });
	const before = snapshotOf(simulator);
	const result = await check(simulator, { number: NUMBER });
	expect(variantsOf(result.findings)).toEqual({ ...variants, late: '0' });
	expect(snapshotOf(simulator)).toBe(before);
});

it.each(['account', 'direction', 'none'] as const)(
	'names=%s, order=id, an empty account: told with records of the check alone',
	async (names) => {
		Object.assign(simulator.variants, { names, order: 'id' });
		const before = snapshotOf(simulator);
		const result = await check(simulator);
		expect(variantsOf(result.findings)).toMatchObject({ names, order: 'id' });
		expect(differencesOf(result)).toEqual([]);
		expect(snapshotOf(simulator)).toBe(before);
	},
);

describe('without --write', () => {
	it.each(['newest', 'oldest', 'id'] as const)(
		'nothing is written, and order=%s is told by the records that are there',
		async (order) => {
			Object.assign(simulator.variants, { order });
			fill(simulator);
			const before = snapshotOf(simulator);
			const result = await check(simulator, { write: false });
			expect(simulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
			expect(simulator.requests.length).toBeGreaterThan(30);
			expect(variantsOf(result.findings).order).toBe(order);
			expect(differencesOf(result)).toEqual([]);
			expect(snapshotOf(simulator)).toBe(before);
		},
	);

	it('an empty account: what it has none of could not be told', async () => {
		const result = await check(simulator, { write: false });
		const untold = result.findings.filter(({ verdict }) => verdict === 'untold');
		expect(untold.map(({ id }) => id)).toContain('trunk.fields');
		expect(differencesOf(result)).toEqual([]);
	});
});

it('asks for no more than so many requests a second', async () => {
	await check(simulator, { write: false, timing: { requestsPerSecond: 50 } });
	const times = simulator.requests.map(({ at }) => at);
	const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
	expect(times.length / seconds).toBeLessThan(55);
	expect(times.length).toBeGreaterThan(20);
});
