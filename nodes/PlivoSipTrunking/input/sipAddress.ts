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
	'Enter the SIP host with its port and transport, such as sip.example.com:5060;transport=tcp, 203.0.113.10;transport=udp or sip:user@sip.example.com;transport=tls. An IPv6 address stands in brackets.';

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

/**
 * The address of `"Acme" <sip:…>`, without what is typed by habit: spaces around `;` and `=`, `;` or `/` at the end,
 * and the dot of DNS's root or of a sentence's end.
 */
function normalizedUri(text: string): string {
	const [, address = text, parameters = ''] = /^[^<>]*<([^<>]*)>([^<>]*)$/.exec(text) ?? [];
	return visible(`${address}${parameters}`)
		.replace(/\s+/g, ' ')
		.replace(/ ?([;=]) ?/g, '$1')
		.replace(/(?<![;/ ])[;/ ]+$/, '')
		.replace(/^([^;]*[^;.])\.(?=$|;|:\d)/, '$1');
}

/** Whether a text is a host name, an IPv4 address, or an IPv6 address in brackets. */
function isHost(text: string): boolean {
	if (/^\[.*\]$/.test(text)) return parseIpv6(text.slice(1, -1)) !== undefined;
	const labels = text.split('.');
	// What ends in a number is an IPv4 address to everybody else.
	if (/^(\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? '')) return parseIpv4(text) !== undefined;
	const isLabel = (label: string) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(label);
	return text.length <= 253 && labels.every(isLabel);
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

/**
 * Takes a SIP address apart: `host`, `host:port`, `ip[:port]`, `[ipv6]:port`, `sip:user@host`, `sips:host`,
 * each with or without `;transport=udp|tcp|tls`, `<…>` around it or a `;` or `/` at its end.
 *
 * @returns its parts, or what is wrong as a continuation of the field's name, without any password
 */
export function parseSipAddress(uri: string): SipAddress | { readonly error: string } {
	const text = normalizedUri(uri);
	const [authority = '', ...parameterTexts] = text.split(';');
	const [, otherScheme] = /^(https?|wss?|tel|mailto):/i.exec(authority) ?? [];
	if (otherScheme) return { error: `begins with ${otherScheme}:, which is not a SIP address` };
	if (/[\s\p{Cc}]/u.test(text)) return { error: 'contains a space or a control character' };

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

	const [, host = '', port] = /^(.*?)(?::([^:\]]*))?$/.exec(rest.slice(at + 1)) ?? [];
	if (host === '') return { error: 'has no host' };
	if (!isHost(host)) {
		// Text around a colon may be a password.
		const shown = host.includes(':') ? 'a host' : quoted(host);
		return { error: `has ${shown}, which is not a host name or IP address` };
	}
	if (
		port !== undefined &&
		!(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536)
	) {
		const shown = /^\d+$/.test(port) ? `the port ${port}` : 'a port';
		return { error: `has ${shown} that is not a number from 1 to 65535` };
	}

	const parameters = parameterTexts.map((parameter) => parameter.toLowerCase().split('='));
	const given = parameters.filter(([name]) => name === 'transport').map(([, value]) => value);
	const transport = TRANSPORTS.find((known) => known === given[0]);
	if (given.length > 1 || (given.length === 1 && !transport)) {
		return { error: 'has a transport that is not udp, tcp or tls, or more than one' };
	}
	return {
		scheme,
		user,
		host: host.toLowerCase().replace(/^\[(.*)\]$/, '$1'),
		port: port === undefined ? undefined : Number(port),
		transport: transport ?? (scheme === 'sips' ? 'tls' : undefined),
		otherParameters: parameters.flatMap(([name = '']) => (name === 'transport' ? [] : [name])),
	};
}

/**
 * @returns the address as typed, without `<>`, spaces, and `;`, `/` or a dot at its end
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
	for (const { doubtfulHost } of Object.values(PLATFORMS)) {
		if (doubtfulHost?.shape.test(host)) warnings.push(`The host ${host} ${doubtfulHost.advice}`);
	}
	if (!transport) {
		warnings.push(
			'The URI has no transport, which is the most common reason why calls silently fail: add ;transport=udp, tcp or tls as your platform documents it.',
		);
	}
	if ((scheme === 'sips' || port === 5061) && transport && transport !== 'tls') {
		const tls = scheme === 'sips' ? 'sips:' : 'Port 5061';
		warnings.push(`${tls} means TLS, but the URI asks for ${transport.toUpperCase()}.`);
	}
	if (otherParameters.length > 0) {
		warnings.push(
			`Plivo documents no URI parameter other than transport; this one also has ${otherParameters.join(', ')}.`,
		);
	}
	return warnings;
}
