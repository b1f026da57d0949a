import type { IDataObject } from 'n8n-workflow';

import type { IdKind } from '../input/id';
import { normalizedAddress } from '../input/ipAddress';
import { normalizedName } from '../input/name';
import { isBlank } from '../input/text';

/** Values of fields by Plivo's names, as a request carries them. */
export type Values = IDataObject;

/** A record of an account: the fields of its kind by type, and whatever else Plivo has sent. */
export interface AccountRecord extends IDataObject {
	readonly name?: Text;
}

/** A text that Plivo may leave out or send as null. */
export type Text = string | null | undefined;

/** A field of a record that can be written. */
export interface Field {
	/** As the editor calls it. */
	readonly label: string;
	/**
	 * Makes a value fit for Plivo.
	 *
	 * @throws PlivoFailure of kind `input`, naming the label
	 */
	readonly check: (label: string, value: unknown) => IDataObject[string];
	/** The kind of record that the value is the id of. */
	readonly refersTo?: Kind;
}

/** All that is known of a kind of record of Plivo's API. */
export interface Kind<R extends AccountRecord = AccountRecord> {
	/** Under the account, ends in `/`. Case-sensitive (live; plivo-cli 1.1.0). */
	readonly path: string;
	/** The field that holds a record's id. */
	readonly idField: string;
	/** What an address of one looks like. */
	readonly idKind: IdKind;
	/** Reads a record of an answer, whose id is there. */
	parse(body: IDataObject): R;
	/** What a person calls it. */
	readonly label: string;
	/** The parameter that picks one, as the editor shows it. */
	readonly idLabel: string;
	/** What to do when the account has no such record, where the usual remedy says too little. */
	readonly ifMissing?: string;
	/** By Plivo's names. */
	readonly fields: Readonly<Record<string, Field>>;
	/** What makes it the same one, as text: its normalized name, for a trunk with its direction. */
	identityOf(record: AccountRecord): string;
	/** What Plivo adds to a new record of its own: known values, or `undefined` where it must be read back. */
	readonly defaults: Values | undefined;
	/**
	 * What an update has to say besides the changes.
	 *
	 * @param changes checked
	 * @param current the record as it is
	 * @throws PlivoFailure of kind `input` when something is missing
	 */
	restated(changes: Values, current: AccountRecord): Values;
	/** What is allowed but probably not meant, as whole sentences. */
	warningsAbout(fields: Values): string[];
	/** What most workflows go on with, where a record has more than ten fields. */
	readonly mainFields?: readonly string[];
}

/**
 * How records of a kind are read: these fields are texts. Plivo has sent ids and numbers as numbers, too; what is neither
 * counts as left out.
 */
export const texts =
	<R extends AccountRecord>(...fields: string[]) =>
	(body: IDataObject): R => {
		const others = fields.filter((field) => !isText(body[field]));
		// Most records are texts already: long lists are not copied.
		if (others.length === 0) return body as R;
		const read = others.map((field) => [field, textOf(body[field])]);
		return { ...body, ...Object.fromEntries(read) } as R;
	};

const isText = (value: unknown): value is Text =>
	typeof value === 'string' || value === null || value === undefined;

const textOf = (value: unknown) => (typeof value === 'number' ? String(value) : null);

/** For kinds without peculiarities. */
export const plainKind = {
	fields: {},
	defaults: {},
	parse: texts('name'),
	identityOf: ({ name }: AccountRecord) => normalizedName(name ?? ''),
	restated: (changes: Values) => changes,
	warningsAbout: () => [],
};

/** The same fields, less some. */
export function without(fields: Values, ...left: string[]): Values {
	return Object.fromEntries(Object.entries(fields).filter(([field]) => !left.includes(field)));
}

/** The given fields of a record. */
export const pick = (record: Values, fields: readonly string[]): Values =>
	Object.fromEntries(fields.map((field) => [field, record[field]]));

/** The given fields of a record, if it has them. */
export const pickKnown = (record: Values, fields: readonly string[]): Values =>
	pick(
		record,
		fields.filter((field) => field in record),
	);

/** A record's id as text; Plivo has them as text, but a number is taken too. */
export const idOf = (kind: Kind, record: Values): string => String(record[kind.idField]);

/** The path of one record; ids have been checked, and are encoded all the same. */
export const recordPath = (kind: Kind, id: string): string =>
	`${kind.path}${encodeURIComponent(id)}/`;

/** What a person calls a record: `inbound trunk "Acme inbound" (21784177241578123)`. */
export function labelled(kind: Kind, record: AccountRecord, id?: string): string {
	const { name, trunk_direction: direction } = record;
	const words = [
		...(typeof direction === 'string' ? [direction] : []),
		kind.label,
		...((name ?? '') === '' ? [] : [`"${name}"`]),
		...(id === undefined ? [] : [`(${id})`]),
	];
	return words.join(' ');
}

/** A record by its name and id, `"Acme inbound" (21784177241578123)`; by its id alone where it has no name. */
export const nameAndId = (kind: Kind, record: AccountRecord): string =>
	isBlank(record.name) ? idOf(kind, record) : `"${record.name}" (${idOf(kind, record)})`;

/**
 * Checks the fields of a record that is to be written.
 *
 * @param fields by Plivo's names
 * @returns the fields in the shape that Plivo takes
 * @throws PlivoFailure of kind `input`, naming the first field that can't be right
 */
export function checkedFields(kind: Kind, fields: Readonly<Record<string, unknown>>): Values {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, value]) => {
			const field = kind.fields[name];
			return field ? [[name, field.check(field.label, value)]] : [];
		}),
	);
}

/** Whether a record has all these values; a password can't be compared and counts as equal. */
export function matches(record: Values, fields: Values): boolean {
	return Object.entries(fields).every(
		([field, value]) => field === 'password' || sameValue(field, record[field], value),
	);
}

function sameValue(field: string, one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other)) {
		const blocks = (list: unknown[]) =>
			new Set(list.map((entry) => normalizedAddress(String(entry))));
		const [first, second] = [blocks(one), blocks(other)];
		return first.size === second.size && [...first].every((block) => second.has(block));
	}
	if (field === 'name') return normalizedName(String(one ?? '')) === normalizedName(String(other));
	return one === other || (isUnset(one) && isUnset(other));
}

/** Plivo leaves out or nulls what was never set, also in one answer and not in the next. */
export const isUnset = (value: unknown): boolean =>
	value === undefined || value === null || value === '' || value === false;

/** The records that a record refers to, each once. */
export function referencesOf(kind: Kind, record: Values): Array<{ kind: Kind; id: string }> {
	const seen = new Set<string>();
	return Object.entries(kind.fields).flatMap(([name, { refersTo }]) => {
		const id = record[name];
		if (!refersTo || typeof id !== 'string' || id === '') return [];
		const path = recordPath(refersTo, id);
		if (seen.has(path)) return [];
		seen.add(path);
		return [{ kind: refersTo, id }];
	});
}
