import { randomInt } from 'crypto';

import { PASSWORD_SPECIALS } from './rules';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A password that meets Plivo's rules, from a cryptographic source: letters, digits and special
 * characters, at least one of the last.
 *
 * @param length 5 to 20 characters
 */
export function generatePassword(length = 20): string {
	const any = LETTERS_AND_DIGITS + PASSWORD_SPECIALS;
	const pick = (from: string) => from[randomInt(from.length)];
	const characters = Array.from({ length }, () => pick(any));
	characters[randomInt(length)] = pick(PASSWORD_SPECIALS);
	return characters.join('');
}
