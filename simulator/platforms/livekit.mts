import { createHmac, timingSafeEqual } from 'node:crypto';

import {
	digitsOf,
	type Fields,
	fieldsOf,
	isHost,
	isText,
	listOf,
	type PlatformAnswer,
	type PlatformCall,
	type StandIn,
	type World,
} from './standIn.mts';

/** A project's key and its secret. */
export interface LiveKitKey {
	apiKey: string;
	apiSecret: string;
}

export interface LiveKit extends StandIn {
	readonly inboundTrunks: Map<string, Fields>;
	readonly outboundTrunks: Map<string, Fields>;
	readonly rules: Map<string, Fields>;
}

/** Clocks may differ by so much. */
const LEEWAY_SECONDS = 60;

const TRUNK = {
	name: '',
	metadata: '',
	headers: {},
	numbers: [],
	auth_username: '',
	auth_password: '',
	media: null,
};
const INBOUND = { sip_trunk_id: '', ...TRUNK, allowed_addresses: [], allowed_numbers: [] };
const OUTBOUND = {
	sip_trunk_id: '',
	...TRUNK,
	address: '',
	transport: 'SIP_TRANSPORT_AUTO',
	destination_country: '',
	from_host: '',
};
const RULE = {
	sip_dispatch_rule_id: '',
	name: '',
	metadata: '',
	trunk_ids: [],
	rule: null,
	room_config: null,
	numbers: [],
	inbound_numbers: [],
	hide_phone_number: false,
	attributes: {},
};

/**
 * Source: livekit/protocol (2026-08-22), protobufs/livekit_sip.proto, livekit/sip.go, sip/sip.go, auth;
 * livekit/livekit (2026-08-21), pkg/service/{sip,auth}.go.
 */
