import { checkedBoolean } from '../input/boolean';
import { checkedChoice } from '../input/choice';
import { checkedId } from '../input/id';
import { checkedName } from '../input/name';
import { isBlank } from '../input/text';
import { badInput } from '../failure';
import { CREDENTIAL } from './credential';
import { IP_ACL } from './ipAccessControlList';
import {
	type AccountRecord,
	checkedFields,
	type Kind,
	pick,
	plainKind,
	type Text,
	texts,
	type Values,
	without,
} from './kind';
import { ORIGINATION_URI } from './originationUri';

const DIRECTIONS = ['inbound', 'outbound'];

const reference = (label: string, refersTo: Kind) => ({
	label,
	refersTo,
	check: (name: string, value: unknown) => checkedId(name, value, refersTo.idKind),
});

/** plivo.com/docs/sip-trunking/api/trunks */
export interface Trunk extends AccountRecord {
	readonly trunk_id: string;
	readonly trunk_domain?: Text;
	readonly trunk_direction?: Text;
	readonly trunk_status?: Text;
	readonly credential_uuid?: Text;
	readonly ipacl_uuid?: Text;
	readonly primary_uri_uuid?: Text;
	readonly fallback_uri_uuid?: Text;
	readonly created_at?: Text;
}

export const TRUNK: Kind<Trunk> = {
	...plainKind,
	path: '/Zentrunk/Trunk/',
	idField: 'trunk_id',
	idKind: 'trunk',
	parse: texts(
		'trunk_id',
		'name',
		'trunk_domain',
		'trunk_direction',
		'trunk_status',
		'credential_uuid',
		'ipacl_uuid',
		'primary_uri_uuid',
		'fallback_uri_uuid',
		'created_at',
	),
	label: 'trunk',
	idLabel: 'Trunk',
	fields: {
		name: { label: 'Name', check: checkedName },
		trunk_direction: {
			label: 'Direction',
			check: (label, value) => checkedChoice(label, value, DIRECTIONS),
		},
		trunk_status: {
			label: 'Status',
			check: (label, value) => checkedChoice(label, value, ['enabled', 'disabled']),
		},
		secure: { label: 'Secure', check: checkedBoolean },
		ipacl_uuid: reference('IP Access Control List', IP_ACL),
		credential_uuid: reference('SIP Credential', CREDENTIAL),
		primary_uri_uuid: reference('Primary URI', ORIGINATION_URI),
		fallback_uri_uuid: reference('Fallback URI', ORIGINATION_URI),
	},
	identityOf: (trunk) => `${plainKind.identityOf(trunk)} ${String(trunk.trunk_direction)}`,
	// Plivo returns the id only; status, times and what was left out come from reading it back.
	defaults: undefined,
	// Every update states the direction, also when it does not change (live; plivo-cli 1.1.1).
	restated: (changes, current) => ({ trunk_direction: current.trunk_direction, ...changes }),
	mainFields: [
		'trunk_id',
		'trunk_domain',
		'name',
		'trunk_status',
		'trunk_direction',
		'secure',
		'ipacl_uuid',
		'credential_uuid',
		'primary_uri_uuid',
		'fallback_uri_uuid',
	],
};

/**
 * The status of a trunk that carries no calls. Plivo documents `enabled` and `disabled`; any other word isn't one of a
 * trunk that does.
 *
 * @returns in small letters; nothing where it is enabled, and where Plivo doesn't say
 */
export function offStatus(trunk: Readonly<Record<string, unknown>>): string | undefined {
	const status = isBlank(trunk.trunk_status) ? 'enabled' : String(trunk.trunk_status);
	return status.toLowerCase() === 'enabled' ? undefined : status.toLowerCase();
}

/** Which way a trunk's calls go, in words. */
export const directionLabel = ({
	trunk_direction: direction,
}: Readonly<Record<string, unknown>>): string =>
	isBlank(direction) ? 'of an unknown direction' : String(direction);

/** What a PBX dials (plivo.com/docs/sip-trunking/api/trunks). */
export const trunkDomain = (trunkId: string) => `${trunkId}.zt.plivo.com`;

/**
 * The fields of a new trunk, checked, and only those that go with its direction and authentication.
 *
 * @param fields by Plivo's names
 * @param sipAuthentication for an outbound trunk: `credential`, `ipAcl` or `both`
 * @throws PlivoFailure of kind `input`
 */
export function newTrunk(fields: Values, sipAuthentication: unknown): Values {
	const inbound = checkedChoice('Direction', fields.trunk_direction, DIRECTIONS) === 'inbound';
	const by = inbound
		? undefined
		: checkedChoice('Authentication', sipAuthentication, ['credential', 'ipAcl', 'both']);
	const needed = inbound
		? ['primary_uri_uuid']
		: [
				...(by === 'ipAcl' ? [] : ['credential_uuid']),
				...(by === 'credential' ? [] : ['ipacl_uuid']),
			];
	for (const field of needed) {
		if (fields[field]) continue;
		throw badInput(
			TRUNK.fields[field]?.label ?? field,
			'is empty',
			inbound
				? 'An inbound trunk sends its calls to an origination URI: pick one, or create it first.'
				: 'Without a SIP credential or an IP access control list, anyone could call on your account: pick one, or create it first.',
		);
	}
	if (!inbound && fields.fallback_uri_uuid) {
		throw badInput(
			'Fallback URI',
			'is for inbound trunks only',
			'Remove it: an outbound trunk carries calls from your PBX to Plivo.',
		);
	}
	const fitting = ['name', 'trunk_direction', 'trunk_status', ...needed];
	// Encryption of inbound calls is the origination URI's transport; `secure` belongs to outbound trunks.
	fitting.push(inbound ? 'fallback_uri_uuid' : 'secure');
	return checkedFields(
		TRUNK,
		pick(
			fields,
			fitting.filter((field) => field in fields),
		),
	);
}

/**
 * Filters of a list of trunks, checked.
 *
 * @param filters by Plivo's names
 * @throws PlivoFailure of kind `input`, naming the filter
 */
export const trunkFilters = (filters: Values): Values =>
	checkedFields(TRUNK, without(filters, 'name'));
