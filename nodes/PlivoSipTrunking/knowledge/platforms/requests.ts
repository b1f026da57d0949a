import {
	PASSWORD,
	PHONE_NUMBER,
	type Platform,
	type PlatformFacts,
	type StepRequest,
} from './platform';

/** A request with all that a person or a workflow needs to send it. */
export interface PlatformApiRequest extends StepRequest {
	platform: string;
	authentication: string;
	/** What in `url` and `body` is still to be filled in, and from where. */
	placeholders: Array<{ placeholder: string; meaning: string }>;
	/** The platform's page, and when it was read. */
	page: string;
	checked: string;
}

/** For what an outbound trunk has, where this run hasn't made one. */
export const TRUNK_DOMAIN = '<trunk domain>';
export const USERNAME = '<username of the credential>';

const COMMON: Readonly<Record<string, string>> = {
	[PASSWORD]:
		'This run did not set it, and Plivo never shows it. If nobody has it, set a new one with SIP Credential, Rotate Password, and enter it everywhere.',
	[PHONE_NUMBER]: 'Your Plivo number, such as +14155550123; one request for each',
	[TRUNK_DOMAIN]: 'The domain of the outbound trunk, such as 12345.zt.plivo.com',
	[USERNAME]: 'The username of the outbound trunk’s credential',
};

/** A customer’s name may look like one. */
const placeholdersIn = ({ url, body }: StepRequest, name: string): string[] =>
	[...new Set(JSON.stringify([url, body]).match(/<[a-zA-Z][^<>"]*>/g) ?? [])].filter(
		(placeholder) => !name.includes(placeholder),
	);

/**
 * The requests that make a platform's side, in order: lists first, so that nothing is made twice.
 *
 * @param key the platform, as the node's parameter has it
 * @returns none for a PBX. The password is in it only if `facts` has it.
 */
export function platformRequests(
	key: string,
	{ api, own }: Platform,
	facts: PlatformFacts,
): PlatformApiRequest[] {
	if (!api || !own) return [];
	const { authentication, placeholders } = api;
	return api.requests(facts).map((request) => {
		const { step, purpose, number, when, method, url, body, ...rest } = request;
		return {
			platform: key,
			step,
			purpose,
			...(number !== undefined && { number }),
			...(when !== undefined && { when }),
			method,
			url,
			authentication,
			body,
			...rest,
			placeholders: placeholdersIn(request, facts.name).map((placeholder) => ({
				placeholder,
				meaning:
					placeholders[placeholder] ??
					COMMON[placeholder] ??
					'From the answer to an earlier request',
			})),
			page: own.page,
			checked: own.checked,
		};
	});
}
