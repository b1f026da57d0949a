/**
 * IP addresses, CIDR blocks and SIP addresses, judged without a look at the network.
 * Shapes of an origination URI: plivo.com/docs/sip-trunking/api/origination-uris and the changelog of
 * Plivo's command-line tool; of an IP list: plivo.com/docs/sip-trunking/api/ip-access-control-lists.
 */

/** What to enter instead of an address that {@link addressProblems} finds fault with. */
export const ADDRESS_HELP =
	'Enter IPv4 or IPv6 addresses or CIDR blocks, such as 203.0.113.10, 198.51.100.0/28 or 2001:db8::/48.';

/** What to enter instead of a URI that {@link uriProblems} finds fault with. */
export const URI_HELP =
	'Enter the SIP host with its port and transport, such as sip.example.com:5060;transport=tcp, 203.0.113.10;transport=udp or sip:user@sip.example.com;transport=tls.';

/** Where a SIP address leads. `port` and `user` only where the text has them. */
export interface SipAddress {
	scheme?: 'sip' | 'sips';
	user?: string;
	/** Host name or IP address in lower case; an IPv6 address without its brackets. */
	host: string;
	port?: number;
	/** As written; `sips:` without one means TLS. */
	transport?: 'udp' | 'tcp' | 'tls';
	/** Names of the parameters other than `transport`. */
	otherParameters: string[];
}

interface Block {
	bits: 32 | 128;
	value: bigint;
	prefix: number;
}

/** Not on the public internet: RFC 1918, 1122, 3927, 6598 (carriers), 5771 and 1112 (multicast, reserved), 4291, 4193. */
const PRIVATE_BLOCKS = [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'224.0.0.0/3',
	'::/127',
	'fc00::/7',
	'fe80::/10',
	'ff00::/8',
].map((text) => parseBlock(text)!);

/** Names that the public DNS never answers: RFC 6761, 6762, 8375 and ICANN's reserved `.internal`. */
const PRIVATE_NAME = /\.(localhost|local|internal|home\.arpa)$/;

/** IPv4 addresses written as IPv6 ones (RFC 4291, section 2.5.5.2): the same hosts, so the same rules. */
const IPV4_MAPPED = parseBlock('::ffff:0:0/96')!;

