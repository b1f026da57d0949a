import type { Pbx } from './trunk';

const INTRODUCTION =
	'FreePBX 16 and 17: Connectivity, Trunks, Add Trunk, Add SIP (chan_pjsip) Trunk. Fields in the order of the form; leave the others as they are.';

const CALLING = `${INTRODUCTION}
{{#outbound}}

[General]
Trunk Name: {{slug}}
Outbound CallerID: <{{callerId}}>

[pjsip Settings, General]
Username: {{username}}
Secret: {{password}}
Authentication: Outbound
Registration: None
SIP Server: {{domain}}
SIP Server Port: {{port}}
Context: from-pstn
Transport: 0.0.0.0-{{transport}}

[pjsip Settings, Advanced]
DTMF Mode: RFC 4733
Qualify Frequency: 60
From Domain: {{domain}}
From User: {{nothing}}
{{#named}}
{{! Else the contact has no transport, which means UDP. }}
AOR Contact: sip:{{domain}}:{{port}}\\;transport={{transport}}
{{/named}}
Match (Permit): {{#together}}{{rangeList}}{{/together}}{{^together}}127.0.0.1{{/together}}
Direct Media: No
RTP Symmetric: Yes
Media Encryption: {{#secure}}SRTP via in-SDP{{/secure}}{{^secure}}None{{/secure}}

[pjsip Settings, Codecs]
Codecs: ulaw, alaw
{{/outbound}}
`;

const TAKING = `${INTRODUCTION}
{{#outbound}}
This second trunk takes the calls, since the two directions differ in encryption.
{{/outbound}}
{{#inbound}}

[General]
Trunk Name: {{slug}}-in

[pjsip Settings, General]
Authentication: None
Registration: None
SIP Server: {{#outbound}}{{domain}}{{/outbound}}{{^outbound}}{{exampleAddress}}{{/outbound}}
Context: from-pstn

[pjsip Settings, Advanced]
DTMF Mode: RFC 4733
Qualify Frequency: 0
Match (Permit): {{rangeList}}
Direct Media: No
RTP Symmetric: Yes
Media Encryption: {{#tls}}SRTP via in-SDP{{/tls}}{{^tls}}None{{/tls}}

[pjsip Settings, Codecs]
Codecs: ulaw, alaw
{{/inbound}}
`;

const OPTIONAL_ENCRYPTION = `; Add to /etc/asterisk/pjsip.endpoint_custom_post.conf, then: fwconsole reload
[{{slug}}-in](+)
media_encryption_optimistic = yes
`;

const ROUTES = `{{#inbound}}
Connectivity, Inbound Routes: one for each spelling, since the number may come with or without a plus sign.
{{#spellings}}
DID Number: {{.}}
{{/spellings}}

{{/inbound}}
{{#outbound}}
Connectivity, Outbound Routes: choose the trunk {{slug}}; dial patterns with prepend + so that + and country code are dialed.
Outgoing calls need a caller ID of your Plivo account, so set CID Options to force the trunk’s.
{{#named}}
AOR Contact has a backslash before the semicolon. Check with "pjsip show aors" that it names the transport.
{{/named}}

{{/outbound}}
{{#tls}}
Settings, Asterisk SIP Settings: turn on TLS.

{{/tls}}
Behind NAT: Settings, Asterisk SIP Settings, External Address and Local Networks.
To check, on the Asterisk command line:
pjsip show endpoint {{slug}}{{^outbound}}-in{{/outbound}}
pjsip show identifies
pjsip set logger on
`;

export const freepbx: Pbx = {
	label: 'FreePBX',
	sources: [
		'FreePBX/core release/17.0 functions.inc/drivers/PJSip.class.php, views/trunks/pjsip.php, etc/extensions.conf',
		'plivo.com/docs/sip-trunking/interconnection-guides/freepbx',
	],
	checked: '2026-11',
	rtpPorts: '10000 to 20000',
	files: [
		{
			when: 'outbound',
			title: 'Trunk {{slug}}',
			file: 'freepbx-{{slug}}.txt',
			content: CALLING,
		},
		{
			when: 'apart',
			title: 'Trunk {{slug}}-in',
			file: 'freepbx-{{slug}}-in.txt',
			content: TAKING,
		},
		{
			when: 'inboundTls',
			title: 'Encrypted and plain audio of incoming calls',
			file: 'pjsip.endpoint_custom_post-{{slug}}.conf',
			content: OPTIONAL_ENCRYPTION,
		},
		{
			title: 'Routes and settings',
			file: 'freepbx-routes-{{slug}}.txt',
			content: ROUTES,
		},
	],
};
