import type { Pbx } from './trunk';

const TRUNK = `3CX: SIP Trunks, Add, country Generic, Generic SIP Trunk. Names of tabs differ by version.

[General]
Main Trunk No: {{mainNumber}}
{{#outbound}}
Registrar/Server: {{domain}}
Outbound Proxy: {{domain}}
Port: {{port}}
{{/outbound}}
{{^outbound}}
Registrar/Server: 0.0.0.0
{{/outbound}}
Type of Authentication: Do not require – IP Based
{{#outbound}}
Authentication ID: {{username}}
Authentication Password: {{password}}
{{/outbound}}
{{#inbound}}

[DIDs]
{{#spellings}}
DID: {{.}}
{{/spellings}}
{{/inbound}}
{{#outbound}}

[Outbound Parameters]
{{! 3CX's sample has the authentication ID here, which Plivo refuses with 4130. }}
From, User Part: OutboundCallerId
Caller ID: {{callerId}}
{{/outbound}}
{{#side}}

[Options]
PBX Delivers Audio: On
Transport: {{upper}}
SRTP: {{#secure}}On{{/secure}}{{^secure}}Off{{/secure}}
Codecs: PCMU, PCMA
{{/side}}
{{#inbound}}

Calls come from any of these addresses. In the firewall, block all others from the SIP port:
{{#ranges}}
{{.}}
{{/ranges}}
{{/inbound}}

Never choose Register/Account based: Plivo takes no REGISTER.
`;

export const threeCx: Pbx = {
	label: '3CX',
	sources: [
		'3cx.com/docs sip-trunk-inbound-calls, sip-trunk-registration-authentication, sip-trunk-outbound-calls, sip-trunk-options, supported-sip-trunk-requirements',
		'plivo.com/docs/sip-trunking/interconnection-guides/3cx',
	],
	checked: '2026-11',
	outboundWarning:
		'Whether 3CX answers Plivo’s request for a password in IP Based mode is not confirmed. Safest is an IP access control list with the static address of the 3CX: Provision Outbound, New IP Access Control List.',
	files: [{ title: 'SIP trunk', file: '3cx-{{slug}}.txt', content: TRUNK }],
};
