import { PLIVO_ADDRESSES } from '../plivoAddresses';
import { iniLine } from './escape';
import {
	firewallFile,
	lines,
	type Pbx,
	type PbxInbound,
	type PbxOutbound,
	type PbxTrunk,
	PLACEHOLDERS,
	portOf,
} from './trunk';

const RTP_PORTS = '10000 to 20000';

const section = (name: string, settings: ReadonlyArray<readonly [string, string]>): string[] => [
	'',
	`[${name}]`,
	...settings.map(([key, value]) => iniLine(key, value)),
];

/** What both endpoints have. */
const MEDIA: ReadonlyArray<readonly [string, string]> = [
	['disallow', 'all'],
	['allow', 'ulaw,alaw'],
	['dtmf_mode', 'rfc4733'],
	['direct_media', 'no'],
	['rtp_symmetric', 'yes'],
	['100rel', 'no'],
];

/** A transport is shared by all trunks, so it is only shown: Asterisk takes a new one after a restart. */
const transportComment = (
	transports: ReadonlyArray<PbxOutbound['transport']>,
	inbound: PbxInbound | undefined,
): string[] =>
	transports.flatMap((transport) => [
		';',
		`; Only if pjsip.conf has no transport for ${transport.toUpperCase()} yet (a new one takes a restart of Asterisk):`,
		`; [transport-${transport}]`,
		'; type = transport',
		`; protocol = ${transport}`,
		`; bind = 0.0.0.0:${inbound?.transport === transport ? inbound.port : transport === 'tls' ? 5061 : 5060}`,
		...(transport === 'tls'
			? [
					'; method = tlsv1_2',
					'; cert_file = /etc/asterisk/keys/asterisk.crt',
					'; priv_key_file = /etc/asterisk/keys/asterisk.key',
				]
			: []),
	]);

function outboundSections(slug: string, outbound: PbxOutbound): string[] {
	const { domain, transport, secure, username, password } = outbound;
	return [
		...section(`${slug}-auth`, [
			['type', 'auth'],
			// Old ones don't know `digest`, new ones convert. Without a realm: Plivo's isn't known.
			['auth_type', 'userpass'],
			['username', username],
			['password', password],
		]),
		...section(`${slug}-out`, [
			['type', 'aor'],
			// A contact without transport means UDP, whatever the endpoint says.
			[
				'contact',
				`sip:${domain}:${portOf(outbound)}${transport === 'udp' ? '' : `;transport=${transport}`}`,
			],
			// Plivo blocks who asks oftener than every 10 to 15 s.
			['qualify_frequency', '60'],
		]),
		// No from_user: it would override the caller ID.
		...section(`${slug}-out`, [
			['type', 'endpoint'],
			['aors', `${slug}-out`],
			['outbound_auth', `${slug}-auth`],
			['context', `${slug}-none`],
			['from_domain', domain],
			...MEDIA,
			...(secure ? ([['media_encryption', 'sdes']] as const) : []),
		]),
	];
}

/** An endpoint of its own: one for both directions can't take plain and encrypted calls and offer only one of them. */
const inboundSections = (slug: string, { transport }: PbxInbound): string[] => [
	...section(`${slug}-in`, [
		['type', 'endpoint'],
		['context', 'from-plivo'],
		...MEDIA,
		...(transport === 'tls'
			? ([
					['media_encryption', 'sdes'],
					['media_encryption_optimistic', 'yes'],
				] as const)
			: []),
	]),
	...section(`${slug}-in`, [
		['type', 'identify'],
		['endpoint', `${slug}-in`],
		...PLIVO_ADDRESSES.map((range) => ['match', range] as const),
	]),
];

function pjsip({ slug, outbound, inbound }: PbxTrunk): string {
	const transports = [outbound, inbound].flatMap((side) => (side ? [side.transport] : []));
	return lines(
		`; Save as /etc/asterisk/pjsip-${slug}.conf, and add this line to pjsip.conf:`,
		`;   #include pjsip-${slug}.conf`,
		'; Then: asterisk -rx "pjsip reload". To check:',
		...(outbound
			? [`;   pjsip show endpoint ${slug}-out`, ';   pjsip show contacts (must be Avail)']
			: []),
		...(inbound
			? [
					';   pjsip show identifies',
					'; A second Plivo trunk doesn’t need these again: its calls come from the same addresses,',
					'; so leave out its endpoint and identify for inbound calls.',
				]
			: []),
		';   pjsip set logger on',
		'; Behind NAT the transport needs local_net, external_media_address and external_signaling_address.',
		...transportComment([...new Set(transports)], inbound),
		...(outbound ? outboundSections(slug, outbound) : []),
		...(inbound ? inboundSections(slug, inbound) : []),
	);
}

function dialplan({ slug, numbers, outbound, inbound }: PbxTrunk): string {
	const ring = (extension: string) => [
		`exten => ${extension},1,Dial(PJSIP/${PLACEHOLDERS.phone},30)`,
		' same => n,Hangup()',
	];
	return lines(
		`; Save as /etc/asterisk/extensions-${slug}.conf, and add this line to extensions.conf:`,
		`;   #include extensions-${slug}.conf`,
		'; Then: asterisk -rx "dialplan reload".',
		...(inbound
			? [
					'',
					`; Calls from Plivo. Replace ${PLACEHOLDERS.phone} with the endpoint of a phone. Nothing here may dial out:`,
					'; callers would make calls at your expense.',
					'[from-plivo]',
					'; The number may come with or without a plus sign.',
					'exten => _+X.,1,Goto(${EXTEN:1},1)',
					...numbers.flatMap(ring),
					...ring('_X.'),
				]
			: []),
		...(outbound
			? [
					'',
					'; Calls to Plivo: put "include => ' +
						`${slug}-outbound" into the context of your phones.`,
					'; Numbers are dialed with + and country code, or with 00 or 011 before it.',
					`[${slug}-outbound]`,
					`exten => _+X.,1,Set(CALLERID(num)=${outbound.callerId})`,
					` same => n,Dial(PJSIP/\${EXTEN}@${slug}-out,60)`,
					' same => n,Hangup()',
					'exten => _00X.,1,Goto(+${EXTEN:2},1)',
					'exten => _011X.,1,Goto(+${EXTEN:3},1)',
				]
			: []),
	);
}

export const asterisk: Pbx = {
	label: 'Asterisk',
	sources: [
		'asterisk/asterisk res/res_pjsip/pjsip_config.xml, res/res_pjsip_session.c, res/res_pjsip_sdp_rtp.c, res/res_pjsip_endpoint_identifier_ip.c, main/config.c',
		'asterisk/documentation PJSIP-Transport-Selection, Dialing-PJSIP-Channels',
	],
	checked: '2026-11',
	rtpPorts: RTP_PORTS,
	files: (trunk) => [
		{ title: 'PJSIP', file: `pjsip-${trunk.slug}.conf`, content: pjsip(trunk) },
		{ title: 'Dialplan', file: `extensions-${trunk.slug}.conf`, content: dialplan(trunk) },
		firewallFile(trunk, RTP_PORTS),
	],
};
