import fc from '../../support/fastCheck.mts';

import {
	createLimiter,
	type Limiter,
	type Slot,
} from '../../../nodes/PlivoSipTrunking/transport/limiter.ts';
import { nth } from '../../support/elements.mts';

const WINDOW_MS = 5_000;
const WINDOW_REQUESTS = 300;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const elapse = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** Requests that are made at once; each is answered after so many milliseconds. */
function makeRequests(
	limiter: Limiter,
	count: number,
	{ owner = {}, latencyMs = 50, accepts = () => true } = {} as {
		owner?: object;
		latencyMs?: number;
		accepts?: () => boolean;
	},
) {
	const sentAt: number[] = [];
	for (let made = 0; made < count; made++) {
		void limiter.acquire(owner).then((slot) => {
			sentAt.push(performance.now());
			setTimeout(() => slot.done(accepts()), latencyMs);
		});
	}
	return sentAt;
}

/** What Plivo does: a sliding window over the requests that it has accepted. */
function createPlivo(capacity = WINDOW_REQUESTS) {
	const accepted: number[] = [];
	return () => {
		const now = performance.now();
		while ((accepted[0] ?? Infinity) <= now - WINDOW_MS) accepted.shift();
		if (accepted.length >= capacity) return false;
		accepted.push(now);
		return true;
	};
}

describe('the window', () => {
	it('is used up at once, and further requests go as soon as places are free', async () => {
		const sentAt = makeRequests(createLimiter(), 600);
		const startedAt = performance.now();
		await elapse(4_000);
		expect(sentAt).toHaveLength(300);
		expect(nth(sentAt, 299) - startedAt).toBeLessThan(300);
		await elapse(4_000);
		expect(sentAt).toHaveLength(600);
		expect(nth(sentAt, 300) - startedAt).toBe(WINDOW_MS + 50);
		expect(nth(sentAt, 599) - startedAt).toBeLessThan(WINDOW_MS + 400);
	});

	it('keeps the place of a request without an answer as long as Plivo may still count it', async () => {
		const limiter = createLimiter();
		const startedAt = performance.now();
		for (let made = 0; made < 300; made++) {
			void limiter.acquire({}).then((slot) => slot.done(true, made > 0));
		}
		const sentAt = makeRequests(limiter, 300);
		await elapse(WINDOW_MS + 2_900);
		expect(sentAt).toHaveLength(299);
		await elapse(200);
		expect(nth(sentAt, 299) - startedAt).toBe(WINDOW_MS + 3_000);
	});

	it('is free again after a break', async () => {
		const limiter = createLimiter();
		makeRequests(limiter, 300);
		await elapse(6_000);
		const sentAt = makeRequests(limiter, 300);
		await elapse(400);
		expect(sentAt).toHaveLength(300);
	});

	it('never holds more requests than Plivo counts, whenever within a request it does', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ out: fc.nat(400), back: fc.nat(400), gap: fc.nat(30) }), {
					minLength: 650,
					maxLength: 750,
				}),
				async (requests) => {
					const limiter = createLimiter();
					const plivo = createPlivo();
					let refused = 0;
					let answered = 0;
					for (const { out, back, gap } of requests) {
						void limiter.acquire(limiter).then((slot) => {
							setTimeout(() => {
								const accepted = plivo();
								if (!accepted) refused++;
								setTimeout(() => {
									answered++;
									slot.done(accepted);
								}, back);
							}, out);
						});
						await elapse(gap);
					}
					await elapse(60_000);
					expect({ answered, refused }).toEqual({ answered: requests.length, refused: 0 });
				},
			),
			{ numRuns: 5, seed: 1 },
		);
	});

	it('counts from when a request leaves, not from when n8n prepared it', async () => {
		const limiter = createLimiter();
		const prepared = limiter.acquire({});
		// n8n prepares all items of a run without letting anything else happen.
		jest.advanceTimersByTime(3_000);
		(await prepared).done(true);
		const leftAt = performance.now();
		const sentAt = makeRequests(limiter, 300, { latencyMs: 0 });
		await elapse(20_000);
		expect(nth(sentAt, 299) - leftAt).toBe(WINDOW_MS);
	});

	it('takes a request that hangs for counted after three seconds', async () => {
		const limiter = createLimiter();
		const startedAt = performance.now();
		for (let hanging = 0; hanging < 10; hanging++) void limiter.acquire({});
		const sentAt = makeRequests(limiter, 300, { latencyMs: 0 });
		await elapse(20_000);
		expect(nth(sentAt, 290) - startedAt).toBeGreaterThanOrEqual(WINDOW_MS);
		expect(nth(sentAt, 299) - startedAt).toBeLessThanOrEqual(WINDOW_MS + 3_000);
	});
});

