import type { Account } from './account.mts';
import { insightsOf } from './calls.mts';
import { CHANGEABLE, CREATABLE, DELETABLE, REFERENCES, type Refusal, WRITABLE } from './checks.mts';
import { isListed, KEPT_DAYS, type Query, select } from './lists.mts';
import { plivoTime, trunkTime } from './plivoTime.mts';
import { ID_FIELDS, type KindName, type PlivoRecord, routeTo, shown } from './records.mts';
import { linkCompliance, rent } from './rental.mts';
import { checkTaken } from './taken.mts';

/** What the API answers. A body that is a string is no JSON. */
export interface ApiAnswer {
	status: number;
	body?: PlivoRecord | string;
	headers?: Record<string, string>;
}

/** A request to the account. */
export interface ApiRequest {
	method: string;
	/** What follows `/v1/Account/<auth id>`, with the slashes at both ends. */
	path: string;
	query?: Query;
	/** A POST's, parsed. */
	body?: unknown;
}

/** The collections by path. Paths are case-sensitive and exact (live). */
const COLLECTIONS: Record<string, KindName> = {
	'Zentrunk/Trunk': 'trunks',
	'Zentrunk/Credential': 'credentials',
	'Zentrunk/IPAccessControlList': 'ipacls',
	'Zentrunk/URI': 'uris',
	'Zentrunk/Call': 'calls',
	Number: 'numbers',
	Application: 'applications',
	PhoneNumber: 'stock',
	'PhoneNumber/Compliance': 'compliance',
};

const PATH =
	/^\/(Zentrunk\/[A-Za-z]+|Number|Application|PhoneNumber(?:\/Compliance)?)\/(?:([^/]+)\/)?(?:(Insights)\/)?$/;

const LARGEST_PAGE = 20;

/** For addresses that lead nowhere: not JSON (live). */
export const HTML_NOT_FOUND: ApiAnswer = {
	status: 404,
	body: '<html><body><h1>Not Found</h1></body></html>',
};

const done = ({ ids }: Account, status: number, rest: PlivoRecord): ApiAnswer => ({
	status,
	body: { api_id: ids.uuid(), ...rest },
});

function refuse(account: Account, { status, error, shape = 'error' }: Refusal): ApiAnswer {
	if (shape === 'message') return { status, body: { message: error } };
	if (shape === 'data') return { status, body: { data: { error } } };
	return done(account, status, { error });
}

const NOT_FOUND: Refusal = { status: 404, error: 'not found' };

const NOT_ALLOWED: Refusal = { status: 405, error: 'method not allowed', shape: 'message' };

/**
 * Plivo's SIP Trunking API for one account: does what a request asks and answers.
 * Source: plivo.com/docs/sip-trunking/api, plivo.com/docs/numbers/api/account-phone-number and
 * plivo.com/docs/numbers/api/phone-number; facts marked "live" are from the changelog of plivo/plivo-cli, 1.1.0 to
 * 1.1.3, "seen" ones from people who integrate with it.
 */
export function handle(account: Account, request: ApiRequest): ApiAnswer {
	const { method, path, query = {}, body } = request;
	const notAllowed = () => refuse(account, NOT_ALLOWED);
	if (path === '/') return method === 'GET' ? done(account, 200, account.account) : notAllowed();
	const [, collection = '', encodedId, part] = PATH.exec(path) ?? [];
	const kind = COLLECTIONS[collection];
	if (!kind) return HTML_NOT_FOUND;
	const empty = Object.keys(query).find((name) => query[name] === '');
	if (empty) return refuse(account, { status: 400, error: `${empty} is empty` });
	if (encodedId === undefined) {
		if (method === 'GET') return list(account, collection, kind, query);
		if (method === 'POST' && kind in CREATABLE) return create(account, kind, body);
		return notAllowed();
	}
	const id = decoded(encodedId);
	if (kind === 'compliance' && id === 'Link') {
		return method === 'POST' ? made(account, 200, linkCompliance(account, body)) : notAllowed();
	}
	const record = account.state[kind].get(id);
	const isHidden = record && kind === 'numbers' && !isListed(account, record);
	if (!record || isHidden || (kind === 'calls' && isGone(record, account.options.now()))) {
		return refuse(account, NOT_FOUND);
	}
	if (part) {
		if (kind !== 'calls') return HTML_NOT_FOUND;
		return method === 'GET' ? done(account, 200, insightsOf(record)) : notAllowed();
	}
	if (kind === 'stock') {
		return method === 'POST' ? made(account, 201, rent(account, record, body)) : notAllowed();
	}
	if (method === 'GET') return getOne(account, kind, record);
	if (method === 'POST' && kind in CHANGEABLE) return update(account, kind, record, body);
	if (method === 'DELETE' && DELETABLE.has(kind)) return remove(account, kind, id);
	return notAllowed();
}

/** An id as the path has it; what can't be decoded is no record's. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Returns what was made, or a refusal. */
function made(account: Account, status: number, result: PlivoRecord | Refusal): ApiAnswer {
	return 'error' in result
		? refuse(account, result as Refusal)
		: done(account, status, result as PlivoRecord);
}

const isGone = (call: PlivoRecord, now: number) =>
	String(call.end_time) < plivoTime(now - KEPT_DAYS * 86_400_000);

/** A trunk is nested under `object` (live); the others are flat. */
function getOne(account: Account, kind: KindName, record: PlivoRecord): ApiAnswer {
	const { time, compliance } = account.variants;
	const whole = shown(record, time);
	if (kind === 'trunks') return done(account, 200, { object: whole });
	if (kind === 'compliance' && compliance === 'nested') {
		return done(account, 200, { compliance: whole });
	}
	return done(account, 200, whole);
}

