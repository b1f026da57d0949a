/**
 * What Plivo may do, as long as nobody has seen which it is: for each variant its choices, the default first.
 * The nodes have to be right under every one of them.
 */
export const VARIANT_CHOICES = {
	/** Within what a trunk's name is unique. */
	names: ['account', 'direction', 'none'],
	/** Whether the names of URIs, credentials and IP lists are unique too. */
	othernames: ['none', 'unique'],
	/** The status of a refusal as taken; the words and the shape of the body go with it. */
	taken: ['400', '409', '422'],
	/** Whether several records may have the same `uri`. */
	uri: ['many', 'one'],
	/** What `app_id: ""` does to a number's route. */
	clear: ['refused', 'clears', 'ignored'],
	/** The route of a deleted trunk's numbers: gone, or still the dead trunk's. */
	detach: ['gone', 'dead'],
	/** `unstable`: records made in the same second change places with every page. */
	order: ['newest', 'oldest', 'id', 'unstable'],
	/** `created_at` and `updated_at`: `2026-08-23T19:57:52Z`, `2026-08-23 19:57:52`, or neither. */
	time: ['T', 'space', 'missing'],
	/** The HTTP header `Date`. */
	date: ['there', 'missing'],
	/** `seconds`: as the rate limit or the fault says it; `date`: the same as an HTTP date. */
	retryafter: ['seconds', 'none', 'date'],
	/** What becomes of `secure` on an inbound trunk. */
	secure: ['accepted', 'ignored', 'refused'],
	/** Where the status of a compliance application is in the answer to GET. */
	compliance: ['top', 'nested'],
} as const;

type Choices = typeof VARIANT_CHOICES;

/** How long something takes at Plivo, in milliseconds, with the defaults. */
export const VARIANT_TIMES = {
	/** From then on a new record is in lists; the record itself can be read at once. */
	late: 0,
	/** So long after its lost answer a request is carried out (the fault `slow`). */
	slow: 500,
};

export type Variants = { -readonly [Name in keyof Choices]: Choices[Name][number] } & {
	-readonly [Name in keyof typeof VARIANT_TIMES]: number;
};

/** Every variant at its default. */
export function defaultVariants(): Variants {
	const firsts = Object.entries(VARIANT_CHOICES).map(([name, [first]]) => [name, first]);
	return { ...Object.fromEntries(firsts), ...VARIANT_TIMES } as Variants;
}

/**
 * Sets some of the variants; values may be text, as they come from a command line.
 *
 * @throws when a name or value is unknown; then nothing is set
 */
export function setVariants(variants: Variants, given: Record<string, unknown>): void {
	const checked = Object.entries(given).map(([name, value]) => [name, checkedValue(name, value)]);
	Object.assign(variants, Object.fromEntries(checked));
}

function checkedValue(name: string, value: unknown): string | number {
	if (Object.hasOwn(VARIANT_TIMES, name)) {
		if (/^\d{1,9}$/.test(String(value))) return Number(value);
		throw new Error(`variant ${name} takes milliseconds, not "${String(value)}"`);
	}
	if (!Object.hasOwn(VARIANT_CHOICES, name)) {
		const names = [...Object.keys(VARIANT_CHOICES), ...Object.keys(VARIANT_TIMES)];
		throw new Error(`"${name}" is none of the variants ${names.join(', ')}`);
	}
	const choices: readonly string[] = VARIANT_CHOICES[name as keyof Choices];
	if (choices.includes(String(value))) return String(value);
	throw new Error(`variant ${name} is one of ${choices.join(', ')}, not "${String(value)}"`);
}
