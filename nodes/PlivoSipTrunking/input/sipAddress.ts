/**
 * SIP addresses as origination URIs, judged without a look at the network. Shapes:
 * plivo.com/docs/sip-trunking/api/origination-uris and the changelog of Plivo's command-line tool.
 */
import { badInput } from '../failure';
import { PLATFORMS } from '../knowledge/platforms';
import { isPrivateAddress, parseIpv4, parseIpv6 } from './ipAddress';
import { checkedText, quoted, visible } from './text';

/** What to enter instead of a URI that {@link checkedUri} refuses. */
export const URI_HELP =
	'Enter the SIP host with its port and transport, such as sip.example.com:5060;transport=tcp, 203.0.113.10;transport=udp or sip:user@sip.example.com;transport=tls.';

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

type Transport = (typeof TRANSPORTS)[number];

/** Where a SIP address leads. `port` and `user` only where the text has them. */
export interface SipAddress {
	readonly scheme?: 'sip' | 'sips';
	readonly user?: string;
	/** Host name or IP address in lower case; an IPv6 address without its brackets. */
	readonly host: string;
	readonly port?: number;
	/** As written; `sips:` without one means TLS. */
	readonly transport?: Transport;
	/** Names of the parameters other than `transport`. */
	readonly otherParameters: string[];
}

/** Quotation marks around all of it, straight or as word processors make them. */
const QUOTES =
	/^(["'`\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb])(.*)["'`\u201c\u201d\u2018\u2019\u00ab\u00bb]$/;

/** The address of `"Acme" <sip:…>`, without what is typed by habit: spaces around `;` and `=`, `;` or `/` at the end. */
function cleaned(text: string): string {
	const [, address, parameters = ''] = /^[^<>]*<([^<>]*)>([^<>]*)$/.exec(text) ?? [undefined, text];
	return visible(`${address ?? text}${parameters}`)
		.replace(QUOTES, '$2')
		.replace(/\s+/g, ' ')
		.replace(/ ?([;=]) ?/g, '$1')
		.replace(/;{2,}/g, ';')
		.replace(/(?<![;/ ])[;/ ]+$/, '');
}

/** The dot of DNS's root, or of a sentence's end, is no part of a host's name. */
const withoutDot = (host: string) => host.replace(/(?<=[^.])\.$/, '');

/** Host names of other scripts as DNS has them (RFC 5891): `exämple.com` is `xn--exmple-cua.com`. */
function toPunycode(host: string): string {
	// No host name has quotation marks or pictures, though some can be written in Punycode.
	if (!/^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]*$/u.test(host)) return host;
	if (/^[\0-\x7f]*$/.test(host)) return host;
	try {
		return new URL(`http://${host}`).hostname;
	} catch {
		return host;
	}
}

/** `[scheme:][user@]host[:port]`; the host is all that is left when there is no port. */
const AUTHORITY = /^((?:sips?:)?(?:.*@)?)(.*?)((?::[^:\]]*)?)$/i;

/** The address as it is stored: as typed but cleaned, and with the host as DNS has it. */
function normalizedUri(text: string): string {
	const [authority = '', ...parameters] = cleaned(text).split(';');
	const [, before = '', host = '', port = ''] = AUTHORITY.exec(authority) ?? [];
	return [`${before}${withoutDot(toPunycode(host))}${port}`, ...parameters].join(';');
}

function hostProblem(host: string): string | undefined {
	if (host === '') return 'has no host';
	if (/^\[.*\]$/.test(host)) {
		return parseIpv6(host.slice(1, -1)) === undefined
			? `has ${quoted(host)}, which is not an IPv6 address`
			: undefined;
	}
	if (host.includes(':') || /[[\]]/.test(host)) {
		return 'has an IPv6 address without brackets, or more than one port';
	}
	const labels = host.replace(/\.$/, '').split('.');
	const last = labels[labels.length - 1] ?? '';
	if (/^(\d+|0x[\da-f]*)$/i.test(last) && parseIpv4(host) === undefined) {
		return `has ${quoted(host)}, which is not an IPv4 address`;
	}
	const isName =
		host.length <= 253 && labels.every((label) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(label));
	return isName ? undefined : `has ${quoted(host)}, which is not a host name`;
}

function schemeProblem(text: string): string | undefined {
	if (/^https?:/i.test(text)) return 'is a web address (URL), not a SIP address';
	if (/^wss?:/i.test(text))
		return 'is a WebSocket address, which Plivo does not call: it needs a SIP address';
	if (/^tel:/i.test(text)) return 'is a phone number, not a SIP address';
	if (/^mailto:/i.test(text)) return 'is an email address, not a SIP address';
	if (text.includes('//')) return 'contains "//", which a SIP address never has';
	return undefined;
}

