import { badInput } from '../failure';
import { checkedChoice } from '../input/choice';
import { isBlank } from '../input/text';
import { parseSipAddress, type SipAddress, URI_HELP, warningsAboutUri } from '../input/sipAddress';
import {
	type Direction,
	factFor,
	type OutboundAuthentication,
	type Platform,
	type PlatformApiRequest,
	platformRequests,
	PLATFORMS,
	type Region,
	type Transport,
} from '../knowledge/platforms';
import { PLIVO_ADDRESSES } from '../knowledge/plivoAddresses';
import { fillIn } from '../knowledge/template';
import { isIndian } from '../records/compliance';

const REGIONS: readonly [Region, ...Region[]] = ['worldwide', 'us', 'eu', 'india'];
export const DIRECTIONS: readonly [Direction, ...Direction[]] = ['both', 'inbound', 'outbound'];
const TRANSPORTS: readonly [Transport, ...Transport[]] = ['udp', 'tcp', 'tls'];

/** What the user wants. Empty and missing mean the same; numbers with or without plus sign. */
export interface PlatformRequest {
	platform: unknown;
	/** Host of the user's project or PBX, with or without `sip:`, port and transport. */
	platformHost?: string;
	/** Where the platform has projects. */
	projectId?: string;
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
	/**
	 * The same as requests to the platform's API; none for a PBX.
	 *
	 * @param name the customer's
	 */
	requests(name: string, values: PlatformValues): PlatformApiRequest[];
}

const oneOf = <T extends string>(
	field: string,
	given: unknown,
	known: readonly [byDefault: T, ...others: T[]],
): T => (isBlank(given) ? known[0] : checkedChoice(field, given, known));

/** @throws PlivoFailure of kind `input` for one that isn't known */
export const platformOf = (given: unknown): Platform =>
	// It was chosen from the table's own keys.
	PLATFORMS[checkedChoice('Platform', given, Object.keys(PLATFORMS))] as Platform;

/** Which way calls go; where nothing is said, both, or the only one that the platform knows. */
function directionOf(given: unknown, platform: unknown): Direction {
	if (isBlank(given) && platformOf(platform).outbound === 'none') return 'inbound';
	return oneOf('Direction', given, DIRECTIONS);
}

/** The host that the user entered, or the platform's for the region. */
function hostOf(platform: Platform, given: string, region: Region): SipAddress {
	const { label, hosts, hostPrefix, ownHost } = platform;
	const known = hosts && factFor(hosts, region);
	const remedy = ownHost?.remedy ?? URI_HELP;
	const refused = (problem: string, fix = remedy) => badInput('Platform Host', problem, fix);
	const text = given || known;
	if (!text) throw refused(`is empty, but ${label} has a host of its own`);
	const address = parseSipAddress(text);
	if ('error' in address) throw refused(address.error);
	const { host, otherParameters } = address;
	if (otherParameters.length > 0) {
		throw refused(
			`has the parameter ${otherParameters[0]}`,
			'Leave it out: transport is the only URI parameter that Plivo knows.',
		);
	}
	const isTheirs =
		!known ||
		host === known ||
		(host.endsWith(known) && hostPrefix?.test(host.slice(0, -known.length)));
	if (!isTheirs) {
		throw refused(
			`is ${host}, but ${label} uses ${known} in this region`,
			"Leave it empty, choose another region, or choose the platform 'Other PBX or Platform' to use a host of your own.",
		);
	}
	if (ownHost && !ownHost.shape.test(host)) {
		throw refused(`is ${host}, which is not a ${label} SIP host`);
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
			'Set the transport in one place only, or use the same one in both.',
		);
	}
	const usual =
		request.secure && platform.transports.includes('tls') ? 'tls' : platform.transports[0];
	const transport = given ?? address.transport ?? usual;
	if (!transport) {
		throw badInput(
			'Transport',
			'is empty',
			'Choose the transport that your PBX expects, UDP, TCP or TLS: a PBX has no default.',
		);
	}
	return transport;
}

