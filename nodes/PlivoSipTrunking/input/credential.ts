import { badInput } from '../failure';
import { INVISIBLE } from './text';

const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
/** Where people read their Auth ID: pages for a browser, not the API. */
const WEBSITE = /^(?:(?:www|console|cx|manage|docs|support)\.)?plivo\.com$/;

const AUTH_ID = /^[A-Za-z0-9_-]+$/;
/** Auth IDs of accounts and subaccounts (plivo.com/docs/account/api/overview). */
const LOOKS_LIKE_AUTH_ID = /^[MS]A[A-Z0-9]{18}$/;
/** 40 letters and digits, or a scoped token (changelog of Plivo's command-line tool, 1.1.0 to 1.1.3). */
const LOOKS_LIKE_TOKEN = /^(?:stk_.+|(?=.*[a-z])[A-Za-z0-9+/=]{38,48})$/;

const COPY = (what: string) =>
	`Copy the ${what} from the overview page of the Plivo console into the credential.`;
const SWAP = 'Swap the two in the credential: the Auth ID begins with MA or SA.';

/**
 * What is replaced in a text, one after the other. What ends a text looks back, or it would be tried from each of
 * many spaces or slashes in a row.
 */
type Step = readonly [what: RegExp, by: string];

/** Fields are pasted with quotation marks, with a comma behind, or with their name: `AUTH_ID="MA…"`. */
const pasted = (name: RegExp): Step[] => [
	[INVISIBLE, ''],
	[/^\s+|(?<!\s)\s+$/g, ''],
	[new RegExp(`^["'\`]?(?:export\\s+)?(?:plivo[\\s_-]*)?${name.source}["']?\\s*[:=]`, 'i'), ''],
	[/^[\s"'`]+|(?<![\s"'`,;])[\s"'`,;]+$/g, ''],
];

const AUTH_ID_STEPS = pasted(/auth[\s_-]*id/);
const AUTH_TOKEN_STEPS = pasted(/auth[\s_-]*token/);
const BASE_URL_STEPS: readonly Step[] = [
	...pasted(/(?:base|api)[\s_-]*url/),
	[/^(?=api\.plivo\.com(?:\/|$))/i, 'https://'],
	[/(?<!\/)\/+Account(?:\/.*)?$/, ''],
	[/(?<!\/)\/+$/, ''],
	[/^(https:\/\/api\.plivo\.com)$/i, '$1/v1'],
];

function cleaned(value: unknown, steps: readonly Step[]): string {
	const isText = typeof value === 'string' || typeof value === 'number';
	return steps.reduce((text, [what, by]) => text.replace(what, by), isText ? String(value) : '');
}

const inExpression = (field: string, steps: readonly Step[]) =>
	`$credentials.${field}${steps.map(([what, by]) => `.replace(${String(what)}, ${JSON.stringify(by)})`).join('')}`;

/** The same as {@link checkedAuthId} and {@link checkedBaseUrl}, for n8n to evaluate: its credential test takes no function. */
export const AUTH_ID_EXPRESSION = inExpression('authId', AUTH_ID_STEPS);
export const BASE_URL_EXPRESSION = inExpression('baseUrl', BASE_URL_STEPS);

/**
 * @param value also quoted or labelled: `Auth ID: MA…`
 * @returns the Auth ID alone
 * @throws PlivoFailure of kind `input`; never repeats the value, which may be the token
 */
export function checkedAuthId(value: unknown): string {
	const id = cleaned(value, AUTH_ID_STEPS);
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
 * @param value also quoted or labelled
 * @returns the token alone
 * @throws PlivoFailure of kind `input`; never repeats the value
 */
export function checkedAuthToken(value: unknown): string {
	const token = cleaned(value, AUTH_TOKEN_STEPS);
	if (LOOKS_LIKE_AUTH_ID.test(token)) {
		throw badInput('Auth Token', 'holds what looks like an Auth ID', SWAP);
	}
	if (token !== '' && !/\s/.test(token)) return token;
	throw badInput(
		'Auth Token',
		token === '' ? 'is empty' : 'has spaces, which an Auth Token can’t have',
		COPY('Auth Token'),
	);
}

function parsedUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/**
 * The address that the paths of all accounts start with (plivo.com/docs/sip-trunking/api/overview): https,
 * or http on a loopback host, where nobody can listen in.
 *
 * @param value also with `/Account/<id>/…` at its end, which is cut off, or Plivo's host alone
 * @returns the address without a slash at its end
 * @throws PlivoFailure of kind `input` when the token must not be sent there
 */
export function checkedBaseUrl(value: unknown): string {
	const remedy =
		'Enter https://api.plivo.com/v1 in the credential. Plain http is only for a server on this computer.';
	const text = cleaned(value, BASE_URL_STEPS);
	if (text === '') throw badInput('Base URL', 'is empty', remedy);
	const url = parsedUrl(text);
	if (url && WEBSITE.test(url.hostname)) {
		throw badInput('Base URL', 'is a page of Plivo’s website, not the address of its API', remedy);
	}
	const isSafe =
		url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOST.test(url.hostname));
	// A user name, query or fragment belongs to no base of anything.
	if (!url || !isSafe || url.username || url.password || url.search || url.hash) {
		throw badInput('Base URL', 'is not an https address', remedy);
	}
	return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}
