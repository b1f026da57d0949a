import { randomUUID } from 'node:crypto';

import { insightsOf } from './calls.mts';
import { CHANGEABLE, CREATABLE, REFERENCES, type Refusal, WRITABLE } from './checks.mts';
import { KEPT_DAYS, type Query, select } from './lists.mts';
import { plivoTime } from './plivoTime.mts';
import {
	ID_FIELDS,
	type KindName,
	type PlivoRecord,
	routeTo,
	shown,
	type State,
	withDefaults,
} from './records.mts';

/** What the API answers. A body that is a string is no JSON. */
export interface ApiAnswer {
	status: number;
	body?: PlivoRecord | string;
}

/** The account that is asked, at the moment of the request. */
export interface Account {
	state: State;
	authId: string;
	/** Milliseconds since 1970. */
	now: number;
	/** Plivo may ignore a filter of a list (live). */
	ignoreListFilters: boolean;
}

/** A request to the account. */
export interface ApiRequest {
	method: string;
	/** What follows `/v1/Account/<auth id>`, with the slashes at both ends. */
	path: string;
	query: Query;
	/** A POST's, parsed. */
	body: unknown;
}

/** The collections by path. Paths are case-sensitive and exact (live). */
const COLLECTIONS: Record<string, KindName> = {
	'Zentrunk/Trunk': 'trunks',
	'Zentrunk/Credential': 'credentials',
	'Zentrunk/IPAccessControlList': 'ipacls',
	'Zentrunk/URI': 'uris',
	'Zentrunk/Call': 'calls',
	Number: 'numbers',
};

const PATH = /^\/(Zentrunk\/[A-Za-z]+|Number)\/(?:([^/]+)\/)?(?:(Insights)\/)?$/;

const LARGEST_PAGE = 20;

/** For addresses that lead nowhere: not JSON (live). */
export const HTML_NOT_FOUND: ApiAnswer = {
	status: 404,
	body: '<html><body><h1>Not Found</h1></body></html>',
};

const done = (status: number, rest: PlivoRecord): ApiAnswer => ({
	status,
	body: { api_id: randomUUID(), ...rest },
});

function refuse({ status, error, shape = 'error' }: Refusal): ApiAnswer {
	if (shape === 'message') return { status, body: { message: error } };
	if (shape === 'data') return { status, body: { data: { error } } };
	return done(status, { error });
}

const notFound = () => refuse({ status: 404, error: 'not found' });

const notAllowed = () => refuse({ status: 405, error: 'method not allowed', shape: 'message' });

/**
 * Plivo's SIP Trunking API for one account: does what a request asks and answers.
 * Source: plivo.com/docs/sip-trunking/api and plivo.com/docs/numbers/api/account-phone-number; facts marked "live"
 * are from the changelog of plivo/plivo-cli, 1.1.0 to 1.1.3.
 */
export function handle(account: Account, { method, path, query, body }: ApiRequest): ApiAnswer {
	const [, collection, encodedId, part] = PATH.exec(path) ?? [];
	const kind = COLLECTIONS[collection];
	if (!kind) return HTML_NOT_FOUND;
	const empty = Object.keys(query).find((name) => query[name] === '');
	if (empty) return refuse({ status: 400, error: `${empty} is empty` });
	if (encodedId === undefined) {
		if (method === 'GET') return list(account, collection, query);
		if (method === 'POST' && kind in CREATABLE) return create(account, kind, body);
		return notAllowed();
	}
	const id = decodeURIComponent(encodedId);
	const record = account.state[kind].get(id);
	if (!record || (kind === 'calls' && isGone(record, account.now))) return notFound();
	if (part) {
		if (kind !== 'calls') return HTML_NOT_FOUND;
		return method === 'GET' ? done(200, insightsOf(record)) : notAllowed();
	}
	if (method === 'GET') return getOne(kind, record);
	if (method === 'POST' && kind in CHANGEABLE) return update(account, kind, record, body);
	if (method === 'DELETE' && kind in CREATABLE) return remove(account.state, kind, id);
	return notAllowed();
}

