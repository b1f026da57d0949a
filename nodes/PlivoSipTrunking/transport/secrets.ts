/** What a server that repeats the request's header would show; a scoped token begins with `stk_`. */
const AUTHORIZATION =
	/\b((?:[Bb]asic|[Bb]earer|BASIC|BEARER)\s+)(?=[\w+/=.~%-]*[\d=A-Z])[\w+/=.~%-]{12,}|\b(stk_)[\w.-]{8,}/g;

/** The same in any case, where it is long enough not to be a word. */
const LONG_AUTHORIZATION = /\b(basic\s+|bearer\s+)[\w+/=.~%-]{20,}|\b(stk_)[\w.-]{8,}/gi;

/**
 * Shorter values would blot out words that merely contain them; no password of Plivo's is shorter. That of a SIP server
 * may be: it is masked where the text calls it a password.
 */
const SHORTEST = 4;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');

/** How a server can give one character back: as it is, in JSON (once or twice), in an address, in a form. */
function spellingsOf(character: string): string {
	const units = character.split('').map((unit) => unit.charCodeAt(0));
	const inAddress = [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join('');
	const inJson = units.map((unit) => `\\\\+u${hex(unit, 4)}`).join('');
	const spaces = character === ' ' ? ['\\+'] : [];
	return `(?:\\\\*${escaped(character)}|${inJson}|${inAddress}${spaces.map((space) => `|${space}`).join('')})`;
}

/** A value in every spelling, as a pattern. */
function patternOf(secret: string): string {
	const inBase64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
	return `${[...secret].map(spellingsOf).join('')}|${escaped(inBase64)}=*`;
}

/**
 * The one masking of every text that leaves: errors, log lines.
 *
 * @param secrets values that were sent, in any spelling and case
 * @returns the text with `***` in their place
 */
export function masked(text: string, secrets: readonly string[]): string {
	const patterns = [...new Set(secrets)]
		// No spelling is shorter than the value itself.
		.filter((secret) => secret !== '' && secret.length <= text.length)
		// The longest first: one can be a part of another.
		.sort((one, other) => other.length - one.length)
		.map((secret) =>
			secret.length < SHORTEST
				? `(?<=password(?:\\W|%[\\da-f]{2}){1,12})(?:${patternOf(secret)})(?!\\w)`
				: patternOf(secret),
		);
	const known =
		patterns.length > 0 ? text.replace(new RegExp(patterns.join('|'), 'gi'), '***') : text;
	return known.replace(AUTHORIZATION, '$1$2***').replace(LONG_AUTHORIZATION, '$1$2***');
}
