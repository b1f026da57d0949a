import {
	PASSWORD,
	type Platform,
	type PlatformFacts,
	plivoGuide,
	type StepRequest,
} from './platform';

const API_HOST = '<LiveKit API host>';
const AGENT_NAME = '<LiveKit agent name>';

/**
 * Guide: plivo.com/docs/voice-agents/sip-trunking/integration-guides/livekit. Region-pinned hosts:
 * docs.livekit.io/telephony/features/region-pinning.
 */
export const livekit: Platform = {
	label: 'LiveKit',
	guide: plivoGuide('livekit'),
	own: { page: 'docs.livekit.io/telephony/start/providers/plivo', checked: '2026-08-28' },
	ownHost: {
		shape: /^[a-z\d-]+(\.[a-z\d-]+)?\.sip\.livekit\.cloud$/,
		remedy:
			"Enter the SIP URI from the settings of your LiveKit project, such as abc123.sip.livekit.cloud. For a LiveKit server of your own, choose the platform 'Other PBX or Platform'.",
	},
	// The SIP host begins with the project's ID (docs.livekit.io/telephony/start/sip-trunk-setup), the API host
	// with its name: my-project-abc123.livekit.cloud. No ID that was seen has a dash.
	doubtfulHost: {
		shape: /^[a-z\d]*-.*\.sip\.livekit\.cloud$/,
		advice:
			'looks like the name of a LiveKit project, to which calls end with 404: the SIP host begins with the project’s ID, which has no dash. Copy the SIP URI from the settings of your LiveKit project (Settings > Project > SIP URI).',
	},
	transports: ['tcp', 'tls'],
	outbound: 'credential',
	secureRecommended: true,
	india: {
		host: /^[^.]+\.india\.sip\.livekit\.cloud$/,
		advice:
			'Calls of Indian numbers must be handled in India: turn on region pinning in the LiveKit project and enter the host that it shows for India.',
	},
	steps: {
		first: [],
		inbound: [
			'In LiveKit, create an inbound trunk with the numbers {numbers}.',
			'In LiveKit, create a dispatch rule that sends the calls of this trunk to your agent.',
		],
		outbound: [
			'In LiveKit, create an outbound trunk with address {domain}, transport {transport}, numbers {numbers}, username {username} and password {password}.',
		],
	},
	api: {
		authentication:
			'Header Authorization: Bearer and a JWT, signed with HS256 with the API secret of the project; claims iss (the API key), exp and sip: {"admin": true} (in n8n: the JWT node)',
		placeholders: {
			[API_HOST]:
				'The host of your project’s wss:// URL, such as my-project-abc123.livekit.cloud; not its SIP host',
			[AGENT_NAME]: 'The agent_name that your agent worker registers with',
		},
		requests,
	},
};

const INBOUND_TRUNK = '<sip_trunk_id of the inbound trunk>';
const OUTBOUND_TRUNK = '<sip_trunk_id of the outbound trunk>';

/**
 * Twirp: every request is a POST, the host is the project's own (docs.livekit.io/sip/api; livekit/protocol,
 * protobufs/livekit_sip.proto, 2026-08-22). A trunk's numbers have a plus sign; `address` is the bare domain.
 * A second inbound trunk for a number is refused, a second outbound trunk is made without a word: list first, and
 * compare exactly, since a filter answers with wildcard trunks as well. A list has pages: `page: {after_id, limit}`.
 * The room of a rule can't be updated, only replaced with the whole rule (SIPDispatchRuleUpdate has no room_config).
 */
function requests(facts: PlatformFacts): StepRequest[] {
	return [
		...(facts.direction === 'outbound'
			? []
			: [...inboundTrunkRequests(facts), ...dispatchRuleRequests(facts)]),
		...(facts.direction === 'inbound' ? [] : outboundRequests(facts)),
	];
}

const call = (
	step: string,
	method: string,
	body: StepRequest['body'],
	rest: Pick<StepRequest, 'purpose' | 'may_be_repeated'> & Partial<StepRequest>,
): StepRequest => ({
	step,
	method: 'POST',
	url: `https://${API_HOST}/twirp/livekit.SIP/${method}`,
	body,
	...rest,
});

