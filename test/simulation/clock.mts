/**
 * Time as a simulation has it: it stands still while anything can be done, and then jumps to the next timer.
 * Between two timers everything that promises have put off is done, without a turn of Node.js's event loop.
 */

/** A timer that has not gone off. Those of the same time go off in the order in which they were set. */
interface Timer {
	readonly at: number;
	readonly serial: number;
	work: (() => void) | undefined;
}

export interface Clock {
	/** Milliseconds since the clock was made. */
	now(): number;
	/** @returns calls it off */
	after(ms: number, work: () => void): () => void;
	/** Resolves after so many milliseconds. */
	sleep(ms: number): Promise<void>;
	/**
	 * Lets timers go off until there are none any more, or time is over.
	 *
	 * @param until the last moment, in milliseconds since the clock was made
	 * @returns whether there are none any more
	 */
	run(until: number): Promise<boolean>;
}

/** 2026-12-01, a Tuesday. */
export const EPOCH = Date.UTC(2026, 11, 1, 9, 0, 0);

function createClock(): Clock {
	const heap: Timer[] = [];
	let now = 0;
	let serials = 0;

	const before = (one: Timer, other: Timer) =>
		one.at < other.at || (one.at === other.at && one.serial < other.serial);

	function push(timer: Timer) {
		let place = heap.length;
		while (place > 0) {
			const parentPlace = (place - 1) >> 1;
			const parent = heap[parentPlace];
			if (!parent || !before(timer, parent)) break;
			heap[place] = parent;
			place = parentPlace;
		}
		heap[place] = timer;
	}

	function pop(): Timer | undefined {
		const [first] = heap;
		const last = heap.pop();
		if (!last || heap.length === 0) return first;
		let place = 0;
		for (;;) {
			const left = 2 * place + 1;
			const [one, other] = [heap[left], heap[left + 1]];
			const child = one && other && before(other, one) ? other : one;
			if (!child || !before(child, last)) break;
			heap[place] = child;
			place = child === one ? left : left + 1;
		}
		heap[place] = last;
		return first;
	}

	function after(ms: number, work: () => void) {
		const timer: Timer = {
			at: now + Math.max(0, Math.trunc(ms) || 0),
			serial: serials++,
			work,
		};
		push(timer);
		return () => {
			timer.work = undefined;
		};
	}

	return {
		now: () => now,
		after,
		sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
		run: (until) =>
			new Promise((resolve, reject) => {
				const step = () => {
					try {
						while (heap[0] && !heap[0].work) pop();
						const [timer] = heap;
						if (!timer) return resolve(true);
						if (timer.at > until) return resolve(false);
						pop();
						now = timer.at;
						timer.work?.();
						// All that follows from it comes first: the ticks are looked at when no promise is left.
						queueMicrotask(() => process.nextTick(step));
					} catch (error) {
						reject(error as Error);
					}
				};
				queueMicrotask(() => process.nextTick(step));
			}),
	};
}

/** So much lies between two simulations of one process: what it remembers of an account is too old then. */
const BETWEEN_MS = 1e9;

let simulations = 0;

/**
 * Does some work under a clock and with random numbers of its own: timers, `Date.now`, `performance.now`,
 * `Math.random` and `AbortSignal.timeout` are the simulation's meanwhile.
 */
export async function underClock<T>(
	random: () => number,
	work: (clock: Clock) => Promise<T>,
): Promise<T> {
	const clock = createClock();
	const offset = ++simulations * BETWEEN_MS;
	const never = new AbortController().signal;
	const handles = new Map<number, () => void>();
	let lastHandle = 0;
	const set = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
		const handle = ++lastHandle;
		const callOff = clock.after(ms, () => {
			handles.delete(handle);
			callback(...args);
		});
		handles.set(handle, callOff);
		return handle;
	};
	const clear = (handle: number) => {
		handles.get(handle)?.();
		handles.delete(handle);
	};
	const restore = [
		replace(globalThis, 'setTimeout', set),
		replace(globalThis, 'clearTimeout', clear),
		replace(Date, 'now', () => EPOCH + clock.now()),
		replace(performance, 'now', () => offset + clock.now()),
		replace(Math, 'random', random),
		// Bodies of simulated answers never hang.
		replace(AbortSignal, 'timeout', () => never),
	];
	try {
		return await work(clock);
	} finally {
		for (const one of restore) one();
	}
}

function replace(owner: object, name: string, value: unknown): () => void {
	const before = Object.getOwnPropertyDescriptor(owner, name);
	Object.defineProperty(owner, name, { value, configurable: true, writable: true });
	return () => {
		if (before) Object.defineProperty(owner, name, before);
		else Reflect.deleteProperty(owner, name);
	};
}
