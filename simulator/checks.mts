import { isIP } from 'node:net';

import type { Account } from './account.mts';
import type { KindName, PlivoRecord } from './records.mts';

/** Why a request is refused. `shape` is that of the body: Plivo has several (live). */
export interface Refusal {
	status: number;
	error: string;
	shape?: 'error' | 'message' | 'data';
}

/**
 * Judges the body of a create, or with `before` of an update.
 *
 * @returns why it is refused, if it is
 */
type Check = (account: Account, fields: PlivoRecord, before?: PlivoRecord) => Refusal | undefined;

const bad = (error: string): Refusal => ({ status: 400, error });

/** A field that others make necessary is missing: plivo.com/docs/account/api/overview. */
const missing = (error: string): Refusal => ({ status: 422, error, shape: 'message' });

const has = (fields: PlivoRecord, field: string) =>
	fields[field] !== undefined && fields[field] !== null && fields[field] !== '';

/** References of a trunk, and the kind of each. */
export const REFERENCES: ReadonlyArray<[field: string, kind: KindName]> = [
	['credential_uuid', 'credentials'],
	['ipacl_uuid', 'ipacls'],
	['primary_uri_uuid', 'uris'],
	['fallback_uri_uuid', 'uris'],
];

/** What a request may set, for each kind. Everything else in a body is ignored. */
export const WRITABLE: Partial<Record<KindName, string[]>> = {
	trunks: [
		'name',
		'trunk_status',
		'trunk_direction',
		'secure',
		...REFERENCES.map(([field]) => field),
	],
	credentials: ['name', 'username', 'password'],
	uris: ['name', 'uri', 'authentication_needed', 'username', 'password'],
	ipacls: ['name', 'ip_addresses'],
	numbers: ['app_id', 'alias', 'subaccount'],
};

const checkTrunk: Check = ({ state, variants }, fields, before) => {
	const { trunk_direction: direction } = fields;
	// Also in an update that doesn't change it (live).
	if (direction === undefined) return bad('trunk_direction is required');
	if (direction !== 'inbound' && direction !== 'outbound') return bad('invalid trunk_direction');
	if ('trunk_status' in fields && !['enabled', 'disabled'].includes(String(fields.trunk_status))) {
		return bad('invalid trunk_status');
	}
	if ('secure' in fields && typeof fields.secure !== 'boolean') return bad('invalid secure');
	if (direction === 'inbound' && 'secure' in fields && variants.secure === 'refused') {
		return bad('secure is not allowed for an inbound trunk');
	}
	for (const [field, kind] of REFERENCES) {
		if (fields[field] === '') return bad(`${field} is empty`);
		if (has(fields, field) && !state[kind].has(String(fields[field]))) {
			return bad(`${field} does not exist`);
		}
	}
	const touchesRouting =
		direction !== before?.trunk_direction || REFERENCES.some(([field]) => field in fields);
	if (!touchesRouting) return undefined;
	const after = { ...before, ...fields };
	if (direction === 'outbound' && !has(after, 'credential_uuid') && !has(after, 'ipacl_uuid')) {
		return missing('credential_uuid or ipacl_uuid is required for an outbound trunk');
	}
	if (direction === 'inbound' && !has(after, 'primary_uri_uuid')) {
		return missing('primary_uri_uuid is required for an inbound trunk');
	}
	return undefined;
};

const checkCredential: Check = (_account, fields, before) => {
	if (!before && !(has(fields, 'username') && has(fields, 'password'))) {
		return bad('username and password are required');
	}
	if ('password' in fields && !has(fields, 'username')) {
		return { status: 400, error: 'username is required with a password', shape: 'message' };
	}
	// Letters and digits (live), and the underscore of Plivo's own guides: livekit_trunk, sip_user_1 (doc).
	if ('username' in fields && !/^[A-Za-z0-9_]{5,20}$/.test(String(fields.username))) {
		return bad('username must be 5 to 20 letters, digits or underscores');
	}
	if ('password' in fields && !isPassword(String(fields.password))) {
		return bad('password must be 5 to 20 letters, digits and specials, one special at least');
	}
	return undefined;
};

const isPassword = (text: string) =>
	/^[A-Za-z0-9~!@#$%^&*()_+]{5,20}$/.test(text) && /[~!@#$%^&*()_+]/.test(text);

/** `host`, `host:port`, `ip[:port]`, `[ipv6]:port`, `sip:user@host`, `sips:host`, any with parameters. */
const SIP_ADDRESS =
	/^(sips?:)?([^\s@/:;]+@)?(\[[0-9a-f:.]+\]|[^\s@/:;[\]]+)(:\d{1,5})?(;[^\s/;=]+(=[^\s/;=]+)?)*$/i;

const checkUri: Check = (_account, fields, before) => {
	if (!before && !has(fields, 'uri')) return bad('uri is required');
	if ('uri' in fields && !SIP_ADDRESS.test(String(fields.uri))) {
		return { status: 400, error: 'uri is not a SIP address', shape: 'data' };
	}
	const { authentication_needed: needed } = fields;
	if (needed !== undefined && typeof needed !== 'boolean')
		return bad('invalid authentication_needed');
	if (needed === true && !(has(fields, 'username') && has(fields, 'password'))) {
		return missing('authentication_needed takes username and password');
	}
	const restated = needed !== undefined && has(fields, 'username');
	if (before && 'password' in fields && !restated) {
		return bad('a password goes with authentication_needed and username');
	}
	return undefined;
};

const checkIpAcl: Check = (_account, fields, before) => {
	if (!('ip_addresses' in fields)) return before ? undefined : bad('ip_addresses is required');
	const { ip_addresses: addresses } = fields;
	if (!Array.isArray(addresses) || addresses.length === 0) {
		return bad('ip_addresses must be a list of addresses');
	}
	const wrong = addresses.find((address) => !isAddressOrBlock(address));
	return wrong === undefined ? undefined : bad(`invalid address ${String(wrong)}`);
};

function isAddressOrBlock(text: unknown): boolean {
	const [address = '', prefix, ...rest] = String(text).split('/');
	const version = isIP(address);
	if (version === 0 || rest.length > 0) return false;
	return (
		prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix <= (version === 4 ? 32 : 128))
	);
}

/** A number goes to any trunk, also to an outbound one, where it stops answering (live), or to an application. */
const checkNumber: Check = ({ state, variants }, fields) => {
	if (Object.keys(fields).length === 0) return bad('app_id, alias or subaccount is required');
	const { app_id: target } = fields;
	// `null` changes nothing (seen).
	if (target === undefined || target === null) return undefined;
	if (target === '') return variants.clear === 'refused' ? bad('app_id is empty') : undefined;
	const id = String(target);
	return state.trunks.has(id) || state.applications.has(id)
		? undefined
		: { status: 404, error: 'app_id not found' };
};

/** What can be made and deleted. */
export const CREATABLE: Partial<Record<KindName, Check>> = {
	trunks: checkTrunk,
	credentials: checkCredential,
	uris: checkUri,
	ipacls: checkIpAcl,
};

/** What can be changed. */
export const CHANGEABLE: Partial<Record<KindName, Check>> = { ...CREATABLE, numbers: checkNumber };

/** What can be deleted. */
export const DELETABLE = new Set<KindName>([...(Object.keys(CREATABLE) as KindName[]), 'numbers']);
