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
 * What spreadsheets, databases and programming languages leave in a text where a value is missing, and what people
 * type there. "Null" is a family name, so it is none of them.
 */
const LEFTOVER =
	/^(?:(?:undefined|null|NULL|\(null\)|<null>|\[null\]|\[undefined\]|<nil>|nil|\\N|[Nn]one|NONE|NaN|nan|[Nn]\/[Aa]|Invalid [Dd]ate(?:Time)?|#N\/A|#REF!|#VALUE!|#NAME\?|#DIV\/0!|#NULL!|#NUM!|#ERROR!|#SPILL!|#CALC!|#FIELD!|#BLOCKED!|#CONNECT!|#UNKNOWN!|#BUSY!|#GETTING_DATA|Loading\.\.\.)\s*)+$|\[object \w+\]/;

/** What n8n, a mail merge or a script was to put a value in the place of: `{{ $json.name }}`, `${name}`, `*|NAME|*`. */
const TEMPLATE = /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{%[^{}]*%\}|<%[^<>]*%>|\*\|[\w:]+\|\*/;

/** The beginning of one of n8n's expressions that is text: `$json.name`, `$('Form').item.json.name`, `$fromAI('name')`. */
const EXPRESSION =
	/^=?\$(?:(?:json|input|node)(?![^.?[\s])|(?:vars|env|execution|workflow|prevNode|parameter)(?=[.?[])|fromAI(?=\()|(?=\(['"`]))\S*/;

/** A text that only stands for a value. */
interface StandIn {
	/** A continuation of `which …`; says nothing of the text. */
	readonly problem: string;
	readonly remedy: string;
	/** There is nothing else in the text. */
	readonly isAll: boolean;
}

/** @returns what is wrong with a text that stands for a value or has a placeholder in it; nothing for any other */
export function standInProblem(text: string): StandIn | undefined {
	if (LEFTOVER.test(text)) {
		return {
			problem: 'stands for a missing value',
			remedy: 'Check the expression or the cell that it comes from.',
			isAll: true,
		};
	}
	const [placeholder] = TEMPLATE.exec(text) ?? EXPRESSION.exec(text) ?? [];
	if (placeholder === undefined) return undefined;
	return {
		problem: 'is a placeholder that has not been filled in',
		remedy:
			'If you typed it, switch the field from Fixed to Expression; otherwise, check where it comes from.',
		isAll: text.trim().replace(/^=/, '') === placeholder.replace(/^=/, ''),
	};
}

/** @returns the text without the characters that show nothing, and without spaces around it */
export function visible(text: string): string {
	return text.replace(INVISIBLE, '').trim();
}

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
	if (value === null) return 'empty';
	switch (typeof value) {
		case 'object':
			return 'an object';
		case 'undefined':
			return 'empty';
		case 'function':
			return 'a function';
		case 'string':
			return isBlank(value) ? 'empty' : quoted(value);
		default:
			return String(value);
	}
}

/** @returns the beginning of a text in quotation marks, on one line. Not for secrets */
export function quoted(text: string): string {
	const characters = [...text.slice(0, 4 * SHOWN).replace(/[\s\p{Cc}]+/gu, ' ')];
	const shown = characters.slice(0, SHOWN).join('').trim();
	return `"${shown}${text.length > shown.length && characters.length > SHOWN ? '…' : ''}"`;
}

/**
 * A text, or a number that stands for one.
 *
 * @param remedy what to enter instead
 * @returns the text without invisible characters and without spaces around it
 * @throws PlivoFailure of kind `input` when there is none
 */
export function textOf(label: string, value: unknown, remedy: string): string {
	const isText = typeof value === 'string' || typeof value === 'bigint';
	if (!isText && !Number.isFinite(value)) {
		const what = whatItIs(value);
		throw badInput(label, what === 'empty' ? 'is empty' : `is ${what}, not text`, remedy);
	}
	const text = visible(String(value));
	if (isBlank(text)) throw badInput(label, 'is empty', remedy);
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
export function checkedText(label: string, value: unknown): string {
	return textOf(label, value, `Enter some text. ${CHECK_EXPRESSION}`);
}

const isDigit = (code: number) => /^\p{Nd}$/u.test(String.fromCodePoint(code));

/**
 * Decimal digits of every script (full-width, Arabic-Indic, Devanagari, …) as 0 to 9. Superscripts and
 * circled digits stay: they are footnotes or bullets more often than digits.
 */
export function asciiDigits(text: string): string {
	return text.replace(/[^\0-\x7f]/gu, (character) => {
		const code = character.codePointAt(0) ?? 0;
		if (!isDigit(code)) return character;
		// Unicode has them in runs of ten, from zero to nine (The Unicode Standard, section 4.6).
		let zero = code;
		while (isDigit(zero - 1)) zero--;
		return String((code - zero) % 10);
	});
}
