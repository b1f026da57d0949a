export type Transport = 'udp' | 'tcp' | 'tls';
export type Region = 'worldwide' | 'us' | 'eu' | 'india';
export type OutboundAuthentication = 'credential' | 'ipAcl' | 'none';

/** What is known of a voice platform. `{…}` in the steps is filled in from {@link PlatformValues}. */
export interface Platform {
	label: string;
	/** Page of Plivo's guide, under plivo.com/docs/voice-agents/sip-trunking/integration-guides. */
	guide: string;
	/** Host by region, where the platform has the same one for everybody. */
	hosts?: { worldwide: string } & Partial<Record<Region, string>>;
	/** What a customer's own host looks like, where each has one. */
	ownHost?: { shape: RegExp; remedy: string };
	/** That Plivo's guide names; the first is the usual one. None for a PBX of one's own. */
	transports: readonly Transport[];
	ports?: Partial<Record<Transport, number>>;
	outbound: OutboundAuthentication;
	/** Whether the platform asks for the outbound trunk even where it only takes calls. */
	outboundForInbound?: boolean;
	/** Where the platform's calls come from, by region. */
	ipAddresses?: { worldwide: string[] } & Partial<Record<Region, string[]>>;
	secureRecommended?: boolean;
	india: {
		/** Why Indian numbers can't work at all. */
		refusal?: string;
		/** A host that keeps calls in India, and what it speaks. */
		host?: RegExp;
		transports?: readonly Transport[];
		/** What to know when the host is another. */
		advice: string;
	};
	steps: { first: string[]; inbound: string[]; outbound: string[] };
}

function unconfirmedInIndia(label: string): string {
	return `Calls of Indian numbers must be handled in India, and Plivo has not confirmed that ${label} does so: ask ${label} before you rely on it.`;
}

/**
 * Hosts, transports and authentication as in the guides under
 * plivo.com/docs/voice-agents/sip-trunking/integration-guides, for India
 * plivo.com/docs/voice-agents/sip-trunking/deploy/calling-in-india (checked 2026-10). Vapi's EU host and
 * address: docs.vapi.ai/advanced/sip/sip-networking. LiveKit's region-pinned hosts:
 * docs.livekit.io/telephony/features/region-pinning.
 */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
	livekit: {
		label: 'LiveKit',
		guide: 'livekit',
		ownHost: {
			shape: /^[a-z\d-]+(\.[a-z\d-]+)?\.sip\.livekit\.cloud$/,
			remedy:
				'Enter the SIP URI from the settings of your LiveKit project, such as abc123.sip.livekit.cloud. For a LiveKit server of your own choose the platform for other PBXs.',
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
	},
	elevenlabs: {
		label: 'ElevenLabs',
		guide: 'elevenlabs',
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
	},
	retell: {
		label: 'Retell',
		guide: 'retell',
		hosts: { worldwide: 'sip.retellai.com' },
		transports: ['tcp', 'tls'],
		outbound: 'credential',
		outboundForInbound: true,
		india: { advice: unconfirmedInIndia('Retell') },
		steps: {
			first: [
				'In Retell, connect {numbers} via SIP trunking, with termination URI {domain}, username {username}, password {password} and outbound transport {transport}. To change one of them later, remove the number and connect it again.',
			],
			inbound: ['In Retell, bind an inbound agent to each number.'],
			outbound: ['In Retell, bind an outbound agent to each number.'],
		},
	},
	vapi: {
		label: 'Vapi',
		guide: 'vapi',
		hosts: { worldwide: 'sip.vapi.ai', eu: 'sip.eu.vapi.ai' },
		transports: ['udp'],
		outbound: 'ipAcl',
		ipAddresses: {
			worldwide: ['44.229.228.186/32', '44.238.177.138/32'],
			eu: ['63.182.83.170/32'],
		},
		india: {
			refusal:
				'Indian rules ask for calls to be handled in India, which Vapi does not do: use LiveKit, ElevenLabs or a PBX in India for these numbers.',
			advice: '',
		},
		steps: {
			first: [
				'In Vapi, create one SIP trunk credential (BYO SIP trunk). It gets all gateways of the next steps.',
			],
			inbound: [
				'Add each of Plivo’s address ranges to it as a gateway with inbound on and outbound off: {ranges}. Vapi answers 401 to calls from a range that is missing.',
				'In Vapi, register {numbers} on this credential and assign an assistant to each number.',
			],
			outbound: [
				'Add the gateway {domain} to it, port {port}, protocol {transport}, with inbound off and outbound on: Vapi refuses a host name as an inbound gateway.',
				'Let Vapi call from one of {numbers}; it needs no username or password, since Plivo knows its addresses.',
			],
		},
	},
	xai: {
		label: 'xAI',
		guide: 'xai-voice-agents',
		hosts: { worldwide: 'sip.voice.x.ai' },
		transports: ['tls'],
		outbound: 'none',
		india: { advice: unconfirmedInIndia('xAI') },
		steps: {
			first: [],
			inbound: [
				'In xAI, add {numbers} to the agent (Phone numbers, Add number, Direct SIP).',
				'In xAI, allow the addresses that Plivo’s calls come from: {ranges}.',
			],
			outbound: [],
		},
	},
	custom: {
		label: 'your PBX',
		guide: 'other-platforms',
		ownHost: {
			shape: /^/,
			remedy: 'Enter the SIP host of your PBX, such as pbx.example.com:5060 or 203.0.113.10.',
		},
		transports: [],
		outbound: 'credential',
		india: {
			advice:
				'Calls of Indian numbers must be handled in India: your PBX has to be there, signaling and media.',
		},
		steps: {
			first: [],
			inbound: [
				'In the firewall, let Plivo’s addresses ({ranges}) reach the SIP port and the RTP ports of the PBX, and let the PBX reach their ports 5060 and 5061 and UDP ports 10000 to 30000.',
				'Let the PBX take calls from Plivo without asking for a password, and route {numbers} to a phone, queue or agent.',
			],
			outbound: [
				'On the PBX, set up a trunk to {domain} with transport {transport}, username {username} and password {password}, without registration.',
				'On the PBX, use one of {numbers} as caller ID of outgoing calls.',
			],
		},
	},
};
