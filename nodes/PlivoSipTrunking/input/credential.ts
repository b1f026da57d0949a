import { badInput } from '../failure';
import { INVISIBLE, visible } from './text';

const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

const AUTH_ID = /^[A-Za-z0-9_-]+$/;
const AUTH_TOKEN = /^[\w+/.~-]+=*$/;
/** Auth IDs of accounts and subaccounts (plivo.com/docs/account/api/overview). */
const LOOKS_LIKE_AUTH_ID = /^[MS]A[A-Z0-9]{18}$/;
/** 40 letters and digits, or a scoped token (changelog of Plivo's command-line tool, 1.1.0 to 1.1.3). */
const LOOKS_LIKE_TOKEN = /^(?:stk_.+|(?=.*[a-z])[A-Za-z0-9+/=]{38,48})$/;

const COPY = (what: string) =>
	`Copy the ${what} alone, without a name or quotation marks around it, from the overview page of the Plivo console into the credential.`;
const SWAP = 'Swap the two in the credential: the Auth ID begins with MA or SA.';

/** Looks back, or it would be tried from each of many slashes in a row. */
const SLASHES_AT_END = /(?<!\/)\/+$/;

const textIn = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? visible(String(value)) : '';

/** A field as {@link checkedAuthId} and {@link checkedBaseUrl} read it: n8n's credential test takes no function. */
export const expressionFor = (field: 'authId' | 'baseUrl'): string =>
	`{{ $credentials.${field}.replace(${String(INVISIBLE)}, "").trim().replace(${String(SLASHES_AT_END)}, "") }}`;

/**
 * @returns the Auth ID without spaces around it
 * @throws PlivoFailure of kind `input`; never repeats the value, which may be the token
 */
export function checkedAuthId(value: unknown): string {
	const id = textIn(value).replace(SLASHES_AT_END, '');
	if (LOOKS_LIKE_TOKEN.test(id)) {
		throw badInput('Auth ID', 'holds what looks like an Auth Token', SWAP);
	}
	if (AUTH_ID.test(id)) return id;
	throw badInput(
		'Auth ID',
		id === '' ? 'is empty' : 'has characters that an Auth ID can’t have',
		COPY('Auth ID'),
	);
}

/**
 * @returns the token without spaces around it
 * @throws PlivoFailure of kind `input`; never repeats the value
 */
export function checkedAuthToken(value: unknown): string {
	const token = textIn(value);
	if (LOOKS_LIKE_AUTH_ID.test(token)) {
		throw badInput('Auth Token', 'holds what looks like an Auth ID', SWAP);
	}
	if (AUTH_TOKEN.test(token)) return token;
	throw badInput(
		'Auth Token',
		token === '' ? 'is empty' : 'has characters that an Auth Token can’t have',
		COPY('Auth Token'),
	);
}

/**
 * The address that the paths of all accounts start with (plivo.com/docs/sip-trunking/api/overview): https,
 * or http on a loopback host, where nobody can listen in.
 *
 * @returns the address without a slash at its end
 * @throws PlivoFailure of kind `input` when the token must not be sent there
 */
export function checkedBaseUrl(value: unknown): string {
	const remedy =
		'Enter https://api.plivo.com/v1 in the credential. Plain http is only for a server on this computer.';
	const text = textIn(value).replace(SLASHES_AT_END, '');
	if (text === '') throw badInput('Base URL', 'is empty', remedy);
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isSafe =
		url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOST.test(url.hostname));
	// A user name, query or fragment belongs to no base of anything.
	if (!url || !isSafe || url.username || url.password || url.search || url.hash) {
		throw badInput('Base URL', 'is not an https address', remedy);
	}
	return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
}
