import {
	decoded,
	type Fields,
	fieldsOf,
	isBearer,
	isE164,
	isHost,
	isIpv4,
	isText,
	listOf,
	type PlatformAnswer,
	type PlatformCall,
	type StandIn,
	type World,
} from './standIn.mts';

const PROTOCOLS = ['udp', 'tcp', 'tls', 'tls/srtp'];
const AGENTS = ['assistantId', 'squadId', 'workflowId'];
const CREDENTIAL = ['name', 'gateways', 'outboundLeadingPlusEnabled', 'outboundAuthenticationPlan'];
const NUMBER = [...AGENTS, 'name', 'number', 'credentialId', 'numberE164CheckEnabled', 'server'];

export interface Vapi extends StandIn {
	readonly credentials: Map<string, Fields>;
	readonly numbers: Map<string, Fields>;
}

/** Source: VapiAI/docs (2026-08-20), fern/advanced/sip and fern/apis/api/openapi.json. */
export function createVapi(world: World, key: string): Vapi {
	const credentials = new Map<string, Fields>();
	const numbers = new Map<string, Fields>();

	const failed = (status: number, message: string): PlatformAnswer => ({
		status,
		body: {
			message: world.variants.vapiMessage === 'list' ? [message] : message,
			error: status === 401 ? 'Unauthorized' : status === 404 ? 'Not Found' : 'Bad Request',
			statusCode: status,
		},
	});

	function handle(call: PlatformCall): PlatformAnswer {
		const { method, path, query, body } = call;
		if (!isBearer(call, key))
			return failed(401, 'Invalid Key. Hot tip, you may be using the public key.');
		if (path === '/v2/phone-number' && method === 'GET') return search(query);
		const [, kind, id] = /^\/(credential|phone-number)(?:\/([^/]+))?$/.exec(path) ?? [];
		if (!kind) return failed(404, `Cannot ${method} ${path}`);
		const records = kind === 'credential' ? credentials : numbers;
		const problemOf = kind === 'credential' ? credentialProblem : numberProblem;
		const known = kind === 'credential' ? CREDENTIAL : NUMBER;
		const given = Object.fromEntries(
			Object.entries(fieldsOf(body)).filter(([name]) => known.includes(name)),
		);
		if (id === undefined) {
			if (method === 'GET') return { status: 200, body: page([...records.values()], query) };
			if (method !== 'POST') return failed(404, `Cannot ${method} ${path}`);
			const provider = kind === 'credential' ? 'byo-sip-trunk' : 'byo-phone-number';
			if (fieldsOf(body).provider !== provider)
				return failed(400, `provider must be one of the following values: ${provider}`);
			const problem = problemOf(given);
			if (problem) return failed(400, problem);
			const now = new Date(world.now()).toISOString();
			const common = { id: world.id(), orgId: 'org', provider, createdAt: now, updatedAt: now };
			const record = { ...common, ...(kind !== 'credential' && { status: 'active' }), ...given };
			records.set(common.id, record);
			return { status: 201, body: shown(record) };
		}
		const record = records.get(decoded(id));
		if (!record) return failed(404, 'Not Found');
		if (method === 'GET') return { status: 200, body: shown(record) };
		if (method === 'PATCH') {
			const problem = problemOf({ ...record, ...given }, record);
			if (problem) return failed(400, problem);
			Object.assign(record, given, { updatedAt: new Date(world.now()).toISOString() });
			return { status: 200, body: shown(record) };
		}
		if (method === 'DELETE') {
			records.delete(String(record.id));
			return { status: 200, body: shown(record) };
		}
		return failed(404, `Cannot ${method} ${path}`);
	}

	/** The newest first, a hundred where nothing else is asked for. */
	function page(records: Fields[], query: Record<string, string>): Fields[] {
		const kind = world.variants.vapiCredentials;
		const listed = records.map(shown);
		if (kind === 'whole') return listed;
		const { limit = '100', createdAtLe, createdAtGe } = kind === 'paged' ? query : {};
		const timeOf = ({ createdAt }: Fields) => Date.parse(String(createdAt));
		return listed
			.filter((one) => createdAtLe === undefined || timeOf(one) <= Date.parse(createdAtLe))
			.filter((one) => createdAtGe === undefined || timeOf(one) >= Date.parse(createdAtGe))
			.sort((one, other) => timeOf(other) - timeOf(one))
			.slice(0, Math.min(Number(limit), 1000));
	}

	function search({ search: part = '', page = '1', limit = '100' }: Record<string, string>) {
		const found = [...numbers.values()].filter(({ name, number }) =>
			[name, number].some((text) => String(text ?? '').includes(part)),
		);
		const [size, from] = [Number(limit), (Number(page) - 1) * Number(limit)];
		return {
			status: 200,
			body: {
				results: found.slice(from, from + size).map(shown),
				metadata: { totalItems: found.length, currentPage: Number(page), itemsPerPage: size },
			},
		};
	}

	function numberProblem(fields: Fields, own?: Fields): string | undefined {
		const { number, name, credentialId, numberE164CheckEnabled = true } = fields;
		if (!isText(number) || number.length < 3 || number.length > 40)
			return 'number must be longer than or equal to 3 and shorter than or equal to 40 characters';
		if (numberE164CheckEnabled && !isE164(number))
			return 'number must be a valid phone number in the E.164 format';
		if (!/^\+?[a-zA-Z0-9]+$/.test(number)) return 'number must match ^\\+?[a-zA-Z0-9]+$';
		if (String(name ?? '').length > 40)
			return 'name must be shorter than or equal to 40 characters';
		if (!credentials.has(String(credentialId)))
			return `Couldn't find credential ${String(credentialId)}.`;
		const twin = [...numbers.values()].some((other) => other !== own && other.number === number);
		return twin && world.variants.vapiTwins === 'refused'
			? `Existing Phone Number ${number} Has Identical \`number\`.`
			: undefined;
	}

	return {
		credentials,
		numbers,
		handle,
		all: () => ({ credentials: [...credentials.values()], numbers: [...numbers.values()] }),
		reset() {
			credentials.clear();
			numbers.clear();
		},
	};
}

function credentialProblem({ name, gateways }: Fields): string | undefined {
	if (name !== undefined && (!isText(name) || [...name].length > 40))
		return 'name must be longer than or equal to 1 and shorter than or equal to 40 characters';
	const list = listOf(gateways).map(fieldsOf);
	if (list.length === 0) return 'gateways must contain at least 1 elements';
	for (const {
		ip,
		port = 5060,
		netmask = 32,
		inboundEnabled = true,
		outboundProtocol = 'udp',
	} of list) {
		if (!isIpv4(ip) && !isHost(ip)) return 'gateways.0.ip must be an IP address or a host name';
		if (Number(port) < 1 || Number(port) > 65_535)
			return 'gateways.0.port must not be greater than 65535';
		if (Number(netmask) < 24 || Number(netmask) > 32)
			return 'gateways.0.netmask must be from 24 to 32';
		if (!PROTOCOLS.includes(String(outboundProtocol)))
			return `gateways.0.outboundProtocol must be one of ${PROTOCOLS.join(', ')}`;
		// A host name can't take calls, and taking them is the default.
		if (!isIpv4(ip) && inboundEnabled)
			return "Couldn't validate SIP trunk credential. SIP gateway creation failed.";
	}
	return undefined;
}

function shown(record: Fields): Fields {
	const { outboundAuthenticationPlan: plan, ...rest } = record;
	if (plan === undefined) return rest;
	const { authPassword: _authPassword, ...login } = fieldsOf(plan);
	return { ...rest, outboundAuthenticationPlan: login };
}
