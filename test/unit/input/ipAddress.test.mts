import { isIP } from 'node:net';

import fc, { runs } from '../../support/fastCheck.mts';
import ipaddr from 'ipaddr.js';

import {
	ADDRESS_HELP,
	addressProblem,
	addressWarnings,
	checkedAddresses,
	isPrivateAddress,
	isWideRange,
	letsInStrangers,
	normalizedAddress,
	withAddresses,
	withoutAddresses,
} from '../../../nodes/PlivoSipTrunking/input/ipAddress.ts';
import { refused, understood, WEIRD } from './refusal.mts';

const list = (value: unknown) => checkedAddresses('IP Addresses', value);

describe('a list of addresses', () => {
	it.each<[string, unknown]>([
		['a list', ['203.0.113.10', ' 2001:db8::/48 ']],
		['commas', '203.0.113.10, 2001:db8::/48'],
		['line ends', '203.0.113.10\r\n2001:db8::/48\n'],
		['semicolons', '203.0.113.10;2001:db8::/48'],
		['bars', '203.0.113.10 | 2001:db8::/48'],
		['JSON text', '["203.0.113.10","2001:db8::/48"]'],
		['quoted cells', '"203.0.113.10","2001:db8::/48"'],
		['doubles', '203.0.113.10,2001:db8::/48,203.0.113.10/32,2001:DB8:0::0/48,203.0.113.10'],
		['spaces around the slash', '203.0.113.10\n2001:db8:: / 48'],
		['invisible characters', '\ufeff203.0.113.10\u200b,2001:db8::/48'],
	])('comes as %s', (_, value) => expect(list(value)).toEqual(['203.0.113.10', '2001:db8::/48']));

	it('stays as typed', () => {
		expect(list('203.0.113.10/24, 2001:DB8:0:0::1')).toEqual([
			'203.0.113.10/24',
			'2001:DB8:0:0::1',
		]);
	});

	it.each<[unknown, string]>([
		['', 'is empty'],
		[undefined, 'is empty'],
		[[], 'is empty'],
		[{}, 'contains an object, which is not text'],
		[[1], 'contains 1, which is not text'],
		[
			'203.0.113.10, pbx.acme.com',
			'contains "pbx.acme.com", which is not an IP address or CIDR block',
		],
		['10.0.0.0/33', 'is not an IP address'],
		['1.2.3.4/', 'is not an IP address'],
		['::1/129', 'is not an IP address'],
		['203.0.113.0/255.255.255.0', 'is not an IP address'],
		['203.0.113.0 255.255.255.0', 'contains "255.255.255.0", which is a netmask'],
		['255.255.255.255', 'is a netmask'],
		['224.0.0.1', 'is a multicast address'],
		['ff02::1', 'is a multicast address'],
		['01.2.3.4', 'is not an IP address'],
		['203.0.113.10-203.0.113.20', 'is not an IP address'],
		['203.0.113.*', 'is not an IP address'],
		['203.0.113.10:5060', 'is not an IP address'],
		['sip:203.0.113.10', 'is not an IP address'],
		['fe80::1%eth0', 'is not an IP address'],
		['12345::', 'is not an IP address'],
	])('%p is refused', (value, message) => {
		const text = refused(() => list(value));
		expect(text).toMatch(/^'IP Addresses' /);
		expect(text).toContain(message);
	});

	it.each(WEIRD.map((value, index) => [index, value]))('no. %i is read or refused', (_, value) => {
		understood(() => list(value));
	});

	it('gives examples that are accepted', () => {
		const examples = /such as (.*\/48)\./.exec(ADDRESS_HELP)![1]!.split(/, | or /);
		expect(list(examples)).toEqual(examples);
	});
});

// ipaddr.js takes `::192.0.2.1` (deprecated, RFC 4291, section 2.5.5.1) for `::ffff:192.0.2.1`; it is another host.
const ip = fc
	.oneof(fc.ipV4(), fc.ipV6())
	.filter((address) => !/^::\d+\.\d+\.\d+\.\d+$/.test(address));
const block = fc
	.tuple(ip, fc.nat(128))
	.map(([address, prefix]) => `${address}/${address.includes(':') ? prefix : prefix % 33}`);
const entry = fc.oneof(ip, block);

/** What ipaddr.js makes of a block, without host bits. */
function theirs(text: string): string {
	const [address, prefix] = text.includes('/')
		? ipaddr.parseCIDR(text)
		: ([ipaddr.parse(text), text.includes(':') ? 128 : 32] as const);
	const bytes = address.toByteArray();
	const masked = bytes.map(
		(byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * index))) & 0xff,
	);
	return `${masked.join('.')}/${prefix}`;
}

const sameBlock = (one: string, other: string) =>
	normalizedAddress(one) === normalizedAddress(other);

