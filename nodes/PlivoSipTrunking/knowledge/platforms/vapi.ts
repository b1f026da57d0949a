import { PLIVO_ADDRESSES } from '../plivoAddresses';
import {
	cut,
	PHONE_NUMBER,
	type Platform,
	type PlatformFacts,
	plivoGuide,
	type StepRequest,
} from './platform';

const ASSISTANT_ID = '<Vapi assistant id>';
const DIGITS = '<digits of the phone number>';

/**
 * Guide: plivo.com/docs/voice-agents/sip-trunking/integration-guides/vapi. EU host and address:
 * docs.vapi.ai/advanced/sip/sip-networking.
 */
export const vapi: Platform = {
	label: 'Vapi',
	guide: plivoGuide('vapi'),
	own: { page: 'docs.vapi.ai/advanced/sip/sip-trunk', checked: '2026-11-26' },
	hosts: { worldwide: 'sip.vapi.ai', eu: 'sip.eu.vapi.ai' },
	// The id of the credential: the host of one customer alone.
	hostPrefix: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.$/,
	transports: ['udp'],
	outbound: 'ipAcl',
	ipAddresses: {
		worldwide: ['44.229.228.186/32', '44.238.177.138/32'],
		eu: ['63.182.83.170/32'],
	},
	india: {
		refusal:
			'Indian rules ask for calls to be handled in India, which Vapi does not do: use LiveKit, ElevenLabs or a PBX in India for these numbers.',
		advice: '',
	},
	steps: {
		first: [
			'In Vapi, create one SIP trunk credential (BYO SIP trunk). It gets all gateways of the next steps.',
		],
		inbound: [
			'Add each of Plivo’s address ranges to it as a gateway with inbound on and outbound off: {ranges}. Vapi answers 401 to calls from a range that is missing.',
			'In Vapi, register {numbers} on this credential and assign an assistant to each number.',
			"If several customers use Vapi, put the credential’s id before the host, as in <credential id>.{host}, enter it as 'Platform Host' and run this again: it keeps their calls apart.",
		],
		outbound: [
			'Add the gateway {domain} to it, port {port}, protocol {transport}, with inbound off and outbound on: Vapi refuses a host name as an inbound gateway.',
			'In Vapi, register {numbers} on this credential unless they are there already, and call from one of them. Vapi needs no username or password, since Plivo knows its addresses.',
		],
	},
	api: {
		authentication:
			'Header Authorization: Bearer and the private key of your Vapi organization (in n8n: Bearer Auth)',
		placeholders: {
			[ASSISTANT_ID]: 'In Vapi, under Assistants: a UUID',
			[DIGITS]: 'The phone number without plus sign, which would be a space here',
		},
		requests,
	},
};

const CREDENTIAL_ID = '<id of the Vapi credential>';
/** Of a credential and of a number (the API's definition). */
const LONGEST_NAME = 40;

/**
 * One credential with every gateway, then one number a request.
 * Source: VapiAI/docs (2026-08-20), fern/advanced/sip/{sip-trunk,sip-twilio}.mdx and fern/apis/api/openapi.json.
 */
function requests(facts: PlatformFacts): StepRequest[] {
	const base = facts.region === 'eu' ? 'https://api.eu.vapi.ai' : 'https://api.vapi.ai';
	// A label: cut, and not unique.
	const name = cut(facts.name, LONGEST_NAME).padEnd(1, '-');
	return [
		...credentialRequests(base, name, facts),
		...facts.numbers.flatMap((number) => numberRequests(base, name, number)),
	];
}

/**
 * A host name can't take calls, so inbound gateways are Plivo's ranges. Both directions of a gateway are on unless said
 * otherwise, and the port is 5060 also for TLS.
 */
const gatewaysOf = ({ direction, secure, transport, trunkDomain }: PlatformFacts) => [
	...(direction === 'inbound'
		? []
		: [
				{
					ip: trunkDomain,
					port: secure ? 5061 : 5060,
					outboundProtocol: secure ? 'tls/srtp' : transport === 'tcp' ? 'tcp' : 'udp',
					inboundEnabled: false,
					outboundEnabled: true,
				},
			]),
	...(direction === 'outbound'
		? []
		: PLIVO_ADDRESSES.map((range) => {
				const [ip = '', netmask] = range.split('/');
				return { ip, netmask: Number(netmask), inboundEnabled: true, outboundEnabled: false };
			})),
];

/** The trunk domain tells whose credential it is. */
function credentialRequests(base: string, name: string, facts: PlatformFacts): StepRequest[] {
	const isTheirs =
		facts.direction === 'inbound' ? 'is this customer’s' : 'has this trunk domain as a gateway';
	const credential = { gateways: gatewaysOf(facts), outboundLeadingPlusEnabled: true };
	return [
		{
			step: 'listCredentials',
			purpose: 'See which SIP trunk credentials Vapi has already',
			method: 'GET',
			url: `${base}/credential`,
			body: null,
			may_be_repeated: true,
		},
		{
			step: 'createCredential',
			purpose: 'Create the SIP trunk credential with its gateways',
			when: `No credential ${isTheirs}.`,
			method: 'POST',
			url: `${base}/credential`,
			body: { provider: 'byo-sip-trunk', name, ...credential },
			may_be_repeated: false,
			instead: 'Vapi creates a duplicate: list the credentials, and PATCH the existing one.',
		},
		{
			step: 'updateCredential',
			purpose:
				'Bring the credential in line; its list of gateways is replaced as a whole, so add those that others have put there',
			when: `A credential ${isTheirs}.`,
			method: 'PATCH',
			url: `${base}/credential/${CREDENTIAL_ID}`,
			body: credential,
			may_be_repeated: true,
		},
	];
}

function numberRequests(base: string, name: string, number: string): StepRequest[] {
	const settings = { credentialId: CREDENTIAL_ID, assistantId: ASSISTANT_ID };
	return [
		{
			step: 'listNumbers',
			purpose: `See whether Vapi has ${number} already; it also finds numbers that are only alike`,
			number,
			method: 'GET',
			url: `${base}/v2/phone-number?search=${number === PHONE_NUMBER ? DIGITS : number.replace(/^\+/, '')}&limit=100`,
			body: null,
			may_be_repeated: true,
		},
		{
			step: 'createNumber',
			purpose: `Register ${number} on the credential`,
			number,
			when: 'The list has no number with these digits.',
			method: 'POST',
			url: `${base}/phone-number`,
			body: { provider: 'byo-phone-number', number, name, ...settings },
			may_be_repeated: false,
			instead: 'Vapi may create a duplicate: list the numbers, and PATCH the existing one.',
		},
		{
			step: 'updateNumber',
			purpose: `Bring ${number} in line`,
			number,
			when: 'The list has a number with these digits.',
			method: 'PATCH',
			url: `${base}/phone-number/<id of the number>`,
			body: settings,
			may_be_repeated: true,
		},
	];
}
