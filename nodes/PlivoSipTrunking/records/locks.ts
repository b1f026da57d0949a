import { cancelled } from '../failure';
import { onStop } from '../transport/pause';

/** What a piece of work needs for itself, or together with others who only share it. */
export interface Claim {
	readonly key: string;
	readonly shared?: boolean;
}

/** Keeps apart what must not happen at the same time in this process. First come, first served. */
export interface Locks {
	/**
	 * Waits for all claims, then runs `work` and returns its result. Claims are taken in the order of
	 * their keys, and work that claims more on the way claims later keys only: so nobody waits in a circle.
	 *
	 * @param lingerMs how long the claims are kept after the work, in milliseconds; the answer doesn't wait
	 * @throws PlivoFailure of kind `cancelled` when the signal ended the wait; whatever `work` throws
	 */
	hold<T>(
		claims: readonly Claim[],
		signal: AbortSignal | undefined,
		work: () => Promise<T>,
		lingerMs?: () => number,
	): Promise<T>;
	/** Whether anybody has the key. */
	isHeld(key: string): boolean;
	/** How many keys are claimed. */
	size(): number;
}

interface Waiting {
	readonly shared: boolean;
	grant(): void;
}

interface Key {
	holders: number;
	shared: boolean;
	readonly queue: Waiting[];
}

type Keys = Map<string, Key>;

const admits = (key: Key, shared: boolean) => key.holders === 0 || (shared && key.shared);

function take(key: Key, shared: boolean): void {
	key.holders++;
	key.shared = shared;
}

function serve(keys: Keys, name: string, key: Key): void {
	for (let next = key.queue[0]; next && admits(key, next.shared); next = key.queue[0]) {
		key.queue.shift();
		take(key, next.shared);
		next.grant();
	}
	if (key.holders === 0 && key.queue.length === 0) keys.delete(name);
}

async function acquire(
	keys: Keys,
	{ key: name, shared = false }: Claim,
	signal?: AbortSignal,
): Promise<void> {
	const key = keys.get(name) ?? { holders: 0, shared: false, queue: [] };
	keys.set(name, key);
	if (key.queue.length === 0 && admits(key, shared)) return take(key, shared);
	await new Promise<void>((resolve, reject) => {
		let takeBack = () => {};
		const waiting = {
			shared,
			grant() {
				takeBack();
				resolve();
			},
		};
		key.queue.push(waiting);
		takeBack = onStop(signal, () => {
			const at = key.queue.indexOf(waiting);
			if (at < 0) return;
			key.queue.splice(at, 1);
			reject(cancelled());
			// Those behind it may share with those who hold the key.
			serve(keys, name, key);
		});
	});
}

function release(keys: Keys, name: string): void {
	const key = keys.get(name);
	if (!key) return;
	key.holders--;
	serve(keys, name, key);
}

/** @param sleep waits so many milliseconds */
export function createLocks(sleep: (ms: number) => Promise<void>): Locks {
	const keys: Keys = new Map();
	return {
		async hold(claims, signal, work, lingerMs = () => 0) {
			const held: string[] = [];
			const releaseAll = () => held.forEach((name) => release(keys, name));
			try {
				for (const claim of inOrder(claims)) {
					await acquire(keys, claim, signal);
					held.push(claim.key);
				}
				return await work();
			} finally {
				const linger = lingerMs();
				if (linger > 0) void sleep(linger).then(releaseAll);
				else releaseAll();
			}
		},
		isHeld: (key) => keys.has(key),
		size: () => keys.size,
	};
}

/** Each key once, for itself where any claim wants it so. */
function inOrder(claims: readonly Claim[]): Claim[] {
	const merged = new Map<string, boolean>();
	for (const { key, shared = false } of claims)
		merged.set(key, shared && (merged.get(key) ?? true));
	return [...merged]
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([key, shared]) => ({ key, shared }));
}
