import { type Platform, plivoGuide } from './platform';

const WEBHOOK = '<webhook URL of your agent>';

export const xai: Platform = {
	label: 'xAI',
	note: 'Inbound calls only',
	guide: plivoGuide('xai-voice-agents'),
	own: {
		page: 'docs.x.ai/developers/model-capabilities/audio/voice-agent/sip',
		checked: '2026-11-26',
	},
	hosts: { worldwide: 'sip.voice.x.ai' },
	transports: ['tls'],
	outbound: 'none',
	steps: {
		inbound: [
			'In xAI, add {{numbers}} to the agent (Phone numbers, Add number, Direct SIP).',
			'In xAI, allow the addresses that Plivo’s calls come from: {{ranges}}.',
		],
	},
	/** One number a request. The answer holds a signing secret that is never shown again. */
	api: {
		sources: ['docs.x.ai/developers/model-capabilities/audio/voice-agent/sip'],
		base: { worldwide: 'https://api.x.ai/v2' },
		authentication:
			'Header Authorization: Bearer and an API key of your xAI team (in n8n: Bearer Auth)',
		placeholders: { [WEBHOOK]: 'Where xAI announces each call; a public https address' },
		requests: [
			{
				step: 'listNumbers',
				purpose: 'See which numbers xAI has already',
				send: 'GET /phone-numbers',
			},
			{
				for: 'eachNumber',
				requests: [
					{
						step: 'createNumber',
						purpose:
							'Register {{number}}; save the signing secret of the answer before anything else, it is shown once',
						when: 'The list has no number with these digits.',
						send: 'POST /phone-numbers',
						body: {
							origin: 'byo_trunk',
							name: '{{name}}',
							phone_number: '{{number}}',
							webhook: { name: '{{name}}', url: WEBHOOK },
							sip_auth: { allowed_addresses: '{{ranges}}' },
						},
						instead:
							'xAI answers 409 for a number that it already has. If its secret is lost, remove the number in xAI’s console, and register it again.',
					},
				],
			},
		],
	},
};
