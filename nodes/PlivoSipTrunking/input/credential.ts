import { badInput } from '../failure';
import { INVISIBLE, visible } from './text';

const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

const AUTH_ID = /^[A-Za-z0-9_-]+$/;
const AUTH_TOKEN = /^[\w+/.~-]+=*$/;
/** Auth IDs of accounts and subaccounts (plivo.com/docs/account/api/overview). */
const LOOKS_LIKE_AUTH_ID = /^[MS]A[A-Z0-9]{18}$/;
/** 40 letters and digits, or a scoped token (changelog of Plivo's command-line tool, 1.1.0 to 1.1.3). */
const LOOKS_LIKE_TOKEN = /^(?:stk_.+|(?=.*[a-z])[A-Za-z0-9+/=]{38,48})$/;

const PARTS = {
	'Auth ID': { shape: AUTH_ID, other: 'Auth Token', looksLikeOther: LOOKS_LIKE_TOKEN },
	'Auth Token': { shape: AUTH_TOKEN, other: 'Auth ID', looksLikeOther: LOOKS_LIKE_AUTH_ID },
};

/** Looks back, or it would be tried from each of many slashes in a row. */
const SLASHES_AT_END = /(?<!\/)\/+$/;

const textIn = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? visible(String(value)) : '';

/** A field as {@link checkedAuthId} and {@link checkedBaseUrl} read it: n8n's credential test takes no function. */
export const expressionFor = (field: 'authId' | 'baseUrl'): string =>
	`{{ $credentials.${field}.replace(${String(INVISIBLE)}, "").trim().replace(${String(SLASHES_AT_END)}, "") }}`;

/** @throws PlivoFailure of kind `input`; never repeats the text, which may be the token */
function checkedPart(label: keyof typeof PARTS, text: string): string {
	const { shape, other, looksLikeOther } = PARTS[label];
	if (looksLikeOther.test(text)) {
		const remedy = 'Swap the two in the credential: the Auth ID begins with MA or SA.';
		throw badInput(label, `holds what looks like an ${other}`, remedy);
	}
	if (shape.test(text)) return text;
	throw badInput(
		label,
		text === '' ? 'is empty' : `has characters that an ${label} can’t have`,
		`Copy the ${label} alone, without a name or quotation marks around it, from the overview page of the Plivo console into the credential.`,
	);
}

/** @returns the Auth ID without spaces around it; throws as {@link checkedPart} does */
export const checkedAuthId = (value: unknown): string =>
	checkedPart('Auth ID', textIn(value).replace(SLASHES_AT_END, ''));

/** @returns the token without spaces around it; throws as {@link checkedPart} does */
export const checkedAuthToken = (value: unknown): string =>
	checkedPart('Auth Token', textIn(value));

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