describe('a block', () => {
	it.each([
		['203.0.113.10', '203.0.113.10/32'],
		['203.0.113.10/24', '203.0.113.0/24'],
		['2001:db8::1', '2001:DB8:0:0:0:0:0:1/128'],
		['2001:db8::1/64', '2001:db8::/64'],
		['0.0.0.0/0', '255.1.2.3/0'],
	])('%s is %s', (one, other) => expect(sameBlock(one, other)).toBe(true));

	it.each([
		['203.0.113.10', '203.0.113.11'],
		['203.0.113.0/24', '203.0.113.0/25'],
		['203.0.113.0', '203.0.113.0/24'],
		['::', '0.0.0.0'],
		['::192.0.2.1', '::ffff:192.0.2.1'],
		['::/0', '0.0.0.0/0'],
	])('%s is not %s', (one, other) => expect(sameBlock(one, other)).toBe(false));

	it('is the same to ipaddr.js', () => {
		const near = fc.tuple(ip, fc.nat(128), fc.nat(128)).map(([address, p, q]) => {
			const bits = address.includes(':') ? 129 : 33;
			return [
				`${address}/${p % bits}`,
				`${ipaddr.parse(address).toNormalizedString()}/${q % bits}`,
			] as const;
		});
		fc.assert(
			fc.property(fc.oneof(fc.tuple(entry, entry), near), ([one, other]) => {
				expect(sameBlock(one, other)).toBe(theirs(one) === theirs(other));
			}),
			{ numRuns: runs(20_000) },
		);
	});

	it('is judged as Node and ipaddr.js do', () => {
		const almost = fc.oneof(
			entry,
			fc.string({ unit: fc.constantFrom(...'0123456789abf:./'), maxLength: 20 }),
		);
		const special = /multicast|netmask, not|broadcast/;
		fc.assert(
			fc.property(almost, (text) => {
				const [address = ''] = text.split('/');
				const problem = addressProblem(text);
				const wellFormed = problem === undefined || special.test(problem);
				if (!text.includes('/')) expect(wellFormed).toBe(isIP(text) > 0);
				else if (wellFormed) expect(ipaddr.isValidCIDR(text)).toBe(true);
				else if (isIP(address))
					expect(/\/(0|[1-9]\d{0,2})$/.test(text) && ipaddr.isValidCIDR(text)).toBe(false);
			}),
			{ numRuns: runs(20_000) },
		);
	});

	it('has one spelling, which is its own', () => {
		fc.assert(
			fc.property(entry, (text) => {
				const once = normalizedAddress(text);
				expect(normalizedAddress(once)).toBe(once);
				expect(sameBlock(once, text)).toBe(true);
			}),
			{ numRuns: runs(5000) },
		);
	});
});

describe('adding and removing', () => {
	it('goes by block; what is there stays as it is', () => {
		expect(withAddresses(['203.0.113.10/32'], ['203.0.113.10', '198.51.100.0/28'])).toEqual([
			'203.0.113.10/32',
			'198.51.100.0/28',
		]);
		expect(
			withoutAddresses(['203.0.113.10/32', '2001:db8::1'], ['203.0.113.10', '192.0.2.1']),
		).toEqual({
			left: ['2001:db8::1'],
			removed: ['203.0.113.10/32'],
			notThere: ['192.0.2.1'],
		});
		expect(withoutAddresses(['203.0.113.0/24'], ['203.0.113.10']).notThere).toEqual([
			'203.0.113.10',
		]);
	});

	it('takes away exactly what was added', () => {
		fc.assert(
			fc.property(fc.array(entry), entry, (current, added) => {
				const before = withAddresses([], current).filter((address) => !sameBlock(address, added));
				const { left, removed, notThere } = withoutAddresses(withAddresses(before, [added]), [
					normalizedAddress(added),
				]);
				expect([left, removed, notThere]).toEqual([before, [added], []]);
				expect(withoutAddresses(before, [added])).toEqual({
					left: before,
					removed: [],
					notThere: [added],
				});
			}),
		);
	});
});

describe('warnings', () => {
	it.each([
		['0.0.0.0/0', 'very wide range'],
		['8.0.0.0/7', 'very wide range'],
		['::/0', 'very wide range'],
		['2001::/31', 'very wide range'],
		['10.1.2.3', 'a private address'],
		['192.168.0.0/16', 'a private address'],
		['fd00::1', 'a private address'],
		['100.64.0.1', 'CGNAT'],
		['127.0.0.1', 'a loopback address'],
		['169.254.1.1', 'a link-local address'],
		['fe80::1', 'a link-local address'],
		['240.0.0.1', 'a reserved address'],
		['0.0.0.0', 'a reserved address'],
		['203.0.113.10', 'examples in documentation'],
		['192.0.2.0/25', 'examples in documentation'],
		['2001:db8::1', 'examples in documentation'],
	])('%s: %s', (address, warning) =>
		expect(addressWarnings([address])).toEqual([expect.stringContaining(warning)]),
	);

	it.each(['8.8.8.8', '44.229.228.186/32', '13.52.9.0/25', '2606:4700::1111', '8.0.0.0/8'])(
		'%s: none',
		(address) => {
			expect(addressWarnings([address])).toEqual([]);
			expect(isWideRange(address)).toBe(false);
		},
	);

	it.each<[addresses: string[], isOpen: boolean]>([
		[['13.0.0.0/8'], false],
		[['13.0.0.0/8', '13.1.0.0/16'], false],
		[['13.0.0.0/8', '::ffff:13.1.0.0/112'], false],
		[['13.0.0.0/8', '14.0.0.1'], true],
		[['0.0.0.0/1', '128.0.0.0/1'], true],
		[['2600::/32', '13.0.0.0/8'], false],
		[['2600::/31'], true],
		[['somewhere'], false],
		[[], false],
	])('%j lets in strangers: %s', (addresses, isOpen) =>
		expect(letsInStrangers(addresses)).toBe(isOpen),
	);

	it.each(['10.1.2.3', '::1', 'localhost', 'pbx', 'pbx.local', 'gw.home.arpa', '224.0.0.1'])(
		'%s is private',
		(host) => expect(isPrivateAddress(host)).toBe(true),
	);
	it.each(['203.0.113.10', '172.32.0.0', '2001:db8::1', 'sip.example.com', 'notlocal.com'])(
		'%s is not private',
		(host) => expect(isPrivateAddress(host)).toBe(false),
	);
});