function uriOf(
	{ ports }: Platform,
	{ scheme = 'sip', user, host, port }: SipAddress,
	transport: Transport,
): string {
	const end = port ?? ports?.[transport];
	return [
		scheme === 'sips' || user !== undefined ? `${scheme}:` : '',
		user === undefined ? '' : `${user}@`,
		host.includes(':') ? `[${host}]` : host,
		end === undefined ? '' : `:${end}`,
		`;transport=${transport}`,
	].join('');
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

const pagesOf = ({ label, guide, own }: Platform): string =>
	[
		...(guide ? [`Plivo’s guide at ${guide.page} (checked ${guide.checked})`] : []),
		...(own ? [`${label}’s page at ${own.page} (checked ${own.checked})`] : []),
	].join(', and ');

/** What to try, and where to read on. */
function lastStep(platform: Platform, direction: Direction): string {
	const calls = {
		both: 'Try a call in each direction',
		inbound: 'Try a call to {{numbers}}',
		outbound: `Try a call from ${platform.label}`,
	};
	return `${calls[direction]}; details are in ${pagesOf(platform)}.`;
}

/** @throws PlivoFailure of kind `input` where the platform takes no such calls */
function refuseUnserved({ platform, direction, secure, region, isIndian }: Wanted): void {
	const { label, outbound, india = {} } = platform;
	if (outbound === 'none' && direction !== 'inbound') {
		throw badInput(
			'Direction',
			`includes outbound calls, which ${label} cannot place over a trunk`,
			'Choose Inbound.',
		);
	}
	if (secure && direction !== 'inbound' && !canEncrypt(platform)) {
		throw badInput(
			'Secure',
			`is on, but ${label} makes calls without encryption only`,
			"Turn off 'Secure' in the options.",
		);
	}
	if (india.refusal && isIndian) {
		const problem = `contains an Indian number, which does not work with ${label}`;
		throw badInput('Phone Numbers', problem, india.refusal);
	}
	if (india.refusal && region === 'india') {
		throw badInput('Region', `is India, where ${label} does not work`, india.refusal);
	}
}

/** Whether the platform can call over TLS; a PBX of one's own is asked to. */
const canEncrypt = ({ transports, secureTransport, isPbx }: Platform): boolean =>
	isPbx === true || secureTransport !== undefined || transports.includes('tls');

type Wanted = ReturnType<typeof wantedOf>;

/** What the user wants, checked. */
function wantedOf(request: PlatformRequest) {
	const { phoneNumbers = [] } = request;
	const key = checkedChoice('Platform', request.platform, Object.keys(PLATFORMS));
	return {
		key,
		platform: platformOf(key),
		region: oneOf('Region', request.region, REGIONS),
		direction: directionOf(request.direction, key),
		secure: request.secure ?? false,
		numbers: phoneNumbers.map(({ number }) => `+${number.replace(/\D/g, '')}`),
		isIndian: phoneNumbers.some(({ number, country }) => isIndian(number, country)),
	};
}

/** @throws PlivoFailure of kind `input` for what is no project of the platform */
function projectOf(
	{ shape, remedy }: NonNullable<Platform['projectId']>,
	{ projectId = '' }: PlatformRequest,
): string {
	const project = projectId.trim();
	if (shape.test(project)) return project;
	const problem = project ? `is ${project}, which is not the ID of a project` : 'is empty';
	throw badInput('Project ID', problem, remedy);
}

/** Where inbound calls go. */
function inboundHost({ platform, region }: Wanted, request: PlatformRequest) {
	const address = hostOf(platform, (request.platformHost ?? '').trim(), region);
	const transport = transportOf(platform, address, request);
	const user = platform.projectId ? projectOf(platform.projectId, request) : address.user;
	return {
		uri: uriOf(platform, { ...address, ...(user !== undefined && { user }) }, transport),
		transport,
		isInIndia: platform.india?.host?.test(address.host) ?? false,
	};
}

/** What probably won't work, or should be known. */
function warningsOf(
	{ platform, region, direction, secure, isIndian }: Wanted,
	inbound: ReturnType<typeof inboundHost> | undefined,
	wantsOutbound: boolean,
): string[] {
	const { label, india = {} } = platform;
	const hostInIndia = inbound ? inbound.isInIndia : region === 'india' && india.host !== undefined;
	const documented = (hostInIndia && india.transports) || platform.transports;
	const warnings = inbound ? warningsAboutUri(inbound.uri) : [];
	if (inbound && documented.length > 0 && !documented.includes(inbound.transport)) {
		const names = documented.map((one) => one.toUpperCase()).join(' or ');
		warnings.push(
			`${platform.guide ? `Plivo’s guide for ${label}` : label} uses ${names} here, not ${inbound.transport.toUpperCase()}.`,
		);
	}
	if (region === 'eu' && platform.hosts && !platform.hosts.eu) {
		warnings.push(`No host of ${label} in the EU is known here; the worldwide one is used.`);
	}
	if ((isIndian || region === 'india') && !hostInIndia) {
		warnings.push(
			india.advice ??
				`Calls of Indian numbers must be handled in India, and Plivo has not confirmed that ${label} does so: ask ${label} before you rely on it.`,
		);
	}
	if (wantsOutbound && platform.secureRecommended && documented.includes('tls') && !secure) {
		warnings.push(
			`'Secure' is off. Plivo’s guide recommends it for calls from ${label}: TLS and SRTP, billed per minute.`,
		);
	}
	if (wantsOutbound && direction === 'inbound') {
		warnings.push(
			`${label} takes a number only with an outbound trunk and its SIP credential, so they are needed for inbound calls too.`,
		);
	}
	return warnings;
}

/**
 * Works out what connects a voice platform with Plivo. Makes no request.
 *
 * Secure belongs to the outbound trunk, and only where the user says so: Plivo bills it. Inbound encryption
 * is the transport of the origination URI.
 *
 * @throws PlivoFailure of kind `input` for what can't work: an unknown platform, region, direction or
 *   transport, calls that the platform doesn't take or make, a missing or wrong host, no transport
 */
export function planPlatform(request: PlatformRequest): PlatformPlan {
	const wanted = wantedOf(request);
	refuseUnserved(wanted);
	const { key, platform, region, direction, secure, numbers } = wanted;
	const chosenTransport = givenTransport(request);
	const inbound = direction === 'outbound' ? undefined : inboundHost(wanted, request);
	const wantsOutbound = direction !== 'inbound' || (platform.outboundForInbound ?? false);
	const outboundAuthentication = wantsOutbound ? platform.outbound : 'none';
	const transport = outboundTransport(platform, secure, inbound?.transport ?? chosenTransport);
	return {
		inboundUri: inbound?.uri,
		outboundAuthentication,
		ipAddresses:
			outboundAuthentication === 'ipAcl' && platform.ipAddresses
				? [...factFor(platform.ipAddresses, region)]
				: undefined,
		...(wantsOutbound && { outboundTransport: transport }),
		...(request.secure !== undefined && { secure: request.secure }),
		warnings: warningsOf(wanted, inbound, wantsOutbound),
		nextSteps: (values) => nextSteps(wanted, transport, values),
		requests: (name, values) =>
			platformRequests(key, platform, {
				name,
				direction,
				region,
				numbers,
				inIndia: region === 'india' || wanted.isIndian,
				transport,
				...values,
			}),
	};
}

/** What is left to do on the platform. */
function nextSteps(
	{ platform, region, direction, secure, numbers }: Wanted,
	transport: Transport,
	{ trunkDomain, username, password }: PlatformValues,
): string[] {
	const { steps, outbound, secureTransport, hosts } = platform;
	const calls = direction !== 'inbound' && outbound !== 'none';
	return [
		...(steps.first ?? []),
		...(direction === 'outbound' ? [] : steps.inbound),
		...((direction !== 'inbound' && steps.outbound) || []),
		...(calls && secure && secureTransport === undefined
			? ['Turn on media encryption (SRTP) for outgoing calls as well, since the trunk is secure.']
			: []),
		lastStep(platform, direction),
	].map((step) =>
		fillIn(step, {
			domain: trunkDomain ?? '(the trunk domain)',
			username: username ?? '(the username of the credential)',
			password: password ?? '(the password of the credential)',
			numbers: numbers.length > 0 ? numbers : 'your Plivo numbers',
			ranges: PLIVO_ADDRESSES,
			host: hosts && factFor(hosts, region),
			transport: (secure && secureTransport) || transport.toUpperCase(),
			port: transport === 'tls' ? 5061 : 5060,
		}),
	);
}
