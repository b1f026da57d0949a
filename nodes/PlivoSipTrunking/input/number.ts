import { badInput } from '../failure';
import { narrow, whatItIs } from './text';

/**
 * @param label the parameter's name in the editor
 * @param value a number, or its text; `5.0` is 5, but `1.000` could be a thousand
 * @param most the highest that is allowed; Infinity for any
 * @throws PlivoFailure of kind `input` unless the value is a whole number from `least` to `most`
 */
export function wholeNumber(label: string, value: unknown, least: number, most: number): number {
	const text = typeof value === 'string' ? narrow(value) : '';
	const number = /^[+-]?\d+(?:\.0{1,2})?$/.test(text) ? Number(text) : value;
	if (
		typeof number === 'number' &&
		Number.isSafeInteger(number) &&
		number >= least &&
		number <= most
	) {
		// Not -0, which JSON doesn't know.
		return number === 0 ? 0 : number;
	}
	const range = most === Infinity ? `of ${least} or more` : `from ${least} to ${most}`;
	throw badInput(
		label,
		`is ${whatItIs(value)}, but must be a whole number ${range}`,
		`Enter a number ${range}.`,
	);
}

/** `1.5`, `$1.50`, `1.50 USD`, `0.80000`. Three decimals could be thousands. */
const AMOUNT = /^(?:USD|US\$|\$)?\s*(\d+(?:\.(?:\d{1,2}|\d{4,}))?)\s*(?:USD)?$/i;

/**
 * @param value a number, or text with or without a dollar sign
 * @returns US dollars, 0 or more
 * @throws PlivoFailure of kind `input`, also for an amount that has two meanings (`1,50`, `1.500`)
 */
export function checkedRate(label: string, value: unknown): number {
	const [, amount] = typeof value === 'string' ? (AMOUNT.exec(narrow(value)) ?? []) : [];
	const rate = amount === undefined ? value : Number(amount);
	if (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0) return rate;
	const what = whatItIs(value);
	throw badInput(
		label,
		what === 'empty' ? 'is empty' : `is ${what}, which is not an amount in US dollars`,
		'Enter US dollars with a point for decimals and nothing between thousands, such as 1.50.',
	);
}
