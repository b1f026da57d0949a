import { badInput } from '../failure';
import { asciiDigits, visible, whatItIs } from './text';

/** Three digits behind a point: thousands to half of the world, decimals to the other. */
const TWO_WAYS = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;

/**
 * @param label the parameter's name in the editor
 * @param value a number, or its text; `5.0` is 5
 * @param most the highest that is allowed; Infinity for any
 * @throws PlivoFailure of kind `input` unless the value is a whole number from `least` to `most`
 */
export function wholeNumber(label: string, value: unknown, least: number, most: number): number {
	const text = typeof value === 'string' ? asciiDigits(visible(value)) : '';
	const isWhole = /^[+-]?\d+(?:\.0+)?$/.test(text) && !TWO_WAYS.test(text);
	const number = isWhole ? Number(text) : value;
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

/** `1.5`, `$1.50`, `US$ 1.50`, `1.50 USD`, `1,250.00`: a comma only where it can't be a decimal one. */
const AMOUNT =
	/^(?:USD|US\$|\$)?\s*(\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d{1,2})\s*(?:USD|US\$|\$)?$/i;

/**
 * @param value a number, or text with or without a dollar sign
 * @returns US dollars, 0 or more
 * @throws PlivoFailure of kind `input`, also for an amount that can be read in two ways (`1,500`, `1.500`)
 */
export function checkedRate(label: string, value: unknown): number {
	const text = typeof value === 'string' ? asciiDigits(visible(value)) : '';
	const [, amount] = AMOUNT.exec(text) ?? [];
	const isCertain = amount !== undefined && !TWO_WAYS.test(amount);
	const rate = isCertain ? Number(amount.replace(/,/g, '')) : value;
	if (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0) return rate;
	const what = whatItIs(value);
	const isComma = /^[^\d-]*\d+,\d+[^\d]*$/.test(text);
	const problem =
		isComma || amount !== undefined
			? `is ${what}, whose ${isComma ? 'comma' : 'point'} can mean decimals or thousands`
			: what === 'empty'
				? 'is empty'
				: `is ${what}, which is not an amount in US dollars`;
	throw badInput(label, problem, 'Enter US dollars with a point for decimals, such as 1.50.');
}
