import type { Transport } from '../platforms';
import { PLIVO_ADDRESSES } from '../plivoAddresses';

/** What stands in a configuration for what only the user knows. */
export const PLACEHOLDERS = {
	username: 'USERNAME_OF_THE_CREDENTIAL',
	password: 'PASSWORD_OF_THE_CREDENTIAL',
	callerId: 'CALLER_ID_OF_YOUR_ACCOUNT',
	phone: 'YOUR_PHONE',
	extension: 'YOUR_EXTENSION',
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

/** What is known of a PBX. */
export interface Pbx {
	readonly label: string;
	/** Where the facts are from. */
	readonly sources: readonly string[];
	/** Year and month in which they were last held against the sources. */
	readonly checked: string;
	/** UDP ports that the PBX uses for audio, as it is installed; unknown: none. */
	readonly rtpPorts?: string;
	files(trunk: PbxTrunk): PbxFile[];
	/** What of this trunk won't work with this PBX, in whole sentences. */
	warnings?(trunk: PbxTrunk): string[];
}

/**
 * Port of the trunk domain. It is always written: whether the domain has SRV records isn't known.
 * Source: plivo.com/docs/sip-trunking/concepts/technical-specifications.
 */
export const portOf = ({ transport }: Pick<PbxOutbound, 'transport'>): number =>
	transport === 'tls' ? 5061 : 5060;

/** A number in both spellings: which of them Plivo's calls carry isn't known. */
export const spellingsOf = (number: string): string[] => [`+${number}`, number];

const protocolOf = (transport: Transport) => (transport === 'udp' ? 'UDP' : 'TCP');

/**
 * What the firewall lets through. Ranges and ports: plivo.com/docs/sip-trunking and its page
 * concepts/technical-specifications. Calls come from any of the ranges, not from the trunk domain's address; calls out
 * go to that address, which need not be in a range.
 */
export function firewallFile({ slug, inbound, outbound }: PbxTrunk, rtpPorts?: string): PbxFile {
	const audio = rtpPorts ? `UDP ports ${rtpPorts}` : 'the UDP ports that the PBX uses for RTP';
	return {
		title: 'Firewall',
		file: `firewall-${slug}.txt`,
		content: lines(
			'Let in, from each range below:',
			...(inbound
				? [`- calls: ${protocolOf(inbound.transport)} port ${inbound.port} of the PBX`]
				: []),
			`- audio: ${audio} of the PBX`,
			'',
			...(outbound
				? [
						`Let out, to ${outbound.domain}, whatever its address is, and to each range below:`,
						`- calls: ${protocolOf(outbound.transport)} port ${portOf(outbound)}`,
					]
				: ['Let out, to each range below:']),
			'- audio: UDP ports 10000 to 30000',
			'',
			'Turn off SIP ALG in the router. Behind NAT, tell the PBX its public address.',
			'',
			'Plivo’s ranges:',
			...PLIVO_ADDRESSES,
		),
	};
}

/** Lines of a text file, the last one ended as well. */
export const lines = (...text: string[]): string => `${text.join('\n')}\n`;

/** Rows of a form: a heading for each tab, and `Field: value`. */
export const formRows = (
	tabs: ReadonlyArray<readonly [tab: string, fields: ReadonlyArray<readonly [string, string]>]>,
): string =>
	tabs
		.map(([tab, fields]) =>
			lines(`[${tab}]`, ...fields.map(([label, value]) => `${label}: ${value}`)),
		)
		.join('\n');
