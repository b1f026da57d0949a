import { badInput } from '../failure';
import { entriesOf } from './list';
import { CHECK_EXPRESSION, visible, whatItIs } from './text';

/** `newCredential`, `New Credential` and `new_credential` are one choice. */
const folded = (text: string) =>
	visible(text)
		.toLowerCase()
		.replace(/[\s_-]+/g, '');

const choiceFor = <T extends string>(value: unknown, choices: readonly T[]): T | undefined =>
	typeof value === 'string'
		? choices.find((choice) => folded(choice) === folded(value))
		: undefined;

const alternatives = (choices: readonly string[]) =>
	choices.join(', ').replace(/, (?=[^,]*$)/, ' or ');

/**
 * One of a few values, in any case and with or without spaces.
 *
 * @param choices as Plivo or the node knows them
 * @returns the choice as `choices` has it
 * @throws PlivoFailure of kind `input`, with the choices
 */
export function checkedChoice<T extends string>(
	label: string,
	value: unknown,
	choices: readonly T[],
): T {
	const choice = choiceFor(value, choices);
	if (choice !== undefined) return choice;
	const what = whatItIs(value);
	throw badInput(
		label,
		what === 'empty' ? 'is empty' : `is ${what}, which is not one of the choices`,
		`Choose ${alternatives(choices)}. ${CHECK_EXPRESSION}`,
	);
}

/**
 * Some of a few values: a list, JSON text, or text with commas, semicolons, `|`, `+` or white space.
 *
 * @returns the choices in the order of `choices`, none twice
 * @throws PlivoFailure of kind `input`, with the choices; also when there is none
 */
export function checkedChoices<T extends string>(
	label: string,
	value: unknown,
	choices: readonly T[],
): T[] {
	const remedy = `Choose from ${choices.join(', ')}.`;
	const entries = entriesOf(value, /[,;|+\s]/);
	if (entries.length === 0) throw badInput(label, 'is empty', remedy);
	const chosen = entries.map((entry) => {
		const choice = choiceFor(entry, choices);
		if (choice !== undefined) return choice;
		throw badInput(label, `contains ${whatItIs(entry)}, which is not one of the choices`, remedy);
	});
	return choices.filter((choice) => chosen.includes(choice));
}
