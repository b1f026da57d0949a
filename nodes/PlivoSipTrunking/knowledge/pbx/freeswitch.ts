import { EXAMPLE_ADDRESS, PLIVO_ADDRESSES } from '../plivoAddresses';
import { xmlElement, xmlValue } from './escape';
import {
	firewallFile,
	lines,
	type Pbx,
	type PbxOutbound,
	type PbxTrunk,
	PLACEHOLDERS,
} from './trunk';

/** As FreeSWITCH is installed; FusionPBX as well. */
export const FREESWITCH_RTP_PORTS = '16384 to 32768';

/** SRTP that the PBX insists on, in FreeSWITCH's words (src/switch_core_media.c). */
export const MANDATORY_SRTP = 'mandatory:AES_CM_128_HMAC_SHA1_80';

/** With the port only where it isn't the usual one. */
export const proxyOf = ({ domain, transport }: PbxOutbound): string =>
	transport === 'tls' ? `${domain}:5061` : domain;

/**
 * Of a PBX on FreeSWITCH: its profile internal (5060) asks callers for a password, external (5080, with TLS
 * 5081) doesn't (freeswitch conf/vanilla).
 */
export function externalPortWarnings({ inbound }: PbxTrunk): string[] {
	if (!inbound) return [];
	const usual = inbound.transport === 'tls' ? 5081 : 5080;
	return inbound.port === usual
		? []
		: [
				`The PBX takes calls without a password on port ${usual} as it is installed (profile external), but 'Platform Host' leads to port ${inbound.port}: use ${usual} there, or set up the profile of that port for Plivo’s addresses.`,
			];
}

function gateway(slug: string, outbound: PbxOutbound): string {
	const { domain, transport, secure, username, password } = outbound;
	const params: ReadonlyArray<readonly [string, string]> = [
		['username', username],
		['password', password],
		['proxy', proxyOf(outbound)],
		['from-domain', domain],
		['register', 'false'],
		// Decides on calls too.
		['register-transport', transport],
		// Else the From user is the username, which Plivo refuses with 4130.
		['caller-id-in-from', 'true'],
		['ping', '60'],
		['context', 'public'],
	];
	const variables: ReadonlyArray<readonly [string, string]> = [
		['absolute_codec_string', 'PCMU,PCMA'],
		...(secure ? ([['rtp_secure_media', MANDATORY_SRTP]] as const) : []),
	];
	return lines(
		'<include>',
		`\t<gateway name="${xmlValue(slug)}">`,
		...params.map(([name, value]) => `\t\t${xmlElement('param', { name, value })}`),
		'\t\t<variables>',
		...variables.map(
			([name, value]) => `\t\t\t${xmlElement('variable', { name, value, direction: 'outbound' })}`,
		),
		'\t\t</variables>',
		'\t</gateway>',
		'</include>',
	);
}

const extension = (
	name: string,
	expression: string,
	actions: ReadonlyArray<readonly [application: string, data: string]>,
): string =>
	lines(
		'<include>',
		`\t<extension name="${xmlValue(name)}">`,
		`\t\t<condition field="destination_number" expression="${xmlValue(expression)}">`,
		...actions.map(([application, data]) => `\t\t\t${xmlElement('action', { application, data })}`),
		'\t\t</condition>',
		'\t</extension>',
		'</include>',
	);

const accessList = (): string =>
	lines(
		'<list name="plivo" default="deny">',
		...PLIVO_ADDRESSES.map((cidr) => `\t${xmlElement('node', { type: 'allow', cidr })}`),
		'</list>',
	);

const instructions = ({ slug, outbound, inbound }: PbxTrunk): string =>
	lines(
		'Paths are under /etc/freeswitch.',
		...(outbound
			? [
					`- gateway-${slug}.xml to sip_profiles/external/${slug}.xml`,
					`- dialplan-out-${slug}.xml to dialplan/default/01_${slug}.xml. Never into public: strangers would make calls at your expense.`,
					'  Numbers are dialed with + and country code, or with 00 or 011 before it.',
				]
			: []),
		...(inbound
			? [
					`- dialplan-in-${slug}.xml to dialplan/public/01_${slug}.xml; replace ${PLACEHOLDERS.extension} with an extension.`,
					`- the list in acl-${slug}.xml into network-lists of autoload_configs/acl.conf.xml, and into the settings of`,
					'  sip_profiles/external.xml: <param name="apply-inbound-acl" value="plivo"/>',
					'  With it the profile refuses all other callers, other carriers as well: add theirs to the list.',
				]
			: []),
		...(outbound?.transport === 'tls' || inbound?.transport === 'tls'
			? [
					'- TLS: external_ssl_enable=true and sip_tls_version with tlsv1.2 in vars.xml, agent.pem in the tls directory; restart.',
				]
			: []),
		'Behind NAT: external_rtp_ip and external_sip_ip in vars.xml.',
		'',
		'Then, in fs_cli:',
		'reloadxml',
		...(inbound ? ['reloadacl', `acl ${EXAMPLE_ADDRESS} plivo`] : []),
		...(outbound
			? [
					`sofia profile external killgw ${slug}`,
					'sofia profile external rescan',
					`sofia status gateway ${slug}`,
				]
			: []),
		'sofia global siptrace on',
	);

function files(trunk: PbxTrunk) {
	const { slug, numbers, outbound, inbound } = trunk;
	return [
		...(outbound
			? [
					{
						title: 'Gateway',
						file: `gateway-${slug}.xml`,
						content: gateway(slug, outbound),
					},
					{
						title: 'Dialplan of outgoing calls',
						file: `dialplan-out-${slug}.xml`,
						content: extension(`${slug}-out`, '^(?:\\+|00|011)([1-9]\\d{6,14})$', [
							// Without plus sign: FreeSWITCH encodes it in From.
							['set', `effective_caller_id_number=${outbound.callerId}`],
							['bridge', `sofia/gateway/${slug}/+$1`],
						]),
					},
				]
			: []),
		...(inbound
			? [
					{
						title: 'Access list',
						file: `acl-${slug}.xml`,
						content: accessList(),
					},
					{
						title: 'Dialplan of incoming calls',
						file: `dialplan-in-${slug}.xml`,
						content: extension(
							`${slug}-in`,
							numbers.length > 0 ? `^\\+?(${numbers.join('|')})$` : '^\\+?(\\d{7,15})$',
							[['transfer', `${PLACEHOLDERS.extension} XML default`]],
						),
					},
				]
			: []),
		{ title: 'Where the files go', file: `freeswitch-${slug}.txt`, content: instructions(trunk) },
		firewallFile(trunk, FREESWITCH_RTP_PORTS),
	];
}

export const freeswitch: Pbx = {
	label: 'FreeSWITCH',
	sources: [
		'signalwire/freeswitch mod_sofia/sofia.c, mod_sofia.c, sofia_glue.c, conf/vanilla, src/switch_xml.c, src/switch_core_media.c',
		'signalwire/freeswitch-docs gateways.mdx, inbound-public-context.mdx',
	],
	checked: '2026-11',
	rtpPorts: FREESWITCH_RTP_PORTS,
	files,
	warnings: externalPortWarnings,
};
