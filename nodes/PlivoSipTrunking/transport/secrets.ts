/** What a server that repeats the request's header would show; a scoped token begins with `stk_`. */
const AUTHORIZATION = /\b(basic\s+|bearer\s+|stk_)[\w+/=.~%-]{8,}/gi;

/** Shorter values would blot out words that merely contain them; no password of Plivo's is shorter. */
const SHORTEST = 4;

const escapedForPattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** How a server can give a value back: as it is, in JSON, in an address, in a form, in base64. */
function spellings(secret: string): string[] {
	const encoded = encodeURIComponent(secret);
	return [
		secret,
		JSON.stringify(secret).slice(1, -1),
		encoded,
		encoded.replace(/%20/g, '+'),
		new URLSearchParams({ v: secret }).toString().slice(2),
		Buffer.from(secret).toString('base64'),
	];
}

/**
 * The one masking of every text that leaves: errors, log lines.
 *
 * @param secrets values that were sent, in any spelling and case
 * @returns the text with `***` in their place
 */
export function masked(text: string, secrets: readonly string[]): string {
	const all = [...new Set(secrets.filter(({ length }) => length >= SHORTEST).flatMap(spellings))]
		// The longest first: one spelling can be a part of another.
		.sort((one, other) => other.length - one.length);
	const withoutHeaders = text.replace(AUTHORIZATION, '$1***');
	if (all.length === 0) return withoutHeaders;
	return withoutHeaders.replace(new RegExp(all.map(escapedForPattern).join('|'), 'gi'), '***');
}
