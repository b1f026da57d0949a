import { badInput } from '../failure';
import { textOf, visible, whatItIs } from './text';

/** What an id can be of: its place in Plivo's paths (plivo.com/docs/sip-trunking/api/overview), and its noun. */
const KINDS = {
	trunk: ['Trunk', 'a trunk'],
	originationUri: ['URI', 'an origination URI'],
	credential: ['Credential', 'a SIP credential'],
	ipAccessControlList: ['IPAccessControlList', 'an IP access control list'],
	call: ['Call', 'a call'],
	application: ['Application', 'an application'],
	phoneNumber: ['Number', 'a phone number'],
	compliance: ['Compliance', 'a compliance application'],
	subaccount: ['Subaccount', 'a subaccount'],
} as const;

export type IdKind = keyof typeof KINDS;

const KIND_OF: ReadonlyMap<string, IdKind> = new Map(
	(Object.keys(KINDS) as IdKind[]).map((kind) => [KINDS[kind][0], kind]),
);

/** An id holds nothing that could leave its place in a path. */
const ID = /^[A-Za-z0-9_-]+$/;

const PATH = new RegExp(`(?:^|/)(${[...KIND_OF.keys()].join('|')})/([^/?#]+)/?(?:Insights/?)?$`);

/** A trunk's `trunk_domain`, as a PBX dials it. */
const TRUNK_DOMAIN = /^(?:sips?:)?(\d+)\.zt\.plivo\.com(?:[:;].*)?$/i;

/** As programs and spreadsheets write long numbers: 2.1784177241578E+16. */
const PRINTED_NUMBER = /^\d[\d.]*(?:e\+?\d+|\.0+)$/i;

const REMEDY =
	'Pick an entry from the list, or enter its ID as text. If it comes from an expression, check that the expression finds a value.';

/** Where an id was found, and what it is of where that is certain. */
function located(text: string): { id: string; kind?: IdKind } {
	const [, segment, inPath] = PATH.exec(text) ?? [];
	if (segment !== undefined && inPath !== undefined) {
		return { id: inPath, kind: KIND_OF.get(segment) };
	}
	const [, trunkId] = TRUNK_DOMAIN.exec(text) ?? [];
	return trunkId === undefined ? { id: text } : { id: trunkId, kind: 'trunk' };
}

/** The id that a text searches for, alone or within its path or domain; any other text as it is. */
export const idIn = (text: string): string => located(visible(text)).id;

/**
 * An id, alone or within a resource path, the URL of one, or a trunk's domain.
 *
 * @param label the parameter's name in the editor
 * @param value a JSON number only where it can't have lost digits: trunk ids have 17
 * @param kind what the id must be of; a path of another kind is refused
 * @returns the id alone
 * @throws PlivoFailure of kind `input`
 */
export function checkedId(label: string, value: unknown, kind?: IdKind): string {
	if (typeof value === 'object' && value !== null) {
		throw badInput(label, `is ${whatItIs(value)}, not an ID`, REMEDY);
	}
	const text = textOf(label, value, REMEDY).replace(/^["']|"$/g, '');
	const isExact = typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0);
	if (!isExact || PRINTED_NUMBER.test(text)) {
		throw badInput(
			label,
			`is ${text}: it was turned into a number and lost digits`,
			'Pass the ID as text: in quotes in an expression or JSON, or from a column that is formatted as text.',
		);
	}
	const found = located(text);
	if (found.kind !== undefined && kind !== undefined && found.kind !== kind) {
		const [, noun] = KINDS[kind];
		throw badInput(
			label,
			`is the address of ${KINDS[found.kind][1]}, not of ${noun}`,
			`Enter the ID of ${noun}, or pick it from the list.`,
		);
	}
	if (ID.test(found.id)) return found.id;
	throw badInput(
		label,
		'is not an ID: it may have only letters, digits, "-" and "_"',
		'Copy the ID alone, without an address or spaces around it.',
	);
}
