import { type Platform, plivoGuide } from './platform';

const API_HOST = '<LiveKit API host>';
const AGENT_NAME = '<LiveKit agent name>';
const INBOUND_TRUNK = '<sip_trunk_id of the inbound trunk>';
const OUTBOUND_TRUNK = '<sip_trunk_id of the outbound trunk>';

/** Without numbers: a rule's are compared letter by letter, a trunk's are not. */
const RULE = {
	name: '{{name}}',
	trunk_ids: [INBOUND_TRUNK],
	rule: { dispatch_rule_individual: { room_prefix: 'call-' } },
	room_config: { agents: [{ agent_name: AGENT_NAME }] },
};

const OUTBOUND = {
	address: '{{domain}}',
	transport: '{{transport}}',
	// Calls of Indian numbers fail without (docs.livekit.io/telephony/features/region-pinning).
	'#inIndia': { destination_country: 'in' },
	media: { encryption: '{{encryption}}' },
	auth_username: '{{username}}',
	auth_password: '{{password}}',
};

export const livekit: Platform = {
	label: 'LiveKit',
	note: 'Needs the SIP host of your project',
	guide: plivoGuide('livekit'),
	own: { page: 'docs.livekit.io/telephony/start/providers/plivo', checked: '2026-08-28' },
	ownHost: {
		// With a region as in docs.livekit.io/telephony/features/region-pinning.
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
		inbound: [
			'In LiveKit, create an inbound trunk with the numbers {{numbers}}.',
			'In LiveKit, create a dispatch rule that sends the calls of this trunk to your agent.',
		],
		outbound: [
			'In LiveKit, create an outbound trunk with address {{domain}}, transport {{transport}}, numbers {{numbers}}, username {{username}} and password {{password}}.',
		],
	},
	/**
	 * Twirp: every request is a POST, and the host is the project's own. A trunk's numbers have a plus sign; `address` is
	 * the bare domain. A second inbound trunk for a number is refused, a second outbound trunk is created without a word:
	 * list first, and compare exactly, since a filter also returns wildcard trunks. A list has pages: `page: {after_id,
	 * limit}`. The room of a rule can't be updated, only replaced with the whole rule (SIPDispatchRuleUpdate has no
	 * room_config).
	 */
	api: {
		sources: [
			'docs.livekit.io/sip/api',
			'livekit/protocol, protobufs/livekit_sip.proto (2026-08-22)',
		],
		base: { worldwide: `https://${API_HOST}/twirp/livekit.SIP` },
		authentication:
			'Header Authorization: Bearer and a JWT, signed with HS256 with the API secret of the project; claims iss (the API key), exp and sip: {"admin": true} (in n8n: the JWT node)',
		placeholders: {
			[API_HOST]:
				'The host of your project’s wss:// URL, such as my-project-abc123.livekit.cloud; not its SIP host',
			[AGENT_NAME]: 'The agent_name that your agent worker registers with',
		},
		transports: { udp: 'SIP_TRANSPORT_UDP', tcp: 'SIP_TRANSPORT_TCP', tls: 'SIP_TRANSPORT_TLS' },
		encryption: { plain: 'SIP_MEDIA_ENCRYPT_DISABLE', secure: 'SIP_MEDIA_ENCRYPT_REQUIRE' },
		requests: [
			{
				for: 'inbound',
				requests: [
					{
						step: 'listInboundTrunks',
						purpose: 'See which inbound trunk LiveKit has for the numbers',
						send: 'POST /ListSIPInboundTrunk',
						body: { numbers: '{{numbers}}' },
					},
					{
						step: 'createInboundTrunk',
						purpose: 'Create the inbound trunk',
						when: 'No inbound trunk has one of the numbers.',
						send: 'POST /CreateSIPInboundTrunk',
						body: { trunk: { name: '{{name}}', numbers: '{{numbers}}' } },
						instead:
							'LiveKit refuses a second one for the same numbers: list the trunks, and use the existing one.',
					},
					{
						step: 'updateInboundTrunk',
						purpose: 'Add the numbers to the existing inbound trunk',
						when: 'An inbound trunk of this customer lacks one of the numbers.',
						send: 'POST /UpdateSIPInboundTrunk',
						body: { sip_trunk_id: INBOUND_TRUNK, update: { numbers: { add: '{{numbers}}' } } },
					},
					{
						step: 'listDispatchRules',
						purpose: 'See which dispatch rule names the inbound trunk',
						send: 'POST /ListSIPDispatchRule',
						body: { trunk_ids: [INBOUND_TRUNK] },
					},
					{
						step: 'createDispatchRule',
						purpose: 'Send the calls of the inbound trunk to the agent',
						when: 'No dispatch rule names the inbound trunk.',
						send: 'POST /CreateSIPDispatchRule',
						body: { dispatch_rule: RULE },
						instead:
							'LiveKit refuses a second rule for the same trunk: list the rules, and use the existing one.',
					},
					{
						step: 'updateDispatchRule',
						purpose:
							'Let the existing dispatch rule send the calls to this agent; it is replaced as a whole, so add what else the list shows of it',
						when: 'A dispatch rule names the inbound trunk.',
						send: 'POST /UpdateSIPDispatchRule',
						body: { sip_dispatch_rule_id: '<sip_dispatch_rule_id of the rule>', replace: RULE },
					},
				],
			},
			{
				for: 'outbound',
				requests: [
					{
						step: 'listOutboundTrunks',
						purpose: 'See which outbound trunk LiveKit has for the trunk domain',
						send: 'POST /ListSIPOutboundTrunk',
						body: {},
					},
					{
						step: 'createOutboundTrunk',
						purpose: 'Create the outbound trunk',
						when: 'No outbound trunk has this address.',
						send: 'POST /CreateSIPOutboundTrunk',
						body: { trunk: { name: '{{name}}', ...OUTBOUND, numbers: '{{numbers}}' } },
						instead:
							'LiveKit creates a duplicate: list the trunks, and use the one that has this address.',
					},
					{
						step: 'updateOutboundTrunk',
						purpose: 'Bring the existing outbound trunk up to date',
						when: 'An outbound trunk has this address.',
						send: 'POST /UpdateSIPOutboundTrunk',
						body: {
							sip_trunk_id: OUTBOUND_TRUNK,
							update: { ...OUTBOUND, numbers: { add: '{{numbers}}' } },
						},
					},
				],
			},
		],
	},
};
