import type { IDataObject, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';

import { accountUrl, type PlivoAccount, secretsOf } from '../transport/account';
import { accountAt, type Channel } from '../transport/channel';
import { limitsFrom } from '../transport/limits';

export const CREDENTIAL_TYPE = 'plivoSipTrunkingApi';

/** What of a channel comes from the credential. */
export function channelTo(
	credential: PlivoAccount,
): Pick<Channel, 'accountUrl' | 'account' | 'secrets'> {
	const url = accountUrl(credential);
	return { accountUrl: url, account: accountAt(url), secrets: secretsOf(credential) };
}

/**
 * The way to Plivo for what isn't an operation on an item: a poll, or the search of a resource
 * locator.
 *
 * @param options `maxRetries` and `timeout`, as every operation has them; checked
 * @throws PlivoFailure of kind `input` when an option or the credential isn't fit to be used
 */
export async function credentialChannel(
	context: IPollFunctions | ILoadOptionsFunctions,
	options: IDataObject,
): Promise<Channel> {
	const limits = limitsFrom(options);
	const credential = await context.getCredentials<PlivoAccount>(CREDENTIAL_TYPE);
	return {
		...channelTo(credential),
		owner: context,
		limits,
		send: async (request) =>
			await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL_TYPE, request),
		log: (message) => context.logger.debug(`Plivo SIP Trunking: ${message}`),
	};
}
