import { randomUUID } from 'node:crypto';

import {
	ID_FIELDS,
	type KindName,
	type PlivoRecord,
	plivoTime,
	type State,
	withDefaults,
} from './records.mts';

/** What the API answers. A body that is a string is no JSON. */
export interface ApiAnswer {
	status: number;
	body?: PlivoRecord | string;
}

export interface ApiContext {
	state: State;
	authId: string;
	now: () => number;
	/** Plivo may ignore a filter of a trunk list (live). */
	ignoreListFilters: () => boolean;
}

type Query = Record<string, string>;

const DAY_MS = 86_400_000;

const refuse = (status: number, error: string): ApiAnswer => ({
	status,
	body: { api_id: randomUUID(), error },
});

const done = (status: number, rest: PlivoRecord): ApiAnswer => ({
	status,
	body: { api_id: randomUUID(), ...rest },
});

const notFound = () => refuse(404, 'not found');

/** Paths are case-sensitive and exact (live). */
const COLLECTIONS: Record<string, KindName> = {
	'Zentrunk/Trunk': 'trunks',
	'Zentrunk/Credential': 'credentials',
	'Zentrunk/IPAccessControlList': 'ipacls',
	'Zentrunk/URI': 'uris',
	'Zentrunk/Call': 'calls',
	Number: 'numbers',
};

/**
 * Plivo's SIP Trunking API for one account.
 *
 * @param path what follows `/v1/Account/<auth id>`, with the slashes at both ends
 * @param body the parsed JSON body of a POST
 */
export function handle(
	context: ApiContext,
	method: string,
	path: string,
	query: Query,
	body: unknown,
): ApiAnswer {
	const match = /^\/(Zentrunk\/[A-Za-z]+|Number)\/(?:([^/]+)\/)?(?:(Insights)\/)?$/.exec(path);
	const kind = match && COLLECTIONS[match[1]];
	if (!kind) return { status: 404, body: '<html><body><h1>Not Found</h1></body></html>' };
	const id = match[2] === undefined ? undefined : decodeURIComponent(match[2]);
	if (Object.values(query).includes('')) return refuse(400, 'a filter has an empty value');
	if (match[3]) {
		if (kind !== 'calls' || method !== 'GET') return refuse(405, 'method not allowed');
		return insights(context, id ?? '');
	}
	if (id === undefined) {
		if (method === 'GET') return list(context, kind, query);
		if (method === 'POST' && kind in CREATE) return create(context, kind, body);
		return refuse(405, 'method not allowed');
	}
	const record = context.state[kind].get(id);
	if (!record) return notFound();
	if (method === 'GET') return getOne(kind, record);
	if (method === 'POST' && kind in UPDATE) return update(context, kind, record, body);
	if (method === 'DELETE' && kind in CREATE) return remove(context, kind, id);
	return refuse(405, 'method not allowed');
}

/** What Plivo shows of a record: never a password. */
export function shown(record: PlivoRecord): PlivoRecord {
	const { password: _password, ...rest } = record;
	return rest;
}

function getOne(kind: KindName, record: PlivoRecord): ApiAnswer {
	return done(200, kind === 'trunks' ? { object: shown(record) } : shown(record));
}

function insights({ state }: ApiContext, id: string): ApiAnswer {
	const call = state.calls.get(id);
	if (!call) return notFound();
	return done(200, {
		call_uuid: id,
		rtt: '42.1',
		jitter: '3.2',
		packet_loss: '0.4',
		post_dial_delay: '1450',
		plivo_quality_score: '4.2',
		from_carrier: 'Plivo',
		to_carrier: 'Example Telecom',
	});
}

function list(context: ApiContext, kind: KindName, query: Query): ApiAnswer {
	const limit = query.limit === undefined ? 20 : Number(query.limit);
	const offset = query.offset === undefined ? 0 : Number(query.offset);
	if (!Number.isInteger(limit) || limit < 1 || limit > 20)
		return refuse(400, 'limit must be 1 to 20');
	if (!Number.isInteger(offset) || offset < 0) return refuse(400, 'offset must be 0 or more');
	const filtered = FILTERS[kind]?.(context, query) ?? [...context.state[kind].values()];
	if (!Array.isArray(filtered)) return filtered;
	const path = `v1/Account/${context.authId}/${Object.keys(COLLECTIONS).find((name) => COLLECTIONS[name] === kind)}/`;
	// Without a leading slash (live).
	const page = (from: number) => `${path}?limit=${limit}&offset=${from}`;
	return done(200, {
		meta: {
			limit,
			offset,
			total_count: filtered.length,
			previous: offset > 0 ? page(Math.max(0, offset - limit)) : null,
			next: offset + limit < filtered.length ? page(offset + limit) : null,
		},
		objects: filtered.slice(offset, offset + limit).map(shown),
	});
}

const TRUNK_FILTERS = [
	'trunk_status',
	'trunk_direction',
	'secure',
	'ipacl_uuid',
	'credential_uuid',
	'primary_uri_uuid',
	'fallback_uri_uuid',
];

