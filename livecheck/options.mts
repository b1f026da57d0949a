import { parseArgs } from 'node:util';

import { CannotRun } from './errors.mts';

export const HELP = `Compares a Plivo account with what is known of Plivo's API (docs/live-check.md).

  PLIVO_AUTH_ID=… PLIVO_AUTH_TOKEN=… npm run check:live -- [options]

  (none)          only reads
  --write         also makes records named check-…, tries what Plivo does with them, and removes them
  --number +1…    with --write: routes this number elsewhere and back; its calls are lost meanwhile
  --yes-this-number-may-lose-its-route
                  confirms --number; without it the number is to be typed once more
  --report PATH   where the report goes, without ending (default ./live-check-report)
  --rate N        requests a second (default 2, at most 50)
  --help          this text

  PLIVO_BASE_URL  default https://api.plivo.com/v1; https, or this machine

  Exit code: 0 as expected, 1 differences, 2 could not run.`;

const DEFAULT_BASE_URL = 'https://api.plivo.com/v1';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Below Plivo's own limit, so that others on the account have requests left. */
const LARGEST_RATE = 50;

export interface Options {
	help: boolean;
	authId: string;
	authToken: string;
	baseUrl: string;
	write: boolean;
	/** Digits only. */
	number?: string;
	/** Whether `number` is confirmed already. */
	confirmed: boolean;
	report: string;
	rate: number;
}

/**
 * Reads flags and environment.
 *
 * @throws CannotRun in plain words
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options {
	const flags = parse(args);
	const rate = Number(flags.rate);
	if (!(rate > 0 && rate <= LARGEST_RATE)) {
		throw new CannotRun(`--rate takes a number above 0 and up to ${LARGEST_RATE}`);
	}
	if (flags.number !== undefined && !flags.write) {
		throw new CannotRun('--number goes with --write only: it changes where the number routes');
	}
	const options = {
		help: flags.help,
		write: flags.write,
		number: flags.number === undefined ? undefined : checkedNumber(flags.number),
		confirmed: flags['yes-this-number-may-lose-its-route'],
		report: flags.report,
		rate,
	};
	if (flags.help) return { ...options, authId: '', authToken: '', baseUrl: '' };
	return { ...options, ...readAccount(env) };
}

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				write: { type: 'boolean', default: false },
				number: { type: 'string' },
				'yes-this-number-may-lose-its-route': { type: 'boolean', default: false },
				report: { type: 'string', default: './live-check-report' },
				rate: { type: 'string', default: '2' },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		// The first sentence says what is wrong, the rest how parseArgs could be told otherwise.
		throw new CannotRun(`${(error as Error).message.split('. ')[0]}; see --help`);
	}
}

function checkedNumber(text: string): string {
	const digits = /^\+([1-9]\d{6,14})$/.exec(text.replace(/[\s().-]/g, ''))?.[1];
	if (!digits) throw new CannotRun('--number takes a number with + and country code, as +1…');
	if (digits.startsWith('91')) {
		throw new CannotRun(
			'--number takes no Indian number: whether it may be routed back depends on its compliance application',
		);
	}
	return digits;
}

function readAccount(env: NodeJS.ProcessEnv) {
	const authId = env.PLIVO_AUTH_ID?.trim() ?? '';
	const authToken = env.PLIVO_AUTH_TOKEN?.trim() ?? '';
	const missing = [
		...(authId ? [] : ['PLIVO_AUTH_ID']),
		...(authToken ? [] : ['PLIVO_AUTH_TOKEN']),
	];
	if (missing.length > 0) {
		throw new CannotRun(
			`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set: both values are on the overview page of the Plivo console (console.plivo.com). Set them as environment variables, as PLIVO_AUTH_ID=… PLIVO_AUTH_TOKEN=… npm run check:live`,
		);
	}
	if (!/^[A-Za-z\d]+$/.test(authId)) {
		throw new CannotRun('PLIVO_AUTH_ID is letters and digits only, and begins with MA or SA');
	}
	if (!/^[\x21-\x7e]+$/.test(authToken)) {
		throw new CannotRun('PLIVO_AUTH_TOKEN has characters that no token has: copy it again');
	}
	return { authId, authToken, baseUrl: checkedBaseUrl(env.PLIVO_BASE_URL?.trim()) };
}

function checkedBaseUrl(given: string | undefined): string {
	if (!given) return DEFAULT_BASE_URL;
	const url = URL.canParse(given) ? new URL(given) : undefined;
	const plain = url && !url.username && !url.password && !url.search && !url.hash;
	const loopback = url?.protocol === 'http:' && LOOPBACK.test(url.hostname);
	if (!plain || !(url.protocol === 'https:' || loopback)) {
		throw new CannotRun(
			'PLIVO_BASE_URL is an https address (or one of this machine), without a password in it: the token is sent there',
		);
	}
	return url.href.replace(/\/+$/, '');
}

/** Whether what was typed confirms that the number may lose its route. */
export const confirms = (typed: string, number: string) => typed.replace(/\D/g, '') === number;
