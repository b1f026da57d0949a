import type { Pbx } from './trunk';

const GATEWAY = `<include>
	<gateway name="{{slug}}">
{{#outbound}}
		<param name="username" value="{{username}}"/>
		<param name="password" value="{{password}}"/>
		<param name="proxy" value="{{domain}}{{#tls}}:5061{{/tls}}"/>
		<param name="from-domain" value="{{domain}}"/>
		<param name="register" value="false"/>
{{! Decides on calls too. }}
		<param name="register-transport" value="{{transport}}"/>
{{! Else the From user is the username, which Plivo refuses with 4130. }}
		<param name="caller-id-in-from" value="true"/>
		<param name="ping" value="60"/>
		<param name="context" value="public"/>
		<variables>
			<variable name="absolute_codec_string" value="PCMU,PCMA" direction="outbound"/>
{{#secure}}
			<variable name="rtp_secure_media" value="mandatory:AES_CM_128_HMAC_SHA1_80" direction="outbound"/>
{{/secure}}
		</variables>
{{/outbound}}
	</gateway>
</include>
`;

const DIALPLAN_OUT = `<include>
	<extension name="{{slug}}-out">
		<condition field="destination_number" expression="^(?:\\+|00|011)([1-9]\\d{6,14})$">
{{! Without plus sign: FreeSWITCH encodes it in From. }}
			<action application="set" data="effective_caller_id_number={{#outbound}}{{callerId}}{{/outbound}}"/>
			<action application="bridge" data="sofia/gateway/{{slug}}/+$1"/>
		</condition>
	</extension>
</include>
`;

const ACCESS_LIST = `<list name="plivo" default="deny">
{{#ranges}}
	<node type="allow" cidr="{{.}}"/>
{{/ranges}}
</list>
`;

const DIALPLAN_IN = `<include>
	<extension name="{{slug}}-in">
		<condition field="destination_number" expression="^\\+?({{numberPattern}}{{^numbers}}\\d{7,15}{{/numbers}})$">
			<action application="transfer" data="YOUR_EXTENSION XML default"/>
		</condition>
	</extension>
</include>
`;

const INSTRUCTIONS = `Paths are under /etc/freeswitch.
{{#outbound}}
- gateway-{{slug}}.xml to sip_profiles/external/{{slug}}.xml
- dialplan-out-{{slug}}.xml to dialplan/default/01_{{slug}}.xml. Never into public: strangers would make calls at your expense.
  Numbers are dialed with + and country code, or with 00 or 011 before it.
{{/outbound}}
{{#inbound}}
- dialplan-in-{{slug}}.xml to dialplan/public/01_{{slug}}.xml; replace YOUR_EXTENSION with an extension.
- the list in acl-{{slug}}.xml into network-lists of autoload_configs/acl.conf.xml, and into the settings of
  sip_profiles/external.xml: <param name="apply-inbound-acl" value="plivo"/>
  With it the profile refuses all other callers, other carriers as well: add theirs to the list.
{{/inbound}}
{{#tls}}
- TLS: external_ssl_enable=true and sip_tls_version with tlsv1.2 in vars.xml, agent.pem in the tls directory; restart.
{{/tls}}
Behind NAT: external_rtp_ip and external_sip_ip in vars.xml.

Then, in fs_cli:
reloadxml
{{#inbound}}
reloadacl
acl {{exampleAddress}} plivo
{{/inbound}}
{{#outbound}}
sofia profile external killgw {{slug}}
sofia profile external rescan
sofia status gateway {{slug}}
{{/outbound}}
sofia global siptrace on
`;

/**
 * As FreeSWITCH is installed, FusionPBX as well: its profile internal (5060) asks callers for a password, external
 * (5080, with TLS 5081) doesn't (freeswitch conf/vanilla).
 */
export const FREESWITCH_PORTS = {
	rtpPorts: '16384 to 32768',
	openPorts: { plain: 5080, tls: 5081 },
} as const;

export const freeswitch: Pbx = {
	label: 'FreeSWITCH',
	sources: [
		'signalwire/freeswitch mod_sofia/sofia.c, mod_sofia.c, sofia_glue.c, conf/vanilla, src/switch_xml.c, src/switch_core_media.c',
		'signalwire/freeswitch-docs gateways.mdx, inbound-public-context.mdx',
	],
	checked: '2026-11',
	...FREESWITCH_PORTS,
	files: [
		{ when: 'outbound', title: 'Gateway', file: 'gateway-{{slug}}.xml', content: GATEWAY },
		{
			when: 'outbound',
			title: 'Dialplan of outgoing calls',
			file: 'dialplan-out-{{slug}}.xml',
			content: DIALPLAN_OUT,
		},
		{ when: 'inbound', title: 'Access list', file: 'acl-{{slug}}.xml', content: ACCESS_LIST },
		{
			when: 'inbound',
			title: 'Dialplan of incoming calls',
			file: 'dialplan-in-{{slug}}.xml',
			content: DIALPLAN_IN,
		},
		{ title: 'Where the files go', file: 'freeswitch-{{slug}}.txt', content: INSTRUCTIONS },
	],
};