export function createLiveKit(world: World, key: LiveKitKey): LiveKit {
	const inboundTrunks = new Map<string, Fields>();
	const outboundTrunks = new Map<string, Fields>();
	const rules = new Map<string, Fields>();

	const answered = (body: unknown): PlatformAnswer => ({
		status: 200,
		body: world.variants.livekitNames === 'camel' ? camel(hidden(body)) : hidden(body),
	});
	const hidden = (value: unknown): unknown =>
		world.variants.livekitPasswords === 'shown'
			? value
			: mapped(value, (name) => (name === 'auth_password' ? undefined : name));

	/** By id; a page begins behind `after_id` and has `limit` at most. */
	function listed(records: Fields[], page: unknown): PlatformAnswer {
		const { after_id, limit } = fieldsOf(page);
		const most = world.variants.livekitLists === 'capped' ? 100 : records.length;
		const idOf = (record: Fields) => String(Object.values(record)[0]);
		return answered({
			items: [...records]
				.sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1))
				.filter((record) => !isText(after_id) || idOf(record) > after_id)
				.slice(0, Math.min(Number(limit) || most, most)),
		});
	}

	const methods: Record<string, (fields: Fields) => PlatformAnswer> = {
		CreateSIPInboundTrunk: ({ trunk }) => createTrunk(inboundTrunks, INBOUND, trunk),
		CreateSIPOutboundTrunk: ({ trunk }) => createTrunk(outboundTrunks, OUTBOUND, trunk),
		CreateSIPDispatchRule: (fields) => createRule(fieldsOf(fields.dispatch_rule ?? fields)),
		// A filter also finds trunks and rules for every number or trunk.
		ListSIPInboundTrunk: ({ numbers, trunk_ids, page }) =>
			listed(
				[...inboundTrunks.values()].filter(
					(trunk) => hasId(trunk, trunk_ids) && hasNumber(trunk, numbers, digitsOf),
				),
				page,
			),
		ListSIPOutboundTrunk: ({ numbers, trunk_ids, page }) =>
			listed(
				[...outboundTrunks.values()].filter(
					(trunk) => hasId(trunk, trunk_ids) && hasNumber(trunk, numbers, String),
				),
				page,
			),
		ListSIPDispatchRule: ({ trunk_ids, dispatch_rule_ids, page }) =>
			listed(
				[...rules.values()].filter(
					(rule) =>
						(listOf(dispatch_rule_ids).length === 0 ||
							listOf(dispatch_rule_ids).includes(rule.sip_dispatch_rule_id)) &&
						(listOf(trunk_ids).length === 0 ||
							listOf(rule.trunk_ids).length === 0 ||
							listOf(rule.trunk_ids).some((id) => listOf(trunk_ids).includes(id))),
				),
				page,
			),
		UpdateSIPInboundTrunk: (fields) => updateTrunk(inboundTrunks, INBOUND, fields),
		UpdateSIPOutboundTrunk: (fields) => updateTrunk(outboundTrunks, OUTBOUND, fields),
		UpdateSIPDispatchRule: ({ sip_dispatch_rule_id: id, update, replace }) => {
			const rule = rules.get(String(id));
			if (!rule) return failed(404, 'not_found', 'object cannot be found');
			const next = changed(rule, RULE, update, replace);
			const problem = ruleProblem(next, rule);
			if (problem) return failed(400, 'invalid_argument', problem);
			return answered(Object.assign(rule, next));
		},
		GetSIPInboundTrunk: ({ sip_trunk_id: id }) => found(inboundTrunks, id, 'trunk'),
		GetSIPOutboundTrunk: ({ sip_trunk_id: id }) => found(outboundTrunks, id, 'trunk'),
		DeleteSIPTrunk: ({ sip_trunk_id: id }) =>
			removed(inboundTrunks.has(String(id)) ? inboundTrunks : outboundTrunks, id),
		DeleteSIPDispatchRule: ({ sip_dispatch_rule_id: id }) => removed(rules, id),
	};

	function handle({ method, path, headers, body }: PlatformCall): PlatformAnswer {
		const claims = claimsOf(headers.authorization, key, world.now() / 1000);
		// In plain text (livekit/livekit, pkg/service/auth.go).
		if (typeof claims === 'string') return { status: 401, body: claims };
		const [, name = ''] = /^\/twirp\/livekit\.SIP\/(\w+)$/.exec(path) ?? [];
		const work = methods[name];
		if (method !== 'POST' || !work) return failed(404, 'bad_route', `no handler for path ${path}`);
		if (fieldsOf(claims.sip).admin !== true)
			return failed(401, 'unauthenticated', 'permissions denied');
		return work(snake(fieldsOf(body)) as Fields);
	}

	function createTrunk(trunks: Map<string, Fields>, whole: Fields, given: unknown) {
		if (given === undefined) return failed(400, 'invalid_argument', 'missing trunk');
		const trunk = { ...whole, ...known(fieldsOf(given), whole) };
		const problem = trunkProblem(trunks, trunk);
		if (problem) return failed(400, 'invalid_argument', problem);
		trunk.sip_trunk_id = `ST_${world.id()}`;
		trunks.set(String(trunk.sip_trunk_id), trunk);
		return answered(trunk);
	}

	function updateTrunk(
		trunks: Map<string, Fields>,
		whole: Fields,
		{ sip_trunk_id: id, update, replace }: Fields,
	) {
		const trunk = trunks.get(String(id));
		if (!trunk) return failed(404, 'not_found', 'object cannot be found');
		const next = changed(trunk, whole, update, replace);
		const problem = trunkProblem(trunks, next, trunk);
		if (problem) return failed(400, 'invalid_argument', problem);
		return answered(Object.assign(trunk, next));
	}

	function trunkProblem(trunks: Map<string, Fields>, trunk: Fields, own?: Fields) {
		if (trunks === outboundTrunks) {
			if (listOf(trunk.numbers).length === 0) return 'no trunk numbers specified';
			return isHost(trunk.address) ? undefined : 'trunk address must be a host name or IP address';
		}
		const open =
			listOf(trunk.numbers).length === 0 &&
			listOf(trunk.allowed_addresses).length === 0 &&
			!isText(trunk.auth_username);
		if (open)
			return 'for security, one of the fields must be set: AuthUsername+AuthPassword, AllowedAddresses or Numbers';
		const conflict = [...inboundTrunks.values()].some(
			(other) => other !== own && shareNumbers(other, trunk) && shareCallers(other, trunk),
		);
		return conflict
			? `Conflicting inbound SIP Trunks: "<new>" and "${inboundIdLike(trunk)}", using the same number(s)`
			: undefined;
	}

	const inboundIdLike = (trunk: Fields) =>
		String([...inboundTrunks.values()].find((other) => shareNumbers(other, trunk))?.sip_trunk_id);

	function createRule(given: Fields): PlatformAnswer {
		const rule = { ...RULE, ...known(given, RULE) };
		const problem = ruleProblem(rule);
		if (problem) return failed(400, 'invalid_argument', problem);
		rule.sip_dispatch_rule_id = `SDR_${world.id()}`;
		rules.set(rule.sip_dispatch_rule_id, rule);
		return answered(rule);
	}

	function ruleProblem(rule: Fields, own?: Fields): string | undefined {
		if (Object.keys(fieldsOf(rule.rule)).length !== 1) return 'missing rule';
		const pinOf = ({ rule: one }: Fields) =>
			String(fieldsOf(Object.values(fieldsOf(one))[0]).pin ?? '');
		const same = (a: unknown, b: unknown) =>
			(listOf(a).length === 0 && listOf(b).length === 0) ||
			listOf(a).some((one) => listOf(b).includes(one));
		const conflict = [...rules.values()].find(
			(other) =>
				other !== own &&
				same(other.trunk_ids, rule.trunk_ids) &&
				same(other.numbers, rule.numbers) &&
				same(other.inbound_numbers, rule.inbound_numbers) &&
				pinOf(other) === pinOf(rule),
		);
		return conflict
			? `Dispatch rule for the same trunk, number, and PIN combination already exists in dispatch rule "${String(conflict.sip_dispatch_rule_id)}" "${String(conflict.name)}"`
			: undefined;
	}

	const found = (records: Map<string, Fields>, id: unknown, as: string) => {
		const record = records.get(String(id));
		return record ? answered({ [as]: record }) : failed(404, 'not_found', 'object cannot be found');
	};

	const removed = (records: Map<string, Fields>, id: unknown) => {
		const record = records.get(String(id));
		records.delete(String(id));
		return record ? answered(record) : failed(404, 'not_found', 'object cannot be found');
	};

	return {
		inboundTrunks,
		outboundTrunks,
		rules,
		handle,
		all: () => ({
			inbound_trunks: [...inboundTrunks.values()],
			outbound_trunks: [...outboundTrunks.values()],
			dispatch_rules: [...rules.values()],
		}),
		reset() {
			for (const records of [inboundTrunks, outboundTrunks, rules]) records.clear();
		},
	};
}

