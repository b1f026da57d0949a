import { badInput } from '../transport/failure';
import { parseSipAddress, URI_HELP, uriProblems, type SipAddress } from './addresses';

type Transport = 'udp' | 'tcp' | 'tls';
type Region = 'worldwide' | 'us' | 'eu' | 'india';
type Direction = 'both' | 'inbound' | 'outbound';
type OutboundAuthentication = 'credential' | 'ipAcl' | 'none';

/** What is known of a voice platform. `{…}` in the steps is filled in from {@link PlatformValues}. */
interface Platform {
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
const PLATFORMS: Readonly<Record<string, Platform>> = {
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
			first: ['In Vapi, create a SIP trunk credential (BYO SIP trunk) with the gateway {domain}.'],
			inbound: [
				'In Vapi, register {numbers} on this trunk and assign an assistant to each number.',
			],
			outbound: [
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
				'In xAI, allow the signalling addresses that Plivo lists at plivo.com/docs/sip-trunking.',
			],
			outbound: [],
		},
	},
	custom: {
		label: 'your PBX',
		guide: 'other-platforms',
		ownHost: { shape: /^/, remedy: URI_HELP },
		transports: [],
		outbound: 'credential',
		india: {
			advice:
				'Calls of Indian numbers must be handled in India: your PBX has to be there, signalling and media.',
		},
		steps: {
			first: [],
			inbound: [
				'Let Plivo through the firewall to the PBX: signalling on ports 5060 and 5061, media on UDP ports 10000 to 30000.',
				'Let the PBX take calls from Plivo without asking for a password, and route {numbers} to a phone, queue or agent.',
			],
			outbound: [
				'On the PBX, set up a trunk to {domain} with transport {transport}, username {username} and password {password}, without registration.',
				'On the PBX, use one of {numbers} as caller ID of outgoing calls.',
			],
		},
	},
};

const REGIONS: readonly Region[] = ['worldwide', 'us', 'eu', 'india'];
const DIRECTIONS: readonly Direction[] = ['both', 'inbound', 'outbound'];
const TRANSPORTS: readonly Transport[] = ['udp', 'tcp', 'tls'];

/** What the user wants. Empty and missing mean the same; numbers with or without plus sign. */
export interface PlatformRequest {
	platform: string;
	/** Host of the user's project or PBX, with or without `sip:`, port and transport. */
	platformHost?: string;
	transport?: string;
	region?: string;
	secure?: boolean;
	direction?: string;
	/** `country` as Plivo's number record has it in `country` or `region`: a code or a name. */
	phoneNumbers?: ReadonlyArray<{ number: string; country?: string }>;
}

/** What is known once the trunks exist, to be pasted on the platform. Missing ones are described instead. */
export interface PlatformValues {
	trunkDomain?: string;
	username?: string;
	password?: string;
}

/** What to make at Plivo, and what is left to do on the platform. */
export interface PlatformPlan {
	/** For the inbound trunk; missing when only outbound calls are wanted. */
	inboundUri?: string;
	/** `none`: no outbound trunk. */
	outboundAuthentication: OutboundAuthentication;
	/** For the IP access control list, with `ipAcl`. */
	ipAddresses?: string[];
	/** Whether the trunks use TLS and SRTP. */
	secure: boolean;
	/** What probably won't work, or should be known. */
	warnings: string[];
	/** In the order in which to do them. */
	nextSteps(values: PlatformValues): string[];
}

function oneOf<T extends string>(field: string, given: string | undefined, known: readonly T[]): T {
	const value = (given ?? '').trim().toLowerCase();
	if (value === '') return known[0];
	const match = known.find((candidate) => candidate === value);
	if (!match) throw badInput(field, `is "${given}"`, `Choose one of ${known.join(', ')}.`);
	return match;
}

/**
 * +91 is India's alone, so the number tells even where Plivo's record doesn't. Nine digits or more must
 * follow: 917 555 0100 is a number of New York without its country code.
 */