const isGone = (call: PlivoRecord, now: number) =>
	String(call.end_time) < plivoTime(now - KEPT_DAYS * 86_400_000);

/** A trunk is nested under `object` (live); the others are flat. */
function getOne(kind: KindName, record: PlivoRecord): ApiAnswer {
	return done(200, kind === 'trunks' ? { object: shown(record) } : shown(record));
}

function list(account: Account, collection: string, query: Query): ApiAnswer {
	const { limit: limitText = String(LARGEST_PAGE), offset: offsetText = '0', ...filters } = query;
	if (!/^\d+$/.test(limitText) || +limitText < 1 || +limitText > LARGEST_PAGE) {
		return refuse({ status: 400, error: `limit must be 1 to ${LARGEST_PAGE}` });
	}
	if (!/^\d+$/.test(offsetText)) return refuse({ status: 400, error: 'offset must be 0 or more' });
	const [limit, offset] = [Number(limitText), Number(offsetText)];
	const found = select(account, COLLECTIONS[collection], filters);
	if (!Array.isArray(found)) return refuse(found);
	// Without a leading slash (live).
	const page = (from: number) =>
		`v1/Account/${account.authId}/${collection}/?${new URLSearchParams({ ...filters, limit: limitText, offset: String(from) }).toString()}`;
	return done(200, {
		meta: {
			limit,
			offset,
			total_count: found.length,
			previous: offset > 0 ? page(Math.max(0, offset - limit)) : null,
			next: offset + limit < found.length ? page(offset + limit) : null,
		},
		objects: found.slice(offset, offset + limit).map(shown),
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

/** Answers the new id and nothing else of the record (live). */
function create({ state, now }: Account, kind: KindName, body: unknown): ApiAnswer {
	const fields = fieldsOf(kind, body);
	const problem = fields ? CREATABLE[kind]?.(state, fields) : NO_OBJECT;
	if (problem) return refuse(problem);
	const records = state[kind];
	const record = withDefaults(kind, { name: '', ...fields }, { now, serial: records.size + 1 });
	const idField = ID_FIELDS[kind];
	records.set(String(record[idField]), record);
	return done(201, { message: 'created', [idField]: record[idField] });
}

function update(account: Account, kind: KindName, record: PlivoRecord, body: unknown): ApiAnswer {
	const { state, authId, now } = account;
	const fields = fieldsOf(kind, body);
	const problem = fields ? CHANGEABLE[kind]?.(state, fields, record) : NO_OBJECT;
	if (problem) return refuse(problem);
	if (kind === 'numbers') {
		const target = String(fields?.app_id);
		const targetKind = state.trunks.has(target) ? 'trunks' : 'applications';
		record.application = routeTo(authId, targetKind, target);
		return done(202, { message: 'changed' });
	}
	// Every update of a credential rewrites its password; one without blanks it (live).
	Object.assign(record, kind === 'credentials' && { password: '' }, fields);
	if (kind === 'trunks') record.updated_at = plivoTime(now);
	return done(202, { message: 'changed' });
}

function remove(state: State, kind: KindName, id: string): ApiAnswer {
	state[kind].delete(id);
	if (kind === 'trunks') detachNumbers(state, id);
	const references = REFERENCES.filter(([, referred]) => referred === kind);
	for (const trunk of [...state.trunks.values()]) {
		for (const [field] of references) {
			if (trunk[field] !== id) continue;
			// Trunks that use a deleted URI go with it (live).
			if (kind === 'uris') remove(state, 'trunks', String(trunk.trunk_id));
			else trunk[field] = null;
		}
	}
	return { status: 204 };
}

/** The numbers of a deleted trunk route nowhere (live). */
function detachNumbers({ numbers }: State, trunkId: string) {
	for (const number of numbers.values()) {
		if (String(number.application).endsWith(`/Zentrunk/Trunk/${trunkId}/`)) {
			number.application = null;
		}
	}
}
