import type { JsonObject } from '../template';
import { type Platform, plivoGuide } from './platform';

const ASSISTANT_ID = '<Vapi assistant id>';
const CREDENTIAL_ID = '<id of the Vapi credential>';

/** The trunk domain shows whose credential it is. */
const THEIRS =
	'{{#outbound}}has this trunk domain as a gateway{{/outbound}}{{^outbound}}is this customer’s{{/outbound}}';

/**
 * A host name can't take calls, so inbound gateways are Plivo's ranges. Both directions of a gateway are on unless said
 * otherwise, and the port is 5060 also for TLS.
 */
const GATEWAYS: JsonObject = {
	gateways: [
		{
			'#outbound': {
				ip: '{{domain}}',
				port: '{{port}}',
				outboundProtocol: '{{transport}}',
				inboundEnabled: false,
				outboundEnabled: true,
			},
		},
		{
			'#inbound': {
				'#eachRange': {
					ip: '{{address}}',
					netmask: '{{length}}',
					inboundEnabled: true,
					outboundEnabled: false,
				},
			},
		},
	],
	outboundLeadingPlusEnabled: true,
};

const AGENT = { credentialId: CREDENTIAL_ID, assistantId: ASSISTANT_ID };

export const vapi: Platform = {
	label: 'Vapi',
	note: 'Not for Indian numbers',
	guide: plivoGuide('vapi'),
	own: { page: 'docs.vapi.ai/advanced/sip/sip-trunk', checked: '2026-11-26' },
	// EU host and addresses: docs.vapi.ai/advanced/sip/sip-networking.
	hosts: { worldwide: 'sip.vapi.ai', eu: 'sip.eu.vapi.ai' },
	// The id of the credential: the host of one customer alone.
	hostPrefix: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.$/,
	transports: ['udp'],
	outbound: 'ipAcl',
	ipAddresses: {
		worldwide: ['44.229.228.186/32', '44.238.177.138/32'],
		eu: ['63.182.83.170/32'],
	},
	secureTransport: 'tls/srtp',
	india: {
		refusal:
			'Indian rules ask for calls to be handled in India, which Vapi does not do: use LiveKit, ElevenLabs or a PBX in India for these numbers.',
	},
	steps: {
		first: [
			'In Vapi, create one SIP trunk credential (BYO SIP trunk). It gets all gateways of the next steps.',
		],
		inbound: [
			'Add each of Plivo’s address ranges to it as a gateway with inbound on and outbound off: {{ranges}}. Vapi answers 401 to calls from a range that is missing.',
			'In Vapi, register {{numbers}} on this credential and assign an assistant to each number.',
			"If several customers use Vapi, put the credential’s id before the host, as in <credential id>.{{host}}, enter it as 'Platform Host' and run this again: it keeps their calls apart.",
		],
		outbound: [
			'Add the gateway {{domain}} to it, port {{port}}, protocol {{transport}}, with inbound off and outbound on: Vapi refuses a host name as an inbound gateway.',
			'In Vapi, register {{numbers}} on this credential unless they are there already, and call from one of them. Vapi needs no username or password, since Plivo knows its addresses.',
		],
	},
	/** One credential with every gateway, then one number a request. Names are labels: they need not be unique. */
	api: {
		sources: [
			'VapiAI/docs (2026-08-20), fern/advanced/sip/{sip-trunk,sip-twilio}.mdx and fern/apis/api/openapi.json',
		],
		base: { worldwide: 'https://api.vapi.ai', eu: 'https://api.eu.vapi.ai' },
		authentication:
			'Header Authorization: Bearer and the private key of your Vapi organization (in n8n: Bearer Auth)',
		placeholders: { [ASSISTANT_ID]: 'In Vapi, under Assistants: a UUID' },
		longestName: 40,
		transports: { udp: 'udp', tcp: 'tcp', tls: 'tls/srtp' },
		requests: [
			{
				step: 'listCredentials',
				purpose: 'See which SIP trunk credentials Vapi has already',
				send: 'GET /credential',
			},
			{
				step: 'createCredential',
				purpose: 'Create the SIP trunk credential with its gateways',
				when: `No credential ${THEIRS}.`,
				send: 'POST /credential',
				body: { provider: 'byo-sip-trunk', name: '{{name}}', ...GATEWAYS },
				instead: 'Vapi creates a duplicate: list the credentials, and PATCH the existing one.',
			},
			{
				step: 'updateCredential',
				purpose:
					'Bring the credential up to date; its list of gateways is replaced as a whole, so add those that others have put there',
				when: `A credential ${THEIRS}.`,
				send: `PATCH /credential/${CREDENTIAL_ID}`,
				body: GATEWAYS,
			},
			{
				for: 'eachNumber',
				requests: [
					{
						step: 'listNumbers',
						purpose:
							'See whether Vapi has {{number}} already; it also finds numbers that are only alike',
						send: 'GET /v2/phone-number?search={{digits}}&limit=100',
					},
					{
						step: 'createNumber',
						purpose: 'Register {{number}} on the credential',
						when: 'The list has no number with these digits.',
						send: 'POST /phone-number',
						body: {
							provider: 'byo-phone-number',
							number: '{{number}}',
							name: '{{name}}',
							...AGENT,
						},
						instead: 'Vapi may create a duplicate: list the numbers, and PATCH the existing one.',
					},
					{
						step: 'updateNumber',
						purpose: 'Bring {{number}} up to date',
						when: 'The list has a number with these digits.',
						send: 'PATCH /phone-number/<id of the number>',
						body: AGENT,
					},
				],
			},
		],
	},
};
