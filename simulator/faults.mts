import { randomFrom } from './random.mts';

/** A way in which an API can fail. `done`: the work is carried out before the failure. */
export type Fault =
	| {
			kind: 'status';
			status: number;
			/** Text goes out as it is, anything else as JSON; without it an error as Plivo has them. */
			body?: unknown;
			/** The body is a gateway's HTML page. */
			html?: boolean;
			headers?: Record<string, string>;
			retryAfter?: string | number;
			done?: boolean;
	  }
	/** The connection breaks; `resetAfter`: after the work. */
	| { kind: 'reset' | 'resetAfter'; done?: boolean }
	/** No answer for as long as the client waits; `hangAfter`: after the work. */
	| { kind: 'hang' | 'hangAfter'; done?: boolean }
	/** The work is done; half of the answer comes, then the connection breaks. */
	| { kind: 'truncate' }
	/** The work is done; a whole answer, but of half a JSON text. */
	| { kind: 'badJson' }
	/** The work is done; the answer is a 200 without a body. */
	| { kind: 'empty' }
	/** A gateway's 502 page. */
	| { kind: 'html'; done?: boolean }
	/** The work is done and answered, so many milliseconds later. */
	| { kind: 'delay'; ms: number }
	| { kind: 'redirect'; location: string }
	/**
	 * The answer is lost at once, as a gateway's 504, a broken connection or none at all; the request is carried out
	 * all the same, so many milliseconds later (default: the variant `slow`).
	 */
	| { kind: 'slow'; as?: 'gateway' | 'reset' | 'hang'; ms?: number }
	/** The number that the path ends with is rented by somebody else just before the work. */
	| { kind: 'vanish' }
	/** The work is done; an answer of more than 5 MB. */
	| { kind: 'huge' };

const FAULT_KINDS: ReadonlyArray<Fault['kind']> = [
	'status',
	'reset',
	'resetAfter',
	'hang',
	'hangAfter',
	'truncate',
	'badJson',
	'empty',
	'html',
	'delay',
	'redirect',
	'slow',
	'vanish',
	'huge',
];

export interface FaultRule {
	/** Default: every method. */
	method?: string;
	/** A part of the path after `/v1/Account/<auth id>`, or a pattern for it. */
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

export interface Faults {
	/** @throws when the rule has no faults or an unknown kind of fault */
	add(rule: FaultRule): void;
	clear(): void;
	/** The fault that meets a request, if one does: of the first rule that applies. */
	pick(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
	let rules: Array<FaultRule & { seen: number; used: number; random: () => number }> = [];
	return {
		add(rule) {
			if (!Array.isArray(rule.faults) || rule.faults.length === 0) {
				throw new Error('A fault rule needs "faults", a list of at least one fault');
			}
			const unknown = rule.faults.find(({ kind }) => !FAULT_KINDS.includes(kind));
			if (unknown) {
				throw new Error(`"${unknown.kind}" is none of the faults ${FAULT_KINDS.join(', ')}`);
			}
			rules.push({ ...rule, seen: 0, used: 0, random: randomFrom(rule.randomSeed ?? 1) });
		},
		clear() {
			rules = [];
		},
		pick(method, path) {
			for (const rule of rules) {
				if (rule.method && rule.method !== method) continue;
				if (!matches(rule.path, path)) continue;
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

function matches(wanted: string | RegExp | undefined, path: string): boolean {
	if (wanted instanceof RegExp) return path.search(wanted) >= 0;
	return path.includes(wanted ?? '');
}
