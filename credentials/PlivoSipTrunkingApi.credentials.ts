import type {
	IAuthenticate,
	IAuthenticateRuleResponseCode,
	IAuthenticateRuleResponseSuccessBody,
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { expressionFor } from '../nodes/PlivoSipTrunking/input/credential';
import {
	accountUrl,
	assertSameOrigin,
	authorization,
} from '../nodes/PlivoSipTrunking/transport/account';
import type { PlivoAccount } from '../nodes/PlivoSipTrunking/transport/account';

function refusal(value: number, message: string): IAuthenticateRuleResponseCode {
	return { type: 'responseCode', properties: { value, message } };
}

const REFUSALS = [
	refusal(
		401,
		'Plivo does not accept this Auth ID and Auth Token. Copy both again from the overview page of the Plivo console.',
	),
	refusal(
		403,
		'SIP trunking is not enabled for this account, or the token is not allowed to use it. Enable SIP trunking in the Plivo console.',
	),
	refusal(
		404,
		'SIP trunking was not found at this address: it is not enabled for the account, or the Auth ID or the Base URL is wrong.',
	),
	refusal(429, 'Plivo is getting too many requests for this account. Try again in a few seconds.'),
	refusal(500, 'Plivo has an internal problem. Try again in a few minutes.'),
	refusal(502, 'Plivo cannot be reached behind its gateway. Try again in a few minutes.'),
	refusal(
		503,
		'Plivo is not available at the moment, or the Base URL is wrong. Try again in a few minutes.',
	),
];

/** A web site answers as well; only Plivo's list of trunks has `objects`. */
const OTHER_SERVER: IAuthenticateRuleResponseSuccessBody = {
	type: 'responseSuccessBody',
	properties: {
		key: 'objects',
		value: undefined,
		message: "The server answered, but not with Plivo's API. Check the Base URL of the credential.",
	},
};

/** n8n takes rules of both kinds in one list; its type allows only one of them. */
const RULES = [...REFUSALS, OTHER_SERVER] as ICredentialTestRequest['rules'];

/**
 * Signs a request, and is the last line that keeps the token from other servers, whichever node
 * uses the credential. Redirects are not followed, by any of the options that n8n's helpers and the
 * versions of the HTTP Request node know, since n8n repeats the header on the next server.
 *
 * @throws PlivoFailure of kind `input` when the credential or the address isn't fit to be used
 */
async function sign(
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions & { uri?: string },
): Promise<IHttpRequestOptions> {
	// The fields of this very credential type; each is checked before it is used.
	const account = credentials as unknown as PlivoAccount;
	const { url, uri, baseURL, headers } = requestOptions;
	assertSameOrigin(accountUrl(account), String(url ?? uri ?? ''), baseURL);
	const noRedirects = {
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
		maxRedirects: 0,
		sendCredentialsOnCrossOriginRedirect: false,
	};
	return {
		...requestOptions,
		...noRedirects,
		headers: { ...headers, Authorization: authorization(account) },
	};
}

export class PlivoSipTrunkingApi implements ICredentialType {
	name = 'plivoSipTrunkingApi';

	displayName = 'Plivo SIP Trunking API';

	icon: Icon = {
		light: 'file:../nodes/PlivoSipTrunking/plivo.svg',
		dark: 'file:../nodes/PlivoSipTrunking/plivo.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-plivo-sip-trunking/n8n-nodes-plivo-sip-trunking#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Auth ID',
			name: 'authId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. MAXXXXXXXXXXXXXXXXXX',
			description: 'On the overview page of the Plivo console',
		},
		{
			displayName: 'Auth Token',
			name: 'authToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Next to the Auth ID. A scoped token, which starts with "stk_", works as well if it may use SIP trunking.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.plivo.com/v1',
			description:
				'Advanced: leave as it is, unless requests go through a proxy or to a local server. Must be https; http is accepted for this computer only.',
		},
	];

	authenticate: IAuthenticate = sign;

	test: ICredentialTestRequest = {
		request: {
			method: 'GET',
			baseURL: `=${expressionFor('baseUrl')}`,
			url: `=/Account/${expressionFor('authId')}/Zentrunk/Trunk/`,
			qs: { limit: 1 },
		},
		rules: RULES,
	};
}
