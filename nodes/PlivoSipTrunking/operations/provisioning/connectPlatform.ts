import { connectPlatform as planned } from '../../provisioning';
import { nameField, optionsWith } from '../fields';
import { operation } from '../operation';
import { composite } from './composite';
import {
	password,
	phoneNumbers,
	pbxType,
	planning,
	rollback,
	routing,
	secure,
	uriLogin,
	username,
} from './fields';

const shownWith = (parameter: string, ...values: string[]) => ({
	displayOptions: { show: { [parameter]: values } },
});

export const connectPlatform = operation({
	name: 'Connect Platform',
	value: 'connectPlatform',
	action: 'Connect a voice platform',
	description:
		'Connect LiveKit, ElevenLabs, Retell, Vapi, xAI or a PBX, with the steps that are left to do there',
	fields: [
		{
			displayName: 'Platform',
			name: 'platform',
			type: 'options',
			options: [
				{ name: 'ElevenLabs', value: 'elevenlabs' },
				{ name: 'LiveKit', value: 'livekit', description: 'Needs the SIP host of your project' },
				{
					name: 'Other PBX or Platform',
					value: 'custom',
					description: 'Asterisk, FreeSWITCH, 3CX and the like: needs its host and transport',
				},
				{ name: 'Retell', value: 'retell' },
				{ name: 'Vapi', value: 'vapi', description: 'Not for Indian numbers' },
				{ name: 'xAI', value: 'xai', description: 'Inbound calls only' },
			],
			default: 'livekit',
			required: true,
			description:
				'Decides on the SIP address, the transport and how outbound calls are authenticated',
		},
		nameField,
		{
			displayName: 'Direction',
			name: 'direction',
			type: 'options',
			options: [
				{ name: 'Both', value: 'both', description: 'Two trunks, one for each direction' },
				{
					name: 'Inbound',
					value: 'inbound',
					description: 'Calls to your phone numbers: from Plivo to the platform',
				},
				{
					name: 'Outbound',
					value: 'outbound',
					description: 'Calls that the platform makes: from the platform to Plivo',
				},
			],
			default: 'both',
			required: true,
			description: 'Which way calls go. For xAI choose Inbound.',
		},
		{
			displayName: 'Platform Host',
			name: 'platformHost',
			type: 'string',
			default: '',
			placeholder: 'e.g. abc123.sip.livekit.cloud',
			description:
				'The SIP host of your LiveKit project (in its settings, as SIP URI), or the public host of your PBX',
			...shownWith('platform', 'livekit', 'custom'),
		},
		{
			displayName: 'Transport',
			name: 'transport',
			type: 'options',
			options: [
				{ name: "Platform's Usual", value: '' },
				{ name: 'TCP', value: 'tcp' },
				{ name: 'TLS', value: 'tls', description: 'Encrypted' },
				{ name: 'UDP', value: 'udp' },
			],
			default: '',
			description:
				'How SIP messages travel; outbound ones over TLS only with Secure. A PBX of your own needs a choice, platforms have a usual one.',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'EU', value: 'eu' },
				{ name: 'India', value: 'india', description: 'Indian numbers must be handled in India' },
				{ name: 'US', value: 'us' },
				{ name: 'Worldwide', value: 'worldwide' },
			],
			default: 'worldwide',
			description: 'Where the platform handles the calls, if it has a host of its own there',
		},
		phoneNumbers,
		{
			...username,
			...shownWith('platform', 'livekit', 'elevenlabs', 'retell', 'custom'),
		},
		{ ...password, ...shownWith('platform', 'livekit', 'elevenlabs', 'retell', 'custom') },
		optionsWith(pbxType, rollback, secure, ...planning, ...routing, ...uriLogin),
	],
	run: composite(({ parameter, options }) =>
		planned({
			platform: parameter('platform'),
			name: parameter('name'),
			direction: parameter('direction', 'both'),
			platformHost: parameter('platformHost', ''),
			transport: parameter('transport', ''),
			region: parameter('region', ''),
			phoneNumbers: parameter('phoneNumbers', ''),
			username: parameter('username', ''),
			password: parameter('password', ''),
			options,
		}),
	),
});
