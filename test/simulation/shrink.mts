/** A failing history made short: what can be left out while the same rule is still broken is left out. */
import { nth } from '../support/elements.mts';
import type { Core } from './core.mts';
import type { Action, History, RunAction } from './history.mts';
import { simulate } from './simulate.mts';

/** So many simulations at most. */
const MOST_TRIES = 1_500;

export async function shrink(history: History, rule: string, core?: Core): Promise<History> {
	let tries = 0;
	const fails = async (candidate: History) => {
		if (++tries > MOST_TRIES) return false;
		const { broken } = await simulate(candidate, { core });
		return broken.some((one) => one.rule === rule);
	};
	let current = history;
	for (;;) {
		const before = JSON.stringify(current);
		current = await withoutParts(
			current,
			({ actions }) => actions,
			(whole, actions) => ({ ...whole, actions }),
			fails,
		);
		current = await firstOf(current, simpler, fails);
		if (JSON.stringify(current) === before || tries > MOST_TRIES) return current;
	}
}

/** Leaves out parts of a list, halves first, then ever smaller pieces. */
async function withoutParts<T>(
	history: History,
	partsOf: (history: History) => readonly T[],
	having: (history: History, parts: T[]) => History,
	fails: (history: History) => Promise<boolean>,
): Promise<History> {
	let current = history;
	for (let size = Math.ceil(partsOf(current).length / 2); size >= 1; size = Math.floor(size / 2)) {
		for (let from = 0; from < partsOf(current).length; ) {
			const parts = partsOf(current);
			const candidate = having(current, [...parts.slice(0, from), ...parts.slice(from + size)]);
			if (await fails(candidate)) current = candidate;
			else from += size;
		}
	}
	return current;
}

/** Takes each simplification that keeps the failure. */
async function firstOf(
	history: History,
	candidatesOf: (history: History) => Array<(history: History) => History>,
	fails: (history: History) => Promise<boolean>,
): Promise<History> {
	let current = history;
	for (const simplify of candidatesOf(history)) {
		const candidate = simplify(current);
		if (JSON.stringify(candidate) !== JSON.stringify(current) && (await fails(candidate))) {
			current = candidate;
		}
	}
	return current;
}

const without = <T extends object>(whole: T, field: keyof T): T => {
	const { [field]: _left, ...rest } = whole;
	return rest as T;
};

function simpler({ variants, initial, actions }: History): Array<(history: History) => History> {
	const all: Array<(history: History) => History> = [
		(whole) => ({ ...whole, rateLimit: false }),
		(whole) => ({ ...whole, skew: 0 }),
		(whole) => ({ ...whole, amnesia: undefined }),
		(whole) => ({ ...whole, forgetsTries: undefined }),
		(whole) => ({ ...whole, latency: { least: 10, most: 10 } }),
		(whole) => ({ ...whole, initial: { customers: [], fillers: {} } }),
	];
	for (const name of Object.keys(variants) as Array<keyof typeof variants>) {
		all.push((whole) => ({ ...whole, variants: without(whole.variants, name) }));
	}
	for (const customer of initial.customers) {
		all.push((whole) => ({
			...whole,
			initial: {
				...whole.initial,
				customers: whole.initial.customers.filter((other) => other !== customer),
			},
		}));
	}
	for (const kind of Object.keys(initial.fillers) as Array<keyof typeof initial.fillers>) {
		all.push((whole) => ({
			...whole,
			initial: { ...whole.initial, fillers: without(whole.initial.fillers, kind) },
		}));
	}
	for (const action of actions) {
		if (action.do !== 'run') continue;
		const change =
			(by: (run: RunAction) => RunAction) =>
			(whole: History): History => ({
				...whole,
				actions: whole.actions.map(
					(one): Action => (one.do === 'run' && one.id === action.id ? by(one) : one),
				),
			});
		for (const field of ['tries', 'goesOn', 'cancelAfter', 'faults'] as const) {
			if (action[field] !== undefined) all.push(change((run) => without(run, field)));
		}
		for (let place = (action.faults ?? []).length - 1; place >= 0; place--) {
			all.push(
				change((run) => ({ ...run, faults: run.faults?.filter((_fault, at) => at !== place) })),
			);
			all.push(
				change((run) => ({
					...run,
					faults: run.faults?.map((fault, at) => (at === place ? { ...fault, times: 1 } : fault)),
				})),
			);
		}
		for (let place = action.items.length - 1; place >= 0; place--) {
			if (action.items.length > 1) {
				all.push(
					change((run) =>
						run.items.length > 1
							? { ...run, items: run.items.filter((_item, at) => at !== place) }
							: run,
					),
				);
			}
			for (const option of Object.keys(nth(action.items, place).options ?? {})) {
				all.push(
					change((run) => ({
						...run,
						items: run.items.map((item, at) =>
							at === place ? { ...item, options: without(item.options ?? {}, option) } : item,
						),
					})),
				);
			}
		}
	}
	return all;
}
