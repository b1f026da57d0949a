import type {
	IDataObject,
	IExecutePaginationFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { accountUrl, type PlivoAccount, secretsOf } from '../transport/account';
import { accountAt, type Channel } from '../transport/channel';
import { limitsFrom } from '../transport/limits';

export const CREDENTIAL_TYPE = 'plivoSipTrunkingApi';

/** What of a channel comes from the credential. */
export type ChannelAccount = Pick<Channel, 'accountUrl' | 'account' | 'secrets'>;

/**
 * The account of an item, a poll or a list. n8n resolves expressions in the credential for the context's own item.
 *
 * @throws PlivoFailure of kind `input` when the credential isn't fit to be used; n8n's error when it can't be read
 */
export async function accountOf(
	context: Pick<IExecutePaginationFunctions, 'getCredentials'>,
): Promise<ChannelAccount> {
	const credential = await context.getCredentials<PlivoAccount>(CREDENTIAL_TYPE);
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
	return {
		...(await accountOf(context)),
		owner: context,
		limits,
		send: async (request) =>
			await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL_TYPE, request),
		log: (message) => context.logger.debug(`Plivo SIP Trunking: ${message}`),
	};
}
