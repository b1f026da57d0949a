import { isIP, isIPv4 } from 'node:net';

import fc from 'fast-check';

import {
	ADDRESS_HELP,
	addressProblems,
	isPrivateAddress,
	isWideRange,
	parseSipAddress,
	URI_HELP,
	uriProblems,
} from '../../nodes/PlivoSipTrunking/plivo/addresses.ts';

describe('addressProblems', () => {
	it.each([
		'203.0.113.10',
		'0.0.0.0',
		'255.255.255.255/32',
		'0.0.0.0/0',
		'::',
		'::1',
		'2001:db8::/32',
		'2001:DB8:0:0:8:800:200C:417A/128',
		'::ffff:192.0.2.1',
		'64:ff9b::192.0.2.33/96',
	])('accepts %s', (text) => expect(addressProblems(text)).toBeUndefined());

	it.each([
		['', 'empty'],
		['  ', 'empty'],
		['1.2.3', 'no IP address'],
		['1.2.3.4.5', 'no IP address'],
		['1.2.3.256', 'no IP address'],
		['01.2.3.4', 'leading zero'],
		['1.2.3.4/33', '0 to 32'],
		['1.2.3.4/08', '0 to 32'],
		['1.2.3.4/', '0 to 32'],
		['1.2.3.4/24/24', '0 to 32'],
		['1.2.3.4/-1', '0 to 32'],
		['::1/129', '0 to 128'],
		['1::2::3', 'no IP address'],
		[':::', 'no IP address'],
		['1:2:3:4:5:6:7', 'no IP address'],
		['1:2:3:4:5:6:7:8:9', 'no IP address'],
		['1:2:3:4::5:6:7:8', 'no IP address'],
		['12345::', 'no IP address'],
		['::g', 'no IP address'],
		['::1.2.3', 'no IP address'],
		['fe80::1%eth0', 'no IP address'],
		['[::1]', 'no IP address'],
		[' 1.2.3.4', 'no IP address'],
		['sip.example.com', 'no IP address'],
	])('refuses "%s"', (text, reason) => expect(addressProblems(text)).toContain(reason));

	it('judges every address as Node does, but for zones', () => {
		const almostIp = fc.oneof(
			fc.ipV4(),
			fc.ipV6(),
			fc.string({ unit: fc.constantFrom(...'0123456789abf:.'), maxLength: 20 }),
		);
		fc.assert(
			fc.property(almostIp, (text) => (addressProblems(text) === undefined) === isIP(text) > 0),
			{ numRuns: 2000 },
		);
	});

	it('takes every prefix length that the address has, and no other', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.ipV4(), fc.ipV6()),
				fc.integer({ min: 0, max: 200 }),
				(address, prefix) => {
					const highest = isIPv4(address) ? 32 : 128;
					return (addressProblems(`${address}/${prefix}`) === undefined) === prefix <= highest;
				},
			),
		);
	});
});

describe('isWideRange', () => {
	it.each([
		'0.0.0.0/0',
		'128.0.0.0/1',
		'10.0.0.0/7',
		'::/0',
		'2000::/3',
		'2001::/31',
		'::ffff:0:0/96',
	])('warns of %s', (range) => expect(isWideRange(range)).toBe(true));

	it.each([
		'10.0.0.0/8',
		'203.0.113.10',
		'2001:db8::/32',
		'::1',
		'::ffff:10.0.0.0/104',
		'nonsense/0',
	])('is at ease with %s', (range) => expect(isWideRange(range)).toBe(false));
});

describe('isPrivateAddress', () => {
	it.each([
		'10.1.2.3',
		'127.0.0.1',
		'172.16.0.1',
		'172.31.255.255',
		'192.168.1.1',
		'169.254.1.1',
		'100.64.0.1',
		'0.0.0.0',
		'224.0.0.1',
		'255.255.255.255',
		'::',
		'[::1]',
		'fd00::1',
		'FE80::1',
		'::ffff:192.168.0.1',
		'localhost',
		'LOCALHOST.',
		'pbx',
		'pbx.local',
		'pbx.LOCAL.',
		'a.localhost',
		'gw.home.arpa',
		'pbx.corp.internal',
	])('knows that %s is private', (host) => expect(isPrivateAddress(host)).toBe(true));

	it.each([
		'203.0.113.10',
		'172.15.255.255',
		'172.32.0.0',
		'100.128.0.0',
		'8.8.8.8',
		'2001:db8::1',
		'::ffff:8.8.8.8',
		'sip.example.com',
		'local.example.com',
		'notlocal.com',
	])('knows that %s is public', (host) => expect(isPrivateAddress(host)).toBe(false));
});

