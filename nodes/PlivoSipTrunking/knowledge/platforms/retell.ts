import {
	cut,
	PASSWORD,
	type Platform,
	type PlatformFacts,
	plivoGuide,
	type StepRequest,
	unconfirmedInIndia,
} from './platform';

const AGENT_ID = '<Retell agent id>';

/** Guide: plivo.com/docs/voice-agents/sip-trunking/integration-guides/retell. */
export const retell: Platform = {
	label: 'Retell',
	guide: plivoGuide('retell'),
	own: { page: 'docs.retellai.com/deploy/custom-telephony', checked: '2026-11-26' },
	hosts: { worldwide: 'sip.retellai.com' },
	transports: ['tcp', 'tls'],
	outbound: 'credential',
	outboundForInbound: true,
	india: { advice: unconfirmedInIndia('Retell') },
	steps: {
		first: [
			'In Retell, connect {numbers} via SIP trunking, with termination URI {domain}, username {username}, password {password} and outbound transport {transport}. Retell’s API can change them later; its dashboard can’t, and a number that was removed may not come back without Retell’s support.',
		],
		inbound: ['In Retell, bind an inbound agent to each number.'],
		outbound: ['In Retell, bind an outbound agent to each number.'],
	},
	api: {
		authentication:
			'Header Authorization: Bearer and an API key of your Retell workspace (in n8n: Bearer Auth)',
		placeholders: { [AGENT_ID]: 'In Retell, on the page of the agent; it begins with agent_' },
		requests,
	},
};

const BASE = 'https://api.retellai.com';
const AGENT = { agent_id: AGENT_ID, weight: 1 };
/** A label in Retell's dashboard; no limit is documented. */
const LONGEST_NICKNAME = 100;

/**
 * One number a request; it is the id, with plus sign. A change has other names than the import: `auth_username`, not
 * `sip_trunk_auth_username`. Source: RetellAI/retell-python-sdk, types/phone_number_*.py (2026-07-31);
 * docs.retellai.com/api-references/import-phone-number.
 */
function requests(facts: PlatformFacts): StepRequest[] {
	const { name, direction, numbers, secure, transport } = facts;
	const { trunkDomain, username, password } = facts;
	const common = {
		termination_uri: trunkDomain,
		// SRTP goes with TLS alone.
		transport: secure ? 'TLS' : transport === 'udp' ? 'UDP' : 'TCP',
		...(direction !== 'outbound' && { inbound_agents: [AGENT] }),
		...(direction !== 'inbound' && { outbound_agents: [AGENT] }),
	};
	return numbers.flatMap((number): StepRequest[] => {
		const id = number.startsWith('+') ? encodeURIComponent(number) : number;
		return [
			{
				step: 'getNumber',
				purpose: `See whether Retell has ${number} already (404: not in this workspace)`,
				number,
				method: 'GET',
				url: `${BASE}/get-phone-number/${id}`,
				body: null,
				may_be_repeated: true,
			},
			{
				step: 'createNumber',
				purpose: `Connect ${number} via the SIP trunk`,
				number,
				when: 'Retell answered 404.',
				method: 'POST',
				url: `${BASE}/import-phone-number`,
				body: {
					phone_number: number,
					sip_trunk_auth_username: username,
					sip_trunk_auth_password: password ?? PASSWORD,
					nickname: cut(name, LONGEST_NICKNAME),
					...common,
				},
				may_be_repeated: false,
				instead:
					'Retell refuses a number that it already has, even in another workspace: GET it, and PATCH it.',
			},
			{
				step: 'updateNumber',
				purpose: `Bring ${number} in line`,
				number,
				when: 'Retell answered with the number.',
				method: 'PATCH',
				url: `${BASE}/update-phone-number/${id}`,
				body: {
					auth_username: username,
					...(password !== undefined && { auth_password: password }),
					...common,
				},
				may_be_repeated: true,
			},
		];
	});
}
