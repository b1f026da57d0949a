/** What each platform takes, written from its own pages: nothing here comes from the node's code. */

interface Schema {
	[keyword: string]: unknown;
}

/** A body's schema, and the page that it was written from. */
export interface BodySchema {
	page: string;
	/** `YYYY-MM-DD` */
	checked: string;
	schema: Schema;
}

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
	type: 'object',
	properties,
	required,
	additionalProperties: false,
});
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
const text: Schema = { type: 'string', minLength: 1 };
const flag: Schema = { type: 'boolean' };
const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });
const e164: Schema = { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' };
/** Without scheme, user, port or parameters. */
const host: Schema = { type: 'string', pattern: '^[a-z\\d]([a-z\\d-]*[a-z\\d])?(\\.[a-z\\d-]+)+$' };
const ipv4: Schema = { type: 'string', pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' };
const cidr: Schema = { type: 'string', pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' };

const ELEVENLABS = {
	page: 'elevenlabs/elevenlabs-python, src/elevenlabs/types/*sip_trunk*.py; elevenlabs.io/docs/eleven-agents/phone-numbers/sip-trunking',
	checked: '2026-09-24',
};
const encryption = oneOf('disabled', 'allowed', 'required');
const elevenInbound = object({
	allowed_addresses: list(text),
	allowed_numbers: list(text),
	media_encryption: encryption,
	credentials: object({ username: text, password: text }, ['username']),
	remote_domains: list(text),
	attributes_to_headers: { type: 'object' },
});
const elevenOutbound = object(
	{
		address: host,
		transport: oneOf('auto', 'udp', 'tcp', 'tls'),
		media_encryption: encryption,
		headers: { type: 'object' },
		credentials: object({ username: text, password: text }, ['username']),
		enabled_codecs: list(oneOf('G722/8000', 'PCMU/8000', 'PCMA/8000')),
	},
	['address'],
);
const elevenSettings = {
	label: text,
	agent_id: text,
	inbound_trunk_config: elevenInbound,
	outbound_trunk_config: elevenOutbound,
};

const RETELL = {
	page: 'docs.retellai.com/api-references/import-phone-number; RetellAI/retell-python-sdk, src/retell/types/phone_number_*.py',
	checked: '2026-11-26',
};
const agents = list(
	object(
		{
			agent_id: text,
			weight: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
			agent_version: { type: ['number', 'string'] },
		},
		['agent_id', 'weight'],
	),
);
const retellSettings = {
	termination_uri: host,
	transport: oneOf('TLS', 'TCP', 'UDP'),
	nickname: { type: 'string' },
	inbound_agents: agents,
	outbound_agents: agents,
	inbound_webhook_url: { type: 'string' },
};

const VAPI = {
	page: 'VapiAI/docs, fern/apis/api/openapi.json; docs.vapi.ai/advanced/sip/sip-trunk, sip-twilio, troubleshoot-sip-trunk-credential-errors',
	checked: '2026-11-26',
};
const gateway: Schema = {
	...object(
		{
			ip: { anyOf: [ipv4, host] },
			port: { type: 'integer', minimum: 1, maximum: 65535 },
			netmask: { type: 'integer', minimum: 24, maximum: 32 },
			inboundEnabled: flag,
			outboundEnabled: flag,
			outboundProtocol: oneOf('tls/srtp', 'tcp', 'tls', 'udp'),
			optionsPingEnabled: flag,
		},
		['ip'],
	),
	// A host name can't take calls, and taking them is the default.
	if: { properties: { ip: host } },
	then: {
		anyOf: [
			{ properties: { ip: ipv4 } },
			{ properties: { inboundEnabled: { const: false } }, required: ['inboundEnabled'] },
		],
	},
};
const vapiName: Schema = { type: 'string', minLength: 1, maxLength: 40 };
const vapiCredential = {
	name: vapiName,
	gateways: list(gateway, { minItems: 1 }),
	outboundLeadingPlusEnabled: flag,
	outboundAuthenticationPlan: object({ authUsername: text, authPassword: text }),
};
const vapiNumber = {
	name: vapiName,
	credentialId: text,
	numberE164CheckEnabled: flag,
	assistantId: text,
	squadId: text,
	workflowId: text,
	server: object({ url: text }),
};

const LIVEKIT = {
	page: 'livekit/protocol, protobufs/livekit_sip.proto and livekit/sip.go; docs.livekit.io/telephony/start/providers/plivo',
	checked: '2026-08-28',
};
const media = object({
	encryption: oneOf(
		'SIP_MEDIA_ENCRYPT_DISABLE',
		'SIP_MEDIA_ENCRYPT_ALLOW',
		'SIP_MEDIA_ENCRYPT_REQUIRE',
	),
});
const liveTransport = oneOf(
	'SIP_TRANSPORT_AUTO',
	'SIP_TRANSPORT_UDP',
	'SIP_TRANSPORT_TCP',
	'SIP_TRANSPORT_TLS',
);
const trunkCommon = { name: text, auth_username: text, auth_password: text, media, metadata: text };
const liveOutbound = {
	...trunkCommon,
	address: host,
	transport: liveTransport,
	destination_country: { type: 'string', pattern: '^[a-z]{2}$' },
	from_host: text,
};
const changes = object({ set: list(e164), add: list(e164), remove: list(e164), clear: flag });
const individual = object({ room_prefix: text, pin: text, no_randomness: flag });
const rule = object(
	{
		name: text,
		trunk_ids: list(text),
		rule: object({ dispatch_rule_individual: individual }, ['dispatch_rule_individual']),
		room_config: object({
			agents: list(object({ agent_name: text, metadata: text }, ['agent_name'])),
		}),
		numbers: list(text),
		inbound_numbers: list(text),
		hide_phone_number: flag,
		attributes: { type: 'object' },
	},
	['rule'],
);

const XAI = {
	page: 'docs.x.ai/developers/model-capabilities/audio/voice-agent/sip',
	checked: '2026-11-26',
};

/** Schemas of all requests with a body, by platform and step. */
export const BODY_SCHEMAS: Readonly<Record<string, Readonly<Record<string, BodySchema>>>> = {
	elevenlabs: {
		createNumber: {
			...ELEVENLABS,
			schema: object({ provider: oneOf('sip_trunk'), phone_number: e164, ...elevenSettings }, [
				'provider',
				'phone_number',
				'label',
			]),
		},
		updateNumber: { ...ELEVENLABS, schema: object(elevenSettings) },
	},
	retell: {
		createNumber: {
			...RETELL,
			schema: object(
				{
					phone_number: e164,
					sip_trunk_auth_username: text,
					sip_trunk_auth_password: text,
					ignore_e164_validation: flag,
					...retellSettings,
				},
				['phone_number', 'termination_uri'],
			),
		},
		updateNumber: {
			...RETELL,
			schema: object({
				auth_username: text,
				auth_password: text,
				fallback_number: e164,
				...retellSettings,
			}),
		},
	},
	vapi: {
		createCredential: {
			...VAPI,
			schema: object({ provider: oneOf('byo-sip-trunk'), ...vapiCredential }, [
				'provider',
				'gateways',
			]),
		},
		updateCredential: { ...VAPI, schema: object(vapiCredential) },
		createNumber: {
			...VAPI,
			schema: object({ provider: oneOf('byo-phone-number'), number: e164, ...vapiNumber }, [
				'provider',
				'credentialId',
			]),
		},
		updateNumber: { ...VAPI, schema: object(vapiNumber) },
	},
	livekit: {
		listInboundTrunks: {
			...LIVEKIT,
			schema: object({ numbers: list(e164), trunk_ids: list(text) }),
		},
		createInboundTrunk: {
			...LIVEKIT,
			schema: object(
				{
					trunk: object(
						{
							...trunkCommon,
							numbers: list(e164, { minItems: 1 }),
							allowed_numbers: list(text),
							allowed_addresses: list(text),
							krisp_enabled: flag,
						},
						['numbers'],
					),
				},
				['trunk'],
			),
		},
		updateInboundTrunk: {
			...LIVEKIT,
			schema: object({ sip_trunk_id: text, update: object({ ...trunkCommon, numbers: changes }) }, [
				'sip_trunk_id',
				'update',
			]),
		},
		listDispatchRules: {
			...LIVEKIT,
			schema: object({ trunk_ids: list(text), dispatch_rule_ids: list(text) }),
		},
		createDispatchRule: { ...LIVEKIT, schema: object({ dispatch_rule: rule }, ['dispatch_rule']) },
		updateDispatchRule: {
			...LIVEKIT,
			schema: object({ sip_dispatch_rule_id: text, replace: rule }, [
				'sip_dispatch_rule_id',
				'replace',
			]),
		},
		listOutboundTrunks: {
			...LIVEKIT,
			schema: object({ numbers: list(e164), trunk_ids: list(text) }),
		},
		createOutboundTrunk: {
			...LIVEKIT,
			schema: object(
				{
					trunk: object(
						{
							...liveOutbound,
							numbers: list({ anyOf: [e164, { const: '*' }] }, { minItems: 1 }),
						},
						['address', 'numbers'],
					),
				},
				['trunk'],
			),
		},
		updateOutboundTrunk: {
			...LIVEKIT,
			schema: object(
				{ sip_trunk_id: text, update: object({ ...liveOutbound, numbers: changes }) },
				['sip_trunk_id', 'update'],
			),
		},
	},
	xai: {
		createNumber: {
			...XAI,
			schema: object(
				{
					origin: oneOf('byo_trunk'),
					name: text,
					phone_number: e164,
					webhook: object({ name: text, url: text }, ['name', 'url']),
					sip_auth: object({ allowed_addresses: list(cidr, { minItems: 1 }) }, [
						'allowed_addresses',
					]),
				},
				['origin', 'phone_number', 'webhook', 'sip_auth'],
			),
		},
	},
};