function isIndian({ number, country = '' }: { number: string; country?: string }): boolean {
	return /^91\d{9,}$/.test(number.replace(/\D/g, '')) || /^in$|\bindia\b/i.test(country.trim());
}

/** The host that the user entered, or the platform's for the region. */
function hostOf(platform: Platform, given: string, region: Region): SipAddress {
	const known = platform.hosts?.[region] ?? platform.hosts?.worldwide;
	if (given === '' && !known) {
		throw badInput(
			'Platform Host',
			`is empty, but ${platform.label} has a host of its own`,
			platform.ownHost!.remedy,
		);
	}
	const address = parseSipAddress(given || known!);
	if ('error' in address)
		throw badInput('Platform Host', address.error, platform.ownHost?.remedy ?? URI_HELP);
	if (address.otherParameters.length > 0) {
		throw badInput(
			'Platform Host',
			`has the parameter ${address.otherParameters[0]}`,
			'Leave it out: Plivo knows no URI parameter but transport.',
		);
	}
	if (known && address.host !== known) {
		throw badInput(
			'Platform Host',
			`is ${address.host}, but ${platform.label} uses ${known} in this region`,
			'Leave it empty, choose another region, or choose the platform for other PBXs to use a host of your own.',
		);
	}
	if (platform.ownHost && !platform.ownHost.shape.test(address.host)) {
		throw badInput(
			'Platform Host',
			`is ${address.host}, which is no SIP host of ${platform.label}`,
			platform.ownHost.remedy,
		);
	}
	return address;
}

function transportOf(platform: Platform, address: SipAddress, request: PlatformRequest): Transport {
	const given = request.transport?.trim()
		? oneOf('Transport', request.transport, TRANSPORTS)
		: undefined;
	if (given && address.transport && given !== address.transport) {
		throw badInput(
			'Transport',
			`is ${given}, but the platform host says ${address.transport}`,
			'Name the transport in one place, or the same in both.',
		);
	}
	const usual =
		request.secure && platform.transports.includes('tls') ? 'tls' : platform.transports[0];
	const transport = given ?? address.transport ?? usual;
	if (!transport) {
		throw badInput(
			'Transport',
			`is empty, but ${platform.label} has none that is known`,
			'Choose the transport that your PBX expects: UDP, TCP or TLS.',
		);
	}
	return transport;
}

function uriOf(platform: Platform, address: SipAddress, transport: Transport): string {
	const port = address.port ?? platform.ports?.[transport];
	const host = address.host.includes(':') ? `[${address.host}]` : address.host;
	const scheme =
		address.user !== undefined || address.scheme === 'sips' ? `${address.scheme}:` : '';
	const user = address.user === undefined ? '' : `${address.user}@`;
	return `${scheme}${user}${host}${port === undefined ? '' : `:${port}`};transport=${transport}`;
}

function transportWarnings(
	platform: Platform,
	documented: readonly Transport[],
	transport: Transport,
	secure: boolean,
): string[] {
	const warnings: string[] = [];
	const name = transport.toUpperCase();
	if (documented.length > 0 && !documented.includes(transport)) {
		const names = documented.map((one) => one.toUpperCase()).join(' or ');
		warnings.push(`Plivo’s guide for ${platform.label} uses ${names} here, not ${name}.`);
	}
	if (secure && transport !== 'tls') {
		warnings.push(`Secure is on, but the transport is ${name}: encrypted calls need TLS.`);
	}
	if (!secure && transport === 'tls') {
		warnings.push('The transport is TLS, but Secure is off: turn on both or neither.');
	}
	return warnings;
}

/** A function as replacement, since passwords may contain `$&` and the like. */
function fillIn(step: string, values: Readonly<Record<string, string>>): string {
	return step.replace(/\{(\w+)\}/g, (_match, name: string) => values[name]);
}

/**
 * Works out what connects a voice platform with Plivo. Makes no request.
 *
 * Secure is on where the user says so, or where the inbound transport is TLS anyway.
 *
 * @throws PlivoFailure of kind `input` for what can't work: an unknown platform, region, direction or
 *   transport, Indian numbers on Vapi, outbound calls of xAI, a missing or wrong host, no transport
 */
