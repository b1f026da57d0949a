/**
 * IP addresses and CIDR blocks, judged without a look at the network
 * (plivo.com/docs/sip-trunking/api/ip-access-control-lists).
 */
import { badInput } from '../failure';
import { entriesOf } from './list';
import { quoted, visible, whatItIs } from './text';

/** What to enter instead of an address that {@link addressProblem} finds fault with. */
export const ADDRESS_HELP =
	'Enter IPv4 or IPv6 addresses or CIDR blocks without host names, ports and zones, such as 203.0.113.10, 198.51.100.0/28 or 2001:db8::/48. Write a range or a netmask as CIDR blocks: 203.0.113.0/24 for 203.0.113.0 to 203.0.113.255.';

/** All addresses whose first `prefix` bits are those of `value`. */
export interface Block {
	readonly bits: 32 | 128;
	readonly value: bigint;
	readonly prefix: number;
}

/** @returns the address as a number, or nothing: four decimal octets, none with a leading zero (some systems read octal) */
export function parseIpv4(text: string): bigint | undefined {
	const octets = text.split('.');
	const valid = octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
	if (octets.length !== 4 || !valid) return undefined;
	return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

/** @returns the address as a number, or nothing: RFC 4291, section 2.2, without a zone */
export function parseIpv6(text: string): bigint | undefined {
	if (!/^[\da-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]`)) return undefined;
	// The URL has it in hexadecimal groups only, with :: at most once.
	const [head = '', tail = ''] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
	const groups = (half: string) => half.split(':').filter(Boolean);
	const missing = 8 - groups(head).length - groups(tail).length;
	return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)].reduce(
		(value, group) => value * 65536n + BigInt(`0x${group}`),
		0n,
	);
}

/** @returns the block that a text means, with its host bits as written; nothing when it is no address */
function blockOf(text: string): Block | undefined {
	const [address = '', prefixText, ...rest] = text.split('/');
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

function printed({ bits, value, prefix }: Block): string {
	const [count, width, radix] = bits === 32 ? [4, 8, 10] : [8, 16, 16];
	const parts = Array.from({ length: count }, (_, index) =>
		BigInt.asUintN(width, value >> BigInt(width * (count - 1 - index))).toString(radix),
	);
	return `${parts.join(bits === 32 ? '.' : ':')}/${prefix}`;
}

/**
 * The one spelling of a block: with its prefix length, without host bits, IPv6 in eight groups. A text that is no
 * address stays as it is. Normalizing twice changes nothing.
 */
export function normalizedAddress(text: string): string {
	const block = blockOf(text);
	if (!block) return text;
	const hostBits = BigInt(block.bits - block.prefix);
	return printed({ ...block, value: (block.value >> hostBits) << hostBits });
}

const blocksOf = (texts: readonly string[]): Block[] =>
	texts.flatMap((text) => blockOf(text) ?? []);

/** Blocks that no call comes from (IANA's special-purpose registries; RFC 6890, 5771, 4291). */
const SPECIAL_BLOCKS: ReadonlyArray<readonly [what: string, ...blocks: string[]]> = [
	['a private address', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
	['an address within a carrier’s network (CGNAT)', '100.64.0.0/10'],
	['a loopback address', '127.0.0.0/8', '::1/128'],
	['a link-local address', '169.254.0.0/16', 'fe80::/10'],
	['a multicast address', '224.0.0.0/4', 'ff00::/8'],
	['a reserved address', '0.0.0.0/8', '240.0.0.0/4', '::/128'],
];

/** RFC 5737, 3849 and 9637. */
const DOCUMENTATION = [
	'192.0.2.0/24',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'2001:db8::/32',
	'3fff::/20',
];

const isIn = (text: string, blocks: readonly string[]) =>
	blocksOf([text]).some((inner) => blocksOf(blocks).some((outer) => contains(outer, inner)));

const specialKind = (text: string) =>
	SPECIAL_BLOCKS.find(([, ...blocks]) => isIn(text, blocks))?.[0];

/**
 * Whether a text is an IPv4 or IPv6 address or a CIDR block that calls can come from. Strict: octets without
 * leading zeros, prefix within range, no zone, nothing around it.
 *
 * @returns what is wrong, as a continuation of `which …`, or nothing
 */
export function addressProblem(text: string): string | undefined {
	if (!blockOf(text)) return 'is not an IP address or CIDR block';
	if (specialKind(text) === 'a multicast address')
		return 'is a multicast address: no call comes from it';
	// What stands behind an address and a space on many pages.
	return /^255\.[\d.]+$/.test(text) ? 'is a netmask, not the address of a server' : undefined;
}

/**
 * A list of addresses: a list, JSON text, or one text with commas, semicolons, `|`, spaces or line ends.
 *
 * @returns IPv4 or IPv6 addresses and CIDR blocks as typed, no block twice
 * @throws PlivoFailure of kind `input`, naming the first that is none; also when there is none
 */
export function checkedAddresses(label: string, value: unknown): string[] {
	// No space beside a slash separates: 203.0.113.0 / 24.
	const entries = entriesOf(value, /[,;|]|(?<!\/)\s+(?!\/)/);
	if (entries.length === 0) throw badInput(label, 'is empty', ADDRESS_HELP);
	const addresses = entries.map((entry) => {
		if (typeof entry !== 'string') {
			throw badInput(label, `contains ${whatItIs(entry)}, which is not text`, ADDRESS_HELP);
		}
		const address = visible(entry)
			.replace(/^"(.*)"$/, '$1')
			.replace(/\s+/g, '');
		const problem = addressProblem(address);
		if (problem)
			throw badInput(label, `contains ${quoted(address)}, which ${problem}`, ADDRESS_HELP);
		return address;
	});
	return withAddresses([], addresses);
}

/**
 * @param current a list as Plivo has it; its entries stay as they are
 * @returns the list with the addresses added whose block it doesn't have yet
 */
export function withAddresses(current: readonly string[], added: readonly string[]): string[] {
	const known = new Set(current.map(normalizedAddress));
	const isNew = (address: string) => {
		const block = normalizedAddress(address);
		return !known.has(block) && known.add(block);
	};
	return [...current, ...added.filter(isNew)];
}

/**
 * Takes blocks out of a list. A block goes only as a whole: an address within a wider block isn't there.
 *
 * @param current a list as Plivo has it
 * @returns `left` and `removed` as the list had them; `notThere`: those asked for that it doesn't have
 */
export function withoutAddresses(
	current: readonly string[],
	removed: readonly string[],
): { left: string[]; removed: string[]; notThere: string[] } {
	const known = new Set(current.map(normalizedAddress));
	const asked = new Set(removed.map(normalizedAddress));
	return {
		left: current.filter((address) => !asked.has(normalizedAddress(address))),
		removed: current.filter((address) => asked.has(normalizedAddress(address))),
		notThere: removed.filter((address) => !known.has(normalizedAddress(address))),
	};
}

/** The shortest prefixes of blocks that belong to one owner: an IPv6 /32 is what a whole internet provider gets. */
const WIDEST = { 32: 8, 128: 32 } as const;

/**
 * Whether a list as a whole lets strangers in: more addresses than an IPv4 /8, or than an IPv6 /32, in all its blocks
 * of that version together. A block within another counts once.
 *
 * @param addresses as Plivo has them; what is no address lets nobody in
 */
export function letsInStrangers(addresses: readonly string[]): boolean {
	const blocks = blocksOf([...new Set(addresses.map(normalizedAddress))]);
	const outermost = blocks.filter(
		(block) => !blocks.some((other) => other !== block && contains(other, block)),
	);
	return ([32, 128] as const).some((bits) => {
		const ofVersion = outermost.filter((block) => block.bits === bits);
		return ofVersion.reduce((sum, { prefix }) => sum + 2 ** (WIDEST[bits] - prefix), 0) > 1;
	});
}

/** Whether a block is so wide that strangers may be in it: IPv4 wider than /8, IPv6 wider than /32. */
export const isWideRange = (cidr: string): boolean => letsInStrangers([cidr]);

/** Names that the public DNS never answers: RFC 6761, 6762, 8375 and ICANN's reserved `.internal`. */
const PRIVATE_NAME = /\.(localhost|local|internal|home\.arpa)$/;

/**
 * Whether a host can't be reached from the internet: a private, loopback, link-local, carrier-internal,
 * multicast or reserved address, a name reserved for local use, or a name without a dot.
 *
 * @param host host name or IP address in lower case, without port or brackets
 */
export const isPrivateAddress = (host: string): boolean =>
	blockOf(host) ? specialKind(host) !== undefined : !host.includes('.') || PRIVATE_NAME.test(host);

const OPEN =
	'a very wide range: anyone in it can make calls on your account. Enter the addresses of your own servers.';

function warningAbout(address: string): string[] {
	if (isWideRange(address)) return [`${address} is ${OPEN}`];
	const kind = isIn(address, DOCUMENTATION)
		? 'an address for examples in documentation'
		: specialKind(address);
	if (kind === undefined) return [];
	return [
		`${address} is ${kind}: no call reaches Plivo from it. Enter the public address of your server.`,
	];
}

/**
 * What is allowed but probably not meant: also blocks that are narrow one by one, but wide together.
 *
 * @returns whole sentences for the output's `warnings`
 */
export function addressWarnings(addresses: readonly string[]): string[] {
	const isWideInAll = letsInStrangers(addresses) && !addresses.some(isWideRange);
	return [
		...addresses.flatMap(warningAbout),
		...(isWideInAll ? [`Together, these blocks are ${OPEN}`] : []),
	];
}
