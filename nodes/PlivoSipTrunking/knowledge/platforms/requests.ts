import { PLIVO_ADDRESSES } from '../plivoAddresses';
import { fillIn, fillJson, type Json, type View, viewsOf } from '../template';
import {
	type Direction,
	factFor,
	PASSWORD,
	PHONE_NUMBER,
	type Platform,
	type PlatformApi,
	type Region,
	type RequestTemplate,
	type Transport,
} from './platform';

/** What is known of a connection when its requests are written. */
export interface PlatformFacts {
	name: string;
	direction: Direction;
	region: Region;
	/** E.164 with plus sign; none where the user has given none. */
	numbers: readonly string[];
	/** Whether calls must be handled in India. */
	inIndia: boolean;
	/** What the platform dials the outbound trunk over: TLS and SRTP for a secure one, and only there. */
	transport: Transport;
	/** Of the outbound trunk; placeholders in the request where they aren't known. */
	trunkDomain?: string;
	username?: string;
	/** Where it isn't known, a request that sets it has {@link PASSWORD}. */
	password?: string;
}

const TRUNK_DOMAIN = '<trunk domain>';
const USERNAME = '<username of the credential>';
const DIGITS = '<digits of the phone number>';

const MEANINGS: Readonly<Record<string, string>> = {
	[PASSWORD]:
		'This run did not set it, and Plivo never shows it. If nobody has it, set a new one with SIP Credential, Rotate Password, and enter it everywhere.',
	[PHONE_NUMBER]: 'Your Plivo number, such as +14155550123; one request for each',
	[DIGITS]: 'The phone number without plus sign, which would be a space here',
	[TRUNK_DOMAIN]: 'The domain of the outbound trunk, such as 12345.zt.plivo.com',
	[USERNAME]: 'The username of the outbound trunk’s SIP credential',
};

/** What requests can name. */
function viewOf(api: PlatformApi, facts: PlatformFacts): View {
	const { direction, transport } = facts;
	const numbers = facts.numbers.length > 0 ? facts.numbers : [PHONE_NUMBER];
	const secure = transport === 'tls';
	return {
		name: [...facts.name].slice(0, api.longestName).join('').trim(),
		inbound: direction !== 'outbound',
		outbound: direction !== 'inbound',
		inIndia: facts.inIndia,
		numbers,
		eachNumber: numbers.map((number) => ({
			number,
			digits: number === PHONE_NUMBER ? DIGITS : number.replace(/^\+/, ''),
			numberInUrl: number === PHONE_NUMBER ? number : encodeURIComponent(number),
		})),
		ranges: PLIVO_ADDRESSES,
		eachRange: PLIVO_ADDRESSES.map((range) => {
			const [address = '', length] = range.split('/');
			return { range, address, length: Number(length) };
		}),
		domain: facts.trunkDomain ?? TRUNK_DOMAIN,
		port: secure ? 5061 : 5060,
		transport: api.transports?.[transport],
		encryption: api.encryption?.[secure ? 'secure' : 'plain'],
		username: facts.username ?? USERNAME,
	};
}

/** A customer’s name may look like one. */
const placeholdersIn = (filled: Json, name: string): string[] =>
	[...new Set(JSON.stringify(filled).match(/<[a-zA-Z][^<>"]*>/g) ?? [])].filter(
		(placeholder) => !name.includes(placeholder),
	);

/** One request. A change leaves the password alone where it isn't known. */
function fill(
	{ step, purpose, when, send, body: template, instead }: RequestTemplate,
	api: PlatformApi,
	{ name, region, password }: PlatformFacts,
	general: View,
) {
	const view = { ...general, password: instead === undefined ? password : (password ?? PASSWORD) };
	const [method = '', path = ''] = send.split(/ (.*)/);
	const url = fillIn(path.startsWith('/') ? factFor(api.base, region) + path : path, view);
	const body = template ? (fillJson(template, view) ?? null) : null;
	return {
		step,
		purpose: fillIn(purpose, view),
		...(typeof general.number === 'string' && { number: general.number }),
		...(when !== undefined && { when: fillIn(when, view) }),
		method,
		url,
		authentication: api.authentication,
		body,
		may_be_repeated: instead === undefined,
		...(instead !== undefined && { instead }),
		placeholders: placeholdersIn([url, body], name).map((placeholder) => ({
			placeholder,
			meaning:
				api.placeholders?.[placeholder] ??
				MEANINGS[placeholder] ??
				'From the answer to an earlier request',
		})),
	};
}

/** A request to a platform's API, with all that a person or a workflow needs to send it. */
export type PlatformApiRequest = ReturnType<typeof platformRequests>[number];

/**
 * The requests that make a platform's side, in order: lists first, so that nothing is made twice.
 *
 * @param key the platform, as the node's parameter has it
 * @returns none for a PBX. `body` is null where none is sent; `placeholders` names what in `url` and `body` is still to be
 *   filled in, and from where. The password is in it only if `facts` has it.
 */
export function platformRequests(key: string, { api, own }: Platform, facts: PlatformFacts) {
	if (!api || !own) return [];
	const view = viewOf(api, facts);
	const requests = api.requests.flatMap((entry) =>
		'requests' in entry
			? viewsOf(view, entry.for).flatMap((one) =>
					entry.requests.map((request) => fill(request, api, facts, one)),
				)
			: [fill(entry, api, facts, view)],
	);
	return requests.map((request) => ({ platform: key, ...request, ...own }));
}
