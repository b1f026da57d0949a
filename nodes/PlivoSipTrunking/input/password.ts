import { badInput } from '../failure';
import { standInProblem } from './text';

/** The special characters of which a password needs one. */
const PASSWORD_SPECIALS = '~!@#$%^&*()_+';

/** Passwords are never trimmed, and nothing of them is ever in a message. */
function passwordText(label: string, value: unknown, remedy: string): string {
	if (typeof value === 'number' || typeof value === 'bigint') {
		throw badInput(
			label,
			'is a number, which may have lost leading zeros or digits',
			'Pass the password as text: put it in quotes in the expression, or format its column as text.',
		);
	}
	if (value === undefined || value === null || value === '')
		throw badInput(label, 'is empty', remedy);
	if (typeof value !== 'string') throw badInput(label, 'is not text', remedy);
	const standIn = standInProblem(value);
	// Where there is more than a placeholder, it may all be the password.
	if (standIn?.isAll) throw badInput(label, standIn.problem, standIn.remedy);
	return value;
}

/**
 * The password of a SIP credential (plivo.com/docs/sip-trunking/api/credentials; live, plivo-cli 1.1.1).
 *
 * @returns the password as it was given
 * @throws PlivoFailure of kind `input`, never with the password
 */
export function checkedPassword(label: string, value: unknown): string {
	const remedy = `Plivo takes 5 to 20 letters, digits and ${PASSWORD_SPECIALS}, with at least one of these special characters.`;
	const password = passwordText(label, value, remedy);
	const characters = [...password];
	if (characters.length < 5 || characters.length > 20) {
		throw badInput(label, 'must have 5 to 20 characters', remedy);
	}
	if (/^\s|\s$/.test(password)) throw badInput(label, 'begins or ends with a space', remedy);
	const isSpecial = (character: string) => PASSWORD_SPECIALS.includes(character);
	if (!characters.every((character) => isSpecial(character) || /[A-Za-z0-9]/.test(character))) {
		throw badInput(label, 'has a character that Plivo does not take', remedy);
	}
	if (!characters.some(isSpecial)) throw badInput(label, 'has no special character', remedy);
	return password;
}

/**
 * The password that Plivo sends to an origination URI: whatever the SIP server there expects.
 *
 * @returns the password as it was given
 * @throws PlivoFailure of kind `input`, never with the password
 */
export function checkedUriPassword(label: string, value: unknown): string {
	return passwordText(label, value, 'Enter the password that your SIP server expects.');
}
