/** A way in which an API can fail. `done`: the work is carried out before the failure. */
export type Fault =
	| {
			kind: 'status';
			status: number;
			body?: unknown;
			retryAfter?: string | number;
			html?: boolean;
			done?: boolean;
	  }
	/** The connection breaks before, or with `done` after, the work. */
	| { kind: 'reset'; done?: boolean }
	/** No answer for as long as the client waits. */
	| { kind: 'hang'; done?: boolean }
	/** Half of the answer; the work is done. */
	| { kind: 'truncate' }
	| { kind: 'badJson' }
	| { kind: 'empty' }
	| { kind: 'html'; done?: boolean }
	| { kind: 'delay'; ms: number }
	| { kind: 'redirect'; location: string }
	/** An answer of more than 5 MB. */
	| { kind: 'huge' };

export interface FaultRule {
	/** Default: every method. */
	method?: string;
	/** A part of the path, or a pattern. */
	path?: string | RegExp;
	/** Only the nth request that matches, from 1. */
	nth?: number;
	/** From the nth request that matches on. */
	from?: number;
	/** So many times at most. */
	times?: number;
	/** 0–1; default 1. */
	probability?: number;
	/** For `probability` and the choice among several faults. */
	randomSeed?: number;
	/** One of them is picked each time. */
	faults: Fault[];
}

/** A small seeded generator (mulberry32): the same faults in every run of a test. */
function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export interface Faults {
	add(rule: FaultRule): void;
	clear(): void;
	/** The fault that meets a request, if one does. */
	pick(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
	let rules: Array<FaultRule & { seen: number; used: number; random: () => number }> = [];
	return {
		add(rule) {
			if (!Array.isArray(rule.faults) || rule.faults.length === 0) {
				throw new Error('A fault rule needs "faults", a list of at least one fault');
			}
			rules.push({ ...rule, seen: 0, used: 0, random: randomFrom(rule.randomSeed ?? 1) });
		},
		clear() {
			rules = [];
		},
		pick(method, path) {
			for (const rule of rules) {
				if (rule.method && rule.method !== method) continue;
				if (
					rule.path instanceof RegExp
						? !rule.path.test(path)
						: rule.path && !path.includes(rule.path)
				) {
					continue;
				}
				rule.seen++;
				if (rule.nth !== undefined && rule.seen !== rule.nth) continue;
				if (rule.from !== undefined && rule.seen < rule.from) continue;
				if (rule.times !== undefined && rule.used >= rule.times) continue;
				if (rule.probability !== undefined && rule.random() >= rule.probability) continue;
				rule.used++;
				return rule.faults[Math.floor(rule.random() * rule.faults.length)];
			}
			return undefined;
		},
	};
}
