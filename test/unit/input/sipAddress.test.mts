import fc, { runs } from '../../support/fastCheck.mts';

import {
	checkedUri,
	parseSipAddress,
	URI_HELP,
	warningsAboutUri,
} from '../../../nodes/PlivoSipTrunking/input/sipAddress.ts';
import { refused, understood, WEIRD } from './refusal.mts';

const uri = (value: unknown) => checkedUri('URI', value);

describe('a SIP address', () => {
	it.each([
		['sip.example.com', 'sip.example.com'],
		[' PBX.Acme.com:5060;Transport=TCP ', 'PBX.Acme.com:5060;Transport=TCP'],
		['<sip:bob@sip.example.com>', 'sip:bob@sip.example.com'],
		['"Acme" <sip:bob@sip.example.com;transport=tls>', 'sip:bob@sip.example.com;transport=tls'],
		['<sip:sip.example.com>;transport=tcp', 'sip:sip.example.com;transport=tcp'],
		['sip.example.com;transport=tcp;', 'sip.example.com;transport=tcp'],
		['sip.example.com/', 'sip.example.com'],
		['sip.example.com:5060/ ', 'sip.example.com:5060'],
		['sip.example.com ; transport = tcp', 'sip.example.com;transport=tcp'],
		['\u200bsip.example.com\ufeff', 'sip.example.com'],
		['[2001:db8::1]:5060', '[2001:db8::1]:5060'],
		['sips:sip.example.com', 'sips:sip.example.com'],
		[
			'sip:+14155550100@h.example:5061;transport=TLS',
			'sip:+14155550100@h.example:5061;transport=TLS',
		],
		['sip.example.com.', 'sip.example.com'],
		['sip:bob@sip.example.com.:5060;transport=tcp', 'sip:bob@sip.example.com:5060;transport=tcp'],
	])('%p is stored as %s', (given, stored) => {
		expect(uri(given)).toBe(stored);
		expect(uri(stored)).toBe(stored);
	});

	it.each<[unknown, string]>([
		['', 'is empty'],
		[undefined, 'is empty'],
		[{}, 'is an object, not text'],
		['http://example.com', 'begins with http:, which is not a SIP address'],
		['wss://example.com', 'begins with wss:'],
		['tel:+14155550123', 'begins with tel:'],
		['mailto:a@example.com', 'begins with mailto:'],
		['exämple.com', 'not a host name'],
		['“sip.example.com”', 'not a host name'],
		['undefined', 'a program writes where a value is missing'],
		['{{ $json.host }}', 'is a placeholder'],
		['sip://example.com', 'path'],
		['example.com/path', 'path'],
		['example.com?x=1', 'path'],
		['sip.exa mple.com', 'space'],
		['sip.example.com\u0000', 'control character'],
		[';transport=tcp', 'has no host'],
		['sip:', 'has no host'],
		['sip:bob@', 'has no host'],
		['bob@example.com', 'does not begin with sip:'],
		['sip:bob:secret@example.com', 'fields of their own'],
		['bob:secret@example.com', 'fields of their own'],
		['sip:bob%3Asecret@example.com', 'fields of their own'],
		['sip:bob:sec/ret@example.com', 'fields of their own'],
		['sip:@example.com', 'user name'],
		['example.com:0', 'the port 0 that is not a number from 1 to 65535'],
		['example.com:65536', '1 to 65535'],
		['example.com:', '1 to 65535'],
		['bob:secret', '1 to 65535'],
		['example.com:5060:5061', 'has a host, which is not a host name or IP address'],
		['2001:db8::1', 'not a host name or IP address'],
		['[192.0.2.1]', 'IP address'],
		['[fe80::1%eth0]', 'IP address'],
		['127.1', 'IP address'],
		['256.1.1.1', 'IP address'],
		['-bad.example.com', 'not a host name'],
		['under_score.example.com', 'not a host name'],
		['a..b.com', 'not a host name'],
		['a.com..', 'not a host name'],
		['.', 'not a host name'],
		['[]', 'is empty'],
		['sip.example.com;transport=sctp', 'not udp, tcp or tls'],
		['sip.example.com;transport', 'not udp, tcp or tls'],
		['sip.example.com;transport=', 'not udp, tcp or tls'],
		['sip.example.com;transport=tcp;transport=udp', 'or more than one'],
	])('%p is refused', (value, message) => {
		const text = refused(() => uri(value));
		expect(text).toMatch(/^'URI' /);
		expect(text).toContain(message);
		expect(text).not.toContain('secret');
	});

	it('reads back what it is put together from', () => {
		const host = fc.oneof(
			fc.domain(),
			fc.ipV4(),
			fc.ipV6().map((ip) => `[${ip}]`),
		);
		const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
		const transport = fc.constantFrom('udp', 'tcp', 'tls', undefined);
		const around = fc.constantFrom<(text: string) => string>(
			(text) => text,
			(text) => `<${text}>`,
			(text) => `${text};`,
			(text) => ` ${text} `,
			(text) => text.toUpperCase(),
			(text) => `\ufeff${text}`,
		);
		fc.assert(
			fc.property(host, port, transport, around, (hostText, portNumber, name, wrap) => {
				const text =
					hostText + (portNumber ? `:${portNumber}` : '') + (name ? `;transport=${name}` : '');
				expect(parseSipAddress(uri(wrap(text)))).toMatchObject({
					host: hostText.toLowerCase().replace(/[[\]]/g, ''),
					port: portNumber,
					transport: name,
				});
			}),
			{ numRuns: runs(3000) },
		);
	});

	it('never shows a password', () => {
		let refusals = 0;
		const secret = fc.stringMatching(/^[A-Za-z0-9!#$%^*_+/?;:@ -]{1,10}$/);
		fc.assert(
			fc.property(secret, fc.constantFrom('sip:bob:', 'bob:', 'sips:b:'), (text, before) => {
				const password = `Qz7${text}Qz7`;
				const answer = understood(() => uri(`${before}${password}@sip.example.com;transport=tcp`));
				if (answer === undefined) {
					refusals++;
					expect(
						refused(() => uri(`${before}${password}@sip.example.com;transport=tcp`)),
					).not.toContain('Qz7');
				}
			}),
			{ numRuns: runs(3000) },
		);
		expect(refusals).toBeGreaterThan(0);
	});

	it('checking twice changes nothing', () => {
		let addresses = 0;
		const text = fc.string({ unit: fc.constantFrom(...'ab.:;/<> =@[]sip0é\u200b'), maxLength: 24 });
		fc.assert(
			fc.property(
				fc.oneof(
					text,
					text.map((part) => `sip.example.com${part}`),
				),
				(given) => {
					const once = understood(() => uri(given));
					if (once === undefined) return;
					addresses++;
					expect(uri(once)).toBe(once);
				},
			),
			{ numRuns: runs(20_000) },
		);
		expect(addresses).toBeGreaterThan(0);
	});

	it.each(WEIRD.map((value, index) => [index, value]))('no. %i is read or refused', (_, value) => {
		understood(() => uri(value));
		if (typeof value === 'string') warningsAboutUri(value);
	});
});

describe('warnings', () => {
	it.each([
		['192.168.1.10;transport=udp', 'only works in a test setup'],
		['[fd00::1]:5060;transport=udp', 'Plivo can never reach fd00::1'],
		['localhost;transport=tcp', 'Plivo can never reach localhost'],
		['sip.example.com', 'has no transport'],
		['sips:sip.example.com;transport=udp', 'sips: means TLS, but the URI asks for UDP'],
		['sip.example.com:5061;transport=tcp', 'Port 5061 means TLS, but the URI asks for TCP'],
		['sip.example.com;transport=tcp;lr;user=phone', 'also has lr, user'],
		['openyou-mvdzb0xw.sip.livekit.cloud;transport=tcp', 'Settings > Project > SIP URI'],
		['a-b.eu.sip.livekit.cloud;transport=tls', 'looks like the name of a LiveKit project'],
	])('%s: %s', (text, warning) =>
		expect(warningsAboutUri(text)).toEqual([expect.stringContaining(warning)]),
	);

	it('are none for the examples and for what is no address', () => {
		for (const example of /such as (.*tls)\./.exec(URI_HELP)![1]!.split(/, | or /)) {
			expect(uri(example)).toBe(example);
			expect(warningsAboutUri(example)).toEqual([]);
		}
		expect(warningsAboutUri('https://example.com')).toEqual([]);
		expect(warningsAboutUri('mvdzb0xw.eu.sip.livekit.cloud;transport=tcp')).toEqual([]);
	});
});
