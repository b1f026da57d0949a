/** What a value may look like. */
export interface Format {
	/** In words, for the report. */
	name: string;
	matches(value: unknown): boolean;
}

/** The formats that text is told apart by; the first that fits. */
const TEXT_FORMATS: ReadonlyArray<[pattern: RegExp, name: (text: string) => string]> = [
	[/^$/, () => 'empty text'],
	[/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, () => 'UUID'],
	[/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, () => 'time with T and Z'],
	[/^\d{4}-\d\d-\d\dT.+$/, () => 'time with T, written otherwise'],
	[/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, () => 'time with a space'],
	[/^\d{4}-\d\d-\d\d .+$/, () => 'time with a space, written otherwise'],
	[/^\d{4}-\d\d-\d\d$/, () => 'date'],
	[/^\d{6,}$/, (text) => `text of ${text.length} digits`],
	[/^-?\d+(\.\d+)?$/, () => 'number as text'],
	[/^\+\d+$/, () => 'digits after a +'],
	[/^\d+\.zt\.plivo\.com$/, () => '<digits>.zt.plivo.com'],
	[/^\/v1\/Account\/.+\/$/, () => 'path'],
	[/^v1\/Account\/.+$/, () => 'path without a leading slash'],
	[/^https?:\/\//, () => 'URL'],
];

/** The type and format of a value, in words that don't give the value away. */
export function formatOf(value: unknown): string {
	if (value === null) return 'null';
	if (value === undefined) return 'missing';
	if (Array.isArray(value)) {
		const formats = [...new Set(value.map(formatOf))].sort();
		return formats.length === 0 ? 'empty list' : `list of ${formats.join(' or ')}`;
	}
	if (typeof value === 'boolean') return 'true or false';
	if (typeof value === 'number') return Number.isInteger(value) ? 'whole number' : 'number';
	if (typeof value === 'object') return 'object';
	const text = String(value);
	return TEXT_FORMATS.find(([pattern]) => pattern.test(text))?.[1](text) ?? 'text';
}

/** A name that Plivo gave to a field; what doesn't look like one may be a value, and stays unsaid. */
export function safeFieldName(name: string): string {
	return /^[a-z]{1,20}(_[a-z]{1,20}){0,5}$/.test(name) ? name : '(a name that may be a value)';
}

const format = (name: string, matches: Format['matches']): Format => ({ name, matches });

const exactly = (name: string) => format(name, (value) => formatOf(value) === name);

export const anything = format('anything', () => true);
export const text = format('text', (value) => typeof value === 'string');
export const bool = exactly('true or false');
export const wholeNumber = exactly('whole number');
export const uuid = exactly('UUID');
export const isoTime = exactly('time with T and Z');
export const spaceTime = exactly('time with a space');
export const date = exactly('date');
export const plusNumber = exactly('digits after a +');
export const trunkDomain = exactly('<digits>.zt.plivo.com');
export const path = exactly('path');
const digits = (value: unknown) => typeof value === 'string' && /^\d+$/.test(value);
export const trunkId = exactly('text of 17 digits');
export const phoneNumber = format('text of digits', digits);
export const decimal = format(
	'number as text',
	(value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value),
);
export const listOfText = format(
	'list of text',
	(value) => Array.isArray(value) && value.every((part) => typeof part === 'string'),
);
export const object = exactly('object');

/** One of the words that Plivo documents. Which one it is, is the account's business. */
export const oneOf = (...words: string[]) =>
	format(`one of ${words.join(', ')}`, (value) => words.includes(String(value)));

export const orNull = (inner: Format) =>
	format(`${inner.name} or null`, (value) => value === null || inner.matches(value));

export const either = (...formats: Format[]) =>
	format(formats.map(({ name }) => name).join(' or '), (value) =>
		formats.some((one) => one.matches(value)),
	);
