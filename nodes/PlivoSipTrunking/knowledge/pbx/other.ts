import type { Pbx } from './trunk';

const MEDIA = `Codecs: PCMU, PCMA
DTMF: RFC 4733 (RFC 2833)
Fax T.38: off
100rel (PRACK): off`;

const VALUES = `{{#outbound}}
[Outgoing calls]
Trunk type: peer or IP trunk
Registration: none
Host: {{domain}}
Port: {{port}}
Transport: {{transport}}
SIP domain: {{domain}}
Authentication name: {{username}}
Password: {{password}}
Realm: any
{{! Never the authentication name. }}
From user (caller ID, DOD): {{callerId}}
Number to dial: + and country code
Keep-alive: OPTIONS every 60 s, to the host alone
${MEDIA}
SRTP: {{#secure}}SDES, AES_CM_128_HMAC_SHA1_80, mandatory{{/secure}}{{^secure}}off{{/secure}}
{{/outbound}}
{{#inbound}}
{{#outbound}}

{{/outbound}}
[Incoming calls]
Port: {{port}}
Transport: {{transport}}
Authentication: none, for the addresses below
{{#spellings}}
Number that is called: {{.}}
{{/spellings}}
${MEDIA}
SRTP: {{#tls}}SDES, where the call offers it{{/tls}}{{^tls}}off{{/tls}}
{{#ranges}}
Allowed addresses: {{.}}
{{/ranges}}
{{/inbound}}
`;

export const other: Pbx = {
	label: 'another PBX',
	choice: 'Another PBX',
	note: 'A table of values',
	sources: ['plivo.com/docs/sip-trunking/concepts/technical-specifications'],
	checked: '2026-11',
	files: [{ title: 'Values', file: 'sip-trunk-{{slug}}.txt', content: VALUES }],
};