describe('the places under way', () => {
	it('are 60 for a run alone', async () => {
		const sentAt = makeRequests(createLimiter(), 100, { latencyMs: 10_000 });
		await elapse(9_000);
		expect(sentAt).toHaveLength(60);
		await elapse(2_000);
		expect(sentAt).toHaveLength(100);
	});

	it('are shared alike by runs that come at the same time', async () => {
		const limiter = createLimiter();
		const begin = () => makeRequests(limiter, 100, { owner: {}, latencyMs: 10_000 });
		const [one, other, third] = [begin(), begin(), begin()];
		await elapse(1_000);
		// The first came alone; its places are the others’ when its requests end.
		expect([one, other, third].map(({ length }) => length)).toEqual([60, 30, 20]);
		await elapse(10_000);
		expect(third).toHaveLength(40);
		expect(other).toHaveLength(50);
	});

	it('that a hanging run has are missing to no other', async () => {
		const limiter = createLimiter();
		const hanging = makeRequests(limiter, 200, { owner: {}, latencyMs: 600_000 });
		await elapse(10);
		expect(hanging).toHaveLength(60);
		const startedAt = performance.now();
		const sentAt = makeRequests(limiter, 240, { owner: {} });
		await elapse(2_000);
		expect(sentAt).toHaveLength(240);
		expect(nth(sentAt, 239) - startedAt).toBeLessThan(500);
	});

	it('that several hanging runs have leave some to one that comes then', async () => {
		const limiter = createLimiter();
		for (let run = 0; run < 4; run++) {
			makeRequests(limiter, 60, { owner: {}, latencyMs: 600_000 });
		}
		await elapse(10_000);
		const sentAt = makeRequests(limiter, 100, { owner: {} });
		await elapse(1_000);
		expect(sentAt).toHaveLength(100);
	});

	it('of a run that is over are the others’ again', async () => {
		const limiter = createLimiter();
		makeRequests(limiter, 1, { owner: {}, latencyMs: 3_000 });
		await elapse(1);
		const sentAt = makeRequests(limiter, 100, { owner: {}, latencyMs: 10_000 });
		await elapse(2_000);
		expect(sentAt).toHaveLength(30);
		await elapse(2_000);
		expect(sentAt).toHaveLength(60);
	});

	it('make an account busy until they are given back', async () => {
		const limiter = createLimiter();
		expect(limiter.isBusy()).toBe(false);
		makeRequests(limiter, 1, { latencyMs: 50 });
		await elapse(10);
		expect(limiter.isBusy()).toBe(true);
		await elapse(100);
		expect(limiter.isBusy()).toBe(false);
	});
});

