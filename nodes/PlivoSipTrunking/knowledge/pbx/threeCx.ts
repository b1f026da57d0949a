import { PLIVO_ADDRESSES } from '../plivoAddresses';
import {
	firewallFile,
	formRows,
	lines,
	type Pbx,
	type PbxTrunk,
	PLACEHOLDERS,
	portOf,
	spellingsOf,
} from './trunk';

function form({ numbers, outbound, inbound }: PbxTrunk): string {
	const secure = outbound?.secure ?? inbound?.transport === 'tls';
	const transport = (outbound ?? inbound)?.transport ?? 'udp';
	return formRows([
		[
			'General',
			[
				['Main Trunk No', numbers[0] ?? outbound?.callerId ?? PLACEHOLDERS.callerId],
				...(outbound
					? ([
							['Registrar/Server', outbound.domain],
							['Outbound Proxy', outbound.domain],
							['Port', String(portOf(outbound))],
						] as const)
					: ([['Registrar/Server', '0.0.0.0']] as const)),
				['Type of Authentication', 'Do not require – IP Based'],
				...(outbound
					? ([
							['Authentication ID', outbound.username],
							['Authentication Password', outbound.password],
						] as const)
					: []),
			],
		],
		...(inbound
			? ([
					[
						'DIDs',
						(numbers.length > 0
							? numbers.flatMap(spellingsOf)
							: ['each of your Plivo numbers, with + and without']
						).map((number) => ['DID', number] as const),
					],
				] as const)
			: []),
		...(outbound
			? ([
					[
						'Outbound Parameters',
						[
							// 3CX's sample has the authentication ID there, which Plivo refuses with 4130.
							['From, User Part', 'OutboundCallerId'],
							['Caller ID', outbound.callerId],
						],
					],
				] as const)
			: []),
		[
			'Options',
			[
				['PBX Delivers Audio', 'On'],
				['Transport', transport.toUpperCase()],
				['SRTP', secure ? 'On' : 'Off'],
				['Codecs', 'PCMU, PCMA'],
			],
		],
	]);
}

const files = (trunk: PbxTrunk) => [
	{
		title: 'SIP trunk',
		file: `3cx-${trunk.slug}.txt`,
		content: lines(
			'3CX: SIP Trunks, Add, country Generic, Generic SIP Trunk. Names of tabs differ by version.',
			'',
			form(trunk).trimEnd(),
			...(trunk.inbound
				? [
						'',
						'Calls come from any of these addresses. In the firewall, block all others from the SIP port:',
						...PLIVO_ADDRESSES,
					]
				: []),
			'',
			'Never choose Register/Account based: Plivo takes no REGISTER.',
		),
	},
	firewallFile(trunk),
];

export const threeCx: Pbx = {
	label: '3CX',
	sources: [
		'3cx.com/docs sip-trunk-inbound-calls, sip-trunk-registration-authentication, sip-trunk-outbound-calls, sip-trunk-options, supported-sip-trunk-requirements',
		'plivo.com/docs/sip-trunking/interconnection-guides/3cx',
	],
	checked: '2026-11',
	files,
	warnings: ({ outbound }) =>
		outbound
			? [
					'Whether 3CX answers Plivo’s request for a password in IP Based mode is not confirmed. Safest is an IP access control list with the static address of the 3CX: Provision Outbound, New IP Access Control List.',
				]
			: [],
};