export function planPlatform(request: PlatformRequest): PlatformPlan {
	const { phoneNumbers = [] } = request;
	const platform =
		PLATFORMS[oneOf('Platform', request.platform || '(empty)', Object.keys(PLATFORMS))];
	const region = oneOf('Region', request.region, REGIONS);
	const direction = oneOf('Direction', request.direction, DIRECTIONS);
	const { label, steps, india } = platform;
	const inIndia = region === 'india' || phoneNumbers.some(isIndian);

	if (platform.outbound === 'none' && direction !== 'inbound') {
		throw badInput(
			'Direction',
			`includes outbound calls, which ${label} cannot place over a trunk`,
			'Choose Inbound.',
		);
	}
	if (inIndia && india.refusal) {
		const [field, problem] = phoneNumbers.some(isIndian)
			? ['Phone Numbers', `contains an Indian number, which does not work with ${label}`]
			: ['Region', `is India, where ${label} does not work`];
		throw badInput(field, problem, india.refusal);
	}

	const warnings: string[] = [];
	let inboundUri: string | undefined;
	let secure = request.secure ?? false;
	let plainTransport = platform.transports[0] ?? 'udp';
	let hostInIndia = region === 'india' && india.host !== undefined;
	if (direction !== 'outbound') {
		const address = hostOf(platform, (request.platformHost ?? '').trim(), region);
		const transport = transportOf(platform, address, request);
		inboundUri = uriOf(platform, address, transport);
		secure = request.secure ?? transport === 'tls';
		plainTransport = transport;
		hostInIndia = india.host?.test(address.host) ?? false;
		warnings.push(...uriProblems(inboundUri).warnings);
	}
	const documented = (hostInIndia && india.transports) || platform.transports;
	if (inboundUri) warnings.push(...transportWarnings(platform, documented, plainTransport, secure));
	if (region === 'eu' && platform.hosts && !platform.hosts.eu) {
		warnings.push(`No host of ${label} in the EU is known here; the worldwide one is used.`);
	}
	if (inIndia && !hostInIndia) warnings.push(india.advice);
	if (platform.secureRecommended && documented.includes('tls') && !secure) {
		warnings.push(
			`Secure is off; for ${label} encrypted calls (TLS and SRTP, billed per minute) are recommended.`,
		);
	}

	const wantsOutbound = direction !== 'inbound' || (platform.outboundForInbound ?? false);
	if (wantsOutbound && direction === 'inbound') {
		warnings.push(
			`${label} takes a number only with an outbound trunk and its credential, so they are needed for inbound calls too.`,
		);
	}
	const outboundAuthentication = wantsOutbound ? platform.outbound : 'none';

	return {
		inboundUri,
		outboundAuthentication,
		ipAddresses:
			outboundAuthentication === 'ipAcl'
				? [...(platform.ipAddresses?.[region] ?? platform.ipAddresses!.worldwide)]
				: undefined,
		secure,
		warnings,
		nextSteps: ({ trunkDomain, username, password }) => {
			const filled = {
				domain: trunkDomain ?? '(the trunk domain)',
				username: username ?? '(the username of the credential)',
				password: password ?? '(the password of the credential)',
				numbers:
					phoneNumbers.map(({ number }) => `+${number.replace(/\D/g, '')}`).join(', ') ||
					'your Plivo numbers',
				transport: (secure ? 'tls' : plainTransport).toUpperCase(),
			};
			return [
				...steps.first,
				...(direction === 'outbound' ? [] : steps.inbound),
				...(direction === 'inbound' ? [] : steps.outbound),
				...(secure && outboundAuthentication !== 'none'
					? [
							'Turn on media encryption (SRTP) for outgoing calls as well, since the trunk is secure.',
						]
					: []),
				`Try a call in each direction; details are in Plivo’s guide at plivo.com/docs/voice-agents/sip-trunking/integration-guides/${platform.guide}.`,
			].map((step) => fillIn(step, filled));
		},
	};
}