function list(account: Account, collection: string, kind: KindName, query: Query): ApiAnswer {
	const { limit: limitText = String(LARGEST_PAGE), offset: offsetText = '0', ...filters } = query;
	const bad = (error: string) => refuse(account, { status: 400, error });
	if (!/^\d+$/.test(limitText) || +limitText < 1 || +limitText > LARGEST_PAGE) {
		return bad(`limit must be 1 to ${LARGEST_PAGE}`);
	}
	if (!/^\d+$/.test(offsetText)) return bad('offset must be 0 or more');
	const [limit, offset] = [Number(limitText), Number(offsetText)];
	const found = select(account, kind, filters);
	if (!Array.isArray(found)) return refuse(account, found);
	// Without a leading slash (live).
	const page = (from: number) =>
		`v1/Account/${account.authId}/${collection}/?${new URLSearchParams({ ...filters, limit: limitText, offset: String(from) }).toString()}`;
	return done(account, 200, {
		meta: {
			limit,
			offset,
			total_count: found.length,
			previous: offset > 0 ? page(Math.max(0, offset - limit)) : null,
			next: offset + limit < found.length ? page(offset + limit) : null,
		},
		objects: found
			.slice(offset, offset + limit)
			.map((record) => shown(record, account.variants.time)),
	});
}

/** The fields of a body that the kind knows; undefined when it is no JSON object. */
function fieldsOf(kind: KindName, body: unknown): PlivoRecord | undefined {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
	const known = Object.entries(body).filter(([field]) => WRITABLE[kind]?.includes(field));
	return Object.fromEntries(known);
}

const NO_OBJECT: Refusal = {
	status: 400,
	error: 'the body is not a JSON object',
	shape: 'message',
};

/** Why a create, or with `before` an update, is refused. */
function judge(
	account: Account,
	kind: KindName,
	fields: PlivoRecord | undefined,
	before?: PlivoRecord,
): Refusal | undefined {
	if (!fields) return NO_OBJECT;
	const check = before ? CHANGEABLE[kind] : CREATABLE[kind];
	const problem = check?.(account, fields, before);
	if (problem || kind === 'numbers') return problem;
	return checkTaken(account, kind, fields, before);
}

/** An inbound trunk may not take `secure`, whatever is sent. */
function dropIgnored({ variants }: Account, kind: KindName, fields: PlivoRecord): PlivoRecord {
	const ignored =
		kind === 'trunks' && fields.trunk_direction === 'inbound' && variants.secure === 'ignored';
	if (!ignored) return fields;
	const { secure: _secure, ...rest } = fields;
	return rest;
}

/** Returns the new id and nothing else of the record (live). */
function create(account: Account, kind: KindName, body: unknown): ApiAnswer {
	const fields = fieldsOf(kind, body);
	const problem = judge(account, kind, fields);
	if (problem) return refuse(account, problem);
	const given = { name: '', ...dropIgnored(account, kind, fields ?? {}) };
	const record = account.add(kind, given, account.variants.late);
	const idField = ID_FIELDS[kind];
	return done(account, 201, { message: 'created', [idField]: record[idField] });
}

function update(account: Account, kind: KindName, record: PlivoRecord, body: unknown): ApiAnswer {
	const fields = fieldsOf(kind, body);
	const problem = judge(account, kind, fields, record);
	if (problem) return refuse(account, problem);
	const changed = () => done(account, 202, { message: 'changed' });
	if (kind === 'numbers') {
		changeNumber(account, record, fields ?? {});
		return changed();
	}
	// Every update of a credential rewrites its password; one without blanks it (live).
	const blanked = kind === 'credentials' && { password: '' };
	Object.assign(record, blanked, dropIgnored(account, kind, fields ?? {}));
	if (kind === 'trunks') record.updated_at = trunkTime(account.options.now());
	return changed();
}

function changeNumber({ state, authId, variants }: Account, record: PlivoRecord, to: PlivoRecord) {
	if ('alias' in to) record.alias = to.alias;
	if ('subaccount' in to) record.sub_account = to.subaccount || null;
	const { app_id: target } = to;
	// Answered as changed, and left as it is (seen).
	if (target === undefined || target === null) return;
	if (target === '') {
		if (variants.clear === 'clears') record.application = null;
		return;
	}
	const id = String(target);
	record.application = routeTo(authId, state.trunks.has(id) ? 'trunks' : 'applications', id);
}

function remove(account: Account, kind: KindName, id: string): ApiAnswer {
	const { state, variants } = account;
	state[kind].delete(id);
	// Their route is gone (live), or is the dead trunk's still (seen).
	if (kind === 'trunks' && variants.detach === 'gone') detachNumbers(account, id);
	const references = REFERENCES.filter(([, referred]) => referred === kind);
	if (references.length === 0) return { status: 204 };
	for (const trunk of [...state.trunks.values()]) {
		for (const [field] of references) {
			if (trunk[field] !== id) continue;
			// Trunks that use a deleted URI go with it (live).
			if (kind === 'uris') remove(account, 'trunks', String(trunk.trunk_id));
			else trunk[field] = null;
		}
	}
	return { status: 204 };
}

function detachNumbers({ state }: Account, trunkId: string) {
	for (const number of state.numbers.values()) {
		if (String(number.application).endsWith(`/Zentrunk/Trunk/${trunkId}/`)) {
			number.application = null;
		}
	}
}
