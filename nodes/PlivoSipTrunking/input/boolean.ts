import { badInput } from '../failure';
import { visible, whatItIs } from './text';

/** How expressions, forms and spreadsheets write them. */
const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/**
 * @param value true, false, 1, 0, or true, yes, on, false, no, off as text in any case
 * @throws PlivoFailure of kind `input` for anything else
 */
export function checkedBoolean(label: string, value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	if (typeof value === 'string' || typeof value === 'number') {
		const word = visible(String(value)).toLowerCase();
		if (TRUE.includes(word)) return true;
		if (FALSE.includes(word)) return false;
	}
	const what = whatItIs(value);
	throw badInput(
		label,
		what === 'empty' ? 'is empty' : `is ${what}, neither true nor false`,
		'Use true or false.',
	);
}
