import { badInput } from '../failure';
import { textOf, visible, whatItIs } from './text';

/** What an id can be of, by its place in Plivo's paths (plivo.com/docs/sip-trunking/api/overview). */
const SEGMENTS = [
	['Trunk', 'trunk'],
	['URI', 'originationUri'],
	['Credential', 'credential'],
	['IPAccessControlList', 'ipAccessControlList'],
	['Call', 'call'],
	['Application', 'application'],
	['Number', 'phoneNumber'],
	['Compliance', 'compliance'],
	['Subaccount', 'subaccount'],
] as const;

export type IdKind = (typeof SEGMENTS)[number][1];

const KINDS = new Map<string, IdKind>(SEGMENTS);

const NOUNS: Record<IdKind, string> = {
	trunk: 'a trunk',
	originationUri: 'an origination URI',
	credential: 'a SIP credential',
	ipAccessControlList: 'an IP access control list',
	call: 'a call',
	application: 'an application',
	phoneNumber: 'a phone number',
	compliance: 'a compliance application',
	subaccount: 'a subaccount',
};

/** An id holds nothing that could leave its place in a path. */
const ID = /^[A-Za-z0-9_-]+$/;

const PATH = new RegExp(
	`(?:^|/)(${[...KINDS.keys()].join('|')})/([^/?#]+)/?(?:Insights/?)?(?:[?#].*)?$`,
);

/** A trunk's `trunk_domain`, as a PBX dials it. */
const TRUNK_DOMAIN = /^(?:sips?:)?(\d+)\.zt\.plivo\.com\.?(?::\d+)?(?:;.*)?$/i;

const REMEDY =
	'Pick an entry from the list, or enter its ID as text. If it comes from an expression, check that the expression finds a value.';

/** Where an id was found, and what it is of where that is certain. */
function located(text: string): { id: string; kind?: IdKind } {
	const [, segment, inPath] = PATH.exec(text) ?? [];
	if (segment !== undefined && inPath !== undefined) {
		return { id: inPath, kind: KINDS.get(segment) };
	}
	const [, trunkId] = TRUNK_DOMAIN.exec(text) ?? [];
	return trunkId === undefined ? { id: text } : { id: trunkId, kind: 'trunk' };
}

/** The id that a text searches for, alone or within its path or domain; any other text as it is. */
export const idIn = (text: string): string => located(visible(text)).id;

function refuseLostDigits(label: string, value: unknown): void {
	const inText = typeof value === 'string' && /^\s*\d+(?:\.\d*)?(?:\.0+|e\+?\d+)\s*$/i.test(value);
	const isNumber = typeof value === 'number' && Number.isFinite(value);
	if (!inText && (!isNumber || (Number.isSafeInteger(value) && value >= 0))) return;
	throw badInput(
		label,
		`is ${String(value).trim()}: it was turned into a number and lost digits`,
		'Pass the ID as text: in quotes in an expression or JSON, or from a column that is formatted as text.',
	);
}

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
	refuseLostDigits(label, value);
	if (typeof value === 'object' && value !== null) {
		throw badInput(label, `is ${whatItIs(value)}, not an ID`, REMEDY);
	}
	const text = textOf(label, value, REMEDY).replace(/^(["'])(.*)\1$|^'/, '$2');
	const found = located(text);
	if (found.kind !== undefined && kind !== undefined && found.kind !== kind) {
		throw badInput(
			label,
			`is the address of ${NOUNS[found.kind]}, not of ${NOUNS[kind]}`,
			`Enter the ID of ${NOUNS[kind]}, or pick it from the list.`,
		);
	}
	if (!ID.test(found.id)) {
		throw badInput(
			label,
			'is not an ID: it may have only letters, digits, "-" and "_"',
			'Copy the ID alone, without an address or spaces around it.',
		);
	}
	return found.id;
}
