/**
 * IP addresses and CIDR blocks, judged without a look at the network
 * (plivo.com/docs/sip-trunking/api/ip-access-control-lists).
 */
import { badInput } from '../failure';
import { entriesOf } from './list';
import { quoted, visible, whatItIs } from './text';

/** What to enter instead of an address that {@link addressProblem} finds fault with. */
export const ADDRESS_HELP =
	'Enter IPv4 or IPv6 addresses or CIDR blocks, such as 203.0.113.10, 198.51.100.0/28 or 2001:db8::/48.';

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
	const [, start, dotted] = /^([\da-f:]*:)([\d.]*\.[\d.]*)$/i.exec(text) ?? [];
	if (start !== undefined && dotted !== undefined) {
		const ipv4 = parseIpv4(dotted);
		if (ipv4 === undefined) return undefined;
		return parseIpv6(`${start}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`);
	}
	const [head = [], tail, ...more] = text
		.split('::')
		.map((half) => (half === '' ? [] : half.split(':')));
	const missing = 8 - head.length - (tail?.length ?? 0);
	if (more.length > 0 || (tail ? missing < 1 : missing !== 0)) return undefined;
	const groups = tail ? [...head, ...Array<string>(missing).fill('0'), ...tail] : head;
	if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
	return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

/** @returns the block that a text stands for, with its host bits as written; nothing when it is no address */
function parseBlock(text: string): Block | undefined {
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

/** IPv4 addresses written as IPv6 ones (RFC 4291, section 2.5.5.2): the same hosts, so the same rules. */
const IPV4_MAPPED: Block = { bits: 128, value: 0xffff_0000_0000n, prefix: 96 };

function unmapped(block: Block): Block {
	if (!contains(IPV4_MAPPED, block)) return block;
	return { bits: 32, value: block.value & 0xffff_ffffn, prefix: block.prefix - 96 };
}

const blockOf = (text: string) => {
	const block = parseBlock(visible(text));
	return block && unmapped(block);
};

function printed({ bits, value, prefix }: Block): string {
	const width = bits === 32 ? 8n : 16n;
	const parts: string[] = [];
	for (let shift = BigInt(bits) - width; shift >= 0n; shift -= width) {
		parts.push(((value >> shift) & ((1n << width) - 1n)).toString(bits === 32 ? 10 : 16));
	}
	return `${parts.join(bits === 32 ? '.' : ':')}/${prefix}`;
}

/**
 * The one spelling of a block: with its prefix length, without host bits, IPv6 in eight groups, IPv4 within
 * IPv6 as IPv4. A text that is no address stays as it is. Normalizing twice changes nothing.
 */
export function normalizedAddress(text: string): string {
	const block = blockOf(text);
	if (!block) return visible(text);
	const hostBits = BigInt(block.bits - block.prefix);
	return printed({ ...block, value: (block.value >> hostBits) << hostBits });
}

/** Whether every address of the second block is in the first one. */
export function includesBlock(outer: string, inner: string): boolean {
	const [outerBlock, innerBlock] = [blockOf(outer), blockOf(inner)];
	return outerBlock !== undefined && innerBlock !== undefined && contains(outerBlock, innerBlock);
}

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
	blocks.some((block) => includesBlock(block, text));

const specialKind = (text: string) =>
	SPECIAL_BLOCKS.find(([, ...blocks]) => isIn(text, blocks))?.[0];

/** Ones in front, zeros behind: what a netmask looks like. */
function prefixOfMask(text: string): number | undefined {
	const value = parseIpv4(text);
	if (value === undefined) return undefined;
	const [, ones] = /^(1*)0*$/.exec(value.toString(2).padStart(32, '0')) ?? [];
	return ones?.length;
}

/**
 * Whether a text is an IPv4 or IPv6 address or a CIDR block that calls can come from. Strict: octets without
 * leading zeros, prefix within range, no zone, nothing around it.
 *
 * @returns what is wrong, as a continuation of `which …`, or nothing
 */
export function addressProblem(text: string): string | undefined {
	const [address = '', ...prefix] = text.split('/');
	if (parseBlock(text)) {
		if (prefix.length === 0 || prefix[0] === '32') {
			if (address === '255.255.255.255')
				return 'is the broadcast address, not the address of a server';
			if (address.startsWith('255.')) return 'is a netmask, not the address of a server';
		}
		if (specialKind(text) === 'a multicast address')
			return 'is a multicast address: no call comes from it';
		return undefined;
	}
	if (prefix.length > 0 && parseBlock(address)) {
		const mask = prefix.length === 1 ? prefixOfMask(prefix[0] ?? '') : undefined;
		if (mask !== undefined && !address.includes(':')) {
			return `has a netmask: write ${address}/${mask}`;
		}
		return `has a prefix length that is not a number from 0 to ${address.includes(':') ? 128 : 32}`;
	}
	if (/^\d+(\.\d+){3}$/.test(address) && /(^|\.)0\d/.test(address)) {
		return 'has an octet with a leading zero';
	}
	if (/^[\da-f.:]+[-\u2013][\da-f.:]+$/i.test(text)) return 'is a range: write it as CIDR blocks';
	if (/^\d+\.[\d.]*\*/.test(text)) return 'has a wildcard: write it as a CIDR block';
	if (/^\d+(\.\d+){3}:\d+$/.test(text) || /^\[.*\]/.test(text)) {
		return 'has a port or brackets: enter the address alone';
	}
	if (/^[a-z][a-z\d+.-]*:\/\/|^sips?:/i.test(text))
		return 'is a web or SIP address, not an IP address';
	if (/%/.test(text)) return 'has a zone: only addresses on the internet can call';
	if (/^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z][a-z\d-]*$/i.test(text)) {
		return 'is a host name, but Plivo takes only IP addresses';
	}
	return 'is not an IP address or CIDR block';
}

