import type { Pbx } from './trunk';

const MEDIA = `disallow = all
allow = ulaw,alaw
dtmf_mode = rfc4733
direct_media = no
rtp_symmetric = yes
100rel = no`;

const PJSIP = `; Save as /etc/asterisk/pjsip-{{slug}}.conf, and add this line to pjsip.conf:
;   #include pjsip-{{slug}}.conf
; Then: asterisk -rx "pjsip reload". To check:
{{#outbound}}
;   pjsip show endpoint {{slug}}-out
;   pjsip show contacts (must be Avail)
{{/outbound}}
{{#inbound}}
;   pjsip show identifies
; A second Plivo trunk doesn’t need these again: its calls come from the same addresses,
; so leave out its endpoint and identify for inbound calls.
{{/inbound}}
;   pjsip set logger on
; Behind NAT the transport needs local_net, external_media_address and external_signaling_address.
{{! All trunks share a transport, so it is only shown: Asterisk takes a new one after a restart. }}
{{#transports}}
;
; Only if pjsip.conf has no transport for {{upper}} yet (a new one takes a restart of Asterisk):
; [transport-{{transport}}]
; type = transport
; protocol = {{transport}}
; bind = 0.0.0.0:{{port}}
{{#tls}}
; method = tlsv1_2
; cert_file = /etc/asterisk/keys/asterisk.crt
; priv_key_file = /etc/asterisk/keys/asterisk.key
{{/tls}}
{{/transports}}
{{#outbound}}

[{{slug}}-auth]
type = auth
{{! Old versions don't know digest, new ones convert. No realm: Plivo's is undocumented. }}
auth_type = userpass
username = {{username}}
password = {{password}}

[{{slug}}-out]
type = aor
{{! A contact without transport means UDP, whatever the endpoint says. }}
contact = sip:{{domain}}:{{port}}{{#named}}\\;transport={{transport}}{{/named}}
{{! Plivo blocks who asks more often than every 10 to 15 s. }}
qualify_frequency = 60

[{{slug}}-out]
type = endpoint
aors = {{slug}}-out
outbound_auth = {{slug}}-auth
context = {{slug}}-none
{{! No from_user: it would override the caller ID. }}
from_domain = {{domain}}
${MEDIA}
{{#secure}}
media_encryption = sdes
{{/secure}}
{{/outbound}}
{{#inbound}}
{{! An endpoint of its own: one for both directions can't take plain and encrypted calls and offer only one of them. }}

[{{slug}}-in]
type = endpoint
context = from-plivo
${MEDIA}
{{#tls}}
media_encryption = sdes
media_encryption_optimistic = yes
{{/tls}}

[{{slug}}-in]
type = identify
endpoint = {{slug}}-in
{{#ranges}}
match = {{.}}
{{/ranges}}
{{/inbound}}
`;

const DIALPLAN = `; Save as /etc/asterisk/extensions-{{slug}}.conf, and add this line to extensions.conf:
;   #include extensions-{{slug}}.conf
; Then: asterisk -rx "dialplan reload".
{{#inbound}}

; Calls from Plivo. Replace YOUR_PHONE with the endpoint of a phone. Nothing here may dial out:
; callers would make calls at your expense.
[from-plivo]
; The number may come with or without a plus sign.
exten => _+X.,1,Goto(\${EXTEN:1},1)
{{#numbers}}
exten => {{.}},1,Dial(PJSIP/YOUR_PHONE,30)
 same => n,Hangup()
{{/numbers}}
exten => _X.,1,Dial(PJSIP/YOUR_PHONE,30)
 same => n,Hangup()
{{/inbound}}
{{#outbound}}

; Calls to Plivo: put "include => {{slug}}-outbound" into the context of your phones.
; Numbers are dialed with + and country code, or with 00 or 011 before it.
[{{slug}}-outbound]
exten => _+X.,1,Set(CALLERID(num)={{callerId}})
 same => n,Dial(PJSIP/\${EXTEN}@{{slug}}-out,60)
 same => n,Hangup()
exten => _00X.,1,Goto(+\${EXTEN:2},1)
exten => _011X.,1,Goto(+\${EXTEN:3},1)
{{/outbound}}
`;

export const asterisk: Pbx = {
	label: 'Asterisk',
	sources: [
		'asterisk/asterisk res/res_pjsip/pjsip_config.xml, res/res_pjsip_session.c, res/res_pjsip_sdp_rtp.c, res/res_pjsip_endpoint_identifier_ip.c, main/config.c',
		'asterisk/documentation PJSIP-Transport-Selection, Dialing-PJSIP-Channels',
	],
	checked: '2026-11',
	rtpPorts: '10000 to 20000',
	files: [
		{ title: 'PJSIP', file: 'pjsip-{{slug}}.conf', content: PJSIP },
		{ title: 'Dialplan', file: 'extensions-{{slug}}.conf', content: DIALPLAN },
	],
};
