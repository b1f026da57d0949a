import type { JsonObject } from '../template';

export type Transport = 'udp' | 'tcp' | 'tls';
export type Region = 'worldwide' | 'us' | 'eu' | 'india';
export type Direction = 'both' | 'inbound' | 'outbound';
export type OutboundAuthentication = 'credential' | 'ipAcl' | 'none';

/** A page that the facts of a platform are from. */
export interface Source {
	/** Without `https://`. */
	readonly page: string;
	/** `YYYY-MM-DD`, or `YYYY-MM` where the day isn't known. */
	readonly checked: string;
}

/** What differs by region; `worldwide` holds where a region has nothing of its own. */
export type ByRegion<Fact> = { readonly worldwide: Fact } & Readonly<Partial<Record<Region, Fact>>>;

export const factFor = <Fact>(facts: ByRegion<Fact>, region: Region): Fact =>
	facts[region] ?? facts.worldwide;

/** What is known of a voice platform: data alone, with templates as texts (`fillIn`). */
export interface Platform {
	/** As sentences name it. */
	readonly label: string;
	/** As the node's list of platforms names it, where that differs. */
	readonly choice?: string;
	/** What the list of platforms says of it. */
	readonly note?: string;
	/** Plivo's guide, where it has one. */
	readonly guide?: Source;
	/** The platform's own page on its SIP trunks and their API; none for a PBX of one's own. */
	readonly own?: Source;
	/** Its SIP host, where everybody has the same one. */
	readonly hosts?: ByRegion<string>;
	/** What may be put before one of {@link hosts}, where that makes a host of the customer's own. */
	readonly hostPrefix?: RegExp;
	/** What the customer's own host looks like, where each has one. */
	readonly ownHost?: { readonly shape: RegExp; readonly remedy: string };
	/** What a host looks like that is most likely not the right one, and what to enter instead. */
	readonly doubtfulHost?: { readonly shape: RegExp; readonly advice: string };
	/** The user part of its address, where that is the customer's project. */
	readonly projectId?: { readonly shape: RegExp; readonly remedy: string };
	/** That the guide names, the usual one first. None for a PBX of one's own. */
	readonly transports: readonly Transport[];
	/** Whether it is a PBX: it may be given a configuration. */
	readonly isPbx?: boolean;
	/** Ports that its address has to name. */
	readonly ports?: Readonly<Partial<Record<Transport, number>>>;
	/** How its calls prove who they are; `none`: it makes none over a trunk. */
	readonly outbound: OutboundAuthentication;
	/** Whether the platform asks for the outbound trunk even where it only takes calls. */
	readonly outboundForInbound?: boolean;
	/** Where its calls come from, with `ipAcl`. */
	readonly ipAddresses?: ByRegion<readonly string[]>;
	readonly secureRecommended?: boolean;
	/** What it calls TLS with SRTP, where that is one setting. */
	readonly secureTransport?: string;
	/** Calls of Indian numbers: plivo.com/docs/voice-agents/sip-trunking/deploy/calling-in-india (checked 2026-10). */
	readonly india?: {
		/** Why Indian numbers can't work at all. */
		readonly refusal?: string;
		/** A host that keeps calls in India, and what it speaks. */
		readonly host?: RegExp;
		readonly transports?: readonly Transport[];
		/** What to know when the host is another; without it, that Plivo hasn't confirmed the platform for India. */
		readonly advice?: string;
	};
	/** What is left to do on the platform, as templates over `domain`, `username`, `password`, `numbers`, `ranges`, … */
	readonly steps: {
		readonly first?: readonly string[];
		readonly inbound: readonly string[];
		readonly outbound?: readonly string[];
	};
	/** How the platform's side is made by its API; a PBX has none. */
	readonly api?: PlatformApi;
}

/** The API of a platform. */
export interface PlatformApi {
	/** What the requests are written from. */
	readonly sources: readonly string[];
	/** What every URL begins with that {@link RequestTemplate.send} doesn't name in full. */
	readonly base: ByRegion<string>;
	/** Which key, how it is sent, and what n8n calls that. */
	readonly authentication: string;
	/** What only the user knows, by placeholder: where to find it. */
	readonly placeholders?: Readonly<Record<string, string>>;
	/** The most characters that a name may have. */
	readonly longestName?: number;
	/** Its words for what it dials the outbound trunk over; TLS is for a secure trunk only. */
	readonly transports?: Readonly<Partial<Record<Transport, string>>>;
	/** Its words for SRTP on the outbound trunk: never, or always. */
	readonly encryption?: { readonly plain: string; readonly secure: string };
	/** In the order in which they are sent: lists first, so that nothing is made twice. */
	readonly requests: ReadonlyArray<RequestTemplate | RequestGroup>;
}

/** Requests that are sent only for calls of a direction, or once for each number or each range of Plivo's. */
export interface RequestGroup {
	readonly for: 'inbound' | 'outbound' | 'eachNumber' | 'eachRange';
	readonly requests: readonly RequestTemplate[];
}

/** A request as templates over the view of `platformRequests`. `<…>` is for the user to fill in. */
export interface RequestTemplate {
	/** The same for each customer: what a workflow picks the request by. */
	readonly step: string;
	readonly purpose: string;
	/** Of several requests with one aim, when this one is sent; always, where it is missing. */
	readonly when?: string;
	/** Method, and path behind {@link PlatformApi.base} or a whole URL. */
	readonly send: `${'GET' | 'POST' | 'PATCH'} ${'/' | 'https://'}${string}`;
	/** As in `fillJson`. */
	readonly body?: JsonObject;
	/** What to do instead of sending it again; missing where a second one does no harm. */
	readonly instead?: string;
}

/** What a request has in the place of what isn't known; all have this form. */
export const PASSWORD = '<password of the credential>';
export const PHONE_NUMBER = '<phone number with plus sign>';

/** A page of Plivo's integration guides, all checked at the same time. */
export const plivoGuide = (page: string): Source => ({
	page: `plivo.com/docs/voice-agents/sip-trunking/integration-guides/${page}`,
	checked: '2026-10',
});
