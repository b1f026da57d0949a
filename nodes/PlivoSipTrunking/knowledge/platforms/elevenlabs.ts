import { type Platform, plivoGuide } from './platform';

const AGENT_ID = '<ElevenLabs agent id>';
const NUMBERS = '/v1/convai/phone-numbers';

/** The defaults are `auto` and `allowed`, so transport and encryption are both set. */
const SETTINGS = {
	'#inbound': {
		agent_id: AGENT_ID,
		// Without it a number only makes calls.
		inbound_trunk_config: { media_encryption: 'allowed' },
	},
	'#outbound': {
		outbound_trunk_config: {
			address: '{{domain}}',
			transport: '{{transport}}',
			media_encryption: '{{encryption}}',
			credentials: { username: '{{username}}', password: '{{password}}' },
		},
	},
};

export const elevenlabs: Platform = {
	label: 'ElevenLabs',
	guide: plivoGuide('elevenlabs'),
	own: {
		page: 'elevenlabs.io/docs/eleven-agents/phone-numbers/sip-trunking',
		checked: '2026-09-24',
	},
	hosts: {
		worldwide: 'sip.rtc.elevenlabs.io',
		india: 'sip.rtc.in.residency.elevenlabs.io',
	},
	transports: ['tcp', 'tls'],
	ports: { tcp: 5060, tls: 5061 },
	outbound: 'credential',
	secureRecommended: true,
	india: {
		host: /\.in\.residency\.elevenlabs\.io$/,
		transports: ['tcp'],
		advice:
			'Calls of Indian numbers must be handled in India: have ElevenLabs set up an India deployment and choose the region India, which uses sip.rtc.in.residency.elevenlabs.io.',
	},
	steps: {
		first: ['In ElevenLabs, import {{numbers}} as numbers of a SIP trunk.'],
		inbound: ['In ElevenLabs, assign an agent to each number.'],
		outbound: [
			'In the outbound settings of each number, enter address {{domain}}, transport {{transport}}, username {{username}} and password {{password}}.',
		],
	},
	/** One number a request. The number must equal what the call carries. */
	api: {
		sources: [
			'elevenlabs/elevenlabs-python (2026-07-23), conversational_ai/phone_numbers, types/*sip_trunk*, environment.py',
		],
		// Residency needs a key of its own. The SIP host in the EU is undocumented, so its API isn't used either.
		base: {
			worldwide: 'https://api.elevenlabs.io',
			us: 'https://api.us.elevenlabs.io',
			india: 'https://api.in.residency.elevenlabs.io',
		},
		authentication:
			'Header xi-api-key with an API key of your ElevenLabs workspace (in n8n: Header Auth)',
		placeholders: { [AGENT_ID]: 'In ElevenLabs, under Agents; it begins with agent_' },
		transports: { udp: 'udp', tcp: 'tcp', tls: 'tls' },
		encryption: { plain: 'disabled', secure: 'required' },
		requests: [
			{
				step: 'listNumbers',
				purpose: 'See which numbers ElevenLabs has already',
				send: `GET ${NUMBERS}?provider=sip_trunk`,
			},
			{
				for: 'eachNumber',
				requests: [
					{
						step: 'createNumber',
						purpose: 'Import {{number}} as a number of the SIP trunk',
						when: 'The list has no number with these digits.',
						send: `POST ${NUMBERS}`,
						body: {
							provider: 'sip_trunk',
							phone_number: '{{number}}',
							label: '{{name}}',
							...SETTINGS,
						},
						instead:
							'ElevenLabs refuses a number that it already has: list the numbers, and PATCH it.',
					},
					{
						step: 'updateNumber',
						purpose: 'Bring {{number}} up to date',
						when: 'The list has a number with these digits.',
						send: `PATCH ${NUMBERS}/<phone_number_id of the number>`,
						// Without label: what a person has named stays.
						body: SETTINGS,
					},
				],
			},
		],
	},
};
