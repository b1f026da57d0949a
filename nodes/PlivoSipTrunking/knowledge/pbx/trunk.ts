import type { Transport } from '../platforms';
import { EXAMPLE_ADDRESS, PLIVO_ADDRESSES } from '../plivoAddresses';
import type { View } from '../template';

/** What a configuration has in the place of what only the user knows. */
export const PLACEHOLDERS = {
	username: 'USERNAME_OF_THE_CREDENTIAL',
	password: 'PASSWORD_OF_THE_CREDENTIAL',
	callerId: 'CALLER_ID_OF_YOUR_ACCOUNT',
} as const;

/** Both ends of a PBX's trunk, as configurations are made from it. */
export interface PbxTrunk {
	/** What the PBX calls the trunk: letters, digits, `_` and `-` alone (`slugOf`). */
	readonly slug: string;
	/** Digits without plus sign. */
	readonly numbers: readonly string[];
	/** Calls of the PBX; missing when it makes none. */
	readonly outbound?: PbxOutbound;
	/** Calls to the PBX; missing when it takes none. */
	readonly inbound?: PbxInbound;
}

export interface PbxOutbound {
	/** Of the outbound trunk, without `sip:`. */
	readonly domain: string;
	readonly transport: Transport;
	/** TLS and SRTP: both or none. */
	readonly secure: boolean;
	/** A placeholder where nobody knows it. */
	readonly username: string;
	/** A placeholder where nobody knows it. */
	readonly password: string;
	/** A number of the account, digits alone; a placeholder where none was given. */
	readonly callerId: string;
}

/** Where the origination URI leads. */
export interface PbxInbound {
	readonly port: number;
	readonly transport: Transport;
}

/** A file, or a page of values for a form. */
export type PbxFile = {
	readonly title: string;
	readonly file: string;
	readonly content: string;
};

/** What is known of a PBX. All texts are templates (`fillIn`) over {@link viewOf}. */
export interface Pbx {
	/** As sentences name it. */
	readonly label: string;
	/** As the node's list of PBXs names it, where that differs, and what the list says of it. */
	readonly choice?: string;
	readonly note?: string;
	/** Where the facts are from. */
	readonly sources: readonly string[];
	/** Year and month in which they were last compared with the sources. */
	readonly checked: string;
	/** UDP ports that the PBX uses for audio, as it is installed; unknown: none. */
	readonly rtpPorts?: string;
	/** The ports at which it takes calls without a password, as it is installed. */
	readonly openPorts?: { readonly plain: number; readonly tls: number };
	/** What happens to characters of a password. */
	readonly passwordWarnings?: Readonly<Record<string, string>>;
	/** What to know of calls of the PBX. */
	readonly outboundWarning?: string;
	/** In the order in which they are used. The ending of a file's name decides how values are escaped. */
	readonly files: ReadonlyArray<PbxFile & { readonly when?: string }>;
}

/** One direction, as templates name its parts. */
const sideOf = ({
	transport,
	port = transport === 'tls' ? 5061 : 5060,
	secure = transport === 'tls',
}: Partial<PbxInbound & PbxOutbound> & Pick<PbxInbound, 'transport'>) => ({
	transport,
	upper: transport.toUpperCase(),
	protocol: transport === 'udp' ? 'UDP' : 'TCP',
	port,
	tls: transport === 'tls',
	// UDP is the default.
	named: transport !== 'udp',
	secure,
});

/**
 * What the templates of a PBX can name. The port of the trunk domain is always written: whether the domain has SRV
 * records is undocumented (plivo.com/docs/sip-trunking/concepts/technical-specifications).
 */
export function viewOf({ rtpPorts }: Pbx, trunk: PbxTrunk): View {
	const { slug, numbers } = trunk;
	const outbound = trunk.outbound && { ...trunk.outbound, ...sideOf(trunk.outbound) };
	const inbound = trunk.inbound && sideOf(trunk.inbound);
	const transports = new Set([outbound, inbound].flatMap((side) => (side ? [side.transport] : [])));
	// One trunk can't insist on encryption one way and do without it the other way.
	const apart = inbound !== undefined && (!outbound || outbound.secure || inbound.tls);
	return {
		slug,
		numbers,
		// Which of the two Plivo's calls carry isn't known.
		spellings:
			numbers.length > 0
				? numbers.flatMap((number) => [`+${number}`, number])
				: ['each of your Plivo numbers, with + and without'],
		numberPattern: numbers.join('|'),
		mainNumber: numbers[0] ?? outbound?.callerId ?? PLACEHOLDERS.callerId,
		outbound,
		inbound,
		side: outbound ?? inbound,
		tls: transports.has('tls'),
		inboundTls: inbound?.tls === true,
		apart,
		together: inbound !== undefined && !apart,
		transports: [...transports].map((transport) =>
			inbound?.transport === transport ? inbound : sideOf({ transport }),
		),
		ranges: PLIVO_ADDRESSES,
		rangeList: PLIVO_ADDRESSES.join(','),
		exampleAddress: EXAMPLE_ADDRESS,
		rtpPorts,
		// For a field that stays empty.
		nothing: '',
	};
}

/**
 * What the firewall lets through. Ranges and ports: plivo.com/docs/sip-trunking and its page
 * concepts/technical-specifications. Calls come from any of the ranges, not from the trunk domain's address; calls out
 * go to that address, which need not be in a range.
 */
export const FIREWALL: PbxFile = {
	title: 'Firewall',
	file: 'firewall-{{slug}}.txt',
	content: `Let in, from each range below:
{{#inbound}}
- calls: {{protocol}} port {{port}} of the PBX
{{/inbound}}
- audio: {{#rtpPorts}}UDP ports {{rtpPorts}}{{/rtpPorts}}{{^rtpPorts}}the UDP ports that the PBX uses for RTP{{/rtpPorts}} of the PBX

Let out, {{#outbound}}to {{domain}} (allow it by host name, not by address), and {{/outbound}}to each range below:
{{#outbound}}
- calls: {{protocol}} port {{port}}
{{/outbound}}
- audio: UDP ports 10000 to 30000

Turn off SIP ALG in the router. Behind NAT, tell the PBX its public address.

Plivo’s ranges:
{{#ranges}}
{{.}}
{{/ranges}}
`,
};
