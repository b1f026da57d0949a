import {
	decoded,
	type Fields,
	fieldsOf,
	isHost,
	isText,
	type PlatformAnswer,
	type PlatformCall,
	type StandIn,
	type World,
} from './standIn.mts';

const PATH = '/v1/convai/phone-numbers';
const ENCRYPTION = ['disabled', 'allowed', 'required'];
const TRANSPORTS = ['auto', 'udp', 'tcp', 'tls'];

/** A number of a SIP trunk, with what ElevenLabs never shows. */
interface SipNumber {
	phone_number_id: string;
	phone_number: string;
	label: string;
	agent_id: string | null;
	inbound?: Fields;
	outbound?: Fields;
}

export interface ElevenLabs extends StandIn {
	readonly numbers: Map<string, SipNumber>;
	/** Who takes a call to this user part of the INVITE: it must be the number letter by letter. */
	agentOf(userPart: string): string | undefined;
}

/** Source: elevenlabs/elevenlabs-python (2026-07-23); the SIP page of elevenlabs.io/docs (2026-09-24). */
export function createElevenLabs(world: World, key: string): ElevenLabs {
	const numbers = new Map<string, SipNumber>();

	function handle({ method, path, query, headers, body }: PlatformCall): PlatformAnswer {
		if (headers['xi-api-key'] !== key) return failed(401, 'invalid_api_key', 'Invalid API key');
		if (path === PATH) {
			if (method === 'GET') return list(query);
			return method === 'POST' ? create(fieldsOf(body)) : notAllowed();
		}
		const number = path.startsWith(`${PATH}/`)
			? numbers.get(decoded(path.slice(PATH.length + 1)))
			: undefined;
		if (!number) return failed(404, 'document_not_found', 'Document with this id was not found.');
		if (method === 'GET') return { status: 200, body: shown(number) };
		if (method === 'PATCH') return change(number, fieldsOf(body));
		if (method === 'DELETE') {
			numbers.delete(number.phone_number_id);
			return { status: 200 };
		}
		return notAllowed();
	}

	const list = ({ provider, agent_id }: Record<string, string>): PlatformAnswer => ({
		status: 200,
		body:
			provider && provider !== 'sip_trunk'
				? []
				: [...numbers.values()]
						.filter((number) => !agent_id || number.agent_id === agent_id)
						.map(shown),
	});

	function create(fields: Fields): PlatformAnswer {
		const missing = ['phone_number', 'label'].filter((field) => !isText(fields[field]));
		if (fields.provider !== 'sip_trunk') missing.unshift('provider');
		const problems = [
			...missing.map((field) => problem([field], 'Field required', 'missing')),
			...problemsOf(fields),
		];
		if (problems.length > 0) return { status: 422, body: { detail: problems } };
		const phone_number = String(fields.phone_number);
		if ([...numbers.values()].some((number) => number.phone_number === phone_number))
			return failed(
				Number(world.variants.elevenlabsConflict),
				'phone_number_conflict',
				`Phone number ${phone_number} already exists in the workspace.`,
			);
		const phone_number_id = `phnum_${world.id()}`;
		const number: SipNumber = { phone_number_id, phone_number, label: '', agent_id: null };
		numbers.set(phone_number_id, number);
		apply(number, fields);
		return { status: 200, body: { phone_number_id } };
	}

	function change(number: SipNumber, fields: Fields): PlatformAnswer {
		const problems = problemsOf(fields);
		if (problems.length > 0) return { status: 422, body: { detail: problems } };
		apply(number, fields);
		return { status: 200, body: shown(number) };
	}

	return {
		numbers,
		handle,
		agentOf: (userPart) =>
			[...numbers.values()].find(
				({ phone_number, inbound }) => phone_number === userPart && inbound,
			)?.agent_id ?? undefined,
		all: () => ({ numbers: [...numbers.values()] }),
		reset: () => numbers.clear(),
	};
}

/** `phone_number` can't be changed; a credential without a password keeps the old one. */
function apply(number: SipNumber, fields: Fields): void {
	if (isText(fields.label)) number.label = fields.label;
	if (fields.agent_id !== undefined)
		number.agent_id = fields.agent_id === null ? null : String(fields.agent_id);
	if (fields.inbound_trunk_config) number.inbound = fieldsOf(fields.inbound_trunk_config);
	if (!fields.outbound_trunk_config) return;
	const outbound = fieldsOf(fields.outbound_trunk_config);
	const before = fieldsOf(number.outbound?.credentials);
	const credentials = outbound.credentials
		? {
				...(before.password !== undefined && { password: before.password }),
				...fieldsOf(outbound.credentials),
			}
		: undefined;
	number.outbound = { ...outbound, credentials };
}

function problemsOf(fields: Fields) {
	const problems = [];
	const inbound = fieldsOf(fields.inbound_trunk_config);
	const outbound = fieldsOf(fields.outbound_trunk_config);
	for (const [at, { media_encryption }] of [
		['inbound_trunk_config', inbound],
		['outbound_trunk_config', outbound],
	] as const)
		if (media_encryption !== undefined && !ENCRYPTION.includes(String(media_encryption)))
			problems.push(
				problem([at, 'media_encryption'], `Input should be one of ${ENCRYPTION.join(', ')}`),
			);
	if (fields.outbound_trunk_config === undefined) return problems;
	if (!isHost(outbound.address))
		problems.push(problem(['outbound_trunk_config', 'address'], 'Enter a host name or IP address'));
	if (outbound.transport !== undefined && !TRANSPORTS.includes(String(outbound.transport)))
		problems.push(
			problem(
				['outbound_trunk_config', 'transport'],
				`Input should be one of ${TRANSPORTS.join(', ')}`,
			),
		);
	if (outbound.credentials !== undefined && !isText(fieldsOf(outbound.credentials).username))
		problems.push(
			problem(['outbound_trunk_config', 'credentials', 'username'], 'Field required', 'missing'),
		);
	return problems;
}

const problem = (loc: string[], msg: string, type = 'value_error') => ({
	loc: ['body', ...loc],
	msg,
	type,
});

const failed = (status: number, code: string, message: string): PlatformAnswer => ({
	status,
	body: { detail: { status: code, message } },
});

const notAllowed = (): PlatformAnswer => ({ status: 405, body: { detail: 'Method Not Allowed' } });

function shown({ phone_number_id, phone_number, label, agent_id, inbound, outbound }: SipNumber) {
	const {
		address,
		transport = 'auto',
		media_encryption = 'allowed',
		headers = {},
		enabled_codecs = [],
		credentials,
	} = outbound ?? {};
	const { credentials: inboundLogin, ...taking } = inbound ?? {};
	return {
		phone_number_id,
		phone_number,
		label,
		provider: 'sip_trunk',
		supports_inbound: inbound !== undefined,
		supports_outbound: outbound !== undefined,
		assigned_agent: agent_id === null ? null : { agent_id, agent_name: 'Agent' },
		inbound_trunk: inbound
			? {
					media_encryption: 'allowed',
					...taking,
					has_auth_credentials: inboundLogin !== undefined,
				}
			: null,
		outbound_trunk: outbound
			? {
					address,
					transport,
					media_encryption,
					headers,
					enabled_codecs,
					has_auth_credentials: credentials !== undefined,
					username: fieldsOf(credentials).username ?? null,
				}
			: null,
	};
}
