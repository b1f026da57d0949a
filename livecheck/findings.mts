import { VARIANT_CHOICES } from '../simulator/variants.mts';
import { formatOf, safeFieldName } from './formats.mts';
import type { PlivoRecord, Shape } from './kinds.mts';

/**
 * `variant`: not the likeliest, but among what Plivo may do as far as we know, and the nodes are right with it.
 * `untold`: could not be told.
 */
export type Verdict = 'expected' | 'variant' | 'different' | 'untold';

/** The variants of the simulator that can be seen in an account. */
export type VariantName = keyof typeof VARIANT_CHOICES | 'late';

/** One row of the report. Nothing in it comes from a value of the account. */
export interface Finding {
	id: string;
	fact: string;
	seen: string;
	verdict: Verdict;
	/** The simulator's variant that acts like this. */
	variant?: { name: VariantName; value: string };
}

export interface FindingList {
	readonly all: readonly Finding[];
	add(id: string, fact: string, verdict: Verdict, seen: string): void;
	/** Something that Plivo may do in several ways; the simulator has each of them. */
	addVariant(
		id: string,
		fact: string,
		variant: { name: keyof typeof VARIANT_CHOICES; value: string },
		seen: string,
	): void;
	addLate(id: string, fact: string, milliseconds: number): void;
	/** It could not be told, and why. */
	untold(id: string, fact: string, why: string): void;
}

export function createFindings(): FindingList {
	const all: Finding[] = [];
	const add: FindingList['add'] = (id, fact, verdict, seen) => {
		all.push({ id, fact, seen, verdict });
	};
	return {
		all,
		add,
		addVariant(id, fact, variant, seen) {
			const choices: readonly string[] = VARIANT_CHOICES[variant.name];
			if (!choices.includes(variant.value)) return add(id, fact, 'different', seen);
			const verdict = variant.value === choices[0] ? 'expected' : 'variant';
			all.push({ id, fact, seen, verdict, variant });
		},
		addLate(id, fact, milliseconds) {
			const atOnce = milliseconds === 0;
			const seen = atOnce ? 'at once' : `after about ${(milliseconds / 1000).toFixed(1)} s`;
			const variant = { name: 'late' as const, value: String(milliseconds) };
			all.push({ id, fact, seen, verdict: atOnce ? 'expected' : 'variant', variant });
		},
		untold: (id, fact, why) => add(id, fact, 'untold', why),
	};
}

/**
 * What the simulator has to be started with to act like the account, where everything that was seen of a variant
 * agrees.
 */
export function variantsOf(findings: readonly Finding[]): Partial<Record<VariantName, string>> {
	const seen = new Map<VariantName, Set<string>>();
	for (const { variant } of findings) {
		if (variant) seen.set(variant.name, (seen.get(variant.name) ?? new Set()).add(variant.value));
	}
	const late = [...(seen.get('late') ?? [])].map(Number);
	if (late.length > 0) seen.set('late', new Set([String(Math.max(...late))]));
	const agreed = [...seen].filter(([, values]) => values.size === 1);
	return Object.fromEntries(agreed.map(([name, [value]]) => [name, value]));
}

/** Adds what the fields of some records of one shape are, against what they are expected to be. */
export function addFields(
	findings: FindingList,
	id: string,
	fact: string,
	shape: Shape,
	records: PlivoRecord[],
): void {
	if (records.length === 0) return findings.untold(id, fact, 'the account has none');
	const { fields, optional = {}, open = false, secret = [] } = shape;
	const known = { ...fields, ...optional };
	const problems = new Set<string>();
	const extra = new Set<string>();
	for (const record of records) {
		for (const [name, value] of Object.entries(record)) {
			const expected = known[name];
			if (secret.includes(name)) problems.add(`${name} is answered, which must never be`);
			else if (!expected) extra.add(safeFieldName(name));
			else if (!expected.matches(value)) {
				problems.add(`${name} is ${formatOf(value)} instead of ${expected.name}`);
			}
		}
		for (const name of Object.keys(fields)) if (!(name in record)) problems.add(`no ${name}`);
	}
	const more = [...extra].sort().join(', ');
	if (more && !open) problems.add(`unknown: ${more}`);
	if (problems.size > 0) return findings.add(id, fact, 'different', [...problems].join('; '));
	findings.add(id, fact, 'expected', `as documented${more ? `; also ${more}` : ''}`);
}
