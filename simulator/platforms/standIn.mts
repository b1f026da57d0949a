import type { PlivoRecord } from '../records.mts';

/** A request to a platform. */
export interface PlatformCall {
	method: string;
	/** From the API's root on, without the query. */
	path: string;
	query: Record<string, string>;
	/** Names in lower case. */
	headers: Record<string, string | string[] | undefined>;
	/** Parsed; `undefined` where there is none. */
	body: unknown;
}

/** What a platform answers. A body that is a string is no JSON. */
export interface PlatformAnswer {
	status: number;
	body?: unknown;
}

/** A local stand-in of a platform's API, with what it has in memory. */
export interface StandIn {
	handle(call: PlatformCall): PlatformAnswer;
	/** All that it has, passwords included, as JSON. */
	all(): Record<string, unknown>;
	/** Forgets everything. */
	reset(): void;
}

/** Where a platform's pages leave open what it does: the stand-ins can do either. The first is the default. */
export const PLATFORM_VARIANTS = {
	/** HTTP status of ElevenLabs' `phone_number_conflict`. */
	elevenlabsConflict: ['400', '409', '422'],
	/** Of Retell's import. */
	retellImport: ['201', '200'],
	/** A second record of the same number at Vapi. */
	vapiTwins: ['refused', 'allowed'],
	/** `message` of Vapi's refusals. */
	vapiMessage: ['text', 'list'],
	/** What Vapi's list of credentials is: pages by time, all at once, or the newest hundred and no way on. */
	vapiCredentials: ['paged', 'whole', 'newest'],
	/** Spelling of LiveKit's answers. */
	livekitNames: ['snake', 'camel'],
	/** Whether LiveKit's records have `auth_password`. */
	livekitPasswords: ['shown', 'hidden'],
	/** Whether LiveKit's lists end after a hundred where no page is asked for. */
	livekitLists: ['whole', 'capped'],
	/** Spelling of xAI's answers. */
	xaiNames: ['camel', 'snake'],
	/** Whether xAI's list names the webhook of a number. */
	xaiWebhooks: ['hidden', 'shown'],
} as const;

export type PlatformVariants = {
	-readonly [Name in keyof typeof PLATFORM_VARIANTS]: (typeof PLATFORM_VARIANTS)[Name][number];
};

export const defaultPlatformVariants = (): PlatformVariants =>
	Object.fromEntries(
		Object.entries(PLATFORM_VARIANTS).map(([name, [first]]) => [name, first]),
	) as PlatformVariants;

/** What the stand-ins share. */
export interface World {
	variants: PlatformVariants;
	/** New ids, the same in each run. */
	id(): string;
	/** Milliseconds since 1970. */
	now(): number;
}

export type Fields = PlivoRecord;

/** A body as an object; an empty one for anything else. */
export const fieldsOf = (body: unknown): Fields =>
	typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {};

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const isText = (value: unknown): value is string =>
	typeof value === 'string' && value !== '';

export const digitsOf = (value: unknown) => String(value ?? '').replace(/\D/g, '');

export const isE164 = (value: unknown) => /^\+[1-9]\d{6,14}$/.test(String(value));

/** A bare host name or IPv4 address. */
export const isHost = (value: unknown) =>
	isText(value) && /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d-]+)+$/i.test(value);

export const isIpv4 = (value: unknown) => /^\d{1,3}(\.\d{1,3}){3}$/.test(String(value));

/** Of the last part of a path. */
export const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

export const isBearer = (call: PlatformCall, key: string) =>
	call.headers.authorization === `Bearer ${key}`;