function userProblem(user: string, scheme: string | undefined): string | undefined {
	// The password itself is never repeated.
	if (/:|%3a/i.test(user)) {
		return 'contains a password: enter username and password in fields of their own';
	}
	if (!scheme) return 'names a user but does not begin with sip:';
	if (!/^[\w\-.!~*'()&=+$,%]+$/.test(user)) return 'has no valid user name before the @';
	return undefined;
}

/** @returns the transport, or what is wrong with it */
function transportIn(parameters: Array<readonly [string, string?]>): {
	transport?: Transport;
	error?: string;
} {
	const bare = parameters.find(([name]) => /^(?:transport:)?(?:udp|tcp|tls)$/i.test(name))?.[0];
	if (bare !== undefined) {
		const transport = bare.toLowerCase().replace('transport:', '');
		return { error: `has ";${bare}", which is written ;transport=${transport}` };
	}
	const [given, ...more] = parameters.filter(([name]) => name.toLowerCase() === 'transport');
	if (given === undefined) return {};
	if (more.length > 0) return { error: 'sets the transport twice' };
	const name = (given[1] ?? '').toLowerCase();
	if (name === '') return { error: 'has ;transport without a value: set it to udp, tcp or tls' };
	const transport = TRANSPORTS.find((known) => known === name);
	return transport
		? { transport }
		: { error: `has the transport ${quoted(name)}, which is not udp, tcp or tls` };
}

/**
 * Takes a SIP address apart: `host`, `host:port`, `ip[:port]`, `[ipv6]:port`, `sip:user@host`, `sips:host`,
 * each with or without `;transport=udp|tcp|tls`, `<…>` around it or a `;` or `/` at its end.
 *
 * @returns its parts, or what is wrong as a continuation of the field's name, without any password
 */
export function parseSipAddress(uri: string): SipAddress | { readonly error: string } {
	const text = normalizedUri(uri);
	if (text === '') return { error: 'is empty' };
	const wrongScheme = schemeProblem(text);
	if (wrongScheme) return { error: wrongScheme };
	if (/[\s\p{Cc}]/u.test(text)) return { error: 'contains a space or a control character' };

	const [authority = '', ...parameterTexts] = text.split(';');
	const scheme = (['sip', 'sips'] as const).find((name) =>
		authority.toLowerCase().startsWith(`${name}:`),
	);
	const rest = authority.slice(scheme ? scheme.length + 1 : 0);
	const at = rest.lastIndexOf('@');
	const user = at < 0 ? undefined : rest.slice(0, at);
	const wrongUser = user === undefined ? undefined : userProblem(user, scheme);
	if (wrongUser) return { error: wrongUser };
	if (/[/?#]/.test(rest)) {
		return { error: 'contains a path or a query, which a SIP address never has' };
	}

	const [, , host = '', portText = ''] = AUTHORITY.exec(rest.slice(at + 1)) ?? [];
	const wrongHost = hostProblem(host);
	if (wrongHost) return { error: wrongHost };
	const port = portText === '' ? undefined : portText.slice(1);
	if (
		port !== undefined &&
		!(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)
	) {
		// Other text after a colon may be a password.
		const shown = /^\d+$/.test(port) ? `the port ${port}` : 'a port';
		return { error: `has ${shown} that is not a number from 1 to 65535` };
	}

	const parameters = parameterTexts.map((parameter) => {
		const [name = '', ...value] = parameter.split('=');
		return value.length > 0 ? ([name, value.join('=')] as const) : ([name] as const);
	});
	const { transport, error } = transportIn(parameters);
	if (error) return { error };
	return {
		scheme,
		user,
		host: host.toLowerCase().replace(/^\[(.*)\]$/, '$1'),
		port: port === undefined ? undefined : Number(port),
		transport: transport ?? (scheme === 'sips' ? 'tls' : undefined),
		otherParameters: parameters
			.filter(([name]) => name.toLowerCase() !== 'transport')
			.map(([name, value]) => (value ? name : `${name} (without a value)`)),
	};
}

/**
 * @returns the address as typed, without `<>`, spaces, and `;` or `/` at its end; a host of another script as
 *   Punycode
 * @throws PlivoFailure of kind `input` unless it can be an origination URI; never repeats a password
 */
export function checkedUri(label: string, value: unknown): string {
	const uri = checkedText(label, value);
	const address = parseSipAddress(uri);
	if ('error' in address) throw badInput(label, address.error, URI_HELP);
	return normalizedUri(uri);
}

/**
 * What can be used as an origination URI but most likely won't bring calls.
 *
 * @param uri as typed or as {@link checkedUri} gives it
 * @returns whole sentences for the output's `warnings`; none for what is no SIP address
 */
export function warningsAboutUri(uri: string): string[] {
	const address = parseSipAddress(uri);
	if ('error' in address) return [];
	const { scheme, host, port, transport, otherParameters } = address;
	const warnings: string[] = [];
	if (isPrivateAddress(host)) {
		warnings.push(
			`Plivo can never reach ${host}: it is a private address or name, which only works in a test setup.`,
		);
	}
	if (/(^|\.)xn--/.test(host)) {
		warnings.push(
			`The host has letters other than a to z, so Plivo receives it as ${host}. Check that this is the name your provider uses.`,
		);
	}
	for (const { doubtfulHost } of Object.values(PLATFORMS)) {
		if (doubtfulHost?.shape.test(host)) warnings.push(`The host ${host} ${doubtfulHost.advice}`);
	}
	if (!transport) {
		warnings.push(
			'The URI has no transport, which is the most common reason why calls silently fail: add ;transport=udp, tcp or tls as your platform documents it.',
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
			`Plivo documents no URI parameter other than transport; this one also has ${otherParameters.join(', ')}.`,
		);
	}
	return warnings;
}
