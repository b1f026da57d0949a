/** What happened lately, by key, the oldest first; bounded in number and in age. */
export interface Recent<V> {
	get(key: string): V | undefined;
	has(key: string): boolean;
	set(key: string, value: V): void;
	delete(key: string): void;
	entries(): Array<[string, V]>;
}

/**
 * @param most entries that are kept; beyond it the oldest go
 * @param ageMs after which an entry is forgotten
 */
export function createRecent<V>(most: number, ageMs: number): Recent<V> {
	const kept = new Map<string, { value: V; at: number }>();
	const forget = () => {
		const now = performance.now();
		for (const [key, { at }] of kept) {
			if (kept.size <= most && now - at <= ageMs) return;
			kept.delete(key);
		}
	};
	const current = (key: string) => {
		forget();
		return kept.get(key);
	};
	return {
		get: (key) => current(key)?.value,
		has: (key) => current(key) !== undefined,
		set(key, value) {
			// Behind the others: the oldest are the first.
			kept.delete(key);
			kept.set(key, { value, at: performance.now() });
			forget();
		},
		delete: (key) => void kept.delete(key),
		entries() {
			forget();
			return [...kept].map(([key, { value }]) => [key, value]);
		},
	};
}
