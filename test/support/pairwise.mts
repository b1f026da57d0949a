import { randomFrom } from '../../simulator/random.mts';

type Choices = Readonly<Record<string, readonly unknown[]>>;

type Row<C extends Choices> = { -readonly [Name in keyof C]: C[Name][number] };

/** So many random rows are looked at for each that is taken. */
const CANDIDATES = 40;

/** All pairs of choices of different names, as text. */
export function pairsOf(row: Readonly<Record<string, unknown>>): string[] {
	const all = Object.entries(row).map(([name, choice]) => `${name}=${String(choice)}`);
	return all.flatMap((one, index) => all.slice(index + 1).map((other) => `${one} ${other}`));
}

/** All pairs that there are. */
export function allPairs(choices: Choices): string[] {
	const names = Object.keys(choices);
	return names.flatMap((one, index) =>
		names
			.slice(index + 1)
			.flatMap((other) =>
				(choices[one] ?? []).flatMap((first) =>
					(choices[other] ?? []).flatMap((second) => pairsOf({ [one]: first, [other]: second })),
				),
			),
	);
}

/**
 * Rows in which each choice meets each choice of every other name at least once: what two of them do to each other
 * shows in a few rows instead of in all combinations.
 *
 * @param seed the same one gives the same rows
 */
export function pairwise<C extends Choices>(choices: C, seed: number): Array<Row<C>> {
	const random = randomFrom(seed);
	const open = new Set(allPairs(choices));
	const rows: Array<Row<C>> = [];
	while (open.size > 0) {
		const [wanted = ''] = open;
		let best: { row: Row<C>; covered: string[] } | undefined;
		for (let candidate = 0; candidate < CANDIDATES; candidate++) {
			const row = Object.fromEntries(
				Object.entries(choices).map(([name, all]) => {
					// The first open pair is in each, so that every row takes one away.
					const asked = all.find((one) => ` ${wanted} `.includes(` ${name}=${String(one)} `));
					return [name, asked ?? all[Math.floor(random() * all.length)]];
				}),
			) as Row<C>;
			const covered = pairsOf(row).filter((pair) => open.has(pair));
			if (!best || covered.length > best.covered.length) best = { row, covered };
		}
		for (const pair of best?.covered ?? []) open.delete(pair);
		if (best) rows.push(best.row);
	}
	return rows;
}
