import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';

/** Expects a refusal of bad input that says what to enter instead; answers its message. */
export function refused(work: () => unknown): string {
	let answer: unknown;
	try {
		answer = work();
	} catch (error) {
		if (!(error instanceof PlivoFailure)) throw error;
		expect(error.kind).toBe('input');
		expect(error.description.length).toBeGreaterThan(10);
		return error.message;
	}
	throw new Error(`It was accepted: ${JSON.stringify(answer)}`);
}

/** What the work answers, or nothing where it refuses the input; any other error is thrown. */
export function understood<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch (error) {
		if (error instanceof PlivoFailure && error.kind === 'input') return undefined;
		throw error;
	}
}

/** What expressions give where nothing, or something else, was found. */
export const NOTHING: unknown[] = [undefined, null, '', '   ', '\u200b\ufeff', '\n'];
export const WEIRD: unknown[] = [
	...NOTHING,
	{},
	[],
	[[]],
	[{}],
	[null],
	[undefined],
	{ number: null },
	{ number: {} },
	NaN,
	Infinity,
	-Infinity,
	-1,
	true,
	Object.create(null),
	{ toString: null, valueOf: null },
	{ toMillis: 5 },
	{ toMillis: null },
	new Date(NaN),
	() => 5,
	123n,
	-5n,
	'[object Object]',
	'undefined',
	'null',
	'#N/A',
	'[',
	'{"a":',
	'[[[[',
	'\ud800',
	'\u0000',
	'x'.repeat(100_000),
	' '.repeat(100_000),
	'1'.repeat(100_000),
	'('.repeat(100_000),
	'(0)'.repeat(20_000),
	'1,'.repeat(50_000),
	'; '.repeat(50_000),
	'<'.repeat(50_000),
	'['.repeat(50_000),
	'1.'.repeat(50_000),
	':'.repeat(50_000),
	'/'.repeat(50_000),
	`a${' '.repeat(50_000)}b`,
];
