import { PLIVO_ADDRESSES } from '../plivoAddresses';
import { firewallFile, formRows, type Pbx, type PbxTrunk, portOf, spellingsOf } from './trunk';

const MEDIA = [
	['Codecs', 'PCMU, PCMA'],
	['DTMF', 'RFC 4733 (RFC 2833)'],
	['Fax T.38', 'off'],
	['100rel (PRACK)', 'off'],
] as const;

function table({ numbers, outbound, inbound }: PbxTrunk): string {
	return formRows([
		...(outbound
			? ([
					[
						'Outgoing calls',
						[
							['Trunk type', 'peer or IP trunk'],
							['Registration', 'none'],
							['Host', outbound.domain],
							['Port', String(portOf(outbound))],
							['Transport', outbound.transport],
							['SIP domain', outbound.domain],
							['Authentication name', outbound.username],
							['Password', outbound.password],
							['Realm', 'any'],
							// Never the authentication name.
							['From user (caller ID, DOD)', outbound.callerId],
							['Number to dial', '+ and country code'],
							['Keep-alive', 'OPTIONS every 60 s, to the host alone'],
							...MEDIA,
							['SRTP', outbound.secure ? 'SDES, AES_CM_128_HMAC_SHA1_80, mandatory' : 'off'],
						],
					],
				] as const)
			: []),
		...(inbound
			? ([
					[
						'Incoming calls',
						[
							['Port', String(inbound.port)],
							['Transport', inbound.transport],
							['Authentication', 'none, for the addresses below'],
							...(numbers.length > 0
								? numbers
										.flatMap(spellingsOf)
										.map((number) => ['Number that is called', number] as const)
								: ([
										['Number that is called', 'each of your Plivo numbers, with + and without'],
									] as const)),
							...MEDIA,
							['SRTP', inbound.transport === 'tls' ? 'SDES, where the call offers it' : 'off'],
							...PLIVO_ADDRESSES.map((range) => ['Allowed addresses', range] as const),
						],
					],
				] as const)
			: []),
	]);
}

export const other: Pbx = {
	label: 'another PBX',
	sources: ['plivo.com/docs/sip-trunking/concepts/technical-specifications'],
	checked: '2026-11',
	files: (trunk) => [
		{ title: 'Values', file: `sip-trunk-${trunk.slug}.txt`, content: table(trunk) },
		firewallFile(trunk),
	],
};
