import { type Platform, plivoGuide } from './platform';

const AGENT_ID = '<Retell agent id>';
const AGENTS = [{ agent_id: AGENT_ID, weight: 1 }];

/** SRTP goes with TLS alone. */
const TRUNK = {
	termination_uri: '{{domain}}',
	transport: '{{transport}}',
	'#inbound': { inbound_agents: AGENTS },
	'#outbound': { outbound_agents: AGENTS },
};

export const retell: Platform = {
	label: 'Retell',
	guide: plivoGuide('retell'),
	own: { page: 'docs.retellai.com/deploy/custom-telephony', checked: '2026-11-26' },
	hosts: { worldwide: 'sip.retellai.com' },
	transports: ['tcp', 'tls'],
	outbound: 'credential',
	outboundForInbound: true,
	steps: {
		first: [
			'In Retell, connect {{numbers}} via SIP trunking, with termination URI {{domain}}, username {{username}}, password {{password}} and outbound transport {{transport}}. Retell’s API can change them later; its dashboard can’t, and a number that was removed may not come back without Retell’s support.',
		],
		inbound: ['In Retell, bind an inbound agent to each number.'],
		outbound: ['In Retell, bind an outbound agent to each number.'],
	},
	/**
	 * One number a request; it is the id, with plus sign. A change has other names than the import: `auth_username`, not
	 * `sip_trunk_auth_username`.
	 */
	api: {
		sources: [
			'RetellAI/retell-python-sdk (2026-07-31), types/phone_number_*.py',
			'docs.retellai.com/api-references/import-phone-number',
		],
		base: { worldwide: 'https://api.retellai.com' },
		authentication:
			'Header Authorization: Bearer and an API key of your Retell workspace (in n8n: Bearer Auth)',
		placeholders: { [AGENT_ID]: 'In Retell, on the page of the agent; it begins with agent_' },
		// A label in Retell's dashboard; no limit is documented.
		longestName: 100,
		transports: { udp: 'UDP', tcp: 'TCP', tls: 'TLS' },
		requests: [
			{
				for: 'eachNumber',
				requests: [
					{
						step: 'getNumber',
						purpose: 'See whether Retell has {{number}} already (404: not in this workspace)',
						send: 'GET /get-phone-number/{{numberInUrl}}',
					},
					{
						step: 'createNumber',
						purpose: 'Connect {{number}} via the SIP trunk',
						when: 'Retell answered 404.',
						send: 'POST /import-phone-number',
						body: {
							phone_number: '{{number}}',
							sip_trunk_auth_username: '{{username}}',
							sip_trunk_auth_password: '{{password}}',
							nickname: '{{name}}',
							...TRUNK,
						},
						instead:
							'Retell refuses a number that it already has, even in another workspace: GET it, and PATCH it.',
					},
					{
						step: 'updateNumber',
						purpose: 'Bring {{number}} up to date',
						when: 'Retell answered with the number.',
						send: 'PATCH /update-phone-number/{{numberInUrl}}',
						body: {
							auth_username: '{{username}}',
							auth_password: '{{password}}',
							...TRUNK,
						},
					},
				],
			},
		],
	},
};
