import { PLIVO_ADDRESSES } from '../plivoAddresses';
import { externalPortWarnings, FREESWITCH_RTP_PORTS, MANDATORY_SRTP, proxyOf } from './freeswitch';
import {
	firewallFile,
	formRows,
	lines,
	type Pbx,
	type PbxOutbound,
	type PbxTrunk,
	spellingsOf,
} from './trunk';

const gatewayForm = (slug: string, outbound: PbxOutbound): string =>
	formRows([
		[
			'Accounts, Gateways, Add',
			[
				['Gateway', slug],
				['Username', outbound.username],
				['Password', outbound.password],
				['From User', ''],
				['From Domain', outbound.domain],
				['Proxy', proxyOf(outbound)],
				['Realm', ''],
				['Expire Seconds', '800'],
				['Register', 'False'],
				['Retry Seconds', '30'],
			],
		],
		[
			'Advanced',
			[
				['Register Transport', outbound.transport],
				['Caller ID In From', 'True'],
				['Ping', '60'],
				['Context', 'public'],
				['Profile', 'external'],
				['Enabled', 'True'],
			],
		],
	]);

/** The gateway's own codec setting is stored but never written, so codecs and SRTP are set in the route. */
const outboundSteps = ({ secure, callerId }: PbxOutbound): string[] => [
	'Dialplan, Outbound Routes: choose the gateway, and let the route dial + and country code. Set in the route:',
	'absolute_codec_string=PCMU,PCMA',
	...(secure ? [`rtp_secure_media=${MANDATORY_SRTP}`] : []),
	`Accounts, Extensions, Outbound Caller ID Number: ${callerId}`,
	'',
];

const inboundSteps = (numbers: readonly string[]): string[] => [
	'Dialplan, Destinations: one for each spelling, since the number may come with or without a plus sign.',
	...(numbers.length > 0
		? numbers.flatMap(spellingsOf).map((number) => `Destination: ${number}`)
		: ['Destination: each of your Plivo numbers, with + and without']),
	'',
	'Advanced, Access Controls, providers: allow each of Plivo’s ranges, then reload.',
	...PLIVO_ADDRESSES.map((range) => `CIDR: ${range}`),
	'',
];

function files(trunk: PbxTrunk) {
	const { slug, numbers, outbound, inbound } = trunk;
	const tls = outbound?.transport === 'tls' || inbound?.transport === 'tls';
	return [
		...(outbound
			? [
					{
						title: 'Gateway',
						file: `fusionpbx-gateway-${slug}.txt`,
						content: gatewayForm(slug, outbound),
					},
				]
			: []),
		{
			title: 'Routes and settings',
			file: `fusionpbx-routes-${slug}.txt`,
			content: lines(
				...(outbound ? outboundSteps(outbound) : []),
				...(inbound ? inboundSteps(numbers) : []),
				...(tls ? ['Advanced, Variables: external_ssl_enable true; restart.'] : []),
				'Behind NAT: Advanced, Variables, external_rtp_ip and external_sip_ip.',
				'To check: Status, SIP Status. The switch knows the gateway by its UUID, not by its name.',
			),
		},
		firewallFile(trunk, FREESWITCH_RTP_PORTS),
	];
}

function warnings(trunk: PbxTrunk): string[] {
	const { password = '' } = trunk.outbound ?? {};
	return [
		...externalPortWarnings(trunk),
		...(password.includes('$')
			? [
					'The password has a $, which FusionPBX drops when it writes its configuration: no call would be authenticated. Set another one with SIP Credential, Rotate Password, whose passwords have none.',
				]
			: []),
		...(password.includes('&')
			? [
					'The password has an &, which FusionPBX writes into XML as it is: if calls aren’t authenticated, set another one with SIP Credential, Rotate Password.',
				]
			: []),
	];
}

export const fusionpbx: Pbx = {
	label: 'FusionPBX',
	sources: [
		'fusionpbx/fusionpbx app/gateways/gateway_edit.php, app/switch/resources (sofia.conf.lua, functions/xml.lua, sip_profiles/external.xml.noload), app/access_controls/app_defaults.php, issue 2328',
		'plivo.com/docs/sip-trunking/interconnection-guides/fusionpbx',
	],
	checked: '2026-11',
	rtpPorts: FREESWITCH_RTP_PORTS,
	files,
	warnings,
};
