import {
	type Fields,
	fieldsOf,
	isBearer,
	isE164,
	isText,
	listOf,
	type PlatformAnswer,
	type PlatformCall,
	type StandIn,
	type World,
} from './standIn.mts';

const PATH = '/v2/phone-numbers';

export interface Xai extends StandIn {
	/** By number, with the secret that is shown once. */
	readonly numbers: Map<string, Fields>;
}

/** Source: docs.x.ai/developers/model-capabilities/audio/voice-agent/sip; answers as integrators have seen them. */
export function createXai(world: World, key: string): Xai {
	const numbers = new Map<string, Fields>();
	const named = (snake: string, camel: string) =>
		world.variants.xaiNames === 'camel' ? camel : snake;

	function handle(call: PlatformCall): PlatformAnswer {
		const { method, path, body } = call;
		if (!isBearer(call, key)) return failed(401, 'Incorrect API key provided.');
		if (path !== PATH) return failed(404, 'Not found');
		if (method === 'GET')
			return {
				status: 200,
				body: { [named('phone_numbers', 'phoneNumbers')]: [...numbers.values()].map(shown) },
			};
		return method === 'POST' ? create(fieldsOf(body)) : failed(405, 'Method not allowed');
	}

	function create(fields: Fields): PlatformAnswer {
		const { origin, name, phone_number, webhook, sip_auth } = fields;
		if (origin !== 'byo_trunk') return failed(400, 'origin must be byo_trunk');
		if (!isE164(phone_number)) return failed(400, 'phone_number must be in E.164 format');
		if (!/^https:\/\/[^/<>\s]+/.test(String(fieldsOf(webhook).url)))
			return failed(400, 'webhook.url must be a public https URL');
		const { allowed_addresses, auth_username, auth_password } = fieldsOf(sip_auth);
		const byAddress = listOf(allowed_addresses).length > 0;
		const byLogin = isText(auth_username) && isText(auth_password);
		if (byAddress === byLogin) return failed(400, 'choose one SIP authentication method');
		if (listOf(allowed_addresses).some((range) => !/^[\d.]+\/\d+$/.test(String(range))))
			return failed(400, 'allowed_addresses must be CIDR ranges');
		const number = String(phone_number);
		if (numbers.has(number)) return failed(409, `Phone number ${number} is already registered.`);
		const [webhookId, secret] = [`wh_${world.id()}`, `whsec_${world.id()}`];
		const record = { number, name, webhookId, webhookUrl: fieldsOf(webhook).url, sip_auth, secret };
		numbers.set(number, record);
		return {
			status: 200,
			body: {
				[named('phone_number', 'phoneNumber')]: shown(record),
				webhook: {
					[named('webhook_id', 'webhookId')]: webhookId,
					[named('dispatch_signing_secret', 'dispatchSigningSecret')]: secret,
				},
			},
		};
	}

	const shown = ({ number, name, webhookId, webhookUrl }: Fields) => ({
		[named('phone_number', 'phoneNumber')]: number,
		name,
		origin: 'byo_trunk',
		[named('webhook_id', 'webhookId')]: webhookId,
		...(world.variants.xaiWebhooks === 'shown' && { webhook: { name, url: webhookUrl } }),
	});

	return {
		numbers,
		handle,
		all: () => ({ numbers: [...numbers.values()] }),
		reset: () => numbers.clear(),
	};
}

const failed = (status: number, error: string): PlatformAnswer => ({
	status,
	body: { code: String(status), error },
});
