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
	const isWord = ['boolean', 'string', 'number'].includes(typeof value);
	const word = isWord ? visible(String(value)).toLowerCase() : '';
	if (TRUE.includes(word)) return true;
	if (FALSE.includes(word)) return false;
	const what = whatItIs(value);
	const problem = what === 'empty' ? 'is empty' : `is ${what}, neither true nor false`;
	throw badInput(label, problem, 'Use true or false.');
}
