import {
	decoded,
	type Fields,
	fieldsOf,
	isBearer,
	isE164,
	isHost,
	isText,
	listOf,
	type PlatformAnswer,
	type PlatformCall,
	type StandIn,
	type World,
} from './standIn.mts';

const TRANSPORTS = ['TLS', 'TCP', 'UDP'];
const AGENTS = ['inbound_agents', 'outbound_agents'];
const PLAIN = [...AGENTS, 'nickname', 'inbound_webhook_url', 'fallback_number'];

/** A number with what Retell never shows. */
interface SipNumber {
	phone_number: string;
	trunk: {
		termination_uri: string;
		transport: string;
		auth_username?: string;
		auth_password?: string;
	};
	settings: Fields;
	changed: number;
}

export interface Retell extends StandIn {
	readonly numbers: Map<string, SipNumber>;
	/** Numbers that another workspace holds: not to be seen, and refused. */
	readonly elsewhere: Set<string>;
}

/** Source: RetellAI/retell-python-sdk (2026-07-31), docs.retellai.com; the refusals come from integrators’ reports. */
export function createRetell(world: World, key: string): Retell {
	const numbers = new Map<string, SipNumber>();
	const elsewhere = new Set<string>();

	function handle(call: PlatformCall): PlatformAnswer {
		const { method, path, body } = call;
		if (!isBearer(call, key)) return failed(401, 'Invalid API Key');
		if (path === '/import-phone-number' && method === 'POST') return create(fieldsOf(body));
		if (path === '/v2/list-phone-numbers' && method === 'GET')
			return {
				status: 200,
				body: { items: [...numbers.values()].map(shown), pagination_key: null, has_more: false },
			};
		const [, verb, id = ''] = /^\/(get|update|delete)-phone-number\/([^/]+)$/.exec(path) ?? [];
		const wanted = { GET: 'get', PATCH: 'update', DELETE: 'delete' }[method];
		if (!verb || verb !== wanted) return failed(404, 'Cannot find the route');
		const number = numbers.get(decoded(id));
		if (!number) return failed(404, 'Phone number not found');
		if (verb === 'get') return { status: 200, body: shown(number) };
		if (verb === 'update') return change(number, fieldsOf(body));
		numbers.delete(number.phone_number);
		return { status: 204 };
	}

	function create(fields: Fields): PlatformAnswer {
		const { phone_number, termination_uri } = fields;
		if (!isText(phone_number) || !(isE164(phone_number) || fields.ignore_e164_validation === true))
			return failed(400, 'phone_number must be in E.164 format');
		if (!isHost(termination_uri)) return failed(400, 'termination_uri is not valid');
		const problem = problemOf(fields);
		if (problem) return failed(400, problem);
		if (numbers.has(phone_number) || elsewhere.has(phone_number))
			return failed(400, 'Phone number already exists.');
		const number: SipNumber = {
			phone_number,
			trunk: {
				termination_uri: String(termination_uri),
				transport: String(fields.transport ?? 'TCP'),
				...(isText(fields.sip_trunk_auth_username) && {
					auth_username: fields.sip_trunk_auth_username,
				}),
				...(isText(fields.sip_trunk_auth_password) && {
					auth_password: fields.sip_trunk_auth_password,
				}),
			},
			settings: settingsOf(fields),
			changed: world.now(),
		};
		numbers.set(phone_number, number);
		return { status: Number(world.variants.retellImport), body: shown(number) };
	}

	/** The names of the import are no names of a change: they are passed over. */
	function change(number: SipNumber, fields: Fields): PlatformAnswer {
		const problem = problemOf(fields);
		if (problem) return failed(400, problem);
		for (const field of ['termination_uri', 'transport', 'auth_username', 'auth_password'] as const)
			if (isText(fields[field])) number.trunk[field] = fields[field];
		Object.assign(number.settings, settingsOf(fields));
		number.changed = world.now();
		return { status: 200, body: shown(number) };
	}

	return {
		numbers,
		elsewhere,
		handle,
		all: () => ({ numbers: [...numbers.values()], elsewhere: [...elsewhere] }),
		reset() {
			numbers.clear();
			elsewhere.clear();
		},
	};
}

const settingsOf = (fields: Fields): Fields =>
	Object.fromEntries(PLAIN.filter((name) => name in fields).map((name) => [name, fields[name]]));

function problemOf(fields: Fields): string | undefined {
	if ('inbound_agent_id' in fields || 'outbound_agent_id' in fields)
		return 'inbound_agent_id is no longer supported, use inbound_agents';
	if (fields.transport !== undefined && !TRANSPORTS.includes(String(fields.transport)))
		return `transport must be one of ${TRANSPORTS.join(', ')}`;
	for (const name of AGENTS) {
		const agents = listOf(fields[name]).map(fieldsOf);
		if (agents.length === 0) continue;
		if (agents.some(({ agent_id }) => !isText(agent_id))) return `${name}: agent_id is required`;
		const sum = agents.reduce((total, { weight }) => total + Number(weight), 0);
		if (Math.abs(sum - 1) > 1e-6) return `${name}: weights must add up to 1`;
	}
	return undefined;
}

const failed = (status: number, message: string): PlatformAnswer => ({
	status,
	body: { status: 'error', message },
});

const shown = ({ phone_number, trunk, settings, changed }: SipNumber) => ({
	phone_number,
	phone_number_type: 'custom',
	phone_number_pretty: phone_number,
	...settings,
	sip_outbound_trunk_config: {
		termination_uri: trunk.termination_uri,
		auth_username: trunk.auth_username ?? null,
		transport: trunk.transport,
	},
	last_modification_timestamp: changed,
});
