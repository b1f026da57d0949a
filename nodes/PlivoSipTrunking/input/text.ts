import { badInput } from '../failure';

/** What every refusal of an empty value adds. */
export const CHECK_EXPRESSION =
	'If it comes from an expression, check that the expression finds a value.';

/** So much of a value is repeated in a refusal. */
const SHOWN = 60;

/**
 * Characters that show nothing: zero-width ones, byte order mark, soft hyphen, direction marks, variation
 * selectors and the like (Unicode's Default_Ignorable_Code_Point), and halves of a pair.
 */
export const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cs}]/gu;

/**
 * What spreadsheets, databases and programming languages leave where a value is missing. "Null" is a family name,
 * so it is none of them.
 */
const LEFTOVER =
	/^(?:undefined|null|NULL|\(null\)|nil|[Nn]one|NaN|nan|[Nn]\/[Aa]|Invalid [Dd]ate(?:Time)?|#N\/A|#[A-Z\d/]+[!?])$|\[object \w+\]/;

/** `{{ $json.name }}` and `${name}` anywhere; `$json.name`, `$('Form')` and `$fromAI(…)` as the beginning. */
const PLACEHOLDER =
	/\{\{[^{}]*\}\}|\$\{[^{}]*\}|^=?\$(?:(?:json|input|node|vars|env)[.[]|fromAI\(|\(['"`])/;

/** @returns what is wrong with a text in place of a value, as a continuation of `which …`; nothing for any other */
export function standInProblem(text: string): { problem: string; remedy: string } | undefined {
	if (LEFTOVER.test(text)) {
		return {
			problem: 'a program writes where a value is missing',
			remedy: 'Check the expression or the cell that it comes from.',
		};
	}
	if (!PLACEHOLDER.test(text)) return undefined;
	return {
		problem: 'is a placeholder that has not been filled in',
		remedy:
			'If you typed it, switch the field from Fixed to Expression; otherwise, check where it comes from.',
	};
}

/** @returns the text without the characters that show nothing, and without spaces around it */
export const visible = (text: string): string => text.replace(INVISIBLE, '').trim();

/** @returns the text with the full-width forms of Japanese and Chinese keyboards as ASCII: `＋８１` is `+81` */
export const narrow = (text: string): string =>
	visible(text).replace(/[\uff01-\uff5e]/g, (character) =>
		String.fromCharCode(character.charCodeAt(0) - 0xfee0),
	);

/**
 * Whether there is nothing in a value of an optional field: nothing, text that shows nothing, an empty
 * list, its JSON text, or a list of such.
 */
export function isBlank(value: unknown): boolean {
	if (Array.isArray(value)) {
		return value.every((entry) => !Array.isArray(entry) && isBlank(entry));
	}
	if (typeof value === 'string') return /^(?:\[\s*\])?$/.test(visible(value));
	return value === undefined || value === null;
}

/** @returns `a list`, `an object`, `true`, `empty`, …: what a value is, for a refusal. Not for secrets */
export function whatItIs(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (isBlank(value)) return 'empty';
	if (typeof value === 'string') return quoted(value);
	return typeof value === 'object' || typeof value === 'function' ? 'an object' : String(value);
}

/** @returns the beginning of a text in quotation marks, on one line. Not for secrets */
export function quoted(text: string): string {
	const characters = [...text.slice(0, 4 * SHOWN).replace(/[\s\p{Cc}]+/gu, ' ')];
	const shown = characters.slice(0, SHOWN).join('').trim();
	return `"${shown}${characters.length > SHOWN ? '…' : ''}"`;
}

/**
 * A text, or a number in place of one.
 *
 * @param remedy what to enter instead
 * @returns the text without invisible characters and without spaces around it
 * @throws PlivoFailure of kind `input` when there is none
 */
export function textOf(label: string, value: unknown, remedy: string): string {
	const isText = typeof value === 'string' || typeof value === 'bigint' || Number.isFinite(value);
	const text = isText ? visible(String(value)) : '';
	if (isBlank(text)) {
		const what = whatItIs(value);
		throw badInput(label, what === 'empty' ? 'is empty' : `is ${what}, not text`, remedy);
	}
	const standIn = standInProblem(text);
	if (standIn) {
		throw badInput(label, `is ${quoted(text)}, which ${standIn.problem}`, standIn.remedy);
	}
	return text;
}

/**
 * @returns some text without spaces around it
 * @throws PlivoFailure of kind `input` when there is none
 */
export const checkedText = (label: string, value: unknown): string =>
	textOf(label, value, `Enter some text. ${CHECK_EXPRESSION}`);
