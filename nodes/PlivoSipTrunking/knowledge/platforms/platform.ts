export type Transport = 'udp' | 'tcp' | 'tls';
export type Region = 'worldwide' | 'us' | 'eu' | 'india';
export type Direction = 'both' | 'inbound' | 'outbound';
export type OutboundAuthentication = 'credential' | 'ipAcl' | 'none';

/** A page that the facts of a platform are from. */
export interface Source {
	/** Without `https://`. */
	page: string;
	/** `YYYY-MM-DD`, or `YYYY-MM` where the day isn't known. */
	checked: string;
}

/** What is known of a voice platform. `{…}` in the steps is filled in by the plan. */
export interface Platform {
	label: string;
	/** Plivo's guide. */
	guide: Source;
	/** The platform's own page on its SIP trunks and their API; none for a PBX of one's own. */
	own?: Source;
	/** Host by region, where the platform has the same one for everybody. */
	hosts?: { worldwide: string } & Partial<Record<Region, string>>;
	/** A host of the customer's own that may stand in the place of {@link hosts}, by its region's host. */
	hostPrefix?: RegExp;
	/** What a customer's own host looks like, where each has one. */
	ownHost?: { shape: RegExp; remedy: string };
	/** What a host looks like that most likely isn't the right one, and what to enter instead. */
	doubtfulHost?: { shape: RegExp; advice: string };
	/** That Plivo's guide names; the first is the usual one. None for a PBX of one's own. */
	transports: readonly Transport[];
	ports?: Partial<Record<Transport, number>>;
	outbound: OutboundAuthentication;
	/** Whether the platform asks for the outbound trunk even where it only takes calls. */
	outboundForInbound?: boolean;
	/** Where the platform's calls come from, by region. */
	ipAddresses?: { worldwide: string[] } & Partial<Record<Region, string[]>>;
	secureRecommended?: boolean;
	india: {
		/** Why Indian numbers can't work at all. */
		refusal?: string;
		/** A host that keeps calls in India, and what it speaks. */
		host?: RegExp;
		transports?: readonly Transport[];
		/** What to know when the host is another. */
		advice: string;
	};
	steps: { first: string[]; inbound: string[]; outbound: string[] };
	/** How the platform's side is made by its API; a PBX has none. */
	api?: PlatformApi;
}

/** The API of a platform. */
export interface PlatformApi {
	/** Which key, how it is sent, and what n8n calls that. */
	authentication: string;
	/** What only the user knows, by placeholder: where to find it. */
	placeholders: Readonly<Record<string, string>>;
	/** In the order in which they are sent: lists first, so that nothing is made twice. */
	requests(facts: PlatformFacts): StepRequest[];
}

/** What is known of a connection when its requests are written. */
export interface PlatformFacts {
	name: string;
	direction: Direction;
	region: Region;
	/** E.164 with plus sign; a placeholder where the user has given none. */
	numbers: string[];
	/** Whether calls must be handled in India. */
	inIndia: boolean;
	/** Whether the outbound trunk is secure: TLS and SRTP, both or neither. */
	secure: boolean;
	/** What the platform dials the outbound trunk over; TLS only for a secure one. */
	transport: Transport;
	/** Of the outbound trunk; a placeholder where it isn't known. */
	trunkDomain: string;
	username: string;
	/** `undefined`: it isn't known, so a request that sets it needs {@link PASSWORD}. */
	password: string | undefined;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object; what is `undefined` in it isn't sent. */
export interface JsonObject {
	[key: string]: Json;
}

/** A request to a platform's API, ready to be sent but for its placeholders and the key. */
export interface StepRequest {
	/** The same for each customer: what a workflow picks the request by. */
	step: string;
	purpose: string;
	/** The one number it is about. */
	number?: string;
	/** Of several requests with one aim, when this one is sent; always, where it is missing. */
	when?: string;
	method: 'GET' | 'POST' | 'PATCH';
	url: string;
	/** `null`: none is sent. */
	body: JsonObject | null;
	/** Whether a second one does no harm. */
	may_be_repeated: boolean;
	/** What to do instead of repeating it. */
	instead?: string;
}

/** Placeholders stand in a request for what isn't known; all have this form. */
export const PASSWORD = '<password of the credential>';
export const PHONE_NUMBER = '<phone number with plus sign>';

/** A name of at most so many characters, as a platform takes them. */
export const cut = (name: string, longest: number): string =>
	[...name].slice(0, longest).join('').trim();

/** The warning of every platform that Plivo hasn't confirmed for India. */
export const unconfirmedInIndia = (label: string): string =>
	`Calls of Indian numbers must be handled in India, and Plivo has not confirmed that ${label} does so: ask ${label} before you rely on it.`;

/** A page of Plivo's integration guides, all checked at the same time. */
export const plivoGuide = (page: string): Source => ({
	page: `plivo.com/docs/voice-agents/sip-trunking/integration-guides/${page}`,
	checked: '2026-10',
});
