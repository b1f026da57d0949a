import { EXAMPLE_ADDRESS, PLIVO_ADDRESSES } from '../plivoAddresses';
import {
	firewallFile,
	formRows,
	lines,
	type Pbx,
	type PbxOutbound,
	type PbxTrunk,
	portOf,
	spellingsOf,
} from './trunk';

type Fields = Array<readonly [string, string]>;

const RTP_PORTS = '10000 to 20000';
const CODECS: Fields = [['Codecs', 'ulaw, alaw']];

/** The trunk that calls out; without an inbound trunk of its own it takes calls as well. */
function outboundTrunk({ slug, outbound }: PbxTrunk, match: string): string | undefined {
	if (!outbound) return undefined;
	const { domain, transport, secure, username, password, callerId } = outbound;
	const port = portOf(outbound);
	return formRows([
		[
			'General',
			[
				['Trunk Name', slug],
				['Outbound CallerID', `<${callerId}>`],
			],
		],
		[
			'pjsip Settings, General',
			[
				['Username', username],
				['Secret', password],
				['Authentication', 'Outbound'],
				['Registration', 'None'],
				['SIP Server', domain],
				['SIP Server Port', String(port)],
				['Context', 'from-pstn'],
				['Transport', `0.0.0.0-${transport}`],
			],
		],
		[
			'pjsip Settings, Advanced',
			[
				['DTMF Mode', 'RFC 4733'],
				['Qualify Frequency', '60'],
				['From Domain', domain],
				['From User', ''],
				// Else the contact has no transport, which means UDP.
				...(transport === 'udp'
					? []
					: [['AOR Contact', `sip:${domain}:${port}\\;transport=${transport}`] as const]),
				['Match (Permit)', match],
				['Direct Media', 'No'],
				['RTP Symmetric', 'Yes'],
				['Media Encryption', secure ? 'SRTP via in-SDP' : 'None'],
			],
		],
		['pjsip Settings, Codecs', CODECS],
	]);
}

/** A trunk that only takes calls. */
const inboundTrunk = (name: string, encrypted: boolean, server: string): string =>
	formRows([
		['General', [['Trunk Name', name]]],
		[
			'pjsip Settings, General',
			[
				['Authentication', 'None'],
				['Registration', 'None'],
				['SIP Server', server],
				['Context', 'from-pstn'],
			],
		],
		[
			'pjsip Settings, Advanced',
			[
				['DTMF Mode', 'RFC 4733'],
				['Qualify Frequency', '0'],
				['Match (Permit)', PLIVO_ADDRESSES.join(',')],
				['Direct Media', 'No'],
				['RTP Symmetric', 'Yes'],
				['Media Encryption', encrypted ? 'SRTP via in-SDP' : 'None'],
			],
		],
		['pjsip Settings, Codecs', CODECS],
	]);

const INTRODUCTION =
	'FreePBX 16 and 17: Connectivity, Trunks, Add Trunk, Add SIP (chan_pjsip) Trunk. Fields in the order of the form; leave the others as they are.';

const TWO_TRUNKS =
	'This second trunk takes the calls, since the two directions differ in encryption.';

const trunkFile = (name: string, form: string, ...notes: string[]) => ({
	title: `Trunk ${name}`,
	file: `freepbx-${name}.txt`,
	content: lines(INTRODUCTION, ...notes, '', form.trimEnd()),
});

const optionalEncryption = (slug: string) => ({
	title: 'Encrypted and plain audio of incoming calls',
	file: `pjsip.endpoint_custom_post-${slug}.conf`,
	content: lines(
		'; Add to /etc/asterisk/pjsip.endpoint_custom_post.conf, then: fwconsole reload',
		`[${slug}-in](+)`,
		'media_encryption_optimistic = yes',
	),
});

const inboundRoutes = (numbers: readonly string[]): string[] => [
	'Connectivity, Inbound Routes: one for each spelling, since the number may come with or without a plus sign.',
	...(numbers.length > 0
		? numbers.flatMap(spellingsOf).map((number) => `DID Number: ${number}`)
		: ['DID Number: each of your Plivo numbers, with + and without']),
	'',
];

const outboundRoutes = (slug: string, { transport }: PbxOutbound): string[] => [
	`Connectivity, Outbound Routes: choose the trunk ${slug}; dial patterns with prepend + so that + and country code are dialed.`,
	'Outgoing calls need a caller ID of your Plivo account, so set CID Options to force the trunk’s.',
	...(transport === 'udp'
		? []
		: [
				'AOR Contact has a backslash before the semicolon. Check with "pjsip show aors" that it names the transport.',
			]),
	'',
];

function files(trunk: PbxTrunk) {
	const { slug, numbers, outbound, inbound } = trunk;
	// One trunk can't insist on encryption one way and do without it the other way.
	const encrypted = inbound?.transport === 'tls';
	const apart = inbound !== undefined && (!outbound || outbound.secure || encrypted);
	const ranges = PLIVO_ADDRESSES.join(',');
	const calling = outboundTrunk(trunk, inbound && !apart ? ranges : '127.0.0.1');
	const taking =
		apart && inboundTrunk(`${slug}-in`, encrypted, outbound?.domain ?? EXAMPLE_ADDRESS);
	const tls = encrypted || outbound?.secure;
	return [
		...(calling ? [trunkFile(slug, calling)] : []),
		...(taking ? [trunkFile(`${slug}-in`, taking, ...(calling ? [TWO_TRUNKS] : []))] : []),
		...(encrypted ? [optionalEncryption(slug)] : []),
		{
			title: 'Routes and settings',
			file: `freepbx-routes-${slug}.txt`,
			content: lines(
				...(inbound ? inboundRoutes(numbers) : []),
				...(outbound ? outboundRoutes(slug, outbound) : []),
				...(tls ? ['Settings, Asterisk SIP Settings: turn on TLS.', ''] : []),
				'Behind NAT: Settings, Asterisk SIP Settings, External Address and Local Networks.',
				'To check, on the Asterisk command line:',
				`pjsip show endpoint ${calling ? slug : `${slug}-in`}`,
				'pjsip show identifies',
				'pjsip set logger on',
			),
		},
		firewallFile(trunk, RTP_PORTS),
	];
}

export const freepbx: Pbx = {
	label: 'FreePBX',
	sources: [
		'FreePBX/core release/17.0 functions.inc/drivers/PJSip.class.php, views/trunks/pjsip.php, etc/extensions.conf',
		'plivo.com/docs/sip-trunking/interconnection-guides/freepbx',
	],
	checked: '2026-11',
	rtpPorts: RTP_PORTS,
	files,
};
