import { type Answer, plivosWords } from './answer';
import { PlivoFailure } from '../failure';
import type { Request } from './attempt';
import { masked } from './secrets';

interface Explanation {
	readonly happened: (subject: string) => string;
	readonly remedy: string;
}

const INVALID: Explanation = {
	happened: () => 'Plivo refused the request as invalid',
	remedy: 'Check the values of the fields; what Plivo says about them follows the message.',
};

const UNAVAILABLE: Explanation = {
	happened: () => 'Plivo is not available at the moment',
	remedy:
		'Try again in a few minutes, and look at status.plivo.com. A misspelled Base URL can cause it as well.',
};

/** What happened and what to do, for each status that Plivo documents (plivo.com/docs/sip-trunking/api/overview). */
const STATUSES: Readonly<Record<number, Explanation>> = {
	401: {
		happened: () => 'Plivo did not accept the Auth ID and Auth Token',
		remedy:
			'Open the credential and paste both again from the Plivo console (Account > API keys), then test it there.',
	},
	403: {
		happened: () => 'Plivo does not allow this for the account',
		remedy:
			'Check in the Plivo console that SIP Trunking is enabled for the account and that the token may be used for it.',
	},
	404: {
		happened: (subject) => `Plivo has no ${subject}`,
		remedy: 'It may have been deleted, or belong to another account. Pick it from the list again.',
	},
	405: {
		happened: () => 'Plivo does not offer this operation here',
		remedy: 'Check the Base URL of the credential: it is normally https://api.plivo.com/v1.',
	},
	422: {
		happened: () => 'A required field is missing',
		remedy:
			'Fill in the field that Plivo names. Authentication of an origination URI, for example, needs a username and a password.',
	},
	429: {
		happened: () => 'Plivo received too many requests for this account',
		remedy:
			"Plivo allows 300 requests in 5 seconds. Something else may be using them up: wait a little, or raise 'Max Retries'.",
	},
	500: {
		happened: () => 'Plivo had an internal error',
		remedy: 'Try again later. If it keeps happening, give Plivo support the API ID of this error.',
	},
};

/**
 * The failure for an answer whose status isn't a success.
 *
 * @param secrets what must not come back in the text
 */
export function statusFailure(
	answer: Answer,
	call: Request,
	secrets: readonly string[],
): PlivoFailure {
	const { status, apiId } = answer;
	// 401 and 403 come as plain text from Plivo too (live).
	const fromPlivo = answer.readable || status === 401 || status === 403;
	const details = { httpCode: status, apiId, fromPlivo };
	if (status >= 300 && status < 400) {
		return new PlivoFailure(
			'refused',
			'The server answered with a redirect, which is not followed',
			'Check the Base URL of the credential: credentials are sent to that address only.',
			details,
		);
	}
	if (!fromPlivo && status >= 400 && status < 500) {
		return new PlivoFailure(
			'refused',
			`The server answered with status ${status}, but not with Plivo's API`,
			'Check the Base URL of the credential: it is normally https://api.plivo.com/v1.',
			details,
		);
	}
	const known = STATUSES[status] ?? (status >= 500 ? UNAVAILABLE : INVALID);
	const words = masked(plivosWords(answer), secrets).slice(0, 300);
	const happened = known.happened(call.subject ?? 'such record');
	return new PlivoFailure(
		'refused',
		words ? `${happened}: ${words}` : happened,
		(status === 404 && call.ifMissing) || known.remedy,
		details,
	);
}

/** The failure for a success that can't be read. */
export function unreadableFailure(answer: Answer, problem: string): PlivoFailure {
	return new PlivoFailure(
		'unreadable',
		`Plivo's answer ${problem}`,
		'Something between n8n and Plivo may have changed it, such as a proxy, or the Base URL of the credential leads elsewhere.',
		{ httpCode: answer.status, apiId: answer.apiId },
	);
}

const inSeconds = (ms: number) => (ms === 1000 ? '1 second' : `${ms / 1000} seconds`);

/** The failure for a request without an answer. */
export function networkFailure(
	error: unknown,
	code: string | undefined,
	timeoutMs: number,
	secrets: readonly string[],
): PlivoFailure {
	const cause = masked(
		code ?? (error instanceof Error ? error.message : 'unknown reason'),
		secrets,
	);
	const unreachable = (message: string, remedy: string) =>
		new PlivoFailure('unreachable', message, remedy);
	switch (code) {
		case undefined:
			return unreachable(
				`The request could not be sent: ${cause}`,
				'Check the credential and its Base URL.',
			);
		case 'ECONNREFUSED':
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
			return unreachable(
				`Plivo could not be reached (${cause})`,
				'Check the Base URL of the credential, and that n8n may open connections to it.',
			);
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return unreachable(
				`Plivo's address could not be looked up (${cause})`,
				'Check the Base URL of the credential and the DNS of the machine that n8n runs on.',
			);
		case 'ETIMEDOUT':
		case 'ECONNABORTED':
			return unreachable(
				`Plivo did not answer within ${inSeconds(timeoutMs)}`,
				"Try again later, or raise 'Timeout' in the options.",
			);
		case 'TOO_LARGE':
			return new PlivoFailure(
				'unreadable',
				"Plivo's answer was larger than 5 MB and was not read",
				'No answer from Plivo is that large: check the Base URL of the credential.',
			);
		default:
			return unreachable(
				`The connection to Plivo broke (${cause})`,
				'Try again later; a proxy or firewall between n8n and Plivo can be the cause.',
			);
	}
}