describe('parseSipAddress', () => {
	it.each([
		['sip.example.com', { host: 'sip.example.com' }],
		['SIP.Example.com:5060', { host: 'sip.example.com', port: 5060 }],
		['203.0.113.9', { host: '203.0.113.9' }],
		['203.0.113.9:5080;transport=udp', { host: '203.0.113.9', port: 5080, transport: 'udp' }],
		['[2001:db8::1]:5060', { host: '2001:db8::1', port: 5060 }],
		['[2001:db8::1]', { host: '2001:db8::1' }],
		['sip:bob@sip.example.com', { scheme: 'sip', user: 'bob', host: 'sip.example.com' }],
		[
			'sip:+14155550100@h.example:5061;transport=TLS',
			{ scheme: 'sip', user: '+14155550100', host: 'h.example', port: 5061, transport: 'tls' },
		],
		['sips:sip.example.com', { scheme: 'sips', host: 'sip.example.com', transport: 'tls' }],
		[
			'SIPS:sip.example.com;transport=tcp',
			{ scheme: 'sips', host: 'sip.example.com', transport: 'tcp' },
		],
		[
			'  sip.example.com;transport=tcp;lr \n',
			{ host: 'sip.example.com', transport: 'tcp', otherParameters: ['lr'] },
		],
		['sip.example.com.', { host: 'sip.example.com.' }],
	])('takes %s apart', (uri, parts) => {
		expect(parseSipAddress(uri)).toEqual({ otherParameters: [], ...parts });
	});

	it.each([
		['', 'empty'],
		['   ', 'empty'],
		['http://example.com', 'web address'],
		['HTTPS://example.com/sip', 'web address'],
		['sip://example.com', '//'],
		['example.com/path', 'path'],
		['example.com?x=1', 'path'],
		['sip.exa mple.com', 'space'],
		['sip.example.com;transport= tcp', 'space'],
		['sip.example.com\u0000', 'control character'],
		['sip.example.com\u200b', 'no host name'],
		[';transport=tcp', 'no host'],
		['sip:', 'no host'],
		['sip:bob@', 'no host'],
		[':5060', 'no host'],
		['bob@example.com', 'begin with sip:'],
		['sip:bob:secret@example.com', 'password'],
		['sip:@example.com', 'user name'],
		['example.com:0', '1 to 65535'],
		['example.com:65536', '1 to 65535'],
		['example.com:', '1 to 65535'],
		['example.com:sip', '1 to 65535'],
		['example.com:5060:5061', 'brackets'],
		['2001:db8::1', 'brackets'],
		['[2001:db8::1', 'brackets'],
		['[192.0.2.1]', 'no IPv6 address'],
		['[::/128]', 'path'],
		['[zz::1]:5060', 'no IPv6 address'],
		['127.1', 'no IPv4 address'],
		['0x7f.0.0.0x1', 'no IPv4 address'],
		['256.1.1.1', 'no IPv4 address'],
		['-bad.example.com', 'no host name'],
		['under_score.example.com', 'no host name'],
		['exämple.com', 'no host name'],
		['a..b.com', 'no host name'],
		[`${'a.'.repeat(127)}com`, 'no host name'],
		['sip.example.com;transport=sctp', 'none of udp, tcp and tls'],
		['sip.example.com;transport', 'none of udp, tcp and tls'],
		['sip.example.com;transport=tcp;transport=udp', 'twice'],
	])('refuses "%s"', (uri, reason) => {
		expect(parseSipAddress(uri)).toEqual({ error: expect.stringContaining(reason) });
	});

	it('reads back what it is put together from', () => {
		const host = fc.oneof(
			fc.domain(),
			fc.ipV4(),
			fc.ipV6().map((ip) => `[${ip}]`),
		);
		const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
		const transport = fc.constantFrom('udp', 'tcp', 'tls', undefined);
		fc.assert(
			fc.property(host, port, transport, (hostText, portNumber, transportName) => {
				const uri =
					hostText +
					(portNumber === undefined ? '' : `:${portNumber}`) +
					(transportName ? `;transport=${transportName}` : '');
				expect(parseSipAddress(uri)).toMatchObject({
					host: hostText.toLowerCase().replace(/[[\]]/g, ''),
					port: portNumber,
					transport: transportName,
				});
			}),
		);
	});

	it('never throws, whatever the text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const { error, warnings } = uriProblems(text);
				return error === undefined || warnings.length === 0;
			}),
		);
	});
});

describe('uriProblems', () => {
	it('has nothing against a public host with its transport', () => {
		expect(uriProblems('sip.example.com:5061;transport=tls')).toEqual({ warnings: [] });
		expect(uriProblems('sips:sip.example.com')).toEqual({ warnings: [] });
	});

	it('says what is wrong with a web address', () => {
		expect(uriProblems('https://example.com/answer')).toEqual({
			error: 'is a web address (URL), not a SIP address',
			warnings: [],
		});
	});

	it.each([
		['192.168.1.10;transport=udp', 'fine only for a test bench'],
		['[fd00::1]:5060;transport=udp', 'Plivo can never reach fd00::1'],
		['localhost;transport=tcp', 'Plivo can never reach localhost'],
		['sip.example.com', 'names no transport'],
		['sips:sip.example.com;transport=udp', 'asks for UDP'],
		['sip.example.com:5061;transport=tcp', 'asks for TCP'],
		['sip.example.com;transport=tcp;lr;user=phone', 'also has lr, user'],
	])('warns of %s', (uri, warning) => {
		expect(uriProblems(uri)).toEqual({ warnings: [expect.stringContaining(warning)] });
	});
});

describe('the help texts', () => {
	const examples = (help: string) => /such as (.*)\.$/.exec(help)![1].split(/, | or /);

	it('give examples that are accepted', () => {
		expect(examples(ADDRESS_HELP).map(addressProblems)).toEqual([undefined, undefined, undefined]);
		expect(examples(URI_HELP).map(uriProblems)).toEqual(Array(3).fill({ warnings: [] }));
	});
});