describe('the queue', () => {
	/** A limiter whose window is used up, and who gets the next places. */
	async function full() {
		const limiter = createLimiter();
		makeRequests(limiter, 300, { latencyMs: 0 });
		await elapse(1_000);
		const order: string[] = [];
		const ask = (name: string, owner: object, signal?: AbortSignal, urgent?: boolean) =>
			limiter.acquire(owner, signal, urgent).then((slot) => {
				order.push(name);
				slot.done(true);
			});
		return { limiter, order, ask };
	}

	it('serves first who came first', async () => {
		const { order, ask } = await full();
		for (const name of ['1', '2', '3', '4']) void ask(name, order);
		await elapse(6_000);
		expect(order.join()).toBe('1,2,3,4');
	});

	it('lets runs take turns', async () => {
		const { order, ask } = await full();
		const [many, few] = [{}, {}];
		for (const name of ['m1', 'm2', 'm3', 'm4']) void ask(name, many);
		for (const name of ['f1', 'f2']) void ask(name, few);
		await elapse(6_000);
		expect(order.join()).toBe('m1,f1,m2,f2,m3,m4');
	});

	it('puts repeated requests before the others of their run, in their own order', async () => {
		const { order, ask } = await full();
		const run = {};
		void ask('1', run);
		void ask('2', run);
		void ask('repeated 1', run, undefined, true);
		void ask('repeated 2', run, undefined, true);
		await elapse(6_000);
		expect(order.join()).toBe('repeated 1,repeated 2,1,2');
	});

	it('forgets the waiting requests of a stopped execution at once', async () => {
		const { order, ask } = await full();
		const [stopped, other] = [{}, {}];
		const execution = new AbortController();
		const waiting = [1, 2, 3].map(
			async (n) => await ask(`stopped ${n}`, stopped, execution.signal),
		);
		void ask('other', other);
		execution.abort();
		const ends = await Promise.allSettled(waiting);
		expect(ends).toEqual(
			ends.map(() => ({
				status: 'rejected',
				reason: expect.objectContaining({ kind: 'cancelled' }),
			})),
		);
		await elapse(6_000);
		expect(order).toEqual(['other']);
	});

	it('gives no place to an execution that has been stopped', async () => {
		const limiter = createLimiter();
		await expect(limiter.acquire({}, AbortSignal.abort())).rejects.toMatchObject({
			kind: 'cancelled',
		});
		const sentAt = makeRequests(limiter, 300, { latencyMs: 0 });
		await elapse(1_000);
		expect(sentAt).toHaveLength(300);
	});

	it('puts one listener on a signal, however many wait, and leaves no timer behind', async () => {
		const execution = new AbortController();
		const added = jest.spyOn(execution.signal, 'addEventListener');
		const limiter = createLimiter();
		for (let made = 0; made < 400; made++) {
			void limiter.acquire({}, execution.signal).then((slot: Slot) => slot.done(true));
		}
		await elapse(12_000);
		expect(limiter.accepted()).toBe(400);
		expect(added).toHaveBeenCalledTimes(1);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('has forgotten what got its place when the execution is stopped', async () => {
		const execution = new AbortController();
		const owner = {};
		const limiter = createLimiter();
		makeRequests(limiter, 1);
		await elapse(2_000);
		makeRequests(limiter, 299);
		await elapse(1_000);
		const granted = jest.fn();
		void limiter.acquire(owner, execution.signal).then(granted);
		const sentAt = makeRequests(limiter, 2, { owner });
		// The first place is free after five seconds, the others two seconds later.
		await elapse(3_000);
		expect(granted).toHaveBeenCalledTimes(1);
		expect(sentAt).toHaveLength(0);
		execution.abort();
		await elapse(3_000);
		expect(sentAt).toHaveLength(2);
	});

	it('sends nothing while it is held back, however short the hold that is asked for meanwhile', async () => {
		const limiter = createLimiter();
		const startedAt = performance.now();
		limiter.holdBack(8_000);
		const sentAt = makeRequests(limiter, 3);
		limiter.holdBack(1_000);
		await elapse(20_000);
		expect(sentAt.map((at) => at - startedAt)).toEqual([8_000, 8_000, 8_000]);
	});
});

describe('an account that others use as well', () => {
	it('finishes with nobody starved, and little more time than the account needs', async () => {
		const plivo = createPlivo();
		const startedAt = performance.now();
		let refused = 0;
		/** Repeats what is refused, as `request` does. */
		const send = async (limiter: Limiter, owner: object, urgent = false): Promise<void> => {
			const slot = await limiter.acquire(owner, undefined, urgent);
			const accepted = plivo();
			await new Promise((resolve) => setTimeout(resolve, 20));
			slot.done(accepted);
			if (accepted) return;
			refused++;
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
			await send(limiter, owner, true);
		};
		const endedAt: number[] = [];
		for (let program = 0; program < 4; program++) {
			const limiter = createLimiter();
			void Promise.all(Array.from({ length: 600 }, async () => await send(limiter, limiter))).then(
				() => endedAt.push(performance.now() - startedAt),
			);
		}
		await elapse(120_000);
		const bound = WINDOW_MS * Math.floor((4 * 600 - 1) / WINDOW_REQUESTS);
		expect(endedAt).toHaveLength(4);
		expect(Math.max(...endedAt)).toBeLessThan(1.5 * bound);
		expect(refused).toBeLessThan(2_400);
	});

	it('asks little while everything is refused, and all again when it is alone', async () => {
		const limiter = createLimiter();
		let others = true;
		const sentAt = makeRequests(limiter, 10_000, { accepts: () => !others });
		await elapse(8 * WINDOW_MS);
		const before = sentAt.length;
		await elapse(4 * WINDOW_MS);
		expect((sentAt.length - before) / 4).toBeLessThan(WINDOW_REQUESTS / 4);
		others = false;
		await elapse(4 * WINDOW_MS);
		const recovered = sentAt.length;
		await elapse(2 * WINDOW_MS);
		expect(sentAt.length - recovered).toBeGreaterThanOrEqual(580);
	});

	it('forgets a single refusal soon', async () => {
		const limiter = createLimiter();
		(await limiter.acquire({})).done(false);
		const sentAt = makeRequests(limiter, 250, { latencyMs: 5 });
		await elapse(1_000);
		expect(sentAt).toHaveLength(250);
	});
});
