import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { connectPlatform as execute } from '../provision';
import { nameField, options, shownFor } from '../fields';
import {
	password,
	phoneNumbers,
	planning,
	rollback,
	routing,
	secure,
	uriLogin,
	username,
	USERNAME_HELP,
} from './fields';

export const connectPlatform: INodePropertyOptions = {
	name: 'Connect Platform',
	value: 'connectPlatform',
	action: 'Connect a voice platform',
	description:
		'Connect LiveKit, ElevenLabs, Retell, Vapi, xAI or a PBX, with the steps that are left to do there',
	routing: runs({ method: 'POST', url: '/Zentrunk/Trunk/' }, execute),
};

const shownWith = (parameter: string, ...values: string[]) => ({
	displayOptions: { show: { [parameter]: values } },
});

export const connectPlatformFields = shownFor('provisioning', 'connectPlatform', [
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
		description: 'Decides on the SIP address, the transport and how outbound calls are known',
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
		...username(USERNAME_HELP),
		...shownWith('platform', 'livekit', 'elevenlabs', 'retell', 'custom'),
	},
	{ ...password, ...shownWith('platform', 'livekit', 'elevenlabs', 'retell', 'custom') },
	options(rollback, secure, ...planning, ...routing, ...uriLogin),
]);