function parseIpv4(text: string): bigint | undefined {
	const octets = text.split('.');
	const valid = octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
	if (octets.length !== 4 || !valid) return undefined;
	return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | undefined {
	const dotted = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
	if (dotted) {
		const ipv4 = parseIpv4(dotted[2]);
		if (ipv4 === undefined) return undefined;
		return parseIpv6(`${dotted[1]}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`);
	}
	const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
	if (halves.length > 2) return undefined;
	const [head, tail] = halves;
	const missing = 8 - head.length - (tail?.length ?? 0);
	if (tail ? missing < 1 : missing !== 0) return undefined;
	const groups = tail ? [...head, ...Array<string>(missing).fill('0'), ...tail] : head;
	if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
	return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

function parseBlock(text: string): Block | undefined {
	const [address, prefixText, ...rest] = text.split('/');
	const bits = address.includes(':') ? 128 : 32;
	const value = bits === 128 ? parseIpv6(address) : parseIpv4(address);
	if (value === undefined || rest.length > 0) return undefined;
	if (prefixText === undefined) return { bits, value, prefix: bits };
	if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > bits) return undefined;
	return { bits, value, prefix: Number(prefixText) };
}

function contains(outer: Block, inner: Block): boolean {
	const hostBits = BigInt(outer.bits - outer.prefix);
	return (
		outer.bits === inner.bits &&
		outer.prefix <= inner.prefix &&
		outer.value >> hostBits === inner.value >> hostBits
	);
}

function unmapped(block: Block): Block {
	if (!contains(IPV4_MAPPED, block)) return block;
	return { bits: 32, value: block.value & 0xffff_ffffn, prefix: block.prefix - 96 };
}

/**
 * Whether a text is an IPv4 or IPv6 address or a CIDR block. Strict: four decimal octets without
 * leading zeros (which some systems read as octal), prefix within range, no zone, nothing around it.
 *
 * @returns what is wrong, as a continuation of the field's name, or nothing
 */
export function addressProblems(text: string): string | undefined {
	if (parseBlock(text)) return undefined;
	const [address, ...prefix] = text.split('/');
	if (text.trim() === '') return 'contains an empty address';
	if (prefix.length > 0 && parseBlock(address)) {
		const highest = address.includes(':') ? 128 : 32;
		return `contains ${text}, whose prefix length is not a number from 0 to ${highest}`;
	}
	if (/^\d+(\.\d+){3}$/.test(address) && /(^|\.)0\d/.test(address)) {
		return `contains ${text}, which has an octet with a leading zero`;
	}
	return `contains ${text}, which is no IP address or CIDR block`;
}

/**
 * Whether a block is so wide that strangers may be in it: IPv4 wider than /8, IPv6 wider than /32
 * (what a whole internet provider gets). Not for refusing, only for warning.
 */
export function isWideRange(cidr: string): boolean {
	const block = parseBlock(cidr);
	if (!block) return false;
	const { bits, prefix } = unmapped(block);
	return prefix < (bits === 32 ? 8 : 32);
}

/**
 * Whether a host can't be reached from the internet: a private, loopback, link-local, carrier-internal or
 * multicast address, a name reserved for local use, or a name without a dot.
 *
 * @param host host name or IP address, without port; an IPv6 address with or without its brackets
 */
export function isPrivateAddress(host: string): boolean {
	const name = host
		.toLowerCase()
		.replace(/^\[(.*)\]$/, '$1')
		.replace(/\.$/, '');
	const block = parseBlock(name);
	if (block) return PRIVATE_BLOCKS.some((outer) => contains(outer, unmapped(block)));
	return !name.includes('.') || PRIVATE_NAME.test(name);
}

function hostProblem(host: string): string | undefined {
	if (host === '') return 'names no host';
	if (/^\[.*\]$/.test(host)) {
		return parseIpv6(host.slice(1, -1)) === undefined
			? `has ${host}, which is no IPv6 address`
			: undefined;
	}
	if (host.includes(':') || /[[\]]/.test(host)) {
		return 'has an IPv6 address without brackets, or more than one port';
	}
	const labels = host.replace(/\.$/, '').split('.');
	const last = labels[labels.length - 1];
	if (/^(\d+|0x[\da-f]*)$/i.test(last) && parseIpv4(host) === undefined) {
		return `has ${host}, which is no IPv4 address`;
	}
	if (
		host.length > 253 ||
		!labels.every((label) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(label))
	) {
		return `has ${host}, which is no host name`;
	}
	return undefined;
}

/**
 * Takes a SIP address apart: `host`, `host:port`, `ip[:port]`, `[ipv6]:port`, `sip:user@host`, `sips:host`,
 * each with or without `;transport=udp|tcp|tls`. Spaces around it don't matter.
 *
 * @returns its parts, or what is wrong as a continuation of the field's name
 */
export function parseSipAddress(uri: string): SipAddress | { error: string } {
	const text = uri.trim();
	if (text === '') return { error: 'is empty' };
	if (/[\s\p{Cc}]/u.test(text)) return { error: 'contains a space or a control character' };
	if (/^https?:/i.test(text)) return { error: 'is a web address (URL), not a SIP address' };
	if (text.includes('//')) return { error: 'contains "//", which a SIP address never has' };

	const [, schemeText, rest] = /^(?:(sips?):)?(.*)$/i.exec(text)!;
	const scheme = schemeText?.toLowerCase() as SipAddress['scheme'];
	const [authority, ...parameters] = rest.split(';');
	if (/[/?#]/.test(authority))
		return { error: 'contains a path or a query, which a SIP address never has' };

	const at = authority.lastIndexOf('@');
	const user = at < 0 ? undefined : authority.slice(0, at);
	if (user !== undefined) {
		if (!scheme) return { error: 'names a user but does not begin with sip:' };
		if (user.includes(':'))
			return { error: 'contains a password, which belongs in the fields for it' };
		if (!/^[\w\-.!~*'()&=+$,%]+$/.test(user))
			return { error: 'has no usable user name before the @' };
	}

	const [, host, portText] = /^(.*?)(?::([^:\]]*))?$/.exec(authority.slice(at + 1))!;
	const problem = hostProblem(host);
	if (problem) return { error: problem };
	if (
		portText !== undefined &&
		!(/^\d{1,5}$/.test(portText) && +portText >= 1 && +portText <= 65_535)
	) {
		return { error: `has the port "${portText}", which is not a number from 1 to 65535` };
	}

	const named = parameters.map((parameter) => parameter.split('=') as [string, string?]);
	const isTransport = ([name]: [string, string?]) => name.toLowerCase() === 'transport';
	const transports = named.filter(isTransport).map(([, value = '']) => value.toLowerCase());
	if (transports.length > 1) return { error: 'names its transport twice' };
	const [transport] = transports;
	if (transport !== undefined && !['udp', 'tcp', 'tls'].includes(transport)) {
		return { error: `has the transport "${transport}", which is none of udp, tcp and tls` };
	}
	return {
		scheme,
		user,
		host: host.toLowerCase().replace(/^\[(.*)\]$/, '$1'),
		port: portText === undefined ? undefined : Number(portText),
		transport: (transport as SipAddress['transport']) ?? (scheme === 'sips' ? 'tls' : undefined),
		otherParameters: named.filter((parameter) => !isTransport(parameter)).map(([name]) => name),
	};
}

/**
 * What speaks against a SIP address as an origination URI.
 *
 * @returns `error`: Plivo can't use it, as a continuation of the field's name; `warnings`: whole sentences
 *   on what can be used but most likely won't bring calls
 */
export function uriProblems(uri: string): { error?: string; warnings: string[] } {
	const address = parseSipAddress(uri);
	if ('error' in address) return { error: address.error, warnings: [] };
	const { scheme, host, port, transport, otherParameters } = address;
	const warnings: string[] = [];
	if (isPrivateAddress(host)) {
		warnings.push(
			`Plivo can never reach ${host}: it is a private address or name, fine only for a test bench.`,
		);
	}
	if (!transport) {
		warnings.push(
			'The URI names no transport, the most common reason why calls silently fail: add ;transport=udp, tcp or tls as your platform documents it.',
		);
	}
	if (scheme === 'sips' && transport === 'udp') {
		warnings.push('The URI begins with sips:, which means TLS, but asks for UDP.');
	}
	if (port === 5061 && transport && transport !== 'tls') {
		warnings.push(`Port 5061 is the one for TLS, but the URI asks for ${transport.toUpperCase()}.`);
	}
	if (otherParameters.length > 0) {
		warnings.push(
			`Plivo documents no URI parameter but transport; this one also has ${otherParameters.join(', ')}.`,
		);
	}
	return { warnings };
}