const failed = (status: number, code: string, msg: string): PlatformAnswer => ({
	status,
	body: { code, msg },
});

/** The field of a record's own id. */
const ID = /_id$/;

/** Unknown fields are dropped without a word. */
const known = (given: Fields, whole: Fields): Fields =>
	Object.fromEntries(Object.entries(given).filter(([name]) => name in whole && !ID.test(name)));

/** What can't be changed by an update of a part (SIPDispatchRuleUpdate). */
const REPLACED_ONLY = ['room_config', 'numbers', 'inbound_numbers', 'hide_phone_number'];

/** What a record becomes by `update`, whose lists have `set`, `add`, `remove` or `clear`, or by `replace`. */
function changed(record: Fields, whole: Fields, update: unknown, replace: unknown): Fields {
	if (replace !== undefined) {
		const ids = Object.entries(record).filter(([name]) => ID.test(name));
		return { ...whole, ...known(fieldsOf(replace), whole), ...Object.fromEntries(ids) };
	}
	const next = { ...record };
	for (const [name, value] of Object.entries(known(fieldsOf(update), whole))) {
		if (whole === RULE && REPLACED_ONLY.includes(name)) continue;
		if (!Array.isArray(record[name])) {
			next[name] = value;
			continue;
		}
		const { set, add, remove, clear } = fieldsOf(value);
		const before = clear === true ? [] : set === undefined ? listOf(record[name]) : listOf(set);
		next[name] = [...new Set([...before, ...listOf(add)])].filter(
			(one) => !listOf(remove).includes(one),
		);
	}
	return next;
}

const hasId = ({ sip_trunk_id: id }: Fields, ids: unknown) =>
	listOf(ids).length === 0 || listOf(ids).includes(id);

function hasNumber(trunk: Fields, asked: unknown, as: (value: unknown) => string) {
	const numbers = listOf(trunk.numbers).map(as);
	return (
		listOf(asked).length === 0 ||
		numbers.length === 0 ||
		listOf(asked).some((one) => numbers.includes(as(one)))
	);
}

function shareNumbers(a: Fields, b: Fields) {
	const [one, other] = [listOf(a.numbers).map(digitsOf), listOf(b.numbers).map(digitsOf)];
	return (one.length === 0 && other.length === 0) || one.some((number) => other.includes(number));
}

function shareCallers(a: Fields, b: Fields) {
	const [one, other] = [listOf(a.allowed_numbers), listOf(b.allowed_numbers)];
	return one.length === 0 || other.length === 0 || one.some((number) => other.includes(number));
}

/** The claims of a token, or why it is refused. */
function claimsOf(
	authorization: string | string[] | undefined,
	{ apiKey, apiSecret }: LiveKitKey,
	now: number,
): Fields | string {
	const [head = '', payload = '', signature] = String(authorization ?? '')
		.replace(/^Bearer /, '')
		.split('.');
	if (!signature) return 'invalid authorization token';
	const expected = createHmac('sha256', apiSecret).update(`${head}.${payload}`).digest();
	const given = Buffer.from(signature, 'base64url');
	if (given.length !== expected.length || !timingSafeEqual(given, expected))
		return 'invalid token: error in cryptographic primitive';
	const parsed = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Fields;
	if (parsed(head).alg !== 'HS256') return 'invalid token: unexpected algorithm';
	const claims = parsed(payload);
	if (claims.iss !== apiKey) return 'invalid API key';
	const { exp, nbf = 0 } = claims;
	if (typeof exp !== 'number') return 'invalid token: no expiry';
	if (exp < now - LEEWAY_SECONDS || Number(nbf) > now + LEEWAY_SECONDS)
		return 'invalid token: token is expired';
	return claims;
}

/** What a person names: their keys are no names of fields. */
const MAPS = /^(attributes|headers|.*[tT]o_?([aA]ttributes|[hH]eaders))$/;

/** The same with other names of fields; a field without one is left out. */
function mapped(value: unknown, rename: (name: string) => string | undefined): unknown {
	if (Array.isArray(value)) return value.map((one) => mapped(one, rename));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, one]) => {
			const renamed = rename(name);
			if (renamed === undefined) return [];
			return [[renamed, MAPS.test(name) ? one : mapped(one, rename)]];
		}),
	);
}

const camel = (value: unknown) =>
	mapped(value, (name) =>
		name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
	);

const snake = (value: unknown) =>
	mapped(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