type Filter = (context: ApiContext, query: Query) => PlivoRecord[] | ApiAnswer;

const FILTERS: Partial<Record<KindName, Filter>> = {
	trunks({ state, ignoreListFilters }, query) {
		const set = TRUNK_FILTERS.filter((field) => field in query);
		const all = [...state.trunks.values()];
		if (set.length === 0 || ignoreListFilters()) return all;
		return all.filter((trunk) => set.every((field) => String(trunk[field]) === query[field]));
	},
	numbers({ state }, query) {
		const services = query.services?.split(',') ?? [];
		return [...state.numbers.values()].filter(
			(number) =>
				(!query.type || number.number_type === query.type) &&
				(!query.number_startswith || String(number.number).startsWith(query.number_startswith)) &&
				(!query.alias || number.alias === query.alias) &&
				(!query.subaccount || number.sub_account === query.subaccount) &&
				services.every((service) => number[`${service}_enabled`] === true),
		);
	},
	calls: filteredCalls,
};

const CALL_EQUALS = ['call_direction', 'hangup_cause_code', 'hangup_source', 'stir_verification'];

const STIR = ['Verified', 'Not Verified', 'Not Applicable'];

function filteredCalls({ state, now }: ApiContext, query: Query): PlivoRecord[] | ApiAnswer {
	if (query.stir_verification && !STIR.includes(query.stir_verification)) {
		return refuse(400, 'invalid stir_verification');
	}
	const lower = ['end_time__gt', 'end_time__gte'].filter((bound) => query[bound]);
	const upper = ['end_time__lt', 'end_time__lte'].filter((bound) => query[bound]);
	if (upper.length > 0 && lower.length === 0) return refuse(400, 'end_time needs a lower bound');
	for (const bound of [...lower, ...upper]) {
		if (!/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(query[bound]))
			return refuse(400, `invalid ${bound}`);
		const time = Date.parse(`${query[bound].replace(' ', 'T')}Z`);
		if (time < now() - 90 * DAY_MS) return refuse(400, `${bound} is older than 90 days`);
	}
	// 90 days are kept; without a filter the last 30 are searched.
	const since = plivoTime(now() - (lower.length > 0 ? 90 : 30) * DAY_MS);
	return [...state.calls.values()]
		.filter((call) => {
			const end = String(call.end_time);
			if (end < since) return false;
			return (
				CALL_EQUALS.every((field) => !query[field] || String(call[field]) === query[field]) &&
				['from_number', 'to_number'].every(
					// With a `+` nothing matches (live).
					(field) => !query[field] || String(call[field]).slice(1).startsWith(query[field]),
				) &&
				within(Number(call.bill_duration), query, 'bill_duration', Number) &&
				within(end, query, 'end_time', withSeconds)
			);
		})
		.sort((one, other) => String(other.end_time).localeCompare(String(one.end_time)));
}

const withSeconds = (time: string) => (time.length === 16 ? `${time}:00` : time);

function within<T extends number | string>(
	value: T,
	query: Query,
	field: string,
	parse: (text: string) => T,
): boolean {
	const bound = (name: string) => {
		const text = query[`${field}__${name}`];
		return text === undefined ? undefined : parse(text);
	};
	const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map(bound);
	return (
		(gt === undefined || value > gt) &&
		(gte === undefined || value >= gte) &&
		(lt === undefined || value < lt) &&
		(lte === undefined || value <= lte)
	);
}

type Check = (
	context: ApiContext,
	fields: PlivoRecord,
	before?: PlivoRecord,
) => ApiAnswer | undefined;

const has = (fields: PlivoRecord, field: string) =>
	fields[field] !== undefined && fields[field] !== null && fields[field] !== '';

/** References of a trunk, and the kind of each. */
const REFERENCES: Array<[string, KindName]> = [
	['credential_uuid', 'credentials'],
	['ipacl_uuid', 'ipacls'],
	['primary_uri_uuid', 'uris'],
	['fallback_uri_uuid', 'uris'],
];

const checkTrunk: Check = ({ state }, fields, before) => {
	const direction = fields.trunk_direction;
	if (direction === undefined) return refuse(400, 'trunk_direction is required');
	if (direction !== 'inbound' && direction !== 'outbound')
		return refuse(400, 'invalid trunk_direction');
	if ('trunk_status' in fields && !['enabled', 'disabled'].includes(String(fields.trunk_status))) {
		return refuse(400, 'invalid trunk_status');
	}
	if ('secure' in fields && typeof fields.secure !== 'boolean')
		return refuse(400, 'invalid secure');
	const after = { ...before, ...fields };
	if (direction === 'outbound' && !has(after, 'credential_uuid') && !has(after, 'ipacl_uuid')) {
		return refuse(422, 'credential_uuid or ipacl_uuid is required for an outbound trunk');
	}
	if (direction === 'inbound' && !has(after, 'primary_uri_uuid')) {
		return refuse(422, 'primary_uri_uuid is required for an inbound trunk');
	}
	for (const [field, kind] of REFERENCES) {
		if (has(fields, field) && !state[kind].has(String(fields[field]))) {
			return refuse(400, `${field} does not exist`);
		}
	}
	return undefined;
};

