import { badInput } from '../failure';
import { checkedChoice } from '../input/choice';
import { isBlank } from '../input/text';
import { parseSipAddress, type SipAddress, URI_HELP, warningsAboutUri } from '../input/sipAddress';
import {
	type OutboundAuthentication,
	type Platform,
	PLATFORMS,
	type Region,
	type Transport,
} from '../knowledge/platforms';
import { PLIVO_ADDRESSES } from '../knowledge/plivoAddresses';
import { isIndian } from '../records/compliance';

type Direction = 'both' | 'inbound' | 'outbound';

const REGIONS: readonly Region[] = ['worldwide', 'us', 'eu', 'india'];
const DIRECTIONS: readonly Direction[] = ['both', 'inbound', 'outbound'];
const TRANSPORTS: readonly Transport[] = ['udp', 'tcp', 'tls'];

/** What the user wants. Empty and missing mean the same; numbers with or without plus sign. */
export interface PlatformRequest {
	platform: unknown;
	/** Host of the user's project or PBX, with or without `sip:`, port and transport. */
	platformHost?: string;
	transport?: unknown;
	region?: unknown;
	secure?: boolean;
	direction?: unknown;
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
	/** What the platform dials the outbound trunk over; missing where it makes no calls. */
	outboundTransport?: Transport;
	/** Whether the outbound trunk uses TLS and SRTP, where the user has said so. */
	secure?: boolean;
	/** What probably won't work, or should be known. */
	warnings: string[];
	/** In the order in which to do them. */
	nextSteps(values: PlatformValues): string[];
}

const oneOf = <T extends string>(field: string, given: unknown, known: readonly T[]): T =>
	isBlank(given) ? (known[0] as T) : checkedChoice(field, given, known);

/** Which way calls go; both where nothing is said. */
export const directionOf = (given: unknown): Direction => oneOf('Direction', given, DIRECTIONS);

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
			`is ${address.host}, which is not a ${platform.label} SIP host`,
			platform.ownHost.remedy,
		);
	}
	return address;
}

/** The transport that the user has chosen. */
const givenTransport = ({ transport }: PlatformRequest): Transport | undefined =>
	isBlank(transport) ? undefined : oneOf('Transport', transport, TRANSPORTS);

function transportOf(platform: Platform, address: SipAddress, request: PlatformRequest): Transport {
	const given = givenTransport(request);
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
): string[] {
	if (documented.length === 0 || documented.includes(transport)) return [];
	const names = documented.map((one) => one.toUpperCase()).join(' or ');
	return [
		`Plivo’s guide for ${platform.label} uses ${names} here, not ${transport.toUpperCase()}.`,
	];
}

/**
 * What the platform dials the outbound trunk over: TLS for a secure one, and anything else for one that
 * isn't, since Plivo refuses TLS there (code 4110), whatever inbound calls use.
 *
 * @param asked of inbound calls, or else what the user has chosen
 */
function outboundTransport(
	{ transports }: Platform,
	secure: boolean,
	asked: Transport | undefined,
): Transport {
	if (secure) return 'tls';
	const plain = [asked, ...transports].find((one) => one !== undefined && one !== 'tls');
	return plain ?? 'tcp';
}

/** A function as replacement, since passwords may contain `$&` and the like. */
function fillIn(step: string, values: Readonly<Record<string, string>>): string {
	return step.replace(/\{(\w+)\}/g, (_match, name: string) => values[name] ?? '');
}

/**
 * Works out what connects a voice platform with Plivo. Makes no request.
 *
 * Secure belongs to the outbound trunk, and only where the user says so: Plivo bills it. Inbound encryption
 * is the transport of the origination URI.
 *
 * @throws PlivoFailure of kind `input` for what can't work: an unknown platform, region, direction or
 *   transport, Indian numbers on Vapi, outbound calls of xAI, a missing or wrong host, no transport
 */
export function planPlatform(request: PlatformRequest): PlatformPlan {
	const { phoneNumbers = [] } = request;
	const platform = PLATFORMS[
		checkedChoice('Platform', request.platform, Object.keys(PLATFORMS))
	] as Platform;
	const region = oneOf('Region', request.region, REGIONS);
	const direction = directionOf(request.direction);
	const { label, steps, india } = platform;
	const indian = phoneNumbers.some(({ number, country }) => isIndian(number, country));
	const inIndia = region === 'india' || indian;

	if (platform.outbound === 'none' && direction !== 'inbound') {
		throw badInput(
			'Direction',
			`includes outbound calls, which ${label} cannot place over a trunk`,
			'Choose Inbound.',
		);
	}
	if (inIndia && india.refusal) {
		const [field, problem] = indian
			? ['Phone Numbers', `contains an Indian number, which does not work with ${label}`]
			: ['Region', `is India, where ${label} does not work`];
		throw badInput(field, problem, india.refusal);
	}

	const warnings: string[] = [];
	let inboundUri: string | undefined;
	const secure = request.secure ?? false;
	let inboundTransport: Transport | undefined;
	const chosenTransport = givenTransport(request);
	let hostInIndia = region === 'india' && india.host !== undefined;
	if (direction !== 'outbound') {
		const address = hostOf(platform, (request.platformHost ?? '').trim(), region);
		const transport = transportOf(platform, address, request);
		inboundUri = uriOf(platform, address, transport);
		inboundTransport = transport;
		hostInIndia = india.host?.test(address.host) ?? false;
		warnings.push(...warningsAboutUri(inboundUri));
	}
	const documented = (hostInIndia && india.transports) || platform.transports;
	if (inboundTransport) warnings.push(...transportWarnings(platform, documented, inboundTransport));
	if (region === 'eu' && platform.hosts && !platform.hosts.eu) {
		warnings.push(`No host of ${label} in the EU is known here; the worldwide one is used.`);
	}
	if (inIndia && !hostInIndia) warnings.push(india.advice);
	const wantsOutbound = direction !== 'inbound' || (platform.outboundForInbound ?? false);
	if (wantsOutbound && platform.secureRecommended && documented.includes('tls') && !secure) {
		warnings.push(
			`Secure is off. Plivo’s guide recommends it for calls from ${label}: TLS and SRTP, billed per minute.`,
		);
	}

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
		...(wantsOutbound && {
			outboundTransport: outboundTransport(platform, secure, inboundTransport ?? chosenTransport),
		}),
		...(request.secure !== undefined && { secure: request.secure }),
		warnings,
		nextSteps: ({ trunkDomain, username, password }) => {
			const transport = outboundTransport(platform, secure, inboundTransport ?? chosenTransport);
			const filled = {
				domain: trunkDomain ?? '(the trunk domain)',
				username: username ?? '(the username of the credential)',
				password: password ?? '(the password of the credential)',
				numbers:
					phoneNumbers.map(({ number }) => `+${number.replace(/\D/g, '')}`).join(', ') ||
					'your Plivo numbers',
				ranges: PLIVO_ADDRESSES.join(', '),
				transport: transport.toUpperCase(),
				port: transport === 'tls' ? '5061' : '5060',
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
