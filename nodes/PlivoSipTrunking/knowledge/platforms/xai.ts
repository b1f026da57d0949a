import { PLIVO_ADDRESSES } from '../plivoAddresses';
import {
	type Platform,
	type PlatformFacts,
	plivoGuide,
	type StepRequest,
	unconfirmedInIndia,
} from './platform';

const WEBHOOK = '<webhook URL of your agent>';

/** Guide: plivo.com/docs/voice-agents/sip-trunking/integration-guides/xai-voice-agents. */
export const xai: Platform = {
	label: 'xAI',
	guide: plivoGuide('xai-voice-agents'),
	own: {
		page: 'docs.x.ai/developers/model-capabilities/audio/voice-agent/sip',
		checked: '2026-11-26',
	},
	hosts: { worldwide: 'sip.voice.x.ai' },
	transports: ['tls'],
	outbound: 'none',
	india: { advice: unconfirmedInIndia('xAI') },
	steps: {
		first: [],
		inbound: [
			'In xAI, add {numbers} to the agent (Phone numbers, Add number, Direct SIP).',
			'In xAI, allow the addresses that Plivo’s calls come from: {ranges}.',
		],
		outbound: [],
	},
	api: {
		authentication:
			'Header Authorization: Bearer and an API key of your xAI team (in n8n: Bearer Auth)',
		placeholders: { [WEBHOOK]: 'Where xAI announces each call; a public https address' },
		requests,
	},
};

const NUMBERS = 'https://api.x.ai/v2/phone-numbers';

/**
 * One number a request. The answer holds a signing secret that is never shown again, and a second request is refused:
 * docs.x.ai/developers/model-capabilities/audio/voice-agent/sip.
 */
function requests({ name, numbers }: PlatformFacts): StepRequest[] {
	return [
		{
			step: 'listNumbers',
			purpose: 'See which numbers xAI has already',
			method: 'GET',
			url: NUMBERS,
			body: null,
			may_be_repeated: true,
		},
		...numbers.map(
			(number): StepRequest => ({
				step: 'createNumber',
				purpose: `Register ${number}; save the signing secret of the answer before anything else, it is shown once`,
				number,
				when: 'The list has no number with these digits.',
				method: 'POST',
				url: NUMBERS,
				body: {
					origin: 'byo_trunk',
					name,
					phone_number: number,
					webhook: { name, url: WEBHOOK },
					sip_auth: { allowed_addresses: [...PLIVO_ADDRESSES] },
				},
				may_be_repeated: false,
				instead:
					'xAI answers 409 for a number that it already has. If its secret is lost, remove the number in xAI’s console, and register it again.',
			}),
		),
	];
}
