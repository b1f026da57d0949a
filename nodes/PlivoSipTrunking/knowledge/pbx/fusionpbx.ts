import { FREESWITCH_PORTS } from './freeswitch';
import type { Pbx } from './trunk';

const GATEWAY = `{{#outbound}}
[Accounts, Gateways, Add]
Gateway: {{slug}}
Username: {{username}}
Password: {{password}}
From User: {{nothing}}
From Domain: {{domain}}
Proxy: {{domain}}{{#tls}}:5061{{/tls}}
Realm: {{nothing}}
Expire Seconds: 800
Register: False
Retry Seconds: 30

[Advanced]
Register Transport: {{transport}}
Caller ID In From: True
Ping: 60
Context: public
Profile: external
Enabled: True
{{/outbound}}
`;

const ROUTES = `{{#outbound}}
Dialplan, Outbound Routes: choose the gateway, and let the route dial + and country code. Set in the route:
{{! Here, because the gateway's own codec setting is stored but never written. }}
absolute_codec_string=PCMU,PCMA
{{#secure}}
rtp_secure_media=mandatory:AES_CM_128_HMAC_SHA1_80
{{/secure}}
Accounts, Extensions, Outbound Caller ID Number: {{callerId}}

{{/outbound}}
{{#inbound}}
Dialplan, Destinations: one for each spelling, since the number may come with or without a plus sign.
{{#spellings}}
Destination: {{.}}
{{/spellings}}

Advanced, Access Controls, providers: allow each of Plivo’s ranges, then reload.
{{#ranges}}
CIDR: {{.}}
{{/ranges}}

{{/inbound}}
{{#tls}}
Advanced, Variables: external_ssl_enable true; restart.
{{/tls}}
Behind NAT: Advanced, Variables, external_rtp_ip and external_sip_ip.
To check: Status, SIP Status. The switch knows the gateway by its UUID, not by its name.
`;

export const fusionpbx: Pbx = {
	label: 'FusionPBX',
	sources: [
		'fusionpbx/fusionpbx app/gateways/gateway_edit.php, app/switch/resources (sofia.conf.lua, functions/xml.lua, sip_profiles/external.xml.noload), app/access_controls/app_defaults.php, issue 2328',
		'plivo.com/docs/sip-trunking/interconnection-guides/fusionpbx',
	],
	checked: '2026-11',
	...FREESWITCH_PORTS,
	passwordWarnings: {
		$: 'The password has a $, which FusionPBX drops when it writes its configuration: no call would be authenticated. Set another one with SIP Credential, Rotate Password, whose passwords have none.',
		'&': 'The password has an &, which FusionPBX writes into XML as it is: if calls aren’t authenticated, set another one with SIP Credential, Rotate Password.',
	},
	files: [
		{
			when: 'outbound',
			title: 'Gateway',
			file: 'fusionpbx-gateway-{{slug}}.txt',
			content: GATEWAY,
		},
		{
			title: 'Routes and settings',
			file: 'fusionpbx-routes-{{slug}}.txt',
			content: ROUTES,
		},
	],
};