const checkCredential: Check = (_context, fields, before) => {
	if (!before && !(has(fields, 'username') && has(fields, 'password'))) {
		return refuse(400, 'username and password are required');
	}
	if (has(fields, 'password') && !has(fields, 'username')) {
		return { status: 400, body: { message: 'username is required with a password' } };
	}
	if (has(fields, 'username') && !/^[A-Za-z0-9]{5,20}$/.test(String(fields.username))) {
		return refuse(400, 'username must be 5 to 20 letters or digits');
	}
	const password = String(fields.password ?? '');
	if (
		has(fields, 'password') &&
		!(/^[A-Za-z0-9~!@#$%^&*()_+]{5,20}$/.test(password) && /[~!@#$%^&*()_+]/.test(password))
	) {
		return refuse(400, 'password does not meet the rules');
	}
	return undefined;
};

const checkUri: Check = (_context, fields, before) => {
	if (!before && !has(fields, 'uri')) return refuse(400, 'uri is required');
	if (has(fields, 'uri') && /^https?:|\s/.test(String(fields.uri))) {
		return { status: 400, body: { data: { error: 'uri is not a SIP address' } } };
	}
	if (
		fields.authentication_needed === true &&
		!(has(fields, 'username') && has(fields, 'password'))
	) {
		return refuse(422, 'authentication_needed takes username and password');
	}
	const restated = has(fields, 'authentication_needed') && has(fields, 'username');
	if (before && has(fields, 'password') && !restated) {
		return refuse(400, 'a password goes with authentication_needed and username');
	}
	return undefined;
};

const checkIpAcl: Check = (_context, fields, before) => {
	const given = 'ip_addresses' in fields;
	if (!before && !given) return refuse(400, 'ip_addresses is required');
	if (given && !(Array.isArray(fields.ip_addresses) && fields.ip_addresses.length > 0)) {
		return refuse(400, 'ip_addresses must be a list of addresses');
	}
	return undefined;
};

const CREATE: Partial<Record<KindName, Check>> = {
	trunks: checkTrunk,
	credentials: checkCredential,
	uris: checkUri,
	ipacls: checkIpAcl,
};

const checkRoute: Check = ({ state }, fields) => {
	const target = String(fields.app_id ?? '');
	if (!target) return refuse(400, 'app_id is required');
	if (!state.trunks.has(target) && !state.applications.has(target)) return notFound();
	return undefined;
};

const UPDATE: Partial<Record<KindName, Check>> = { ...CREATE, numbers: checkRoute };

const isObject = (body: unknown): body is PlivoRecord =>
	typeof body === 'object' && body !== null && !Array.isArray(body);

function create(context: ApiContext, kind: KindName, body: unknown): ApiAnswer {
	if (!isObject(body)) return refuse(400, 'the body is no JSON object');
	const problem = CREATE[kind]?.(context, body);
	if (problem) return problem;
	const records = context.state[kind];
	const record = withDefaults(kind, body, {
		now: context.now(),
		authId: context.authId,
		serial: records.size + 1,
	});
	const idField = ID_FIELDS[kind];
	records.set(String(record[idField]), record);
	return done(201, { message: 'created', [idField]: record[idField] });
}

function update(
	context: ApiContext,
	kind: KindName,
	record: PlivoRecord,
	body: unknown,
): ApiAnswer {
	if (!isObject(body)) return refuse(400, 'the body is no JSON object');
	const problem = UPDATE[kind]?.(context, body, record);
	if (problem) return problem;
	if (kind === 'numbers') {
		const target = String(body.app_id);
		const type = context.state.trunks.has(target) ? 'Zentrunk/Trunk' : 'Application';
		record.application = `/v1/Account/${context.authId}/${type}/${target}/`;
		return done(202, { message: 'changed' });
	}
	Object.assign(record, body);
	// Every update of a credential rewrites its password; one without blanks it (live).
	if (kind === 'credentials' && !has(body, 'password')) record.password = '';
	if (kind === 'trunks') record.updated_at = plivoTime(context.now());
	return done(202, { message: 'changed' });
}

function remove({ state }: ApiContext, kind: KindName, id: string): ApiAnswer {
	state[kind].delete(id);
	if (kind === 'trunks') detachNumbers(state, id);
	for (const [field, referred] of REFERENCES) {
		if (referred !== kind) continue;
		for (const trunk of [...state.trunks.values()]) {
			if (trunk[field] !== id) continue;
			if (kind === 'uris') {
				// Trunks that use a deleted URI go with it (live).
				const trunkId = String(trunk.trunk_id);
				state.trunks.delete(trunkId);
				detachNumbers(state, trunkId);
			} else {
				trunk[field] = null;
			}
		}
	}
	return { status: 204 };
}

function detachNumbers({ numbers }: State, trunkId: string) {
	for (const number of numbers.values()) {
		if (String(number.application ?? '').endsWith(`/Zentrunk/Trunk/${trunkId}/`)) {
			number.application = null;
		}
	}
}
