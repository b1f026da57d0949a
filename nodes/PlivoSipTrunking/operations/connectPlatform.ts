import { PBXS } from '../knowledge/pbx';
import { DEFAULT_PLATFORM, type Platform, PLATFORMS } from '../knowledge/platforms';
import { connectPlatform as prepare } from '../provisioning';
import { pickKnown } from '../records/kind';
import { booleanField, type Field, nameField, optionsWith, textField, viewFields } from './fields';
import { operation } from './operation';
import {
	composite,
	outboundSafety,
	password,
	phoneNumbers,
	planning,
	rollback,
	routing,
	secure,
	uriLogin,
	username,
} from './provisioningFields';
import { extentOf } from './read';

/** The options of a table of knowledge, by name as n8n wants them. */
const choicesOf = (table: Readonly<Record<string, Pick<Platform, 'label' | 'choice' | 'note'>>>) =>
	Object.entries(table)
		.map(([value, { label, choice = label, note }]) => ({
			name: choice,
			value,
			...(note !== undefined && { description: note }),
		}))
		.sort((one, other) => one.name.localeCompare(other.name));

/** The platforms of which something holds, by their values: fields that mean nothing to the others are hidden. */
const platformsWith = (holds: (platform: Platform) => boolean): string[] =>
	Object.entries(PLATFORMS).flatMap(([value, platform]) => (holds(platform) ? [value] : []));

const PBX_PLATFORMS = platformsWith(({ isPbx = false }) => isPbx);

const PLATFORM_CHOICES = choicesOf(PLATFORMS);
const PLATFORM_NAMES = PLATFORM_CHOICES.filter(({ value }) => !PBX_PLATFORMS.includes(value))
	.map(({ name }) => name)
	.join(', ');

const shownFor = (platforms: string[]) => ({ displayOptions: { show: { platform: platforms } } });

const regionsOf = ({ hosts = { worldwide: '' } }: Platform) => Object.keys(hosts);

const REGION_NAMES = { eu: 'EU', india: 'India', us: 'US', worldwide: 'Worldwide' };

/** The regions in which some platform has a host of its own, each for these platforms. */
const REGIONS = Object.entries(REGION_NAMES).flatMap(([value, name]) => {
	const platforms = platformsWith(
		(platform) => regionsOf(platform).length > 1 && regionsOf(platform).includes(value),
	);
	return platforms.length > 0 ? [{ name, value, ...shownFor(platforms) }] : [];
});

const WITH_CREDENTIAL = platformsWith(({ outbound }) => outbound === 'credential');

const platformHost = textField({
	displayName: 'Platform Host',
	name: 'platformHost',
	placeholder: 'e.g. abc123.sip.livekit.cloud',
	description:
		'The SIP host of your project on the platform, as its settings show it, or the public host of your PBX. Where the platform has one host for everybody, leave it empty, or enter a host of your own there as the next steps describe it.',
});

const hostHiddenFor = (
	platforms: NonNullable<NonNullable<Field['displayOptions']>['hide']>[string],
): Pick<Field, 'displayOptions'> => ({
	displayOptions: { hide: { platform: platforms, direction: ['outbound'] } },
});

/** Where each customer has a host. */
const requiredHost: Field = {
	...platformHost,
	required: true,
	...hostHiddenFor([...platformsWith(({ ownHost }) => !ownHost), { _cnd: { startsWith: '=' } }]),
};

/**
 * Where a customer may have a host, or an expression chooses the platform: n8n would ask for a host that some of
 * them don't have.
 */
const optionalHost: Field = {
	...platformHost,
	...hostHiddenFor(platformsWith(({ hostPrefix }) => !hostPrefix)),
};

const pbxType: Field = {
	displayName: 'PBX Type',
	name: 'pbxType',
	type: 'options',
	options: [...choicesOf(PBXS), { name: 'None', value: 'none' }],
	default: 'none',
	description:
		'Which PBX to return the configuration for, ready to copy: files or form values, with the password. None: no configuration.',
	displayOptions: { show: { '/platform': PBX_PLATFORMS } },
};

const platformRequests = booleanField({
	displayName: 'Platform Requests',
	name: 'platformRequests',
	description:
		'Whether to return the requests that set up the other side through the platform’s API, ready for HTTP Request nodes. They include the password if this run has set one.',
});

/** How much of the output is returned. */
const platformView = viewFields([
	'inbound_trunk',
	'name',
	'next_steps',
	'numbers',
	'outbound_trunk',
	'password',
	'platform_requests',
	'trunk_domain',
	'username',
	'warnings',
	'what_was_done',
]);

export const connectPlatform = operation({
	name: 'Connect Platform',
	value: 'connectPlatform',
	action: 'Connect voice platform or PBX',
	description: `Connect a voice platform (${PLATFORM_NAMES}) or a PBX to Plivo, and get the remaining steps on its side`,
	fields: [
		{
			displayName: 'Platform',
			name: 'platform',
			type: 'options',
			options: PLATFORM_CHOICES,
			default: DEFAULT_PLATFORM,
			required: true,
			description:
				'Determines the SIP address, the transport and how outbound calls are authenticated',
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
			description: 'Which way calls go',
			...shownFor(platformsWith(({ outbound }) => outbound !== 'none')),
		},
		requiredHost,
		optionalHost,
		{
			displayName: 'Transport',
			name: 'transport',
			type: 'options',
			options: [
				{
					name: 'Platform Default',
					value: '',
					description:
						"For a PBX of your own: taken from 'Platform Host', if it ends in ;transport=udp, tcp or tls",
				},
				{ name: 'TCP', value: 'tcp' },
				{ name: 'TLS', value: 'tls', description: 'Encrypted' },
				{ name: 'UDP', value: 'udp', ...shownFor(PBX_PLATFORMS) },
			],
			default: '',
			description:
				"How SIP messages travel. Outbound calls use TLS only if 'Secure' is on in the options.",
			...shownFor(platformsWith(({ transports }) => transports.length !== 1)),
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: REGIONS,
			default: 'worldwide',
			description: 'Where the platform handles the calls. Indian numbers need India.',
			...shownFor(platformsWith((platform) => regionsOf(platform).length > 1)),
		},
		phoneNumbers,
		{ ...username, ...shownFor(WITH_CREDENTIAL) },
		{ ...password, ...shownFor(WITH_CREDENTIAL) },
		...platformView,
		optionsWith(
			pbxType,
			platformRequests,
			rollback,
			secure,
			...outboundSafety,
			...planning,
			...routing,
			uriLogin,
		),
	],
	run: composite((operation) => {
		const { parameter, options } = operation;
		const extent = extentOf(operation);
		const work = prepare({
			platform: parameter('platform'),
			name: parameter('name'),
			// Hidden where the platform knows only one.
			direction: parameter('direction', 'inbound'),
			platformHost: parameter('platformHost', ''),
			transport: parameter('transport', ''),
			region: parameter('region', ''),
			phoneNumbers: parameter('phoneNumbers', ''),
			username: parameter('username', ''),
			password: parameter('password', ''),
			simplify: extent !== 'raw',
			options,
		});
		return async (channel) => {
			const output = await work(channel);
			const selected = Array.isArray(extent) && output.planned !== true;
			return selected ? pickKnown(output, ['name', ...extent]) : output;
		};
	}),
});