/** The inbound trunk with the numbers. */
function inboundTrunkRequests({ name, numbers }: PlatformFacts): StepRequest[] {
	return [
		call(
			'listInboundTrunks',
			'ListSIPInboundTrunk',
			{ numbers },
			{
				purpose: 'See which inbound trunk LiveKit has for the numbers',
				may_be_repeated: true,
			},
		),
		call(
			'createInboundTrunk',
			'CreateSIPInboundTrunk',
			{ trunk: { name, numbers } },
			{
				purpose: 'Create the inbound trunk',
				when: 'No inbound trunk has one of the numbers.',
				may_be_repeated: false,
				instead:
					'LiveKit refuses a second one for the same numbers: list the trunks, and use the existing one.',
			},
		),
		call(
			'updateInboundTrunk',
			'UpdateSIPInboundTrunk',
			{ sip_trunk_id: INBOUND_TRUNK, update: { numbers: { add: numbers } } },
			{
				purpose: 'Add the numbers to the inbound trunk that is there',
				when: 'An inbound trunk of this customer lacks one of the numbers.',
				may_be_repeated: true,
			},
		),
	];
}

/** The rule that sends the calls of the inbound trunk to the agent. */
function dispatchRuleRequests({ name }: PlatformFacts): StepRequest[] {
	// Left without numbers: a rule's numbers are compared letter by letter, a trunk's are not.
	const rule = {
		name,
		trunk_ids: [INBOUND_TRUNK],
		rule: { dispatch_rule_individual: { room_prefix: 'call-' } },
		room_config: { agents: [{ agent_name: AGENT_NAME }] },
	};
	return [
		call(
			'listDispatchRules',
			'ListSIPDispatchRule',
			{ trunk_ids: [INBOUND_TRUNK] },
			{
				purpose: 'See which dispatch rule names the inbound trunk',
				may_be_repeated: true,
			},
		),
		call(
			'createDispatchRule',
			'CreateSIPDispatchRule',
			{ dispatch_rule: rule },
			{
				purpose: 'Send the calls of the inbound trunk to the agent',
				when: 'No dispatch rule names the inbound trunk.',
				may_be_repeated: false,
				instead:
					'LiveKit refuses a second rule for the same trunk: list the rules, and use the existing one.',
			},
		),
		call(
			'updateDispatchRule',
			'UpdateSIPDispatchRule',
			{ sip_dispatch_rule_id: '<sip_dispatch_rule_id of the rule>', replace: rule },
			{
				purpose:
					'Let the dispatch rule that is there send the calls to this agent; it is replaced as a whole, so add what else the list shows of it',
				when: 'A dispatch rule names the inbound trunk.',
				may_be_repeated: true,
			},
		),
	];
}

const outboundSettings = ({ trunkDomain, secure, transport, inIndia }: PlatformFacts) => {
	const plain = transport === 'udp' ? 'SIP_TRANSPORT_UDP' : 'SIP_TRANSPORT_TCP';
	return {
		address: trunkDomain,
		transport: secure ? 'SIP_TRANSPORT_TLS' : plain,
		// Calls of Indian numbers fail without (docs.livekit.io/telephony/features/region-pinning).
		...(inIndia && { destination_country: 'in' }),
		media: {
			encryption: secure ? 'SIP_MEDIA_ENCRYPT_REQUIRE' : 'SIP_MEDIA_ENCRYPT_DISABLE',
		},
	};
};

/** The outbound trunk, with Plivo's domain and login. */
function outboundRequests(facts: PlatformFacts): StepRequest[] {
	const { name, numbers, username, password } = facts;
	const settings = outboundSettings(facts);
	return [
		call(
			'listOutboundTrunks',
			'ListSIPOutboundTrunk',
			{},
			{
				purpose: 'See which outbound trunk LiveKit has for the trunk domain',
				may_be_repeated: true,
			},
		),
		call(
			'createOutboundTrunk',
			'CreateSIPOutboundTrunk',
			{
				trunk: {
					name,
					...settings,
					numbers,
					auth_username: username,
					auth_password: password ?? PASSWORD,
				},
			},
			{
				purpose: 'Create the outbound trunk',
				when: 'No outbound trunk has this address.',
				may_be_repeated: false,
				instead:
					'LiveKit creates a duplicate: list the trunks, and use the one that has this address.',
			},
		),
		call(
			'updateOutboundTrunk',
			'UpdateSIPOutboundTrunk',
			{
				sip_trunk_id: OUTBOUND_TRUNK,
				update: {
					...settings,
					numbers: { add: numbers },
					auth_username: username,
					...(password !== undefined && { auth_password: password }),
				},
			},
			{
				purpose: 'Bring the outbound trunk that is there in line',
				when: 'An outbound trunk has this address.',
				may_be_repeated: true,
			},
		),
	];
}