/**
 * A list of addresses: a list, JSON text, or one text with commas, semicolons, `|`, spaces or line ends.
 *
 * @returns IPv4 or IPv6 addresses and CIDR blocks as typed, no block twice
 * @throws PlivoFailure of kind `input`, naming the first that is none; also when there is none
 */
export function checkedAddresses(label: string, value: unknown): string[] {
	const joined = (entry: unknown): unknown =>
		typeof entry === 'string' ? entry.replace(/\s+/g, ' ').replace(/ ?\/ ?(?=\d)/g, '/') : entry;
	const given = Array.isArray(value) ? value.map(joined) : joined(value);
	const entries = entriesOf(given, /[\s,;|]+/);
	if (entries.length === 0) throw badInput(label, 'is empty', ADDRESS_HELP);
	const addresses = entries.map((entry) => {
		if (typeof entry !== 'string') {
			throw badInput(label, `contains ${whatItIs(entry)}, which is not text`, ADDRESS_HELP);
		}
		const address = visible(entry).replace(/^"(.*)"$/, '$1');
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

/**
 * Whether a block is so wide that strangers may be in it: IPv4 wider than /8, IPv6 wider than /32
 * (what a whole internet provider gets). Not for refusing, only for warning.
 */
export function isWideRange(cidr: string): boolean {
	const block = blockOf(cidr);
	return block !== undefined && block.prefix < (block.bits === 32 ? 8 : 32);
}

/** Names that the public DNS never answers: RFC 6761, 6762, 8375 and ICANN's reserved `.internal`. */
const PRIVATE_NAME = /\.(localhost|local|internal|home\.arpa)$/;

/**
 * Whether a host can't be reached from the internet: a private, loopback, link-local, carrier-internal,
 * multicast or reserved address, a name reserved for local use, or a name without a dot.
 *
 * @param host host name or IP address, without port; an IPv6 address with or without its brackets
 */
export function isPrivateAddress(host: string): boolean {
	const name = host
		.toLowerCase()
		.replace(/^\[(.*)\]$/, '$1')
		.replace(/\.$/, '');
	if (parseBlock(name)) return specialKind(name) !== undefined;
	return !name.includes('.') || PRIVATE_NAME.test(name);
}

/** @returns what is allowed but probably not meant, as whole sentences for the output's `warnings` */
export function addressWarnings(entry: string): string[] {
	const address = visible(entry);
	if (isWideRange(address)) {
		return [
			`${address} is a very wide range: anyone in it can make calls on your account. Enter the addresses of your own servers.`,
		];
	}
	const kind = isIn(address, DOCUMENTATION)
		? 'an address for examples in documentation'
		: specialKind(address);
	if (kind === undefined) return [];
	return [
		`${address} is ${kind}: no call reaches Plivo from it. Enter the public address of your server.`,
	];
}
