import {
	PASSWORD,
	type Platform,
	type PlatformFacts,
	plivoGuide,
	type StepRequest,
} from './platform';

const AGENT_ID = '<ElevenLabs agent id>';

/** Guide: plivo.com/docs/voice-agents/sip-trunking/integration-guides/elevenlabs. */
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
		first: ['In ElevenLabs, import {numbers} as numbers of a SIP trunk.'],
		inbound: ['In ElevenLabs, assign an agent to each number.'],
		outbound: [
			'In the outbound settings of each number, enter address {domain}, transport {transport}, username {username} and password {password}.',
		],
	},
	api: {
		authentication:
			'Header xi-api-key with an API key of your ElevenLabs workspace (in n8n: Header Auth)',
		placeholders: { [AGENT_ID]: 'In ElevenLabs, under Agents; it begins with agent_' },
		requests,
	},
};

/** By region; residency needs a key of its own (elevenlabs/elevenlabs-python, environment.py, 2026-07-23). */
const BASES = {
	worldwide: 'https://api.elevenlabs.io',
	us: 'https://api.us.elevenlabs.io',
	// Its SIP host in the EU isn't documented, so neither is its API used.
	eu: 'https://api.elevenlabs.io',
	india: 'https://api.in.residency.elevenlabs.io',
};

const PATH = '/v1/convai/phone-numbers';

/**
 * `auto` and `allowed` are the defaults, so transport and encryption are both said. Without `inbound_trunk_config` a
 * number only makes calls.
 *
 * @param password left out, the old one stays
 */
const settings = (facts: PlatformFacts, password: string | undefined) => ({
	...(facts.direction !== 'outbound' && {
		agent_id: AGENT_ID,
		inbound_trunk_config: { media_encryption: 'allowed' },
	}),
	...(facts.direction !== 'inbound' && {
		outbound_trunk_config: {
			address: facts.trunkDomain,
			transport: facts.secure ? 'tls' : facts.transport === 'udp' ? 'udp' : 'tcp',
			media_encryption: facts.secure ? 'required' : 'disabled',
			credentials: {
				username: facts.username,
				...(password !== undefined && { password }),
			},
		},
	}),
});

/**
 * One number a request. The number must equal what the call carries.
 * Source: elevenlabs/elevenlabs-python, conversational_ai/phone_numbers and types/*sip_trunk* (2026-07-23).
 */
function requests(facts: PlatformFacts): StepRequest[] {
	const { name, region, numbers, password } = facts;
	const url = `${BASES[region]}${PATH}`;
	return [
		{
			step: 'listNumbers',
			purpose: 'See which numbers ElevenLabs has already',
			method: 'GET',
			url: `${url}?provider=sip_trunk`,
			body: null,
			may_be_repeated: true,
		},
		...numbers.flatMap((number): StepRequest[] => [
			{
				step: 'createNumber',
				purpose: `Import ${number} as a number of the SIP trunk`,
				number,
				when: 'The list has no number with these digits.',
				method: 'POST',
				url,
				body: {
					provider: 'sip_trunk',
					phone_number: number,
					label: name,
					...settings(facts, password ?? PASSWORD),
				},
				may_be_repeated: false,
				instead: 'ElevenLabs refuses a number that it already has: list the numbers, and PATCH it.',
			},
			{
				step: 'updateNumber',
				purpose: `Bring ${number} in line`,
				number,
				when: 'The list has a number with these digits.',
				method: 'PATCH',
				url: `${url}/<phone_number_id of the number>`,
				// Without label: what a person has named stays.
				body: settings(facts, password),
				may_be_repeated: true,
			},
		]),
	];
}
