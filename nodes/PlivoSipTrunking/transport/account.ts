import { PlivoFailure } from '../failure';
import { checkedAuthId, checkedAuthToken, checkedBaseUrl } from '../input/credential';

/** What a credential of type `plivoSipTrunkingApi` holds, as the user pasted it. */
export interface PlivoAccount {
	authId: string;
	authToken: string;
	/** `https://api.plivo.com/v1`, or the address of a proxy or local server. */
	baseUrl: string;
}

/** n8n's HTTP client (axios) drops the base of a request whose address looks like this. */
const NAMES_A_SERVER = /^([a-z][a-z\d+\-.]*:)?\/\//i;

/** Scoped tokens go as Bearer (changelog of Plivo's command-line tool, 1.1.0 to 1.1.3). */
const SCOPED_TOKEN_PREFIX = 'stk_';

function parsedUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/**
 * The address that all paths of the API start with
 * (plivo.com/docs/sip-trunking/api/overview).
 *
 * @returns `<base URL>/Account/<Auth ID>`, without a trailing slash
 * @throws PlivoFailure of kind `input` when the base URL isn't allowed or the Auth ID is no id
 */
export function accountUrl({ authId, baseUrl }: Pick<PlivoAccount, 'authId' | 'baseUrl'>): string {
	return `${checkedBaseUrl(baseUrl)}/Account/${checkedAuthId(authId)}`;
}

/**
 * The `Authorization` header (plivo.com/docs/account/api/overview): HTTP Basic of Auth ID and
 * token, or Bearer for a scoped token.
 *
 * @throws PlivoFailure of kind `input` when the token is empty
 */
export function authorization({
	authId,
	authToken,
}: Pick<PlivoAccount, 'authId' | 'authToken'>): string {
	const token = checkedAuthToken(authToken);
	if (token.startsWith(SCOPED_TOKEN_PREFIX)) return `Bearer ${token}`;
	return `Basic ${Buffer.from(`${checkedAuthId(authId)}:${token}`).toString('base64')}`;
}

/**
 * Refuses a request that would carry the token to another server than the account's.
 *
 * @param account the account's address, from `accountUrl`
 * @param url the request's address, relative to `baseURL` unless it names a server itself
 * @throws PlivoFailure of kind `input` when the origins differ or there is no address
 */
export function assertSameOrigin(account: string, url: string, baseURL?: string): void {
	const target = baseURL && !NAMES_A_SERVER.test(url) ? `${baseURL}/${url}` : url;
	if (parsedUrl(target)?.origin !== new URL(account).origin) {
		throw new PlivoFailure(
			'input',
			'The address of the request is not on the server of the Base URL',
			'The Auth Token is only ever sent to the Base URL of the credential.',
		);
	}
}

/** What must never show up in a text: the token, and the header that it goes in. */
export function secretsOf({ authId, authToken }: PlivoAccount): string[] {
	const token = checkedAuthToken(authToken);
	return [token, `${checkedAuthId(authId)}:${token}`];
}
